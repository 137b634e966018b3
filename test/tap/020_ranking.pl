# The examples of docs/ranking.md. Ranking in several processes and servers:
# parallel plans, any number of workers, cancelling, states behind postgres_fdw.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use DocPage;

my $top = $ENV{PWD};
$top = $1 if __FILE__ =~ m{^(/.*)/test/tap/[^/]*$};
my $options = <<'CONF';
log_statement = none
log_min_error_statement = panic
search_path = 'public, dtsen'
jit = off
max_worker_processes = 12
max_parallel_workers = 8
parallel_setup_cost = 0
parallel_tuple_cost = 0
min_parallel_table_scan_size = 0
CONF
my $node = PostgreSQL::Test::Cluster->new('ranking');
$node->init;
$node->append_conf('postgresql.conf', $options);
$node->start;
$node->safe_psql('postgres', <<'SQL');
CREATE EXTENSION dtsen;
SELECT setseed(0.5);
CREATE TABLE family AS
SELECT i AS id, i % 8 AS region, round((1e6 * exp(random() * 2))::numeric, 1)::float8 AS score,
       (random() * 9)::int AS persons, random() AS weight
FROM generate_series(1, 260000) i;
ANALYZE family;
ALTER TABLE family SET (parallel_workers = 4);
SQL

# the page
$node->safe_psql('postgres', q{CREATE DATABASE guide TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'});
$node->safe_psql('guide', 'CREATE EXTENSION dtsen');
DocPage::examples("$top/docs/ranking.md", $node->{_basedir}, "psql -h @{[$node->host]} -p @{[$node->port]} -d guide");

# the plans
my $plan = $node->safe_psql('postgres', 'EXPLAIN (COSTS OFF) SELECT desil_cuts(score, persons), rank_state(score, weight) FROM family');
like($plan, qr/Finalize Aggregate.*Gather.*Partial Aggregate.*Parallel Seq Scan/s, 'desil_cuts and rank_state: partial aggregates below a gather');
$plan = $node->safe_psql('postgres', 'EXPLAIN (COSTS OFF) SELECT region, desil_cuts(score, persons) FROM family GROUP BY region');
like($plan, qr/Finalize .*Gather.*Partial HashAggregate/s, 'by region: partial aggregates below a gather');
$plan = $node->safe_psql('postgres', q{EXPLAIN (COSTS OFF) SELECT sum(desil(score, (SELECT rank_cuts('family', 'score', 'persons')))) FROM family});
like($plan, qr/Finalize Aggregate.*InitPlan.*Partial Aggregate/s, 'cuts once, desil of every family in parallel');
my $notices;
$node->psql('postgres', <<'SQL', stderr => \$notices);
LOAD 'auto_explain';
SET auto_explain.log_min_duration = 0;
SET auto_explain.log_nested_statements = on;
SET auto_explain.log_analyze = on;
SET auto_explain.log_timing = off;
SET client_min_messages = log;
SELECT rank_cuts('family', 'score', 'persons');
SQL
like($notices, qr/Gather.*Workers Launched: [12].*Parallel Custom Scan \(dtsen_rank_cuts\) on family/s, 'rank_cuts(relation) scans in parallel');
my $scans = () = $notices =~ /Custom Scan \(dtsen_rank_cuts\) on family/g;
is($scans, 1, 'and once');
$node->psql('postgres', <<'SQL', stderr => \$notices);
LOAD 'auto_explain';
SET auto_explain.log_min_duration = 0;
SET auto_explain.log_nested_statements = on;
SET client_min_messages = log;
SELECT rank_cuts('family', 'floor(score / 100000)', 'persons');
SQL
$scans = () = $notices =~ /Parallel Seq Scan on family/g;
is($scans, 1, 'once too where thousands of families have one score');
unlike($notices, qr/REPEATABLE \('100'/, 'and without a second sample');

# any number of workers
my $question = q{
SELECT md5(rank_state_send(rank_state(score, persons))), md5(rank_state_send(rank_state(score, weight))),
       desil_cuts(score, persons), desil_cuts(score, weight, 100), rank_cuts('family', 'score', 'persons'),
       rank_cuts('family', 'score', 'weight', 100) FROM family};
my %answers;
for my $workers (0 .. 4)
{
	$answers{ $node->safe_psql('postgres', "SET max_parallel_workers_per_gather = $workers; $question") } = $workers;
}
is(scalar(keys %answers), 1, '0 to 4 workers: identical');
$node->safe_psql('postgres', 'CREATE TABLE other AS SELECT * FROM family ORDER BY md5(id::text); DROP TABLE family; ALTER TABLE other RENAME TO family; ANALYZE family');
$answers{ $node->safe_psql('postgres', $question) } = 'other order';
is(scalar(keys %answers), 1, 'rows in another order: identical');

# cancelling: each statement takes far longer than the timeout if it is let run
$node->safe_psql('postgres', 'CREATE VIEW endless AS SELECT a.score + b.id AS score, a.persons FROM family a, family b');
for my $query (q{SELECT rank_cuts('endless', 'score', 'persons')}, q{SELECT desil_cuts(score, persons) FROM endless},
	q{SELECT weighted_ntile(10, persons::bigint) OVER (ORDER BY score) FROM endless})
{
	my ($stderr);
	my $began = time;
	my $status = $node->psql('postgres', "SET statement_timeout = '1s'; $query", stderr => \$stderr);
	like($stderr, qr/canceling statement due to statement timeout/, "cancelled: $query");
	cmp_ok(time - $began, '<', 60, 'soon');
}

# states made on partitions of another server and merged
SKIP:
{
	skip 'postgres_fdw is not installed', 2
	  unless $node->safe_psql('postgres', q{SELECT count(*) FROM pg_available_extensions WHERE name = 'postgres_fdw'});
	my $far = PostgreSQL::Test::Cluster->new('far');
	$far->init;
	$far->append_conf('postgresql.conf', $options);
	$far->start;
	$far->safe_psql('postgres', 'CREATE EXTENSION dtsen; CREATE TABLE family (id int, region int, score float8, persons int, weight float8)');
	my ($host, $port) = ($far->host, $far->port);
	$node->safe_psql('postgres', <<"SQL");
CREATE EXTENSION postgres_fdw;
CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '$host', port '$port', extensions 'dtsen', batch_size '1000');
CREATE USER MAPPING FOR CURRENT_USER SERVER far;
CREATE TABLE parts (LIKE family) PARTITION BY LIST (region);
CREATE TABLE parts_near PARTITION OF parts FOR VALUES IN (0, 1, 2);
CREATE FOREIGN TABLE parts_far PARTITION OF parts FOR VALUES IN (3, 4, 5, 6, 7) SERVER far OPTIONS (table_name 'family');
INSERT INTO parts SELECT * FROM family;
CREATE FOREIGN TABLE far_state (region int, whole dtsen.rank_state, fine dtsen.rank_state) SERVER far OPTIONS (table_name 'state');
SQL
	$far->safe_psql('postgres',
		'CREATE VIEW state AS SELECT region, rank_state(score, persons) AS whole, rank_state(score, weight) AS fine FROM family GROUP BY region');
	is( $node->safe_psql('postgres', <<'SQL'),
WITH part AS (SELECT rank_state(score, persons) AS whole, rank_state(score, weight) AS fine FROM parts_near GROUP BY region
              UNION ALL SELECT whole, fine FROM far_state)
SELECT md5(rank_state_send(rank_state_merge(whole))), md5(rank_state_send(rank_state_merge(fine))) FROM part
SQL
		$node->safe_psql('postgres', 'SELECT md5(rank_state_send(rank_state(score, persons))), md5(rank_state_send(rank_state(score, weight))) FROM family'),
		'states of two servers, merged: the bytes of the whole');
	is($node->safe_psql('postgres', q{SELECT rank_cuts('parts', 'score', 'persons') = desil_cuts(score, persons) FROM family}),
		't', 'rank_cuts of a table with a foreign partition');
	$far->stop;
}
$node->stop;
done_testing();
