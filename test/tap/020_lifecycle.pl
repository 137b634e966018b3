# Logins that are no superusers, a pool that SETs roles, an application that
# assumes people, the plan of the row security, what a subscriber applies; and
# a short soak.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('lifecycle');
$node->init(allows_streaming => 'logical');
$node->append_conf('postgresql.conf', "log_statement = none\nlog_min_error_statement = panic\nmax_prepared_transactions = 5\n");
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION dtsen');

# what a login gets for a statement: its output, or the SQLSTATE
sub as
{
	my ($login, $sql, $server) = @_;
	$server //= $node;
	my ($out, $err);
	my $status = $server->psql('postgres', "\\set VERBOSITY sqlstate\n$sql", stdout => \$out, stderr => \$err,
		extra_params => [ '-U', $login ]);
	return $1 if $err =~ /ERROR:\s+(\w{5})/;
	return $out;
}

$node->safe_psql('postgres', <<'SQL');
SET client_min_messages = warning;
SELECT dtsen.create_registry('reg');
SELECT dtsen.setup_roles('reg', false);
CREATE ROLE op_a LOGIN; CREATE ROLE op_far LOGIN; CREATE ROLE kades_a LOGIN; CREATE ROLE many LOGIN;
CREATE ROLE pool LOGIN NOINHERIT;
GRANT reg_operator_desa TO op_a, op_far, many; GRANT reg_kades TO kades_a;
GRANT op_a, kades_a TO pool;
INSERT INTO reg.actor (login, actor_role, person_key, wilayah) VALUES
	('op_a', 'operator_desa', 'a', '3216011007'), ('op_far', 'operator_desa', 'f', '1101012001'),
	('kades_a', 'kades', 'k', '3216011007'), ('many', 'operator_desa', 'm', '3216'), ('many', 'operator_desa', 'm', '11');
INSERT INTO reg.edisi (name, cut_off_at, draw_at, recheck_from, recheck_to, publish_at)
	SELECT 'v1', now() + '1 day', now() + '2 days', now() + '3 days', now() + '4 days', now() + '5 days' WHERE false;
INSERT INTO reg.keluarga (id, nkk, wilayah)
	SELECT w.n, ('3216010101' || lpad(w.n::text, 6, '0'))::dtsen.nkk, w.kode
	FROM (SELECT kode, row_number() OVER (ORDER BY kode) AS n FROM reg.wilayah WHERE level = 4 AND status = 'present') AS w
	WHERE w.n <= 80000;
ANALYZE reg.keluarga;
SQL

# identity: the login, or what it SETs, and nothing that it says
is(as('op_a', 'SET ROLE kades_a'), '42501', 'a login becomes nobody else');
is(as('op_a', 'SET SESSION AUTHORIZATION kades_a'), '42501', 'nor by another word');
is(as('op_a', 'SET session_replication_role = replica'), '42501', 'nor switches triggers off');
my $meeting = "INSERT INTO reg.musyawarah (wilayah, held_on, place) VALUES ('3216011007', current_date, 'hall')";
is(as('pool', $meeting), '42501', 'the pool itself may do nothing');
like(as('pool', "SET dtsen.actor = 'op_a'; $meeting"), qr/^42/, 'there is no setting to say who one is');
is(as('pool', "SET ROLE op_a; $meeting RETURNING state"), 'rencana', 'as an actor it acts');
is(as('pool', "SET ROLE op_a; SELECT created_by || ' ' || changed_by FROM reg.musyawarah"), 'op_a op_a', 'who is on record');
is($node->safe_psql('postgres', 'SELECT login, session_login FROM reg.journal'), 'op_a|pool', 'beside the login of the pool');
is(as('pool', "SET ROLE op_far; $meeting"), '42501', 'it acts for no one who is not granted to it');
is(as('pool', "BEGIN; SET LOCAL ROLE op_a; COMMIT; $meeting"), '42501', 'SET LOCAL ends with the transaction');
is(as('op_a', "SELECT set_config('role', 'kades_a', false)"), '42501', 'set_config() is no way round');
is(as('op_a', 'UPDATE reg.actor SET wilayah = NULL'), '42501', 'actors are not the client\'s');
is(as('op_a', 'SELECT * FROM reg.actor'), '42501', 'nor theirs to read');
is(as('op_a', "SELECT * FROM reg.journal"), '42501', 'nor is the journal');
is(as('op_a', "CREATE TRIGGER t BEFORE INSERT ON reg.musyawarah FOR EACH ROW EXECUTE FUNCTION dtsen.guard('reg','musyawarah','id','state','','','','')"),
	'42501', 'nor are triggers');
is(as('op_a', 'PREPARE TRANSACTION \'x\''), '', 'outside a transaction nothing is prepared');

# a client that connects may set this; the journal is looked through all the same
$node->safe_psql('postgres', <<'SQL');
CREATE SCHEMA mata;
SELECT dtsen.create_lifecycle('mata');
INSERT INTO mata.machine (machine, initial_state) VALUES ('nota', 'a');
INSERT INTO mata.state (machine, state) VALUES ('nota', 'a'), ('nota', 'b');
INSERT INTO mata.transition (machine, from_state, to_state, action, actor_role, distinct_from)
	VALUES ('nota', 'a', 'b', 'sahkan', 'any', '{born}');
INSERT INTO mata.actor (login, actor_role, person_key) VALUES ('op_a', 'any', 'a'), ('op_far', 'any', 'f');
CREATE TABLE mata.nota (id int PRIMARY KEY, state text NOT NULL DEFAULT 'a');
SELECT dtsen.attach('mata.nota', 'nota', 'mata', wilayah_column => NULL, changed_at_column => NULL, changed_by_column => NULL);
GRANT USAGE ON SCHEMA mata TO op_a, op_far;
GRANT SELECT, INSERT, UPDATE ON mata.nota TO op_a, op_far;
SQL
{
	local $ENV{PGOPTIONS} = '-c ignore_system_indexes=on';
	is(as('op_a', "INSERT INTO mata.nota VALUES (1) RETURNING state"), 'a', 'a row is born in such a session');
	is(as('op_a', "UPDATE mata.nota SET state = 'b'"), 'SE006', 'where four eyes still are four');
	is(as('op_far', "UPDATE mata.nota SET state = 'b' RETURNING state"), 'b', 'of two people');
}
# the default machines are the files that they were made from
my $tree = $ENV{PWD};
$tree = $1 if __FILE__ =~ m{^(/.*)/test/tap/[^/]*$};
for my $machine (qw(usulan musyawarah batch edisi))
{
	is($node->safe_psql('postgres', "SELECT dtsen.machine_definition('reg', '$machine')"),
		slurp_file("$tree/data/machine/$machine.json") =~ s/\n\z//r, "machine $machine is its file");
}
my $said;
$node->psql('postgres', "CREATE SCHEMA own; SELECT dtsen.create_lifecycle('own');\n\\set d `cat $tree/data/machine/batch.json`\nSELECT dtsen.machine_load('own', :'d')",
	stderr => \$said);
like($said, qr/machine "batch" does not load: guard_?\w* at row batch:/, 'a file is loaded by psql, and checked');

# row security: one range of the index, computed once; no function for each row
sub plan_of { return as($_[0], 'EXPLAIN (COSTS OFF) SELECT count(*) FROM reg.keluarga') }
my $plan = plan_of('op_a');
like($plan, qr/InitPlan/, 'the policy is an InitPlan');
like($plan, qr/Index Cond: \(\(wilayah (?:OPERATOR\(dtsen\.)?>=.*\) AND \(wilayah (?:OPERATOR\(dtsen\.)?<=/, 'and a range of the index');
unlike($plan, qr/scope_\w+\(\).*(?:Filter|Cond)|(?:Filter|Cond):[^\n]*scope_\w+\(/, 'no function is called for each row');
unlike(plan_of('many'), qr/(?:Filter|Cond):[^\n]*scope_\w+\(/, 'nor for a login of several regions');
is(as('op_a', 'SELECT count(*) FROM reg.keluarga'), 1, 'a village sees its family');
is(as('many', 'SELECT count(*) FROM reg.keluarga'),
	$node->safe_psql('postgres', "SELECT count(*) FROM reg.keluarga WHERE wilayah::text ~ '^(3216|11)'"), 'several regions are all seen');
is(as('pool', 'SELECT count(*) FROM reg.keluarga'), '42501', 'who is nobody sees nothing');

# what a subscriber applies was judged by the publisher: its guards let it pass
my $copy = PostgreSQL::Test::Cluster->new('copy');
$copy->init;
$copy->append_conf('postgresql.conf', "log_statement = none\nlog_min_error_statement = panic\n");
$copy->start;
# Roles and structure come from the publisher: create_registry puts machines in
# force, which are rows of its own.
my $structure = $node->basedir . '/structure';
$node->command_ok([ 'pg_dump', '--schema-only', '-n', 'reg', '-F', 'c', '-f', $structure, 'postgres' ], 'pg_dump, structure only');
$copy->safe_psql('postgres', 'CREATE EXTENSION dtsen');
$copy->safe_psql('postgres', $node->safe_psql('postgres',
	"SELECT format('CREATE ROLE %I;', rolname) FROM pg_roles WHERE rolname !~ '^pg_' AND rolname <> current_user"));
$copy->command_ok([ 'pg_restore', '-e', '-d', 'postgres', $structure ], 'structure only');
$node->safe_psql('postgres', 'CREATE PUBLICATION p FOR TABLES IN SCHEMA reg');
my $to = $node->connstr . ' dbname=postgres';
$copy->safe_psql('postgres', "CREATE SUBSCRIPTION s CONNECTION '$to' PUBLICATION p");
$copy->poll_query_until('postgres', "SELECT count(*) = 0 FROM pg_subscription_rel WHERE srsubstate <> 'r'")
  or die 'the subscription does not become ready';
as('op_a', "INSERT INTO reg.bukti (kind, wilayah, musyawarah_id, file_name, file_size, sha256)
	SELECT 'foto', wilayah, id, 'a.jpg', 1, sha256('a') FROM reg.musyawarah; UPDATE reg.musyawarah SET state = 'berlangsung'");
$node->wait_for_catchup('s');
is($copy->safe_psql('postgres', 'SELECT (SELECT string_agg(state || changed_by, \',\') FROM reg.musyawarah), (SELECT string_agg(kind || created_by, \',\') FROM reg.bukti), (SELECT count(*) FROM reg.journal WHERE machine = \'musyawarah\')'),
	'berlangsungop_a|fotoop_a|2', 'a subscriber has the rows, their stamps and the journal');
is($copy->safe_psql('postgres', "SELECT count(*) FROM dtsen.verify_journal('reg')"), 0, 'which verifies there');
is(as($copy->safe_psql('postgres', 'SELECT current_user'), "UPDATE reg.musyawarah SET state = 'sah'", $copy), 'SE001', 'and guards what is written there');
$copy->stop;

# people of an application who are no database roles: a signature, not a setting
$node->safe_psql('postgres', <<'SQL');
CREATE ROLE app LOGIN; GRANT reg_operator_desa, reg_kades TO app;
INSERT INTO reg.actor (login, actor_role, person_key, wilayah) VALUES
	('web siti', 'operator_desa', 'ws', '3216011007'), ('web far', 'operator_desa', 'wf', '1101012001');
INSERT INTO reg.assume_key (key_id, login, actor_roles, valid_to) VALUES ('one', 'app', '{operator_desa,kades}', now() + '1 day');
CREATE TABLE carried (nonce text); GRANT ALL ON carried TO app;
SQL
$ENV{ASSUME_KEY} = $node->safe_psql('postgres', "SELECT encode(secret, 'hex') FROM reg.assume_key");
$ENV{ASSUME_LIFE} = 60;
# what psql does for an application: asks for a nonce, signs it, presents that
sub assuming
{
	my ($actor, $for_session, $nonce) = @_;
	$nonce //= "SELECT dtsen.assume_nonce($for_session) AS nonce \\gset";
	return "$nonce\n"
	  . '\set token `perl -MDigest::SHA=hmac_sha256_hex -e \'($n, $a) = @ARGV; $e = time + $ENV{ASSUME_LIFE}; print "one.$e.", '
	  . 'hmac_sha256_hex(join("\n", "dtsen.assume.1", $n, "reg", $a, $e), pack("H*", $ENV{ASSUME_KEY}))\' ' . ":'nonce' '$actor'`\n"
	  . "SELECT dtsen.assume('reg', '$actor', :'token') \\g /dev/null\n";
}
my $who = "SELECT coalesce(dtsen.assumed_actor('reg')::text, 'nobody');\n";
my $siti = assuming('web siti', 'false');
my $session = assuming('web siti', 'true');
is(as('app', "BEGIN;\n$siti$meeting RETURNING created_by || '/' || changed_by; COMMIT"), 'web siti/web siti', 'an application acts for its people');
is($node->safe_psql('postgres', "SELECT login, session_login FROM reg.journal WHERE person_key = 'ws'"), 'web siti|app', 'who is in the journal beside its login');
is(as('app', "BEGIN;\n${siti}SELECT count(*) FROM reg.keluarga; COMMIT"), 1, 'row security is that of the person');
is(as('app', "BEGIN;\n" . assuming('web far', 'false') . "$meeting; COMMIT"), '42501', 'and so are regions');
is(as('app', 'SELECT count(*) FROM reg.keluarga'), 0, 'the application by itself sees nothing');
is(as('app', $meeting), '42501', 'and may nothing');
is(as('app', "BEGIN;\n${siti}COMMIT;\n$who"), 'nobody', 'it ends with the transaction');
is(as('app', "BEGIN;\n${siti}ROLLBACK;\n$who"), 'nobody', 'however that ends');
is(as('app', "BEGIN;\n${siti}PREPARE TRANSACTION 'x';\nROLLBACK PREPARED 'x';\n$who"), 'nobody', 'also prepared');
is(as('app', "$siti$who"), '28000', 'a nonce of a transaction is no good after it');
is(as('app', "${session}BEGIN; $meeting; COMMIT; BEGIN; ROLLBACK;\n$who"), 'web siti', 'what lasts for the session outlives transactions');
is(as('app', "BEGIN;\n${session}ROLLBACK;\n$who"), 'nobody', 'but not the rollback of its own');
is(as('app', "BEGIN;\nSAVEPOINT a;\n${session}RELEASE a; SAVEPOINT b; ROLLBACK TO b;\nCOMMIT;\n$who"), 'web siti', 'a released savepoint keeps it');
is(as('app', "BEGIN;\nSAVEPOINT a;\n${session}ROLLBACK TO a;\n$who COMMIT;"), 'nobody', 'one that is rolled back does not');
is(as('app', "${session}DISCARD PLANS;\n$who"), 'web siti', 'DISCARD PLANS keeps it');
is(as('app', "${session}DISCARD ALL;\n$who"), 'nobody', 'DISCARD ALL ends it');
is(as('app', assuming('web siti', '', "SELECT dtsen.assume_nonce(true) AS nonce \\gset\nDISCARD ALL;")), '28000', 'and its nonce');
is(as('app', "INSERT INTO carried SELECT dtsen.assume_nonce(true)"), '', 'a nonce is carried away');
is(as('app', assuming('web siti', '', "SELECT dtsen.assume_nonce(true) \\g /dev/null\nSELECT nonce FROM carried \\gset")), '28000', 'to another backend');
$ENV{ASSUME_LIFE} = 2;
is(as('app', "${session}SELECT pg_sleep(2.1) \\g /dev/null\nSELECT count(*) FROM reg.keluarga;"), '28000', 'it lasts no longer than its token, and says so');
$ENV{ASSUME_LIFE} = 60;
is(as('app', "$session\\! psql -X -q -d postgres -c 'UPDATE reg.assume_key SET revoked_at = now()'\n$meeting"), '28000', 'a key that is revoked elsewhere ends it at once');
is(as('app', "BEGIN;\n$siti"), '28000', 'and is good for no other');
sub owner { return "\\! psql -X -q -d postgres -c \"$_[0]\" >/dev/null\n" }
sub until_sql { return "DO \$d\$ BEGIN WHILE $_[0] (SELECT FROM pg_locks WHERE relation = 'reg.assume_key'::regclass AND mode = 'AccessExclusiveLock' AND granted) LOOP PERFORM pg_sleep(0.05); END LOOP; END \$d\$;\n" }
$node->safe_psql('postgres', 'UPDATE reg.assume_key SET revoked_at = NULL');
is(as('app', $session . owner("UPDATE reg.assume_key SET revoked_at = clock_timestamp() + '3 s'") . "${who}SELECT pg_sleep(3.1) \\g /dev/null\n$who"),
	'28000', 'one that is to be revoked later ends it then');
$node->safe_psql('postgres', 'UPDATE reg.assume_key SET revoked_at = NULL');
foreach my $use ($who, "$meeting;\n", "SELECT count(*) FROM reg.keluarga;\n")
{
	is(as('app', $session . owner("DELETE FROM reg.actor WHERE login = 'web siti'") . $use), '28000', "who is dismissed elsewhere acts no more: $use");
	$node->safe_psql('postgres', "INSERT INTO reg.actor (login, actor_role, person_key, wilayah) VALUES ('web siti', 'operator_desa', 'ws', '3216011007')");
}
# who cannot be asked about is not taken for good afterwards
is(as('app', $session . owner('UPDATE reg.assume_key SET revoked_at = now()')
		. "\\! psql -X -q -d postgres -c 'BEGIN; LOCK TABLE reg.assume_key; SELECT pg_sleep(60)' >/dev/null 2>&1 &\n"
		. until_sql('NOT EXISTS') . "SET lock_timeout = '100ms';\n"
		. "DO \$d\$ BEGIN PERFORM dtsen.assumed_actor('reg'); EXCEPTION WHEN lock_not_available THEN NULL; END \$d\$;\n"
		. owner("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE relation = 'reg.assume_key'::regclass AND mode = 'AccessExclusiveLock'")
		. until_sql('EXISTS') . $who), '28000', 'a key that was revoked is asked for until there is an answer');
unlike(slurp_file($node->logfile), qr/\Q$ENV{ASSUME_KEY}\E/, 'no log has the key');

$node->stop;

# random transactions, replayed: the long form is make soak-lifecycle
$said = `cd $tree && SESSIONS=16 TRANSACTIONS=1500 .ci/with-server test/soak/lifecycle.sh 2>&1`;
is($?, 0, 'a short soak ends well') or diag($said);
like($said, qr/^transactions: 15\d\d$/m, 'all transactions were made');
like($said, qr/^faults: none$/m, 'and the replay of the journal finds no fault');
done_testing();
