#!/bin/sh
# Tests of the population generator: its files against each other, against the
# truth and against docs/population.md. Needs sh, awk and sha256sum.
set -eu
export LC_ALL=C
cd "$(dirname "$0")/../.."
generator=$PWD/build/population
docs=$PWD/docs/population.md
golden=$PWD/test/population/golden.sha256
work=$(mktemp -d "${TMPDIR:-/tmp}/dtsen-population.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
passed=0 failed=0

family_file=keluarga_dtsen_v1_2026.csv
member_file=anggota_keluarga_dtsen_v1_2026.csv
files="$family_file $member_file dtks.csv dukcapil.csv skor.csv truth.csv truth_families.csv"

# check WHAT COMMAND...: the command must succeed
check() {
	what=$1
	shift
	if "$@" >"$work/out" 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "population: failed: $what"
		head -5 "$work/out"
	fi
}

# equal WHAT GOT EXPECTED
equal() {
	check "$1: \"$2\", expected \"$3\"" [ "$2" = "$3" ]
}

# between WHAT GOT LOW HIGH: numbers, may have fractions
between() {
	check "$1: $2 is not from $3 to $4" \
		awk -v x="$2" -v low="$3" -v high="$4" 'BEGIN { exit !(x >= low && x <= high) }'
}

# generate NAME OPTION...: writes $work/NAME
generate() {
	rm -rf "${work:?}/$1"
	mkdir "$work/$1"
	(cd "$work/$1" && shift && "$generator" --dir . "$@" >/dev/null)
}

digest() {
	(cd "$work/$1" && sha256sum $files)
}

# Errors of truth.csv that a file of a set disagrees with; for records without
# errors: $work/$1 is read, the number of disagreements printed.
disagreements() {
	(cd "$work/$1" && awk -F'|' '
		FILENAME == "dukcapil.csv" && FNR > 1 {
			civil[FNR] = $1 "|" $2 "|" $3 "|" $5 "|" $6
			mother[FNR] = $7
		}
		FILENAME == "truth_families.csv" && FNR > 1 { in_file[$1] = $3 }
		FILENAME == "truth.csv" && FNR > 1 {
			if ($14 != "" && civil[$14] != $3 "|" $4 "|" $5 "|" $6 "|" $7)
				wrong++
			people[FNR] = $5 "|" $6 "|" $7
			if ($8 != "") {
				expected[$8] = $9 "|" ($10 == "" ? $5 "|" $6 "|" ($7 == "L" ? 1 : 2) : "-")
				family[$8] = in_file[$2]
				if ($10 == "" && $9 "" != $3 "")
					wrong++
			}
			if ($11 != "")
				listed[$11] = $12 "|" ($13 == "" ? $5 "|" $6 "|" $7 : "-")
		}
		FILENAME ~ /^anggota/ && FNR > 1 {
			seen++
			split(expected[FNR], e, "|")
			if (e[2] != "-" && expected[FNR] != $1 "|" $3 "|" $4 "|" $5)
				wrong++
			if (e[2] != "-" && family[FNR] "" != $2 "")
				wrong++
		}
		FILENAME == "dtks.csv" && FNR > 1 {
			split(listed[FNR], e, "|")
			if (e[1] "" != $3 "")
				wrong++
			if (e[2] != "-" && listed[FNR] != $3 "|" $2 "|" $5 "|" $6)
				wrong++
		}
		END { print wrong + 0 }' dukcapil.csv truth_families.csv truth.csv $member_file dtks.csv)
}

# NIKs of the civil registry that break a rule, with the region table beside
bad_niks() {
	(cd "$work/$1" && awk -F'|' -v ignore_date="$2" '
		FILENAME ~ /wilayah/ { split($0, c, ","); gsub(/\./, "", c[1]); if (length(c[1]) == 6) known[c[1]] = 1; next }
		FNR > 1 {
			day = substr($1, 7, 2) - ($6 == "P" ? 40 : 0)
			date = substr($5, 9, 2) substr($5, 6, 2) substr($5, 3, 2)
			stated = (day < 10 ? "0" : "") day substr($1, 9, 4)
			if ($1 !~ /^[0-9]+$/ || length($1) != 16 || ($1 in seen) ||
				!(substr($1, 1, 6) in known) || substr($1, 13) == "0000" ||
				day < 1 || day > 31 || (!ignore_date && stated != date))
				bad++
			seen[$1] = 1
		}
		END { print bad + 0 }' "$3/wilayah.csv" "$3/wilayah_retired.csv" dukcapil.csv)
}

# --- the same seed, the same bytes -----------------------------------------
generate a --families 500 --seed 7
generate b --families 500 --seed 7
generate c --families 500 --seed 8
digest a >"$work/a.sums"
digest b >"$work/b.sums"
digest c >"$work/c.sums"
check 'one seed gives the same bytes twice' cmp "$work/a.sums" "$work/b.sums"
for file in $files; do
	check "$file differs with another seed" [ "$(grep " $file" "$work/a.sums")" != "$(grep " $file" "$work/c.sums")" ]
done
check 'this machine writes the bytes that others wrote (after a change: see golden.sha256)' \
	cmp "$work/a.sums" "$golden"

# --- headers as documented -------------------------------------------------
for file in $files; do
	check "header of $file is documented" grep -qxF "    $(head -1 "$work/a/$file")" "$docs"
done
"$generator" --list-rates | sed "s/^/    /" >"$work/rates"
check "operations are documented as they are" sh -c 'while IFS= read -r line; do grep -qxF -- "$line" "$1" || { echo "$line"; exit 1; }; done <"$2"' - "$docs" "$work/rates"
check "the files say that nobody in them is real" grep -q "Every person in these files is synthetic" "$work/a/POPULATION.txt"
equal 'columns of the family file' "$(head -1 "$work/a/$family_file" | awk -F'|' '{ print NF }')" 55
equal 'columns of the person file' "$(head -1 "$work/a/$member_file" | awk -F'|' '{ print NF }')" 48

# --- nothing planted -------------------------------------------------------
generate clean --families 4000 --seed 3 --rate all=0 --rate nik_date=0
equal 'clean: codes of schooling outside their lists' "$(awk -F'|' 'NR > 1 &&
	($10 !~ /^[123]$/ || $11 !~ /^[0-9]*$/ || $12 !~ /^[1-8]?$/ || $13 !~ /^[0-9]*$/) { n++ }
	END { print n + 0 }' "$work/clean/anggota_keluarga_dtsen_v1_2026.csv")" 0
data=$PWD/data
equal 'clean: operations in the truth' "$(awk -F'|' 'NR > 1 && ($10 != "" || $13 != "")' "$work/clean/truth.csv" | wc -l | tr -d ' ')" 0
equal 'clean: operations of families' "$(awk -F'|' 'NR > 1 && $8 != ""' "$work/clean/truth_families.csv" | wc -l | tr -d ' ')" 0
equal 'clean: records that differ from the truth' "$(disagreements clean)" 0
equal 'clean: NIKs that break a rule' "$(bad_niks clean 0 "$data")" 0
equal 'clean: lines without 48 columns' "$(awk -F'|' 'NF != 48' "$work/clean/$member_file" | wc -l | tr -d ' ')" 0
equal 'clean: lines without 55 columns' "$(awk -F'|' 'NF != 55' "$work/clean/$family_file" | wc -l | tr -d ' ')" 0
equal 'clean: families' "$(($(wc -l <"$work/clean/$family_file") - 1))" 4000
equal 'clean: scores' "$(($(wc -l <"$work/clean/skor.csv") - 1))" 4000
equal 'clean: persons in both registries' "$(wc -l <"$work/clean/$member_file")" "$(wc -l <"$work/clean/dukcapil.csv")"
equal 'clean: family numbers twice' "$(cut -d'|' -f10 "$work/clean/$family_file" | sort | uniq -d | wc -l | tr -d ' ')" 0
equal 'clean: members as counted by the family file' "$(cd "$work/clean" && awk -F'|' '
	FNR > 1 && FILENAME ~ /^anggota/ { n[$2]++ }
	FNR > 1 && FILENAME ~ /^keluarga/ { if (n[$10] != $11) bad++ }
	END { print bad + 0 }' $member_file $family_file)" 0
equal 'clean: heads and spouses a family' "$(cd "$work/clean" && awk -F'|' '
	FNR > 1 { heads[$2] += $6 == 1; spouses[$2] += $6 == 2; any[$2] = 1 }
	END { for (k in any) if (heads[k] != 1 || spouses[k] > 1) bad++; print bad + 0 }' $member_file)" 0
equal 'clean: children whose mother is not the wife' "$(cd "$work/clean" && awk -F'|' '
	FILENAME == "dukcapil.csv" { name[$1] = $3; mother[$1] = $7; next }
	FNR > 1 && $6 == 2 { wife[$2] = name[$1] }
	FNR > 1 && $6 == 3 { child[$1] = $2 }
	END { for (c in child) if ((child[c] in wife) && mother[c] != wife[child[c]]) bad++; print bad + 0 }' dukcapil.csv $member_file)" 0
equal 'clean: mothers too young or too old at a birth' "$(cd "$work/clean" && awk -F'|' '
	FNR > 1 { year = substr($4, 1, 4) + substr($4, 6, 2) / 12 }
	FNR > 1 && $6 == 2 { wife[$2] = year }
	FNR > 1 && $6 == 3 { child[$2] = child[$2] " " year }
	END { for (k in wife) { n = split(child[k], y, " "); for (i = 1; i <= n; i++) if (y[i] - wife[k] < 16 || y[i] - wife[k] > 48) bad++ } print bad + 0 }' $member_file)" 0
between 'persons a family' "$(awk -F'|' 'NR > 1 { n++; sum += $11 } END { print sum / n }' "$work/clean/$family_file")" 2.9 3.3
between 'share registered elsewhere' "$(awk -F'|' 'NR > 1 { n++; x += $16 ~ /elsewhere/ } END { print x / n }' "$work/clean/truth.csv")" .14 .18
between 'retired codes in NIKs' "$(grep -c retired_code "$work/clean/truth.csv")" 5 200
between 'twins' "$(grep -c '|.*twin' "$work/clean/truth.csv")" 20 300
between 'share of names that another bears, of 12,950 (names.md: .148)' "$(awk -F'|' 'NR > 1 && substr($5, 1, 4) < 2009 && n < 12950 { n++; c[$3]++ }
	END { for (x in c) if (c[x] > 1) s += c[x]; print s / n }' "$work/clean/dukcapil.csv")" .10 .22
between 'median score' "$(awk -F'|' 'NR > 1 { print $2 }' "$work/clean/skor.csv" | sort -n | awk '{ x[NR] = $1 } END { print x[int(NR / 2)] }')" 900000 1300000
between 'richest tenth against poorest tenth' "$(awk -F'|' 'NR > 1 { print $2 }' "$work/clean/skor.csv" | sort -n | awk '{ x[NR] = $1 } END { print x[int(NR * .9)] / x[int(NR * .1)] }')" 3 6
between 'scores that two families share' "$(awk -F'|' 'NR > 1 { print $2 }' "$work/clean/skor.csv" | sort | uniq -d | wc -l)" 1 200
check 'floors of earth are poorer than floors of tile' awk -F'|' '
	FNR > 1 && FILENAME ~ /skor/ { score[$1] = $2 }
	FNR > 1 && FILENAME ~ /keluarga/ { sum[$18] += score[$10]; n[$18]++ }
	END { exit !(n[8] > 20 && n[2] > 20 && sum[8] / n[8] * 1.5 < sum[2] / n[2]) }' \
	"$work/clean/skor.csv" "$work/clean/$family_file"
equal 'villages outside the region' "$(awk -F'|' 'NR > 1 && substr($7, 1, 4) != "3216"' "$work/clean/$family_file" | wc -l | tr -d ' ')" 0
equal 'villages of Bekasi that are populated' "$(cut -d'|' -f7 "$work/clean/$family_file" | grep ^3216 | sort -u | wc -l | tr -d ' ')" 187

# --- the usual rates -------------------------------------------------------
generate usual --families 20000 --seed 5
equal 'usual: clean records that differ from the truth' "$(disagreements usual)" 0
generate planted --families 4000 --seed 3 --rate all=0.3 --rate nik_recycled=0 --rate ghost=0 --rate nik_date=0
check "the people are the same whatever is planted" sh -c '
	for d in clean planted; do cut -d"|" -f1,3,5-7 "$1/$d/truth.csv" | sort -u >"$1/$d.people"; done
	cmp "$1/clean.people" "$1/planted.people"' - "$work"
equal 'usual: NIKs that break a rule' "$(bad_niks usual 1 "$data")" 0
lines_with() { awk -F'|' -v op="$1" 'NR > 1 { n = split($10, o, ","); for (i = 1; i <= n; i++) if (o[i] == op) print $8 }' "$work/usual/truth.csv" | sort -n; }
(cd "$work/usual"
awk -F'|' 'NF < 48 { print NR }' $member_file >../short
tr '\000' '\001' <$member_file | awk '/\001/ { print NR }' >../nul
awk '/\272/ { print NR }' $member_file >../latin1
awk '{ n = gsub(/"/, "\"") } n % 2 { print NR }' $member_file >../quote)
for kind in short nul latin1 quote; do
	lines_with "line_$kind" >"$work/expected"
	check "usual: lines with $kind are those of the truth" cmp "$work/$kind" "$work/expected"
	check "usual: there are lines with $kind" [ -s "$work/$kind" ]
done
(cd "$work/usual"
awk -F'|' 'NF < 55 { print NR }' $family_file
awk '/\272/ { print NR }' $family_file) | sort -n >"$work/got"
awk -F'|' 'NR > 1 && $8 ~ /family_line/ && $7 != "" { print $7 }' "$work/usual/truth_families.csv" | sort -n >"$work/expected"
check 'usual: broken lines of families are those of the truth' cmp "$work/got" "$work/expected"
check 'usual: everything is UTF-8 where the truth says so' sh -c '
	for f in "$@"; do awk "!/\272/" "$f" | tr -d "\000" | iconv -f UTF-8 -t UTF-8 >/dev/null || exit 1; done' \
	- "$work/usual/$member_file" "$work/usual/$family_file" "$work/usual/dtks.csv" "$work/usual/dukcapil.csv"
equal 'usual: members as counted by the family file' "$(cd "$work/usual" && tr -d '\000' <$member_file | awk -F'|' '
	FNR > 1 && FILENAME == "-" { n[$2]++ }
	FNR > 1 && FILENAME ~ /^keluarga/ && NF == 55 && !/\272/ { if (n[$10] != $11) bad++ }
	END { print bad + 0 }' - $family_file)" 0

# --- one operation alone ---------------------------------------------------
for op in $("$generator" --list-rates | awk '!/no error/ { print $1 }'); do
	generate one --families 300 --seed 11 --rate all=0 --rate "$op=1"
	case $op in
	not_in_dtsen | nkk_old | family_line_*)
		equal "$op alone: families with something else" "$(awk -F'|' -v op="$op" 'NR > 1 && $8 != op' "$work/one/truth_families.csv" | wc -l | tr -d ' ')" 0
		;;
	*)
		equal "$op alone: other operations" "$(awk -F'|' -v op="$op" 'NR > 1 && $10 != "" && $10 != op' "$work/one/truth.csv" | wc -l | tr -d ' ')" 0
		check "$op alone: it is planted" awk -F'|' -v op="$op" 'NR > 1 && $10 == op { n++ } END { exit !(n > 20) }' "$work/one/truth.csv"
		;;
	esac
	case $op in
	quoted_newline | quoted_field) ;; # their lines need a CSV reader
	line_*) ;;
	*) equal "$op alone: clean records that differ from the truth" "$(disagreements one)" 0 ;;
	esac
	# the planted value is what its name says
	wrong=$(cd "$work/one" && awk -F'|' -v op="$op" '
		function distance(a, b,    i, n) {
			for (i = 1; i <= 16; i++)
				n += substr(a, i, 1) != substr(b, i, 1)
			return n + 0
		}
		FILENAME == "dukcapil.csv" { if (FNR > 1) { owner[$1] = $2; name_of[$1] = $3 } next }
		FILENAME == "truth.csv" { if (FNR > 1 && $10 == op) { nik[$8] = $3; nkk[$8] = $4; name[$8] = $5; born[$8] = $6; sex[$8] = $7 == "L" ? 1 : 2; planted[$8] = 1 } next }
		!(FNR in planted) { next }
		{
			t = nik[FNR] "" # text: awk would compare numbers
			ok = 1
			if (op == "nik_digit") ok = length($1) == 16 && distance($1, t) == 1
			if (op == "nik_swap") ok = length($1) == 16 && distance($1, t) == 2
			if (op == "nik_sex") ok = substr($1, 1, 6) == substr(t, 1, 6) && substr($1, 9) == substr(t, 9) && (substr($1, 7, 2) - substr(t, 7, 2)) ^ 2 == 1600
			if (op == "nik_day_month") ok = substr($1, 1, 6) == substr(t, 1, 6) && substr($1, 11) == substr(t, 11) && substr($1, 7, 2) % 40 == substr(t, 9, 2) + 0 && substr(t, 7, 2) % 40 == substr($1, 9, 2) + 0
			if (op == "nik_last0") ok = $1 == substr(t, 1, 15) "0" && $1 != t
			if (op == "nik_prefix") ok = substr($1, 7) == substr(t, 7) && substr($1, 1, 6) == $39 && $1 != t
			if (op == "nik_relative") ok = $1 != t && owner[$1] == nkk[FNR]
			if (op == "nik_kk") ok = $1 "" == $2 ""
			if (op == "nik_recycled") ok = $1 != t && ($1 in owner) && owner[$1] != nkk[FNR]
			if (op == "nik_empty") ok = $1 == ""
			if (op == "nik_15") ok = $1 ~ /^[0-9]+$/ && length($1) == 15
			if (op == "nik_letter") ok = length($1) == 16 && $1 ~ /[OlSB]/
			if (op == "nik_scientific") ok = $1 ~ /^[0-9]\.[0-9][0-9][0-9][0-9]E\+15$/
			if (op == "nik_apostrophe") ok = $1 == sprintf("%c", 39) t
			if (op ~ /^name_/) ok = $3 != name[FNR] && $3 != "" && $1 == t
			if (op == "birth_date") ok = $4 != born[FNR] && $1 == t
			if (op == "sex") ok = $5 == 3 - sex[FNR] && $1 == t
			if (op ~ /^nik_/ && op != "nik_relative" && op != "nik_recycled" && ($1 in owner)) ok = 0
			if (op == "ghost") ok = !($1 in owner)
			if (op == "duplicate") ok = $1 == t && $3 == name[FNR]
			bad += !ok
		}
		END { print bad + 0 }' dukcapil.csv truth.csv $member_file)
	equal "$op alone: planted values that are something else" "$wrong" 0
done

# --- labelled pairs --------------------------------------------------------
corpus=$PWD/build/corpus
for run in a b; do "$corpus" --seed 4 --pairs 8000 >"$work/pairs.$run"; done
"$corpus" --seed 5 --pairs 8000 >"$work/pairs.c"
check 'pairs: one seed gives the same bytes twice' cmp "$work/pairs.a" "$work/pairs.b"
check 'pairs: another seed gives others' sh -c '! cmp -s "$1" "$2"' - "$work/pairs.a" "$work/pairs.c"
equal 'pairs: this machine writes the bytes that others wrote' "$(sha256sum <"$work/pairs.a" | cut -c1-16)" e27b04d87f452ecd
check 'pairs: header is documented' grep -qxF "    $(head -1 "$work/pairs.a")" "$docs"
equal 'pairs: how many' "$(($(wc -l <"$work/pairs.a") - 1))" 8000
equal 'pairs: matches' "$(awk -F, '$2 == 1' "$work/pairs.a" | wc -l | tr -d ' ')" 3000
for kind in $(cut -d, -f1 "$work/pairs.a" | sed 1d | sort -u); do
	share=$(awk -F, -v k="$kind" 'NR > 1 { n++; x += $1 == k } END { printf "%.3f", x / n }' "$work/pairs.a" | sed 's/^0//')
	check "pairs: share of $kind is documented ($share)" grep -qE "^\| $kind \| [01] \| $share \|" "$docs"
done
# fields hold no comma but for degrees after a name, in quotes
sed 's/"[^"]*"/Q/g' "$work/pairs.a" >"$work/pairs.plain"
equal 'pairs: columns' "$(awk -F, 'NF != 19' "$work/pairs.plain" | wc -l | tr -d ' ')" 0
equal 'pairs: first records that are no NIK, date, sex' "$(awk -F, 'NR > 1 && ($4 !~ /^[0-9]+$/ || length($4) != 16 || $6 !~ /^[0-9]+-[0-9]+-[0-9]+$/ || $7 !~ /^[LP]$/ || $5 == "")' "$work/pairs.plain" | wc -l | tr -d ' ')" 0
equal 'pairs: two people with one record' "$(awk -F, '$2 == 0 && $4 == $12 && $5 == $13 && $6 == $14' "$work/pairs.plain" | wc -l | tr -d ' ')" 0
equal 'pairs: namesakes that are none' "$("$corpus" --seed 6 --pairs 1000 --rate all=0 | awk -F, '$1 == "namesake" && substr(toupper($13), 1, 3) != substr($5, 1, 3)' | wc -l | tr -d ' ')" 0
between 'pairs: matches with equal NIKs' "$(awk -F, '$2 == 1 { n++; x += $4 == $12 } END { print x / n }' "$work/pairs.plain")" .68 .80
between 'pairs: matches with equal names' "$(awk -F, '$2 == 1 { n++; x += $5 == $13 } END { print x / n }' "$work/pairs.plain")" .15 .35
for wrong in '--pairs 5' '--seed x' '--rate colour=1' '--colour'; do
	check "pairs: refuses $wrong" sh -c '! "$1" $2 >/dev/null 2>&1' - "$corpus" "$wrong"
done

# --- other regions, and wrong command lines --------------------------------
for region in 51 3216012001 31.74 nasional 93.01; do
	generate region --families 300 --seed 2 --wilayah $region --rate all=0 --rate nik_date=0
	equal "$region: records that differ from the truth" "$(disagreements region)" 0
	equal "$region: NIKs that break a rule" "$(bad_niks region 0 "$data")" 0
done
between 'residents of Papua registered under retired codes' "$(awk -F'|' 'NR > 1 { n++; x += $16 ~ /retired_code/ } END { print x / n }' "$work/region/truth.csv")" .3 .9
mkdir "$work/empty"
refused() {
	if "$generator" "$@" >"$work/out" 2>&1; then return 1; fi
	grep -q '^population' "$work/out" && [ -z "$(ls "$work/empty")" ]
}
check 'refuses a directory below none' refused --dir "$work/nowhere/deeper"
check 'refuses no directory' refused
check 'refuses a retired region' refused --dir "$work/empty" --wilayah 91.01
check 'refuses an unknown region' refused --dir "$work/empty" --wilayah 32.99
check 'refuses a region that is no code' refused --dir "$work/empty" --wilayah Bekasi
check 'refuses no families' refused --dir "$work/empty" --families 0
check 'refuses a negative seed' refused --dir "$work/empty" --seed -1
check 'refuses an unknown rate' refused --dir "$work/empty" --rate nik_colour=1
check 'refuses a rate above 1' refused --dir "$work/empty" --rate dead=1.5
check 'refuses a rate that is no number' refused --dir "$work/empty" --rate dead=often
check 'refuses an unknown option' refused --dir "$work/empty" --famlies 3
check 'refuses an option without value' refused --dir
check 'prints help' sh -c '"$1" --help | grep -q -- --families' - "$generator"

echo "population: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
