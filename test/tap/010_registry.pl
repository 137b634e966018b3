# The demo from end to end, looked at from outside: its counts add up, the
# matching agrees with the truth of the generated people, and the registry comes
# back from a dump as it was.
use strict;
use warnings;
use File::Temp qw(tempdir);
use PostgreSQL::Test::Utils;
use Test::More;
use DocPage;

my $top = $ENV{PWD};
$top = $1 if __FILE__ =~ m{^(/.*)/test/tap/[^/]*$};
chdir $top or die "$top: $!";
my $dir = tempdir('/tmp/dtsen-registry-XXXXXX', CLEANUP => 1);
my $bin = `"$ENV{PG_CONFIG}" --bindir`;
chomp $bin;

-x 'build/population'
  or system("make -s PG_CONFIG='$ENV{PG_CONFIG}' with_llvm=no population >/dev/null") == 0
  or BAIL_OUT('the population generator does not build');
# wrong arguments are refused before anything is installed or built
for my $wrong (['--families 500', 'a number from 1000'], ['--families=abc', 'a number from 1000'], ['--families 5000001', 'up to 5000000'],
	['--seed x', '--seed takes a number'], ['--seed', 'needs a value'], ['--dir=', '--dir needs a directory'], ['--dir demo', 'is no directory'], ['word', 'unknown option word'])
{
	my $said = `./demo $wrong->[0] 2>&1`;
	isnt($?, 0, "./demo $wrong->[0]");
	like($said, qr/\A[^\n]*\Q$wrong->[1]\E[^\n]*\n\z/, 'is refused, in one line');
}
my $output = `test/demo/run --families 1500 --seed 7 --dir $dir --keep 2>&1`;
is($?, 0, 'the demo succeeds') or diag($output);
END { system("$bin/pg_ctl", '-D', "$dir/data", '-m', 'immediate', '-s', 'stop') if defined $dir && -d "$dir/data"; }

$ENV{PGHOST} = $dir;
$ENV{PGPORT} = 5497;

sub sql
{
	my ($user, $query, $database) = @_;
	my $file = "$dir/query.sql";
	open my $fh, '>', $file or die $!;
	print $fh $query;
	close $fh;
	my $answer = `$bin/psql -X -q -A -t -v ON_ERROR_STOP=1 -U $user -d @{[$database // 'demo']} -f $file 2>&1`;
	chomp $answer;
	return $answer;
}

# what it says
my @imports = $output =~ /(\d+) lines read = (\d+) accepted \+ (\d+) refused; (\d+) new, (\d+) changed, (\d+) same/g;
ok(@imports == 6 * 6, 'six imports are reported');
while (my ($read, $accepted, $refused, $new, $changed, $same) = splice @imports, 0, 6)
{
	is($read, $accepted + $refused, 'read = accepted + refused');
	is($accepted, $new + $changed + $same, 'accepted = new + changed + same');
}
unlike($output, qr/\d{16}/, 'no number of 16 digits is shown');
my $refusals = () = $output =~ /ERROR: +(?:SE\d\d\d|42501):/g;
is($refusals, 12, 'each attempt is refused with its SQLSTATE');

# the pages whose examples this demo answers, each on a copy of its database
for my $name (qw(cookbook checklist privacy))
{
	is(system("$bin/createdb -U postgres -T demo $name"), 0, "a copy for docs/$name.md");
	sql('postgres', "ALTER DATABASE $name SET search_path = public, dtsen", $name);
	chdir $dir or die;
	DocPage::examples("$top/docs/$name.md", $dir, "$bin/psql -d $name -U verifikator_1");
	chdir $top or die;
}

# every physical line of a file is in the registry or refused
for my $file (['keluarga', 'keluarga_dtsen_v1_2026.csv'], ['anggota', 'anggota_keluarga_dtsen_v1_2026.csv'],
	['dukcapil', 'dukcapil.csv'], ['skor', 'skor.csv'])
{
	my ($kind, $name) = @$file;
	open my $fh, '<:raw', "$dir/$name" or die "$name: $!";
	my $lines = () = <$fh>;
	close $fh;
	is(sql('dba', "SELECT read_count FROM bekasi.import_run WHERE kind = '$kind'"), $lines - 1, "$kind: every line was read");
	is(sql('dba', "SELECT refused_count - (SELECT count(*) FROM bekasi.import_reject AS r WHERE r.import_id = i.id)
		FROM bekasi.import_run AS i WHERE kind = '$kind'"), 0, "$kind: every refused line is kept");
}

# dtsen-import: any byte arrives, and is judged line by line
sub import_bytes
{
	my ($bytes, @options) = @_;
	open my $fh, '>:raw', "$dir/odd.csv" or die $!;
	print $fh $bytes;
	close $fh;
	local $ENV{PGUSER} = 'data_bekasi';
	local $ENV{PGDATABASE} = 'demo';
	my $answer = `src/registry/dtsen-import @options $dir/odd.csv 2>&1`;
	return ($? >> 8, $answer);
}
my $nkk = '321601170120';
my ($status, $answer) = import_bytes("kode_kelurahan_desa|nomor_kartu_keluarga|alamat\r\n"
	  . "3216011007|${nkk}9001|A\r\n3216011007|${nkk}9002|B\0B\r\n\\.\r\n\r\n3216011007|${nkk}9003|\x01\x02\r\n"
	  . "3216011007|${nkk}9004|caf\xe9\r\n3216011007|${nkk}9005|caf\xc3\xa9", qw(--schema bekasi --kind keluarga));
is($status, 0, 'a file with odd bytes is imported');
like($answer, qr/^odd\.csv: 7 lines read = 2 accepted \+ 5 refused; 2 new/, 'what is good of it came in');
like($answer, qr/refused 2: the line holds a control character or a NUL byte, first in line 3/, 'NUL and other control bytes are named');
like($answer, qr/refused 1: the line is no UTF-8, first in line 7/, 'so is what is no UTF-8');
like($answer, qr/refused 1: the line is empty, first in line 5/, 'and an empty line');
like($answer, qr/refused 1: fewer columns than the header, first in line 4/, 'backslash and dot do not end the file');
is(sql('dba', "SELECT string_agg(alamat, ',' ORDER BY alamat) FROM bekasi.keluarga WHERE nkk::text ~ '^${nkk}900'"), "A,caf\xc3\xa9", 'the lines are what was written');
($status, $answer) = import_bytes("kode_kelurahan_desa|alamat\n3216011007|A\n", qw(--schema bekasi --kind keluarga));
isnt($status, 0, 'a file without a required column fails');
unlike($answer, qr/3216011007/, 'without showing its lines');
{
	local $ENV{PGUSER} = 'data_bekasi';
	local $ENV{PGDATABASE} = 'demo';
	$answer = `src/registry/dtsen-import --schema bekasi --kind keluarga $dir 2>&1`;
	isnt($?, 0, 'what cannot be read to its end fails');
	like($answer, qr/could not be read to its end/, 'and says so');
}
is((import_bytes('', '--schema', 'bekasi'))[0], 2, 'dtsen-import needs a kind');
is((import_bytes('', qw(--schema bekasi --kind orang)))[0], 2, 'one that it knows');
is((import_bytes('', '--schema', "'be;kasi'", qw(--kind skor)))[0], 2, 'and a name of a registry');

# the matching against the truth
is(sql('dba', <<"SQL"), '0', 'load the truth');
CREATE SCHEMA truth;
CREATE TABLE truth.person (id_person text, id_family text, nik text, nkk text, nama text, tanggal_lahir text, jenis_kelamin text,
    dtsen_line text, dtsen_nik text, dtsen_operations text, dtks_line text, dtks_nik text, dtks_operations text,
    dukcapil_line text, status_hidup text, traits text);
\\copy truth.person from '$dir/truth.csv' with (format csv, delimiter '|', header)
CREATE TABLE truth.judged AS
SELECT r.status, r.suggested_nik::text AS suggested, t.nik AS true_nik, a.nik::text AS written
FROM bekasi.pemadanan_result AS r JOIN bekasi.anggota AS a ON a.id = r.anggota_id
JOIN truth.person AS t ON t.dtsen_nik = a.nik::text AND t.dtsen_line <> ''
WHERE r.pemadanan_id = 1 AND (SELECT count(*) FROM truth.person AS o WHERE o.dtsen_nik = a.nik::text) = 1;
SELECT count(*) FROM truth.judged WHERE false;
SQL
cmp_ok(sql('dba', "SELECT count(*) FROM truth.judged WHERE suggested IS NOT NULL"), '>', 20, 'the matching suggests NIKs');
cmp_ok(sql('dba', "SELECT 1.0 * count(*) FILTER (WHERE suggested = true_nik) / count(*) FROM truth.judged WHERE suggested IS NOT NULL"),
	'>=', 0.98, 'at least 98 of 100 suggestions are the true NIK');
is(sql('dba', "SELECT count(*) FROM truth.judged WHERE status = 'padan' AND written <> true_nik"), 0,
	'nobody is matched under the NIK of another');

# the answers of the cookbook against the truth: its matched table again, by the
# statements of the page
my ($sheet) = slurp_file("$top/docs/cookbook.md") =~ /^(CREATE TEMPORARY TABLE sheet.*?;\n\\copy[^\n]*\nCREATE TEMPORARY TABLE matched.*?;\n)/ms;
ok($sheet, 'the cookbook matches a list without NIKs');
chdir $dir or die;
my $scored = sql('dba', $sheet . <<'SQL');
WITH known AS (SELECT DISTINCT k.dtks_line, d.dtsen_nik, d.nik FROM truth.person AS k
    JOIN truth.person AS d ON d.id_person = k.id_person AND d.dtsen_line <> '' WHERE k.dtks_line <> '')
SELECT concat_ws(' ', count(*) FILTER (WHERE m.verdict = 'matched'),
    -- the NIK as written, or repaired since by a proposal
    count(*) FILTER (WHERE m.verdict = 'matched' AND EXISTS (SELECT FROM known AS k
        WHERE k.dtks_line = (m.line + 1)::text AND a.nik::text IN (k.dtsen_nik, k.nik))),
    count(*) FILTER (WHERE EXISTS (SELECT FROM known AS k WHERE k.dtks_line = (m.line + 1)::text)))
FROM matched AS m LEFT JOIN bekasi.anggota AS a ON a.id = m.best
SQL
chdir $top or die;
my ($matched, $right, $findable) = split / /, $scored;
cmp_ok($matched, '>', 1000, 'most rows are called matched') or diag($scored);
cmp_ok($right, '>=', 0.99 * $matched, 'of them 99 in 100 are the right person') or diag($scored);
cmp_ok($right, '>=', 0.95 * $findable, 'and of those who are in the registry 95 in 100 are found') or diag($scored);
is(sql('dba', <<'SQL'), 'f|f', 'who the cookbook says is gone is dead or has moved in truth, and nobody else');
WITH said AS (SELECT a.nik::text FROM bekasi.pemadanan_result AS r JOIN bekasi.padan_status AS s ON s.status = r.status AND s.verdict = 'gone'
    JOIN bekasi.anggota AS a ON a.id = r.anggota_id WHERE r.pemadanan_id = 1),
truly AS (SELECT dtsen_nik FROM truth.person WHERE dtsen_line <> '' AND dtsen_nik = nik AND status_hidup <> 'hidup'
    AND dtsen_nik IN (SELECT a.nik::text FROM bekasi.anggota AS a GROUP BY 1 HAVING count(*) = 1))
SELECT EXISTS (SELECT nik FROM said EXCEPT SELECT dtsen_nik FROM truth.person WHERE status_hidup <> 'hidup'),
    EXISTS (SELECT dtsen_nik FROM truly EXCEPT SELECT nik FROM said)
SQL
is(sql('dba', <<'SQL'), 'f', 'whose NIK stands twice is planted as such: a second record, or the number of a relative');
SELECT EXISTS (SELECT a.nik::text FROM bekasi.anggota AS a JOIN bekasi.anggota AS b ON b.nik = a.nik AND b.keluarga_id > a.keluarga_id
    EXCEPT SELECT dtsen_nik FROM truth.person WHERE dtsen_operations ~ 'duplicate|nik_relative|nik_recycled')
SQL
is(sql('dba', "SELECT sum(entitled_without) = (SELECT count(*) FROM bekasi.desil AS d WHERE d.edisi_id = 1 AND d.desil_nasional <= 5
	AND d.keluarga_id % 41 <> 5 AND NOT EXISTS (SELECT FROM bekasi.kepesertaan AS k WHERE k.keluarga_id = d.keluarga_id))
	FROM bekasi.report_exclusion('sembako', 1)"), 't', 'exclusion: deciles 1 to 5, not judged able, in no programme');
is(sql('dba', "SELECT sum(without_right) = (SELECT count(*) FROM bekasi.desil AS d WHERE d.edisi_id = 1 AND d.desil_nasional >= 6
	AND d.keluarga_id % 20 = 1) FROM bekasi.report_exclusion('sembako', 1)"), 't', 'inclusion: those planted');
is(sql('dba', "SELECT count(*) FROM bekasi.double_aid('2026-01-01')"), 7, 'double aid: those planted');
is(sql('dba', "SELECT count(*) FROM bekasi.report_movers(1, 2, 3) AS m WHERE NOT EXISTS (SELECT FROM bekasi.usulan AS u
	WHERE u.keluarga_id = m.keluarga_id AND u.kind = 'ubah' AND u.state = 'terbit')"), 0, 'movers: whose score was halved for a proposal');

# the everyday questions of the Indonesian page, on this registry
my @asked = slurp_file("$top/README.id.md") =~ /`(SELECT [^`]*;)`/g;
cmp_ok(scalar @asked, '>', 8, 'README.id.md asks questions');
unlike(sql('dba', s/4711/7/r), qr/ERROR/, $_) for @asked;

# dump and restore: nothing else to do
my $tables = <<'SQL';
SELECT c.relname, (xpath('/row/d/text()', query_to_xml(format('SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) AS d FROM bekasi.%I AS t',
    c.relname), false, true, '')))[1]
FROM pg_class AS c WHERE c.relnamespace = 'bekasi'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1
SQL
my $before = sql('dba', $tables);
for my $format ('c', 'd')
{
	my $jobs = $format eq 'd' ? '-j 2' : '';
	is(system("$bin/pg_dump -U postgres -F$format -f $dir/dump.$format demo"), 0, "dump in format $format");
	is(system("$bin/createdb -U postgres -O dba -T template0 restored_$format && $bin/pg_restore -U postgres $jobs -e -d restored_$format $dir/dump.$format"),
		0, 'restore without an error');
	is(sql('dba', $tables, "restored_$format"), $before, 'every table is as it was');
	is(sql('dba', "SELECT row_id, check_name FROM dtsen.check_registry('bekasi') WHERE check_name <> 'statistics missing'", "restored_$format"), '', 'nothing drifted');
	sql('dba', 'ANALYZE', "restored_$format");
	is(sql('dba', "SELECT row_id, check_name FROM dtsen.check_registry('bekasi')", "restored_$format"), '', 'and after ANALYZE nothing at all is found');
	is(sql('dba', "SELECT count(*) FROM dtsen.verify_journal('bekasi')", "restored_$format"), 0, 'the journal verifies');
	is(sql('dba', "SELECT is_intact FROM bekasi.edisi_verify(1)", "restored_$format"), 't', 'the edition is what was published');
	like(sql('dba', "UPDATE bekasi.desil SET desil_nasional = 1", "restored_$format"), qr/cannot change/, 'and still cannot change');
	is(sql('verifikator_1', 'SELECT count(*) FROM bekasi.keluarga', "restored_$format"),
		sql('verifikator_1', 'SELECT count(*) FROM bekasi.keluarga'), 'row security shows the same');
}
# the registry alone, as docs/install.md says
is(system("$bin/pg_dump -U postgres -Fc -n bekasi -n bekasi_bi -n dtsen --extension=dtsen -f $dir/dump.alone demo"), 0, 'dump of the registry alone');
is(system("$bin/createdb -U postgres -O dba -T template0 alone && $bin/pg_restore -U postgres -e -d alone $dir/dump.alone"), 0, 'goes into an empty database without an error');
sql('dba', 'ANALYZE', 'alone');
is(sql('dba', "SELECT row_id, check_name FROM dtsen.check_registry('bekasi')", 'alone'), '', 'where nothing is missing');
is(sql('dba', "SELECT count(*) FROM dtsen.verify_journal('bekasi')", 'alone'), 0, 'and the journal verifies');
like(sql('postgres', 'DROP EXTENSION dtsen CASCADE'), qr/registry data would be lost/, 'the extension cannot take the registry along');

# An import that is killed, wherever it is, goes on with the same command and ends
# as one that nobody disturbed. The registries have triggers that wait for a lock,
# so that the kill finds the import in the middle of a part, or of the writing.
is(system("$bin/createdb -U postgres killed"), 0, 'a database for imports that are killed');
is(sql('postgres', <<'SQL', 'killed'), '', 'two registries, one for imports that nobody disturbs');
SET client_min_messages = warning;
CREATE EXTENSION dtsen;
CREATE ROLE kill_data LOGIN;
DO $do$
DECLARE
    r text;
BEGIN
    FOREACH r IN ARRAY '{calm,killed}'::text[] LOOP
        PERFORM dtsen.create_registry(r);
        PERFORM dtsen.setup_roles(r, false);
        EXECUTE format('GRANT %I TO kill_data', r || '_pengelola');
        EXECUTE format($$ INSERT INTO %I.actor (login, actor_role, person_key, wilayah) VALUES ('kill_data', 'pengelola', 'p', '32.16') $$, r);
    END LOOP;
END $do$;
CREATE FUNCTION public.wait_here() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_catalog.pg_advisory_xact_lock_shared(42);
    RETURN NULL;
END $$;
CREATE TRIGGER wait_here AFTER INSERT ON killed.import_part FOR EACH ROW WHEN (NEW.first_byte > 300000) EXECUTE FUNCTION public.wait_here();
CREATE TRIGGER wait_here AFTER INSERT ON killed.anggota FOR EACH STATEMENT EXECUTE FUNCTION public.wait_here();
ALTER TABLE killed.import_part DISABLE TRIGGER wait_here;
ALTER TABLE killed.anggota DISABLE TRIGGER wait_here;
SQL
my %file = (keluarga => "$dir/keluarga_dtsen_v1_2026.csv", anggota => "$dir/anggota_keluarga_dtsen_v1_2026.csv", dukcapil => "$dir/dukcapil.csv");
my %rest = (PGUSER => 'kill_data', PGDATABASE => 'killed');

sub import_to
{
	my ($registry, $kind) = @_;
	local @ENV{keys %rest} = values %rest;
	my $answer = `src/registry/dtsen-import --schema $registry --kind $kind --lines 100 $file{$kind} 2>&1`;
	return $answer;
}

# starts an import, lets $kill loose on it, and waits until nothing of it is left
sub killed_import
{
	my ($kind, $kill) = @_;
	my $pid = fork // die $!;
	if ($pid == 0)
	{
		setpgrp;
		@ENV{keys %rest} = values %rest;
		open STDOUT, '>', "$dir/killed.out" or die $!;
		open STDERR, '>&', \*STDOUT or die $!;
		exec 'src/registry/dtsen-import', qw(--schema killed --kind), $kind, '--lines', 100, $file{$kind} or die $!;
	}
	$kill->($pid);
	waitpid $pid, 0;
	return;
}

# the answer of the query, when it is what is waited for
sub wait_until
{
	my ($query, $expected) = @_;
	my $answer = '';
	for (1 .. 600)
	{
		$answer = sql('postgres', $query, 'killed');
		return $answer if $answer =~ $expected;
		select undef, undef, undef, 0.05;
	}
	diag("waited in vain: $answer\n" . slurp_file("$dir/killed.out"));
	return $answer;
}
my $waits = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = 42 AND NOT granted";
my $progress = "SELECT concat_ws(' ', state, is_running, line_count > 1, percent BETWEEN 1 AND 99, attempt_count)
    FROM killed.import_progress() ORDER BY stage_id DESC LIMIT 1";
my $barrier;

sub hold
{
	open $barrier, '|-', "$bin/psql -X -q -A -t -U postgres -d killed >/dev/null 2>&1" or die $!;
	$barrier->autoflush;
	print $barrier "SELECT pg_advisory_lock(42);\n";
	wait_until("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 42 AND granted", qr/^1$/);
	return;
}

sub let_go
{
	print $barrier "\\q\n";
	close $barrier;
	return;
}
# a killed backend's place is taken until the server has begun anew
my $killed;
my $kill_backend = sub { $killed = wait_until($waits, qr/^\d+$/); kill 'KILL', $killed };
my $back = sub { wait_until("SELECT 'gone' WHERE NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = $killed)", qr/^gone$/) };

for my $registry ('calm', 'killed')
{
	like(import_to($registry, 'keluarga'), qr/lines read = /, "families come into the registry '$registry'");
}
my $kind = 'anggota';
sql('postgres', 'ALTER TABLE killed.import_part ENABLE TRIGGER wait_here; ALTER TABLE killed.anggota ENABLE TRIGGER wait_here', 'killed');
my $calm = import_to('calm', $kind);
like($calm, qr/lines read = /, "$kind: an import that nobody disturbs");
hold();
# the client, in the middle of a part
killed_import($kind, sub { my $pid = shift; wait_until($waits, qr/^\d+$/); kill 'KILL', -$pid });
let_go();
wait_until($progress, qr/ f t t 0$/);
is(sql('postgres', $progress, 'killed'), 'staging f t t 0', "$kind: what the killed client had sent is kept, and seen");
is(sql('postgres', "SELECT count(*) FROM killed.$kind", 'killed'), 0, "$kind: nothing of it is in the registry");
hold();
# the backend, in the next part
killed_import($kind, $kill_backend);
let_go();
$back->();
is(sql('postgres', $progress, 'killed'), 'staging f t t 0', "$kind: a killed backend leaves what was kept");
# the backend, in the writing
sql('postgres', 'ALTER TABLE killed.import_part DISABLE TRIGGER wait_here', 'killed');
hold();
killed_import($kind, $kill_backend);
let_go();
$back->();
like(slurp_file("$dir/killed.out"), qr/going on behind byte [1-9]/, "$kind: the next run went on where they stopped");
is(sql('postgres', $progress, 'killed'), 'writing f t f 1', "$kind: killed in the writing");
is(sql('postgres', "SELECT count(*) FROM killed.$kind", 'killed'), 0, "$kind: and nothing of it was written");
# the client, in the writing: the server goes on, and the next run waits for it
hold();
killed_import($kind, sub { my $pid = shift; wait_until($waits, qr/^\d+$/); kill 'KILL', -$pid });
my $next = fork // die $!;
if ($next == 0)
{
	open STDOUT, '>', "$dir/next.out" or die $!;
	print import_to('killed', $kind);
	close STDOUT;
	require POSIX;
	POSIX::_exit(0);
}
wait_until("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted", qr/^2$/);
let_go();
waitpid $next, 0;
my ($counts) = $calm =~ /^(.*)$/m;
like(slurp_file("$dir/next.out"), qr/\Q$counts\E \(this file was imported before/, "$kind: the run after it reports the same counts");
is(sql('postgres', $progress, 'killed'), 'done f t f 2', "$kind: done");
sql('postgres', 'ALTER TABLE killed.anggota DISABLE TRIGGER wait_here', 'killed');

# wherever it is: later and later, until one run is quick enough
import_to('calm', 'dukcapil');
for (my $after = 0.05; $after < 2; $after *= 1.5)
{
	killed_import('dukcapil', sub { my $pid = shift; select undef, undef, undef, $after; kill 'KILL', -$pid });
	last if sql('postgres', "SELECT 1 FROM killed.import_stage WHERE kind = 'dukcapil' AND state = 'done'", 'killed');
}
like(import_to('killed', 'dukcapil'), qr/lines read = /, 'killed at any time, and run to its end at last');

# a file that cannot be read to its end: the read fails in the middle of a line
mkdir "$dir/broken" or die $!;
open my $tail, '>', "$dir/broken/tail" or die $!;
print $tail "#!/bin/sh\ncase \$2 in 1) exec /usr/bin/tail \"\$\@\" ;; esac\nhead -c 100000\nexit 1\n";
close $tail;
chmod 0755, "$dir/broken/tail";
$file{dtks} = "$dir/dtks.csv";
{
	local $ENV{PATH} = "$dir/broken:$ENV{PATH}";
	like(import_to('killed', 'dtks'), qr/could not be read to its end/, 'a read error in the middle is no end of the file');
}
is(sql('postgres', 'SELECT count(*) FROM killed.dtks', 'killed'), 0, 'nothing of the file came in');
like(import_to('killed', 'dtks'), qr/going on behind byte \d+ .*lines read = /s, 'when it can be read the import goes on');
import_to('calm', 'dtks');
is(sql('postgres', 'SELECT count(*) FROM killed.import_part', 'killed'), 0, 'no part is left');

# what came of it, but for numbers and times
my $content = join ' UNION ALL ', (map { "SELECT '$_', md5(string_agg(x::text, chr(10) ORDER BY x::text COLLATE \"C\")) FROM (
    SELECT to_jsonb(t) - '{id,keluarga_id,import_id,created_at,changed_at,stage_id}'::text[] AS x FROM REG.$_ AS t) AS s" }
	qw(keluarga rumah aset dukcapil dtks import_run import_reject keanggotaan)),
  "SELECT 'anggota', md5(string_agg(x::text, chr(10) ORDER BY x::text COLLATE \"C\")) FROM (SELECT k.nkk, to_jsonb(t)
    - '{id,keluarga_id,import_id,created_at,changed_at}'::text[] FROM REG.anggota AS t JOIN REG.keluarga AS k ON k.id = t.keluarga_id) AS x";
my %content = map { $_ => sql('postgres', $content =~ s/REG/$_/gr, 'killed') } 'calm', 'killed';
like($content{calm}, qr/anggota\|[0-9a-f]{32}/, 'there is something to compare');
is($content{killed}, $content{calm}, 'all tables, counts and refused lines are those of the imports that nobody disturbed');

# every shape of docs/formats.md, as it stands there
is(sql('postgres', <<'SQL', 'killed'), '', 'a registry for the samples of docs/formats.md');
SET client_min_messages = warning;
CREATE ROLE kill_bps LOGIN;
DO $do$
BEGIN
    PERFORM dtsen.create_registry('samples');
    PERFORM dtsen.setup_roles('samples', false);
    GRANT samples_pengelola TO kill_data;
    GRANT samples_bps TO kill_bps;
    INSERT INTO samples.actor (login, actor_role, person_key, wilayah) VALUES ('kill_data', 'pengelola', 'p', '32.16'), ('kill_bps', 'bps', 'b', NULL);
    INSERT INTO samples.model VALUES ('pmt-2026-1', 'of the sample', 'invented');
END $do$;
SQL
my $page = slurp_file("$top/docs/formats.md");
my $samples = 0;
while ($page =~ /^### [^\n]*`--kind (\w+)`\)\n.*?^```\n(.*?)^```\n\n((?:    [^\n]*\n)+)/gms)
{
	my ($kind, $text, $said) = ($1, $2, $3);
	$said =~ s/^    //gm;
	open my $fh, '>', "$dir/sample.txt" or die $!;
	print $fh $text;
	close $fh;
	local @ENV{keys %rest} = (values %rest);
	local $ENV{PGUSER} = 'kill_bps' if $kind eq 'skor';
	is(scalar `src/registry/dtsen-import --schema samples --kind $kind --name sample $dir/sample.txt 2>&1`, $said, "docs/formats.md: the sample of kind $kind");
	$samples++;
}
is($samples, 8, 'every kind of file has a sample there');

# the registry's part of the log
my $log = slurp_file("$dir/server.log");
# a segment of WAL has a name of 24
unlike($log, qr/(?<![0-9A-F])\d{16}(?![0-9A-F])/, 'the server log holds no number of 16 digits');
done_testing();
