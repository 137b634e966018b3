# Wraps the sorted rows of name_tables.awk into src/core/name_data.h.
# Tokens are grouped by length and sorted within a group, so that neither
# offsets nor terminators are stored: 30,959 tokens take 200 kB of letters.
BEGIN {
	FS = "\t"
	print "/* Made from data/name_*.csv by data/name_*.awk. Do not edit. */"
}

function section(text)
{
	if (open)
		print "};"
	open = text != ""
	if (open)
		print text
}

/^A / {
	if (!words++)
		section("static const DtcNameWord dtc_name_words[] = {")
	print $2
}

/^B / {
	if (!variants++)
		section("static const DtcNameVariant dtc_name_variants[] = {")
	print $2
}

/^BN / {
	if (!nicknames++)
		section("static const DtcNickname dtc_name_nicknames_of[] = {")
	print $2
}

/^BO / {
	if (!slots++)
		section("static const uint32_t dtc_name_nickname_slots[] = {")
	print $2
}

/^C / {
	split($2, row, " ")
	group[length(row[1])]++
	letters[++tokens] = row[1]
	own[tokens] = row[2]
	men[int((tokens - 1) / 32)] += row[3] * 2 ^ ((tokens - 1) % 32)
}

/^D/ {
	section("")
	print "static const char dtc_name_letters[] ="
	for (i = 1; i <= tokens; i++)
		printf "%s%s%s", i % 8 == 1 ? "\"" : "", letters[i],
			i % 8 == 0 || i == tokens ? "\"\n" : ""
	print ";"
	section("static const uint8_t dtc_name_count_code[] = {")
	for (i = 1; i <= tokens; i++)
		printf "%d,%s", own[i], i % 20 == 0 ? "\n" : ""
	section("static const uint32_t dtc_name_men[] = {")
	for (i = 0; i * 32 < tokens; i++)
		printf "%.0fu,%s", men[i], i % 8 == 7 ? "\n" : ""
	section("static const uint16_t dtc_name_group[] = {")
	for (i = 0; i <= 20; i++)
		printf "%d,", group[i]
	print ""
	section("")
	printf "enum { DTC_NAME_TOTAL_CODE = %d, DTC_NAME_TOKENS = %d };\n",
		int(8 * log($2) / log(2) + 0.5), tokens
}
