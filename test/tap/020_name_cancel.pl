# A search of the index of names hears a cancel wherever it reads long. So that it
# reads for ever, links of pages are changed in the file while the server is down:
# the last page of the pending list, or of a tree of rows, leads to itself.
use strict;
use warnings;
use Fcntl qw(SEEK_SET);
use IndexNode;
use PostgreSQL::Test::Utils;
use Test::More;

my %flag = (data => 1, leaf => 2, list => 16);
my $none = 0xFFFFFFFF;
my $node = IndexNode::started('main', 'enable_seqscan = off');
$node->safe_psql('postgres', <<'SQL');
CREATE EXTENSION dtsen;
CREATE TABLE pending (nama nama);
CREATE INDEX pending_nama ON pending USING dtsen_nama (nama);
INSERT INTO pending SELECT 'Siti Aminah' FROM generate_series(1, 500);
CREATE TABLE listed AS SELECT nama 'Siti Aminah' AS nama FROM generate_series(1, 20000);
CREATE INDEX listed_nama ON listed USING dtsen_nama (nama);
SQL
my %file = map { $_ => $node->data_dir . '/' . $node->safe_psql('postgres', "SELECT pg_relation_filepath('${_}_nama')") } qw(pending listed);
sub search { return "SELECT count(*) FROM $_[0] WHERE nama_similar(nama, 'SITI AMINAH', 0.7)" }
is($node->safe_psql('postgres', search('pending')), '500', 'rows of the pending list are found');
is($node->safe_psql('postgres', search('listed')), '20000', 'rows of a tree of rows are found');
like($node->safe_psql('postgres', 'EXPLAIN ' . search($_)), qr/Index Scan (using|on) ${_}_nama/, "by the index of $_") for qw(pending listed);
$node->stop;

# Pages with these flags that lead nowhere lead to themselves from now on.
sub endless
{
	my ($file, $flags) = @_;
	my ($size, $changed) = (8192, 0);
	open my $fh, '+<:raw', $file or die "$file: $!";
	for (my $block = 0; read($fh, my $page, $size) == $size; $block++)
	{
		my $at = unpack('@16 S', $page);
		my ($next, $most, $is) = unpack("\@$at L S S", $page);
		next if $next != $none || ($is & ($flag{data} | $flag{leaf} | $flag{list})) != $flags;
		seek($fh, $block * $size + $at, SEEK_SET) or die $!;
		print $fh pack('L', $block);
		seek($fh, ($block + 1) * $size, SEEK_SET) or die $!;
		$changed++;
	}
	close $fh or die $!;
	return $changed;
}
cmp_ok(endless($file{pending}, $flag{list}), '==', 1, 'the pending list has no end any more');
cmp_ok(endless($file{listed}, $flag{data} | $flag{leaf}), '>', 1, 'nor have the trees of rows');
system('pg_checksums --disable -D ' . $node->data_dir . ' >/dev/null 2>&1'); # where there are any
$node->start;

for my $relation (qw(pending listed))
{
	my ($stderr, $late);
	$node->psql('postgres', "SET statement_timeout = '1s'; " . search($relation), stderr => \$stderr, timeout => 60, timed_out => \$late);
	ok(!$late, "$relation: a timeout ends the search") or $node->stop('immediate'), BAIL_OUT('a search that hears nobody runs for ever');
	like($stderr, qr/canceling statement due to statement timeout/, "$relation: and says so");
}

# who is heard and wants nothing of it leaves it searching
for my $relation (qw(pending listed))
{
	my $session = IPC::Run::start([ 'psql', '-X', '-q', '-d', $node->connstr('postgres'), '-c', search($relation) ], '>', \my $out, '2>', \my $err);
	my $pid;
	ok($node->poll_query_until('postgres', "SELECT count(*) = 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'SELECT count(*) FROM $relation %'"),
		"$relation: a session searches");
	$pid = $node->safe_psql('postgres', "SELECT pid FROM pg_stat_activity WHERE query LIKE 'SELECT count(*) FROM $relation %'");
	$node->safe_psql('postgres', "SELECT pg_log_backend_memory_contexts($pid)");
	my $heard = 0;
	for (1 .. 600)
	{
		last if $heard = slurp_file($node->logfile) =~ /logging memory contexts of PID $pid\b/;
		select(undef, undef, undef, 0.1);
	}
	ok($heard, "$relation: it hears another");
	is($node->safe_psql('postgres', "SELECT state FROM pg_stat_activity WHERE pid = $pid"), 'active', "$relation: and goes on");
	$node->safe_psql('postgres', "SELECT pg_cancel_backend($pid)");
	ok(!$session->finish, "$relation: until it is cancelled");
	like($err, qr/canceling statement due to user request/, "$relation: by name");
}
$node->stop('immediate');
done_testing();
