# Watches the processes of a server while a benchmark runs: writes, for each
# text that the file DIR/label has held, the most private memory (RssAnon, in
# kB) of a leader, of a parallel worker, and of all processes together at one
# moment into DIR/memory.
#   perl test/bench/memory.pl DIR       (PGHOST: the server's socket directory)
use strict;
use warnings;
use Time::HiRes 'sleep';

my ($dir) = @ARGV;
my %most;

sub content
{
	my ($file) = @_;
	open my $in, '<', $file or return '';
	local $/ = undef;
	my $text = <$in>;
	close $in;
	return $text // '';
}

my ($postmaster) = content("$ENV{PGHOST}/data/postmaster.pid") =~ /^(\d+)/
  or die "memory.pl: no server in $ENV{PGHOST}\n";
my $written = 0;
while (kill 0, $postmaster)
{
	my ($label) = content("$dir/label") =~ /^(.+)$/m;
	if (defined $label)
	{
		my $all = 0;
		for my $pid (split ' ', content("/proc/$postmaster/task/$postmaster/children"))
		{
			my ($kb) = content("/proc/$pid/status") =~ /^RssAnon:\s+(\d+)/m or next;
			$all += $kb;
			my $title = content("/proc/$pid/cmdline");
			my $kind = $title =~ /parallel worker/ ? 'worker' : $title =~ /\[local\]/ ? 'leader' : next;
			$most{$label}{$kind} = $kb if $kb > ($most{$label}{$kind} // 0);
		}
		$most{$label}{all} = $all if $all > ($most{$label}{all} // 0);
		open my $out, '>', "$dir/memory.new" or die "memory.pl: $!\n";
		print {$out} join("\t", $_, $most{$_}{leader} // 0, $most{$_}{worker} // 0, $most{$_}{all}), "\n" for sort keys %most;
		close $out;
		rename "$dir/memory.new", "$dir/memory";
		chmod 0644, "$dir/memory";
	}
	sleep 0.02;
}
