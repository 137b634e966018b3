# A server's life with columns of the extension's types: dump and restore,
# binary copy, crash and replay, standby and promotion, logical replication.
# The rows must be the same after each event, and the indexes must hold them.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $rows = 5000;

# The types a column can have, and the text of row g for each. Numbers are
# synthetic: the district is real, the serial is counted.
my %text_of = (
	nik => q{'321601' || pg_catalog.lpad((1 + g % 28)::text, 2, '0') || '0190' || pg_catalog.lpad((g % 10000)::text, 4, '0')},
	nkk => q{'321602' || pg_catalog.lpad((1 + g % 28)::text, 2, '0') || '0215' || pg_catalog.lpad((g % 10000)::text, 4, '0')},
	kode_wilayah => q{'3216' || pg_catalog.lpad((1 + g % 23)::text, 2, '0')},
	nama => q{'Siti ' || pg_catalog.chr(65 + g % 26) || 'minah'},
);

sub start_options
{
	my ($node) = @_;

	# Cluster.pm logs each statement. What is looked for in the logs is what
	# the server says by itself (see the rule "logs" of .ci/lint).
	$node->append_conf('postgresql.conf', <<'CONF');
log_statement = none
log_min_error_statement = panic
search_path = '"$user", public, dtsen'
max_prepared_transactions = 5
CONF
	return;
}

my $primary = PostgreSQL::Test::Cluster->new('primary');
$primary->init(allows_streaming => 'logical');
start_options($primary);
$primary->start;
$primary->safe_psql('postgres', 'CREATE EXTENSION dtsen');

my @types = grep { $primary->safe_psql('postgres', "SELECT pg_catalog.to_regtype('dtsen.$_') IS NOT NULL") eq 't' }
  sort keys %text_of;
note 'types: ', join(', ', @types) || 'none yet';

# One column and one array column for each type, and a btree and a hash index
# where the type has an operator class for it.
my $columns = join '', map { ", c_$_ dtsen.$_, a_$_ dtsen.${_}[]" } @types;
my $values = join '', map { ", ($text_of{$_})::dtsen.$_, ARRAY[($text_of{$_})::dtsen.$_, NULL]" } @types;
my @indexes = (['btree', 'id']);
my $table = "CREATE TABLE orang (id int PRIMARY KEY$columns, version text DEFAULT dtsen.dtsen_version());\n";
for my $type (@types)
{
	for my $method ('btree', 'hash', 'brin')
	{
		next
		  unless $primary->safe_psql('postgres', <<"SQL") eq 't';
SELECT EXISTS (SELECT FROM pg_catalog.pg_opclass c JOIN pg_catalog.pg_am m ON m.oid = c.opcmethod
                WHERE m.amname = '$method' AND c.opcdefault AND c.opcintype = 'dtsen.$type'::pg_catalog.regtype)
SQL
		$table .= "CREATE INDEX orang_${type}_$method ON orang USING $method (c_$type);\n";
		push @indexes, [$method, "c_$type"];
	}
}
$primary->safe_psql('postgres', $table);
$primary->safe_psql('postgres',
	"INSERT INTO orang SELECT g, " . ($values =~ s/^, //r) . " FROM pg_catalog.generate_series(1, $rows) g")
  if @types;
$primary->safe_psql('postgres', "INSERT INTO orang SELECT g FROM pg_catalog.generate_series(1, $rows) g")
  unless @types;

my $state = q{SELECT pg_catalog.count(*), pg_catalog.md5(pg_catalog.string_agg(o::text, '|' ORDER BY id)) FROM orang o};

sub state_of
{
	my ($node, $database) = @_;
	return $node->safe_psql($database // 'postgres', $state);
}

# Every value is found through each of its indexes, none more than the heap has.
sub indexes_hold
{
	my ($node, $database, $what) = @_;
	for my $index (@indexes)
	{
		my ($method, $column) = @$index;
		my $found = $node->safe_psql($database, <<"SQL");
SET enable_seqscan = off;
SET enable_bitmapscan = @{[ $method eq 'brin' ? 'on' : 'off' ]};
SELECT pg_catalog.count(*) FILTER (WHERE n <> m)
  FROM (SELECT x.$column, pg_catalog.count(*) AS n,
               (SELECT pg_catalog.count(*) FROM orang y WHERE y.$column = x.$column) AS m
          FROM orang x WHERE x.id <= 200 OR x.id > 4900 GROUP BY x.$column) s
 WHERE m < n
SQL
		is($found, '0', "$what: $method index on $column finds what the heap has");
	}
	if ($node->safe_psql($database, "SELECT pg_catalog.count(*) FROM pg_catalog.pg_available_extensions WHERE name = 'amcheck'") eq '1')
	{
		my $checked = $node->safe_psql($database, <<'SQL');
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS amcheck;
SELECT pg_catalog.count(*) FROM (
  SELECT bt_index_check(i.indexrelid, true)
    FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
    JOIN pg_catalog.pg_am m ON m.oid = c.relam
   WHERE m.amname = 'btree' AND i.indrelid = 'orang'::pg_catalog.regclass) s
SQL
		cmp_ok($checked, '>=', 1, "$what: amcheck passes the btree indexes");
	}
	return;
}

my $before = state_of($primary);
like($before, qr/^$rows\|[0-9a-f]{32}$/, 'the rows are in');
indexes_hold($primary, 'postgres', 'fresh');

# --- dump and restore -------------------------------------------------------
my $backup_dir = $primary->backup_dir;
mkdir $backup_dir;
for my $format ('custom', 'plain')
{
	$primary->safe_psql('postgres', 'DROP DATABASE IF EXISTS restored');
	$primary->safe_psql('postgres', 'CREATE DATABASE restored');
	my $file = "$backup_dir/dump.$format";
	$primary->command_ok([ 'pg_dump', '--format', $format, '--file', $file, 'postgres' ], "pg_dump, $format format");
	$primary->command_ok(
		$format eq 'custom'
		? [ 'pg_restore', '--exit-on-error', '--dbname', 'restored', $file ]
		: [ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', 'restored', '-f', $file ],
		"restore, $format format");
	is(state_of($primary, 'restored'), $before, "rows after restore, $format format");
	indexes_hold($primary, 'restored', "restored from $format format");
	is($primary->safe_psql('restored', "SELECT extversion = dtsen.dtsen_version() FROM pg_catalog.pg_extension WHERE extname = 'dtsen'"),
		't', "the extension is restored, $format format");
}

# --- binary copy ------------------------------------------------------------
$primary->safe_psql('postgres', <<"SQL");
CREATE TABLE orang_copy (LIKE orang);
COPY orang TO '$backup_dir/orang.bin' (FORMAT binary);
COPY orang_copy FROM '$backup_dir/orang.bin' (FORMAT binary);
SQL
is($primary->safe_psql('postgres', $state =~ s/FROM orang o/FROM orang_copy o/r),
	$before, 'rows after COPY in binary format');
$primary->safe_psql('postgres', 'DROP TABLE orang_copy');

# --- crash and replay -------------------------------------------------------
my $one_more = @types
  ? "INSERT INTO orang SELECT g, " . ($values =~ s/^, //r) . " FROM pg_catalog.generate_series(%d, %d) g"
  : 'INSERT INTO orang SELECT g FROM pg_catalog.generate_series(%d, %d) g';
$primary->safe_psql('postgres', 'CHECKPOINT');
$primary->safe_psql('postgres', sprintf $one_more, $rows + 1, $rows + 100);
$primary->safe_psql('postgres', 'DELETE FROM orang WHERE id = 7; UPDATE orang SET version = NULL WHERE id = 8');
my $committed = state_of($primary);

# open at the crash: must be gone afterwards
my $unfinished;
if (eval { require PostgreSQL::Test::BackgroundPsql; 1 })
{
	$unfinished = $primary->background_psql('postgres');
	$unfinished->query_safe('BEGIN');
	$unfinished->query_safe(sprintf $one_more, $rows + 101, $rows + 200);
}
# prepared before the crash: must still be there
$primary->safe_psql('postgres',
	'BEGIN; ' . sprintf($one_more, $rows + 201, $rows + 300) . "; PREPARE TRANSACTION 'survivor'");
$primary->stop('immediate');
eval { $unfinished->quit } if $unfinished;
$primary->start;
is(state_of($primary), $committed, 'rows after a crash: what was committed, no more');
$primary->safe_psql('postgres', "COMMIT PREPARED 'survivor'");
is($primary->safe_psql('postgres', 'SELECT pg_catalog.count(*) FROM orang WHERE id > ' . ($rows + 200)),
	'100', 'a prepared transaction survives the crash');
indexes_hold($primary, 'postgres', 'after the crash');

# --- standby and promotion --------------------------------------------------
$primary->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($primary, 'base', has_streaming => 1);
$standby->start;
$primary->safe_psql('postgres', sprintf $one_more, $rows + 301, $rows + 400);
$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));
my $replicated = state_of($primary);
is(state_of($standby), $replicated, 'rows on the standby');
is($standby->safe_psql('postgres', 'SELECT dtsen.dtsen_version() IS NOT NULL'), 't', 'the library loads on the standby');
$primary->stop('immediate');
$standby->promote;
is(state_of($standby), $replicated, 'rows after promotion');
indexes_hold($standby, 'postgres', 'promoted');
$standby->safe_psql('postgres', sprintf $one_more, $rows + 401, $rows + 500);
is($standby->safe_psql('postgres', 'SELECT pg_catalog.count(*) FROM orang WHERE id > ' . ($rows + 400)),
	'100', 'the promoted standby takes rows');

# --- logical replication, binary and text -----------------------------------
my $subscriber = PostgreSQL::Test::Cluster->new('subscriber');
$subscriber->init;
start_options($subscriber);
$subscriber->start;
$subscriber->safe_psql('postgres', 'CREATE EXTENSION dtsen');
$standby->safe_psql('postgres', 'CREATE PUBLICATION pub FOR TABLE orang');
for my $binary ('false', 'true')
{
	$subscriber->safe_psql('postgres', "DROP TABLE IF EXISTS orang; $table");
	$subscriber->safe_psql('postgres',
		"CREATE SUBSCRIPTION sub CONNECTION '" . $standby->connstr . " dbname=postgres' PUBLICATION pub WITH (binary = $binary)");
	$subscriber->wait_for_subscription_sync($standby, 'sub') if $subscriber->can('wait_for_subscription_sync');
	$subscriber->poll_query_until('postgres', "SELECT pg_catalog.count(*) = 0 FROM pg_catalog.pg_subscription_rel WHERE srsubstate <> 'r'")
	  or die 'the subscription does not become ready';
	my $from = $rows + ($binary eq 'true' ? 601 : 501);
	$standby->safe_psql('postgres', sprintf $one_more, $from, $from + 99);
	$standby->safe_psql('postgres', "UPDATE orang SET version = 'changed' WHERE id < 20; DELETE FROM orang WHERE id = $from");
	$standby->wait_for_catchup('sub');
	is(state_of($subscriber), state_of($standby), "rows on the subscriber, binary = $binary");
	indexes_hold($subscriber, 'postgres', "subscriber, binary = $binary");
	$subscriber->safe_psql('postgres', 'DROP SUBSCRIPTION sub');
}

$subscriber->stop;
$standby->stop;

# what was installed goes again
my $root = PostgreSQL::Test::Utils::tempdir();
my $make = "make -s PG_CONFIG='$ENV{PG_CONFIG}' with_llvm=no DESTDIR='$root'";
is(system("$make install >/dev/null"), 0, 'installed elsewhere');
like(scalar `find '$root' -type f`, qr/dtsen-import\n/, 'with its program');
like(scalar `find '$root' -type f`, qr/verify_proof\.sql\n/, 'and what checks proofs');
is(system("$make uninstall >/dev/null"), 0, 'and uninstalled');
is(scalar `find '$root' -type f`, '', 'nothing is left');
done_testing();
