# Turns data/name_tokens.csv and data/wilayah_population.csv into the tables
# of the population generator.
#	awk -v what=name_tokens -f tables.awk name_tokens.csv >name_tokens.h
#	awk -v what=regency_population -f tables.awk wilayah_population.csv >regency_population.h
BEGIN {
	FS = ","
	count = 0
}

FNR == 1 { next }

what == "name_tokens" {
	token[count] = toupper($1)
	women[count] = $4
	men[count++] = $5
}

what == "regency_population" {
	gsub(/\./, "", $1)
	code[count] = $1
	people[count++] = $2
}

END {
	if (what == "regency_population") {
		printf "#define REGENCY_POPULATIONS %d\n", count
		print "static const struct\n{\n\tint code;\n\tuint32_t population;\n} regency_population[REGENCY_POPULATIONS] = {"
		for (i = 0; i < count; i++)
			printf "\t{%s, %s},\n", code[i], people[i]
		print "};"
		exit
	}
	printf "#define TOKENS %d\n", count
	print "static const struct\n{\n\tchar text[24];\n\tuint32_t women, men;\n} tokens[TOKENS] = {"
	for (i = 0; i < count; i++)
		printf "\t{\"%s\", %s, %s},\n", token[i], women[i], men[i]
	print "};"
}
