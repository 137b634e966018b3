# The journal over a server's life: kill -9 under load, dump and restore, a
# standby and its promotion, logical replication, and a proof that is checked
# by a server without the extension. CRASHES=50 (make soak-crash) crashes more.
use strict;
use warnings;
use IPC::Run ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(usleep);

my $crashes = $ENV{CRASHES} || 3;
my $writers = 4;

sub options
{
	my ($node) = @_;
	$node->append_conf('postgresql.conf', <<'CONF');
log_statement = none
log_min_error_statement = panic
fsync = off
max_prepared_transactions = 5
CONF
	return;
}

my $primary = PostgreSQL::Test::Cluster->new('journal');
$primary->init(allows_streaming => 'logical');
options($primary);
$primary->start;

sub sql
{
	my ($query, $node, $db) = @_;
	return ($node // $primary)->safe_psql($db // 'postgres', $query);
}

my $lifecycle = <<'SQL';
CREATE SCHEMA lc;
SELECT dtsen.create_lifecycle('lc');
INSERT INTO lc.machine VALUES ('usulan', 1, 'draf');
INSERT INTO lc.state (machine, state) VALUES ('usulan', 'draf'), ('usulan', 'diajukan');
INSERT INTO lc.transition (machine, from_state, to_state, action, actor_role, needs_reason) VALUES
    ('usulan', 'draf', 'diajukan', 'ajukan', 'operator', false), ('usulan', 'diajukan', 'draf', 'kembali', 'operator', true);
CREATE TABLE lc.usulan (id int PRIMARY KEY, state text NOT NULL DEFAULT 'draf', wilayah text, alasan text,
    changed_at timestamptz, changed_by text);
SQL
my $attach = "SELECT dtsen.attach('lc.usulan', 'usulan', 'lc', reason_column => 'alasan');";
# a partitioned one, with a partition from before and one from later
my $partitioned = <<'SQL';
INSERT INTO lc.machine VALUES ('berkas', 1, 'draf');
INSERT INTO lc.state (machine, state) VALUES ('berkas', 'draf'), ('berkas', 'jadi');
INSERT INTO lc.transition (machine, from_state, to_state, action, actor_role) VALUES ('berkas', 'draf', 'jadi', 'jadikan', 'operator');
CREATE TABLE lc.berkas (id int, bulan int, state char(8) NOT NULL DEFAULT 'draf', PRIMARY KEY (id, bulan)) PARTITION BY LIST (bulan);
CREATE TABLE lc.berkas_1 PARTITION OF lc.berkas FOR VALUES IN (1);
SELECT dtsen.attach('lc.berkas', 'berkas', 'lc', wilayah_column => NULL, changed_at_column => NULL, changed_by_column => NULL);
CREATE TABLE lc.berkas_2 PARTITION OF lc.berkas FOR VALUES IN (2);
INSERT INTO lc.berkas SELECT g, 1 + g % 2 FROM generate_series(1, 10) AS g;
UPDATE lc.berkas SET state = 'jadi', bulan = 3 - bulan WHERE id < 5;
SQL
sql('CREATE EXTENSION dtsen; ' . $lifecycle . $attach
	  . "INSERT INTO lc.actor (login, actor_role, person_key) VALUES (current_user, 'operator', 'P-1');" . $partitioned);

# A killed postmaster stands in the way until its parent has taken note.
sub crash
{
	my ($pid) = slurp_file($primary->data_dir . '/postmaster.pid') =~ /^(\d+)/;
	$primary->kill9;
	for (1 .. 600)
	{
		last unless kill 0, $pid;
		usleep 50_000;
	}
	return;
}

sub whole
{
	my ($what, $node, $db) = @_;
	is(sql("SELECT string_agg(v::text, E'\\n') FROM dtsen.verify_journal('lc') AS v", $node, $db), '', "$what: the journal verifies");
	return;
}

# --- kill -9 under load -----------------------------------------------------
# A writer adds rows and takes steps, one transaction each, and notes on its
# standard output what the server acknowledged.
my $next = 1;

sub writer
{
	my ($from) = @_;
	my $script = join '', map {
		my $id = $from + $_;
		my $wilayah = $_ % 3 ? '3216' : '3217';
		"INSERT INTO lc.usulan (id, wilayah) VALUES ($id, '$wilayah');\n\\echo $id born\n"
		  . "UPDATE lc.usulan SET state = 'diajukan' WHERE id = $id;\n\\echo $id ajukan\n"
		  . ($_ % 5 ? '' : "UPDATE lc.usulan SET state = 'draf', alasan = 'salah' WHERE id IN ($id, $id - 1);\n\\echo $id kembali\n")
	} 1 .. 3000;
	my $file = $primary->basedir . "/writer_$from.sql";
	append_to_file($file, $script);
	my %w = (out => '', err => '');
	$w{run} = IPC::Run::start([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $primary->connstr('postgres'), '-f', $file ],
		'>', \$w{out}, '2>', \$w{err});
	return \%w;
}

my @acknowledged;
my $steps = 0;
for my $crash (1 .. $crashes)
{
	my @running = map { my $w = writer($next); $next += 3001; $w } 1 .. $writers;
	# until some work was done, at another moment each time
	my $wanted = $writers * 20 + int rand 200;
	for (1 .. 600)
	{
		$_->{run}->pump_nb for @running;
		my $done = 0;
		$done += () = $_->{out} =~ /\n/g for @running;
		last if $done >= $wanted;
		usleep 10_000;
	}
	crash();
	$_->{run}->finish for @running;
	# what was acknowledged, and cut off in the middle of a line at most
	for my $w (@running)
	{
		push @acknowledged, $w->{out} =~ /^(\d+ \w+)\n/mg;
	}
	$primary->start;
	whole("crash $crash");
	$steps = @acknowledged;
}
cmp_ok($steps, '>', 20 * $crashes, "$steps steps were acknowledged");
sql('CREATE TABLE acknowledged (id text, action text)');
sql('INSERT INTO acknowledged VALUES ' . join ',', map { my ($i, $a) = split / /; "('$i', '$a')" } @acknowledged);
is(sql(<<'SQL'), '0', 'every acknowledged step is in the journal once');
WITH done AS (SELECT key, action, count(*) AS n FROM lc.journal WHERE machine = 'usulan' GROUP BY key, action)
SELECT count(*) FROM acknowledged AS a LEFT JOIN done AS d ON d.key = a.id AND d.action = a.action
WHERE d.n IS DISTINCT FROM 1
SQL
is(sql(<<'SQL'), '0', 'and no change is there without its row');
SELECT count(*) FROM lc.journal AS j WHERE machine = 'usulan' AND NOT EXISTS (SELECT FROM lc.usulan AS u WHERE u.id::text = j.key)
SQL

# --- a prepared transaction keeps its lane over a crash ---------------------
sql("BEGIN; INSERT INTO lc.usulan (id, wilayah) VALUES (900001, '3216'); PREPARE TRANSACTION 'held'");
crash();
$primary->start;
sql("INSERT INTO lc.usulan (id, wilayah) VALUES (900002, '3216')");
sql("COMMIT PREPARED 'held'");
is(sql("SELECT count(*) FROM lc.journal WHERE key IN ('900001', '900002')"), '2', 'both are journalled');
is(sql("SELECT count(DISTINCT chain) FROM lc.journal WHERE key IN ('900001', '900002')"), '2', 'in two lanes of the regency');
whole('prepared');

# --- dump and restore -------------------------------------------------------
my $dir = $primary->backup_dir;
mkdir $dir;
for my $format ('plain', 'custom', 'directory')
{
	sql("DROP DATABASE IF EXISTS restored");
	sql("CREATE DATABASE restored");
	$primary->command_ok([ 'pg_dump', '-F', substr($format, 0, 1), '-f', "$dir/$format", 'postgres' ], "pg_dump, $format");
	$primary->command_ok(
		$format eq 'plain'
		? [ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', 'restored', '-f', "$dir/plain" ]
		: [ 'pg_restore', '-e', ($format eq 'directory' ? ('-j', '2') : ()), '-d', 'restored', "$dir/$format" ],
		"restore, $format");
	whole("restored, $format", $primary, 'restored');
	is(sql("SELECT * FROM dtsen.check_attached('lc.usulan') UNION ALL SELECT * FROM dtsen.check_attached('lc.berkas')", $primary, 'restored'), '',
		'no trigger is missing, of partitions neither');
	sql("UPDATE lc.berkas_2 SET state = 'jadi' WHERE state = 'draf'; CREATE TABLE lc.berkas_3 PARTITION OF lc.berkas DEFAULT; INSERT INTO lc.berkas_3 VALUES (99, 3)",
		$primary, 'restored');
	sql("INSERT INTO lc.usulan (id, wilayah) VALUES (900003, '3216'); UPDATE lc.usulan SET state = 'diajukan' WHERE id = 900003", $primary, 'restored');
	whole("written to after restore, $format", $primary, 'restored');
}
# data alone, into the same tables with their triggers
sub structure
{
	my ($from, $to, $db) = @_;
	my $file = $primary->basedir . '/structure';
	$from->command_ok([ 'pg_dump', '--schema-only', '-n', 'lc', '-F', 'c', '-f', $file, 'postgres' ], 'pg_dump, structure only');
	sql('CREATE EXTENSION dtsen', $to, $db);
	return $to->command_ok([ 'pg_restore', '-e', '-d', $db, $file ], 'structure only');
}
$primary->command_ok([ 'pg_dump', '--data-only', '-n', 'lc', '-F', 'c', '-f', "$dir/data", 'postgres' ], 'pg_dump, data only');
for my $triggers ('with', 'without')
{
	sql("DROP DATABASE restored");
	sql("CREATE DATABASE restored");
	structure($primary, $primary, 'restored');
	my @restore = ('pg_restore', '-e', '-d', 'restored');
	if ($triggers eq 'with')
	{
		$primary->command_fails([ @restore, "$dir/data" ], 'data alone is refused by the triggers');
		next;
	}
	$primary->command_ok([ @restore, '--disable-triggers', "$dir/data" ], 'data only, without triggers');
	my $weakened = "SELECT hint FROM dtsen.check_attached('lc.usulan') WHERE check_name = 'trigger_disabled'";
	isnt(sql($weakened, $primary, 'restored'), '', 'that weakens triggers, and check_attached says which');
	sql("DO \$\$ DECLARE step text; BEGIN FOR step IN $weakened LOOP EXECUTE step; END LOOP; END \$\$", $primary, 'restored');
	is(sql($weakened, $primary, 'restored'), '', 'with the statements that mend it');
}
whole('restored, data only', $primary, 'restored');

# --- standby ----------------------------------------------------------------
$primary->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('journal_standby');
$standby->init_from_backup($primary, 'base', has_streaming => 1);
$standby->start;
sql("UPDATE lc.usulan SET state = 'diajukan' WHERE id = 900001");
my $anchor = sql("SELECT dtsen.journal_anchor('lc')");
my $root = sql("SELECT dtsen.anchor_json('lc') ->> 'root'");
$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));
whole('standby', $standby);
is(sql("SELECT count(*) FROM dtsen.check_anchor('lc', '$root')", $standby), '0', 'the anchor holds on the standby');
# row security asks for the regions of who acts there as well, also in a session from before
my $seen = 'SET ROLE jauh; SELECT dtsen.actor_regions(\'lc\'), count(*) = (SELECT count(*) FROM lc.wanted) FROM lc.usulan';
sql("CREATE ROLE jauh; GRANT USAGE ON SCHEMA lc TO jauh; GRANT SELECT ON lc.usulan TO jauh; SELECT dtsen.scope_rows('lc.usulan', false);
	CREATE VIEW lc.wanted AS SELECT FROM lc.usulan WHERE replace(wilayah, '.', '') LIKE '3217%'; GRANT SELECT ON lc.wanted TO jauh");
my $waiting = IPC::Run::start([ 'psql', '-X', '-q', '-At', '-d', $standby->connstr('postgres'), '-c', 'SET ROLE jauh',
	'-c', "SELECT dtsen.actor_regions('lc')", '-c', 'DO $$BEGIN FOR i IN 1..600 LOOP EXIT WHEN dtsen.actor_regions(\'lc\') IS NOT NULL; PERFORM pg_sleep(0.1); END LOOP; END$$',
	'-c', "SELECT dtsen.actor_regions('lc')" ], '>', \my $told, '2>', \my $failed);
$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));
sql("INSERT INTO lc.actor (login, actor_role, person_key, wilayah) VALUES ('jauh', 'operator', 'P-3217', '32.17')");
$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));
is(sql($seen, $standby), '{3217}|t', 'an actor sees on the standby the rows of his regions');
$waiting->finish;
like("$told$failed", qr/^\n?\{3217\}\n$/, 'and a session learns who became one');
sql('DROP VIEW lc.wanted; DROP POLICY scope ON lc.usulan; ALTER TABLE lc.usulan DISABLE ROW LEVEL SECURITY; DROP OWNED BY jauh; DROP ROLE jauh');

# --- a trigger that leads a row elsewhere after the guard, by a step that there is
sql("CREATE FUNCTION lc.turn() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN NEW.state := 'draf'; RETURN NEW; END \$\$;
	CREATE TRIGGER zzz BEFORE UPDATE ON lc.usulan FOR EACH ROW EXECUTE FUNCTION lc.turn();");
my (undef, undef, $refused) = $primary->psql('postgres', "\\set VERBOSITY verbose\nUPDATE lc.usulan SET wilayah = wilayah WHERE id = 900001");
like($refused, qr/SE005: rows under machine "usulan" are not in the states/, 'a step that the guard was not asked about does not commit');
($refused) = ($primary->psql('postgres', "\\set VERBOSITY verbose\nBEGIN; SAVEPOINT a; UPDATE lc.usulan SET wilayah = wilayah WHERE id = 900001; ROLLBACK TO a;
	UPDATE lc.usulan SET state = 'draf', alasan = 'salah' WHERE id = 900001; ROLLBACK;"))[2];
is($refused, '', 'one that it was asked about does, whatever was rolled back');
sql('DROP TRIGGER zzz ON lc.usulan; DROP FUNCTION lc.turn()');

# --- a proof, checked by a server without the extension ---------------------
my $proof = sql("SELECT dtsen.journal_proof('lc', 'usulan', '900001', '3216')", $standby);
my $other = PostgreSQL::Test::Cluster->new('journal_elsewhere');
$other->init;
options($other);
$other->start;
my ($node_dir, $printed) = ($other->{_basedir});

sub checked
{
	my ($pack, $with) = @_;
	my ($out, $err) = ('', '');
	# as the head of the script says: a pack may be longer than an argument can be
	open my $to, '>', "$node_dir/proof.json" or die $!;
	print $to $pack;
	close $to;
	IPC::Run::run([ 'psql', '-X', '-At', '-d', $other->connstr('postgres'), '-v', "root=$with", '-c', "\\set proof `cat $node_dir/proof.json`", '-f', 'docs/verify_proof.sql' ],
		'>', \$out, '2>', \$err);
	$printed = $out;
	return join '', map { my @c = split /\|/; join('', @c[ 12 .. $#c ]) . "\n" } grep { tr/|// > 15 } split /\n/, $out;
}
is(checked($proof, $root), "ttttttttt\n" x 2, 'the proof of a row with two entries is accepted');
isnt(checked($proof =~ s/"ajukan"/"tolak!"/r, $root), "ttttttttt\n" x 2, 'not with another action');
isnt(checked($proof =~ s/P-1/P-2/r, $root), "ttttttttt\n" x 2, 'nor with another person');
isnt(checked($proof, '0' x 64), "ttttttttt\n" x 2, 'nor under another root');
is(checked(sql("SELECT jsonb_set(p, '{entries}', (p -> 'entries') - 0) FROM dtsen.journal_proof('lc', 'usulan', '900001', '3216') AS p", $standby), $root),
	"tfttttttt\n", 'an entry that was left out leaves a hole');
my $content = sql("SELECT dtsen.journal_proof('lc', 'usulan', '900001', '3216', true)", $standby);
is(checked($content, $root), "ttttttttt\n" x 2, 'so is the proof of what the row says');
like($content, qr/"fields": "[0-9a-f]{20}/, 'which holds its columns');
isnt(checked($content =~ s/("fields": "[0-9a-f]{12})(.)/$1 . ($2 eq '7' ? '6' : '7')/er, $root), "ttttttttt\n" x 2, 'not with another value');
isnt(checked($content =~ s/("salt": ")(.)/$1 . ($2 eq '7' ? '6' : '7')/egr, $root), "ttttttttt\n" x 2, 'nor with another salt');
isnt(checked($content =~ s/\["state", /["estate", /gr, $root), "ttttttttt\n" x 2, 'nor with another column');
# what cannot be checked must not be shown
my $forged = $content =~ s/("fields": "[0-9a-f]{12})(.)/$1 . ($2 eq '7' ? '6' : '7')/er;
isnt(checked($forged =~ s/"salt": "[0-9a-f]+"/"salt": null/gr, $root), "ttttttttt\n" x 2, 'nor another value without its salt');
isnt(checked($proof =~ s/"reason": null/"reason": "palsu"/r, $root), "ttttttttt\n" x 2, 'nor a reason that nobody gave');

# the reader sees which row it is of, and values of any length as they are
checked($proof, $root);
like($printed, qr/^2\|usulan\|900001\|3216\|[^|]*\|ajukan\|draf\|diajukan\|\w+\|P-1\|\|1\|t/m, 'the reader is told what was proven of which row');
my $long = 'rumah rusak ' x 20000;
sql("INSERT INTO lc.usulan (id, wilayah, alasan) VALUES (900003, '3216', '$long'), (900004, '3216', left('$long', 200)), (900005, '3216', left('$long', 126))");
sql("SELECT dtsen.journal_anchor('lc')");
my $later = sql("SELECT dtsen.anchor_json('lc') ->> 'root'");
for my $row ([ 900003, $long ], [ 900004, substr($long, 0, 200) ], [ 900005, substr($long, 0, 126) ])
{
	is(checked(sql("SELECT dtsen.journal_proof('lc', 'usulan', '$row->[0]', '3216', true)"), $later), "ttttttttt\n", "the proof of row $row->[0] is accepted");
	my ($told) = $printed =~ /^1\|alasan\|pg_catalog\.text\|(.*)$/m;
	ok(defined $told && $told eq $row->[1], 'and its text is shown whole');
	like($printed, qr/^1\|state\|pg_catalog\.text\|draf\n1\|wilayah\|pg_catalog\.text\|3216$/m, 'with the columns behind it');
}

# and those of the types that a registry's proposals have
my %said = (id => '3fa85f64-5717-4562-b3fc-2c963f66afa6', state => 'draf', berisi => '{"alamat": "Jalan Melati 5"}', dicatat => 'pg_database_owner', kode => 'ab  ',
	desa => '3216012001', kabupaten => '1110', kecamatan => '321010', provinsi => '11', nik => '0216014101900001', kartu => '3216011505120003', nama => 'Siti Aminah');
sql(<<"SQL");
INSERT INTO lc.machine VALUES ('ragam', 1, 'draf');
INSERT INTO lc.state (machine, state) VALUES ('ragam', 'draf'), ('ragam', 'jadi');
INSERT INTO lc.transition (machine, from_state, to_state, action, actor_role) VALUES ('ragam', 'draf', 'jadi', 'jadikan', 'operator');
CREATE TABLE lc.ragam (id uuid PRIMARY KEY, state varchar(9) NOT NULL DEFAULT 'draf', berisi jsonb, dicatat name, kode char(4), desa dtsen.kode_wilayah,
    kabupaten dtsen.kode_wilayah, kecamatan dtsen.kode_wilayah, provinsi dtsen.kode_wilayah, nik dtsen.nik, kartu dtsen.nkk, nama dtsen.nama);
SELECT dtsen.attach('lc.ragam', 'ragam', 'lc', wilayah_column => NULL, changed_at_column => NULL, changed_by_column => NULL);
INSERT INTO lc.ragam (@{[join ', ', sort keys %said]}) VALUES (@{[join ', ', map { "'$said{$_}'" } sort keys %said]});
SELECT dtsen.journal_anchor('lc');
SQL
is(checked(sql("SELECT dtsen.journal_proof('lc', 'ragam', '$said{id}', NULL, true)"), sql("SELECT dtsen.anchor_json('lc') ->> 'root'")), "ttttttttt\n", 'a row of many types is proven');
my %shown = $printed =~ /^1\|(\w+)\|[\w.]+\|(.*)$/mg;
is_deeply(\%shown, \%said, 'and its values are shown as people write them');

# --- a lifecycle from before entries committed to rows, upgraded -------------
# as it was made then: the first part of a registry of version 1
my ($before) = slurp_file('test/upgrade/registry-1.sql') =~ /\A(.*?)\n-- Registry reg: version, regions and code lists/s;
$before =~ s/\breg\b/old/g;
sql($before);
sql(<<'SQL');
INSERT INTO old.machine VALUES ('usulan', 1, 'draf');
INSERT INTO old.state (machine, state) VALUES ('usulan', 'draf'), ('usulan', 'diajukan');
INSERT INTO old.transition (machine, from_state, to_state, action, actor_role, needs_reason) VALUES
    ('usulan', 'draf', 'diajukan', 'ajukan', 'operator', false), ('usulan', 'diajukan', 'draf', 'kembali', 'operator', true);
INSERT INTO old.actor (login, actor_role, person_key) VALUES (current_user, 'operator', 'P-1');
CREATE TABLE old.usulan (id int PRIMARY KEY, state text NOT NULL DEFAULT 'draf', wilayah text, alasan text,
    changed_at timestamptz, changed_by text);
SELECT dtsen.attach('old.usulan', 'usulan', 'old', reason_column => 'alasan');
INSERT INTO old.usulan (id, wilayah) SELECT g, '3216' FROM generate_series(1, 2000) AS g;
UPDATE old.usulan SET state = 'diajukan' WHERE id < 1500;
UPDATE old.usulan SET state = 'draf', alasan = 'salah' WHERE id < 100;
SELECT dtsen.journal_anchor('old');
SQL

sub whole_old
{
	my ($what, $node) = @_;
	is(sql("SELECT string_agg(v::text, E'\\n') FROM dtsen.verify_journal('old') AS v", $node), '', "$what: it verifies");
	return;
}
my $versions = "SELECT string_agg(DISTINCT get_byte(body, 0)::text, ',') FROM old.journal_block WHERE machine = 'usulan'";
my $old_root = sql("SELECT dtsen.anchor_json('old') ->> 'root'");
my (undef, undef, $refusal) = $primary->psql('postgres', "SELECT * FROM dtsen.verify_journal('old')");
like($refusal, qr/made by an earlier version.*HINT:  SELECT dtsen.upgrade_lifecycle\('old'\)/s, 'a lifecycle of before says what it needs');
is(checked(sql("SELECT dtsen.journal_proof('old', 'usulan', '7', '3216', true)"), $old_root), "ttttttttt\n" x 3, 'its proofs are accepted');
is(sql("SELECT count(*) FROM dtsen.upgrade_lifecycle('old')"), 4, 'it is upgraded in four steps');
is(sql("SELECT count(*) FROM dtsen.upgrade_lifecycle('old')"), 0, 'once');
sql('CREATE SCHEMA fresh; SELECT dtsen.create_lifecycle(\'fresh\')');
my $shape = sub {
	my $text = sql(<<"SQL");
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attstorage, col_description(c.oid, a.attnum)
FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = '$_[0]'::regnamespace AND c.relkind IN ('r', 'v') AND c.relname <> 'usulan' AND (c.relname, a.attname) NOT IN (('journal', 'action'))
ORDER BY c.relname, a.attnum;
SELECT c.relname, k.conname, pg_get_constraintdef(k.oid) FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid
WHERE c.relnamespace = '$_[0]'::regnamespace AND c.relname <> 'usulan' ORDER BY c.relname, k.conname;
SELECT c.relname, t.tgenabled, pg_get_triggerdef(t.oid) FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
WHERE c.relnamespace = '$_[0]'::regnamespace AND c.relname NOT IN ('usulan', 'machine_version') AND NOT t.tgisinternal ORDER BY c.relname, t.tgname;
SQL
	$text =~ s/\b$_[0]\b/x/g;
	return $text;
};
is($shape->('old'), $shape->('fresh'), 'its tables, their constraints and triggers are those of one made today');
(undef, undef, $refusal) = $primary->psql('postgres',
	q{\set VERBOSITY sqlstate
INSERT INTO old.machine VALUES ('lain', 1, 'a'); INSERT INTO old.state (machine, state) VALUES ('lain', 'a'), ('lain', 'b');
INSERT INTO old.transition (machine, from_state, to_state, action, actor_role) VALUES ('lain', 'a', 'b', 'erased', 'x')});
like($refusal, qr/23514/, 'no step is called as the journal calls an erasure');
whole_old('upgraded');
sql("UPDATE old.usulan SET state = 'diajukan' WHERE id < 10");
is(sql($versions), '1', 'a table goes on as it was');
sql("SELECT dtsen.detach('old.usulan', 'usulan'), dtsen.attach('old.usulan', 'usulan', 'old', reason_column => 'alasan')");
sql("UPDATE old.usulan SET state = 'draf', alasan = 'lagi' WHERE id = 7; INSERT INTO old.usulan (id, wilayah) VALUES (3000, '3216'); SELECT dtsen.journal_anchor('old')");
is(sql($versions), '1,2', 'until it is attached anew: one chain of blocks of both kinds');
is(sql("SELECT count(DISTINCT chain) FROM old.journal_block WHERE machine = 'usulan'"), '1', 'in one chain');
whole_old('attached anew');
my $new_root = sql("SELECT dtsen.anchor_json('old') ->> 'root'");
is(sql("SELECT count(*) FROM unnest('{$old_root,$new_root}'::text[]) AS r, dtsen.check_anchor('old', r)"), '0', 'both anchors hold');
my $both = sql("SELECT dtsen.journal_proof('old', 'usulan', '7', '3216', true)");
isnt($old_root, $new_root, 'they are two');
is(sql("SELECT string_agg(concat(e ->> 'action', CASE WHEN e ? 'content' THEN '+' END, e -> 'anchor' ->> 'anchor'), ' ') FROM jsonb_array_elements('$both'::jsonb -> 'entries') AS e"),
	'born1 ajukan1 kembali1 ajukan2 attached+2 kembali+2', 'the proof of a row has entries of both kinds, under two anchors');
is(checked($both, $old_root), "ttttttttt\n" x 3 . "ttttttttf\n" x 3, 'what was before the first is accepted under its root');
is(checked($both, "$old_root, $new_root"), "ttttttttt\n" x 6, 'all under both');
is(checked($both, $new_root), "ttttttttf\n" x 3 . "ttttttttt\n" x 3, 'the rest under the second');
isnt(checked($both =~ s/"salah"/"betul"/r, $old_root), "ttttttttt\n" x 3 . "ttttttttf\n" x 3, 'not with another reason');
$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));
whole_old('on a standby', $standby);
# what is changed behind the triggers, in blocks of either kind and in rows
sql('ALTER TABLE old.journal_block DISABLE TRIGGER USER; ALTER TABLE old.usulan DISABLE TRIGGER USER');
for my $case (
	[ "UPDATE old.journal_block SET body = set_byte(body, 40, get_byte(body, 40) # 1) WHERE machine = 'usulan' AND get_byte(body, 0) = 1 AND seq > 1", qr/digest|entry|damaged/, 'a block of version 1' ],
	[ "UPDATE old.journal_block SET body = set_byte(body, 40, get_byte(body, 40) # 1) WHERE machine = 'usulan' AND get_byte(body, 0) = 2", qr/digest|entry|damaged/, 'one of version 2' ],
	[ "DELETE FROM old.journal_block WHERE machine = 'usulan' AND seq = (SELECT min(seq) FROM old.journal_block WHERE get_byte(body, 0) = 2)", qr/gap/, 'a block between them' ],
	[ "UPDATE old.usulan SET changed_by = 'x' WHERE id = 1999", qr/content/, 'a row' ])
{
	my ($statement, $problem, $what) = @$case;
	my $found = sql("BEGIN; $statement; SELECT problem FROM dtsen.verify_journal('old') LIMIT 1; ROLLBACK");
	like($found, $problem, "$what that was changed is found");
}
$other->stop;

# --- what a row says, compared by a server that only reads, and in parallel --
sql("ALTER TABLE lc.usulan DISABLE TRIGGER USER; UPDATE lc.usulan SET alasan = coalesce(alasan, '') || 'x' WHERE id IN (900001, 900002)");
$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));
for my $given ('', 'SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; SET debug_parallel_query = on; ')
{
	my $set = $given;
	$set =~ s/debug_parallel_query/force_parallel_mode/ if sql('SHOW server_version_num', $standby) < 160000;
	is(sql("${set}SELECT string_agg(key || problem, ' ' ORDER BY key) FROM dtsen.verify_journal('lc')", $standby), '900001content 900002content',
		'the standby finds columns that were changed' . ($set ne '' ? ', in parallel' : ''));
}
sql("UPDATE lc.usulan SET alasan = nullif(left(alasan, -1), '') WHERE id IN (900001, 900002); ALTER TABLE lc.usulan ENABLE TRIGGER USER");
for my $t (split /\n/, sql("SELECT tgname FROM pg_trigger WHERE tgrelid = 'lc.usulan'::regclass AND tgname LIKE 'zz_dtsen%'"))
{
	sql("ALTER TABLE lc.usulan ENABLE ALWAYS TRIGGER $t");
}
whole('changed back', $primary);
$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));

# --- promotion --------------------------------------------------------------
$primary->stop('immediate');
$standby->promote;
sql("UPDATE lc.usulan SET state = 'diajukan' WHERE id = 900002", $standby);
whole('promoted', $standby);

# --- logical replication ----------------------------------------------------
my $subscriber = PostgreSQL::Test::Cluster->new('journal_subscriber');
$subscriber->init;
options($subscriber);
$subscriber->start;
structure($standby, $subscriber, 'postgres');
sql('CREATE PUBLICATION pub FOR TABLES IN SCHEMA lc', $standby);
sql("CREATE SUBSCRIPTION sub CONNECTION '" . $standby->connstr . " dbname=postgres' PUBLICATION pub", $subscriber);
$subscriber->wait_for_subscription_sync($standby, 'sub') if $subscriber->can('wait_for_subscription_sync');
$subscriber->poll_query_until('postgres', "SELECT count(*) = 0 FROM pg_subscription_rel WHERE srsubstate <> 'r'")
  or die 'the subscription does not become ready';
sql("UPDATE lc.usulan SET state = 'draf', alasan = 'lagi' WHERE id = 900002", $standby);
$standby->wait_for_catchup('sub');
is(sql('SELECT count(*) FROM lc.journal', $subscriber), sql('SELECT count(*) FROM lc.journal', $standby), 'the journal arrives');
is(sql("SELECT reason FROM lc.journal WHERE key = '900002' AND action = 'kembali'", $subscriber), 'lagi', 'with its reasons');
whole('subscriber', $subscriber);
$subscriber->stop;
$standby->stop;
done_testing();
