# Prints "KEY code" for every name of a place of birth, unsorted: provinces and
# regencies of today and before, districts whose name only one regency has, and
# data/place_names.csv. A key is the letters of the name without KABUPATEN or
# KOTA; src/core/linkage_place.c makes the same of what a record says.
#
#	LC_ALL=C awk -f data/place_table.awk data/place_names.csv \
#		data/wilayah_retired.csv data/wilayah.csv

function key(name)
{
	name = toupper(name)
	sub(/^(KABUPATEN|KAB\.|KAB|KOTA|KOTAMADYA) /, "", name)
	sub(/^(ADMINISTRASI|ADM\.) /, "", name)
	sub(/^DAERAH KHUSUS IBUKOTA /, "", name)
	sub(/^DAERAH ISTIMEWA /, "", name)
	gsub(/[^A-Z]/, "", name)
	gsub(/OE/, "U", name)
	gsub(/DJ/, "J", name)
	gsub(/TJ/, "C", name)
	return name
}

# A code of four digits; a name of several regencies of one province means the
# province, of several provinces nothing.
function add(name, code, rank,    k)
{
	k = key(name)
	if (length(k) < 2 || length(k) > 31)
		return
	if (!(k in best) || rank < best[k]) {
		best[k] = rank
		means[k] = code
	} else if (rank == best[k] && means[k] != code)
		means[k] = substr(means[k], 1, 2) == substr(code, 1, 2) ? \
			substr(code, 1, 2) "00" : "0000"
}

BEGIN { FS = "," }

/^#/ { next }
FILENAME ~ /place_names/ { gsub(/\./, "", $2); add($1, substr($2 "00", 1, 4), 1); next }
FNR == 1 { next }

{
	code = $1
	gsub(/\./, "", code)
	today = code
	if (FILENAME ~ /retired/ && $5 != "") {
		today = $5
		gsub(/\./, "", today)
	}
	level = length(code) == 2 ? 1 : length(code) == 4 ? 2 : length(code) == 6 ? 3 : 4
	if (level <= 3)
		add($2, substr(today "00", 1, 4), level + 1)
}

END {
	for (k in means)
		if (means[k] != "0000")
			print k " " means[k]
}
