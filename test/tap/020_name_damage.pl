# Pages of an index of names that are damaged in the file while the server is down:
# a search fails and says so, rather than to miss rows or to read what is not there.
use strict;
use warnings;
use Fcntl qw(SEEK_SET);
use IndexNode;
use PostgreSQL::Test::Utils;
use Test::More;

my ($size, $leaf, $in_tree) = (8192, 2, 0xFFFF);
my $node = IndexNode::started('main', "enable_seqscan = off\nenable_sort = off");
$node->safe_psql('postgres', 'CREATE EXTENSION dtsen');
my %file;
for my $relation (qw(list link many class))
{
	$node->safe_psql('postgres', <<"SQL");
CREATE TABLE $relation AS SELECT to_nama(translate(md5((n % 300)::text), '0123456789', 'GHIJKLMNOP')) AS nama FROM generate_series(1, 900) AS n;
CREATE INDEX ${relation}_nama ON $relation USING dtsen_nama (nama);
SQL
	$file{$relation} = $node->data_dir . '/' . $node->safe_psql('postgres', "SELECT pg_relation_filepath('${relation}_nama')");
}
my @names = split /\n/, $node->safe_psql('postgres', 'SELECT DISTINCT nama FROM list ORDER BY 1');
$node->stop;

# damage(FILE, WHAT): calls WHAT with each page of keys, which changes it; how many it did
sub damage
{
	my ($file, $what) = @_;
	my $changed = 0;
	open my $fh, '+<:raw', $file or die "$file: $!";
	for (my $block = 0; read($fh, my $page, $size) == $size; $block++)
	{
		my ($next, $most, $flags) = unpack('@' . unpack('@16 S', $page) . ' L S S', $page);
		next if $flags != $leaf || !$what->(\$page);
		seek($fh, $block * $size, SEEK_SET) or die $!;
		print $fh $page;
		seek($fh, ($block + 1) * $size, SEEK_SET) or die $!;
		$changed++;
	}
	close $fh or die $!;
	return $changed;
}

# lists end behind their first row
cmp_ok(damage($file{list}, sub {
	my $page = shift;
	my $changed = 0;
	for my $i (0 .. (unpack('@12 S', $$page) - 24) / 4 - 1)
	{
		my $at = unpack('@' . (24 + 4 * $i) . ' L', $$page) & 0x7FFF;
		my ($high, $low, $rows) = unpack("\@$at S S S", $$page);
		next if $rows < 2 || $rows == $in_tree;
		substr($$page, $at + (($high & 0x7FFF) << 16 | $low) + 6, 2, pack('S', 0));
		$changed = 1;
	}
	return $changed;
}), '>', 0, 'lists are cut');
# pages of keys lead to the first page of the index
cmp_ok(damage($file{link}, sub { my $page = shift; substr($$page, unpack('@16 S', $$page), 4, pack('L', 0)); return 1 }), '>', 1, 'links lead elsewhere');
# more keys than a page can hold
cmp_ok(damage($file{many}, sub {
	my $page = shift;
	my $upper = unpack('@14 S', $$page);
	return 0 if $upper < 24 + 4 * 500;
	substr($$page, 12, 2, pack('S', $upper - $upper % 4));
	return 1;
}), '>', 0, 'pages have too many keys');
# words beside which others weigh more than there is a number for; a key lies behind the
# head of its entry, in front of it its length twice and one, and its last byte is the number
cmp_ok(damage($file{class}, sub {
	my $page = shift;
	my $changed = 0;
	for my $i (0 .. (unpack('@12 S', $$page) - 24) / 4 - 1)
	{
		my $at = unpack('@' . (24 + 4 * $i) . ' L', $$page) & 0x7FFF;
		my ($length, $kind) = unpack('@' . ($at + 8) . ' C a', $$page);
		next if !($length & 1) || $kind ne 'F';
		substr($$page, $at + 8 + ($length >> 1) - 1, 1, "\xF0");
		$changed = 1;
	}
	return $changed;
}), '>', 0, 'words have numbers that there are not');
system('pg_checksums --disable -D ' . $node->data_dir . ' >/dev/null 2>&1'); # where there are any
$node->start;

# a search goes on to the next page of keys where those that it wants stand on two: one in twenty
my %code;
for my $relation (qw(list link many class))
{
	my $script = "\\set VERBOSITY sqlstate\n" . join '', map {
		"SELECT count(*) FROM $relation WHERE nama_similar(nama, '$_', 0.8);\nSELECT nama FROM $relation ORDER BY nama <-> '$_' LIMIT 1;\n"
	} @names[ 0 .. ($relation eq 'link' ? $#names : 19) ];
	my $stderr;

	isnt($node->psql('postgres', $script, stderr => \$stderr, on_error_stop => 0), 2, "$relation: the server goes on");
	$code{$relation}{$1}++ while $stderr =~ /ERROR:  (\w{5})/g;
}
is_deeply($code{$_}, { XX002 => 40 }, "$_: damage that each search meets is an error") for qw(list class);
cmp_ok($code{link}{XX002} // 0, '>', 0, 'so is a link to what is no page of keys');
$node->stop;
done_testing();
