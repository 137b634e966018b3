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
for my $name (qw(cookbook checklist))
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
like(sql('postgres', 'DROP EXTENSION dtsen CASCADE'), qr/registry data would be lost/, 'the extension cannot take the registry along');

# the registry's part of the log
my $log = slurp_file("$dir/server.log");
unlike($log, qr/\d{16}/, 'the server log holds no number of 16 digits');
done_testing();
