# Messages in Indonesian, as a server whose lc_messages asks for them gives them.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $configured = `@{[$ENV{PG_CONFIG} // 'pg_config']} --configure`;
plan skip_all => 'the server is built without NLS' unless $configured =~ /--enable-nls/;

# A locale of the test's own, so that the machine needs none.
$ENV{LOCPATH} = PostgreSQL::Test::Utils::tempdir;
my $made = `localedef -c -i id_ID -f UTF-8 $ENV{LOCPATH}/id_ID.UTF-8 2>&1`;
plan skip_all => "no locale can be made (Debian: package locales): $made" unless -d "$ENV{LOCPATH}/id_ID.UTF-8/LC_MESSAGES";
my $node = PostgreSQL::Test::Cluster->new('messages');
$node->init;
$node->append_conf('postgresql.conf', "log_min_messages = panic\n");
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION dtsen');

sub said
{
	my ($sql, $language) = @_;
	my ($out, $err);
	$node->psql('postgres', "SET lc_messages = '$language';\n$sql", stdout => \$out, stderr => \$err);
	return $err =~ s/^psql:<stdin>:\d+: |^LINE.*\n.*\n//mgr;
}

my $short = "SELECT '123'::dtsen.nik";
is(said($short, 'C'), qq{ERROR:  invalid input syntax for type nik: "12*"\nDETAIL:  The value has 3 digits, 16 are needed.},
	'English in locale C');
is(said($short, 'id_ID.UTF-8'), qq{ERROR:  sintaks masukan tidak sah untuk tipe nik: "12*"\nDETAIL:  Nilai itu berisi 3 digit, diperlukan 16.},
	'Indonesian where it is asked for, a plural included');
is(said("SELECT '3200'::dtsen.kode_wilayah", 'id_ID.UTF-8'),
	qq{ERROR:  sintaks masukan tidak sah untuk tipe kode_wilayah: "32**"\nDETAIL:  Bagian kabupaten bernilai nol.},
	'and a message that is put together');
is(said('SELECT dtsen.theil_t(x, 1) FROM (VALUES (-1.0::float8), (0), (2)) AS t (x)', 'id_ID.UTF-8'),
	qq{ERROR:  skor harus positif\nDETAIL:  2 baris mempunyai skor lain.\nHINT:  Keluarkan baris itu dengan FILTER atau WHERE, atau perbaiki.}, 'with its parts');
like(said('SELECT 1 / 0', 'id_ID.UTF-8'), qr/division by zero/, 'the messages of the server are its own');
$node->stop;
done_testing();
