# Two edits by a btree alone, while the index grows, shrinks and is vacuumed:
# rows that nobody touches are found each time, and at rest the rows are those of
# the table. Also on a standby, after a crash, and what a serializable search
# locks.
use strict;
use warnings;
use Fcntl qw(SEEK_SET);
use IndexNode;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = IndexNode::started('primary', "enable_seqscan = off\njit = off", allows_streaming => 1);
my $probe = '3216014101900001';

# Few numbers a page, so that pages split and are deleted often. Of what is near
# to the probe every third number stays.
$node->safe_psql('postgres', <<"SQL");
CREATE EXTENSION dtsen;
CREATE FUNCTION people(many int) RETURNS SETOF dtsen.nik LANGUAGE sql VOLATILE AS \$\$
    SELECT ((321601 + floor(random() * 23)::bigint) * 10000000000
        + (extract(day FROM born)::bigint + CASE WHEN random() < 0.5 THEN 40 ELSE 0 END) * 100000000
        + extract(month FROM born)::int * 1000000 + extract(year FROM born)::int % 100 * 10000 + 1 + floor(random() * 3)::int)::dtsen.nik
    FROM (SELECT date '1945-01-01' + floor(random() * 29000)::int born FROM generate_series(1, many)) s \$\$;
CREATE TABLE person (id bigint GENERATED ALWAYS AS IDENTITY, stays bool DEFAULT false, n dtsen.nik);
CREATE INDEX person_n ON person (n) WITH (fillfactor = 10);
INSERT INTO person (stays, n) SELECT true, k FROM nik_neighbours('$probe', 2) WITH ORDINALITY s (k, i) WHERE i % 3 = 0;
INSERT INTO person (n) SELECT people(20000);
ANALYZE person;
SQL
my $staying = $node->safe_psql('postgres', 'SELECT count(*) FROM person WHERE stays');
my $search = "SELECT count(*) FROM person WHERE nik_within(n, '$probe', 2)";

sub index_holds
{
	my ($server, $what) = @_;

	like($server->safe_psql('postgres', "EXPLAIN (COSTS OFF) $search"),
		qr/Index Cond: \(n = ANY \(_nik_found_keys/, "$what: by the index");
	is($server->safe_psql('postgres', $search),
		$server->safe_psql('postgres', "SELECT count(*) FROM person WHERE (n <-> '$probe') <= 2"),
		"$what: rows of the table");
	return;
}
index_holds($node, 'filled row by row');

# --- sessions at once -----------------------------------------------------------
my %script = (
	search => <<"SQL",
DO \$\$
DECLARE
    seen bigint;
BEGIN
    FOR i IN 1..10 LOOP
        SELECT count(*) INTO seen FROM person WHERE stays AND nik_within(n, '$probe', 2);
        IF seen <> $staying THEN
            RAISE EXCEPTION 'found % of $staying', seen USING HINT = 'this is a defect';
        END IF;
    END LOOP;
END \$\$;
SQL
	grow => <<"SQL",
INSERT INTO person (n) SELECT people(500);
INSERT INTO person (n) SELECT k FROM nik_neighbours('$probe', 2) k WHERE random() < 0.02;
SQL
	# a stretch of the index without anybody: its pages go
	shrink => <<'SQL',
WITH f AS MATERIALIZED (SELECT people(1) AS low) DELETE FROM person p USING f WHERE p.n > f.low AND p.n::bigint < f.low::bigint + 20000000000 AND NOT stays;
SQL
	vacuum => "VACUUM (INDEX_CLEANUP on) person;\n");
my @files;
for my $name (sort keys %script)
{
	my $file = $node->basedir . "/$name.sql";

	append_to_file($file, $script{$name});
	push @files, '-f', $file . '@' . ($name eq 'search' ? 6 : 2);
}
$node->command_ok([ 'pgbench', '-n', '-c', '6', '-j', '2', '-t', '60', @files, 'postgres' ],
	'searches find the rows that stay, each time');
index_holds($node, 'after sessions at once');
$node->safe_psql('postgres', 'DELETE FROM person WHERE NOT stays; VACUUM person');
index_holds($node, 'after VACUUM');
cmp_ok(
	$node->safe_psql('postgres', q{CREATE EXTENSION pageinspect;
		SELECT count(*) FROM generate_series(1, pg_relation_size('person_n') / 8192 - 1) b, LATERAL public.bt_page_stats('person_n', b::int) s WHERE s.type IN ('d', 'D', 'e')}),
	'>', 0, 'pages were deleted');

# --- crash, standby ---------------------------------------------------------------
$node->safe_psql('postgres', 'CHECKPOINT; INSERT INTO person (n) SELECT people(20000)');
$node->stop('immediate');
$node->start;
index_holds($node, 'after a crash');
my $standby = IndexNode::standby_of($node);
IndexNode::after($node, $standby, 'DELETE FROM person WHERE id % 7 = 0 AND NOT stays; VACUUM person; INSERT INTO person (n) SELECT people(20000)');
index_holds($standby, 'on the standby');
$node->safe_psql('postgres', 'REINDEX INDEX CONCURRENTLY person_n');
index_holds($node, 'after REINDEX');

# --- serializable -------------------------------------------------------------------
# Each of two sessions looks whether anybody is near and adds somebody if not: one
# of them has to fail, although both found nothing where the other one inserted.
$node->safe_psql('postgres', 'CREATE TABLE lone (n dtsen.nik); CREATE INDEX lone_n ON lone (n); INSERT INTO lone SELECT people(50000); ANALYZE lone');
my @session = map { $node->background_psql('postgres', on_error_stop => 0) } 1 .. 2;
my @number = ('9998014101900001', '9998014101900010');
for my $s (@session)
{
	$s->query('BEGIN ISOLATION LEVEL SERIALIZABLE');
	is($s->query(q{SELECT count(*) FROM lone WHERE nik_within(n, '9998014101900001', 2)}), 0, 'nobody near');
}
$session[$_]->query("INSERT INTO lone VALUES ('$number[$_]')") for 0, 1;
$_->query('COMMIT') for @session;
$_->quit for @session;
is($node->safe_psql('postgres', q{SELECT count(*) FROM lone WHERE nik_within(n, '9998014101900001', 2)}), 1, 'one of two serializable sessions fails');
$standby->stop;

# --- a page that is empty in the file ----------------------------------------------
# as it is where the system lost what it had written: an error, and what mends it
my $file = $node->data_dir . '/' . $node->safe_psql('postgres', "SELECT pg_relation_filepath('lone_n')");
my $leaf = $node->safe_psql('postgres', q{CHECKPOINT; SELECT max(b) FROM generate_series(1, pg_relation_size('lone_n') / 8192 - 1) b, LATERAL public.bt_page_stats('lone_n', b::int) s
	WHERE s.type = 'l' AND s.live_items > 0 AND s.btpo_next <> 0});
my $lost = $node->safe_psql('postgres', "SELECT min(n) FROM lone WHERE ctid = (SELECT ctid FROM public.bt_page_items('lone_n', $leaf) WHERE itemoffset = 3)");
$node->stop;
open my $fh, '+<:raw', $file or die "$file: $!";
seek($fh, 8192 * $leaf, SEEK_SET) or die $!;
print $fh "\0" x 8192;
close $fh or die $!;
$node->start;
my $stderr;
$node->psql('postgres', "\\set VERBOSITY sqlstate\nSET enable_seqscan = off; SELECT count(*) FROM lone WHERE nik_within(n, '$lost', 2)", stderr => \$stderr, on_error_stop => 0);
like($stderr, qr/ERROR:  XX002/, 'a search that comes to an empty page fails');
$node->stop;
done_testing();
