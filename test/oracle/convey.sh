#!/bin/sh
# Statistics of dtsen beside what R's package convey prints (make check-r).
#   .ci/with-server test/oracle/convey.sh
# Debian has no convey. Its figures are those printed, to seven digits or more,
# in the vignette "convey-inequality" of the package metasurvey 0.0.24, of the
# score api00 with weight pw in the data "apistrat" of the package survey, from
# which they are taken; they are not in this tree. Its Gini is another one than
# ours, which is that of laeken and twice the area above the Lorenz curve: it
# leaves the square of each weight in the sum, so the difference is added here.
set -eu
cd "$(dirname "$0")/../.."
if ! Rscript -e 'library(survey)' >/dev/null 2>&1; then
	echo "convey.sh: R with the package survey is not installed (Debian: r-cran-survey)" >&2
	exit 1
fi
rows=$(mktemp "${TMPDIR:-/tmp}/dtsen-oracle.XXXXXX")
trap 'rm -f "$rows"' EXIT
Rscript -e 'suppressPackageStartupMessages(library(survey)); data(api)' \
	-e 'cat(sprintf("%.17g,%.17g\n", as.numeric(apistrat$api00), apistrat$pw), sep = "")' >"$rows"
psql -X -q -d postgres -v ON_ERROR_STOP=1 <<SQL
CREATE EXTENSION IF NOT EXISTS dtsen;
CREATE TABLE school (score float8, weight float8);
\copy school FROM '$rows' (FORMAT csv)
SQL
wrong=$(psql -X -q -At -d postgres -v ON_ERROR_STOP=1 <<'SQL'
SET search_path = public, dtsen;
WITH figure AS (SELECT gini(score, weight)
        + sum(weight * weight * score) / (sum(weight) * sum(weight * score)) - 1 / sum(weight) AS convey_gini, atkinson(score, weight, 0.5) AS a05, atkinson(score, weight, 1) AS a1,
    generalized_entropy(score, weight, 1) AS ge1, theil_t(score, weight) AS t, generalized_entropy(score, weight, 0) AS ge0,
    theil_l(score, weight) AS l, count(*) AS n FROM school)
SELECT name, ours, printed FROM figure, LATERAL (VALUES
    ('rows', n::numeric, 200), ('svygini', convey_gini::numeric, 0.1123906), ('svyatk 0.5', a05::numeric, 0.008841101),
    ('svyatk 1', a1::numeric, 0.017852866), ('svygei 1', ge1::numeric, 0.01749577), ('svygei 1', t::numeric, 0.01749577),
    ('svygei 0', ge0::numeric, 0.01801415), ('svygei 0', l::numeric, 0.01801415)) v (name, ours, printed)
WHERE round(ours, scale(printed)) IS DISTINCT FROM printed
SQL
)
if [ -z "$wrong" ]; then
	echo "ok - seven statistics are what convey prints"
else
	printf 'not ok - these are not what convey prints\n%s\n' "$wrong"
	exit 1
fi
