# Pages of an SP-GiST index of NIKs that are damaged in the file while the server is
# down: whoever searches or inserts there gets an error, nobody else loses the server.
use strict;
use warnings;
use Fcntl qw(SEEK_SET);
use IndexNode;
use PostgreSQL::Test::Utils;
use Test::More;

my ($size, $meta, $leaf, $live) = (8192, 1, 4, 1);
my $node = IndexNode::started('main', "enable_seqscan = off\nenable_sort = off");
my %file;
$node->safe_psql('postgres', 'CREATE EXTENSION dtsen');
for my $relation (qw(digits marks many))
{
	$node->safe_psql('postgres', <<"SQL");
CREATE TABLE $relation AS SELECT (3216010000000000 + n::bigint * 7919 % 400000 * 1000003)::nik AS n FROM generate_series(1, 4000) AS n;
CREATE INDEX ${relation}_n ON $relation USING spgist (n);
SQL
	$file{$relation} = $node->data_dir . '/' . $node->safe_psql('postgres', "SELECT pg_relation_filepath('${relation}_n')");
}
$node->stop;

# damage(FILE, KIND, WHAT): calls WHAT with each leaf tuple, or each inner one, of KIND,
# and where in its page it is; returns how many there are
sub damage
{
	my ($file, $kind, $what) = @_;
	my $changed = 0;
	open my $fh, '+<:raw', $file or die "$file: $!";
	for (my $block = 0; read($fh, my $page, $size) == $size; $block++)
	{
		my $flags = unpack('@' . unpack('@16 S', $page) . ' S', $page);
		next if $flags & $meta || ($flags & $leaf) != $kind;
		for my $i (0 .. (unpack('@12 S', $page) - 24) / 4 - 1)
		{
			my $item = unpack('@' . (24 + 4 * $i) . ' L', $page);
			my $at = $item & 0x7FFF;
			next if ($item >> 15 & 3) != $live || unpack("\@$at L", $page) & 3;
			$what->(\$page, $at);
			$changed++;
		}
		seek($fh, $block * $size, SEEK_SET) or die $!;
		print $fh $page;
		seek($fh, ($block + 1) * $size, SEEK_SET) or die $!;
	}
	close $fh or die $!;
	return $changed;
}

# leaves hold what are no digits: the last 8 bytes of a tuple, whose size is behind two bits
cmp_ok(damage($file{digits}, $leaf, sub {
	my ($page, $at) = @_;
	substr($$page, $at + (unpack("\@$at L", $$page) >> 2) - 8, 8, "\xFF" x 8);
	return;
}), '>', 1000, 'leaves without digits');
# nodes look at no digit: their prefixes are 8 bytes behind it
cmp_ok(damage($file{marks}, 0, sub { my ($page, $at) = @_; substr($$page, $at + 8, 8, "\0" x 8); return }), '>=', 1, 'nodes that look at no digit');
# nodes with ten children look at two digits, and such with a hundred at one
cmp_ok(damage($file{many}, 0, sub {
	my ($page, $at) = @_;
	my $ten = (unpack("\@$at L", $$page) >> 3 & 0x1FFF) == 10;
	substr($$page, $at + 8, 8, ($ten ? "\xDE" : "\xFE") . "\xFF" x 7);
	return;
}), '>=', 1, 'nodes with other children than they look at');
system('pg_checksums --disable -D ' . $node->data_dir . ' >/dev/null 2>&1'); # where there are any
$node->start;

my %expected = (digits => [ 0, 0, 1 ], marks => [ 1, 1, 1 ], many => [ 1, 1, 1 ]);
for my $relation (sort keys %expected)
{
	my @failed = map {
		my $stderr;
		my $status = $node->psql('postgres', "\\set VERBOSITY sqlstate\n$_", stderr => \$stderr, on_error_stop => 0);
		is($status, 0, "$relation: the server goes on");
		$stderr =~ /ERROR:  XX002/ ? 1 : 0;
	} "SELECT count(*) FROM $relation WHERE nik_within(n, '3216014101900001', 3)",
	  "SELECT count(*) FROM (SELECT FROM $relation ORDER BY n <-> '3216014101900001') AS s",
	  "INSERT INTO $relation SELECT (3216010000000000 + n::bigint * 104729 % 400000 * 1000003)::nik FROM generate_series(1, 4000) AS n";
	is_deeply(\@failed, $expected{$relation}, "$relation: what meets the damage is an error");
}
$node->stop;
done_testing();
