-- One tampering at a time with a journal: each is found, the first bad entry
-- is named, and the untouched journal raises no alarm. A few hundred here;
-- make check-tamper does 10,000.
BEGIN;
\set QUIET on
\o /dev/null
\ir lifecycle.inc
\o
SELECT no_plan();
\set tamperings `echo ${TAMPERINGS:-300}`
SELECT setseed(0.42) \g /dev/null

-- several chains, with blocks of one entry and of many, keys that are no
-- numbers, reasons, and a second machine
\o /dev/null
SELECT as_role('lct_owner', $q$
    UPDATE reg.actor SET wilayah = NULL;
    INSERT INTO reg.machine VALUES ('kartu', 1, 'a');
    INSERT INTO reg.state (machine, state) VALUES ('kartu', 'a'), ('kartu', 'b');
    INSERT INTO reg.transition (machine, from_state, to_state, action, actor_role) VALUES ('kartu', 'a', 'b', 'go', 'operator'), ('kartu', 'b', 'a', 'back', 'operator');
    CREATE TABLE reg.kartu (nomor text PRIMARY KEY, state text NOT NULL, wilayah text);
    SELECT dtsen.attach('reg.kartu', 'kartu', 'reg', 'nomor', changed_at_column => NULL, changed_by_column => NULL);
    GRANT ALL ON reg.kartu TO PUBLIC$q$);
SELECT as_role('lct_operator', format($q$INSERT INTO reg.usulan (id, wilayah) SELECT g, (ARRAY['3216012001', '3217', '11'])[1 + g %% 3]
    FROM generate_series(%s, %s) AS g$q$, 1 + 100 * i, 100 + 100 * i)) FROM generate_series(0, 3) AS i;
SELECT as_role('lct_operator', $q$INSERT INTO reg.kartu SELECT 'kartu-' || g, 'a', '3216' FROM generate_series(1, 60) AS g$q$);
SELECT as_role('lct_operator', $q$UPDATE reg.kartu SET state = 'b' WHERE nomor LIKE '%7'$q$);
SELECT as_role('lct_operator', $q$UPDATE reg.usulan SET state = 'diajukan' WHERE id % 4 < 3$q$);
SELECT as_role('lct_verifier', format($q$UPDATE reg.usulan SET state = 'ditolak', alasan = 'ganda %s' WHERE id = %s$q$, i, i)) FROM generate_series(4, 36, 4) AS i
WHERE i % 4 < 3;
SELECT as_role('lct_verifier', format($q$UPDATE reg.usulan SET state = 'disahkan' WHERE id = %s$q$, i)) FROM generate_series(41, 90) AS i WHERE i % 4 < 3;
SELECT as_role('lct_operator', format($q$UPDATE reg.usulan SET isi = 'x' WHERE id IN (%s, %s)$q$, i, i + 4)) FROM generate_series(3, 40, 8) AS i;
SELECT as_role('lct_owner', $q$SELECT dtsen.journal_anchor('reg')$q$);
\o
ALTER TABLE reg.journal_block DISABLE TRIGGER USER;

-- Where each byte of an intact block belongs: to which of its entries, 0 for
-- what all of them share. Reads the format of docs/formats.md by itself.
CREATE FUNCTION number_at(b bytea, INOUT o int, OUT n bigint) LANGUAGE plpgsql AS $$
DECLARE
    shift int := 0;
BEGIN
    n := 0;
    LOOP
        n := n | (get_byte(b, o) & 127)::bigint << shift;
        shift := shift + 7;
        o := o + 1;
        EXIT WHEN get_byte(b, o - 1) < 128;
    END LOOP;
END $$;
CREATE FUNCTION layout(b bytea, entries int) RETURNS int[] LANGUAGE plpgsql AS $$
DECLARE
    result int[] := array_fill(1, ARRAY[length(b)]);
    o int := 17;
    n bigint;
    used bigint;
    start int;
    kind int;
    steps int[] := '{}';    -- owner: the first entry that uses it
    spans int[] := '{}';    -- kind, number, from, to
    owner int;
BEGIN
    SELECT f.o INTO o FROM number_at(b, o) AS f;
    FOR i IN 1..3 LOOP
        SELECT f.o, f.n INTO o, n FROM number_at(b, o) AS f;
        o := o + greatest(n - 1, 0)::int;
    END LOOP;
    FOR kind IN 1..3 LOOP
        SELECT f.o, f.n INTO o, used FROM number_at(b, o) AS f;
        FOR i IN 0..used - 1 LOOP
            start := o;
            IF kind = 3 THEN
                o := o + 32;
            ELSE
                FOR j IN 1..(CASE kind WHEN 1 THEN 3 ELSE 2 END) LOOP
                    -- a length that changes moves all that follows
                    SELECT f.o, f.n INTO o, n FROM number_at(b, o) AS f;
                    spans := spans || ARRAY[kind, i::int, o, o + greatest(n - 1, 0)::int];
                    o := o + greatest(n - 1, 0)::int;
                END LOOP;
                CONTINUE;
            END IF;
            spans := spans || ARRAY[kind, i::int, start, o];
        END LOOP;
    END LOOP;
    -- lists of columns, and what tells the seed of the salts
    IF get_byte(b, 0) = 2 THEN
        SELECT f.o, f.n INTO o, used FROM number_at(b, o) AS f;
        o := o + 32 * used::int + 8;
    END IF;
    steps := array_fill(0, ARRAY[3 * 1100]);
    FOR e IN 1..entries LOOP
        start := o;
        FOR kind IN 1..3 LOOP
            SELECT f.o, f.n INTO o, n FROM number_at(b, o) AS f;
            IF kind = 3 THEN
                CONTINUE WHEN n = 0;
                n := n - 1;
            END IF;
            IF steps[(kind - 1) * 1100 + n::int + 1] = 0 THEN
                steps[(kind - 1) * 1100 + n::int + 1] := e;
            END IF;
        END LOOP;
        used := 0;
        IF get_byte(b, 0) = 2 THEN
            SELECT f.o, f.n INTO o, used FROM number_at(b, o) AS f;
        END IF;
        SELECT f.o, f.n INTO o, n FROM number_at(b, o) AS f;
        IF n & 1 = 1 THEN
            o := o + (n >> 1)::int;
        END IF;
        o := o + CASE WHEN used > 0 THEN 36 ELSE 4 END;
        FOR i IN start..o - 1 LOOP
            result[i + 1] := e;
        END LOOP;
    END LOOP;
    IF o <> length(b) THEN
        RAISE EXCEPTION 'layout ends at % of %', o, length(b);
    END IF;
    FOR i IN 0..cardinality(spans) / 4 - 1 LOOP
        owner := greatest(steps[(spans[4 * i + 1] - 1) * 1100 + spans[4 * i + 2] + 1], 1);
        FOR j IN spans[4 * i + 3]..spans[4 * i + 4] - 1 LOOP
            result[j + 1] := owner;
        END LOOP;
    END LOOP;
    RETURN result;
END $$;

CREATE TEMP TABLE original AS
    SELECT b.*, layout(b.body, b.entries) AS owner, row_number() OVER (ORDER BY machine, chain, seq) AS n
    FROM reg.journal_block AS b;
GRANT SELECT ON original TO PUBLIC;

-- One tampering of a kind with block n: what verify_journal must name first.
-- A length in front of a text counts as that text; what only lengthens or
-- shortens a list is found at the first entry that is read differently.
CREATE FUNCTION tamper(kind int, n bigint, OUT what text, OUT expected text, OUT named text) LANGUAGE plpgsql AS $$
DECLARE
    b original;
    other original;
    i int;
    fresh bytea;
BEGIN
    SELECT * INTO b FROM original AS o WHERE o.n = tamper.n;
    expected := format('%s %s %s', b.machine, b.chain, b.seq);
    CASE kind
    WHEN 0, 1, 2, 3 THEN
        what := 'edit';
        i := floor(random() * length(b.body))::int;
        fresh := set_byte(b.body, i, get_byte(b.body, i) # (1 + floor(random() * 255)::int));
        UPDATE reg.journal_block AS j SET body = fresh WHERE (j.machine, j.chain, j.seq) = (b.machine, b.chain, b.seq);
        expected := format('%s %s %s', b.machine, b.chain, b.seq + b.owner[i + 1] - 1);
    WHEN 4 THEN
        what := 'delete';
        DELETE FROM reg.journal_block AS j WHERE (j.machine, j.chain, j.seq) = (b.machine, b.chain, b.seq);
    WHEN 5 THEN
        what := 'insert';
        i := 1 + floor(random() * 1000)::int;
        INSERT INTO reg.journal_block SELECT j.machine, j.chain, x.last + i, j.entries, j.keys, j.body, j.previous, j.digest
        FROM reg.journal_block AS j, (SELECT max(o.seq + o.entries) AS last FROM original AS o WHERE (o.machine, o.chain) = (b.machine, b.chain)) AS x
        WHERE (j.machine, j.chain, j.seq) = (b.machine, b.chain, b.seq);
        SELECT format('%s %s %s', b.machine, b.chain, max(o.seq + o.entries)) INTO expected FROM original AS o WHERE (o.machine, o.chain) = (b.machine, b.chain);
    WHEN 6 THEN
        what := 'swap';
        SELECT * INTO other FROM original AS o WHERE (o.machine, o.chain) = (b.machine, b.chain) AND o.n <> b.n ORDER BY random() LIMIT 1;
        IF NOT FOUND THEN
            what := NULL;
            RETURN;
        END IF;
        UPDATE reg.journal_block AS j SET (entries, keys, body, previous, digest) = (SELECT o.entries, o.keys, o.body, o.previous, o.digest
            FROM original AS o WHERE o.n = CASE j.seq WHEN b.seq THEN other.n ELSE b.n END)
        WHERE (j.machine, j.chain) = (b.machine, b.chain) AND j.seq IN (b.seq, other.seq);
        expected := format('%s %s %s', b.machine, b.chain, least(b.seq, other.seq));
    WHEN 7 THEN
        what := 'move';
        UPDATE reg.journal_block AS j SET chain = chain || '/9' WHERE (j.machine, j.chain, j.seq) = (b.machine, b.chain, b.seq);
    WHEN 8 THEN
        -- made anew with a digest that fits it, by who knows the format
        what := 'relink';
        fresh := sha256(b.previous || n::text::bytea);
        UPDATE reg.journal_block AS j SET previous = fresh, digest = (
            SELECT sha256('dtsen.block.1'::bytea || '\x00'::bytea || fresh || c.content)
            FROM dtsen._journal_content(b.machine, b.chain, b.seq, b.entries, b.body) AS c)
        WHERE (j.machine, j.chain, j.seq) = (b.machine, b.chain, b.seq);
        -- its own link is wrong, that is, what it is said to follow
        SELECT format('%s %s %s', b.machine, b.chain, coalesce(max(o.seq), b.seq)) INTO expected FROM original AS o
        WHERE (o.machine, o.chain) = (b.machine, b.chain) AND o.seq < b.seq;
    ELSE
        what := 'column';
        CASE floor(random() * 4)::int
        WHEN 0 THEN UPDATE reg.journal_block AS j SET digest = sha256(digest) WHERE (j.machine, j.chain, j.seq) = (b.machine, b.chain, b.seq);
        WHEN 1 THEN UPDATE reg.journal_block AS j SET previous = sha256(previous) WHERE (j.machine, j.chain, j.seq) = (b.machine, b.chain, b.seq);
        WHEN 2 THEN UPDATE reg.journal_block AS j SET keys = keys + 1 WHERE (j.machine, j.chain, j.seq) = (b.machine, b.chain, b.seq);
        ELSE UPDATE reg.journal_block AS j SET machine = machine || 'x' WHERE (j.machine, j.chain, j.seq) = (b.machine, b.chain, b.seq);
        END CASE;
    END CASE;
    SELECT format('%s %s %s', v.machine, v.chain, v.seq) INTO named
    FROM dtsen.verify_journal('reg') WITH ORDINALITY AS v
    WHERE v.machine IN (SELECT o.machine FROM original AS o) AND v.chain IN (SELECT o.chain FROM original AS o) OR v.machine IS NULL
    ORDER BY v.ordinality LIMIT 1;
    RAISE EXCEPTION USING ERRCODE = 'ZZ000';
EXCEPTION WHEN SQLSTATE 'ZZ000' THEN
    NULL;
END $$;

SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'no false alarm before');
CREATE TEMP TABLE outcome AS
    SELECT t.* FROM generate_series(1, :tamperings) AS g,
        LATERAL tamper(floor(random() * 10 + g * 0)::int, 1 + floor(random() * (SELECT count(*) FROM original) + g * 0)::bigint) AS t;
SELECT is((SELECT count(*) FROM outcome WHERE what IS NOT NULL AND named IS NULL), 0::bigint, 'every tampering is found');
SELECT is_empty($$SELECT what, expected, named FROM outcome WHERE named <> expected$$, 'at the first bad entry');
SELECT cmp_ok((SELECT count(*) FROM outcome WHERE what IS NOT NULL), '>=', (:tamperings * 0.9)::bigint, 'they were done');
SELECT is((SELECT count(DISTINCT what) FROM outcome), 7::bigint, 'of every kind');
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'no false alarm afterwards');
-- who does not say where a row is does not miss what comes after a damaged block
SELECT is((SELECT count(*) > 0 FROM dtsen.journal_history('reg', 'usulan', '1')), true, 'a row''s history');
ALTER TABLE reg.journal_block DISABLE TRIGGER USER;
UPDATE reg.journal_block SET digest = '\x00' WHERE (machine, chain, seq) = ('usulan', '11', 1);
SELECT throws_ok($$SELECT count(*) FROM dtsen.journal_history('reg', 'usulan', '1')$$, 'SE005', NULL, 'is not silently shorter');
SELECT * FROM finish();
ROLLBACK;
