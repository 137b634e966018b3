# How many rows the planner expects to have a similar name, beside how many have:
# names of the generated population, half the searches as somebody's name is written,
# half with one of eight corruptions, at the setting's threshold and at others.
use strict;
use warnings;
use IndexNode;
use PostgreSQL::Test::Utils;
use Test::More;

my $top = $ENV{PWD};
$top = $1 if __FILE__ =~ m{^(/.*)/test/tap/[^/]*$};
chdir $top or die "$top: $!";
-x 'build/population'
  or system("make -s PG_CONFIG='$ENV{PG_CONFIG}' with_llvm=no population >/dev/null") == 0
  or BAIL_OUT('the population generator does not build');
my $node = IndexNode::started('main', '');
my $dir = $node->basedir . '/people';
system_or_bail('build/population', '--dir', $dir, '--families', 34000, '--seed', 81);
# a regency with names of its own
system_or_bail('build/population', '--dir', "$dir/regency", '--families', 12000, '--seed', 82, '--wilayah', '12.12');
$node->safe_psql('postgres', <<"SQL");
CREATE EXTENSION dtsen;
\\i $top/test/pgtap/include/corrupt.sql
CREATE TABLE raw (nik text, nkk text, name text, place text, birth text, sex text, mother text, state text, region text);
\\copy raw FROM '$dir/dukcapil.csv' (FORMAT csv, DELIMITER '|', HEADER)
CREATE TABLE person AS SELECT row_number() OVER () AS id, name AS t, to_nama(name) AS nama FROM raw WHERE is_nama(name);
TRUNCATE raw;
\\copy raw FROM '$dir/regency/dukcapil.csv' (FORMAT csv, DELIMITER '|', HEADER)
CREATE TABLE person_regency AS SELECT row_number() OVER () AS id, name AS t, to_nama(name) AS nama FROM raw WHERE is_nama(name);
-- estimated and actual rows of each search, of which nulls are none
CREATE FUNCTION searches(relation regclass, many int) RETURNS TABLE (threshold float8, estimated float8, actual float8) LANGUAGE plpgsql AS \$\$
DECLARE
    q record;
    plan json;
BEGIN
    FOR q IN EXECUTE format('WITH written AS (SELECT id, t, nama FROM %s ORDER BY draw(id, 5) LIMIT %s),
        wrong AS (SELECT to_nama(corrupt(t, kind, id)) AS nama, row_number() OVER (PARTITION BY kind ORDER BY draw(id, 6)) AS i
            FROM (SELECT id, t FROM %1\$s ORDER BY draw(id, 8) LIMIT %2\$s) AS s, generate_series(0, 7) AS kind WHERE is_nama(corrupt(t, kind, id)))
        SELECT nama, t.threshold FROM (SELECT nama FROM written UNION ALL SELECT nama FROM wrong WHERE i <= %2\$s / 8) AS s,
            unnest(ARRAY[-1, 0.5, 0.6, 0.7, 0.8, 0.9]) AS t (threshold)', relation, many)
    LOOP
        EXECUTE format('EXPLAIN (ANALYZE, FORMAT json, TIMING off) SELECT FROM %s WHERE ', relation)
            || CASE WHEN q.threshold < 0 THEN format('nama %% %L', q.nama) ELSE format('nama_similar(nama, %L, %s)', q.nama, q.threshold) END INTO plan;
        threshold := q.threshold;
        estimated := greatest((plan -> 0 -> 'Plan' ->> 'Plan Rows')::float8, 1);
        actual := greatest((plan -> 0 -> 'Plan' ->> 'Actual Rows')::float8, 1);
        RETURN NEXT;
    END LOOP;
END \$\$;
SQL

# All of a table of 30,000 rows is in the sample of ANALYZE, so here nothing is left to chance.
for my $size (30000, 100000)
{
	$node->safe_psql('postgres', "CREATE TABLE person_$size AS SELECT * FROM person WHERE id <= $size;
		CREATE INDEX ON person_$size USING dtsen_nama (nama); VACUUM ANALYZE person_$size;
		CREATE TABLE searched_$size AS SELECT *, greatest(estimated, actual) <= 10 * least(estimated, actual) AS good FROM searches('person_$size', 200)");
	my $share = sub { return $node->safe_psql('postgres', "SELECT round(avg(good::int), 3) FROM searched_$size WHERE $_[0]") };
	is($node->safe_psql('postgres', "SELECT count(*) FROM searched_$size WHERE threshold < 0"), '400', "$size names: 400 searches a threshold");
	cmp_ok($node->safe_psql('postgres', "SELECT max(actual) FROM searched_$size"), '>', 100, "$size names: some find many rows");
	cmp_ok($share->('true'), '>=', 0.95, "$size names: estimates within a factor of ten, all thresholds");
	for my $threshold ($size == 30000 ? (-1, 0.5, 0.6, 0.7, 0.8, 0.9) : -1)
	{
		cmp_ok($share->("threshold = $threshold"), '>=', 0.95, "$size names: " . ($threshold < 0 ? 'operator %' : "threshold $threshold"));
	}
	diag(join ', ', "$size names", split /\n/, $node->safe_psql('postgres',
		"SELECT threshold || ': ' || round(avg(good::int), 3) FROM searched_$size GROUP BY threshold ORDER BY threshold")) if $ENV{VERBOSE};
}
$node->safe_psql('postgres', "CREATE INDEX ON person_regency USING dtsen_nama (nama); VACUUM ANALYZE person_regency;
	CREATE TABLE searched_regency AS SELECT *, greatest(estimated, actual) <= 10 * least(estimated, actual) AS good FROM searches('person_regency', 200)");
cmp_ok($node->safe_psql('postgres', 'SELECT count(*) / 1000 FROM person_regency'), '>=', 25, 'names of a regency');
cmp_ok($node->safe_psql('postgres', 'SELECT round(avg(good::int), 3) FROM searched_regency'), '>=', 0.95, 'a regency: estimates within a factor of ten, all thresholds');
$node->stop;
done_testing();
