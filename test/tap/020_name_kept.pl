# What a session keeps of an index of names is never what the index was: between
# two searches of one session others insert, delete, split pages, VACUUM, empty the
# pending list, REINDEX; on a standby the same is replayed. After each event its
# searches by the index have the rows and the order of the table. So they have where
# a table is made empty in its place, and where pages change without WAL.
use strict;
use warnings;
use IndexNode;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = IndexNode::started('primary', 'fsync = off', allows_streaming => 1);

# words(): names of two or three words of drawn syllables, some with a slip.
# wrong(): of some searches, how many the index and the table answer differently.
my $functions = <<'SQL';
CREATE EXTENSION dtsen;
CREATE SEQUENCE draws;
CREATE FUNCTION pick(k int) RETURNS int LANGUAGE sql VOLATILE AS
    $$ SELECT ((hashint8extended(nextval('draws'), 11) & 1048575) % k)::int $$;
CREATE FUNCTION word() RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    result text := '';
BEGIN
    FOR i IN 0..1 + pick(3) LOOP
        result := result || ('{SU,RI,NA,TI,WA,KAR,MAN,HA,YU,SRI,DI,TO,NUR,LE,SAN}'::text[])[1 + pick(15)];
    END LOOP;
    RETURN CASE pick(6) WHEN 0 THEN overlay(result PLACING chr(65 + pick(26)) FROM 1 + pick(length(result)) FOR pick(3)) ELSE result END;
END $$;
CREATE FUNCTION words(many int) RETURNS SETOF nama LANGUAGE sql VOLATILE AS $$
    SELECT to_nama(word() || CASE pick(4) WHEN 0 THEN '' ELSE ' ' || word() END) FROM generate_series(1, many) $$;
CREATE TABLE person (id bigint GENERATED ALWAYS AS IDENTITY, name nama);
INSERT INTO person (name) SELECT words(3000);
CREATE INDEX person_near ON person USING dtsen_nama (name);
CREATE TABLE search AS SELECT words(12) AS name;
CREATE FUNCTION answers(relation regclass, index boolean) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    PERFORM set_config('enable_seqscan', (NOT index)::text, false), set_config('enable_indexscan', index::text, false),
        set_config('enable_bitmapscan', index::text, false);
    EXECUTE format('SELECT string_agg(concat_ws(%L,
        (SELECT string_agg(d::text, '' '' ORDER BY d) FROM (SELECT p.name <-> s.name AS d FROM %2$s AS p ORDER BY p.name <-> s.name LIMIT 15) AS x),
        (SELECT string_agg(id::text, '' '' ORDER BY id) FROM %2$s AS p WHERE nama_similar(p.name, s.name, 0.6))), E''\n'' ORDER BY s.name) FROM search AS s',
        '; ', relation) INTO result;
    RETURN result;
END $$;
CREATE FUNCTION wrong(relation regclass) RETURNS text LANGUAGE sql AS $$
    SELECT count(*) || ' searches, ' || count(*) FILTER (WHERE i IS DISTINCT FROM t) || ' wrong'
    FROM unnest(string_to_array(answers(relation, true), E'\n'), string_to_array(answers(relation, false), E'\n')) AS x (i, t) $$;
CREATE FUNCTION replayed(upto pg_lsn) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1..6000 LOOP
        IF pg_last_wal_replay_lsn() >= upto THEN
            RETURN true;
        END IF;
        PERFORM pg_sleep(0.01);
    END LOOP;
    RETURN false;
END $$;
SQL
$node->safe_psql('postgres', $functions);
$node->safe_psql('postgres', <<'SQL');
CREATE UNLOGGED TABLE loose (id bigint GENERATED ALWAYS AS IDENTITY, name nama);
INSERT INTO loose (name) SELECT words(2000);
CREATE INDEX loose_near ON loose USING dtsen_nama (name);
SQL

my @events = (
	[ 'nothing', 'SELECT 1' ],
	[ 'insertions, pending', 'INSERT INTO person (name) SELECT words(200); INSERT INTO loose (name) SELECT words(200)' ],
	[ 'a pending list that VACUUM empties', 'VACUUM person; VACUUM loose' ],
	[ 'insertions into the tree', 'ALTER INDEX person_near SET (fastupdate = off); INSERT INTO person (name) SELECT words(300)' ],
	[ 'pages that split', 'INSERT INTO person (name) SELECT words(6000)' ],
	[ 'a row less', 'DELETE FROM person WHERE id = (SELECT min(id) FROM person)' ],
	[ 'rows less, and VACUUM', 'DELETE FROM person WHERE id % 3 = 1; VACUUM person' ],
	[ 'the same again in their place', 'INSERT INTO person (name) SELECT name FROM person WHERE id % 5 = 2; INSERT INTO person (name) SELECT words(1000)' ],
	[ 'REINDEX', 'REINDEX INDEX person_near; REINDEX INDEX loose_near' ],
	[ 'REINDEX CONCURRENTLY of a smaller table', 'DELETE FROM person WHERE id % 4 <> 1; REINDEX INDEX CONCURRENTLY person_near' ],
	[ 'another index', 'DROP INDEX person_near; CREATE INDEX CONCURRENTLY person_near ON person USING dtsen_nama (name)' ],
	[ 'an empty table', 'TRUNCATE person' ],
	[ 'a full one again', 'INSERT INTO person (name) SELECT words(4000)' ]);

# One session goes through all events; others cause them. On a standby it waits.
sub searches
{
	my ($server, @relations) = @_;
	my $elsewhere = "psql -X -q -d postgres -h '" . $node->host . "' -p " . $node->port;
	my $script = $server->basedir . '/searches.sql';
	my $far = $server != $node;

	for my $event (@events)
	{
		# VACUUM and CONCURRENTLY stand alone
		my $commands = join(' ', map { qq{-c "$_"} } split(/; */, $event->[1]));

		append_to_file($script, "\\! $elsewhere $commands\n");
		append_to_file($script,
			# the message is flushed with all that is before it, a hint of VACUUM's need not be
			"\\set lsn `$elsewhere -At -c \"SELECT pg_logical_emit_message(true, 'test', 'searched next')\"`\nSELECT replayed(:'lsn');\n") if $far;
		append_to_file($script, "SELECT '$_: ' || wrong('$_');\n") for @relations;
	}
	my $answer = $server->safe_psql('postgres', "\\i $script");
	my @lines = grep { /wrong$/ } split(/\n/, $answer);

	for my $event (@events)
	{
		is(shift @lines, "$_: 12 searches, 0 wrong", $server->name . ", $_: after " . $event->[0]) for @relations;
	}
	unlike($answer, qr/^f$/m, 'replayed in time') if $far;
	return;
}

searches($node, 'person', 'loose');

my $standby = IndexNode::standby_of($node, 'max_standby_streaming_delay = -1');
searches($standby, 'person');

# the session that searched on while the standby became a primary
my $script = $standby->basedir . '/promoted.sql';
append_to_file($script, <<'SQL');
SELECT wrong('person');
SELECT pg_promote();
INSERT INTO person (name) SELECT words(500);
SELECT wrong('person');
SQL
is($standby->safe_psql('postgres', "\\i $script"), "12 searches, 0 wrong\nt\n12 searches, 0 wrong", 'over a promotion');
$standby->stop;

# pages where keys began are not there any more, in the same file
is($node->safe_psql('postgres', <<'SQL'), join("\n", ('12 searches, 0 wrong') x 5), 'a table that is made empty in its place');
CREATE TEMP TABLE short (id bigint GENERATED ALWAYS AS IDENTITY, name nama) ON COMMIT DELETE ROWS;
CREATE INDEX ON short USING dtsen_nama (name) WITH (fastupdate = off);
BEGIN;
INSERT INTO short (name) SELECT words(3000);
SELECT wrong('short');
COMMIT;
BEGIN;
INSERT INTO short (name) SELECT words(30);
SELECT wrong('short');
COMMIT;
BEGIN;
INSERT INTO short (name) SELECT 'SRI NURHAYATI' FROM generate_series(1, 20000);
INSERT INTO short (name) SELECT words(300);
SELECT wrong('short');
COMMIT;
BEGIN;
CREATE TABLE fresh (id bigint GENERATED ALWAYS AS IDENTITY, name nama);
CREATE INDEX ON fresh USING dtsen_nama (name) WITH (fastupdate = off);
INSERT INTO fresh (name) SELECT words(3000);
SELECT wrong('fresh');
TRUNCATE fresh;
INSERT INTO fresh (name) SELECT words(30);
SELECT wrong('fresh');
COMMIT;
SQL

# The first page of keys gets others below it while a session that knows its words
# waits for its lock. Two sessions search one small index after the other, until a
# third has divided it.
$node->safe_psql('postgres', <<'SQL');
CREATE FUNCTION name_of(n int) RETURNS nama LANGUAGE sql AS
    $$ SELECT CASE WHEN n <= 5 THEN 'ZULKARNAIN'::nama ELSE to_nama(translate(md5(n::text), '0123456789', 'GHIJKLMNOP')) END $$;
CREATE FUNCTION fill(i int, many int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TABLE small_%1$s (name nama); CREATE INDEX small_%1$s_name ON small_%1$s USING dtsen_nama (name) WITH (fastupdate = off);
        INSERT INTO small_%1$s SELECT name_of(n) FROM generate_series(1, %2$s) AS n', i, many);
END $$;
CREATE FUNCTION undivided(i int) RETURNS boolean LANGUAGE sql AS
    $$ SELECT pg_relation_size(format('small_%s_name', i)::regclass) = 2 * current_setting('block_size')::int $$;
DO $$
DECLARE
    last int := 5;
BEGIN
    PERFORM fill(0, last);
    WHILE undivided(0) LOOP
        last := last + 1;
        INSERT INTO small_0 SELECT name_of(last);
    END LOOP;
    PERFORM fill(i, last - 1) FROM generate_series(1, 400) AS i;
    EXECUTE format('CREATE TABLE dividing AS SELECT %s AS n', last);
END $$;
CREATE FUNCTION lost() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    found int;
    wrong int := 0;
BEGIN
    SET LOCAL enable_seqscan = off;
    FOR i IN 1..400 LOOP
        LOOP
            EXECUTE format($q$SELECT count(*) FROM small_%s WHERE nama_similar(name, 'ZULKARNAIN', 0.9)$q$, i) INTO found;
            wrong := wrong + (found <> 5)::int;
            EXIT WHEN NOT undivided(i);
        END LOOP;
    END LOOP;
    RETURN wrong || ' wrong';
END $$;
CREATE PROCEDURE divide() LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1..400 LOOP
        PERFORM pg_sleep(0.005);
        EXECUTE format('INSERT INTO small_%s SELECT name_of(n) FROM dividing', i);
        COMMIT;
    END LOOP;
END $$;
SQL
my @searching = map { my $out = ''; { out => \$out, run => IPC::Run::start([ 'psql', '-X', '-q', '-At', '-d', $node->connstr('postgres'), '-c', 'SELECT lost()' ], '>', \$out) } } 1 .. 2;
ok($node->poll_query_until('postgres', q{SELECT count(*) = 2 FROM pg_stat_activity WHERE state = 'active' AND query = 'SELECT lost()'}), 'two sessions search');
$node->safe_psql('postgres', 'CALL divide()');
for my $session (@searching)
{
	$session->{run}->finish;
	is(${ $session->{out} }, "0 wrong\n", 'while the root is divided nobody is missed');
}

# a session that knew a small index reads no more of a large one than another does
$script = $node->basedir . '/pages.sql';
append_to_file($script, <<'SQL');
CREATE FUNCTION pages_of(relation regclass) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    line text;
    result bigint := 0;
BEGIN
    SET LOCAL enable_seqscan = off;
    FOR line IN EXECUTE format('EXPLAIN (ANALYZE, BUFFERS) SELECT (SELECT count(*) FROM %s AS p WHERE nama_similar(p.name, s.name, 0.6)) FROM search AS s', relation) LOOP
        result := greatest(result, substring(line FROM 'shared hit=([0-9]+)')::bigint);
    END LOOP;
    RETURN result;
END $$;
CREATE TABLE growing (id bigint GENERATED ALWAYS AS IDENTITY, name nama);
CREATE INDEX ON growing USING dtsen_nama (name) WITH (fastupdate = off);
INSERT INTO growing (name) SELECT words(300);
SELECT wrong('growing');
INSERT INTO growing (name) SELECT words(12000);
SELECT pages_of('growing') > 0;
SELECT pages_of('growing');
SQL
my @pages = split(/\n/, $node->safe_psql('postgres', "\\i $script"));
my $elsewhere = $node->safe_psql('postgres', "SELECT pages_of('growing') > 0; SELECT pages_of('growing')");
$elsewhere =~ s/^t\n//;
cmp_ok($pages[2], '<', 1.2 * $elsewhere, 'pages of an index that has grown');
$node->stop;

# at wal_level minimal a copied index is changed, and its pages keep their LSN
my $minimal = IndexNode::started('minimal', "fsync = off\nwal_level = minimal\nmax_wal_senders = 0\nwal_skip_threshold = 0");
$minimal->safe_psql('postgres', $functions);
$minimal->safe_psql('postgres', 'ALTER INDEX person_near SET (fastupdate = off); INSERT INTO person (name) SELECT words(3000)');
is($minimal->safe_psql('postgres', <<'SQL'), join("\n", ('12 searches, 0 wrong') x 3), 'an index that is moved and changed without WAL');
SET allow_in_place_tablespaces = on;
CREATE TABLESPACE elsewhere LOCATION '';
SELECT wrong('person');
BEGIN;
ALTER INDEX person_near SET TABLESPACE elsewhere;
INSERT INTO person (name) SELECT overlay(s.name::text PLACING chr(65 + g) FROM 3 + g % 3 FOR 1)::nama FROM search AS s, generate_series(0, 25) AS g;
SELECT wrong('person');
COMMIT;
SELECT wrong('person');
SQL
$minimal->stop;
done_testing();
