#!/bin/sh
# Has R compute test/oracle/ranking.csv again and compares (make check-r).
#   .ci/with-server test/oracle/ranking.sh [--write]
set -eu
cd "$(dirname "$0")/../.."
if ! Rscript -e 'library(survey)' >/dev/null 2>&1; then
	echo "ranking.R: R with the package survey is not installed (Debian: r-cran-survey)" >&2
	exit 1
fi
fresh=$(mktemp "${TMPDIR:-/tmp}/dtsen-oracle.XXXXXX")
trap 'rm -f "$fresh"' EXIT
psql -X -q -d postgres -f test/oracle/ranking_rows.sql -c 'COPY oracle_row TO STDOUT (FORMAT csv)' |
	Rscript test/oracle/ranking.R >"$fresh"
if [ "${1:-}" = --write ]; then
	cp "$fresh" test/oracle/ranking.csv
elif diff -q test/oracle/ranking.csv "$fresh" >/dev/null; then
	echo "ok - $(wc -l <"$fresh") cuts of R's svyquantile are those of test/oracle/ranking.csv"
else
	echo "not ok - R's cuts differ from test/oracle/ranking.csv"
	diff test/oracle/ranking.csv "$fresh" | head -n 40
	exit 1
fi
