# Makes src/core/name_data.h, the constant tables of personal names, from
#   name_words.csv     word,kind
#   name_variants.csv  class,token,kind,bits
#   name_nicknames.csv nickname,name,nickname_key,name_key
#   name_known.csv     token,people,count
#   name_tokens.csv    token,sex,count,...
# in this order; the keys of nicknames are what the library folds the two to
# (test_name_rules proves it). Rows are printed with a sort key in front; the Makefile sorts
# them by bytes and name_table.h.awk wraps them (mawk has no sort of its own).
#
# A man's name is what the list calls one and 20 people have: some women have it
# behind their own.
#
# Names that the list of frequencies lacks, though people are called so, have a
# count by hand that only says that they are names.
#
# Frequencies are kept as round(8 * log2(count)), one byte a token. A member
# of a variant class carries the frequency of the whole class: RIZQY is as
# common as RIZKY when either may be the other one's spelling. The commonest
# spelling of a class gives its key, for slips happen to it most.
BEGIN { FS = "," }

function fail(what)
{
	print FILENAME ":" FNR ": " what > "/dev/stderr"
	failed = 1
	exit 1
}

function code(count)
{
	return int(8 * log(count) / log(2) + 0.5)
}

# The letters of a key as a number, five bits each.
function number(letters,    i, n) {
	for (i = 1; i <= length(letters); i++)
		n = n * 32 + index("ABCDEFGHIJKLMNOPQRSTUVWXYZ", substr(letters, i, 1))
	return n + 0
}

FNR == 1 { file++; next }

file == 1 {
	if ($1 !~ /^[A-Z]+$/ || length($1) > 15 || $1 in word)
		fail("bad or repeated word \"" $1 "\"")
	word[$1] = 1
	printf "A %s\t{\"%s\", DTC_WORD_%s},\n", $1, $1, toupper($2)
	next
}

file == 2 {
	if ($1 !~ /^[A-Z]+$/ || $2 !~ /^[A-Z]+$/ || length($1) > 15 ||
		length($2) > 15 || $2 in class)
		fail("bad or repeated token \"" $2 "\"")
	if ($3 != "variant" && $3 != "abbreviation")
		fail("unknown kind \"" $3 "\"")
	class[$2] = $1
	kind[$2] = $3
	if ($4 != "")
		bits[$1] = $4
	next
}

file == 3 {
	pair = $3 " " $4
	n = length($4) > 6 ? length($4) - 6 : 0
	if ($1 !~ /^[A-Z]+$/ || $2 !~ /^[A-Z]+$/ || $3 !~ /^[A-Z]+$/ ||
		$4 !~ /^[A-Z]+$/ || length($3) > 7 || n > 6)
		fail("bad nickname \"" $1 "\"")
	# a number of twelve letters is more than awk can count
	high = number(substr($4, 1, n))
	low = number(substr($4, n + 1))
	if (!(pair in nickname))
		printf "BN %011.0f%011.0f%011.0f\t{%.0f, UINT64_C(%.0f) << 30 | %.0f}, /* %s */\n",
			number($3), high, low, number($3), high, low, pair
	nickname[pair] = 1
	next
}

{
	token = toupper($1)
	if (token !~ /^[A-Z]+$/ || length(token) > 20 || token in count)
		fail("bad or repeated token \"" $1 "\"")
}

file == 4 {
	known[token] = $3
	next
}

{
	if (token in known)
		fail("\"" $1 "\" is in name_known.csv")
	count[token] = $3
	man[token] = $3 >= 20 && $2 == "L"
	if (token in class)
	{
		c = class[token]
		pooled[c] += $3
		if (kind[token] == "variant" && $3 > most[c])
		{
			most[c] = $3
			head[c] = token
		}
	}
	total += $3
}

END {
	if (failed)
		exit 1
	for (t in class)
	{
		c = class[t]
		if (!(c in class) || class[c] != c)
			fail("class \"" c "\" lacks a row of its own")
		printf "B %s\t{\"%s\", \"%s\", %d, %d, %d},\n", t, t,
			c in head ? head[c] : c,
			kind[t] == "abbreviation", c in pooled ? code(pooled[c]) : 0,
			c in bits ? 8 * bits[c] : 0
	}
	for (t in known)
		printf "C %02d %s\t%s %d 0\n", length(t), t, t, code(known[t])
	for (t in count)
		printf "C %02d %s\t%s %d %d\n", length(t), t, t, code(count[t]), man[t]
	for (pair in nickname) {
		split(pair, part, " ")
		slot[number(part[1]) % 509] = 1
	}
	for (i = 0; i < 512; i++)
		if (i in slot)
			word32[int(i / 32)] += 2 ^ (i % 32)
	for (i = 0; i < 16; i++)
		printf "BO %02d\t%.0fu,\n", i, word32[i]
	printf "D\t%d\n", total
}
