# Sourced by the data loaders, which run in the directory of the site: prints the
# rows of the query on standard input as JSON. BI_SCHEMA is the schema of the
# views, WILAYAH the code of the regency; PGHOST and so on say where.
# shellcheck shell=sh
query() {
	{
		echo 'SET search_path = :"schema";'
		echo "SELECT coalesce(json_agg(q), '[]') FROM ("
		cat
		echo ') AS q;'
	} | psql -X -q -A -t -v ON_ERROR_STOP=1 \
		-v schema="${BI_SCHEMA:?is not set}" -v wilayah="${WILAYAH:?is not set}"
}
