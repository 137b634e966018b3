# Runs the examples of a page: each block of SQL must print what the block of
# text below it shows. With WRITE_DOCS=1 the page gets what was printed instead.
package DocPage;
use strict;
use warnings;
use Test::More;

# examples(PAGE, SCRATCH, PSQL, VERBOSITY, END): PSQL is a command line without -f;
# of errors the page shows what VERBOSITY prints, by default one line; END is
# the heading before which the examples of the page end.
sub examples
{
	my ($page, $scratch, $psql, $verbosity, $end) = @_;
	$verbosity //= 'terse';
	open my $fh, '<', $page or die "$page: $!";
	my $text = do { local $/; <$fh> };
	close $fh;
	my $rest = '';
	($text, $rest) = $text =~ /\A(.*?^)(\Q$end\E\n.*)\z/ms if defined $end;
	my $block = qr/```sql\n(.*?)```\n(?:\n```text\n(.*?)```\n)?/s;
	my ($script, @shown) = ('');
	while ($text =~ /$block/g)
	{
		$script .= "$1\\echo --\n";
		push @shown, $2 // '';
	}
	my $file = "$scratch/examples.sql";
	open my $out, '>', $file or die "$file: $!";
	print $out $script;
	close $out;
	my $printed = `$psql -X -q -P pager=off -v VERBOSITY=$verbosity -f $file 2>&1`;
	$printed =~ s/^psql:[^ ]*: //mg;
	my @printed = split /^--\n/m, $printed, -1;
	for my $i (0 .. $#shown)
	{
		s/[ \t]+$//mg, s/\n+\z/\n/, s/\A\n+// for $printed[$i], $shown[$i];
	}
	if ($ENV{WRITE_DOCS})
	{
		my $i = 0;
		$text =~ s/$block/my ($sql, $got) = ($1, $printed[$i++]);
			"```sql\n$sql```\n" . ($got eq '' ? '' : "\n```text\n$got```\n")/gex;
		open my $to, '>', $page or die "$page: $!";
		print $to $text . $rest;
		close $to;
	}
	my ($name) = $page =~ m{([^/]*)$};
	ok(@shown > 2, "$name has examples");
	is(scalar(@printed), @shown + 1, "$name: all of them ran");
	is($printed[$_], $shown[$_], "$name: example " . ($_ + 1)) for 0 .. $#shown;
	return;
}

1;
