# Wraps the sorted lines of place_table.awk into src/core/place_data.h.
BEGIN {
	print "/* Made from data/place_names.csv and data/wilayah*.csv by data/place_*.awk. Do not edit. */"
	print "static const char place_letters[] ="
}
{
	printf "\t\"%s\"\n", $1
	start[NR] = at
	at += length($1)
	code[NR] = $2 + 0
}
END {
	print ";\nstatic const struct\n{\n\tuint32_t start;\n\tuint16_t code;\n} place_rows[] = {"
	for (i = 1; i <= NR; i++)
		printf "{%d, %d},%s", start[i], code[i], i % 6 == 0 || i == NR ? "\n" : " "
	printf "{%d, 0}};\n#define PLACE_ROWS %d\n", at, NR
}
