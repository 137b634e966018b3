# The examples of the pages that need no registry: each block of SQL must print
# what the page shows below it. And the index of names through a crash and in parallel plans.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use DocPage;

my $top = $ENV{PWD};
$top = $1 if __FILE__ =~ m{^(/.*)/test/tap/[^/]*$};
my $page = "$top/docs/matching.md";
my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->append_conf('postgresql.conf', <<'CONF');
log_statement = none
log_min_error_statement = panic
CONF
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION dtsen');

my $psql = "psql -h @{[$node->host]} -p @{[$node->port]}";
DocPage::examples($page, $node->{_basedir}, "$psql -d postgres");
for my $name (qw(identity name linkage household pmt))
{
	$node->safe_psql('postgres', "CREATE DATABASE $name");
	$node->safe_psql($name, "CREATE EXTENSION dtsen; ALTER DATABASE $name SET search_path = public, dtsen");
	DocPage::examples("$top/docs/$name.md", $node->{_basedir}, "$psql -d $name", 'default');
}
$node->safe_psql('postgres', q{CREATE DATABASE tutorial TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'});
DocPage::examples("$top/docs/tutorial.md", $node->{_basedir}, "$psql -d tutorial");
$node->safe_psql('postgres', 'CREATE DATABASE lifecycle');
$node->safe_psql('lifecycle', 'CREATE EXTENSION dtsen');
DocPage::examples("$top/docs/lifecycle.md", $node->{_basedir}, "$psql -d lifecycle", 'terse', '## Changing a machine');

# what the comments of the README's example say is what comes; the Indonesian one has others, and runs
for my $readme ('README.md', 'README.id.md')
{
	my $text = slurp_file("$top/$readme");
	my ($example) = $text =~ /```sql\n(.*?)```/s;
	$example = "CREATE EXTENSION dtsen;\n$example" unless $example =~ m{^CREATE EXTENSION};
	$node->safe_psql('postgres', q{DROP DATABASE IF EXISTS readme});
	$node->safe_psql('postgres', q{CREATE DATABASE readme TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'});
	my ($out, $err) = ('', '');
	IPC::Run::run([ 'psql', '-X', '-q', '-At', '-F', ' | ', '-d', $node->connstr('readme') ], '<', \$example, '>', \$out, '2>', \$err);
	is($err, '', "$readme: the example runs");
	is(join(', ', grep { $_ ne '' && index($text, $_) < 0 } split /\n/, $out), '', "$readme: with the results that it names") if $readme eq 'README.md';
}

# After a crash the index, its pending list included, holds what the table does.
$node->safe_psql('postgres', <<'SQL');
CREATE TABLE crowd (id int, nama dtsen.nama);
CREATE INDEX crowd_nama ON crowd USING dtsen_nama (nama);
INSERT INTO crowd SELECT g, ((ARRAY['Siti','Nur','Budi','Sri','Dewi','Agus'])[1 + g % 6] || ' ' ||
    (ARRAY['Aminah','Hayati','Santoso','Lestari','Wahyuni'])[1 + g % 5] ||
    pg_catalog.chr(97 + g % 26))::dtsen.nama FROM pg_catalog.generate_series(1, 4000) AS g;
VACUUM ANALYZE crowd;
INSERT INTO crowd SELECT id + 4000, nama FROM crowd WHERE id <= 500;
DELETE FROM crowd WHERE id % 10 = 3;
SQL
$node->stop('immediate');
$node->start;

sub answer
{
	my ($settings, $query) = @_;
	return $node->safe_psql('postgres', "SET search_path = dtsen, public; $settings; $query");
}
my $seq = 'SET enable_indexscan = off; SET enable_bitmapscan = off; SET max_parallel_workers_per_gather = 0';
my $index = 'SET enable_seqscan = off';
my $parallel = "SET enable_indexscan = off; SET enable_bitmapscan = off; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0";
for my $query (
	q{SELECT count(*), sum(id) FROM crowd WHERE nama_similar(nama, 'SITI AMINA', 0.8)},
	q{SELECT count(*), sum(id) FROM crowd WHERE nama % 'BUDI SANTSO'},
	q{SELECT count(*), round(sum(d)::numeric, 9) FROM (SELECT nama <-> 'DEWI LESTARI' AS d FROM crowd ORDER BY nama <-> 'DEWI LESTARI' LIMIT 50) AS s})
{
	my $expected = answer($seq, $query);
	like($expected, qr/^[1-9]/, 'there is something to find');
	is(answer($index, $query), $expected, 'index after a crash');
	is(answer($parallel, $query), $expected, 'parallel plan');
}
like(answer($index, q{EXPLAIN (COSTS off) SELECT id FROM crowd ORDER BY nama <-> 'DEWI' LIMIT 5}),
	qr/Index Scan using crowd_nama/, 'ordered scan of the index');
like(answer($parallel, q{EXPLAIN (COSTS off) SELECT id FROM crowd WHERE nama % 'DEWI'}),
	qr/Parallel Seq Scan/, 'the condition is parallel safe');

# Sessions that insert while the list is being cleaned.
$node->safe_psql('postgres', 'CREATE TABLE busy (id int, nama dtsen.nama); CREATE INDEX ON busy USING dtsen_nama (nama)');
my @sessions = map {
	my $script = "$node->{_basedir}/busy$_.sql";
	open my $fh, '>', $script or die $!;
	print $fh "INSERT INTO busy SELECT id, nama FROM crowd WHERE id % 4 = $_ AND id <= 2000; VACUUM busy;\n";
	close $fh;
	open my $pipe, '-|', "psql -X -q -h @{[$node->host]} -p @{[$node->port]} -d postgres -f $script 2>&1" or die $!;
	$pipe;
} 0 .. 3;
my $said = join '', map { my @lines = <$_>; close $_; @lines } @sessions;
is($said, '', 'four sessions insert at a time');
my $query = q{SELECT count(*), sum(id) FROM busy WHERE nama_similar(nama, 'SITI AMINA', 0.8)};
is(answer($index, $query), answer($seq, $query), 'the index holds all that they inserted');
$node->stop;
done_testing();
