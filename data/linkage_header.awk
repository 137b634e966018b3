# Turns data/linkage_weights.csv into the constant tables of src/core/linkage.c.
# Weights are log2(m / u) in 1024ths of a bit, rounded.
#
#	LC_ALL=C awk -f data/linkage_header.awk data/linkage_weights.csv

function fail(why)
{
	printf "%s:%d: %s\n", FILENAME, FNR, why >"/dev/stderr"
	failed = 1
	exit 1
}

function fixed(x)
{
	return x < 0 ? -int(-x * 1024 + 0.5) : int(x * 1024 + 0.5)
}

BEGIN {
	FS = ","
	print "/* Made from data/linkage_weights.csv by data/linkage_header.awk. Do not edit. */"
}

/^#/ { next }

!rivals {
	if ($0 !~ /^field,level,m,/ || $NF != "tf")
		fail("not the header line")
	rivals = NF - 4
	for (i = 1; i <= rivals; i++)
		rival[i] = $(3 + i)
	next
}

NF != rivals + 4 { fail("not " rivals + 4 " fields") }

$1 == "rarity" {
	for (i = 1; i <= rivals; i++)
		rarity[i] = fixed($(3 + i))
	next
}

$1 == "frequency" {
	setting[$2] = fixed($3)
	next
}

{
	if ($3 <= 0 || $3 > 1)
		fail("m is not a probability")
	key = "[DTC_LINK_" toupper($1) "][DTC_" toupper($1) "_" toupper($2) "]"
	m[++rows] = $3
	name[rows] = key
	tf[rows] = fixed($NF)
	for (i = 1; i <= rivals; i++) {
		if ($(3 + i) <= 0 || $(3 + i) > 1)
			fail(rival[i] " is not a probability")
		u[i, rows] = $(3 + i)
	}
}

END {
	if (failed)
		exit 1
	print "static const double linkage_m[DTC_LINK_FIELDS][DTC_LINK_LEVELS] = {"
	for (r = 1; r <= rows; r++)
		printf "\t%s = %s,\n", name[r], m[r]
	print "};"
	print "static const double linkage_u[DTC_LINK_RIVALS][DTC_LINK_FIELDS][DTC_LINK_LEVELS] = {"
	for (i = 1; i <= rivals; i++)
		for (r = 1; r <= rows; r++)
			printf "\t[DTC_RIVAL_%s]%s = %s,\n", toupper(rival[i]), name[r], u[i, r]
	print "};"
	print "static const DtcLinkModel linkage_default = {"
	for (i = 1; i <= rivals; i++)
		printf "\t.rarity[DTC_RIVAL_%s] = %d,\n", toupper(rival[i]), rarity[i]
	printf "\t.reference = %d, .least = %d, .most = %d,\n", \
		setting["reference"], setting["least"], setting["most"]
	for (r = 1; r <= rows; r++)
		if (tf[r] != 0)
			printf "\t.slope%s = %d,\n", name[r], tf[r]
	for (i = 1; i <= rivals; i++)
		for (r = 1; r <= rows; r++)
			printf "\t.weight[DTC_RIVAL_%s]%s = %d,\n", toupper(rival[i]), \
				name[r], fixed((log(m[r]) - log(u[i, r])) / log(2))
	print "};"
}
