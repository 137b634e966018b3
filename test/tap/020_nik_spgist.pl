# An SP-GiST index over NIKs through a server's life: sessions that insert and
# delete at once, VACUUM, a crash, a standby, REINDEX. After each event the index
# has the rows and the order of the table, and a plain reader below row security
# has the plans of the owner.
use strict;
use warnings;
use IndexNode;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = IndexNode::started('primary', '', allows_streaming => 1);

# people(): numbers as the civil registry gives them, the serial at random.
$node->safe_psql('postgres', <<'SQL');
CREATE EXTENSION dtsen;
CREATE FUNCTION people(many int) RETURNS SETOF dtsen.nik LANGUAGE sql VOLATILE AS $$
    SELECT ((321601 + floor(random() * 23)::bigint) * 10000000000
        + (extract(day FROM born)::bigint + CASE WHEN random() < 0.5 THEN 40 ELSE 0 END) * 100000000
        + extract(month FROM born)::int * 1000000 + extract(year FROM born)::int % 100 * 10000 + 1 + floor(random() * 3)::int)::dtsen.nik
    FROM (SELECT date '1945-01-01' + floor(random() * 29000)::int born FROM generate_series(1, many)) s $$;
CREATE TABLE person (id bigint GENERATED ALWAYS AS IDENTITY, n dtsen.nik);
CREATE INDEX person_s ON person USING spgist (n);
INSERT INTO person (n) SELECT people(20000);
INSERT INTO person (n) SELECT '3216014101900001' FROM generate_series(1, 2000);
INSERT INTO person (n) SELECT NULL FROM generate_series(1, 500);
ANALYZE person;
SQL

# Probes whose rows within 0 to 3 edits, or whose hundred nearest, differ between
# the index and the table; and the rows of equal numbers.
my $check = <<'SQL';
SELECT setseed(0.1) IS NULL;
SET enable_seqscan = off;
SET enable_sort = off;
BEGIN ISOLATION LEVEL REPEATABLE READ;
WITH probe AS MATERIALIZED (
    SELECT (n::bigint / unit * unit + (n::bigint + 3 * unit / 10) % unit)::dtsen.nik AS p
    FROM (SELECT n FROM person WHERE n IS NOT NULL AND id % 900 = 7 LIMIT 4) s, unnest('{100,1000000,1000000000000}'::bigint[]) unit),
found AS MATERIALIZED (
    SELECT p, array(SELECT (SELECT count(*) || '/' || coalesce(sum(id), 0) FROM person WHERE dtsen.nik_within(n, p, k)) FROM generate_series(0, 3) k) AS rows,
        array(SELECT n <-> p FROM (SELECT n FROM person ORDER BY n <-> p LIMIT 100) x) AS distances
    FROM probe),
scanned AS MATERIALIZED (
    SELECT p, array(SELECT count(*) FILTER (WHERE d <= k) || '/' || coalesce(sum(id) FILTER (WHERE d <= k), 0)
            FROM generate_series(0, 3) k LEFT JOIN (SELECT id, dtsen.nik_distance(n, p) AS d FROM person OFFSET 0) t ON d <= 3 GROUP BY k ORDER BY k) AS rows,
        array(SELECT dtsen.nik_distance(n, p) AS d FROM person WHERE n IS NOT NULL ORDER BY d LIMIT 100) AS distances
    FROM probe)
SELECT count(*) || ' probes, ' || count(*) FILTER (WHERE f.rows <> s.rows OR f.distances <> s.distances) || ' wrong' FROM found f JOIN scanned s USING (p);
COMMIT;
SQL

sub index_holds
{
	my ($server, $what) = @_;
	my $answer = $server->safe_psql('postgres', $check);

	like($answer, qr/^[1-9]\d+ probes, 0 wrong$/m, "$what: rows and order of the table");
	my $plan = $server->safe_psql('postgres', q{SET enable_seqscan = off; EXPLAIN (COSTS OFF) SELECT * FROM person WHERE nik_within(n, '3216014101900001', 2)});
	like($plan, qr/person_s.*Index Cond: \(n <\@ /s, "$what: by the index");
	return;
}

index_holds($node, 'filled row by row');

# --- sessions at once --------------------------------------------------------
my $script = $node->basedir . '/sessions.sql';
append_to_file($script, <<'SQL');
INSERT INTO person (n) SELECT people(40);
DELETE FROM person WHERE id % 97 = (random() * 96)::int AND id > 20000 AND n <> dtsen.to_nik(repeat('3216', 4));
SELECT count(*) FROM person WHERE dtsen.nik_within(n, (SELECT people(1)), 2);
SQL
$node->command_ok(
	[ 'pgbench', '-n', '-c', '6', '-j', '2', '-t', '25', '-f', $script, 'postgres' ],
	'six sessions insert, delete and search');
index_holds($node, 'after sessions at once');
$node->safe_psql('postgres', 'DELETE FROM person WHERE id % 3 = 0; VACUUM person');
index_holds($node, 'after VACUUM');
$node->safe_psql('postgres', 'INSERT INTO person (n) SELECT people(5000)');
index_holds($node, 'into the room that VACUUM made');

# --- crash --------------------------------------------------------------------
$node->safe_psql('postgres', 'CHECKPOINT; INSERT INTO person (n) SELECT people(5000); DELETE FROM person WHERE id % 5 = 0');
my $rows = $node->safe_psql('postgres', 'SELECT count(*), sum(id) FROM person');
$node->stop('immediate');
$node->start;
is($node->safe_psql('postgres', 'SELECT count(*), sum(id) FROM person'), $rows, 'rows after a crash');
index_holds($node, 'after a crash');

# --- standby ------------------------------------------------------------------
my $standby = IndexNode::standby_of($node);
IndexNode::after($node, $standby, q{INSERT INTO person (n) SELECT people(5000); DELETE FROM person WHERE id % 7 = 0; VACUUM person;
	INSERT INTO person (n) SELECT '9999999999999999' FROM generate_series(1, 1000)});
index_holds($standby, 'on the standby');
$node->safe_psql('postgres', 'REINDEX INDEX CONCURRENTLY person_s; ANALYZE person');
index_holds($node, 'after REINDEX');

# --- row security --------------------------------------------------------------
$node->safe_psql('postgres', <<'SQL');
INSERT INTO person (n) SELECT people(60000);
CREATE INDEX person_n ON person (n);
VACUUM ANALYZE person;
ALTER TABLE person ENABLE ROW LEVEL SECURITY;
CREATE POLICY reader ON person FOR SELECT USING (id % 2 <> 1 OR n >= '3216100000000000');
CREATE ROLE reader;
GRANT SELECT ON person TO reader;
SQL
sub plan_of
{
	my ($role, $query) = @_;
	my $plan = $node->safe_psql('postgres', "SET ROLE $role; EXPLAIN (COSTS OFF) $query");

	# what the policy adds, and only that
	$plan =~ s/^ *Filter: .*\n?//mg;
	$plan =~ s/\s+$//;
	return $plan;
}
for my $case (
	[ q{SELECT * FROM person WHERE nik_within(n, '3216014101900001', 2)}, qr/person_n.*n = ANY \(_nik_found_keys/s ],
	[ q{SELECT * FROM person WHERE nik_within(n, '3216014101900001', 1)}, qr/person_n.*n = ANY/s ],
	[ q{SELECT * FROM person ORDER BY n <-> '3216014101900001' LIMIT 10}, qr/Limit\n.*Index Scan using person_s.*\n.*Order By: /s ])
{
	my ($query, $wanted) = @$case;
	my $owner = plan_of('postgres', $query);

	like($owner, $wanted, "plan of the owner: $query");
	is(plan_of('reader', $query), $owner, 'and of a plain reader');
}
$standby->stop;
$node->stop;
done_testing();
