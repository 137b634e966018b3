# The node of the executor that reads a table for rank_cuts(relation, ...): what
# it is used for and what not, any number of workers, errors and cancels in them,
# the server's counts of its scans, and a standby.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('primary');
$node->init(allows_streaming => 1);
$node->append_conf('postgresql.conf', <<'CONF');
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
$node->start;
$node->safe_psql('postgres', <<'SQL');
CREATE EXTENSION dtsen;
SELECT setseed(0.5);
CREATE TABLE family AS
SELECT i AS id, i % 8 AS region, round((1e6 * exp(random() * 2))::numeric, 1)::float8 AS score,
       (random() * 9)::int AS persons, random() AS weight, (random() * 9)::numeric AS exact
FROM generate_series(1, 150000) i;
ALTER TABLE family ADD COLUMN later float8 DEFAULT 5;
ALTER TABLE family SET (parallel_workers = 2);
CREATE VIEW plain AS TABLE family;
CREATE VIEW barrier WITH (security_barrier) AS SELECT * FROM family WHERE region < 5;
CREATE VIEW fenced AS SELECT * FROM family OFFSET 0;
CREATE MATERIALIZED VIEW kept AS TABLE family;
CREATE TABLE parts (LIKE family) PARTITION BY LIST (region);
CREATE TABLE part_0 PARTITION OF parts FOR VALUES IN (0, 1, 2);
CREATE TABLE part_1 PARTITION OF parts DEFAULT;
INSERT INTO parts TABLE family;
CREATE TABLE child () INHERITS (family);
CREATE TABLE guarded AS TABLE family;
ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
CREATE POLICY low ON guarded USING (region < 5);
CREATE ROLE reader;
GRANT USAGE ON SCHEMA dtsen TO reader;
GRANT SELECT ON guarded, barrier TO reader;
CREATE TABLE alone AS TABLE family;
ANALYZE;
SQL

# what the plans of the scans of a question are, with the settings before it
sub plans
{
	my ($settings, $question) = @_;
	my $notices;
	my ($code) = $node->psql('postgres', <<"SQL", stderr => \$notices);
LOAD 'auto_explain';
SET auto_explain.log_min_duration = 0;
SET auto_explain.log_nested_statements = on;
SET auto_explain.log_analyze = on;
SET auto_explain.log_timing = off;
SET auto_explain.log_verbose = on;
SET client_min_messages = log;
$settings;
SELECT $question;
SQL
	is($code, 0, $question);
	return $notices;
}

my $by_node = qr/Custom Scan \(dtsen_rank_cuts\)/;
like(plans('', $_), $by_node, 'by the node')
  for (
	q{rank_cuts('alone', 'score', 'persons')}, q{rank_cuts('alone', 'score')}, q{rank_cuts('alone', 'later', 'weight')},
	q{rank_cuts('alone', 'id', 'region')},     q{rank_cuts('kept', 'score')}, q{rank_cuts('part_1', 'score', 'persons')},
	q{rank_cuts('child', 'score')},            q{rank_cuts('guarded', 'score')});
unlike(plans('', $_), $by_node, 'as planned')
  for (
	q{rank_cuts('alone', 'score', 'exact')}, q{rank_cuts('alone', 'exact')}, q{rank_cuts('alone', 'score + 1')},
	q{rank_cuts('alone', 'score', 'persons * 2')}, q{rank_cuts('alone', 'score', condition => 'region = 1')},
	q{rank_cuts('parts', 'score')}, q{rank_cuts('family', 'score')}, q{rank_cuts('barrier', 'score')}, q{rank_cuts('fenced', 'score')});
unlike(plans('SET ROLE reader', q{dtsen.rank_cuts('public.guarded', 'score')}), $by_node, 'row security: as planned');
my $plan = plans('SET max_parallel_workers_per_gather = 0', q{rank_cuts('alone', 'score')});
like($plan, qr/^Custom Scan \(dtsen_rank_cuts\) on public\.alone/m, 'serial');
unlike($plan, qr/Gather|Parallel/, 'and nothing else');
like(plans('SET parallel_leader_participation = off', q{rank_cuts('alone', 'score')}), qr/Parallel Custom Scan .*rows=1(?:\.00)? loops=[23]\)/, 'workers alone');

# any number of workers, fewer than planned, none to be had, another isolation level
my %answers;
my $question = q{SELECT md5(string_agg(x::text, ' ')) FROM (SELECT rank_cuts('alone', 'score', 'persons') x UNION ALL
	SELECT rank_cuts('alone', 'score', 'weight', 100) UNION ALL SELECT rank_cuts('alone', 'score', NULL, 5000)) t};
for my $settings (
	(map { "SET max_parallel_workers_per_gather = $_" } 0 .. 4),
	'SET max_parallel_workers = 0', 'SET max_parallel_workers = 1', 'SET parallel_leader_participation = off',
	'SET synchronize_seqscans = off', 'BEGIN ISOLATION LEVEL SERIALIZABLE', 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
	($node->pg_version < 16 ? 'SET force_parallel_mode = on' : 'SET debug_parallel_query = on'),
	'SET min_parallel_table_scan_size = 0; SET parallel_setup_cost = 1e9',
	'SET work_mem = 64', q{SET plan_cache_mode = 'force_custom_plan'})
{
	$answers{ $node->safe_psql('postgres', "$settings; $question") } = $settings;
}
$answers{ $node->safe_psql('postgres', $question =~ s/'alone'/'fenced'/gr) } = 'as planned';
is(scalar(keys %answers), 1, 'identical, however it is read') or diag(explain(\%answers));
is($node->safe_psql('postgres', q{SELECT count(*) FROM part_1 WHERE desil(score, (SELECT rank_cuts('part_1', 'score'))) > 5}),
	$node->safe_psql('postgres', q{SELECT count(*) FROM part_1 WHERE desil(score, (SELECT desil_cuts(score) FROM part_1)) > 5}),
	'inside a query that is parallel itself');
is($node->safe_psql('postgres', q{BEGIN; DECLARE c CURSOR FOR SELECT score FROM alone; FETCH 1 FROM c \g /dev/null
	SELECT rank_cuts('alone', 'persons', NULL, 2); COMMIT}), $node->safe_psql('postgres', q{SELECT desil_cuts(persons, 1, 2) FROM alone}), 'beside an open cursor');

# an error in a worker is the error of the statement, and the session goes on
my ($out, $err);
$node->safe_psql('postgres', 'UPDATE part_1 SET persons = -1 WHERE id = 140003');
$node->psql('postgres', '\set VERBOSITY verbose' . "\nSET parallel_leader_participation = off; SELECT rank_cuts('part_1', 'score', 'persons');\nSELECT 'goes on'",
	stdout => \$out, stderr => \$err, on_error_stop => 0);
like($err, qr/ERROR:  22023: .*HINT: .*CONTEXT:  parallel worker/s, 'its code and hint');
is($out, 'goes on', 'then the next statement');
is($node->safe_psql('postgres', <<'SQL'), 't', 'in a subtransaction too');
DO $$ BEGIN PERFORM rank_cuts('part_1', 'score', 'persons'); EXCEPTION WHEN OTHERS THEN RAISE NOTICE '%', SQLERRM; END $$;
SELECT rank_cuts('part_0', 'score', 'persons') = desil_cuts(score, persons) FROM part_0
SQL

# cancelled at many moments, with workers and without; no worker is left behind
$node->safe_psql('postgres', 'CREATE UNLOGGED TABLE large AS SELECT f.* FROM family f, generate_series(1, 8)');
my $cancelled = 0;
for my $ms (1 .. 12)
{
	for my $workers (0, 2)
	{
		my $status = $node->psql('postgres', "SET max_parallel_workers_per_gather = $workers; SET statement_timeout = @{[$ms * 6]}; "
			  . q{SELECT rank_cuts('large', 'score', 'persons', 1000)}, stderr => \$err);
		$cancelled++ if $err =~ /canceling statement due to statement timeout/;
		is($err, '', 'or it was done') if $status == 0;
	}
}
cmp_ok($cancelled, '>', 12, 'cancelled in time');
ok($node->poll_query_until('postgres', q{SELECT count(*) = 0 FROM pg_stat_activity WHERE backend_type = 'parallel worker'}), 'no worker is left');

# the server counts the scan as one of the table
sub counted { return $node->safe_psql('postgres', q{SELECT seq_scan, seq_tup_read FROM pg_stat_user_tables WHERE relname = 'kept'}) }
for my $workers (0, 2)
{
	$node->safe_psql('postgres', q{SELECT pg_stat_reset_single_table_counters('kept'::regclass)});
	$node->safe_psql('postgres', "SET max_parallel_workers_per_gather = $workers; SELECT rank_cuts('kept', 'score')");
	# samples are scans too, and read some rows more
	my ($scans, $rows) = split /\|/, counted();
	cmp_ok($scans, '>=', 1, "$workers workers: a scan");
	cmp_ok($rows, '>=', 150000, 'of all rows');
	cmp_ok($rows, '<=', 200000, 'once');
}

# a standby
$node->backup('copy');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'copy', has_streaming => 1);
$standby->start;
my $small = $question =~ s/'alone'/'part_0'/gr;
is($standby->safe_psql('postgres', $small), $node->safe_psql('postgres', $small), 'on a standby');
$standby->stop;
$node->stop;
done_testing();
