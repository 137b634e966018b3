# Servers of the tests of indexes, and whether an index has what the table has.
package IndexNode;
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use Test::More;

# started(NAME, CONF, INIT...): a running server of NAME with lines CONF more. Its
# log holds no statement, as statements hold numbers of sixteen digits (.ci/lint).
sub started
{
	my ($name, $conf, @init) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name);
	$node->init(@init);
	$node->append_conf('postgresql.conf', <<"CONF");
log_statement = none
log_min_error_statement = panic
search_path = 'public, dtsen'
autovacuum = off
max_parallel_workers_per_gather = 0
$conf
CONF
	$node->start;
	return $node;
}

# standby_of(NODE, CONF): a running standby of NODE, with lines CONF more.
sub standby_of
{
	my ($node, $conf) = @_;
	$node->backup('base');
	my $standby = PostgreSQL::Test::Cluster->new('standby');
	$standby->init_from_backup($node, 'base', has_streaming => 1);
	$standby->append_conf('postgresql.conf', $conf) if defined $conf;
	$standby->start;
	return $standby;
}

# after(NODE, STANDBY, SQL): runs SQL on NODE and waits until STANDBY has it.
sub after
{
	my ($node, $standby, $sql) = @_;
	$node->safe_psql('postgres', $sql);
	$node->wait_for_catchup($standby, 'replay', $node->lsn('insert'));
	return;
}

1;
