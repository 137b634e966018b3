# Names in databases of other encodings than UTF-8: nothing of a name is lost, and
# an explanation speaks of the words that the value has.
use strict;
use warnings;
use utf8;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->append_conf('postgresql.conf', <<'CONF');
log_statement = none
log_min_error_statement = panic
CONF
$node->start;

# A letter that UTF-8 begins a control character or a blank with, beside such a
# byte: of LATIN1 and WIN1252 two characters.
my %beside = (latin1 => '\xc2a0', win1252 => '\xc280');
for my $encoding (sort keys %beside)
{
	$node->safe_psql('postgres', "CREATE DATABASE $encoding ENCODING '$encoding' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'");
	my $name = "(convert_from('DEWI ' || '$beside{$encoding}'::bytea || ' B', '$encoding'))";
	my $ask = sub { $node->safe_psql($encoding, "SET client_encoding = 'UTF8'; SET search_path = public, dtsen; SELECT $_[0]") };
	$node->safe_psql($encoding, 'CREATE EXTENSION dtsen');
	is($ask->("encode(convert_to(dtsen.to_nama($name)::text, '$encoding'), 'hex')"),
		unpack('H*', 'DEWI ') . ($encoding eq 'latin1' ? 'c2' : 'c280') . unpack('H*', ' B'),
		"$encoding: to_nama() keeps every letter");
	is($ask->("jsonb_path_query_array(dtsen.nama_explain($name\::nama, 'DEWI A B'), '\$.pairs[*].a')"),
		$encoding eq 'latin1' ? '["D***", "A", "B"]' : '["D***", "A*", "B"]',
		"$encoding: an explanation has the words of the value");
	is($ask->("dtsen.nama_normalize($name)"), $ask->("dtsen.nama_normalize($name\::nama::text)"), "$encoding: the normal form is the same of text and value");
}
# a byte that is no character of WIN1252 is no letter of a name either
is($node->safe_psql('win1252', "SELECT dtsen.to_nama('BUDI ' || x) IS NULL, dtsen.is_nama('BUDI ' || x) FROM convert_from('\\x81', 'win1252') AS x"),
	't|f', 'what cannot be converted is no name, and no error');
done_testing();
