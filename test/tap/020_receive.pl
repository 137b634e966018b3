# What a client sends in binary: thousands of mutated values of every type
# through COPY BINARY. Each must be stored or refused with an SQLSTATE that says
# so; none may crash the server or raise an internal error.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $per_type = $ENV{ROUNDS} // 600;
my $node = PostgreSQL::Test::Cluster->new('receive');
$node->init;
# Statements hold numbers and stay out of the log (see the rule "logs").
$node->append_conf('postgresql.conf', <<'CONF');
log_statement = none
log_min_error_statement = panic
CONF
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION dtsen');

# Valid values of each type, as expressions.
my %values = (
	nik => ["'3216014107850003'::dtsen.nik", "'0000000000000000'::dtsen.nik"],
	nkk => ["'3216010203100001'::dtsen.nkk"],
	kode_wilayah => ["'32'::dtsen.kode_wilayah", "'32.16.01.2001'::dtsen.kode_wilayah"],
	nama => ["'Siti Nurhayati'::dtsen.nama", "'Drs. H. M. Jusuf bin Abd. Rahman, S.Pd'::dtsen.nama",
		"repeat('A B ', 16)::dtsen.nama"],
	nama_query => ["'0.65 Siti Nurhayati'::dtsen.nama_query", "'1 M. Jusuf'::dtsen.nama_query"],
	nama_model => [q{'[{"kind": "variant", "word": "BEJO", "name": "UNTUNG"}, {"kind": "frequency", "word": "SITI", "count": 5212}]'::dtsen.nama_model},
		q{'[{"kind": "nickname", "word": "GOPAR", "name": "ABDUL"}, {"kind": "weight", "word": "NUR", "bits": 1.125}]'::dtsen.nama_model}],
	keluarga => [
		"'{3216014107850003 1 P 1985-07-01,3216011203880002 2 L 1988-03-12,3216014107100003 3 - -}'::dtsen.keluarga"],
	rank_state => [
		'(SELECT dtsen.rank_state(i::float8, i::bigint) FROM generate_series(1, 40) i)',
		'(SELECT dtsen.rank_state(i / 7.0::float8, i / 3.0::float8) FROM generate_series(1, 40) i)'],
);
my %allowed = map { $_ => 1 } qw(22P03 22P02 22003 22021 22023 54000 22P04 08P01);

my $seed = 20261122;
sub below
{
	my ($n) = @_;
	$seed = ($seed * 1103515245 + 12345) % 2147483648;
	return int($seed / 65536) % $n;
}

sub mutate
{
	my ($bytes, $other) = @_;
	for (0 .. below(3))
	{
		my $at = below(length($bytes) || 1);
		my $what = below(7);
		if ($what == 0 && length $bytes) { substr($bytes, $at, 1) = chr below(256); }
		elsif ($what == 1 && length $bytes)
		{
			substr($bytes, $at, 1) = chr(ord(substr($bytes, $at, 1)) ^ (1 << below(8)));
		}
		elsif ($what == 2) { substr($bytes, $at, 1 + below(6)) = '' if length $bytes; }
		elsif ($what == 3) { substr($bytes, $at, 0) = join '', map { chr below(256) } 0 .. below(9); }
		elsif ($what == 4) { $bytes = substr($bytes, 0, $at); }
		elsif ($what == 5) { substr($bytes, $at, 1) = "\xff" if length $bytes; }
		else { $bytes .= substr($other, below(length($other) || 1)); }
	}
	return $bytes;
}

my $dir = PostgreSQL::Test::Utils::tempdir();
$node->safe_psql('postgres', q{
	CREATE TABLE outcome (kind text, file text, state text);
	CREATE PROCEDURE feed(kind text, dir text, n int) LANGUAGE plpgsql AS $$
	DECLARE
		file text;
	BEGIN
		FOR i IN 1..n LOOP
			file := format('%s/%s.%s', dir, kind, i);
			BEGIN
				EXECUTE format('COPY %I FROM %L (FORMAT binary)', 't_' || kind, file);
				INSERT INTO outcome VALUES (kind, file, '00000');
			EXCEPTION WHEN OTHERS THEN
				INSERT INTO outcome VALUES (kind, file, SQLSTATE);
			END;
		END LOOP;
	END $$;
});

my $header = "PGCOPY\n\xff\r\n\0" . pack('NN', 0, 0);
for my $type (sort keys %values)
{
	$node->safe_psql('postgres', "CREATE TABLE t_$type (v dtsen.$type)");
	my @seeds;
	for my $value (@{ $values{$type} })
	{
		my $file = "$dir/$type.seed";
		$node->safe_psql('postgres', "COPY (SELECT $value) TO '$file' (FORMAT binary)");
		my $bytes = slurp_file($file);
		# header, field count, length, value, trailer
		push @seeds, substr($bytes, length($header) + 6, -2);
	}
	for my $i (1 .. $per_type)
	{
		my $bytes = $seeds[ below(scalar @seeds) ];
		$bytes = mutate($bytes, $seeds[ below(scalar @seeds) ]) if $i > 1;
		open my $fh, '>:raw', "$dir/$type.$i" or die $!;
		print $fh $header . pack('nN', 1, length $bytes) . $bytes . pack('n', 0xffff);
		close $fh or die $!;
	}
	chmod 0755, $dir;
	my ($status, undef, $error) =
	  $node->psql('postgres', "CALL feed('$type', '$dir', $per_type)");
	is($status, 0, "$type: the server lives") or diag $error;
	my @states = split /\n/,
	  $node->safe_psql('postgres', "SELECT state FROM outcome WHERE kind = '$type' GROUP BY 1 ORDER BY 1");
	my @bad = grep { $_ ne '00000' && !$allowed{$_} } @states;
	is("@bad", '', "$type: refused only as no such value (@states)");
	ok((grep { $_ eq '00000' } @states) > 0, "$type: the value itself is read");
	# what was stored is a value: it prints, and its text reads back
	is($node->safe_psql('postgres', "SELECT count(*) FROM t_$type WHERE v::text::dtsen.${type}::text IS DISTINCT FROM v::text"),
		'0', "$type: what was stored is a value");
}
cmp_ok($node->safe_psql('postgres', "SELECT count(*) FROM outcome WHERE state <> '00000'"),
	'>', $per_type, 'most mutations are refused');
$node->stop;
done_testing();
