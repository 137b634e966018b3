SET search_path = pg_catalog, dtsen, pg_temp;

CREATE SCHEMA reg;
COMMENT ON SCHEMA reg IS 'Socio-economic registry made by dtsen.create_registry()';

-- The tables of a lifecycle: machines as data, the people who may act, and
-- the journal. They are ordinary tables of whoever runs this; dtsen owns none.
-- reg stands for the schema, already quoted; 'reg' and
-- 'reg' for literals of its name and of that.

CREATE TABLE reg.machine (
    machine pg_catalog.text NOT NULL PRIMARY KEY
        CHECK (pg_catalog.octet_length(machine) BETWEEN 1 AND 63),
    version pg_catalog.int4 NOT NULL DEFAULT 1 CHECK (version > 0),
    initial_state pg_catalog.text NOT NULL,
    label_id pg_catalog.text,
    label_en pg_catalog.text,
    is_live pg_catalog.bool NOT NULL DEFAULT false,
    digest pg_catalog.bytea CHECK (pg_catalog.octet_length(digest) = 32),
    first_digest pg_catalog.bytea CHECK (pg_catalog.octet_length(first_digest) = 32)
);
COMMENT ON TABLE reg.machine IS
    'machines: one per kind of row that has a lifecycle';
COMMENT ON COLUMN reg.machine.machine IS 'name of the machine, at most 63 bytes';
COMMENT ON COLUMN reg.machine.version IS
    'version under which rows are born; raised by the approval of a row of machine_version alone';
COMMENT ON COLUMN reg.machine.initial_state IS 'the only state in which a row of version 1 may be born; later versions say theirs in machine_version';
COMMENT ON COLUMN reg.machine.label_id IS 'what people call it, Indonesian';
COMMENT ON COLUMN reg.machine.label_en IS 'what people call it, English';
COMMENT ON COLUMN reg.machine.is_live IS 'set by dtsen.attach(): from then on the rules change by a new version only';
COMMENT ON COLUMN reg.machine.digest IS 'dtsen.machine_digest() of the version in force when it came into force';
COMMENT ON COLUMN reg.machine.first_digest IS 'that of version 1, under which rows may still be';

CREATE TABLE reg.state (
    machine pg_catalog.text NOT NULL
        REFERENCES reg.machine (machine),
    state pg_catalog.text NOT NULL
        CHECK (pg_catalog.octet_length(state) BETWEEN 1 AND 63),
    is_final pg_catalog.bool NOT NULL DEFAULT false,
    is_published pg_catalog.bool NOT NULL DEFAULT false,
    label_id pg_catalog.text,
    label_en pg_catalog.text,
    sort_order pg_catalog.int4 NOT NULL DEFAULT 0,
    version pg_catalog.int4 NOT NULL DEFAULT 1 CHECK (version > 0),
    PRIMARY KEY (machine, version, state)
);
COMMENT ON TABLE reg.state IS 'states of the machines';
COMMENT ON COLUMN reg.state.machine IS 'machine that has this state';
COMMENT ON COLUMN reg.state.state IS
    'the value in the state column of the guarded table, lower case by custom';
COMMENT ON COLUMN reg.state.is_final IS 'no way out: a row in this state never changes again';
COMMENT ON COLUMN reg.state.is_published IS 'rows in this state are official and visible to readers';
COMMENT ON COLUMN reg.state.label_id IS 'what people call it, Indonesian';
COMMENT ON COLUMN reg.state.label_en IS 'what people call it, English';
COMMENT ON COLUMN reg.state.sort_order IS 'order in lists and diagrams';
COMMENT ON COLUMN reg.state.version IS 'version of the machine that has the state';

CREATE TABLE reg.transition (
    machine pg_catalog.text NOT NULL,
    from_state pg_catalog.text NOT NULL,
    to_state pg_catalog.text NOT NULL,
    action pg_catalog.text NOT NULL
        CHECK (action <> '' AND action NOT IN ('born', 'edit', 'attached')),
    actor_role pg_catalog.text NOT NULL CHECK (actor_role <> ''),
    guards pg_catalog.text[] NOT NULL DEFAULT '{}'
        CHECK (pg_catalog.array_position(guards, NULL) IS NULL),
    distinct_from pg_catalog.text[] NOT NULL DEFAULT '{}'
        CHECK (pg_catalog.array_position(distinct_from, NULL) IS NULL),
    needs_reason pg_catalog.bool NOT NULL DEFAULT false,
    is_timed pg_catalog.bool NOT NULL DEFAULT false,
    version pg_catalog.int4 NOT NULL DEFAULT 1,
    PRIMARY KEY (machine, version, from_state, to_state),
    CHECK (from_state <> to_state),
    FOREIGN KEY (machine, version, from_state)
        REFERENCES reg.state (machine, version, state),
    FOREIGN KEY (machine, version, to_state)
        REFERENCES reg.state (machine, version, state)
);
COMMENT ON TABLE reg.transition IS
    'the steps of the machines; what is not here cannot happen';
COMMENT ON COLUMN reg.transition.machine IS 'machine of the step';
COMMENT ON COLUMN reg.transition.from_state IS 'state in which the row must be';
COMMENT ON COLUMN reg.transition.to_state IS 'state that the row gets';
COMMENT ON COLUMN reg.transition.action IS
    'name of the step in the journal; born, edit and attached are taken';
COMMENT ON COLUMN reg.transition.actor_role IS 'role in table actor that takes the step';
COMMENT ON COLUMN reg.transition.guards IS
    'functions "schema.name" (keys text[]) RETURNS TABLE (key text, sqlstate text, message text, hint text) that list the rows that must not take the step; of the owner of this table';
COMMENT ON COLUMN reg.transition.distinct_from IS
    'actions (also born, edit) whose person, on the same row, must be another than the one who takes this step';
COMMENT ON COLUMN reg.transition.needs_reason IS
    'the UPDATE that takes the step must also set the reason column to a text';
COMMENT ON COLUMN reg.transition.is_timed IS
    'the step is taken within a window of table calendar only';
COMMENT ON COLUMN reg.transition.version IS 'version of the machine that has the step';

CREATE TABLE reg.machine_version (
    id pg_catalog.text COLLATE pg_catalog."C" NOT NULL PRIMARY KEY,
    machine pg_catalog.text NOT NULL REFERENCES reg.machine (machine),
    version pg_catalog.int4 NOT NULL CHECK (version > 1),
    initial_state pg_catalog.text NOT NULL,
    state pg_catalog.text NOT NULL DEFAULT 'draf',
    digest pg_catalog.bytea CHECK (pg_catalog.octet_length(digest) = 32),
    reason pg_catalog.text,
    changed_at pg_catalog.timestamptz,
    changed_by pg_catalog.name,
    UNIQUE (machine, version),
    CHECK (id OPERATOR(pg_catalog.=) (machine OPERATOR(pg_catalog.||) '/' OPERATOR(pg_catalog.||) version::pg_catalog.text))
);
COMMENT ON TABLE reg.machine_version IS
    'versions of machines after the first, themselves under machine "mesin": drafted by one person, put in force by another';
COMMENT ON COLUMN reg.machine_version.id IS 'machine/version';
COMMENT ON COLUMN reg.machine_version.machine IS 'the machine';
COMMENT ON COLUMN reg.machine_version.version IS 'its version, 2 or more; version 1 comes into force by dtsen.attach()';
COMMENT ON COLUMN reg.machine_version.initial_state IS 'the only state in which a row may be born under it';
COMMENT ON COLUMN reg.machine_version.state IS 'state of the machine "mesin": while it is draf, its rows of state and transition can be written';
COMMENT ON COLUMN reg.machine_version.digest IS 'dtsen.machine_digest() when it was submitted; the journal holds it too, in the reason';
COMMENT ON COLUMN reg.machine_version.reason IS 'reason of the last step';
COMMENT ON COLUMN reg.machine_version.changed_at IS 'when the last change was made';
COMMENT ON COLUMN reg.machine_version.changed_by IS 'login that made it';

CREATE TABLE reg.calendar (
    machine pg_catalog.text NOT NULL REFERENCES reg.machine (machine),
    period pg_catalog.text COLLATE pg_catalog."C" NOT NULL,
    action pg_catalog.text NOT NULL,
    opens_at pg_catalog.timestamptz NOT NULL,
    closes_at pg_catalog.timestamptz NOT NULL,
    PRIMARY KEY (machine, period, action),
    CHECK (opens_at OPERATOR(pg_catalog.<) closes_at)
);
COMMENT ON TABLE reg.calendar IS
    'windows in which the timed steps of a machine are taken, by period; a window that has closed stays as it was';
COMMENT ON COLUMN reg.calendar.machine IS 'machine of the step';
COMMENT ON COLUMN reg.calendar.period IS
    'period as the period column of the guarded table says it; empty: for a table without one, and for rows whose period has no window of its own';
COMMENT ON COLUMN reg.calendar.action IS 'action of the step';
COMMENT ON COLUMN reg.calendar.opens_at IS 'from then on the step is taken, by the clock of the server when the statement ends';
COMMENT ON COLUMN reg.calendar.closes_at IS 'and before then';

CREATE TABLE reg.actor (
    login pg_catalog.name NOT NULL,
    actor_role pg_catalog.text NOT NULL CHECK (actor_role <> ''),
    person_key pg_catalog.text NOT NULL CHECK (person_key <> ''),
    wilayah pg_catalog.text
        CHECK (wilayah OPERATOR(pg_catalog.~)
               '^[0-9]{2}(\.?[0-9]{2}(\.?[0-9]{2}(\.?[0-9]{4})?)?)?$'),
    actor_id pg_catalog.int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    UNIQUE NULLS NOT DISTINCT (login, actor_role, wilayah)
);
COMMENT ON TABLE reg.actor IS
    'who may act: a database role, in which role of the machines, where';
COMMENT ON COLUMN reg.actor.login IS
    'database role as which the client acts (after SET ROLE); superusers need a row like everyone';
COMMENT ON COLUMN reg.actor.actor_role IS 'role of the machines'' steps';
COMMENT ON COLUMN reg.actor.person_key IS
    'the human being: two logins of one person count as one; a pseudonym, never a NIK; one login stands for one person';
COMMENT ON COLUMN reg.actor.wilayah IS
    'region of the role, 2, 4, 6 or 10 digits with or without dots, with all regions in it; NULL is the whole country';
COMMENT ON COLUMN reg.actor.actor_id IS 'number of the row';

-- The journal: blocks of changes, each with the digest of the one before.
CREATE TABLE reg.journal_block (
    machine pg_catalog.text COLLATE pg_catalog."C" NOT NULL,
    chain pg_catalog.text COLLATE pg_catalog."C" NOT NULL,
    seq pg_catalog.int8 NOT NULL,
    entries pg_catalog.int4 NOT NULL,
    keys pg_catalog.int8 NOT NULL,
    body pg_catalog.bytea NOT NULL,
    previous pg_catalog.bytea NOT NULL,
    digest pg_catalog.bytea NOT NULL,
    PRIMARY KEY (machine, chain, seq)
) WITH (toast_tuple_target = 8160);
-- a block fills a page, and digests do not compress
ALTER TABLE reg.journal_block ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE INDEX journal_block_keys_idx ON reg.journal_block (keys);
COMMENT ON TABLE reg.journal_block IS
    'append-only history of every guarded row, written by dtsen.journal() alone, hash-chained per machine and regency; view journal shows its entries';
COMMENT ON COLUMN reg.journal_block.machine IS 'machine of the rows that changed';
COMMENT ON COLUMN reg.journal_block.chain IS
    'chain: the first four digits of the region, fewer where the region has fewer, empty without one; with /1, /2... for writers at the same time';
COMMENT ON COLUMN reg.journal_block.seq IS 'number of the first entry in the chain, from 1 without gaps';
COMMENT ON COLUMN reg.journal_block.entries IS 'how many entries it has, 1 to 1024';
COMMENT ON COLUMN reg.journal_block.keys IS 'where the keys of its entries lie among all, for finding them: docs/formats.md';
COMMENT ON COLUMN reg.journal_block.body IS 'its entries, and who made them when: docs/formats.md';
COMMENT ON COLUMN reg.journal_block.previous IS 'digest of the block before in the chain; zeros for the first';
COMMENT ON COLUMN reg.journal_block.digest IS 'SHA-256 over previous and all that the block says';

CREATE TABLE reg.journal_note (
    machine pg_catalog.text COLLATE pg_catalog."C" NOT NULL,
    chain pg_catalog.text COLLATE pg_catalog."C" NOT NULL,
    seq pg_catalog.int8 NOT NULL,
    salt pg_catalog.bytea,
    note pg_catalog.text,
    erased_at pg_catalog.timestamptz,
    erased_by pg_catalog.name,
    PRIMARY KEY (machine, chain, seq)
);
COMMENT ON TABLE reg.journal_note IS
    'reasons given with steps; the journal holds a salted digest of each, so that the text can be erased and the chain stays whole';
COMMENT ON COLUMN reg.journal_note.machine IS 'machine of the entry';
COMMENT ON COLUMN reg.journal_note.chain IS 'chain of the entry';
COMMENT ON COLUMN reg.journal_note.seq IS 'number of the first entry with this note in its block';
COMMENT ON COLUMN reg.journal_note.salt IS '16 random bytes; NULL once erased';
COMMENT ON COLUMN reg.journal_note.note IS 'the reason; NULL once erased';
COMMENT ON COLUMN reg.journal_note.erased_at IS 'when it was erased';
COMMENT ON COLUMN reg.journal_note.erased_by IS 'database role that erased it';

CREATE VIEW reg.journal AS
    SELECT b.machine, b.chain, e.seq, e.key COLLATE pg_catalog."C" AS key,
           e.wilayah, e.from_state, e.to_state, e.action, e.login,
           e.session_login, e.person_key, e.at, e.txid, e.machine_version,
           n.note AS reason, e.digest
    FROM reg.journal_block AS b
    CROSS JOIN LATERAL dtsen.journal_entries(b.seq, b.entries, b.body) AS e
    LEFT JOIN reg.journal_note AS n
      ON n.machine OPERATOR(pg_catalog.=) b.machine
     AND n.chain OPERATOR(pg_catalog.=) b.chain
     AND n.seq OPERATOR(pg_catalog.=) e.note_seq;
COMMENT ON VIEW reg.journal IS
    'the entries of the journal, one for each changed row; those of one row: dtsen.journal_history()';
COMMENT ON COLUMN reg.journal.machine IS 'machine of the row that changed';
COMMENT ON COLUMN reg.journal.chain IS
    'chain of the entry: the first four digits of the region, fewer where the region has fewer, empty without one; with /1, /2... for writers at the same time';
COMMENT ON COLUMN reg.journal.seq IS 'number in the chain, from 1 without gaps';
COMMENT ON COLUMN reg.journal.key IS 'key of the row that changed, as text';
COMMENT ON COLUMN reg.journal.wilayah IS 'its region after the change, as text';
COMMENT ON COLUMN reg.journal.from_state IS 'state before; NULL when the row is new to the journal';
COMMENT ON COLUMN reg.journal.to_state IS 'state after';
COMMENT ON COLUMN reg.journal.action IS
    'action of the transition; born: inserted, edit: changed within its state, attached: found in the table when the lifecycle was attached';
COMMENT ON COLUMN reg.journal.login IS 'database role that acted, whatever SECURITY DEFINER functions were between';
COMMENT ON COLUMN reg.journal.session_login IS 'database role that connected';
COMMENT ON COLUMN reg.journal.person_key IS 'person behind the login, from table actor';
COMMENT ON COLUMN reg.journal.at IS 'time of the statement by the clock of the server';
COMMENT ON COLUMN reg.journal.txid IS 'transaction, as pg_current_xact_id(); of this cluster only';
COMMENT ON COLUMN reg.journal.machine_version IS 'version of the machine that allowed the change';
COMMENT ON COLUMN reg.journal.reason IS 'reason given with the step; NULL where none was, or it was erased';
COMMENT ON COLUMN reg.journal.digest IS 'SHA-256 of the entry, a leaf of its block''s tree';

CREATE TABLE reg.journal_anchor (
    anchor_id pg_catalog.int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    made_at pg_catalog.timestamptz NOT NULL,
    made_by pg_catalog.name NOT NULL,
    chains pg_catalog.int8 NOT NULL,
    entries pg_catalog.int8 NOT NULL,
    root pg_catalog.bytea NOT NULL UNIQUE
);
COMMENT ON TABLE reg.journal_anchor IS
    'roots over all chains, made by dtsen.journal_anchor() to be printed where nobody can change them';
COMMENT ON COLUMN reg.journal_anchor.anchor_id IS 'number of the anchor';
COMMENT ON COLUMN reg.journal_anchor.made_at IS 'when it was made';
COMMENT ON COLUMN reg.journal_anchor.made_by IS 'database role that made it';
COMMENT ON COLUMN reg.journal_anchor.chains IS 'chains that it covers';
COMMENT ON COLUMN reg.journal_anchor.entries IS 'entries that it covers';
COMMENT ON COLUMN reg.journal_anchor.root IS 'root of the tree over the chains: docs/formats.md';

CREATE TABLE reg.journal_anchor_chain (
    anchor_id pg_catalog.int8 NOT NULL
        REFERENCES reg.journal_anchor (anchor_id),
    machine pg_catalog.text COLLATE pg_catalog."C" NOT NULL,
    chain pg_catalog.text COLLATE pg_catalog."C" NOT NULL,
    entries pg_catalog.int8 NOT NULL,
    blocks pg_catalog.int8 NOT NULL,
    root pg_catalog.bytea NOT NULL,
    digest pg_catalog.bytea NOT NULL,
    PRIMARY KEY (anchor_id, machine, chain)
);
COMMENT ON TABLE reg.journal_anchor_chain IS 'where each chain stood when an anchor was made';
COMMENT ON COLUMN reg.journal_anchor_chain.anchor_id IS 'the anchor';
COMMENT ON COLUMN reg.journal_anchor_chain.machine IS 'machine of the chain';
COMMENT ON COLUMN reg.journal_anchor_chain.chain IS 'the chain';
COMMENT ON COLUMN reg.journal_anchor_chain.entries IS 'number of its last entry';
COMMENT ON COLUMN reg.journal_anchor_chain.blocks IS 'how many blocks it had';
COMMENT ON COLUMN reg.journal_anchor_chain.root IS 'root of the tree over the digests of its blocks';
COMMENT ON COLUMN reg.journal_anchor_chain.digest IS 'digest of its last block';

-- Nothing but the journal trigger adds to it; nothing changes it, but that a
-- note can be erased.
CREATE TRIGGER journal_only BEFORE INSERT ON reg.journal_block
    FOR EACH ROW EXECUTE FUNCTION dtsen.journal_only();
CREATE TRIGGER journal_immutable BEFORE UPDATE OR DELETE ON reg.journal_block
    FOR EACH ROW EXECUTE FUNCTION dtsen.immutable();
CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON reg.journal_block
    FOR EACH STATEMENT EXECUTE FUNCTION dtsen.immutable();
CREATE TRIGGER journal_only BEFORE INSERT ON reg.journal_note
    FOR EACH ROW EXECUTE FUNCTION dtsen.journal_only();
CREATE TRIGGER journal_erase BEFORE UPDATE ON reg.journal_note
    FOR EACH ROW EXECUTE FUNCTION dtsen.note_erase();
CREATE TRIGGER journal_immutable BEFORE DELETE ON reg.journal_note
    FOR EACH ROW EXECUTE FUNCTION dtsen.immutable();
CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON reg.journal_note
    FOR EACH STATEMENT EXECUTE FUNCTION dtsen.immutable();
CREATE TRIGGER journal_immutable BEFORE UPDATE OR DELETE ON reg.journal_anchor
    FOR EACH ROW EXECUTE FUNCTION dtsen.immutable();
CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON reg.journal_anchor
    FOR EACH STATEMENT EXECUTE FUNCTION dtsen.immutable();
CREATE TRIGGER journal_immutable BEFORE UPDATE OR DELETE ON reg.journal_anchor_chain
    FOR EACH ROW EXECUTE FUNCTION dtsen.immutable();
CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON reg.journal_anchor_chain
    FOR EACH STATEMENT EXECUTE FUNCTION dtsen.immutable();
ALTER TABLE reg.journal_block ENABLE ALWAYS TRIGGER journal_only;
ALTER TABLE reg.journal_block ENABLE ALWAYS TRIGGER journal_immutable;
ALTER TABLE reg.journal_block ENABLE ALWAYS TRIGGER journal_no_truncate;
ALTER TABLE reg.journal_note ENABLE ALWAYS TRIGGER journal_only;
ALTER TABLE reg.journal_note ENABLE ALWAYS TRIGGER journal_erase;
ALTER TABLE reg.journal_note ENABLE ALWAYS TRIGGER journal_immutable;
ALTER TABLE reg.journal_note ENABLE ALWAYS TRIGGER journal_no_truncate;
ALTER TABLE reg.journal_anchor ENABLE ALWAYS TRIGGER journal_immutable;
ALTER TABLE reg.journal_anchor ENABLE ALWAYS TRIGGER journal_no_truncate;
ALTER TABLE reg.journal_anchor_chain ENABLE ALWAYS TRIGGER journal_immutable;
ALTER TABLE reg.journal_anchor_chain ENABLE ALWAYS TRIGGER journal_no_truncate;

-- Sessions keep machines and actors in memory; these tell them of a change.
CREATE TRIGGER machine_changed AFTER INSERT OR UPDATE OR DELETE ON reg.machine
    FOR EACH ROW EXECUTE FUNCTION dtsen.machine_changed();
CREATE TRIGGER machine_changed AFTER INSERT OR UPDATE OR DELETE ON reg.state
    FOR EACH ROW EXECUTE FUNCTION dtsen.machine_changed();
CREATE TRIGGER machine_changed AFTER INSERT OR UPDATE OR DELETE ON reg.transition
    FOR EACH ROW EXECUTE FUNCTION dtsen.machine_changed();
CREATE TRIGGER machine_changed AFTER INSERT OR UPDATE OR DELETE ON reg.actor
    FOR EACH ROW EXECUTE FUNCTION dtsen.machine_changed();
ALTER TABLE reg.machine ENABLE ALWAYS TRIGGER machine_changed;
ALTER TABLE reg.state ENABLE ALWAYS TRIGGER machine_changed;
ALTER TABLE reg.transition ENABLE ALWAYS TRIGGER machine_changed;
ALTER TABLE reg.actor ENABLE ALWAYS TRIGGER machine_changed;
-- Lifecycle reg: what keeps rules in force, and versions under four eyes.

-- Rules in force are not written: a new version is drafted and approved.
CREATE TRIGGER machine_rules BEFORE INSERT OR UPDATE OR DELETE ON reg.machine
    FOR EACH ROW EXECUTE FUNCTION dtsen.machine_rules('machine');
CREATE TRIGGER machine_rules BEFORE INSERT OR UPDATE OR DELETE ON reg.state
    FOR EACH ROW EXECUTE FUNCTION dtsen.machine_rules('rule');
CREATE TRIGGER machine_rules BEFORE INSERT OR UPDATE OR DELETE ON reg.transition
    FOR EACH ROW EXECUTE FUNCTION dtsen.machine_rules('rule');
CREATE TRIGGER machine_rules BEFORE INSERT OR UPDATE OR DELETE ON reg.calendar
    FOR EACH ROW EXECUTE FUNCTION dtsen.machine_rules('calendar');
CREATE TRIGGER machine_no_truncate BEFORE TRUNCATE ON reg.machine
    FOR EACH STATEMENT EXECUTE FUNCTION dtsen.immutable();
CREATE TRIGGER machine_no_truncate BEFORE TRUNCATE ON reg.state
    FOR EACH STATEMENT EXECUTE FUNCTION dtsen.immutable();
CREATE TRIGGER machine_no_truncate BEFORE TRUNCATE ON reg.transition
    FOR EACH STATEMENT EXECUTE FUNCTION dtsen.immutable();
CREATE TRIGGER machine_no_truncate BEFORE TRUNCATE ON reg.calendar
    FOR EACH STATEMENT EXECUTE FUNCTION dtsen.immutable();
CREATE TRIGGER machine_no_truncate BEFORE TRUNCATE ON reg.actor
    FOR EACH STATEMENT EXECUTE FUNCTION dtsen.immutable();
ALTER TABLE reg.machine ENABLE ALWAYS TRIGGER machine_rules;
ALTER TABLE reg.state ENABLE ALWAYS TRIGGER machine_rules;
ALTER TABLE reg.transition ENABLE ALWAYS TRIGGER machine_rules;
ALTER TABLE reg.calendar ENABLE ALWAYS TRIGGER machine_rules;
ALTER TABLE reg.machine ENABLE ALWAYS TRIGGER machine_no_truncate;
ALTER TABLE reg.state ENABLE ALWAYS TRIGGER machine_no_truncate;
ALTER TABLE reg.transition ENABLE ALWAYS TRIGGER machine_no_truncate;
ALTER TABLE reg.calendar ENABLE ALWAYS TRIGGER machine_no_truncate;
ALTER TABLE reg.actor ENABLE ALWAYS TRIGGER machine_no_truncate;

-- A change of a machine is an act of two people, under a machine of its own.
CREATE FUNCTION reg.machine_version_sound(keys pg_catalog.text[])
    RETURNS TABLE (key pg_catalog.text, code pg_catalog.text, message pg_catalog.text, hint pg_catalog.text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $lifecycle$
    SELECT v.id::text, 'SE003', p.message, p.hint
    FROM reg.machine_version AS v,
    LATERAL (
        SELECT format('version %s of machine "%s" does not load: %s, %s', v.version, v.machine,
            c.check_name, c.row_id), c.hint
        FROM dtsen.check_machine('reg', v.machine, v.version) AS c
        WHERE c.severity = 'error' AND c.check_name <> 'login_of_two'
        UNION ALL
        SELECT format('the digest of version %s of machine "%s" is not that of its rules', v.version, v.machine),
            'dtsen.machine_submit() fills in digest and reason.'
        WHERE v.digest IS DISTINCT FROM dtsen.machine_digest('reg', v.machine, v.version)
            OR strpos(v.reason, encode(v.digest, 'hex')) = 0
    ) AS p(message, hint)
    WHERE v.id = ANY (keys)
$lifecycle$;
COMMENT ON FUNCTION reg.machine_version_sound(pg_catalog.text[]) IS
    'Guard: versions that do not load, or are not what was submitted';

CREATE FUNCTION reg.machine_version_apply(keys pg_catalog.text[])
    RETURNS TABLE (key pg_catalog.text, code pg_catalog.text, message pg_catalog.text, hint pg_catalog.text)
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $lifecycle$
DECLARE
    v record;
BEGIN
    FOR v IN SELECT * FROM reg.machine_version AS x WHERE x.id = ANY (keys) ORDER BY x.version LOOP
        UPDATE reg.machine AS m SET version = v.version, digest = v.digest
        WHERE m.machine = v.machine AND m.version < v.version;
        IF NOT FOUND THEN
            RETURN QUERY SELECT v.id::text, 'SE001'::text,
                format('a later version of machine "%s" is in force already', v.machine), NULL::text;
        END IF;
    END LOOP;
END $lifecycle$;
COMMENT ON FUNCTION reg.machine_version_apply(pg_catalog.text[]) IS
    'Guard: puts the approved versions in force';
REVOKE EXECUTE ON FUNCTION reg.machine_version_sound(pg_catalog.text[]),
    reg.machine_version_apply(pg_catalog.text[]) FROM PUBLIC;

INSERT INTO reg.machine (machine, initial_state, label_id, label_en) VALUES
    ('mesin', 'draf', 'versi mesin', 'version of a machine');
INSERT INTO reg.state (machine, state, is_final, is_published, label_id, label_en, sort_order) VALUES
    ('mesin', 'draf', false, false, 'draf', 'draft', 1),
    ('mesin', 'diajukan', false, false, 'diajukan', 'submitted', 2),
    ('mesin', 'berlaku', true, true, 'berlaku', 'in force', 3),
    ('mesin', 'ditolak', true, false, 'ditolak', 'refused', 4);
INSERT INTO reg.transition
    (machine, from_state, to_state, action, actor_role, guards, distinct_from, needs_reason) VALUES
    ('mesin', 'draf', 'diajukan', 'ajukan', 'perancang_mesin', ARRAY['reg' || '.machine_version_sound'], '{}', true),
    ('mesin', 'draf', 'ditolak', 'batalkan', 'perancang_mesin', '{}'::text[], '{}', true),
    ('mesin', 'diajukan', 'berlaku', 'setujui', 'penyetuju_mesin',
        ARRAY['reg' || '.machine_version_sound', 'reg' || '.machine_version_apply'], '{born,edit,ajukan}', true),
    ('mesin', 'diajukan', 'draf', 'kembalikan', 'penyetuju_mesin', '{}', '{}', true),
    ('mesin', 'diajukan', 'ditolak', 'tolak', 'penyetuju_mesin', '{}', '{}', true);
SELECT dtsen.attach('reg' || '.machine_version', 'mesin', 'reg', wilayah_column => NULL,
    reason_column => 'reason', frozen_columns => '{machine,version,initial_state,digest}');

-- Registry reg: version, regions and code lists.
--
-- Every table of the registry is an ordinary table of its owner. A ministry
-- keeps these lists current itself; nothing in the extension depends on them.

CREATE TABLE reg.meta (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    version integer NOT NULL CHECK (version > 0),
    extension_version varchar(20) NOT NULL,
    created_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
    created_by name NOT NULL DEFAULT CURRENT_USER
);
COMMENT ON TABLE reg.meta IS 'One row: which version of the registry''s tables this schema holds';
COMMENT ON COLUMN reg.meta.only_row IS 'Always true: there is one row';
COMMENT ON COLUMN reg.meta.version IS 'Version of the tables; dtsen.upgrade_registry() moves it on';
COMMENT ON COLUMN reg.meta.extension_version IS 'Version of the extension that made the tables';
COMMENT ON COLUMN reg.meta.created_at IS 'When the registry was made';
COMMENT ON COLUMN reg.meta.created_by IS 'Who made it';

INSERT INTO reg.meta (version, extension_version)
VALUES (1, dtsen.dtsen_version());

CREATE TABLE reg.wilayah (
    kode dtsen.kode_wilayah PRIMARY KEY,
    nama varchar(100) NOT NULL,
    level integer NOT NULL CHECK (level BETWEEN 1 AND 4),
    parent dtsen.kode_wilayah,
    status varchar(10) NOT NULL DEFAULT 'present' CHECK (status IN ('present', 'retired')),
    decree varchar(200),
    decree_date date,
    last_edition integer,
    successor dtsen.kode_wilayah,
    CHECK ((level = 1) = (parent IS NULL)),
    CHECK (status = 'retired' OR successor IS NULL),
    CHECK (dtsen.wilayah_level(kode) = level)
);
COMMENT ON TABLE reg.wilayah IS 'Kemendagri''s region codes, present and retired; copied from dtsen.wilayah_reference() and kept current here';
COMMENT ON COLUMN reg.wilayah.kode IS 'Region code of 2, 4, 6 or 10 digits';
COMMENT ON COLUMN reg.wilayah.nama IS 'Official name';
COMMENT ON COLUMN reg.wilayah.level IS '1 province, 2 regency or city, 3 district, 4 village';
COMMENT ON COLUMN reg.wilayah.parent IS 'Code of the region above; NULL for a province';
COMMENT ON COLUMN reg.wilayah.status IS 'present, or retired: no decree in force lists it any more';
COMMENT ON COLUMN reg.wilayah.decree IS 'Decree that last lists the code';
COMMENT ON COLUMN reg.wilayah.decree_date IS 'Date of that decree';
COMMENT ON COLUMN reg.wilayah.last_edition IS 'Year of the last edition that lists a retired code';
COMMENT ON COLUMN reg.wilayah.successor IS 'Code that took the place of a retired one';

INSERT INTO reg.wilayah
    (kode, nama, level, parent, status, decree, decree_date, last_edition, successor)
SELECT kode, nama, level, parent, status, decree, decree_date, last_edition, successor
FROM dtsen.wilayah_reference();
CREATE INDEX ON reg.wilayah (parent);

CREATE TABLE reg.code (
    list varchar(40) NOT NULL,
    code integer NOT NULL,
    label_id varchar(80) NOT NULL,
    label_en varchar(80) NOT NULL,
    PRIMARY KEY (list, code)
);
COMMENT ON TABLE reg.code IS 'Code lists of the family and person variables, by the questionnaire of the 2022 registration';
COMMENT ON COLUMN reg.code.list IS 'Name of the list: the column that uses it';
COMMENT ON COLUMN reg.code.code IS 'Code as stored';
COMMENT ON COLUMN reg.code.label_id IS 'Indonesian label';
COMMENT ON COLUMN reg.code.label_en IS 'English label';

INSERT INTO reg.code (list, code, label_id, label_en) VALUES
    ('jenis_kelamin', 1, 'laki-laki', 'male'),
    ('jenis_kelamin', 2, 'perempuan', 'female'),
    ('hubungan', 1, 'kepala keluarga', 'head'),
    ('hubungan', 2, 'istri/suami', 'spouse'),
    ('hubungan', 3, 'anak', 'child'),
    ('hubungan', 4, 'menantu', 'child-in-law'),
    ('hubungan', 5, 'cucu', 'grandchild'),
    ('hubungan', 6, 'orang tua/mertua', 'parent or parent-in-law'),
    ('hubungan', 7, 'pembantu/sopir', 'servant or driver'),
    ('hubungan', 8, 'lainnya', 'other');
-- Registry reg: who sees which regions.
--
-- Rows are seen by their village code. Table actor gives a login one or more
-- regions; the policies compare with the outer user's range of codes, which is
-- computed once a statement (an InitPlan) and is a range of the index on the
-- code at any level, from a village to the country. An actor of several regions
-- that are no single range has an array of codes beside it. No function is
-- called per row.

CREATE FUNCTION reg.scope_login() RETURNS name
    LANGUAGE sql STABLE PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(nullif(current_setting('role'), 'none'), SESSION_USER::text)::name
$$;
COMMENT ON FUNCTION reg.scope_login() IS 'The login that acts: the role after SET ROLE, whatever SECURITY DEFINER functions are between';

CREATE FUNCTION reg.scope_prefixes() RETURNS text[]
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL RESTRICTED
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN bool_or(a.wilayah IS NULL) THEN '{""}'
        ELSE array_agg(DISTINCT replace(a.wilayah, '.', ''))
        END
    FROM reg.actor AS a
    WHERE a.login = reg.scope_login()
$$;
COMMENT ON FUNCTION reg.scope_prefixes() IS 'Regions of the login without dots, an empty text for the whole country; NULL: it is no actor. SECURITY DEFINER, because nobody but the owner reads actor';

CREATE FUNCTION reg.scope_low() RETURNS dtsen.kode_wilayah
    LANGUAGE sql STABLE PARALLEL RESTRICTED SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT (CASE p WHEN '' THEN '01' ELSE p END)::dtsen.kode_wilayah
    FROM (SELECT min(p COLLATE "C") AS p FROM unnest(reg.scope_prefixes()) AS p) AS s
$$;
COMMENT ON FUNCTION reg.scope_low() IS 'First region code that the login may see; NULL: none';

CREATE FUNCTION reg.scope_high() RETURNS dtsen.kode_wilayah
    LANGUAGE sql STABLE PARALLEL RESTRICTED SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT rpad(p, 10, '9')::dtsen.kode_wilayah
    FROM (SELECT max(p COLLATE "C") AS p FROM unnest(reg.scope_prefixes()) AS p) AS s
$$;
COMMENT ON FUNCTION reg.scope_high() IS 'Last region code that the login may see; NULL: none';

CREATE FUNCTION reg.scope_list() RETURNS dtsen.kode_wilayah[]
    LANGUAGE sql STABLE PARALLEL RESTRICTED SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT CASE WHEN cardinality(s.p) > 1 THEN ARRAY(
        SELECT DISTINCT w.kode FROM reg.wilayah AS w, unnest(s.p) AS p
        WHERE starts_with(w.kode::text, p)) END
    FROM (SELECT reg.scope_prefixes() AS p) AS s
$$;
COMMENT ON FUNCTION reg.scope_list() IS 'All region codes that a login of several regions may see; NULL: its region is one range';

CREATE FUNCTION reg.scope_common() RETURNS text
    LANGUAGE sql STABLE PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce((
        SELECT left(min(p COLLATE "C"), n)
        FROM unnest(ARRAY[10, 6, 4, 2]) AS n, unnest(reg.scope_prefixes()) AS p
        GROUP BY n
        HAVING count(DISTINCT left(p, n)) = 1 AND min(length(p)) >= n
        ORDER BY n DESC LIMIT 1), '')
$$;
COMMENT ON FUNCTION reg.scope_common() IS 'The smallest region that holds all regions of the login, without dots; empty: the country';

CREATE FUNCTION reg.scope_has_role(VARIADIC roles text[]) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL RESTRICTED
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (SELECT FROM reg.actor AS a
        WHERE a.login = reg.scope_login() AND a.actor_role = ANY (roles))
$$;
COMMENT ON FUNCTION reg.scope_has_role(text[]) IS 'Whether the login acts in one of these roles. SECURITY DEFINER, because nobody but the owner reads actor';

CREATE FUNCTION reg.text_date(value text) RETURNS date
    LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN value !~ '^(1[89]|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' THEN NULL
        WHEN right(value, 2)::integer > extract(day FROM
            (left(value, 7) || '-01')::date + interval '1 month - 1 day') THEN NULL
        WHEN value::date > CURRENT_DATE THEN NULL
        ELSE value::date END
$$;
COMMENT ON FUNCTION reg.text_date(text) IS 'The day that a text yyyy-mm-dd names; NULL: none, or one to come';

CREATE FUNCTION reg.stamp_created() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    NEW.created_at := now();
    NEW.created_by := reg.scope_login();
    RETURN NEW;
END $$;
COMMENT ON FUNCTION reg.stamp_created() IS 'Trigger: who and when are not for the client to say';

CREATE FUNCTION reg.trigger_is_of(relation oid, expected text) RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF relation <> expected::regclass THEN
        RAISE EXCEPTION 'the trigger function is for table % only', expected
            USING ERRCODE = 'trigger_protocol_violated';
    END IF;
END $$;
COMMENT ON FUNCTION reg.trigger_is_of(oid, text) IS 'Refuses a trigger of another table: a SECURITY DEFINER function would lend its owner''s rights to whoever attaches it to a table of his own';
-- Registry reg: families and persons.
--
-- A family is one family card, but the card's number changes with every new
-- card: the key is a number of our own, and former card numbers are kept with
-- their dates. Every row that describes a family or a person carries the
-- village, so that row security needs no join; composite keys keep it equal.

CREATE TABLE reg.keluarga (
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    nkk dtsen.nkk NOT NULL,
    nkk_since date NOT NULL DEFAULT CURRENT_DATE,
    wilayah dtsen.kode_wilayah NOT NULL REFERENCES reg.wilayah
        CHECK (dtsen.wilayah_level(wilayah) = 4),
    alamat text CHECK (length(alamat) <= 300),
    nama_kepala dtsen.nama,
    jumlah_anggota smallint CHECK (jumlah_anggota BETWEEN 0 AND 99),
    is_pbi_nas boolean,
    is_pbi_pemda boolean,
    is_gc_kemensos boolean,
    is_pbi_se boolean,
    is_siks_ng boolean,
    file_desil_nasional smallint CHECK (file_desil_nasional BETWEEN 1 AND 10),
    file_desil_provinsi smallint CHECK (file_desil_provinsi BETWEEN 1 AND 10),
    file_desil_kabupaten smallint CHECK (file_desil_kabupaten BETWEEN 1 AND 10),
    status varchar(20) NOT NULL DEFAULT 'aktif',
    status_reason text,
    import_id bigint,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (nkk),
    UNIQUE (id, wilayah)
);
CREATE INDEX ON reg.keluarga (wilayah);
COMMENT ON TABLE reg.keluarga IS 'A family: the persons of one family card; the unit that is ranked';
COMMENT ON COLUMN reg.keluarga.id IS 'Key of the registry, for life';
COMMENT ON COLUMN reg.keluarga.nkk IS 'Present number of the family card';
COMMENT ON COLUMN reg.keluarga.nkk_since IS 'Day from which the registry knows this number';
COMMENT ON COLUMN reg.keluarga.wilayah IS 'Village of residence';
COMMENT ON COLUMN reg.keluarga.alamat IS 'Address within the village';
COMMENT ON COLUMN reg.keluarga.nama_kepala IS 'Name of the head as the family file gives it';
COMMENT ON COLUMN reg.keluarga.jumlah_anggota IS 'Members as the family file declares them; the members registered are in anggota';
COMMENT ON COLUMN reg.keluarga.is_pbi_nas IS 'Health insurance paid by the state';
COMMENT ON COLUMN reg.keluarga.is_pbi_pemda IS 'Health insurance paid by the region';
COMMENT ON COLUMN reg.keluarga.is_gc_kemensos IS 'Checked on the ground by the ministry';
COMMENT ON COLUMN reg.keluarga.is_pbi_se IS 'Found by the economic census of insured families';
COMMENT ON COLUMN reg.keluarga.is_siks_ng IS 'Changed through SIKS-NG';
COMMENT ON COLUMN reg.keluarga.file_desil_nasional IS 'National decile of an earlier edition, as the family file gives it; NULL: not ranked then';
COMMENT ON COLUMN reg.keluarga.file_desil_provinsi IS 'Provincial decile of an earlier edition, as the file gives it';
COMMENT ON COLUMN reg.keluarga.file_desil_kabupaten IS 'Regency decile of an earlier edition, as the file gives it';
COMMENT ON COLUMN reg.keluarga.status IS 'Presence in the registry, of the list keberadaan; only aktif is ranked';
COMMENT ON COLUMN reg.keluarga.status_reason IS 'Why the family is not aktif';
COMMENT ON COLUMN reg.keluarga.import_id IS 'Import that brought or last changed the family; NULL: a proposal did';
COMMENT ON COLUMN reg.keluarga.created_at IS 'When the row came in';
COMMENT ON COLUMN reg.keluarga.changed_at IS 'When the row last changed';

CREATE TABLE reg.keberadaan (
    status varchar(20) PRIMARY KEY,
    is_ranked boolean NOT NULL,
    label_id varchar(80) NOT NULL,
    label_en varchar(80) NOT NULL
);
COMMENT ON TABLE reg.keberadaan IS 'Presence of a family or person in the registry';
COMMENT ON COLUMN reg.keberadaan.status IS 'Key';
COMMENT ON COLUMN reg.keberadaan.is_ranked IS 'Whether a family (a person) of this status takes part in a ranking (counts as a member)';
COMMENT ON COLUMN reg.keberadaan.label_id IS 'Indonesian label';
COMMENT ON COLUMN reg.keberadaan.label_en IS 'English label';
INSERT INTO reg.keberadaan (status, is_ranked, label_id, label_en) VALUES
    ('aktif', true, 'aktif', 'active'),
    ('ditangguhkan', false, 'ditangguhkan', 'on hold'),
    ('nonaktif', false, 'nonaktif', 'inactive'),
    ('meninggal', false, 'meninggal', 'dead'),
    ('pindah', false, 'pindah', 'moved away'),
    ('ganda', false, 'ganda', 'duplicate'),
    ('tidak_ditemukan', false, 'tidak ditemukan', 'not found');
ALTER TABLE reg.keluarga
    ADD FOREIGN KEY (status) REFERENCES reg.keberadaan;

CREATE TABLE reg.keluarga_nkk (
    keluarga_id bigint NOT NULL,
    wilayah dtsen.kode_wilayah NOT NULL,
    nkk dtsen.nkk NOT NULL,
    valid_from date NOT NULL,
    valid_to date NOT NULL CHECK (valid_to >= valid_from),
    changed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (keluarga_id, nkk, valid_from),
    FOREIGN KEY (keluarga_id, wilayah)
        REFERENCES reg.keluarga (id, wilayah) ON UPDATE CASCADE
);
CREATE INDEX ON reg.keluarga_nkk (nkk);
COMMENT ON TABLE reg.keluarga_nkk IS 'Former family card numbers with the days they were in force; the present one is in keluarga';
COMMENT ON COLUMN reg.keluarga_nkk.keluarga_id IS 'The family';
COMMENT ON COLUMN reg.keluarga_nkk.wilayah IS 'Village of the family';
COMMENT ON COLUMN reg.keluarga_nkk.nkk IS 'Former number';
COMMENT ON COLUMN reg.keluarga_nkk.valid_from IS 'First day';
COMMENT ON COLUMN reg.keluarga_nkk.valid_to IS 'Day on which the next number took over';
COMMENT ON COLUMN reg.keluarga_nkk.changed_at IS 'When the change was made';

CREATE FUNCTION reg.keluarga_keep_nkk() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, dtsen, pg_temp
AS $$
BEGIN
    PERFORM reg.trigger_is_of(TG_RELID, 'reg.keluarga');
    INSERT INTO reg.keluarga_nkk (keluarga_id, wilayah, nkk, valid_from, valid_to)
    SELECT o.id, n.wilayah, o.nkk, o.nkk_since, greatest(n.nkk_since, o.nkk_since)
    FROM old_rows o JOIN new_rows n USING (id)
    WHERE o.nkk <> n.nkk;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION reg.keluarga_keep_nkk() IS 'Trigger: keeps the former number when a family gets a new card. SECURITY DEFINER, because nobody but the owner writes this history';
CREATE TRIGGER keluarga_keep_nkk AFTER UPDATE ON reg.keluarga
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION reg.keluarga_keep_nkk();

CREATE TABLE reg.rumah (
    keluarga_id bigint PRIMARY KEY,
    wilayah dtsen.kode_wilayah NOT NULL,
    status_kepemilikan_rumah smallint,
    jenis_lantai_terluas smallint,
    luas_lantai numeric(8, 2) CHECK (luas_lantai >= 0),
    jenis_dinding_terluas smallint,
    jenis_atap_terluas smallint,
    sumber_air_minum_utama smallint,
    sumber_penerangan_utama smallint,
    daya_terpasang smallint,
    bahan_bakar_utama_memasak smallint,
    fasilitas_bab smallint,
    jenis_kloset smallint,
    pembuangan_akhir_tinja smallint,
    id_pelanggan_pln text CHECK (length(id_pelanggan_pln) <= 30),
    FOREIGN KEY (keluarga_id, wilayah)
        REFERENCES reg.keluarga (id, wilayah) ON UPDATE CASCADE
);
COMMENT ON TABLE reg.rumah IS 'Housing of a family, in the codes of the family file';
COMMENT ON COLUMN reg.rumah.keluarga_id IS 'The family';
COMMENT ON COLUMN reg.rumah.wilayah IS 'Village of the family';
COMMENT ON COLUMN reg.rumah.status_kepemilikan_rumah IS 'Tenure of the house';
COMMENT ON COLUMN reg.rumah.jenis_lantai_terluas IS 'Material of most of the floor';
COMMENT ON COLUMN reg.rumah.luas_lantai IS 'Floor area in square metres';
COMMENT ON COLUMN reg.rumah.jenis_dinding_terluas IS 'Material of most of the walls';
COMMENT ON COLUMN reg.rumah.jenis_atap_terluas IS 'Material of most of the roof';
COMMENT ON COLUMN reg.rumah.sumber_air_minum_utama IS 'Main source of drinking water';
COMMENT ON COLUMN reg.rumah.sumber_penerangan_utama IS 'Main source of light';
COMMENT ON COLUMN reg.rumah.daya_terpasang IS 'Electric power installed';
COMMENT ON COLUMN reg.rumah.bahan_bakar_utama_memasak IS 'Main fuel for cooking';
COMMENT ON COLUMN reg.rumah.fasilitas_bab IS 'Toilet';
COMMENT ON COLUMN reg.rumah.jenis_kloset IS 'Kind of closet';
COMMENT ON COLUMN reg.rumah.pembuangan_akhir_tinja IS 'Where the sewage goes';
COMMENT ON COLUMN reg.rumah.id_pelanggan_pln IS 'Customer number at the electricity company';

CREATE TABLE reg.aset (
    keluarga_id bigint PRIMARY KEY,
    wilayah dtsen.kode_wilayah NOT NULL,
    kepemilikan_aset smallint,
    aset_bergerak_tabung_gas smallint,
    aset_bergerak_lemari_es smallint,
    aset_bergerak_ac smallint,
    aset_bergerak_pemanas_air smallint,
    aset_bergerak_telepon_rumah smallint,
    aset_bergerak_tv_datar smallint,
    aset_bergerak_emas_perhiasan smallint,
    aset_bergerak_komputer_laptop_tablet smallint,
    aset_bergerak_sepeda_motor smallint,
    aset_bergerak_sepeda smallint,
    aset_bergerak_mobil smallint,
    aset_bergerak_perahu smallint,
    aset_bergerak_kapal_perahu_motor smallint,
    aset_bergerak_smartphone smallint,
    aset_tidak_bergerak_lahan_lainnya smallint,
    aset_tidak_bergerak_rumah_lainnya smallint,
    jumlah_ternak_sapi integer CHECK (jumlah_ternak_sapi >= 0),
    jumlah_ternak_kerbau integer CHECK (jumlah_ternak_kerbau >= 0),
    jumlah_ternak_kuda integer CHECK (jumlah_ternak_kuda >= 0),
    jumlah_ternak_babi integer CHECK (jumlah_ternak_babi >= 0),
    jumlah_ternak_kambing_domba integer CHECK (jumlah_ternak_kambing_domba >= 0),
    FOREIGN KEY (keluarga_id, wilayah)
        REFERENCES reg.keluarga (id, wilayah) ON UPDATE CASCADE
);
COMMENT ON TABLE reg.aset IS 'Assets and livestock of a family, as the family file gives them';
COMMENT ON COLUMN reg.aset.keluarga_id IS 'The family';
COMMENT ON COLUMN reg.aset.wilayah IS 'Village of the family';
COMMENT ON COLUMN reg.aset.kepemilikan_aset IS 'Owns any: 1 yes, 2 no';
COMMENT ON COLUMN reg.aset.aset_bergerak_tabung_gas IS 'Gas cylinders of 5.5 kg and more';
COMMENT ON COLUMN reg.aset.aset_bergerak_lemari_es IS 'Refrigerators';
COMMENT ON COLUMN reg.aset.aset_bergerak_ac IS 'Air conditioners';
COMMENT ON COLUMN reg.aset.aset_bergerak_pemanas_air IS 'Water heaters';
COMMENT ON COLUMN reg.aset.aset_bergerak_telepon_rumah IS 'Land-line telephones';
COMMENT ON COLUMN reg.aset.aset_bergerak_tv_datar IS 'Flat television sets of 30 inches and more';
COMMENT ON COLUMN reg.aset.aset_bergerak_emas_perhiasan IS 'Gold and jewellery of 10 grams and more';
COMMENT ON COLUMN reg.aset.aset_bergerak_komputer_laptop_tablet IS 'Computers and tablets';
COMMENT ON COLUMN reg.aset.aset_bergerak_sepeda_motor IS 'Motorcycles';
COMMENT ON COLUMN reg.aset.aset_bergerak_sepeda IS 'Bicycles';
COMMENT ON COLUMN reg.aset.aset_bergerak_mobil IS 'Cars';
COMMENT ON COLUMN reg.aset.aset_bergerak_perahu IS 'Boats';
COMMENT ON COLUMN reg.aset.aset_bergerak_kapal_perahu_motor IS 'Motor boats';
COMMENT ON COLUMN reg.aset.aset_bergerak_smartphone IS 'Smartphones';
COMMENT ON COLUMN reg.aset.aset_tidak_bergerak_lahan_lainnya IS 'Land besides the one lived on: 1 yes, 2 no';
COMMENT ON COLUMN reg.aset.aset_tidak_bergerak_rumah_lainnya IS 'Other houses: 1 yes, 2 no';
COMMENT ON COLUMN reg.aset.jumlah_ternak_sapi IS 'Cattle';
COMMENT ON COLUMN reg.aset.jumlah_ternak_kerbau IS 'Buffaloes';
COMMENT ON COLUMN reg.aset.jumlah_ternak_kuda IS 'Horses';
COMMENT ON COLUMN reg.aset.jumlah_ternak_babi IS 'Pigs';
COMMENT ON COLUMN reg.aset.jumlah_ternak_kambing_domba IS 'Goats and sheep';
-- Registry reg: persons as members of families.

CREATE TABLE reg.anggota (
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    keluarga_id bigint NOT NULL,
    wilayah dtsen.kode_wilayah NOT NULL,
    nik dtsen.nik NOT NULL,
    nama dtsen.nama NOT NULL,
    tanggal_lahir date CHECK (tanggal_lahir >= '1850-01-01'),
    jenis_kelamin smallint CHECK (jenis_kelamin IN (1, 2)),
    hubungan smallint NOT NULL CHECK (hubungan BETWEEN 1 AND 8),
    member_since date NOT NULL DEFAULT CURRENT_DATE,
    status varchar(20) NOT NULL DEFAULT 'aktif' REFERENCES reg.keberadaan,
    is_pbi_nas boolean,
    is_pbi_pemda boolean,
    status_kawin smallint,
    partisipasi_sekolah smallint,
    jenjang_tertinggi smallint,
    kelas_tertinggi smallint,
    ijazah_tertinggi smallint,
    status_bekerja smallint,
    lapangan_usaha_pekerjaan_utama smallint,
    status_dalam_pekerjaan_utama smallint,
    kepemilikan_usaha smallint,
    jumlah_usaha smallint,
    lapangan_usaha_usaha_utama smallint,
    jumlah_pekerja_dibayar integer,
    jumlah_pekerja_tidak_dibayar integer,
    omzet_usaha_utama smallint,
    kondisi_gizi smallint,
    penglihatan smallint,
    pendengaran smallint,
    berjalan_atau_naik_tangga smallint,
    menggunakan_tangan_jari smallint,
    belajar_kemampuan_intelektual smallint,
    pengendalian_perilaku smallint,
    berbicara_komunikasi smallint,
    mengurus_diri smallint,
    mengingat_berkonsentrasi smallint,
    kesedihan_depresi smallint,
    penyakit_kronis smallint,
    wilayah_ktp dtsen.kode_wilayah,
    alamat_ktp text CHECK (length(alamat_ktp) <= 300),
    rt_ktp varchar(30),
    rw_ktp varchar(30),
    dusun_ktp varchar(30),
    pekerjaan_ktp varchar(300),
    pendidikan_akhir_ktp varchar(300),
    import_id bigint,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE NULLS NOT DISTINCT (keluarga_id, nik, tanggal_lahir),
    UNIQUE (id, wilayah),
    FOREIGN KEY (keluarga_id, wilayah)
        REFERENCES reg.keluarga (id, wilayah) ON UPDATE CASCADE
);
CREATE INDEX ON reg.anggota (nik);
CREATE INDEX ON reg.anggota (wilayah);
CREATE UNIQUE INDEX anggota_one_head ON reg.anggota (keluarga_id)
    WHERE hubungan = 1 AND status = 'aktif';
COMMENT ON TABLE reg.anggota IS 'A person as member of a family; a NIK that two persons bear has two rows, which the matching names nik_ganda';
COMMENT ON INDEX reg.anggota_one_head IS 'A family has one living head';
COMMENT ON COLUMN reg.anggota.id IS 'Key of the registry, for life';
COMMENT ON COLUMN reg.anggota.keluarga_id IS 'The family';
COMMENT ON COLUMN reg.anggota.wilayah IS 'Village of the family';
COMMENT ON COLUMN reg.anggota.nik IS 'Number of the person, possibly a wrong one that is to be repaired';
COMMENT ON COLUMN reg.anggota.nama IS 'Name as written';
COMMENT ON COLUMN reg.anggota.tanggal_lahir IS 'Date of birth';
COMMENT ON COLUMN reg.anggota.jenis_kelamin IS '1 male, 2 female';
COMMENT ON COLUMN reg.anggota.hubungan IS 'Relation to the head, of the list hubungan';
COMMENT ON COLUMN reg.anggota.member_since IS 'Day from which the registry knows this membership';
COMMENT ON COLUMN reg.anggota.status IS 'Presence in the registry, of the list keberadaan';
COMMENT ON COLUMN reg.anggota.is_pbi_nas IS 'Health insurance paid by the state';
COMMENT ON COLUMN reg.anggota.is_pbi_pemda IS 'Health insurance paid by the region';
COMMENT ON COLUMN reg.anggota.status_kawin IS 'Marital state';
COMMENT ON COLUMN reg.anggota.partisipasi_sekolah IS 'Attends school';
COMMENT ON COLUMN reg.anggota.jenjang_tertinggi IS 'Highest level of schooling attended';
COMMENT ON COLUMN reg.anggota.kelas_tertinggi IS 'Highest grade of that level';
COMMENT ON COLUMN reg.anggota.ijazah_tertinggi IS 'Highest certificate';
COMMENT ON COLUMN reg.anggota.status_bekerja IS 'Worked in the last week';
COMMENT ON COLUMN reg.anggota.lapangan_usaha_pekerjaan_utama IS 'Sector of the main work';
COMMENT ON COLUMN reg.anggota.status_dalam_pekerjaan_utama IS 'Status in the main work';
COMMENT ON COLUMN reg.anggota.kepemilikan_usaha IS 'Owns a business';
COMMENT ON COLUMN reg.anggota.jumlah_usaha IS 'Number of businesses';
COMMENT ON COLUMN reg.anggota.lapangan_usaha_usaha_utama IS 'Sector of the main business';
COMMENT ON COLUMN reg.anggota.jumlah_pekerja_dibayar IS 'Paid workers of the main business';
COMMENT ON COLUMN reg.anggota.jumlah_pekerja_tidak_dibayar IS 'Unpaid workers of the main business';
COMMENT ON COLUMN reg.anggota.omzet_usaha_utama IS 'Turnover class of the main business';
COMMENT ON COLUMN reg.anggota.kondisi_gizi IS 'State of nutrition';
COMMENT ON COLUMN reg.anggota.penyakit_kronis IS 'Chronic illness';
COMMENT ON COLUMN reg.anggota.wilayah_ktp IS 'Village of the address on the identity card';
COMMENT ON COLUMN reg.anggota.alamat_ktp IS 'Address on the identity card';
COMMENT ON COLUMN reg.anggota.rt_ktp IS 'Neighbourhood (RT) on the identity card';
COMMENT ON COLUMN reg.anggota.rw_ktp IS 'Ward (RW) on the identity card';
COMMENT ON COLUMN reg.anggota.dusun_ktp IS 'Hamlet on the identity card';
COMMENT ON COLUMN reg.anggota.pekerjaan_ktp IS 'Occupation on the identity card';
COMMENT ON COLUMN reg.anggota.pendidikan_akhir_ktp IS 'Education on the identity card';
COMMENT ON COLUMN reg.anggota.import_id IS 'Import that brought or last changed the person; NULL: a proposal did';
COMMENT ON COLUMN reg.anggota.created_at IS 'When the row came in';
COMMENT ON COLUMN reg.anggota.changed_at IS 'When the row last changed';
COMMENT ON COLUMN reg.anggota.penglihatan IS 'Limit in seeing, 1 severe to 4 none';
COMMENT ON COLUMN reg.anggota.pendengaran IS 'Limit in hearing, 1 severe to 4 none';
COMMENT ON COLUMN reg.anggota.berjalan_atau_naik_tangga IS 'Limit in walking or climbing stairs, 1 severe to 4 none';
COMMENT ON COLUMN reg.anggota.menggunakan_tangan_jari IS 'Limit in using hands and fingers, 1 severe to 4 none';
COMMENT ON COLUMN reg.anggota.belajar_kemampuan_intelektual IS 'Limit in learning, 1 severe to 4 none';
COMMENT ON COLUMN reg.anggota.pengendalian_perilaku IS 'Limit in controlling behaviour, 1 severe to 4 none';
COMMENT ON COLUMN reg.anggota.berbicara_komunikasi IS 'Limit in speaking, 1 severe to 4 none';
COMMENT ON COLUMN reg.anggota.mengurus_diri IS 'Limit in caring for oneself, 1 severe to 4 none';
COMMENT ON COLUMN reg.anggota.mengingat_berkonsentrasi IS 'Limit in remembering and concentrating, 1 severe to 4 none';
COMMENT ON COLUMN reg.anggota.kesedihan_depresi IS 'Limit in sadness or depression, 1 severe to 4 none';

CREATE TABLE reg.keanggotaan (
    anggota_id bigint NOT NULL,
    wilayah dtsen.kode_wilayah NOT NULL,
    keluarga_id bigint NOT NULL REFERENCES reg.keluarga,
    hubungan smallint NOT NULL,
    status varchar(20) NOT NULL REFERENCES reg.keberadaan,
    valid_from date NOT NULL,
    valid_to date NOT NULL CHECK (valid_to >= valid_from),
    changed_at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (anggota_id, wilayah)
        REFERENCES reg.anggota (id, wilayah) ON UPDATE CASCADE
);
CREATE INDEX ON reg.keanggotaan (anggota_id);
CREATE INDEX ON reg.keanggotaan (keluarga_id);
COMMENT ON TABLE reg.keanggotaan IS 'Former memberships: family, relation and presence as they were; the present one is in anggota';
COMMENT ON COLUMN reg.keanggotaan.anggota_id IS 'The person';
COMMENT ON COLUMN reg.keanggotaan.wilayah IS 'Village of the person today';
COMMENT ON COLUMN reg.keanggotaan.keluarga_id IS 'Family then';
COMMENT ON COLUMN reg.keanggotaan.hubungan IS 'Relation then';
COMMENT ON COLUMN reg.keanggotaan.status IS 'Presence then';
COMMENT ON COLUMN reg.keanggotaan.valid_from IS 'First day';
COMMENT ON COLUMN reg.keanggotaan.valid_to IS 'Day on which it ended';
COMMENT ON COLUMN reg.keanggotaan.changed_at IS 'When the change was made';

CREATE FUNCTION reg.anggota_keep_membership() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, dtsen, pg_temp
AS $$
BEGIN
    PERFORM reg.trigger_is_of(TG_RELID, 'reg.anggota');
    INSERT INTO reg.keanggotaan
        (anggota_id, wilayah, keluarga_id, hubungan, status, valid_from, valid_to)
    SELECT o.id, n.wilayah, o.keluarga_id, o.hubungan, o.status, o.member_since,
        greatest(n.member_since, o.member_since)
    FROM old_rows o JOIN new_rows n USING (id)
    WHERE (o.keluarga_id, o.hubungan, o.status) IS DISTINCT FROM (n.keluarga_id, n.hubungan, n.status);
    RETURN NULL;
END $$;
COMMENT ON FUNCTION reg.anggota_keep_membership() IS 'Trigger: keeps the former membership when a person changes family, relation or presence. SECURITY DEFINER, because nobody but the owner writes this history';
CREATE TRIGGER anggota_keep_membership AFTER UPDATE ON reg.anggota
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION reg.anggota_keep_membership();
-- Registry reg: editions, meetings, proposals, batches and evidence.
--
-- States are text under the machines of 40_machines.sql, never a CHECK list: a
-- ministry adds a state by adding rows.

CREATE TABLE reg.model (
    version varchar(30) PRIMARY KEY,
    description text NOT NULL,
    source text NOT NULL
);
COMMENT ON TABLE reg.model IS 'Versions of the model that gives families their score';
COMMENT ON COLUMN reg.model.version IS 'Key, such as pmt-2026-1';
COMMENT ON COLUMN reg.model.description IS 'What it estimates and from what';
COMMENT ON COLUMN reg.model.source IS 'Who made it and where it is described';

CREATE TABLE reg.edisi (
    id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    name varchar(20) NOT NULL UNIQUE,
    state varchar(30) NOT NULL DEFAULT 'buka',
    cut_off_at timestamptz NOT NULL,
    draw_at timestamptz NOT NULL,
    recheck_from timestamptz NOT NULL,
    recheck_to timestamptz NOT NULL,
    publish_at timestamptz NOT NULL,
    meeting_max_age interval NOT NULL DEFAULT '3 months' CHECK (meeting_max_age > '0'),
    model_version varchar(30) REFERENCES reg.model,
    rule varchar(20) NOT NULL DEFAULT 'A' CHECK (rule = 'A'),
    family_count integer,
    person_count integer,
    ranked_count integer,
    digest bytea CHECK (octet_length(digest) = 32),
    published_at timestamptz,
    reason text,
    changed_at timestamptz NOT NULL DEFAULT now(),
    changed_by name NOT NULL DEFAULT CURRENT_USER,
    CHECK (cut_off_at <= draw_at AND draw_at <= recheck_from
        AND recheck_from <= recheck_to AND recheck_to <= publish_at)
);
COMMENT ON TABLE reg.edisi IS 'An edition: one period of updating with its calendar, and what was published at its end';
COMMENT ON COLUMN reg.edisi.id IS 'Key';
COMMENT ON COLUMN reg.edisi.name IS 'Name, such as v2_2026';
COMMENT ON COLUMN reg.edisi.state IS 'State of the machine edisi';
COMMENT ON COLUMN reg.edisi.cut_off_at IS 'Proposals submitted later belong to the next edition';
COMMENT ON COLUMN reg.edisi.draw_at IS 'Signed batches are drawn until then';
COMMENT ON COLUMN reg.edisi.recheck_from IS 'Heads of regions see the draft from then';
COMMENT ON COLUMN reg.edisi.recheck_to IS 'and may object until then';
COMMENT ON COLUMN reg.edisi.publish_at IS 'Not published before';
COMMENT ON COLUMN reg.edisi.meeting_max_age IS 'How old a village meeting may be';
COMMENT ON COLUMN reg.edisi.model_version IS 'Model whose scores are ranked';
COMMENT ON COLUMN reg.edisi.rule IS 'Rule of the cuts: A cuts at n * C(x) >= k * W, equal scores share a decile';
COMMENT ON COLUMN reg.edisi.family_count IS 'Families of the edition';
COMMENT ON COLUMN reg.edisi.person_count IS 'Persons of the edition, the weights of the ranking';
COMMENT ON COLUMN reg.edisi.ranked_count IS 'Families with a national decile';
COMMENT ON COLUMN reg.edisi.digest IS 'SHA-256 of the rows of the edition and its cuts';
COMMENT ON COLUMN reg.edisi.published_at IS 'When it was published';
COMMENT ON COLUMN reg.edisi.reason IS 'Note to the last step';
COMMENT ON COLUMN reg.edisi.changed_at IS 'When the last step was made';
COMMENT ON COLUMN reg.edisi.changed_by IS 'Login that made it';

CREATE TABLE reg.musyawarah (
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    wilayah dtsen.kode_wilayah NOT NULL REFERENCES reg.wilayah
        CHECK (dtsen.wilayah_level(wilayah) = 4),
    held_on date NOT NULL,
    place text NOT NULL CHECK (length(place) <= 200),
    attendee_count integer NOT NULL DEFAULT 0 CHECK (attendee_count >= 0),
    quorum integer NOT NULL DEFAULT 10 CHECK (quorum > 0),
    state varchar(30) NOT NULL DEFAULT 'rencana',
    reason text,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by name NOT NULL DEFAULT CURRENT_USER,
    changed_at timestamptz NOT NULL DEFAULT now(),
    changed_by name NOT NULL DEFAULT CURRENT_USER,
    UNIQUE (id, wilayah)
);
CREATE INDEX ON reg.musyawarah (wilayah, held_on);
COMMENT ON TABLE reg.musyawarah IS 'A village meeting that decides on proposals';
COMMENT ON COLUMN reg.musyawarah.id IS 'Key';
COMMENT ON COLUMN reg.musyawarah.wilayah IS 'The village';
COMMENT ON COLUMN reg.musyawarah.held_on IS 'Day of the meeting';
COMMENT ON COLUMN reg.musyawarah.place IS 'Where';
COMMENT ON COLUMN reg.musyawarah.attendee_count IS 'Persons on the attendance list';
COMMENT ON COLUMN reg.musyawarah.quorum IS 'Persons it needs';
COMMENT ON COLUMN reg.musyawarah.state IS 'State of the machine musyawarah';
COMMENT ON COLUMN reg.musyawarah.reason IS 'Note to the last step';
COMMENT ON COLUMN reg.musyawarah.created_at IS 'When it was entered';
COMMENT ON COLUMN reg.musyawarah.created_by IS 'Login that entered it';
COMMENT ON COLUMN reg.musyawarah.changed_at IS 'When the last step was made';
COMMENT ON COLUMN reg.musyawarah.changed_by IS 'Login that made it';

CREATE TABLE reg.usulan_kind (
    kind varchar(20) PRIMARY KEY,
    needs_family boolean NOT NULL,
    needs_member boolean NOT NULL,
    label_id varchar(80) NOT NULL,
    label_en varchar(80) NOT NULL
);
COMMENT ON TABLE reg.usulan_kind IS 'Kinds of proposals';
COMMENT ON COLUMN reg.usulan_kind.kind IS 'Key';
COMMENT ON COLUMN reg.usulan_kind.needs_family IS 'Must name a family of the registry';
COMMENT ON COLUMN reg.usulan_kind.needs_member IS 'Must name a member of it';
COMMENT ON COLUMN reg.usulan_kind.label_id IS 'Indonesian label';
COMMENT ON COLUMN reg.usulan_kind.label_en IS 'English label';
INSERT INTO reg.usulan_kind (kind, needs_family, needs_member, label_id, label_en) VALUES
    ('baru', false, false, 'usulan keluarga baru', 'new family'),
    ('ubah', true, false, 'pemutakhiran keluarga', 'change of a family''s data'),
    ('perbaikan_nik', true, true, 'perbaikan NIK', 'repair of a NIK'),
    ('ganda', true, true, 'data ganda', 'second record of a person'),
    ('meninggal', true, true, 'laporan meninggal', 'death of a member'),
    ('pindah', true, false, 'pindah', 'move to another village'),
    ('hapus', true, false, 'penonaktifan', 'deactivation');

CREATE TABLE reg.usulan (
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    request_key varchar(80) NOT NULL UNIQUE,
    kind varchar(20) NOT NULL REFERENCES reg.usulan_kind,
    wilayah dtsen.kode_wilayah NOT NULL REFERENCES reg.wilayah
        CHECK (dtsen.wilayah_level(wilayah) = 4),
    keluarga_id bigint REFERENCES reg.keluarga,
    anggota_id bigint REFERENCES reg.anggota,
    payload jsonb NOT NULL CHECK (jsonb_typeof(payload) = 'object'),
    payload_changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    edisi_id integer NOT NULL REFERENCES reg.edisi,
    musyawarah_id bigint,
    corrects_id bigint REFERENCES reg.usulan,
    state varchar(30) NOT NULL DEFAULT 'draf',
    reason text,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by name NOT NULL DEFAULT CURRENT_USER,
    changed_at timestamptz NOT NULL DEFAULT now(),
    changed_by name NOT NULL DEFAULT CURRENT_USER,
    UNIQUE (id, wilayah),
    FOREIGN KEY (musyawarah_id, wilayah) REFERENCES reg.musyawarah (id, wilayah),
    CHECK (anggota_id IS NULL OR keluarga_id IS NOT NULL)
);
CREATE INDEX ON reg.usulan (wilayah, state);
CREATE INDEX ON reg.usulan (musyawarah_id);
CREATE INDEX ON reg.usulan (edisi_id, state);
CREATE INDEX ON reg.usulan (keluarga_id);
CREATE UNIQUE INDEX usulan_one_live ON reg.usulan
    (keluarga_id, kind, (coalesce(anggota_id, 0)))
    WHERE keluarga_id IS NOT NULL
    AND state NOT IN ('ditarik', 'ditolak_musdes', 'kedaluwarsa', 'terbit');
CREATE UNIQUE INDEX usulan_one_live_new ON reg.usulan ((payload ->> 'nkk'))
    WHERE kind = 'baru'
    AND state NOT IN ('ditarik', 'ditolak_musdes', 'kedaluwarsa', 'terbit');
COMMENT ON TABLE reg.usulan IS 'A proposal: one requested change for one family';
COMMENT ON INDEX reg.usulan_one_live IS 'One live proposal of a kind for a family (or its member)';
COMMENT ON INDEX reg.usulan_one_live_new IS 'One live proposal for a new family card';
COMMENT ON COLUMN reg.usulan.id IS 'Key';
COMMENT ON COLUMN reg.usulan.request_key IS 'Key of the proposer''s own: the same request twice is one proposal';
COMMENT ON COLUMN reg.usulan.kind IS 'Kind of proposal';
COMMENT ON COLUMN reg.usulan.wilayah IS 'Village that proposes';
COMMENT ON COLUMN reg.usulan.keluarga_id IS 'Family of the registry; NULL: a new one';
COMMENT ON COLUMN reg.usulan.anggota_id IS 'Member it is about; NULL: the whole family';
COMMENT ON COLUMN reg.usulan.payload IS 'What is to change; docs/registry.md lists the keys of each kind';
COMMENT ON COLUMN reg.usulan.payload_changed_at IS 'When that was last changed';
COMMENT ON COLUMN reg.usulan.edisi_id IS 'Edition it is meant for';
COMMENT ON COLUMN reg.usulan.musyawarah_id IS 'Meeting that decides on it';
COMMENT ON COLUMN reg.usulan.corrects_id IS 'Published proposal that it corrects';
COMMENT ON COLUMN reg.usulan.state IS 'State of the machine usulan';
COMMENT ON COLUMN reg.usulan.reason IS 'Reason of the last step, where it needs one';
COMMENT ON COLUMN reg.usulan.created_at IS 'When it was entered';
COMMENT ON COLUMN reg.usulan.created_by IS 'Login that entered it';
COMMENT ON COLUMN reg.usulan.changed_at IS 'When the last step was made';
COMMENT ON COLUMN reg.usulan.changed_by IS 'Login that made it';

CREATE TABLE reg.batch (
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    wilayah dtsen.kode_wilayah NOT NULL REFERENCES reg.wilayah
        CHECK (dtsen.wilayah_level(wilayah) = 2),
    edisi_id integer NOT NULL REFERENCES reg.edisi,
    state varchar(30) NOT NULL DEFAULT 'terbuka',
    item_count integer,
    digest bytea CHECK (octet_length(digest) = 32),
    signature bytea CHECK (octet_length(signature) BETWEEN 1 AND 65536),
    reason text,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    changed_by name NOT NULL DEFAULT CURRENT_USER,
    UNIQUE (id, wilayah)
);
CREATE INDEX ON reg.batch (wilayah, edisi_id);
COMMENT ON TABLE reg.batch IS 'Verified proposals of a regency that its head signs as one';
COMMENT ON COLUMN reg.batch.id IS 'Key';
COMMENT ON COLUMN reg.batch.wilayah IS 'Regency or city';
COMMENT ON COLUMN reg.batch.edisi_id IS 'Edition it is meant for';
COMMENT ON COLUMN reg.batch.state IS 'State of the machine batch';
COMMENT ON COLUMN reg.batch.item_count IS 'Proposals in it, fixed by the seal';
COMMENT ON COLUMN reg.batch.digest IS 'SHA-256 of its proposals, fixed by the seal; what is signed';
COMMENT ON COLUMN reg.batch.signature IS 'Signature of the head of the region over the digest';
COMMENT ON COLUMN reg.batch.reason IS 'Reason of the last step, where it needs one';
COMMENT ON COLUMN reg.batch.created_at IS 'When it was opened';
COMMENT ON COLUMN reg.batch.changed_at IS 'When the last step was made';
COMMENT ON COLUMN reg.batch.changed_by IS 'Login that made it';

CREATE TABLE reg.batch_item (
    batch_id bigint NOT NULL,
    wilayah dtsen.kode_wilayah NOT NULL,
    usulan_id bigint NOT NULL UNIQUE REFERENCES reg.usulan,
    PRIMARY KEY (batch_id, usulan_id),
    FOREIGN KEY (batch_id, wilayah) REFERENCES reg.batch (id, wilayah)
);
COMMENT ON TABLE reg.batch_item IS 'Membership of a proposal in a batch; frozen by the seal';
COMMENT ON COLUMN reg.batch_item.batch_id IS 'The batch';
COMMENT ON COLUMN reg.batch_item.wilayah IS 'Its regency';
COMMENT ON COLUMN reg.batch_item.usulan_id IS 'The proposal';

CREATE TABLE reg.bukti_kind (
    kind varchar(20) PRIMARY KEY,
    of_meeting boolean NOT NULL,
    noted_by text[] CHECK (cardinality(noted_by) > 0),
    label_id varchar(80) NOT NULL,
    label_en varchar(80) NOT NULL
);
COMMENT ON TABLE reg.bukti_kind IS 'Kinds of evidence';
COMMENT ON COLUMN reg.bukti_kind.kind IS 'Key';
COMMENT ON COLUMN reg.bukti_kind.of_meeting IS 'A valid meeting must have it';
COMMENT ON COLUMN reg.bukti_kind.noted_by IS 'Roles that may note it; NULL: each that may note evidence';
COMMENT ON COLUMN reg.bukti_kind.label_id IS 'Indonesian label';
COMMENT ON COLUMN reg.bukti_kind.label_en IS 'English label';
INSERT INTO reg.bukti_kind (kind, of_meeting, label_id, label_en) VALUES
    ('berita_acara', true, 'berita acara', 'minutes'),
    ('foto', true, 'foto kegiatan', 'photo of the meeting'),
    ('daftar_hadir', true, 'daftar hadir', 'attendance list'),
    ('publikasi', true, 'bukti publikasi', 'proof of publication'),
    ('sptjm', false, 'surat pernyataan tanggung jawab mutlak', 'statement of absolute responsibility'),
    ('formulir', false, 'formulir usulan', 'form of the proposal'),
    ('cek_lapangan', false, 'hasil cek lapangan', 'result of a field check');
UPDATE reg.bukti_kind SET noted_by = '{pendamping,verifikator}' WHERE kind = 'cek_lapangan';

CREATE TABLE reg.bukti (
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    kind varchar(20) NOT NULL REFERENCES reg.bukti_kind,
    wilayah dtsen.kode_wilayah NOT NULL,
    musyawarah_id bigint,
    usulan_id bigint,
    file_name text NOT NULL CHECK (length(file_name) BETWEEN 1 AND 200),
    file_size bigint NOT NULL CHECK (file_size > 0),
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by name NOT NULL DEFAULT CURRENT_USER,
    CHECK (num_nonnulls(musyawarah_id, usulan_id) = 1),
    FOREIGN KEY (musyawarah_id, wilayah) REFERENCES reg.musyawarah (id, wilayah),
    FOREIGN KEY (usulan_id, wilayah) REFERENCES reg.usulan (id, wilayah)
);
CREATE UNIQUE INDEX ON reg.bukti (musyawarah_id, kind, sha256) WHERE musyawarah_id IS NOT NULL;
CREATE UNIQUE INDEX ON reg.bukti (usulan_id, kind, sha256) WHERE usulan_id IS NOT NULL;
COMMENT ON TABLE reg.bukti IS 'Evidence for a meeting or a proposal: where the file is and its digest, not its bytes';
COMMENT ON COLUMN reg.bukti.id IS 'Key';
COMMENT ON COLUMN reg.bukti.kind IS 'Kind of evidence';
COMMENT ON COLUMN reg.bukti.wilayah IS 'Village';
COMMENT ON COLUMN reg.bukti.musyawarah_id IS 'Meeting that it proves';
COMMENT ON COLUMN reg.bukti.usulan_id IS 'Proposal that it supports';
COMMENT ON COLUMN reg.bukti.file_name IS 'Name of the file in the archive';
COMMENT ON COLUMN reg.bukti.file_size IS 'Its length in bytes';
COMMENT ON COLUMN reg.bukti.sha256 IS 'SHA-256 of its bytes';
COMMENT ON COLUMN reg.bukti.created_at IS 'When it was noted';
COMMENT ON COLUMN reg.bukti.created_by IS 'Login that noted it';

CREATE TABLE reg.cek_ulang (
    edisi_id integer NOT NULL REFERENCES reg.edisi,
    wilayah dtsen.kode_wilayah NOT NULL REFERENCES reg.wilayah
        CHECK (dtsen.wilayah_level(wilayah) = 2),
    is_agreed boolean NOT NULL,
    note text,
    answered_at timestamptz NOT NULL DEFAULT now(),
    answered_by name NOT NULL DEFAULT CURRENT_USER,
    PRIMARY KEY (edisi_id, wilayah),
    CHECK (is_agreed OR coalesce(length(note), 0) > 0)
);
COMMENT ON TABLE reg.cek_ulang IS 'Answers of the heads of regions to the draft of an edition';
COMMENT ON COLUMN reg.cek_ulang.edisi_id IS 'The edition';
COMMENT ON COLUMN reg.cek_ulang.wilayah IS 'The regency or city';
COMMENT ON COLUMN reg.cek_ulang.is_agreed IS 'Agrees with the draft; an objection says why in the note';
COMMENT ON COLUMN reg.cek_ulang.note IS 'Reason of an objection';
COMMENT ON COLUMN reg.cek_ulang.answered_at IS 'When';
COMMENT ON COLUMN reg.cek_ulang.answered_by IS 'Login that answered';
-- Registry reg: visits to families, and published totals to check against.

CREATE TABLE reg.kunjungan_result (
    code smallint PRIMARY KEY,
    is_done boolean NOT NULL,
    label_id varchar(80) NOT NULL,
    label_en varchar(80) NOT NULL
);
COMMENT ON TABLE reg.kunjungan_result IS 'Results of a visit, question 205 of the 2022 registration';
COMMENT ON COLUMN reg.kunjungan_result.code IS 'Code';
COMMENT ON COLUMN reg.kunjungan_result.is_done IS 'The family was seen';
COMMENT ON COLUMN reg.kunjungan_result.label_id IS 'Indonesian label';
COMMENT ON COLUMN reg.kunjungan_result.label_en IS 'English label';
INSERT INTO reg.kunjungan_result (code, is_done, label_id, label_en) VALUES
    (1, true, 'terisi lengkap', 'complete'),
    (2, true, 'terisi sebagian', 'partial'),
    (3, false, 'tidak ada yang ditemui', 'nobody there'),
    (4, false, 'menolak', 'refused'),
    (5, false, 'pindah atau bangunan sudah tidak ada', 'moved, or the house is gone');

CREATE TABLE reg.kunjungan (
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    keluarga_id bigint NOT NULL,
    wilayah dtsen.kode_wilayah NOT NULL,
    visited_on date NOT NULL CHECK (visited_on >= '2020-01-01'),
    result smallint NOT NULL REFERENCES reg.kunjungan_result,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by name NOT NULL DEFAULT CURRENT_USER,
    UNIQUE (keluarga_id, visited_on, created_by),
    FOREIGN KEY (keluarga_id, wilayah) REFERENCES reg.keluarga (id, wilayah) ON UPDATE CASCADE
);
CREATE INDEX ON reg.kunjungan (wilayah, visited_on);
COMMENT ON TABLE reg.kunjungan IS 'Visits to families: ground checks, verification rounds';
COMMENT ON COLUMN reg.kunjungan.id IS 'Key';
COMMENT ON COLUMN reg.kunjungan.keluarga_id IS 'The family';
COMMENT ON COLUMN reg.kunjungan.wilayah IS 'Its village';
COMMENT ON COLUMN reg.kunjungan.visited_on IS 'Day of the visit';
COMMENT ON COLUMN reg.kunjungan.result IS 'Result, of the list kunjungan_result';
COMMENT ON COLUMN reg.kunjungan.created_at IS 'When it was entered';
COMMENT ON COLUMN reg.kunjungan.created_by IS 'Login that entered it';

CREATE FUNCTION reg.kunjungan_keep() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'Asia/Jakarta'
AS $$
BEGIN
    IF NEW.visited_on > CURRENT_DATE THEN
        RAISE EXCEPTION 'a visit cannot be entered before its day' USING ERRCODE = 'SE101';
    END IF;
    NEW.created_at := now();
    NEW.created_by := reg.scope_login();
    RETURN NEW;
END $$;
COMMENT ON FUNCTION reg.kunjungan_keep() IS 'Trigger: no visit to come; who and when are not for the client to say';
CREATE TRIGGER keep BEFORE INSERT ON reg.kunjungan
    FOR EACH ROW WHEN (NOT dtsen.is_apply_worker()) EXECUTE FUNCTION reg.kunjungan_keep();
ALTER TABLE reg.kunjungan ENABLE ALWAYS TRIGGER keep;

CREATE TABLE reg.control_total (
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    name varchar(80) NOT NULL,
    source varchar(200) NOT NULL,
    noted_on date NOT NULL,
    edisi_id integer REFERENCES reg.edisi,
    wilayah dtsen.kode_wilayah REFERENCES reg.wilayah,
    unit varchar(10) NOT NULL CHECK (unit IN ('keluarga', 'anggota')),
    total bigint NOT NULL CHECK (total >= 0),
    UNIQUE NULLS NOT DISTINCT (name, source, noted_on, wilayah)
);
COMMENT ON TABLE reg.control_total IS 'A total that somebody published; report_control_totals() compares it with its parts and with the registry';
COMMENT ON COLUMN reg.control_total.id IS 'Key';
COMMENT ON COLUMN reg.control_total.name IS 'What it is a total of';
COMMENT ON COLUMN reg.control_total.source IS 'Who published it';
COMMENT ON COLUMN reg.control_total.noted_on IS 'Day it was published';
COMMENT ON COLUMN reg.control_total.edisi_id IS 'Edition that it is about';
COMMENT ON COLUMN reg.control_total.wilayah IS 'Region that it is about; NULL: the country';
COMMENT ON COLUMN reg.control_total.unit IS 'keluarga: families; anggota: persons';
COMMENT ON COLUMN reg.control_total.total IS 'The total as published';

CREATE TABLE reg.control_part (
    control_id bigint NOT NULL REFERENCES reg.control_total,
    name varchar(80) NOT NULL,
    desil smallint CHECK (desil BETWEEN 1 AND 10),
    value bigint NOT NULL CHECK (value >= 0),
    PRIMARY KEY (control_id, name)
);
COMMENT ON TABLE reg.control_part IS 'Parts of a published total';
COMMENT ON COLUMN reg.control_part.control_id IS 'The total';
COMMENT ON COLUMN reg.control_part.name IS 'What the part is';
COMMENT ON COLUMN reg.control_part.desil IS 'National decile that it counts; NULL: it is no decile';
COMMENT ON COLUMN reg.control_part.value IS 'The part as published';
-- Registry reg: civil registry, matching, scores and deciles.

CREATE TABLE reg.dukcapil (
    nik dtsen.nik NOT NULL,
    owner_scope text COLLATE "C" NOT NULL DEFAULT reg.scope_common(),
    nkk dtsen.nkk,
    nama dtsen.nama NOT NULL,
    tanggal_lahir date,
    jenis_kelamin smallint CHECK (jenis_kelamin IN (1, 2)),
    status_hidup varchar(20) NOT NULL CHECK (status_hidup IN ('hidup', 'meninggal', 'pindah')),
    wilayah dtsen.kode_wilayah,
    import_id bigint NOT NULL,
    PRIMARY KEY (nik, owner_scope)
);
COMMENT ON TABLE reg.dukcapil IS 'Extract of the civil registry, taken as right';
COMMENT ON COLUMN reg.dukcapil.nik IS 'Number of the person';
COMMENT ON COLUMN reg.dukcapil.owner_scope IS 'Region whose login brought the row; empty: the country';
COMMENT ON COLUMN reg.dukcapil.nkk IS 'Number of the family card';
COMMENT ON COLUMN reg.dukcapil.nama IS 'Name';
COMMENT ON COLUMN reg.dukcapil.tanggal_lahir IS 'Date of birth';
COMMENT ON COLUMN reg.dukcapil.jenis_kelamin IS '1 male, 2 female';
COMMENT ON COLUMN reg.dukcapil.status_hidup IS 'hidup (alive), meninggal (dead) or pindah (moved away)';
COMMENT ON COLUMN reg.dukcapil.wilayah IS 'Village of residence, anywhere in the country';
COMMENT ON COLUMN reg.dukcapil.import_id IS 'Import that brought the row';

CREATE TABLE reg.dtks (
    source_key varchar(30) NOT NULL,
    owner_scope text COLLATE "C" NOT NULL DEFAULT reg.scope_common(),
    nik_written varchar(30),
    nik dtsen.nik GENERATED ALWAYS AS (dtsen.to_nik(nik_written)) STORED,
    nkk dtsen.nkk,
    nama dtsen.nama NOT NULL,
    tanggal_lahir date,
    jenis_kelamin smallint CHECK (jenis_kelamin IN (1, 2)),
    alamat text CHECK (length(alamat) <= 300),
    wilayah dtsen.kode_wilayah,
    status varchar(30),
    import_id bigint NOT NULL,
    PRIMARY KEY (source_key, owner_scope)
);
CREATE INDEX ON reg.dtks (nik);
COMMENT ON TABLE reg.dtks IS 'List of the former registry, DTKS, as it was; report_migration() compares';
COMMENT ON COLUMN reg.dtks.source_key IS 'Key of the person in that list';
COMMENT ON COLUMN reg.dtks.owner_scope IS 'Region whose login brought the row; empty: the country';
COMMENT ON COLUMN reg.dtks.nik_written IS 'NIK as the list writes it';
COMMENT ON COLUMN reg.dtks.nik IS 'NIK, where what is written can be cleaned without a guess';
COMMENT ON COLUMN reg.dtks.nkk IS 'Number of the family card';
COMMENT ON COLUMN reg.dtks.nama IS 'Name';
COMMENT ON COLUMN reg.dtks.tanggal_lahir IS 'Date of birth';
COMMENT ON COLUMN reg.dtks.jenis_kelamin IS '1 male, 2 female';
COMMENT ON COLUMN reg.dtks.alamat IS 'Address within the village';
COMMENT ON COLUMN reg.dtks.wilayah IS 'Village';
COMMENT ON COLUMN reg.dtks.status IS 'Status in that list';
COMMENT ON COLUMN reg.dtks.import_id IS 'Import that brought the row';

CREATE TABLE reg.padan_status (
    status varchar(25) PRIMARY KEY,
    verdict varchar(10) NOT NULL
        CHECK (verdict IN ('agree', 'differ', 'unknown', 'duplicate', 'invalid', 'gone')),
    sort_order integer NOT NULL UNIQUE,
    label_id varchar(80) NOT NULL,
    label_en varchar(80) NOT NULL
);
COMMENT ON TABLE reg.padan_status IS 'What a matching can say of a person';
COMMENT ON COLUMN reg.padan_status.status IS 'Key';
COMMENT ON COLUMN reg.padan_status.verdict IS 'Its kind: agree, differ, unknown, duplicate, invalid, or gone (dead or moved)';
COMMENT ON COLUMN reg.padan_status.sort_order IS 'The first that applies is given';
COMMENT ON COLUMN reg.padan_status.label_id IS 'Indonesian label';
COMMENT ON COLUMN reg.padan_status.label_en IS 'English label';
INSERT INTO reg.padan_status (status, verdict, sort_order, label_id, label_en) VALUES
    ('format_salah', 'invalid', 1, 'NIK tidak mungkin', 'impossible NIK'),
    ('nik_ganda', 'duplicate', 2, 'NIK ganda', 'one NIK on several records'),
    ('nik_tidak_ditemukan', 'unknown', 3, 'NIK tidak ditemukan', 'NIK not found'),
    ('meninggal', 'gone', 4, 'meninggal', 'dead'),
    ('pindah', 'gone', 5, 'pindah', 'moved away'),
    ('padan_nama_beda', 'differ', 6, 'padan, nama beda', 'NIK found, name differs'),
    ('padan_tgl_beda', 'differ', 7, 'padan, tanggal lahir beda', 'NIK found, date of birth differs'),
    ('padan_kk_beda', 'differ', 8, 'padan, KK beda', 'NIK found, family card differs'),
    ('padan', 'agree', 9, 'padan', 'matched');

CREATE TABLE reg.pemadanan (
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    threshold double precision NOT NULL CHECK (threshold BETWEEN 0 AND 1),
    person_count integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by name NOT NULL DEFAULT CURRENT_USER
);
COMMENT ON TABLE reg.pemadanan IS 'A run of matching against the civil registry';
COMMENT ON COLUMN reg.pemadanan.id IS 'Key';
COMMENT ON COLUMN reg.pemadanan.threshold IS 'Name similarity from which names are taken as equal';
COMMENT ON COLUMN reg.pemadanan.person_count IS 'Persons matched';
COMMENT ON COLUMN reg.pemadanan.created_at IS 'When';
COMMENT ON COLUMN reg.pemadanan.created_by IS 'Login that ran it';

CREATE TABLE reg.pemadanan_result (
    pemadanan_id bigint NOT NULL REFERENCES reg.pemadanan,
    anggota_id bigint NOT NULL,
    wilayah dtsen.kode_wilayah NOT NULL,
    status varchar(25) NOT NULL REFERENCES reg.padan_status,
    nama_similarity double precision,
    suggested_nik dtsen.nik,
    suggestion_count integer NOT NULL DEFAULT 0,
    is_suggestion_held boolean NOT NULL DEFAULT false,
    PRIMARY KEY (anggota_id, pemadanan_id),
    FOREIGN KEY (anggota_id, wilayah)
        REFERENCES reg.anggota (id, wilayah) ON UPDATE CASCADE
);
CREATE INDEX ON reg.pemadanan_result (pemadanan_id, wilayah, status);
COMMENT ON TABLE reg.pemadanan_result IS 'What a run of matching says of each person';
COMMENT ON COLUMN reg.pemadanan_result.pemadanan_id IS 'The run';
COMMENT ON COLUMN reg.pemadanan_result.anggota_id IS 'The person';
COMMENT ON COLUMN reg.pemadanan_result.wilayah IS 'Village of the person';
COMMENT ON COLUMN reg.pemadanan_result.status IS 'The finding';
COMMENT ON COLUMN reg.pemadanan_result.nama_similarity IS 'Similarity of the two names, 0 to 1, where the NIK was found';
COMMENT ON COLUMN reg.pemadanan_result.suggested_nik IS 'NIK of the only person one edit away with the same date of birth and a similar name; a suggestion to a clerk, never applied by itself';
COMMENT ON COLUMN reg.pemadanan_result.suggestion_count IS 'Persons of the civil registry that fit as well; above 1 none is suggested';
COMMENT ON COLUMN reg.pemadanan_result.is_suggestion_held IS 'Another person of the registry has the suggested NIK: one of the two records is the second one of a person';

CREATE TABLE reg.skor (
    model_version varchar(30) NOT NULL REFERENCES reg.model,
    keluarga_id bigint NOT NULL,
    wilayah dtsen.kode_wilayah NOT NULL,
    skor double precision NOT NULL
        CHECK (skor > '-infinity' AND skor < 'infinity'),
    import_id bigint,
    changed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (model_version, keluarga_id),
    FOREIGN KEY (keluarga_id, wilayah)
        REFERENCES reg.keluarga (id, wilayah) ON UPDATE CASCADE
);
COMMENT ON TABLE reg.skor IS 'Score of a family by a version of the model';
COMMENT ON COLUMN reg.skor.model_version IS 'The model';
COMMENT ON COLUMN reg.skor.keluarga_id IS 'The family';
COMMENT ON COLUMN reg.skor.wilayah IS 'Village of the family';
COMMENT ON COLUMN reg.skor.skor IS 'Estimated spending per person, rupiah a month; low is poor';
COMMENT ON COLUMN reg.skor.import_id IS 'Import that brought or last changed it';
COMMENT ON COLUMN reg.skor.changed_at IS 'When the row last changed';

CREATE TABLE reg.desil_cut (
    edisi_id integer NOT NULL REFERENCES reg.edisi,
    scope varchar(10) NOT NULL CHECK (scope IN ('nasional', 'provinsi', 'kabupaten')),
    wilayah dtsen.kode_wilayah,
    number integer NOT NULL CHECK (number BETWEEN 1 AND 9),
    cut double precision NOT NULL
        CHECK (cut > '-infinity' AND cut < 'infinity'),
    origin varchar(10) NOT NULL DEFAULT 'supplied' CHECK (origin IN ('supplied', 'computed')),
    UNIQUE NULLS NOT DISTINCT (edisi_id, wilayah, number),
    CHECK (CASE scope WHEN 'nasional' THEN wilayah IS NULL
        ELSE wilayah IS NOT NULL
            AND dtsen.wilayah_level(wilayah) = CASE scope WHEN 'provinsi' THEN 1 ELSE 2 END
        END)
);
COMMENT ON TABLE reg.desil_cut IS 'The nine cuts of an edition for each scope: a family is in decile 1 + number of cuts below its score';
COMMENT ON COLUMN reg.desil_cut.edisi_id IS 'The edition';
COMMENT ON COLUMN reg.desil_cut.scope IS 'nasional, provinsi or kabupaten';
COMMENT ON COLUMN reg.desil_cut.wilayah IS 'Province or regency of the cut; NULL: the country';
COMMENT ON COLUMN reg.desil_cut.number IS 'Which cut, 1 to 9';
COMMENT ON COLUMN reg.desil_cut.cut IS 'Score that the k-th tenth of the persons does not exceed';
COMMENT ON COLUMN reg.desil_cut.origin IS 'supplied: given by BPS before the ranking; computed: from the registry''s own families';

CREATE TABLE reg.desil (
    edisi_id integer NOT NULL REFERENCES reg.edisi,
    keluarga_id bigint NOT NULL REFERENCES reg.keluarga,
    wilayah dtsen.kode_wilayah NOT NULL,
    nkk dtsen.nkk NOT NULL,
    person_count integer NOT NULL CHECK (person_count >= 0),
    skor double precision,
    desil_nasional smallint CHECK (desil_nasional BETWEEN 1 AND 10),
    desil_provinsi smallint CHECK (desil_provinsi BETWEEN 1 AND 10),
    desil_kabupaten smallint CHECK (desil_kabupaten BETWEEN 1 AND 10),
    PRIMARY KEY (edisi_id, keluarga_id),
    CHECK (skor IS NOT NULL
        OR num_nonnulls(desil_nasional, desil_provinsi, desil_kabupaten) = 0)
) PARTITION BY LIST (edisi_id);
CREATE INDEX ON reg.desil (wilayah, desil_nasional);
COMMENT ON TABLE reg.desil IS 'Families of an edition with their three deciles; a partition an edition, unchangeable once published';
COMMENT ON COLUMN reg.desil.edisi_id IS 'The edition';
COMMENT ON COLUMN reg.desil.keluarga_id IS 'The family';
COMMENT ON COLUMN reg.desil.wilayah IS 'Village of the family at the ranking';
COMMENT ON COLUMN reg.desil.nkk IS 'Family card at the ranking';
COMMENT ON COLUMN reg.desil.person_count IS 'Members, the weight of the family; 0: none is registered';
COMMENT ON COLUMN reg.desil.skor IS 'Score that was ranked; NULL: not ranked';
COMMENT ON COLUMN reg.desil.desil_nasional IS 'Decile in the country, 1 the poorest; NULL: not ranked';
COMMENT ON COLUMN reg.desil.desil_provinsi IS 'Decile in the province; NULL: not ranked';
COMMENT ON COLUMN reg.desil.desil_kabupaten IS 'Decile in the regency or city; NULL: not ranked';
-- Registry reg: what the import of files needs.
--
-- A file arrives as lines of text (import_open() makes the staging table,
-- dtsen-import or COPY fills it). Which header names a file may have, and where
-- its columns go, are rows of import_column: a ministry maps another layout by
-- adding rows.

CREATE TABLE reg.import_kind (
    kind varchar(20) PRIMARY KEY,
    description text NOT NULL
);
COMMENT ON TABLE reg.import_kind IS 'Kinds of files that can be imported';
COMMENT ON COLUMN reg.import_kind.kind IS 'Key';
COMMENT ON COLUMN reg.import_kind.description IS 'What one line of the file is';
INSERT INTO reg.import_kind (kind, description) VALUES
    ('keluarga', 'one line a family'),
    ('anggota', 'one line a person as member of a family'),
    ('dukcapil', 'one line a person of the civil registry'),
    ('dtks', 'one line a person of the former registry, DTKS'),
    ('skor', 'one line a family with its score');

CREATE TABLE reg.import_type (
    type varchar(20) PRIMARY KEY,
    description text NOT NULL
);
COMMENT ON TABLE reg.import_type IS 'How a text field becomes a value; import_check() knows each one';
COMMENT ON COLUMN reg.import_type.type IS 'Key';
COMMENT ON COLUMN reg.import_type.description IS 'Texts that are taken; the empty field is NULL';
INSERT INTO reg.import_type (type, description) VALUES
    ('nik', 'what dtsen.to_nik() can clean'),
    ('nkk', 'what dtsen.to_nkk() can clean'),
    ('wilayah', 'what dtsen.to_kode_wilayah() can clean'),
    ('nama', 'a text of 1 to 100 characters with a letter'),
    ('text', 'any text of at most 300 characters'),
    ('short', 'any text of at most 30 characters'),
    ('date', 'yyyy-mm-dd, a day that exists, from 1850 to today'),
    ('sex', '1, L male; 2, P female'),
    ('relation', '1 to 8'),
    ('decile', '1 to 10; 0 is not ranked, NULL'),
    ('yesno', '1 yes, 2 no'),
    ('flag', '1 or 0'),
    ('code', 'a whole number of at most 4 digits'),
    ('count', 'a whole number of at most 9 digits'),
    ('small', 'a whole number of at most 2 digits'),
    ('area', 'a number below 1,000,000 with at most two decimals'),
    ('number', 'a decimal number of at most 30 characters'),
    ('life', 'hidup, meninggal or pindah');

CREATE TABLE reg.import_column (
    kind varchar(20) NOT NULL REFERENCES reg.import_kind,
    header varchar(63) NOT NULL CHECK (header = lower(header)),
    type varchar(20) NOT NULL REFERENCES reg.import_type,
    target varchar(63),
    target_column varchar(63),
    is_required boolean NOT NULL DEFAULT false,
    position integer GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (kind, header),
    CHECK ((target IS NULL) = (target_column IS NULL)),
    CHECK (NOT is_required OR target IS NOT NULL)
);
COMMENT ON TABLE reg.import_column IS 'Columns that a file may have, by the name in its header, and where they go';
COMMENT ON COLUMN reg.import_column.kind IS 'Kind of file';
COMMENT ON COLUMN reg.import_column.header IS 'Name in the header, lower case; several names may lead to one column';
COMMENT ON COLUMN reg.import_column.type IS 'How the text becomes a value';
COMMENT ON COLUMN reg.import_column.target IS 'Table that gets the value; NULL: the column is known and not used';
COMMENT ON COLUMN reg.import_column.target_column IS 'Column that gets the value';
COMMENT ON COLUMN reg.import_column.position IS 'Order in exports; of several names for one column the first is written';
COMMENT ON COLUMN reg.import_column.is_required IS 'The header must have it and no line may leave it empty';

CREATE TABLE reg.import_reason (
    reason varchar(30) PRIMARY KEY,
    label_id varchar(120) NOT NULL,
    label_en varchar(120) NOT NULL
);
COMMENT ON TABLE reg.import_reason IS 'Why a line is refused';
COMMENT ON COLUMN reg.import_reason.reason IS 'Key';
COMMENT ON COLUMN reg.import_reason.label_id IS 'Indonesian label';
COMMENT ON COLUMN reg.import_reason.label_en IS 'English label';
INSERT INTO reg.import_reason (reason, label_id, label_en) VALUES
    ('empty_line', 'baris kosong', 'the line is empty'),
    ('too_long', 'baris terlalu panjang', 'the line is longer than 10,000 bytes'),
    ('control_byte', 'karakter kendali atau NUL', 'the line holds a control character or a NUL byte'),
    ('not_utf8', 'bukan UTF-8', 'the line is no UTF-8'),
    ('unclosed_quote', 'tanda kutip tidak ditutup', 'a quote is not closed on the line'),
    ('stray_quote', 'tanda kutip salah tempat', 'a quote within a field that does not begin with one'),
    ('too_few_columns', 'kolom kurang', 'fewer columns than the header'),
    ('too_many_columns', 'kolom lebih', 'more columns than the header'),
    ('required_empty', 'isian wajib kosong', 'a required field is empty'),
    ('bad_value', 'nilai salah', 'the text of a field is no value of its type'),
    ('wilayah_unknown', 'kode wilayah tidak dikenal', 'no village of the registry has this code'),
    ('outside_scope', 'di luar wilayah wewenang', 'the village is outside the region of the login'),
    ('other_region', 'keluarga terdaftar di wilayah lain', 'the card number is that of a family in another region'),
    ('duplicate_line', 'baris ganda', 'an earlier line of the file has the same key'),
    ('former_nkk', 'nomor KK lama', 'the card number was replaced by a later one'),
    ('keluarga_unknown', 'keluarga tidak dikenal', 'no family of the registry has this card number'),
    ('second_head', 'kepala keluarga ganda', 'the family has another head'),
    ('model_unknown', 'versi model tidak dikenal', 'no model of the registry has this version');

CREATE TABLE reg.import_run (
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    kind varchar(20) NOT NULL REFERENCES reg.import_kind,
    file_name text NOT NULL CHECK (length(file_name) BETWEEN 1 AND 200),
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    owner_scope text COLLATE "C" NOT NULL DEFAULT reg.scope_common(),
    read_count bigint NOT NULL,
    accepted_count bigint NOT NULL,
    refused_count bigint NOT NULL,
    new_count bigint NOT NULL,
    changed_count bigint NOT NULL,
    same_count bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by name NOT NULL DEFAULT CURRENT_USER,
    UNIQUE (kind, sha256, owner_scope),
    CHECK (read_count = accepted_count + refused_count),
    CHECK (accepted_count = new_count + changed_count + same_count)
);
COMMENT ON TABLE reg.import_run IS 'An import: one file, all of it in one transaction';
COMMENT ON COLUMN reg.import_run.id IS 'Key';
COMMENT ON COLUMN reg.import_run.kind IS 'Kind of file';
COMMENT ON COLUMN reg.import_run.file_name IS 'Its name';
COMMENT ON COLUMN reg.import_run.sha256 IS 'Digest of its lines as they were staged; the same lines are not imported again';
COMMENT ON COLUMN reg.import_run.owner_scope IS 'Region of the login that ran it; empty: the country';
COMMENT ON COLUMN reg.import_run.read_count IS 'Lines read, the header not counted';
COMMENT ON COLUMN reg.import_run.accepted_count IS 'Lines taken';
COMMENT ON COLUMN reg.import_run.refused_count IS 'Lines refused, each in import_reject';
COMMENT ON COLUMN reg.import_run.new_count IS 'Lines that brought a new row';
COMMENT ON COLUMN reg.import_run.changed_count IS 'Lines that changed a row';
COMMENT ON COLUMN reg.import_run.same_count IS 'Lines that said what the registry knew';
COMMENT ON COLUMN reg.import_run.created_at IS 'When';
COMMENT ON COLUMN reg.import_run.created_by IS 'Login that ran it';

CREATE TABLE reg.import_reject (
    import_id bigint NOT NULL REFERENCES reg.import_run,
    line_number bigint NOT NULL CHECK (line_number > 0),
    reason varchar(30) NOT NULL REFERENCES reg.import_reason,
    field varchar(63),
    owner_scope text COLLATE "C" NOT NULL DEFAULT reg.scope_common(),
    line bytea NOT NULL,
    PRIMARY KEY (import_id, line_number)
);
COMMENT ON TABLE reg.import_reject IS 'Every line that was refused, whole';
COMMENT ON COLUMN reg.import_reject.import_id IS 'The import';
COMMENT ON COLUMN reg.import_reject.line_number IS 'Line of the file, the header being line 1';
COMMENT ON COLUMN reg.import_reject.reason IS 'Why';
COMMENT ON COLUMN reg.import_reject.field IS 'Column of the header that is wrong, where one is';
COMMENT ON COLUMN reg.import_reject.owner_scope IS 'Region of the login that imported; empty: the country';
COMMENT ON COLUMN reg.import_reject.line IS 'Bytes of the line; a NUL stands as 1A';

ALTER TABLE reg.keluarga ADD FOREIGN KEY (import_id) REFERENCES reg.import_run;
ALTER TABLE reg.anggota ADD FOREIGN KEY (import_id) REFERENCES reg.import_run;
ALTER TABLE reg.dukcapil ADD FOREIGN KEY (import_id) REFERENCES reg.import_run;
ALTER TABLE reg.dtks ADD FOREIGN KEY (import_id) REFERENCES reg.import_run;
ALTER TABLE reg.skor ADD FOREIGN KEY (import_id) REFERENCES reg.import_run;
-- Registry reg: the columns of the files, by the headers of the exports.

INSERT INTO reg.import_column (kind, header, type, target, target_column, is_required) VALUES
    ('keluarga', 'kode_kelurahan_desa', 'wilayah', 'keluarga', 'wilayah', true),
    ('keluarga', 'nomor_kartu_keluarga', 'nkk', 'keluarga', 'nkk', true),
    ('keluarga', 'alamat', 'text', 'keluarga', 'alamat', false),
    ('keluarga', 'jumlah_anggota_keluarga', 'small', 'keluarga', 'jumlah_anggota', false),
    ('keluarga', 'nama_kepala_keluarga', 'nama', 'keluarga', 'nama_kepala', false),
    ('keluarga', 'pbi_nas', 'yesno', 'keluarga', 'is_pbi_nas', false),
    ('keluarga', 'pbi_pemda', 'yesno', 'keluarga', 'is_pbi_pemda', false),
    ('keluarga', 'is_gc_kemensos', 'flag', 'keluarga', 'is_gc_kemensos', false),
    ('keluarga', 'is_pbi_se', 'flag', 'keluarga', 'is_pbi_se', false),
    ('keluarga', 'is_siks_ng', 'flag', 'keluarga', 'is_siks_ng', false),
    ('keluarga', 'desil_nasional', 'decile', 'keluarga', 'file_desil_nasional', false),
    ('keluarga', 'desil_provinsi', 'decile', 'keluarga', 'file_desil_provinsi', false),
    ('keluarga', 'desil_kabupaten_kota', 'decile', 'keluarga', 'file_desil_kabupaten', false),
    ('keluarga', 'luas_lantai', 'area', 'rumah', 'luas_lantai', false),
    ('keluarga', 'id_pelanggan_pln', 'short', 'rumah', 'id_pelanggan_pln', false);

-- What the export repeats of the region above the village is not stored twice.
INSERT INTO reg.import_column (kind, header, type)
SELECT 'keluarga', h, 'text' FROM unnest(ARRAY[
    'kode_provinsi', 'provinsi', 'kode_kabupaten_kota', 'kabupaten_kota',
    'kode_kecamatan', 'kecamatan', 'kelurahan_desa']) AS h;

INSERT INTO reg.import_column (kind, header, type, target, target_column)
SELECT 'keluarga', h, 'code', 'rumah', h FROM unnest(ARRAY[
    'status_kepemilikan_rumah', 'jenis_lantai_terluas', 'jenis_dinding_terluas',
    'jenis_atap_terluas', 'sumber_air_minum_utama', 'sumber_penerangan_utama',
    'daya_terpasang', 'bahan_bakar_utama_memasak', 'fasilitas_bab', 'jenis_kloset',
    'pembuangan_akhir_tinja']) AS h;

INSERT INTO reg.import_column (kind, header, type, target, target_column)
SELECT 'keluarga', h, CASE WHEN h LIKE 'jumlah%' THEN 'count' ELSE 'code' END, 'aset', h
FROM unnest(ARRAY[
    'kepemilikan_aset', 'aset_bergerak_tabung_gas', 'aset_bergerak_lemari_es',
    'aset_bergerak_ac', 'aset_bergerak_pemanas_air', 'aset_bergerak_telepon_rumah',
    'aset_bergerak_tv_datar', 'aset_bergerak_emas_perhiasan',
    'aset_bergerak_komputer_laptop_tablet', 'aset_bergerak_sepeda_motor',
    'aset_bergerak_sepeda', 'aset_bergerak_mobil', 'aset_bergerak_perahu',
    'aset_bergerak_kapal_perahu_motor', 'aset_bergerak_smartphone',
    'aset_tidak_bergerak_lahan_lainnya', 'aset_tidak_bergerak_rumah_lainnya',
    'jumlah_ternak_sapi', 'jumlah_ternak_kerbau', 'jumlah_ternak_kuda',
    'jumlah_ternak_babi', 'jumlah_ternak_kambing_domba']) AS h;

INSERT INTO reg.import_column (kind, header, type, target, target_column, is_required) VALUES
    ('anggota', 'nomor_induk_kependudukan', 'nik', 'anggota', 'nik', true),
    ('anggota', 'nomor_kartu_keluarga', 'nkk', 'keluarga', 'nkk', true),
    ('anggota', 'nama', 'nama', 'anggota', 'nama', true),
    ('anggota', 'tanggal_lahir', 'date', 'anggota', 'tanggal_lahir', false),
    ('anggota', 'jenis_kelamin', 'sex', 'anggota', 'jenis_kelamin', false),
    ('anggota', 'status_hubungan_keluarga', 'relation', 'anggota', 'hubungan', true),
    ('anggota', 'pbi_nas', 'yesno', 'anggota', 'is_pbi_nas', false),
    ('anggota', 'pbi_pemda', 'yesno', 'anggota', 'is_pbi_pemda', false),
    ('anggota', 'jumlah_pekerja_dibayar', 'count', 'anggota', 'jumlah_pekerja_dibayar', false),
    ('anggota', 'jumlah_pekerja_tidak_dibayar', 'count', 'anggota', 'jumlah_pekerja_tidak_dibayar', false),
    ('anggota', 'kode_kelurahan_desa_ktp', 'wilayah', 'anggota', 'wilayah_ktp', false),
    ('anggota', 'alamat_ktp', 'text', 'anggota', 'alamat_ktp', false),
    ('anggota', 'rt_ktp', 'short', 'anggota', 'rt_ktp', false),
    ('anggota', 'rw_ktp', 'short', 'anggota', 'rw_ktp', false),
    ('anggota', 'dusun_ktp', 'short', 'anggota', 'dusun_ktp', false),
    ('anggota', 'pekerjaan_ktp', 'text', 'anggota', 'pekerjaan_ktp', false),
    ('anggota', 'pendidikan_akhir_ktp', 'text', 'anggota', 'pendidikan_akhir_ktp', false);

INSERT INTO reg.import_column (kind, header, type)
SELECT 'anggota', h, 'text' FROM unnest(ARRAY[
    'kode_provinsi_ktp', 'provinsi_ktp', 'kode_kabupaten_kota_ktp', 'kabupaten_kota_ktp',
    'kode_kecamatan_ktp', 'kecamatan_ktp', 'kelurahan_desa_ktp']) AS h;

INSERT INTO reg.import_column (kind, header, type, target, target_column)
SELECT 'anggota', h, 'code', 'anggota', h FROM unnest(ARRAY[
    'status_kawin', 'partisipasi_sekolah', 'jenjang_tertinggi', 'kelas_tertinggi',
    'ijazah_tertinggi', 'status_bekerja', 'lapangan_usaha_pekerjaan_utama',
    'status_dalam_pekerjaan_utama', 'kepemilikan_usaha', 'jumlah_usaha',
    'lapangan_usaha_usaha_utama', 'omzet_usaha_utama', 'kondisi_gizi', 'penglihatan',
    'pendengaran', 'berjalan_atau_naik_tangga', 'menggunakan_tangan_jari',
    'belajar_kemampuan_intelektual', 'pengendalian_perilaku', 'berbicara_komunikasi',
    'mengurus_diri', 'mengingat_berkonsentrasi', 'kesedihan_depresi', 'penyakit_kronis']) AS h;

INSERT INTO reg.import_column (kind, header, type, target, target_column, is_required) VALUES
    ('dukcapil', 'nik', 'nik', 'dukcapil', 'nik', true),
    ('dukcapil', 'nkk', 'nkk', 'dukcapil', 'nkk', false),
    ('dukcapil', 'nama_lengkap', 'nama', 'dukcapil', 'nama', true),
    ('dukcapil', 'tanggal_lahir', 'date', 'dukcapil', 'tanggal_lahir', false),
    ('dukcapil', 'jenis_kelamin', 'sex', 'dukcapil', 'jenis_kelamin', false),
    ('dukcapil', 'status_hidup', 'life', 'dukcapil', 'status_hidup', true),
    ('dukcapil', 'kode_wilayah', 'wilayah', 'dukcapil', 'wilayah', false),
    ('dtks', 'id_dtks', 'short', 'dtks', 'source_key', true),
    ('dtks', 'nama', 'nama', 'dtks', 'nama', true),
    ('dtks', 'nik', 'short', 'dtks', 'nik_written', false),
    ('dtks', 'nkk', 'nkk', 'dtks', 'nkk', false),
    ('dtks', 'tanggal_lahir', 'date', 'dtks', 'tanggal_lahir', false),
    ('dtks', 'jenis_kelamin', 'sex', 'dtks', 'jenis_kelamin', false),
    ('dtks', 'alamat', 'text', 'dtks', 'alamat', false),
    ('dtks', 'kode_kelurahan_desa', 'wilayah', 'dtks', 'wilayah', false),
    ('dtks', 'status', 'short', 'dtks', 'status', false),
    ('skor', 'nomor_kartu_keluarga', 'nkk', 'keluarga', 'nkk', true),
    ('skor', 'skor', 'number', 'skor', 'skor', true),
    ('skor', 'model_version', 'short', 'skor', 'model_version', true);
INSERT INTO reg.import_column (kind, header, type) VALUES
    ('dukcapil', 'tempat_lahir', 'text'),
    ('dukcapil', 'nama_ibu', 'text');
-- Registry reg: programmes of social aid, their rules, and who is in them.
--
-- Rules are data. What a programme asks of a family or a person is a row that
-- holds from a day on; an edition is judged by the rules of the day on which it
-- is due. Nothing here names a real programme: docs/program.md has examples.

CREATE TABLE reg.exclusive_group (
    exclusive_group varchar(20) PRIMARY KEY,
    unit varchar(10) NOT NULL CHECK (unit IN ('keluarga', 'anggota')),
    label_id varchar(80) NOT NULL,
    label_en varchar(80) NOT NULL,
    UNIQUE (exclusive_group, unit)
);
COMMENT ON TABLE reg.exclusive_group IS 'Groups of programmes of which a family, or a person, may be in one only: no double aid of centre, province, regency and village';
COMMENT ON COLUMN reg.exclusive_group.exclusive_group IS 'Key';
COMMENT ON COLUMN reg.exclusive_group.unit IS 'keluarga: one programme a family; anggota: one a person';
COMMENT ON COLUMN reg.exclusive_group.label_id IS 'Indonesian label';
COMMENT ON COLUMN reg.exclusive_group.label_en IS 'English label';

CREATE TABLE reg.program (
    program varchar(20) PRIMARY KEY CHECK (program ~ '^[a-z][a-z0-9_]*$'),
    owner_level varchar(10) NOT NULL CHECK (owner_level IN ('pusat', 'provinsi', 'kabupaten', 'desa')),
    wilayah dtsen.kode_wilayah REFERENCES reg.wilayah,
    unit varchar(10) NOT NULL CHECK (unit IN ('keluarga', 'anggota')),
    exclusive_group varchar(20),
    member_ceiling integer CHECK (member_ceiling > 0),
    legal_basis varchar(200) NOT NULL,
    label_id varchar(80) NOT NULL,
    label_en varchar(80) NOT NULL,
    valid_from date NOT NULL DEFAULT '2000-01-01',
    valid_to date CHECK (valid_to >= valid_from),
    UNIQUE (program, unit),
    FOREIGN KEY (exclusive_group, unit) REFERENCES reg.exclusive_group (exclusive_group, unit),
    CHECK (CASE owner_level WHEN 'pusat' THEN wilayah IS NULL
        ELSE wilayah IS NOT NULL AND dtsen.wilayah_level(wilayah)
            = CASE owner_level WHEN 'provinsi' THEN 1 WHEN 'kabupaten' THEN 2 ELSE 4 END END)
);
COMMENT ON TABLE reg.program IS 'A programme of aid';
COMMENT ON COLUMN reg.program.program IS 'Key';
COMMENT ON COLUMN reg.program.owner_level IS 'Who pays: pusat (centre), provinsi, kabupaten (or city), desa (village)';
COMMENT ON COLUMN reg.program.wilayah IS 'Region that pays, and where it pays; NULL: the centre';
COMMENT ON COLUMN reg.program.unit IS 'Who is helped: keluarga (a family) or anggota (a person)';
COMMENT ON COLUMN reg.program.exclusive_group IS 'Group of which a family or person may be in one programme only';
COMMENT ON COLUMN reg.program.member_ceiling IS 'Members of a family that are paid for at most; NULL: all';
COMMENT ON COLUMN reg.program.legal_basis IS 'Regulation';
COMMENT ON COLUMN reg.program.label_id IS 'Indonesian name';
COMMENT ON COLUMN reg.program.label_en IS 'English name';
COMMENT ON COLUMN reg.program.valid_from IS 'First day';
COMMENT ON COLUMN reg.program.valid_to IS 'Last day; NULL: none set';

CREATE TABLE reg.program_rule (
    program varchar(20) NOT NULL REFERENCES reg.program,
    valid_from date NOT NULL,
    desil_scope varchar(10) NOT NULL DEFAULT 'nasional' CHECK (desil_scope IN ('nasional', 'provinsi', 'kabupaten')),
    desil_from smallint NOT NULL DEFAULT 1 CHECK (desil_from BETWEEN 1 AND 10),
    desil_to smallint NOT NULL CHECK (desil_to BETWEEN 1 AND 10),
    takes_unranked boolean NOT NULL DEFAULT false,
    needs_component boolean NOT NULL DEFAULT false,
    legal_basis varchar(200),
    PRIMARY KEY (program, valid_from),
    CHECK (desil_from <= desil_to)
);
COMMENT ON TABLE reg.program_rule IS 'What a programme asks, from a day on; the latest row that has begun holds';
COMMENT ON COLUMN reg.program_rule.program IS 'The programme';
COMMENT ON COLUMN reg.program_rule.valid_from IS 'First day';
COMMENT ON COLUMN reg.program_rule.desil_scope IS 'Which of the three deciles counts';
COMMENT ON COLUMN reg.program_rule.desil_from IS 'First decile';
COMMENT ON COLUMN reg.program_rule.desil_to IS 'Last decile';
COMMENT ON COLUMN reg.program_rule.takes_unranked IS 'Whether families without a decile are taken too';
COMMENT ON COLUMN reg.program_rule.needs_component IS 'Whether a family needs a member, or a person must be one, who meets a component';
COMMENT ON COLUMN reg.program_rule.legal_basis IS 'Regulation of this rule';

CREATE TABLE reg.program_component (
    program varchar(20) NOT NULL REFERENCES reg.program,
    code varchar(30) NOT NULL,
    amount numeric(12, 0) NOT NULL CHECK (amount >= 0),
    min_age integer CHECK (min_age >= 0),
    max_age integer CHECK (max_age >= 0),
    sekolah text[] CHECK (sekolah <@ '{belum,tidak,sd,smp,sma,tinggi,not_attending}'::text[] AND cardinality(sekolah) > 0),
    disabilitas integer CHECK (disabilitas IN (1, 2)),
    hamil boolean,
    label_id varchar(80) NOT NULL,
    label_en varchar(80) NOT NULL,
    PRIMARY KEY (program, code),
    CHECK (min_age <= max_age),
    CHECK (num_nonnulls(min_age, max_age, sekolah, disabilitas, hamil) > 0)
);
COMMENT ON TABLE reg.program_component IS 'Components of a programme: who counts, and for how much; see type dtsen.komponen_program';
COMMENT ON COLUMN reg.program_component.program IS 'The programme';
COMMENT ON COLUMN reg.program_component.code IS 'Key within it';
COMMENT ON COLUMN reg.program_component.amount IS 'Rupiah a year for a member';
COMMENT ON COLUMN reg.program_component.min_age IS 'Least age in completed years; NULL: any';
COMMENT ON COLUMN reg.program_component.max_age IS 'Greatest age in completed years; NULL: any';
COMMENT ON COLUMN reg.program_component.sekolah IS 'Schooling, any of belum, tidak, sd, smp, sma, tinggi, not_attending; NULL: any';
COMMENT ON COLUMN reg.program_component.disabilitas IS 'Least degree of disability, 1 or 2; NULL: any';
COMMENT ON COLUMN reg.program_component.hamil IS 'Pregnant or not; NULL: either';
COMMENT ON COLUMN reg.program_component.label_id IS 'Indonesian label';
COMMENT ON COLUMN reg.program_component.label_en IS 'English label';

CREATE TABLE reg.school_level (
    jenjang smallint PRIMARY KEY,
    sekolah varchar(10) NOT NULL CHECK (sekolah IN ('sd', 'smp', 'sma', 'tinggi'))
);
COMMENT ON TABLE reg.school_level IS 'Level of school of a code of jenjang_tertinggi, for components of programmes';
COMMENT ON COLUMN reg.school_level.jenjang IS 'Code of the person file';
COMMENT ON COLUMN reg.school_level.sekolah IS 'sd, smp, sma or tinggi, each with its equals';
INSERT INTO reg.school_level (jenjang, sekolah)
SELECT n, CASE WHEN n <= 5 THEN 'sd' WHEN n <= 10 THEN 'smp' WHEN n <= 17 THEN 'sma' ELSE 'tinggi' END
FROM generate_series(1, 22) AS n;

CREATE TABLE reg.flag_kind (
    kind varchar(30) PRIMARY KEY CHECK (kind ~ '^[a-z][a-z0-9_]*$'),
    of_member boolean NOT NULL,
    label_id varchar(80) NOT NULL,
    label_en varchar(80) NOT NULL
);
COMMENT ON TABLE reg.flag_kind IS 'Kinds of flags that another register or a check sets on a family or a person';
COMMENT ON COLUMN reg.flag_kind.kind IS 'Key';
COMMENT ON COLUMN reg.flag_kind.of_member IS 'Set on a person (true) or on a family (false)';
COMMENT ON COLUMN reg.flag_kind.label_id IS 'Indonesian label';
COMMENT ON COLUMN reg.flag_kind.label_en IS 'English label';
INSERT INTO reg.flag_kind (kind, of_member, label_id, label_en) VALUES
    ('aparatur', true, 'ASN, TNI, Polri, BUMN/BUMD atau pejabat negara', 'civil servant, soldier, police, state enterprise or official'),
    ('upah_minimum', true, 'upah di atas upah minimum', 'pay above the minimum wage'),
    ('judi_daring', true, 'terindikasi judi daring', 'indicated online gambling'),
    ('pekerja_penerima_upah', true, 'menjadi pekerja penerima upah', 'became a wage earner'),
    ('bukan_penerima_upah', true, 'terdaftar sebagai bukan penerima upah', 'registered on his own account'),
    ('mampu', false, 'dinilai mampu', 'judged able to pay'),
    ('daya_listrik', false, 'daya listrik di atas batas', 'electric power above the limit'),
    ('alamat_tidak_ditemukan', false, 'alamat tidak ditemukan', 'address not found at a check'),
    ('hamil', true, 'hamil', 'pregnant'),
    ('asesmen', false, 'layak menurut asesmen', 'entitled by an assessment');

CREATE TABLE reg.flag (
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    kind varchar(30) NOT NULL REFERENCES reg.flag_kind,
    keluarga_id bigint NOT NULL,
    anggota_id bigint,
    wilayah dtsen.kode_wilayah NOT NULL,
    source varchar(80) NOT NULL CHECK (length(source) > 0),
    noted_on date NOT NULL,
    valid_to date CHECK (valid_to >= noted_on),
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by name NOT NULL DEFAULT CURRENT_USER,
    UNIQUE NULLS NOT DISTINCT (kind, keluarga_id, anggota_id, source, noted_on),
    FOREIGN KEY (keluarga_id, wilayah) REFERENCES reg.keluarga (id, wilayah) ON UPDATE CASCADE,
    FOREIGN KEY (anggota_id) REFERENCES reg.anggota
);
CREATE INDEX ON reg.flag (keluarga_id);
CREATE INDEX ON reg.flag (wilayah);
COMMENT ON TABLE reg.flag IS 'Flags on families and persons, with their source and day';
COMMENT ON COLUMN reg.flag.id IS 'Key';
COMMENT ON COLUMN reg.flag.kind IS 'Kind of flag';
COMMENT ON COLUMN reg.flag.keluarga_id IS 'The family';
COMMENT ON COLUMN reg.flag.anggota_id IS 'The person, for kinds that are set on one';
COMMENT ON COLUMN reg.flag.wilayah IS 'Village of the family';
COMMENT ON COLUMN reg.flag.source IS 'Register or check that says so';
COMMENT ON COLUMN reg.flag.noted_on IS 'Day it says so for';
COMMENT ON COLUMN reg.flag.valid_to IS 'Last day; NULL: it stands';
COMMENT ON COLUMN reg.flag.created_at IS 'When it came in';
COMMENT ON COLUMN reg.flag.created_by IS 'Login that noted it';

CREATE TABLE reg.program_flag (
    program varchar(20) NOT NULL REFERENCES reg.program,
    kind varchar(30) NOT NULL REFERENCES reg.flag_kind,
    effect varchar(10) NOT NULL CHECK (effect IN ('exclude', 'include')),
    legal_basis varchar(200),
    PRIMARY KEY (program, kind)
);
COMMENT ON TABLE reg.program_flag IS 'What a flag means to a programme; a flag on a member counts for the family of a family programme, and for that person of another';
COMMENT ON COLUMN reg.program_flag.program IS 'The programme';
COMMENT ON COLUMN reg.program_flag.kind IS 'Kind of flag';
COMMENT ON COLUMN reg.program_flag.effect IS 'exclude: out, whatever the decile; include: in, whatever the decile. Both at once are a contradiction that a person decides';
COMMENT ON COLUMN reg.program_flag.legal_basis IS 'Regulation';

CREATE TABLE reg.program_quota (
    program varchar(20) NOT NULL REFERENCES reg.program,
    edisi_id integer NOT NULL REFERENCES reg.edisi,
    wilayah dtsen.kode_wilayah,
    quota integer NOT NULL CHECK (quota >= 0),
    UNIQUE NULLS NOT DISTINCT (program, edisi_id, wilayah)
);
COMMENT ON TABLE reg.program_quota IS 'How many families or persons a programme takes';
COMMENT ON COLUMN reg.program_quota.program IS 'The programme';
COMMENT ON COLUMN reg.program_quota.edisi_id IS 'Edition by which they are ranked';
COMMENT ON COLUMN reg.program_quota.wilayah IS 'Region of the quota; NULL: the country';
COMMENT ON COLUMN reg.program_quota.quota IS 'Families or persons';

CREATE TABLE reg.daftar (
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    program varchar(20) NOT NULL REFERENCES reg.program,
    edisi_id integer NOT NULL REFERENCES reg.edisi,
    wilayah dtsen.kode_wilayah,
    quota integer CHECK (quota >= 0),
    owner_scope text COLLATE "C" NOT NULL DEFAULT reg.scope_common(),
    item_count integer NOT NULL,
    in_count integer NOT NULL,
    digest bytea NOT NULL CHECK (octet_length(digest) = 32),
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by name NOT NULL DEFAULT CURRENT_USER,
    UNIQUE (id, program)
);
COMMENT ON TABLE reg.daftar IS 'A list of candidates of a programme, made by program_list()';
COMMENT ON COLUMN reg.daftar.id IS 'Key';
COMMENT ON COLUMN reg.daftar.program IS 'The programme';
COMMENT ON COLUMN reg.daftar.edisi_id IS 'Edition by which they are ranked';
COMMENT ON COLUMN reg.daftar.wilayah IS 'Region of the list; NULL: all that its maker sees';
COMMENT ON COLUMN reg.daftar.quota IS 'Places; NULL: no limit';
COMMENT ON COLUMN reg.daftar.owner_scope IS 'Region of the login that made it; empty: the country';
COMMENT ON COLUMN reg.daftar.item_count IS 'Candidates on it';
COMMENT ON COLUMN reg.daftar.in_count IS 'of whom these have a place';
COMMENT ON COLUMN reg.daftar.digest IS 'SHA-256 of its items';
COMMENT ON COLUMN reg.daftar.created_at IS 'When it was made';
COMMENT ON COLUMN reg.daftar.created_by IS 'Login that made it';

CREATE TABLE reg.daftar_item (
    daftar_id bigint NOT NULL REFERENCES reg.daftar,
    place integer NOT NULL CHECK (place > 0),
    keluarga_id bigint NOT NULL REFERENCES reg.keluarga,
    anggota_id bigint REFERENCES reg.anggota,
    wilayah dtsen.kode_wilayah NOT NULL,
    skor double precision,
    desil smallint,
    verdict varchar(20) NOT NULL CHECK (verdict IN ('layak', 'bertentangan')),
    is_in boolean NOT NULL,
    reasons text[] NOT NULL,
    PRIMARY KEY (daftar_id, place),
    UNIQUE NULLS NOT DISTINCT (daftar_id, keluarga_id, anggota_id)
);
COMMENT ON TABLE reg.daftar_item IS 'Candidates on a list, the poorest first';
COMMENT ON COLUMN reg.daftar_item.daftar_id IS 'The list';
COMMENT ON COLUMN reg.daftar_item.place IS 'Place, from 1; equal scores stand by key, which decides nothing';
COMMENT ON COLUMN reg.daftar_item.keluarga_id IS 'The family';
COMMENT ON COLUMN reg.daftar_item.anggota_id IS 'The person, of a programme for persons';
COMMENT ON COLUMN reg.daftar_item.wilayah IS 'Village';
COMMENT ON COLUMN reg.daftar_item.skor IS 'Score of the family in the edition';
COMMENT ON COLUMN reg.daftar_item.desil IS 'Decile by which the programme judges';
COMMENT ON COLUMN reg.daftar_item.verdict IS 'layak: entitled; bertentangan: rules contradict each other, so somebody decides';
COMMENT ON COLUMN reg.daftar_item.is_in IS 'Has a place within the quota';
COMMENT ON COLUMN reg.daftar_item.reasons IS 'Codes of what speaks for and against, and of the quota';
-- Registry reg: who is in a programme, and what was paid.

CREATE TABLE reg.kepesertaan_reason (
    reason varchar(30) PRIMARY KEY,
    of_exit boolean NOT NULL,
    legal_basis varchar(200),
    label_id varchar(120) NOT NULL,
    label_en varchar(120) NOT NULL
);
COMMENT ON TABLE reg.kepesertaan_reason IS 'Official reasons why somebody leaves a programme or comes back';
COMMENT ON COLUMN reg.kepesertaan_reason.reason IS 'Key';
COMMENT ON COLUMN reg.kepesertaan_reason.of_exit IS 'Reason of leaving (true) or of coming back (false)';
COMMENT ON COLUMN reg.kepesertaan_reason.legal_basis IS 'Regulation';
COMMENT ON COLUMN reg.kepesertaan_reason.label_id IS 'Indonesian label';
COMMENT ON COLUMN reg.kepesertaan_reason.label_en IS 'English label';
INSERT INTO reg.kepesertaan_reason (reason, of_exit, legal_basis, label_id, label_en) VALUES
    ('mampu', true, 'Permensos 3/2026', 'dinilai mampu', 'able to pay'),
    ('tidak_ditemukan', true, 'Permensos 3/2026', 'orang atau alamat tidak ditemukan', 'person or address not found'),
    ('penerima_upah', true, 'Permensos 3/2026', 'menjadi pekerja penerima upah', 'became a wage earner'),
    ('bukan_penerima_upah', true, 'Permensos 3/2026', 'mendaftar sebagai bukan penerima upah', 'registered on his own account'),
    ('meninggal', true, NULL, 'meninggal', 'dead'),
    ('ganda', true, NULL, 'data ganda', 'second record'),
    ('aparatur', true, NULL, 'aparatur negara atau keluarganya', 'civil servant or of such a family'),
    ('desil', true, NULL, 'desil di luar ketentuan', 'decile outside the rule'),
    ('program_lain', true, NULL, 'menerima bantuan sejenis lain', 'in another programme of the group'),
    ('mengundurkan_diri', true, NULL, 'mengundurkan diri', 'withdrew'),
    ('musyawarah', true, 'Kepmensos 73/HUK/2024', 'hasil musyawarah desa', 'decided by the village meeting'),
    ('penyakit_berat', false, 'Permensos 3/2026', 'penyakit kronis, katastropik atau darurat', 'chronic, catastrophic or urgent illness'),
    ('bayi_peserta', false, 'Permensos 3/2026', 'bayi dari ibu peserta', 'baby of a mother in the programme'),
    ('perbaikan_data', false, NULL, 'data telah diperbaiki', 'record was repaired');

CREATE TABLE reg.kepesertaan (
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    program varchar(20) NOT NULL,
    unit varchar(10) NOT NULL,
    keluarga_id bigint NOT NULL,
    anggota_id bigint,
    wilayah dtsen.kode_wilayah NOT NULL,
    exclusive_group varchar(20),
    daftar_id bigint,
    valid_from date NOT NULL DEFAULT CURRENT_DATE,
    valid_to date CHECK (valid_to >= valid_from),
    exit_reason varchar(30) REFERENCES reg.kepesertaan_reason,
    return_reason varchar(30) REFERENCES reg.kepesertaan_reason,
    returns_id bigint UNIQUE REFERENCES reg.kepesertaan,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by name NOT NULL DEFAULT CURRENT_USER,
    changed_at timestamptz NOT NULL DEFAULT now(),
    changed_by name NOT NULL DEFAULT CURRENT_USER,
    FOREIGN KEY (program, unit) REFERENCES reg.program (program, unit),
    FOREIGN KEY (keluarga_id, wilayah) REFERENCES reg.keluarga (id, wilayah) ON UPDATE CASCADE,
    FOREIGN KEY (anggota_id) REFERENCES reg.anggota,
    FOREIGN KEY (daftar_id, program) REFERENCES reg.daftar (id, program),
    CHECK ((unit = 'anggota') = (anggota_id IS NOT NULL)),
    CHECK ((valid_to IS NULL) = (exit_reason IS NULL)),
    CHECK ((returns_id IS NULL) = (return_reason IS NULL))
);
CREATE UNIQUE INDEX kepesertaan_once ON reg.kepesertaan
    (program, keluarga_id, (coalesce(anggota_id, 0))) WHERE valid_to IS NULL;
CREATE UNIQUE INDEX kepesertaan_no_double_family ON reg.kepesertaan
    (keluarga_id, exclusive_group) WHERE valid_to IS NULL AND unit = 'keluarga';
CREATE UNIQUE INDEX kepesertaan_no_double_person ON reg.kepesertaan
    (anggota_id, exclusive_group) WHERE valid_to IS NULL AND unit = 'anggota';
CREATE INDEX ON reg.kepesertaan (wilayah, program);
CREATE INDEX ON reg.kepesertaan (keluarga_id);
COMMENT ON TABLE reg.kepesertaan IS 'Who is, or was, in a programme';
COMMENT ON INDEX reg.kepesertaan_once IS 'Nobody is in a programme twice at a time';
COMMENT ON INDEX reg.kepesertaan_no_double_family IS 'No family is in two programmes of a group at a time, whoever enters it and when';
COMMENT ON INDEX reg.kepesertaan_no_double_person IS 'No person is in two programmes of a group at a time';
COMMENT ON COLUMN reg.kepesertaan.id IS 'Key';
COMMENT ON COLUMN reg.kepesertaan.program IS 'The programme';
COMMENT ON COLUMN reg.kepesertaan.unit IS 'Its unit; set by the registry';
COMMENT ON COLUMN reg.kepesertaan.keluarga_id IS 'The family';
COMMENT ON COLUMN reg.kepesertaan.anggota_id IS 'The person, of a programme for persons';
COMMENT ON COLUMN reg.kepesertaan.wilayah IS 'Village of the family';
COMMENT ON COLUMN reg.kepesertaan.exclusive_group IS 'Group of the programme; set by the registry';
COMMENT ON COLUMN reg.kepesertaan.daftar_id IS 'List from which it came';
COMMENT ON COLUMN reg.kepesertaan.valid_from IS 'First day';
COMMENT ON COLUMN reg.kepesertaan.valid_to IS 'Last day; NULL: still in it';
COMMENT ON COLUMN reg.kepesertaan.exit_reason IS 'Why it ended';
COMMENT ON COLUMN reg.kepesertaan.return_reason IS 'Why it was taken up again';
COMMENT ON COLUMN reg.kepesertaan.returns_id IS 'Ended row that this one takes up again';
COMMENT ON COLUMN reg.kepesertaan.created_at IS 'When it was entered';
COMMENT ON COLUMN reg.kepesertaan.created_by IS 'Login that entered it';
COMMENT ON COLUMN reg.kepesertaan.changed_at IS 'When it last changed';
COMMENT ON COLUMN reg.kepesertaan.changed_by IS 'Login that changed it';

CREATE TABLE reg.penerimaan (
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    program varchar(20) NOT NULL REFERENCES reg.program,
    keluarga_id bigint NOT NULL,
    anggota_id bigint REFERENCES reg.anggota,
    wilayah dtsen.kode_wilayah NOT NULL,
    period date NOT NULL CHECK (extract(day FROM period) = 1),
    amount numeric(12, 0) NOT NULL CHECK (amount >= 0),
    source varchar(80) NOT NULL CHECK (length(source) > 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by name NOT NULL DEFAULT CURRENT_USER,
    UNIQUE NULLS NOT DISTINCT (program, keluarga_id, anggota_id, period),
    FOREIGN KEY (keluarga_id, wilayah) REFERENCES reg.keluarga (id, wilayah) ON UPDATE CASCADE
);
CREATE INDEX ON reg.penerimaan (wilayah, period);
CREATE INDEX ON reg.penerimaan (keluarga_id);
COMMENT ON TABLE reg.penerimaan IS 'Aid that was paid, as the payer reports it: also double aid is stored, double_aid() finds it';
COMMENT ON COLUMN reg.penerimaan.id IS 'Key';
COMMENT ON COLUMN reg.penerimaan.program IS 'The programme';
COMMENT ON COLUMN reg.penerimaan.keluarga_id IS 'The family';
COMMENT ON COLUMN reg.penerimaan.anggota_id IS 'The person, of a programme for persons';
COMMENT ON COLUMN reg.penerimaan.wilayah IS 'Village of the family';
COMMENT ON COLUMN reg.penerimaan.period IS 'Month it was paid for, its first day';
COMMENT ON COLUMN reg.penerimaan.amount IS 'Rupiah';
COMMENT ON COLUMN reg.penerimaan.source IS 'Report of the payer';
COMMENT ON COLUMN reg.penerimaan.created_at IS 'When it came in';
COMMENT ON COLUMN reg.penerimaan.created_by IS 'Login that brought it';

-- What a client may not say, and what must not be: one trigger for new and
-- changed rows of kepesertaan.
CREATE FUNCTION reg.kepesertaan_keep() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
DECLARE
    p reg.program;
    gone text;
BEGIN
    SELECT * INTO p FROM reg.program AS x WHERE x.program = NEW.program;
    IF TG_OP = 'INSERT' THEN
        NEW.unit := p.unit;
        NEW.exclusive_group := p.exclusive_group;
        NEW.created_at := now();
        NEW.created_by := reg.scope_login();
        IF NEW.exit_reason IS NOT NULL THEN
            RAISE EXCEPTION 'a new row of kepesertaan has not ended' USING ERRCODE = 'SE101';
        END IF;
    ELSIF (NEW.id, NEW.program, NEW.keluarga_id, NEW.anggota_id, NEW.daftar_id, NEW.valid_from, NEW.return_reason,
            NEW.returns_id, NEW.created_at, NEW.created_by, NEW.unit, NEW.exclusive_group)
        IS DISTINCT FROM (OLD.id, OLD.program, OLD.keluarga_id, OLD.anggota_id, OLD.daftar_id, OLD.valid_from, OLD.return_reason,
            OLD.returns_id, OLD.created_at, OLD.created_by, OLD.unit, OLD.exclusive_group)
        OR (OLD.valid_to IS NOT NULL AND (NEW.valid_to, NEW.exit_reason) IS DISTINCT FROM (OLD.valid_to, OLD.exit_reason)) THEN
        RAISE EXCEPTION 'row % of kepesertaan can only be ended', OLD.id
            USING ERRCODE = 'SE004', HINT = 'Set valid_to and exit_reason once; a return is a new row with returns_id.';
    END IF;
    NEW.changed_at := now();
    NEW.changed_by := reg.scope_login();
    IF TG_OP = 'UPDATE' THEN
        IF NEW.exit_reason IS NOT NULL AND NOT (SELECT r.of_exit FROM reg.kepesertaan_reason AS r WHERE r.reason = NEW.exit_reason) THEN
            RAISE EXCEPTION 'reason "%" is none of leaving', NEW.exit_reason USING ERRCODE = 'SE101';
        END IF;
        RETURN NEW;
    END IF;

    SELECT s.status INTO gone FROM (
        SELECT k.status FROM reg.keluarga AS k WHERE k.id = NEW.keluarga_id
        UNION ALL SELECT a.status FROM reg.anggota AS a WHERE a.id = NEW.anggota_id) AS s
    WHERE s.status <> 'aktif' LIMIT 1;
    IF gone IS NOT NULL THEN
        RAISE EXCEPTION 'family % or its member cannot come into a programme', NEW.keluarga_id
            USING ERRCODE = 'SE101', DETAIL = format('The registry has it as "%s".', gone);
    END IF;
    IF NEW.anggota_id IS NOT NULL AND NOT EXISTS (SELECT FROM reg.anggota AS a
        WHERE a.id = NEW.anggota_id AND a.keluarga_id = NEW.keluarga_id) THEN
        RAISE EXCEPTION 'the member is not of this family' USING ERRCODE = 'SE101';
    END IF;
    IF p.wilayah IS NOT NULL AND NOT NEW.wilayah <@ p.wilayah THEN
        RAISE EXCEPTION 'programme "%" does not pay in region %', NEW.program, NEW.wilayah USING ERRCODE = 'SE101';
    END IF;
    IF NEW.returns_id IS NOT NULL AND NOT EXISTS (SELECT FROM reg.kepesertaan AS o
        JOIN reg.kepesertaan_reason AS r ON r.reason = NEW.return_reason AND NOT r.of_exit
        WHERE o.id = NEW.returns_id AND o.valid_to IS NOT NULL
        AND (o.program, o.keluarga_id) = (NEW.program, NEW.keluarga_id)
        AND o.anggota_id IS NOT DISTINCT FROM NEW.anggota_id) THEN
        RAISE EXCEPTION 'row % of kepesertaan cannot be taken up again', NEW.returns_id
            USING ERRCODE = 'SE101', HINT = 'It must be an ended one of the same programme, family and person, and the reason one of coming back.';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION reg.kepesertaan_keep() IS 'Trigger: a row of kepesertaan begins, ends once, and may be taken up again by a new one, for official reasons; who is dead or gone does not come in';
CREATE TRIGGER keep BEFORE INSERT OR UPDATE ON reg.kepesertaan
    FOR EACH ROW WHEN (NOT dtsen.is_apply_worker()) EXECUTE FUNCTION reg.kepesertaan_keep();
ALTER TABLE reg.kepesertaan ENABLE ALWAYS TRIGGER keep;

CREATE FUNCTION reg.kind_fits() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    of_member boolean;
BEGIN
    IF TG_ARGV[0] = 'flag' THEN
        of_member := (SELECT k.of_member FROM reg.flag_kind AS k WHERE k.kind = NEW.kind);
    ELSE
        of_member := (SELECT p.unit = 'anggota' FROM reg.program AS p WHERE p.program = NEW.program);
    END IF;
    IF of_member <> (NEW.anggota_id IS NOT NULL) THEN
        RAISE EXCEPTION 'a row of this % is of a %', TG_ARGV[0], CASE WHEN of_member THEN 'person' ELSE 'family' END
            USING ERRCODE = 'SE101', HINT = 'anggota_id names the person, and is NULL for a family.';
    END IF;
    IF NEW.anggota_id IS NOT NULL AND NOT EXISTS (SELECT FROM reg.anggota AS a
        WHERE a.id = NEW.anggota_id AND a.keluarga_id = NEW.keluarga_id) THEN
        RAISE EXCEPTION 'the member is not of this family' USING ERRCODE = 'SE101';
    END IF;
    NEW.created_at := now();
    NEW.created_by := reg.scope_login();
    RETURN NEW;
END $$;
COMMENT ON FUNCTION reg.kind_fits() IS 'Trigger: a flag or receipt names a person exactly where its kind or programme is one of persons';
CREATE TRIGGER kind_fits BEFORE INSERT ON reg.flag
    FOR EACH ROW WHEN (NOT dtsen.is_apply_worker()) EXECUTE FUNCTION reg.kind_fits('flag');
CREATE TRIGGER kind_fits BEFORE INSERT ON reg.penerimaan
    FOR EACH ROW WHEN (NOT dtsen.is_apply_worker()) EXECUTE FUNCTION reg.kind_fits('program');
ALTER TABLE reg.flag ENABLE ALWAYS TRIGGER kind_fits;
ALTER TABLE reg.penerimaan ENABLE ALWAYS TRIGGER kind_fits;
-- Registry reg: row security.
--
-- It is not forced on the owner: the owner's views for analysts and his trigger
-- functions read across regions. The owner is the DBA's NOLOGIN role.

-- Row security on every table whose rows belong to a region.
DO $do$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['keluarga', 'keluarga_nkk', 'rumah', 'aset', 'anggota',
        'keanggotaan', 'musyawarah', 'usulan', 'bukti', 'batch', 'batch_item', 'cek_ulang',
        'pemadanan_result', 'skor', 'desil', 'kunjungan', 'flag', 'kepesertaan', 'penerimaan', 'daftar_item']
    LOOP
        EXECUTE format('ALTER TABLE reg.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format($sql$
            CREATE POLICY scope ON reg.%I USING (
                wilayah >= (SELECT reg.scope_low())
                AND wilayah <= (SELECT reg.scope_high())
                AND ((SELECT reg.scope_list() IS NULL)
                    OR wilayah = ANY ((SELECT reg.scope_list())::dtsen.kode_wilayah[])))
            $sql$, t);
        EXECUTE format($sql$
            COMMENT ON POLICY scope ON reg.%I IS
                'Rows of the regions that table actor gives the login'
            $sql$, t);
    END LOOP;
END $do$;

-- A draft is for BPS and, from the re-check on, for the heads of the regions.
CREATE FUNCTION reg.scope_editions() RETURNS integer[]
    LANGUAGE sql STABLE PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY(SELECT e.id FROM reg.edisi AS e
        WHERE e.state = 'terbit'
        OR reg.scope_has_role('bps')
        OR (e.state IN ('cek_ulang', 'ditetapkan')
            AND reg.scope_has_role('kepala_daerah', 'verifikator')))
$$;
COMMENT ON FUNCTION reg.scope_editions() IS 'Editions whose deciles the login may see: published ones; drafts for BPS and, from the re-check on, for the regions';

CREATE POLICY edition ON reg.desil AS RESTRICTIVE
    USING (edisi_id = ANY ((SELECT reg.scope_editions())::integer[]));
COMMENT ON POLICY edition ON reg.desil IS 'Drafts are hidden but from those who make and re-check them';
ALTER TABLE reg.desil_cut ENABLE ROW LEVEL SECURITY;
CREATE POLICY edition ON reg.desil_cut
    USING (edisi_id = ANY ((SELECT reg.scope_editions())::integer[]));
COMMENT ON POLICY edition ON reg.desil_cut IS 'Drafts are hidden but from those who make and re-check them';

-- What was imported belongs to the region of the login that brought it.
DO $do$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['dukcapil', 'dtks', 'import_run', 'import_reject'] LOOP
        EXECUTE format('ALTER TABLE reg.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format($sql$
            CREATE POLICY scope ON reg.%I USING (
                owner_scope >= (SELECT reg.scope_common() COLLATE "C")
                AND owner_scope <= (SELECT reg.scope_common() || '~' COLLATE "C")
                AND (SELECT reg.scope_low() IS NOT NULL)
                AND ((SELECT reg.scope_list() IS NULL)
                    OR owner_scope = (SELECT reg.scope_common())
                    OR owner_scope = ANY ((SELECT reg.scope_list())::text[])))
            $sql$, t);
        EXECUTE format($sql$
            COMMENT ON POLICY scope ON reg.%I IS
                'Rows that logins of the same region, or of one within it, brought'
            $sql$, t);
    END LOOP;
END $do$;

-- A programme of a region is written by that region, one of the centre by the
-- centre; a list belongs to the region of the login that made it.
CREATE FUNCTION reg.scope_programs() RETURNS text[]
    LANGUAGE sql STABLE PARALLEL RESTRICTED SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT ARRAY(SELECT p.program::text FROM reg.program AS p
        WHERE reg.scope_low() IS NOT NULL
        AND CASE WHEN p.wilayah IS NULL THEN reg.scope_common() = ''
            ELSE p.wilayah >= reg.scope_low() AND p.wilayah <= reg.scope_high() END)
$$;
COMMENT ON FUNCTION reg.scope_programs() IS 'Programmes whose rules the login may write, if its role may at all';
ALTER TABLE reg.program ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON reg.program FOR SELECT USING (true);
COMMENT ON POLICY everyone ON reg.program IS 'What a programme is, everybody may know';
CREATE POLICY scope ON reg.program USING (
    CASE WHEN wilayah IS NULL THEN (SELECT reg.scope_common() = '')
        ELSE wilayah >= (SELECT reg.scope_low()) AND wilayah <= (SELECT reg.scope_high()) END
    AND (SELECT reg.scope_low() IS NOT NULL));
COMMENT ON POLICY scope ON reg.program IS 'Programmes are written by who may see the region that pays';
DO $do$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['program_rule', 'program_component', 'program_flag', 'program_quota'] LOOP
        EXECUTE format('ALTER TABLE reg.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY everyone ON reg.%I FOR SELECT USING (true)', t);
        EXECUTE format('COMMENT ON POLICY everyone ON reg.%I IS %L', t, 'What a programme asks, everybody may know');
        EXECUTE format($sql$
            CREATE POLICY scope ON reg.%I USING (program = ANY ((SELECT reg.scope_programs())::text[]))
            $sql$, t);
        EXECUTE format('COMMENT ON POLICY scope ON reg.%I IS %L', t, 'Rules are written by who may write the programme');
    END LOOP;
END $do$;

ALTER TABLE reg.daftar ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON reg.daftar USING (
    owner_scope >= (SELECT reg.scope_common() COLLATE "C")
    AND owner_scope <= (SELECT reg.scope_common() || '~' COLLATE "C")
    AND (SELECT reg.scope_low() IS NOT NULL));
COMMENT ON POLICY scope ON reg.daftar IS 'Lists that logins of the same region, or of one within it, made';
-- Registry reg: data handed out under pseudonyms, a key a project.

CREATE TABLE reg.project (
    project varchar(40) PRIMARY KEY CHECK (project ~ '^[a-z][a-z0-9_]*$'),
    purpose varchar(300) NOT NULL,
    legal_basis varchar(200) NOT NULL,
    key bytea NOT NULL DEFAULT sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'))
        CHECK (octet_length(key) >= 16),
    valid_from date NOT NULL DEFAULT CURRENT_DATE,
    valid_to date NOT NULL CHECK (valid_to >= valid_from)
);
COMMENT ON TABLE reg.project IS 'Projects that get data under pseudonyms; nobody but the owner reads the keys. Who deletes a key makes its pseudonyms anonymous';
COMMENT ON COLUMN reg.project.project IS 'Key of the project';
COMMENT ON COLUMN reg.project.purpose IS 'What the data are for';
COMMENT ON COLUMN reg.project.legal_basis IS 'Agreement or regulation';
COMMENT ON COLUMN reg.project.key IS 'Secret key of its pseudonyms';
COMMENT ON COLUMN reg.project.valid_from IS 'First day';
COMMENT ON COLUMN reg.project.valid_to IS 'Last day on which pseudonyms are made';

CREATE TABLE reg.project_login (
    project varchar(40) NOT NULL REFERENCES reg.project,
    login name NOT NULL,
    PRIMARY KEY (project, login)
);
COMMENT ON TABLE reg.project_login IS 'Who makes extracts for a project';
COMMENT ON COLUMN reg.project_login.project IS 'The project';
COMMENT ON COLUMN reg.project_login.login IS 'Login that may ask for its pseudonyms';

CREATE FUNCTION reg.project_key(project text) RETURNS bytea
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'Asia/Jakarta'
AS $$
DECLARE
    found_key bytea;
BEGIN
    SELECT p.key INTO found_key FROM reg.project AS p JOIN reg.project_login AS l USING (project)
    WHERE p.project = project_key.project AND l.login = reg.scope_login()
    AND CURRENT_DATE BETWEEN p.valid_from AND p.valid_to;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no pseudonyms of project "%" for this login', project_key.project
            USING ERRCODE = 'insufficient_privilege',
                HINT = 'The project must be in force, and table project_login must name the login.';
    END IF;
    RETURN found_key;
END $$;
COMMENT ON FUNCTION reg.project_key(text) IS 'Key of a project, for pseudonym(). SECURITY DEFINER, because nobody but the owner reads keys; granted to no role';

CREATE FUNCTION reg.pseudonym(project text, nik dtsen.nik) RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ BEGIN RETURN dtsen.nik_pseudonym(nik, reg.project_key(project)); END $$;
COMMENT ON FUNCTION reg.pseudonym(text, dtsen.nik) IS 'Pseudonym of a person in a project: the same within it, another in each other project. SECURITY DEFINER, because it uses the project''s key';
-- Registry reg: from lines of a file to typed rows.
--
-- A client stages the lines (dtsen-import does; docs/registry.md has the recipe):
--   SELECT reg.import_open();
--   \copy pg_temp.import_line (line) FROM ... with every line prefixed by '#'
--   SELECT * FROM reg.import_keluarga('file name');
-- Every byte arrives, since the staging reads the file as Latin-1; what is no
-- UTF-8 is found here, line by line. All is one statement a step, no loop a row.
--
-- The functions that touch every row of a table are planned without nested
-- loops: under row security the planner takes a whole table for few rows. And
-- without JIT, whose compilation costs more than it gains here.

CREATE FUNCTION reg.import_open() RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF to_regclass('pg_temp.import_line') IS NOT NULL THEN
        DROP TABLE pg_temp.import_line;
    END IF;
    CREATE TEMPORARY TABLE import_line (
        id bigint GENERATED ALWAYS AS IDENTITY,
        line text NOT NULL
    );
END $$;
COMMENT ON FUNCTION reg.import_open() IS 'Makes the session''s empty staging table pg_temp.import_line (line text): every line of a file, header included, behind a #';

CREATE FUNCTION reg.import_fields(line text) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
    -- Split at the quotes: odd parts are outside, even ones inside. An empty
    -- part between two inside ones is a doubled quote. Outside, a delimiter
    -- becomes 1F, which no line holds.
    SELECT CASE WHEN bool_and(n % 2 = 0 OR part = ''
            OR ((n = 1 OR left(part, 1) = '|') AND (n = m OR right(part, 1) = '|')))
        THEN string_to_array(string_agg(CASE
            WHEN n % 2 = 0 THEN part
            WHEN part = '' AND n > 1 AND n < m THEN '"'
            ELSE translate(part, '|', E'\x1f') END, '' ORDER BY n), E'\x1f')
        END
    FROM (SELECT part, n, count(*) OVER () AS m
        FROM unnest(string_to_array(line, '"')) WITH ORDINALITY AS u (part, n)) AS p
$$;
COMMENT ON FUNCTION reg.import_fields(text) IS 'Fields of a line with quotes, whose number is even; NULL: a quote stands within a field that does not begin with one';

CREATE FUNCTION reg.import_utf8() RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT '^([\x01-\x7f]|[\u00c2-\u00df][\u0080-\u00bf]'
        '|\u00e0[\u00a0-\u00bf][\u0080-\u00bf]|\u00ed[\u0080-\u009f][\u0080-\u00bf]'
        '|[\u00e1-\u00ec\u00ee\u00ef][\u0080-\u00bf]{2}'
        '|\u00f0[\u0090-\u00bf][\u0080-\u00bf]{2}|[\u00f1-\u00f3][\u0080-\u00bf]{3}'
        '|\u00f4[\u0080-\u008f][\u0080-\u00bf]{2})*$';
END;
COMMENT ON FUNCTION reg.import_utf8() IS 'Regular expression for bytes, read as Latin-1, that are UTF-8 as PostgreSQL takes it';

CREATE FUNCTION reg.import_expression(type text, field text, OUT bad text, OUT value text)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT replace(t.bad, '@', field), replace(t.value, '@', format('nullif(%s, '''')', field))
    FROM (VALUES
        ('nik', 'dtsen.to_nik(@) IS NULL', 'dtsen.to_nik(@)'),
        ('nkk', 'dtsen.to_nkk(@) IS NULL', 'dtsen.to_nkk(@)'),
        ('wilayah', 'dtsen.to_kode_wilayah(@) IS NULL', 'dtsen.to_kode_wilayah(@)'),
        ('nama', 'dtsen.to_nama(@) IS NULL', 'dtsen.to_nama(@)'),
        ('text', 'length(@) > 300', '@'),
        ('short', 'length(@) > 30', '@'),
        ('date', 'CASE WHEN @ !~ ''^(1[89]|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'''
            || ' THEN true WHEN right(@, 2) > ''28'' AND right(@, 2)::integer > extract(day FROM'
            || ' (left(@, 7) || ''-01'')::date + interval ''1 month - 1 day'') THEN true'
            || ' ELSE @::date NOT BETWEEN ''1850-01-01'' AND CURRENT_DATE END', '@::date'),
        ('sex', '@ !~ ''^[12LlPp]$''',
            'CASE upper(@) WHEN ''1'' THEN 1 WHEN ''L'' THEN 1 WHEN ''2'' THEN 2 WHEN ''P'' THEN 2 END::smallint'),
        ('relation', '@ !~ ''^0?[1-8]$''', '@::smallint'),
        ('decile', '@ !~ ''^(0?[0-9]|10)$''', 'nullif(@::smallint, 0)'),
        ('yesno', '@ !~ ''^[12]$''', '@ = ''1'''),
        ('flag', '@ !~ ''^[01]$''', '@ = ''1'''),
        ('code', '@ !~ ''^[0-9]{1,4}$''', '@::smallint'),
        ('small', '@ !~ ''^[0-9]{1,2}$''', '@::smallint'),
        ('count', '@ !~ ''^[0-9]{1,9}$''', '@::integer'),
        ('area', '@ !~ ''^[0-9]{1,6}([.,][0-9]{1,2})?$''', 'translate(@, '','', ''.'')::numeric(8, 2)'),
        ('number', '@ !~ ''^-?[0-9]{1,18}([.,][0-9]{1,10})?$''',
            'translate(@, '','', ''.'')::double precision'),
        ('life', 'lower(@) NOT IN (''hidup'', ''meninggal'', ''pindah'')', 'lower(@)')
    ) AS t (type, bad, value)
    WHERE t.type = import_expression.type
$$;
COMMENT ON FUNCTION reg.import_expression(text, text) IS 'SQL that tells whether a text that is not empty is no value of an import type, and SQL that makes the value, NULL of the empty text';

CREATE FUNCTION reg.import_header(kind text)
    RETURNS TABLE (pos integer, header text, type text, target text, target_column text, is_required boolean)
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    names text[];
    problem text;
BEGIN
    SELECT CASE WHEN strpos(h.h, '"') = 0 THEN string_to_array(h.h, '|')
        ELSE reg.import_fields(h.h) END
    INTO names
    FROM (SELECT lower(ltrim(rtrim(substr(l.line, 2), E'\x1d'), U&'\00EF\00BB\00BF')) AS h
        FROM pg_temp.import_line AS l
        WHERE l.id = (SELECT min(m.id) FROM pg_temp.import_line AS m)) AS h;
    IF names IS NULL THEN
        RAISE EXCEPTION 'no file was staged' USING ERRCODE = 'bad_copy_file_format',
            HINT = 'Call import_open() and copy the lines of the file into pg_temp.import_line first.';
    END IF;
    names := ARRAY(SELECT btrim(n) FROM unnest(names) WITH ORDINALITY AS u (n, i) ORDER BY i);

    -- A first line without one known name may be a line of data: never shown.
    SELECT string_agg(DISTINCT CASE WHEN n ~ '^[a-z][a-z0-9_ ]{0,39}$' THEN quote_ident(n)
        ELSE '(no name)' END, ', ')
    INTO problem
    FROM unnest(names) AS n
    WHERE NOT EXISTS (SELECT FROM reg.import_column AS c
        WHERE c.kind = import_header.kind AND c.header = n);
    IF NOT EXISTS (SELECT FROM reg.import_column AS c
        WHERE c.kind = import_header.kind AND c.header = ANY (names)) THEN
        problem := 'all of them, it may be no header';
    END IF;
    IF problem IS NOT NULL THEN
        RAISE EXCEPTION 'the header has columns that a file of kind "%" does not have', kind
            USING ERRCODE = 'bad_copy_file_format', DETAIL = format('Unknown: %s.', problem),
            HINT = 'Table import_column of the registry lists the names; a row there makes another one known.';
    END IF;

    RETURN QUERY SELECT i::integer, n, c.type::text, c.target::text, c.target_column::text, c.is_required
        FROM unnest(names) WITH ORDINALITY AS u (n, i)
        JOIN reg.import_column AS c ON c.header = n AND c.kind = import_header.kind;
    SELECT string_agg(quote_ident(r.target_column), ', ') INTO problem
    FROM (SELECT DISTINCT c.target_column FROM reg.import_column AS c
        WHERE c.kind = import_header.kind AND c.is_required
        AND NOT EXISTS (SELECT FROM reg.import_column AS o
            WHERE o.kind = c.kind AND o.target = c.target AND o.target_column = c.target_column
            AND o.header = ANY (names))) AS r;
    IF problem IS NOT NULL THEN
        RAISE EXCEPTION 'the header lacks columns that a file of kind "%" must have', kind
            USING ERRCODE = 'bad_copy_file_format', DETAIL = format('Missing: %s.', problem);
    END IF;
    SELECT string_agg(quote_ident(r.target_column), ', ') INTO problem
    FROM (SELECT c.target_column FROM unnest(names) AS n
        JOIN reg.import_column AS c ON c.header = n AND c.kind = import_header.kind
        WHERE c.target IS NOT NULL
        GROUP BY c.target, c.target_column HAVING count(*) > 1) AS r;
    IF problem IS NOT NULL THEN
        RAISE EXCEPTION 'the header names a column twice' USING ERRCODE = 'bad_copy_file_format',
            DETAIL = format('Twice: %s.', problem);
    END IF;
END $$;
COMMENT ON FUNCTION reg.import_header(text) IS 'Columns of the staged file by the names in its first line; an error where a name is unknown, missing or double';

CREATE FUNCTION reg.import_check(kind text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
DECLARE
    column_count integer;
    checks text;
    vals text;
BEGIN
    DROP TABLE IF EXISTS pg_temp.import_used, pg_temp.import_row, pg_temp.import_plan;
    CREATE TEMPORARY TABLE import_used ON COMMIT DROP AS
        SELECT * FROM reg.import_header(kind);
    SELECT count(*),
        string_agg(format(', CASE WHEN reason IS NULL THEN %s END AS %I', e.value, u.target_column),
            '' ORDER BY u.pos) FILTER (WHERE u.target IS NOT NULL)
    INTO column_count, vals
    FROM pg_temp.import_used AS u,
        reg.import_expression(u.type, format('f[%s]', u.pos)) AS e;

    -- columns that the file does not have are NULL
    SELECT concat(vals, string_agg(DISTINCT format(', (NULL::reg.%I).%I', c.target, c.target_column), ''))
    INTO vals
    FROM reg.import_column AS c
    WHERE c.kind = import_check.kind AND c.target IS NOT NULL
        AND NOT EXISTS (SELECT FROM pg_temp.import_used AS u
        WHERE (u.target, u.target_column) = (c.target, c.target_column));

    -- One test for each column, but one for a whole run of columns with codes:
    -- only where that fails is each of them looked at.
    SELECT string_agg(CASE WHEN r.n = 1 THEN r.tests ELSE
            format($c$WHEN array_to_string(f[%s:%s], E'\x1f') !~ '^([0-9]{0,4}\x1f)*[0-9]{0,4}$' THEN CASE %s END$c$,
                r.low, r.high, r.tests) END, ' ' ORDER BY r.low)
    INTO checks
    FROM (SELECT min(c.pos) AS low, max(c.pos) AS high, count(*) AS n,
            string_agg(CASE WHEN c.is_required THEN format('WHEN f[%s] = '''' THEN %s ', c.pos, -c.pos) ELSE '' END
                || format('WHEN f[%s] <> '''' AND (%s) THEN %s', c.pos, e.bad, c.pos), ' ' ORDER BY c.pos) AS tests
        FROM (SELECT u.*, CASE WHEN u.type = 'code' AND NOT u.is_required
                THEN u.pos - row_number() OVER (PARTITION BY u.type, u.is_required, u.target IS NULL ORDER BY u.pos)
                ELSE -u.pos END AS run
            FROM pg_temp.import_used AS u) AS c,
            reg.import_expression(c.type, format('f[%s]', c.pos)) AS e
        WHERE c.target IS NOT NULL
        GROUP BY c.run, c.type = 'code') AS r;

    -- OFFSET 0 keeps the planner from computing an inner expression again for
    -- every outer reference to it.
    EXECUTE format($sql$
        CREATE TEMPORARY TABLE import_row ON COMMIT DROP AS
        SELECT line_number, reason, field %s
        FROM (SELECT line_number, f,
                coalesce(reason, CASE WHEN p > 0 THEN 'bad_value' WHEN p < 0 THEN 'required_empty' END) AS reason,
                CASE WHEN p IS NOT NULL THEN
                    (SELECT u.header FROM pg_temp.import_used AS u WHERE u.pos = abs(p)) END AS field
            FROM (SELECT line_number, f, reason,
                    CASE WHEN reason IS NULL THEN CASE %s END END AS p
                FROM (SELECT line_number, f, coalesce(reason,
                        CASE WHEN f IS NULL THEN 'stray_quote'
                            WHEN cardinality(f) < %3$s THEN 'too_few_columns'
                            WHEN cardinality(f) > %3$s THEN 'too_many_columns' END) AS reason
                    FROM (SELECT line_number, reason, CASE WHEN reason IS NULL THEN
                                CASE WHEN strpos(t, '"') = 0 THEN string_to_array(t, '|')
                                    ELSE reg.import_fields(t) END END AS f
                        FROM (SELECT line_number, reason, CASE
                                    WHEN reason IS NULL AND octet_length(line) <> length(line)
                                    THEN convert_from(convert_to(line, 'LATIN1'), 'UTF8')
                                    ELSE line END AS t
                            FROM (SELECT line_number, line, CASE
                                        WHEN line = '' THEN 'empty_line'
                                        WHEN length(line) > 10000 THEN 'too_long'
                                        WHEN line ~ '[\x01-\x08\x0a-\x1f\x7f]' THEN 'control_byte'
                                        WHEN octet_length(line) <> length(line) AND line !~ reg.import_utf8()
                                        THEN 'not_utf8'
                                        WHEN (length(line) - length(replace(line, '"', ''))) %% 2 = 1
                                        THEN 'unclosed_quote' END AS reason
                                FROM (SELECT id - (SELECT min(id) FROM pg_temp.import_line) + 1 AS line_number,
                                        rtrim(substr(line, 2), E'\x1d') AS line
                                    FROM pg_temp.import_line OFFSET 0) AS r
                                WHERE line_number > 1 OFFSET 0) AS s0
                            OFFSET 0) AS s1
                        OFFSET 0) AS s2
                    OFFSET 0) AS s3
                OFFSET 0) AS s4
            OFFSET 0) AS s5
        $sql$, vals, checks, column_count);
    ANALYZE pg_temp.import_row;
END $$;
COMMENT ON FUNCTION reg.import_check(text) IS 'Makes pg_temp.import_row from the staged file: a row a line, its values by type, or the reason why it is refused';
-- Registry reg: from typed rows to the registry's tables.
--
-- Each import first refuses the lines that do not fit what is there, then makes
-- a plan (new, changed, same), then writes: all or nothing, set by set.

CREATE FUNCTION reg.import_known(kind text) RETURNS reg.import_run
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    run reg.import_run;
BEGIN
    IF to_regclass('pg_temp.import_line') IS NULL THEN
        RAISE EXCEPTION 'no file was staged' USING ERRCODE = 'bad_copy_file_format',
            HINT = 'Call import_open() and copy the lines of the file into pg_temp.import_line first.';
    END IF;
    -- one import at a time: two of the same file must see each other
    PERFORM pg_advisory_xact_lock('reg.import_run'::regclass::oid::integer, 0);
    run.kind := kind;
    SELECT sha256(string_agg(sha256(convert_to(line, 'UTF8')), '' ORDER BY id))
    INTO run.sha256 FROM pg_temp.import_line;
    SELECT r.id INTO run.id FROM reg.import_run AS r
    WHERE r.kind = run.kind AND r.sha256 = run.sha256
    AND r.owner_scope = reg.scope_common();
    RETURN run;
END $$;
COMMENT ON FUNCTION reg.import_known(text) IS 'Digest of the staged file, and the number of the import that brought the same file before, if one did';

CREATE FUNCTION reg.import_columns(target text, alias text) RETURNS text
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (SELECT string_agg(alias || quote_ident(u.target_column), ', ' ORDER BY u.pos)
        FROM pg_temp.import_used AS u WHERE u.target = import_columns.target);
END $$;
COMMENT ON FUNCTION reg.import_columns(text, text) IS 'Columns of a table that the staged file fills, for a statement';

CREATE FUNCTION reg.import_record(run reg.import_run, file_name text)
    RETURNS reg.import_run
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO reg.import_run AS i (kind, file_name, sha256, read_count,
        accepted_count, refused_count, new_count, changed_count, same_count)
    SELECT run.kind, file_name, run.sha256, r.read, p.accepted, r.refused, p.new, p.changed, p.same
    FROM (SELECT count(*) AS read, count(reason) AS refused FROM pg_temp.import_row) AS r,
        (SELECT count(*) AS accepted, count(*) FILTER (WHERE action = 'new') AS new,
            count(*) FILTER (WHERE action = 'changed') AS changed,
            count(*) FILTER (WHERE action = 'same') AS same FROM pg_temp.import_plan) AS p
    RETURNING i.* INTO run;
    INSERT INTO reg.import_reject (import_id, line_number, reason, field, line)
    SELECT run.id, r.line_number, r.reason, r.field, l.line
    FROM pg_temp.import_row AS r
    JOIN (SELECT id - (SELECT min(id) FROM pg_temp.import_line) + 1 AS line_number,
            convert_to(rtrim(substr(line, 2), E'\x1d'), 'LATIN1') AS line
        FROM pg_temp.import_line OFFSET 0) AS l USING (line_number)
    WHERE r.reason IS NOT NULL;
    RETURN run;
END $$;
COMMENT ON FUNCTION reg.import_record(reg.import_run, text) IS 'Notes an import with its counts, and every refused line';

CREATE FUNCTION reg.import_answer(run_id bigint, repeated boolean)
    RETURNS TABLE (import_id bigint, is_repeat boolean, read_count bigint, accepted_count bigint,
        refused_count bigint, new_count bigint, changed_count bigint, same_count bigint)
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    DROP TABLE IF EXISTS pg_temp.import_line, pg_temp.import_used, pg_temp.import_row,
        pg_temp.import_plan;
    RETURN QUERY SELECT r.id, repeated, r.read_count, r.accepted_count, r.refused_count,
        r.new_count, r.changed_count, r.same_count
    FROM reg.import_run AS r WHERE r.id = run_id;
END $$;
COMMENT ON FUNCTION reg.import_answer(bigint, boolean) IS 'Drops the staging tables and returns the counts of an import';

CREATE FUNCTION reg.import_taken(numbers dtsen.nkk[]) RETURNS SETOF dtsen.nkk
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT k.nkk FROM reg.keluarga AS k WHERE k.nkk = ANY (numbers)
$$;
COMMENT ON FUNCTION reg.import_taken(dtsen.nkk[]) IS 'Which card numbers the registry has, in whatever region. SECURITY DEFINER, because one line of another region must not stop a file; for importers, to whom the unique key says as much';

CREATE FUNCTION reg.import_keluarga(file_name text)
    RETURNS TABLE (import_id bigint, is_repeat boolean, read_count bigint, accepted_count bigint,
        refused_count bigint, new_count bigint, changed_count bigint, same_count bigint)
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
    SET client_min_messages = warning SET jit = off SET enable_nestloop = off
AS $$
DECLARE
    run reg.import_run := reg.import_known('keluarga');
    t text;
BEGIN
    IF run.id IS NOT NULL THEN
        RETURN QUERY SELECT * FROM reg.import_answer(run.id, true);
        RETURN;
    END IF;
    PERFORM reg.import_check('keluarga');

    UPDATE pg_temp.import_row AS r SET reason = 'wilayah_unknown'
    WHERE r.reason IS NULL AND NOT EXISTS (SELECT FROM reg.wilayah AS w
        WHERE w.kode = r.wilayah AND w.level = 4);
    UPDATE pg_temp.import_row AS r SET reason = 'outside_scope'
    WHERE r.reason IS NULL AND row_security_active('reg.keluarga')
    AND (r.wilayah >= (SELECT reg.scope_low()) AND r.wilayah <= (SELECT reg.scope_high())
        AND ((SELECT reg.scope_list() IS NULL)
            OR r.wilayah = ANY ((SELECT reg.scope_list())::dtsen.kode_wilayah[]))) IS NOT TRUE;
    UPDATE pg_temp.import_row AS r SET reason = 'former_nkk'
    WHERE r.reason IS NULL AND EXISTS (SELECT FROM reg.keluarga_nkk AS o WHERE o.nkk = r.nkk)
    AND NOT EXISTS (SELECT FROM reg.keluarga AS k WHERE k.nkk = r.nkk);
    IF row_security_active('reg.keluarga') THEN
        UPDATE pg_temp.import_row AS r SET reason = 'other_region'
        FROM reg.import_taken(ARRAY(SELECT n.nkk FROM pg_temp.import_row AS n
            WHERE n.reason IS NULL AND NOT EXISTS (SELECT FROM reg.keluarga AS k WHERE k.nkk = n.nkk))) AS t (nkk)
        WHERE r.reason IS NULL AND r.nkk = t.nkk;
    END IF;
    UPDATE pg_temp.import_row AS r SET reason = 'duplicate_line'
    FROM (SELECT line_number, row_number() OVER (PARTITION BY nkk ORDER BY line_number) AS n
        FROM pg_temp.import_row WHERE reason IS NULL) AS d
    WHERE d.line_number = r.line_number AND d.n > 1;

    EXECUTE format($sql$
        CREATE TEMPORARY TABLE import_plan ON COMMIT DROP AS
        SELECT r.line_number, k.id AS keluarga_id, CASE WHEN k.id IS NULL THEN 'new'
            WHEN (%s) IS DISTINCT FROM (%s) THEN 'changed' ELSE 'same' END AS action
        FROM pg_temp.import_row AS r
        LEFT JOIN reg.keluarga AS k ON k.nkk = r.nkk
        LEFT JOIN reg.rumah AS h ON h.keluarga_id = k.id
        LEFT JOIN reg.aset AS a ON a.keluarga_id = k.id
        WHERE r.reason IS NULL
        $sql$,
        concat_ws(', ', reg.import_columns('keluarga', 'k.'),
            reg.import_columns('rumah', 'h.'), reg.import_columns('aset', 'a.')),
        concat_ws(', ', reg.import_columns('keluarga', 'r.'),
            reg.import_columns('rumah', 'r.'), reg.import_columns('aset', 'r.')));
    ANALYZE pg_temp.import_plan;
    run := reg.import_record(run, file_name);

    EXECUTE format($sql$
        INSERT INTO reg.keluarga (import_id, %s)
        SELECT $1, %s FROM pg_temp.import_row AS r JOIN pg_temp.import_plan AS p USING (line_number)
        WHERE p.action = 'new' ORDER BY r.wilayah, r.line_number
        $sql$, reg.import_columns('keluarga', ''), reg.import_columns('keluarga', 'r.'))
    USING run.id;
    EXECUTE format($sql$
        UPDATE reg.keluarga AS k SET (import_id, changed_at, %s) = ROW ($1, now(), %s)
        FROM pg_temp.import_row AS r JOIN pg_temp.import_plan AS p USING (line_number)
        WHERE p.action = 'changed' AND k.id = p.keluarga_id
        $sql$, reg.import_columns('keluarga', ''), reg.import_columns('keluarga', 'r.'))
    USING run.id;
    FOR t IN SELECT DISTINCT u.target FROM pg_temp.import_used AS u WHERE u.target IN ('rumah', 'aset') LOOP
        EXECUTE format($sql$
            INSERT INTO reg.%I (keluarga_id, wilayah, %s)
            SELECT k.id, k.wilayah, %s
            FROM pg_temp.import_row AS r JOIN pg_temp.import_plan AS p USING (line_number)
            JOIN reg.keluarga AS k ON k.nkk = r.nkk
            WHERE p.action <> 'same' ORDER BY k.id
            ON CONFLICT (keluarga_id) DO UPDATE SET (%2$s) = ROW (%4$s)
            $sql$, t, reg.import_columns(t, ''), reg.import_columns(t, 'r.'),
            reg.import_columns(t, 'EXCLUDED.'));
    END LOOP;
    RETURN QUERY SELECT * FROM reg.import_answer(run.id, false);
END $$;
COMMENT ON FUNCTION reg.import_keluarga(text) IS 'Imports the staged family file: new families come in, changed ones are changed; the same file twice changes nothing';

CREATE FUNCTION reg.import_extract(kind text, key_column text, file_name text)
    RETURNS TABLE (import_id bigint, is_repeat boolean, read_count bigint, accepted_count bigint,
        refused_count bigint, new_count bigint, changed_count bigint, same_count bigint)
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
    SET client_min_messages = warning SET jit = off SET enable_nestloop = off
AS $$
DECLARE
    run reg.import_run := reg.import_known(kind);
BEGIN
    IF run.id IS NOT NULL THEN
        RETURN QUERY SELECT * FROM reg.import_answer(run.id, true);
        RETURN;
    END IF;
    PERFORM reg.import_check(kind);
    EXECUTE format($sql$
        UPDATE pg_temp.import_row AS r SET reason = 'duplicate_line'
        FROM (SELECT line_number, row_number() OVER (PARTITION BY %I ORDER BY line_number) AS n
            FROM pg_temp.import_row WHERE reason IS NULL) AS d
        WHERE d.line_number = r.line_number AND d.n > 1
        $sql$, key_column);
    EXECUTE format($sql$
        CREATE TEMPORARY TABLE import_plan ON COMMIT DROP AS
        SELECT r.line_number, CASE WHEN d.%1$I IS NULL THEN 'new'
            WHEN (%2$s) IS DISTINCT FROM (%3$s) THEN 'changed' ELSE 'same' END AS action
        FROM pg_temp.import_row AS r
        LEFT JOIN reg.%4$I AS d ON d.%1$I = r.%1$I AND d.owner_scope = $1
        WHERE r.reason IS NULL
        $sql$, key_column, reg.import_columns(kind, 'd.'), reg.import_columns(kind, 'r.'), kind)
    USING reg.scope_common();
    ANALYZE pg_temp.import_plan;
    run := reg.import_record(run, file_name);
    EXECUTE format($sql$
        INSERT INTO reg.%4$I (import_id, %1$s)
        SELECT $1, %2$s FROM pg_temp.import_row AS r JOIN pg_temp.import_plan AS p USING (line_number)
        WHERE p.action <> 'same' ORDER BY r.%5$I
        ON CONFLICT (%5$I, owner_scope) DO UPDATE SET (import_id, %1$s) = ROW ($1, %3$s)
        $sql$, reg.import_columns(kind, ''), reg.import_columns(kind, 'r.'),
        reg.import_columns(kind, 'EXCLUDED.'), kind, key_column)
    USING run.id;
    RETURN QUERY SELECT * FROM reg.import_answer(run.id, false);
END $$;
COMMENT ON FUNCTION reg.import_extract(text, text, text) IS 'Imports a staged list of persons of another register into the table of its kind, by the key that the list gives them';

CREATE FUNCTION reg.import_dukcapil(file_name text)
    RETURNS TABLE (import_id bigint, is_repeat boolean, read_count bigint, accepted_count bigint,
        refused_count bigint, new_count bigint, changed_count bigint, same_count bigint)
    LANGUAGE sql SET search_path = pg_catalog, dtsen, pg_temp
AS $$ SELECT * FROM reg.import_extract('dukcapil', 'nik', file_name) $$;
COMMENT ON FUNCTION reg.import_dukcapil(text) IS 'Imports a staged extract of the civil registry';

CREATE FUNCTION reg.import_dtks(file_name text)
    RETURNS TABLE (import_id bigint, is_repeat boolean, read_count bigint, accepted_count bigint,
        refused_count bigint, new_count bigint, changed_count bigint, same_count bigint)
    LANGUAGE sql SET search_path = pg_catalog, dtsen, pg_temp
AS $$ SELECT * FROM reg.import_extract('dtks', 'source_key', file_name) $$;
COMMENT ON FUNCTION reg.import_dtks(text) IS 'Imports a staged list of the former registry, DTKS';

CREATE FUNCTION reg.import_skor(file_name text)
    RETURNS TABLE (import_id bigint, is_repeat boolean, read_count bigint, accepted_count bigint,
        refused_count bigint, new_count bigint, changed_count bigint, same_count bigint)
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
    SET client_min_messages = warning SET jit = off SET enable_nestloop = off
AS $$
DECLARE
    run reg.import_run := reg.import_known('skor');
BEGIN
    IF run.id IS NOT NULL THEN
        RETURN QUERY SELECT * FROM reg.import_answer(run.id, true);
        RETURN;
    END IF;
    PERFORM reg.import_check('skor');
    UPDATE pg_temp.import_row AS r SET reason = 'model_unknown'
    WHERE r.reason IS NULL AND NOT EXISTS (SELECT FROM reg.model AS m
        WHERE m.version = r.model_version);
    UPDATE pg_temp.import_row AS r SET reason = 'keluarga_unknown'
    WHERE r.reason IS NULL AND NOT EXISTS (SELECT FROM reg.keluarga AS k WHERE k.nkk = r.nkk);
    UPDATE pg_temp.import_row AS r SET reason = 'duplicate_line'
    FROM (SELECT line_number,
            row_number() OVER (PARTITION BY nkk, model_version ORDER BY line_number) AS n
        FROM pg_temp.import_row WHERE reason IS NULL) AS d
    WHERE d.line_number = r.line_number AND d.n > 1;
    CREATE TEMPORARY TABLE import_plan ON COMMIT DROP AS
        SELECT r.line_number, k.id AS keluarga_id, k.wilayah, CASE WHEN s.skor IS NULL THEN 'new'
            WHEN s.skor <> r.skor THEN 'changed' ELSE 'same' END AS action
        FROM pg_temp.import_row AS r
        JOIN reg.keluarga AS k ON k.nkk = r.nkk
        LEFT JOIN reg.skor AS s ON s.keluarga_id = k.id AND s.model_version = r.model_version
        WHERE r.reason IS NULL;
    ANALYZE pg_temp.import_plan;
    run := reg.import_record(run, file_name);
    INSERT INTO reg.skor (model_version, keluarga_id, wilayah, skor, import_id)
    SELECT r.model_version, p.keluarga_id, p.wilayah, r.skor, run.id
    FROM pg_temp.import_row AS r JOIN pg_temp.import_plan AS p USING (line_number)
    WHERE p.action <> 'same' ORDER BY r.model_version, p.keluarga_id
    ON CONFLICT (model_version, keluarga_id) DO UPDATE
        SET skor = EXCLUDED.skor, import_id = EXCLUDED.import_id, changed_at = now();
    RETURN QUERY SELECT * FROM reg.import_answer(run.id, false);
END $$;
COMMENT ON FUNCTION reg.import_skor(text) IS 'Imports a staged file of scores';
-- Registry reg: the import of persons.

CREATE FUNCTION reg.import_plan_anggota() RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
    SET client_min_messages = warning SET jit = off SET enable_nestloop = off
AS $$
BEGIN
    UPDATE pg_temp.import_row AS r SET reason = 'keluarga_unknown'
    WHERE r.reason IS NULL AND NOT EXISTS (SELECT FROM reg.keluarga AS k WHERE k.nkk = r.nkk);
    UPDATE pg_temp.import_row AS r
    SET reason = CASE WHEN d.n > 1 THEN 'duplicate_line' ELSE 'second_head' END
    FROM (SELECT line_number, n,
            count(*) FILTER (WHERE hubungan = 1 AND n = 1)
                OVER (PARTITION BY nkk ORDER BY line_number) AS heads, hubungan
        FROM (SELECT line_number, nkk, hubungan,
                row_number() OVER (PARTITION BY nkk, nik, tanggal_lahir ORDER BY line_number) AS n
            FROM pg_temp.import_row WHERE reason IS NULL) AS f) AS d
    WHERE d.line_number = r.line_number AND (d.n > 1 OR (d.hubungan = 1 AND d.heads > 1));

    -- The row of the same family with the same day of birth; where family and
    -- file have the NIK once, whatever the day. Or else the only row with this
    -- NIK, if the file has it once: that person changed family.
    EXECUTE format($sql$
        CREATE TEMPORARY TABLE import_plan ON COMMIT DROP AS
        SELECT r.line_number, k.id AS keluarga_id, k.wilayah, a.id AS anggota_id,
            a.hubungan AS old_hubungan, a.status AS old_status, r.hubungan,
            CASE WHEN a.id IS NULL THEN 'new'
                WHEN (a.keluarga_id, %s) IS DISTINCT FROM (k.id, %s) THEN 'changed'
                ELSE 'same' END AS action
        FROM (SELECT *, count(*) OVER (PARTITION BY nik) AS lines,
                count(*) OVER (PARTITION BY nik, nkk) AS family_lines
            FROM pg_temp.import_row WHERE reason IS NULL) AS r
        JOIN reg.keluarga AS k ON k.nkk = r.nkk
        LEFT JOIN (SELECT *, count(*) OVER (PARTITION BY nik) AS rows,
                count(*) OVER (PARTITION BY nik, keluarga_id) AS family_rows
            FROM reg.anggota) AS a
            ON a.nik = r.nik AND CASE WHEN a.keluarga_id = k.id
                THEN a.tanggal_lahir IS NOT DISTINCT FROM r.tanggal_lahir
                    OR (a.family_rows = 1 AND r.family_lines = 1)
                ELSE a.rows = 1 AND r.lines = 1 END
        $sql$, reg.import_columns('anggota', 'a.'), reg.import_columns('anggota', 'r.'));

    -- A head cannot come in where another stays, or where the old one leaves
    -- only to head another family in the same file.
    WITH refused AS (
        DELETE FROM pg_temp.import_plan AS p
        USING reg.anggota AS h
        WHERE p.hubungan = 1 AND coalesce(p.old_status, 'aktif') = 'aktif'
        AND h.keluarga_id = p.keluarga_id AND h.hubungan = 1 AND h.status = 'aktif'
        AND h.id IS DISTINCT FROM p.anggota_id
        AND NOT EXISTS (SELECT FROM pg_temp.import_plan AS o
            WHERE o.anggota_id = h.id AND o.hubungan <> 1)
        RETURNING p.line_number)
    UPDATE pg_temp.import_row AS r SET reason = 'second_head'
    FROM refused WHERE refused.line_number = r.line_number;
    ANALYZE pg_temp.import_plan;
END $$;
COMMENT ON FUNCTION reg.import_plan_anggota() IS 'Refuses persons of unknown families, double lines and second heads, and plans the rest';

CREATE FUNCTION reg.import_anggota(file_name text)
    RETURNS TABLE (import_id bigint, is_repeat boolean, read_count bigint, accepted_count bigint,
        refused_count bigint, new_count bigint, changed_count bigint, same_count bigint)
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
    SET client_min_messages = warning SET jit = off SET enable_nestloop = off
AS $$
DECLARE
    run reg.import_run := reg.import_known('anggota');
    leaving text;
BEGIN
    IF run.id IS NOT NULL THEN
        RETURN QUERY SELECT * FROM reg.import_answer(run.id, true);
        RETURN;
    END IF;
    PERFORM reg.import_check('anggota');
    PERFORM reg.import_plan_anggota();
    run := reg.import_record(run, file_name);

    -- former heads first, so that no family has two for a moment
    FOREACH leaving IN ARRAY ARRAY['p.old_hubungan = 1 AND p.hubungan <> 1',
        'NOT (p.old_hubungan = 1 AND p.hubungan <> 1)'] LOOP
        EXECUTE format($sql$
            UPDATE reg.anggota AS a
            SET (keluarga_id, wilayah, import_id, changed_at, member_since, %s)
                = ROW (p.keluarga_id, p.wilayah, $1, now(),
                    CASE WHEN (a.keluarga_id, a.hubungan) = (p.keluarga_id, p.hubungan)
                        THEN a.member_since ELSE CURRENT_DATE END, %s)
            FROM pg_temp.import_row AS r JOIN pg_temp.import_plan AS p USING (line_number)
            WHERE p.action = 'changed' AND a.id = p.anggota_id AND (%s)
            $sql$, reg.import_columns('anggota', ''),
            reg.import_columns('anggota', 'r.'), leaving)
        USING run.id;
    END LOOP;
    EXECUTE format($sql$
        INSERT INTO reg.anggota (keluarga_id, wilayah, import_id, %s)
        SELECT p.keluarga_id, p.wilayah, $1, %s
        FROM pg_temp.import_row AS r JOIN pg_temp.import_plan AS p USING (line_number)
        WHERE p.action = 'new' ORDER BY p.keluarga_id, r.hubungan, r.line_number
        $sql$, reg.import_columns('anggota', ''), reg.import_columns('anggota', 'r.'))
    USING run.id;
    RETURN QUERY SELECT * FROM reg.import_answer(run.id, false);
END $$;
COMMENT ON FUNCTION reg.import_anggota(text) IS 'Imports the staged person file: new persons come in, changed ones are changed, a person may change family; the same file twice changes nothing';
-- Registry reg: files go out in the shapes in which they came in.

CREATE FUNCTION reg.export_field(value text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN value ~ '[|"]' THEN '"' || replace(value, '"', '""') || '"'
        ELSE translate(value, E'\n\r', '  ') END
$$;
COMMENT ON FUNCTION reg.export_field(text) IS 'A value as a field of a line; in quotes where it holds a delimiter or a quote';

CREATE FUNCTION reg.export_lines(kind text, edisi_id integer DEFAULT NULL) RETURNS SETOF text
    LANGUAGE plpgsql STABLE ROWS 100000 SET search_path = pg_catalog, dtsen, pg_temp SET jit = off
AS $$
DECLARE
    source text;
    header text;
    line text;
BEGIN
    source := CASE kind
        WHEN 'keluarga' THEN 'reg.keluarga AS keluarga
            LEFT JOIN reg.rumah AS rumah ON rumah.keluarga_id = keluarga.id
            LEFT JOIN reg.aset AS aset ON aset.keluarga_id = keluarga.id
            LEFT JOIN reg.desil AS desil ON desil.keluarga_id = keluarga.id AND desil.edisi_id = $1
            WHERE keluarga.status = ''aktif'' ORDER BY keluarga.id'
        WHEN 'anggota' THEN 'reg.anggota AS anggota
            JOIN reg.keluarga AS keluarga ON keluarga.id = anggota.keluarga_id
            WHERE anggota.status = ''aktif'' AND keluarga.status = ''aktif'' ORDER BY anggota.keluarga_id, anggota.id'
        WHEN 'skor' THEN 'reg.skor AS skor JOIN reg.keluarga AS keluarga ON keluarga.id = skor.keluarga_id
            ORDER BY skor.model_version, skor.keluarga_id' END;
    IF source IS NULL THEN
        RAISE EXCEPTION 'there is no export of kind "%"', kind USING ERRCODE = 'invalid_parameter_value',
            HINT = 'Kinds are keluarga, anggota and skor.';
    END IF;
    IF edisi_id IS NOT NULL AND NOT EXISTS (SELECT FROM reg.edisi AS e
        WHERE e.id = export_lines.edisi_id AND e.state = 'terbit') THEN
        RAISE EXCEPTION 'edition % is not published', edisi_id USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    SELECT string_agg(c.header, '|' ORDER BY c.position), string_agg(format('coalesce(reg.export_field(%s), '''')', CASE c.type
            WHEN 'yesno' THEN format('CASE WHEN %s THEN ''1'' WHEN NOT %1$s THEN ''2'' END', c.place)
            WHEN 'flag' THEN format('CASE WHEN %s THEN ''1'' WHEN NOT %1$s THEN ''0'' END', c.place)
            WHEN 'date' THEN format('to_char(%s, ''YYYY-MM-DD'')', c.place)
            ELSE format('%s::text', c.place) END), ' || ''|'' || ' ORDER BY c.position)
    INTO header, line
    FROM (SELECT DISTINCT ON (i.target, i.target_column) i.header, i.type, i.position, CASE
                WHEN export_lines.edisi_id IS NOT NULL AND i.target_column ~ '^file_desil_' THEN format('desil.%I', substr(i.target_column, 6))
                ELSE format('%I.%I', i.target, i.target_column) END AS place
        FROM reg.import_column AS i
        WHERE i.kind = export_lines.kind AND i.target IS NOT NULL
        ORDER BY i.target, i.target_column, i.position) AS c;
    RETURN NEXT header;
    RETURN QUERY EXECUTE format('SELECT %s FROM %s', line, source) USING edisi_id;
END $$;
COMMENT ON FUNCTION reg.export_lines(text, integer) IS 'Active families, their persons, or scores, of the regions that the caller sees, as lines of a file of that kind, header first; with a published edition the deciles are those of the edition';
-- Registry reg: matching against the civil registry.

CREATE FUNCTION reg.pemadanan_run(threshold double precision DEFAULT 0.8)
    RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
    SET client_min_messages = warning SET jit = off SET enable_nestloop = off
AS $$
DECLARE
    run_id bigint;
BEGIN
    IF threshold BETWEEN 0 AND 1 IS NOT TRUE THEN
        RAISE EXCEPTION 'threshold must be from 0 to 1' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    DROP TABLE IF EXISTS pg_temp.match_row;
    CREATE TEMPORARY TABLE match_row ON COMMIT DROP AS
        SELECT m.id, m.wilayah, m.nik, m.nama, m.tanggal_lahir, m.similarity, CASE
            WHEN NOT nik_is_valid(m.nik) THEN 'format_salah'
            WHEN m.rows > 1 THEN 'nik_ganda'
            WHEN m.similarity IS NULL THEN 'nik_tidak_ditemukan'
            WHEN m.status_hidup = 'meninggal' THEN 'meninggal'
            WHEN m.status_hidup = 'pindah' THEN 'pindah'
            WHEN m.similarity < threshold THEN 'padan_nama_beda'
            WHEN m.tanggal_lahir <> m.civil_tanggal_lahir THEN 'padan_tgl_beda'
            WHEN m.nkk <> m.civil_nkk THEN 'padan_kk_beda'
            ELSE 'padan' END AS status
        FROM (SELECT a.id, a.wilayah, a.nik, a.nama, a.tanggal_lahir, a.rows, k.nkk,
                d.nkk AS civil_nkk, d.tanggal_lahir AS civil_tanggal_lahir, d.status_hidup,
                nama_similarity(a.nama, d.nama) AS similarity
            FROM (SELECT *, count(*) OVER (PARTITION BY nik) AS rows
                FROM reg.anggota WHERE status = 'aktif') AS a
            JOIN reg.keluarga AS k ON k.id = a.keluarga_id
            LEFT JOIN reg.dukcapil AS d
                ON d.nik = a.nik AND d.owner_scope = (SELECT reg.scope_common())
            OFFSET 0) AS m;
    ANALYZE pg_temp.match_row;

    INSERT INTO reg.pemadanan (threshold, person_count)
    SELECT pemadanan_run.threshold, count(*) FROM pg_temp.match_row
    RETURNING id INTO run_id;
    -- Whose NIK leads nowhere may be one edit away from his own.
    INSERT INTO reg.pemadanan_result
        (pemadanan_id, anggota_id, wilayah, status, nama_similarity, suggested_nik, suggestion_count,
        is_suggestion_held)
    SELECT run_id, m.id, m.wilayah, m.status, m.similarity,
        CASE WHEN s.n = 1 THEN s.nik END, coalesce(s.n, 0),
        coalesce(s.n = 1 AND EXISTS (SELECT FROM reg.anggota AS o
            WHERE o.nik = s.nik AND o.status = 'aktif' AND o.id <> m.id), false)
    FROM pg_temp.match_row AS m
    LEFT JOIN (SELECT w.id, count(*) AS n, (array_agg(d.nik))[1] AS nik
        FROM pg_temp.match_row AS w
        JOIN reg.dukcapil AS d ON d.nik % w.nik
            AND d.owner_scope = (SELECT reg.scope_common())
            AND d.nik <> w.nik AND d.tanggal_lahir = w.tanggal_lahir
            AND nama_similarity(d.nama, w.nama) >= threshold
        WHERE w.status IN ('format_salah', 'nik_ganda', 'nik_tidak_ditemukan', 'padan_nama_beda')
        GROUP BY w.id) AS s USING (id)
    ORDER BY m.id;
    RETURN run_id;
END $$;
COMMENT ON FUNCTION reg.pemadanan_run(double precision) IS 'Matches all active persons that the login sees against its extract of the civil registry; returns the number of the run';

CREATE FUNCTION reg.pemadanan_summary(run_id bigint)
    RETURNS TABLE (verdict varchar, status varchar, label_en varchar, persons bigint, suggested bigint)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT p.verdict, p.status, p.label_en, count(r.anggota_id), count(r.suggested_nik)
    FROM reg.padan_status AS p
    LEFT JOIN reg.pemadanan_result AS r ON r.status = p.status AND r.pemadanan_id = run_id
    GROUP BY p.status ORDER BY p.sort_order DESC
$$;
COMMENT ON FUNCTION reg.pemadanan_summary(bigint) IS 'Persons of a run of matching by finding';
-- Registry reg: from DTKS to this registry: who came along, and how.

CREATE FUNCTION reg.migration_match(threshold double precision DEFAULT 0.8)
    RETURNS TABLE (source_key text, wilayah dtsen.kode_wilayah, how text, anggota_id bigint, nama_similarity double precision, changes text[])
    LANGUAGE plpgsql STABLE ROWS 100000 SET search_path = pg_catalog, dtsen, pg_temp
    SET jit = off SET plan_cache_mode = force_custom_plan
AS $$
#variable_conflict use_column
DECLARE
    scope text := reg.scope_common();
BEGIN
    IF threshold BETWEEN 0 AND 1 IS NOT TRUE THEN
        RAISE EXCEPTION 'threshold must be from 0 to 1' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- The first of these that applies: the NIK with a similar name or the same
    -- day of birth; a NIK one edit away with a similar name; the day of birth in
    -- the same regency with a similar name; the family card with a similar name.
    RETURN QUERY
    WITH d AS MATERIALIZED (SELECT * FROM reg.dtks AS x WHERE x.owner_scope = scope),
    a AS MATERIALIZED (
        SELECT m.id, m.nik, m.nama, m.tanggal_lahir, m.wilayah, wilayah_parent(m.wilayah, 2) AS kabupaten, k.nkk
        FROM reg.anggota AS m JOIN reg.keluarga AS k ON k.id = m.keluarga_id WHERE m.status = 'aktif'),
    same_nik AS MATERIALIZED (
        SELECT d.source_key, a.id, 1 AS place, nama_similarity(d.nama, a.nama) AS sim, d.tanggal_lahir = a.tanggal_lahir AS same_day
        FROM d JOIN a ON a.nik = d.nik),
    found AS MATERIALIZED (SELECT s.* FROM same_nik AS s WHERE s.sim >= threshold OR s.same_day),
    rest AS MATERIALIZED (SELECT d.* FROM d WHERE NOT EXISTS (SELECT FROM found AS f WHERE f.source_key = d.source_key)),
    by_day AS MATERIALIZED (
        SELECT r.source_key, a.id, nik_within(r.nik, a.nik, 1) AS near, nama_similarity(r.nama, a.nama) AS sim
        FROM rest AS r JOIN a ON a.tanggal_lahir = r.tanggal_lahir AND a.kabupaten = wilayah_parent(r.wilayah, 2)),
    by_card AS MATERIALIZED (
        SELECT r.source_key, a.id, nik_within(r.nik, a.nik, 1) AS near, nama_similarity(r.nama, a.nama) AS sim
        FROM rest AS r JOIN a ON a.nkk = r.nkk),
    every AS (
        SELECT f.source_key, f.id, 1 AS place, f.sim FROM found AS f
        UNION ALL SELECT b.source_key, b.id, CASE WHEN b.near THEN 2 ELSE 3 END, b.sim FROM by_day AS b WHERE b.sim >= threshold
        UNION ALL SELECT c.source_key, c.id, CASE WHEN c.near THEN 2 ELSE 4 END, c.sim FROM by_card AS c WHERE c.sim >= threshold),
    best AS (
        SELECT DISTINCT ON (e.source_key) e.* FROM every AS e ORDER BY e.source_key, e.place, e.sim DESC, e.id)
    SELECT d.source_key::text, d.wilayah, CASE
            WHEN b.id IS NULL THEN 'missing'
            WHEN row_number() OVER (PARTITION BY b.id ORDER BY b.place, b.sim DESC, d.source_key) > 1 THEN 'second_record'
            ELSE (ARRAY['nik', 'near_nik', 'birth_date', 'card'])[b.place] END,
        b.id, b.sim,
        array_remove(ARRAY[CASE WHEN a.nik IS DISTINCT FROM d.nik THEN 'nik' END, CASE WHEN a.nama <> d.nama THEN 'nama' END,
            CASE WHEN a.tanggal_lahir IS DISTINCT FROM d.tanggal_lahir THEN 'tanggal_lahir' END,
            CASE WHEN a.nkk IS DISTINCT FROM d.nkk THEN 'nkk' END, CASE WHEN a.wilayah IS DISTINCT FROM d.wilayah THEN 'wilayah' END], NULL)
    FROM d LEFT JOIN best AS b USING (source_key) LEFT JOIN a ON a.id = b.id;
END $$;
COMMENT ON FUNCTION reg.migration_match(double precision) IS 'For each person of the DTKS list: how he was found in the registry (nik, near_nik, birth_date, card; second_record: somebody of the list was found there before; missing), and what differs';

CREATE FUNCTION reg.report_migration(threshold double precision DEFAULT 0.8)
    RETURNS TABLE (kecamatan dtsen.kode_wilayah, listed bigint, by_nik bigint, by_near_nik bigint, by_birth_date bigint, by_card bigint,
        second_records bigint, missing bigint, changed bigint, percent_changed numeric, new_persons bigint)
    LANGUAGE plpgsql STABLE ROWS 1000 SET search_path = pg_catalog, dtsen, pg_temp SET jit = off
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH m AS MATERIALIZED (SELECT * FROM reg.migration_match(threshold)),
    l AS (SELECT wilayah_parent(m.wilayah) AS kecamatan, count(*) AS listed, count(*) FILTER (WHERE m.how = 'nik') AS by_nik,
            count(*) FILTER (WHERE m.how = 'near_nik') AS by_near_nik, count(*) FILTER (WHERE m.how = 'birth_date') AS by_birth_date,
            count(*) FILTER (WHERE m.how = 'card') AS by_card, count(*) FILTER (WHERE m.how = 'second_record') AS second_records,
            count(*) FILTER (WHERE m.how = 'missing') AS missing,
            count(*) FILTER (WHERE m.how NOT IN ('missing', 'second_record') AND cardinality(m.changes) > 0) AS changed
        FROM m GROUP BY 1),
    n AS (SELECT wilayah_parent(a.wilayah) AS kecamatan, count(*) AS new_persons FROM reg.anggota AS a
        WHERE a.status = 'aktif' AND NOT EXISTS (SELECT FROM m WHERE m.anggota_id = a.id) GROUP BY 1)
    SELECT coalesce(l.kecamatan, n.kecamatan), coalesce(l.listed, 0), coalesce(l.by_nik, 0), coalesce(l.by_near_nik, 0),
        coalesce(l.by_birth_date, 0), coalesce(l.by_card, 0), coalesce(l.second_records, 0), coalesce(l.missing, 0), coalesce(l.changed, 0),
        round(100.0 * l.changed / nullif(l.listed, 0), 1), coalesce(n.new_persons, 0)
    FROM l FULL JOIN n ON n.kecamatan = l.kecamatan ORDER BY 1;
END $$;
COMMENT ON FUNCTION reg.report_migration(double precision) IS 'From DTKS to this registry, by district: listed, found and how, second records, missing, found with something changed (number, and percent of those listed), and persons who were not listed';
-- Registry reg: who is entitled to a programme, and why.
--
-- A reason is a code with its sign: +desil:3 speaks for, -flag:aparatur against.
-- docs/program.md lists them.

CREATE FUNCTION reg.anggota_facts(asof date)
    RETURNS TABLE (anggota_id bigint, keluarga_id bigint, age integer, sekolah text, disabilitas integer, hamil boolean)
    LANGUAGE sql STABLE ROWS 100000
BEGIN ATOMIC
    -- A disability is much difficulty (2) or none of a function left (1), of the
    -- nine questions on functions; it is severe where one is lost. The body is
    -- parsed now, so that a query for one family is planned as one.
    SELECT a.id, a.keluarga_id,
        CASE WHEN a.tanggal_lahir <= asof THEN extract(year FROM age(asof::timestamp, a.tanggal_lahir::timestamp))::integer END,
        CASE a.partisipasi_sekolah WHEN 1 THEN 'belum' WHEN 3 THEN 'tidak' WHEN 2 THEN l.sekolah::text END,
        CASE WHEN f.worst <= 1 THEN 2 WHEN f.worst <= 2 THEN 1 ELSE 0 END,
        EXISTS (SELECT FROM reg.flag AS h WHERE h.anggota_id = a.id AND h.kind = 'hamil'
            AND h.noted_on <= asof AND (h.valid_to IS NULL OR h.valid_to >= asof))
    FROM reg.anggota AS a
    LEFT JOIN reg.school_level AS l ON l.jenjang = a.jenjang_tertinggi
    CROSS JOIN LATERAL (SELECT nullif(least(nullif(a.penglihatan, 0), nullif(a.pendengaran, 0), nullif(a.berjalan_atau_naik_tangga, 0),
        nullif(a.menggunakan_tangan_jari, 0), nullif(a.belajar_kemampuan_intelektual, 0), nullif(a.pengendalian_perilaku, 0),
        nullif(a.berbicara_komunikasi, 0), nullif(a.mengurus_diri, 0), nullif(a.mengingat_berkonsentrasi, 0)), 0) AS worst) AS f
    WHERE a.status = 'aktif';
END;
COMMENT ON FUNCTION reg.anggota_facts(date) IS 'What components of programmes ask of each active person, at a date';

CREATE FUNCTION reg.program_asof(program text, edisi_id integer) RETURNS date
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    asof date;
BEGIN
    SELECT (e.publish_at AT TIME ZONE 'Asia/Jakarta')::date INTO asof FROM reg.edisi AS e WHERE e.id = program_asof.edisi_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no edition %', program_asof.edisi_id USING ERRCODE = 'no_data_found';
    END IF;
    IF NOT EXISTS (SELECT FROM reg.program AS p WHERE p.program = program_asof.program) THEN
        RAISE EXCEPTION 'there is no programme "%"', program_asof.program USING ERRCODE = 'no_data_found',
            HINT = 'Table program of the registry lists them.';
    END IF;
    IF NOT EXISTS (SELECT FROM reg.program_rule AS r WHERE r.program = program_asof.program AND r.valid_from <= asof) THEN
        RAISE EXCEPTION 'programme "%" has no rule for edition %', program_asof.program, program_asof.edisi_id
            USING ERRCODE = 'no_data_found', HINT = format('A row of program_rule must begin on %s or before.', asof);
    END IF;
    RETURN asof;
END $$;
COMMENT ON FUNCTION reg.program_asof(text, integer) IS 'Day whose rules judge an edition: when it is due, in Jakarta; an error if there is no such edition, programme or rule';

CREATE FUNCTION reg.program_base(program text, edisi_id integer, model_version text DEFAULT NULL, only_keluarga bigint DEFAULT NULL)
    RETURNS TABLE (keluarga_id bigint, wilayah dtsen.kode_wilayah, person_count integer, skor double precision, desil integer)
    LANGUAGE plpgsql STABLE ROWS 100000 SET search_path = pg_catalog, dtsen, pg_temp
    SET jit = off SET plan_cache_mode = force_custom_plan
AS $$
#variable_conflict use_column
DECLARE
    scope text;
    region dtsen.kode_wilayah;
    asof date := reg.program_asof(program, edisi_id);
BEGIN
    SELECT p.wilayah, r.desil_scope INTO region, scope
    FROM reg.program AS p JOIN reg.program_rule AS r USING (program)
    WHERE p.program = program_base.program AND r.valid_from <= asof ORDER BY r.valid_from DESC LIMIT 1;
    IF model_version IS NULL THEN
        RETURN QUERY SELECT d.keluarga_id, d.wilayah, d.person_count, d.skor,
            CASE scope WHEN 'nasional' THEN d.desil_nasional WHEN 'provinsi' THEN d.desil_provinsi ELSE d.desil_kabupaten END::integer
        FROM reg.desil AS d
        WHERE d.edisi_id = program_base.edisi_id AND (region IS NULL OR d.wilayah <@ region)
        AND (only_keluarga IS NULL OR d.keluarga_id = only_keluarga);
        RETURN;
    END IF;
    -- Another model: its own cuts, from the families of the edition that the login sees.
    RETURN QUERY
        WITH f AS MATERIALIZED (
            SELECT d.keluarga_id, d.wilayah, d.person_count, s.skor,
                CASE scope WHEN 'provinsi' THEN wilayah_parent(d.wilayah, 1) WHEN 'kabupaten' THEN wilayah_parent(d.wilayah, 2) END AS part
            FROM reg.desil AS d
            LEFT JOIN reg.skor AS s ON s.keluarga_id = d.keluarga_id AND s.model_version = program_base.model_version
            WHERE d.edisi_id = program_base.edisi_id),
        c AS (SELECT f.part, desil_cuts(f.skor, f.person_count) AS cuts FROM f WHERE f.skor IS NOT NULL GROUP BY f.part)
        SELECT f.keluarga_id, f.wilayah, f.person_count, f.skor, desil(f.skor, c.cuts)::integer
        FROM f LEFT JOIN c ON c.part IS NOT DISTINCT FROM f.part
        WHERE (region IS NULL OR f.wilayah <@ region) AND (only_keluarga IS NULL OR f.keluarga_id = only_keluarga);
END $$;
COMMENT ON FUNCTION reg.program_base(text, integer, text, bigint) IS 'Families of an edition in the region of a programme, with the decile by which it judges; with a model, as that model would rank them';

CREATE FUNCTION reg.program_eligibility(program text, edisi_id integer, desil_to integer DEFAULT NULL,
    model_version text DEFAULT NULL, only_keluarga bigint DEFAULT NULL)
    RETURNS TABLE (keluarga_id bigint, anggota_id bigint, wilayah dtsen.kode_wilayah, person_count integer,
        skor double precision, desil integer, verdict text, reasons text[])
    LANGUAGE plpgsql STABLE ROWS 100000 SET search_path = pg_catalog, dtsen, pg_temp
    SET jit = off SET enable_nestloop = off SET plan_cache_mode = force_custom_plan
AS $$
#variable_conflict use_column
DECLARE
    asof date := reg.program_asof(program, edisi_id);
BEGIN
    RETURN QUERY
    WITH p AS MATERIALIZED (SELECT x.* FROM reg.program AS x WHERE x.program = program_eligibility.program),
    r AS MATERIALIZED (
        SELECT x.*, coalesce(program_eligibility.desil_to, x.desil_to) AS last_desil
        FROM reg.program_rule AS x, p WHERE x.program = p.program AND x.valid_from <= asof
        ORDER BY x.valid_from DESC LIMIT 1),
    flagged AS MATERIALIZED (
        -- a flag on a member counts for his family, one on a family for its members
        SELECT f.keluarga_id, CASE WHEN p.unit = 'anggota' THEN f.anggota_id END AS anggota_id, g.effect,
            array_agg(DISTINCT f.kind::text) AS kinds
        FROM p JOIN reg.program_flag AS g ON g.program = p.program
        JOIN reg.flag AS f ON f.kind = g.kind AND f.noted_on <= asof AND (f.valid_to IS NULL OR f.valid_to >= asof)
        WHERE only_keluarga IS NULL OR f.keluarga_id = only_keluarga
        GROUP BY 1, 2, 3),
    met AS MATERIALIZED (
        SELECT a.keluarga_id, CASE WHEN p.unit = 'anggota' THEN a.anggota_id END AS anggota_id, array_agg(DISTINCT c.code::text) AS codes
        FROM p JOIN reg.program_component AS c ON c.program = p.program
        JOIN reg.anggota_facts(asof) AS a ON komponen_applies(
            ROW (c.code, c.amount, c.min_age, c.max_age, c.sekolah, c.disabilitas, c.hamil)::komponen_program,
            a.age, a.sekolah, a.disabilitas, a.hamil)
        WHERE only_keluarga IS NULL OR a.keluarga_id = only_keluarga
        GROUP BY 1, 2),
    elsewhere AS MATERIALIZED (
        SELECT k.keluarga_id, CASE WHEN p.unit = 'anggota' THEN k.anggota_id END AS anggota_id, array_agg(DISTINCT k.program::text) AS programs
        FROM p JOIN reg.kepesertaan AS k ON k.exclusive_group = p.exclusive_group AND k.program <> p.program
            AND k.valid_from <= asof AND (k.valid_to IS NULL OR k.valid_to >= asof)
        WHERE only_keluarga IS NULL OR k.keluarga_id = only_keluarga
        GROUP BY 1, 2),
    unit AS (
        SELECT b.*, NULL::bigint AS anggota_id
        FROM reg.program_base(program_eligibility.program, program_eligibility.edisi_id,
            program_eligibility.model_version, only_keluarga) AS b, p
        WHERE p.unit = 'keluarga'
        UNION ALL
        SELECT b.*, a.id
        FROM reg.program_base(program_eligibility.program, program_eligibility.edisi_id,
            program_eligibility.model_version, only_keluarga) AS b
        JOIN reg.anggota AS a ON a.keluarga_id = b.keluarga_id AND a.status = 'aktif', p
        WHERE p.unit = 'anggota' AND (only_keluarga IS NULL OR a.keluarga_id = only_keluarga)),
    judged AS (
        SELECT u.*, coalesce(u.desil BETWEEN r.desil_from AND r.last_desil, r.takes_unranked) AS desil_ok,
            NOT r.needs_component OR m.codes IS NOT NULL AS component_ok, r.needs_component, m.codes, o.programs,
            coalesce(i.kinds, '{}') || coalesce(fi.kinds, '{}') AS including, coalesce(x.kinds, '{}') || coalesce(fx.kinds, '{}') AS excluding
        FROM unit AS u CROSS JOIN r
        LEFT JOIN met AS m ON m.keluarga_id = u.keluarga_id AND coalesce(m.anggota_id, 0) = coalesce(u.anggota_id, 0)
        LEFT JOIN elsewhere AS o ON o.keluarga_id = u.keluarga_id AND coalesce(o.anggota_id, 0) = coalesce(u.anggota_id, 0)
        LEFT JOIN flagged AS i ON i.keluarga_id = u.keluarga_id AND coalesce(i.anggota_id, 0) = coalesce(u.anggota_id, 0) AND i.effect = 'include'
        LEFT JOIN flagged AS x ON x.keluarga_id = u.keluarga_id AND coalesce(x.anggota_id, 0) = coalesce(u.anggota_id, 0) AND x.effect = 'exclude'
        LEFT JOIN flagged AS fi ON u.anggota_id IS NOT NULL AND fi.keluarga_id = u.keluarga_id AND fi.anggota_id IS NULL AND fi.effect = 'include'
        LEFT JOIN flagged AS fx ON u.anggota_id IS NOT NULL AND fx.keluarga_id = u.keluarga_id AND fx.anggota_id IS NULL AND fx.effect = 'exclude')
    SELECT j.keluarga_id, j.anggota_id, j.wilayah, j.person_count, j.skor, j.desil,
        CASE WHEN j.programs IS NOT NULL THEN 'tidak_layak'
            WHEN cardinality(j.including) > 0 AND cardinality(j.excluding) > 0 THEN 'bertentangan'
            WHEN cardinality(j.excluding) > 0 THEN 'tidak_layak'
            WHEN cardinality(j.including) > 0 OR (j.desil_ok AND j.component_ok) THEN 'layak'
            ELSE 'tidak_layak' END,
        ARRAY[CASE WHEN j.desil_ok THEN '+' ELSE '-' END || 'desil:' || coalesce(j.desil::text, 'none')]
            || CASE WHEN NOT j.needs_component THEN '{}' WHEN j.codes IS NULL THEN '{-component}'
                ELSE ARRAY(SELECT '+component:' || c FROM unnest(j.codes) AS c ORDER BY c COLLATE "C") END::text[]
            || ARRAY(SELECT '+flag:' || k FROM unnest(j.including) AS k ORDER BY k COLLATE "C")
            || ARRAY(SELECT '-flag:' || k FROM unnest(j.excluding) AS k ORDER BY k COLLATE "C")
            || ARRAY(SELECT '-program:' || k FROM unnest(j.programs) AS k ORDER BY k COLLATE "C")
    FROM judged AS j;
END $$;
COMMENT ON FUNCTION reg.program_eligibility(text, integer, integer, text, bigint) IS 'Verdict on each family, or person, or on those of one family, of an edition by the rules of a programme, with its reasons; with another last decile or another model: what would be. Verdicts: layak (entitled), tidak_layak (not), bertentangan (one rule requires, another excludes)';

CREATE FUNCTION reg.program_conflicts(program text, edisi_id integer)
    RETURNS TABLE (keluarga_id bigint, anggota_id bigint, wilayah dtsen.kode_wilayah, requires text, excludes text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT e.keluarga_id, e.anggota_id, e.wilayah, t.requires, t.excludes
    FROM reg.program_eligibility(program, edisi_id) AS e,
    LATERAL (SELECT string_agg(format('%s (%s)', g.kind, coalesce(g.legal_basis, 'no basis given')), ', ' ORDER BY g.kind COLLATE "C")
                FILTER (WHERE g.effect = 'include'),
            string_agg(format('%s (%s)', g.kind, coalesce(g.legal_basis, 'no basis given')), ', ' ORDER BY g.kind COLLATE "C")
                FILTER (WHERE g.effect = 'exclude')
        FROM reg.program_flag AS g
        WHERE g.program = program_conflicts.program
        AND CASE g.effect WHEN 'include' THEN '+' ELSE '-' END || 'flag:' || g.kind = ANY (e.reasons)) AS t (requires, excludes)
    WHERE e.verdict = 'bertentangan'
$$;
COMMENT ON FUNCTION reg.program_conflicts(text, integer) IS 'Families or persons whom one rule of a programme requires and another excludes, with both rules';

CREATE FUNCTION reg.program_check()
    RETURNS TABLE (row_id text, check_name text, severity text, value text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT p.program::text, f.check_name, f.severity, f.value, f.hint
    FROM reg.program AS p,
    LATERAL (
        SELECT 'no rule', 'error', NULL, 'Nobody can be judged: add a row to program_rule.'
        WHERE NOT EXISTS (SELECT FROM reg.program_rule AS r WHERE r.program = p.program)
        UNION ALL
        SELECT 'no component', 'error', r.valid_from::text, 'The rule needs components and there is none: nobody is entitled.'
        FROM reg.program_rule AS r
        WHERE r.program = p.program AND r.needs_component
        AND NOT EXISTS (SELECT FROM reg.program_component AS c WHERE c.program = p.program)
        UNION ALL
        SELECT 'components without use', 'warning', NULL, 'There are components and no rule asks for one.'
        WHERE EXISTS (SELECT FROM reg.program_component AS c WHERE c.program = p.program)
        AND NOT EXISTS (SELECT FROM reg.program_rule AS r WHERE r.program = p.program AND r.needs_component)
        UNION ALL
        SELECT 'family flag of a person programme', 'warning', g.kind::text, 'It counts for every member of a flagged family.'
        FROM reg.program_flag AS g JOIN reg.flag_kind AS k USING (kind)
        WHERE g.program = p.program AND p.unit = 'anggota' AND NOT k.of_member
        UNION ALL
        SELECT 'quotas do not add up', 'warning', format('edition %s: %s in all, %s in its regions', n.edisi_id, n.quota, s.total),
            'The quota of the country and those of its regions differ.'
        FROM reg.program_quota AS n,
        LATERAL (SELECT sum(q.quota) AS total FROM reg.program_quota AS q
            WHERE (q.program, q.edisi_id) = (n.program, n.edisi_id) AND q.wilayah IS NOT NULL) AS s
        WHERE n.program = p.program AND n.wilayah IS NULL AND s.total <> n.quota
    ) AS f (check_name, severity, value, hint)
    ORDER BY 1, 2, 4
$$;
COMMENT ON FUNCTION reg.program_check() IS 'What is wrong with the rules of the programmes; no row: nothing';
-- Registry reg: lists of candidates, and what happens to them.

CREATE FUNCTION reg.daftar_line(place bigint, keluarga_id bigint, anggota_id bigint, is_in boolean, reasons text[])
    RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$ SELECT format('%s %s %s %s %s', place, keluarga_id, anggota_id, is_in::integer, array_to_string(reasons, ',')) $$;
COMMENT ON FUNCTION reg.daftar_line(bigint, bigint, bigint, boolean, text[]) IS 'What the digest of a list takes of a candidate';

CREATE FUNCTION reg.daftar_digest(daftar_id bigint) RETURNS bytea
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT sha256(convert_to(coalesce(string_agg(reg.daftar_line(i.place, i.keluarga_id, i.anggota_id, i.is_in, i.reasons),
        E'\n' ORDER BY i.place), ''), 'UTF8'))
    FROM reg.daftar_item AS i WHERE i.daftar_id = daftar_digest.daftar_id
$$;
COMMENT ON FUNCTION reg.daftar_digest(bigint) IS 'SHA-256 of the candidates of a list';

CREATE FUNCTION reg.program_ranked(program text, edisi_id integer, wilayah text, quota integer,
    desil_to integer DEFAULT NULL, model_version text DEFAULT NULL)
    RETURNS TABLE (place bigint, keluarga_id bigint, anggota_id bigint, wilayah_code dtsen.kode_wilayah, skor double precision,
        desil integer, verdict text, is_in boolean, reasons text[])
    LANGUAGE sql STABLE ROWS 100000 SET search_path = pg_catalog, dtsen, pg_temp
    SET jit = off
AS $$
    -- Whoever has one score has one place: a group of equal scores that the
    -- quota would cut stays out as a whole, and somebody decides.
    SELECT row_number() OVER (ORDER BY c.verdict DESC, c.skor NULLS LAST, c.keluarga_id, c.anggota_id),
        c.keluarga_id, c.anggota_id, c.wilayah, c.skor, c.desil, c.verdict,
        c.verdict = 'layak' AND (quota IS NULL OR c.upto <= quota),
        c.reasons || CASE WHEN c.verdict = 'bertentangan' THEN '{-contradiction}'
            WHEN quota IS NULL OR c.upto <= quota THEN '{}'
            WHEN c.before < quota THEN '{-quota_tie}' ELSE '{-quota}' END::text[]
    FROM (SELECT e.*, count(*) OVER (PARTITION BY e.verdict ORDER BY e.skor NULLS LAST) AS upto,
            rank() OVER (PARTITION BY e.verdict ORDER BY e.skor NULLS LAST) - 1 AS before
        FROM reg.program_eligibility(program, edisi_id, desil_to, model_version) AS e
        WHERE e.verdict IN ('layak', 'bertentangan')
        AND (program_ranked.wilayah IS NULL OR e.wilayah <@ program_ranked.wilayah::dtsen.kode_wilayah)) AS c
$$;
COMMENT ON FUNCTION reg.program_ranked(text, integer, text, integer, integer, text) IS 'Candidates of a programme with their places, lowest score first, and who is within the quota';

CREATE FUNCTION reg.program_list(program text, edisi_id integer, wilayah text DEFAULT NULL, quota integer DEFAULT NULL)
    RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    list bigint;
    places integer := quota;
BEGIN
    IF NOT EXISTS (SELECT FROM reg.edisi AS e WHERE e.id = program_list.edisi_id AND e.state = 'terbit') THEN
        RAISE EXCEPTION 'edition % is not published', edisi_id
            USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'A list is made by an official edition; program_what_if() looks ahead.';
    END IF;
    IF places < 0 THEN
        RAISE EXCEPTION 'a quota must not be negative' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF places IS NULL THEN
        SELECT q.quota INTO places FROM reg.program_quota AS q
        WHERE q.program = program_list.program AND q.edisi_id = program_list.edisi_id
        AND q.wilayah IS NOT DISTINCT FROM program_list.wilayah::dtsen.kode_wilayah;
    END IF;
    WITH r AS MATERIALIZED (
        SELECT x.* FROM reg.program_ranked(program_list.program, program_list.edisi_id, program_list.wilayah, places) AS x),
    d AS (
        INSERT INTO reg.daftar (program, edisi_id, wilayah, quota, item_count, in_count, digest)
        SELECT program_list.program, program_list.edisi_id, program_list.wilayah::dtsen.kode_wilayah, places, count(*),
            count(*) FILTER (WHERE r.is_in), sha256(convert_to(coalesce(string_agg(
                reg.daftar_line(r.place, r.keluarga_id, r.anggota_id, r.is_in, r.reasons), E'\n' ORDER BY r.place), ''), 'UTF8'))
        FROM r
        RETURNING id),
    i AS (
        INSERT INTO reg.daftar_item (daftar_id, place, keluarga_id, anggota_id, wilayah, skor, desil, verdict, is_in, reasons)
        SELECT d.id, r.place, r.keluarga_id, r.anggota_id, r.wilayah_code, r.skor, r.desil, r.verdict, r.is_in, r.reasons
        FROM r, d)
    SELECT d.id INTO list FROM d;
    RETURN list;
END $$;
COMMENT ON FUNCTION reg.program_list(text, integer, text, integer) IS 'Makes the list of candidates of a programme by a published edition, for a region or all that the caller sees, and marks who is within the quota (the argument, else that of program_quota); returns its number';

CREATE FUNCTION reg.daftar_verify(daftar_id bigint) RETURNS TABLE (problem text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT 'there is no such list' WHERE NOT EXISTS (SELECT FROM reg.daftar AS d WHERE d.id = daftar_verify.daftar_id)
    UNION ALL
    SELECT p.problem
    FROM reg.daftar AS d,
    LATERAL (SELECT count(*) AS n, count(*) FILTER (WHERE i.is_in) AS taken FROM reg.daftar_item AS i WHERE i.daftar_id = d.id) AS c,
    LATERAL (SELECT count(*) AS n FROM (
            (SELECT i.place::bigint, i.keluarga_id, i.anggota_id, i.is_in, i.reasons FROM reg.daftar_item AS i WHERE i.daftar_id = d.id)
            EXCEPT (SELECT r.place, r.keluarga_id, r.anggota_id, r.is_in, r.reasons
                FROM reg.program_ranked(d.program, d.edisi_id, d.wilayah::text, d.quota) AS r)) AS x) AS changed,
    LATERAL (VALUES
        (c.n <> d.item_count OR c.taken <> d.in_count, format('it has %s candidates and %s places given, not %s and %s', c.n, c.taken, d.item_count, d.in_count)),
        (d.digest <> reg.daftar_digest(d.id), 'its items are not those that were listed'),
        (d.quota IS NOT NULL AND c.taken > d.quota, format('%s are in, the quota is %s', c.taken, d.quota)),
        (changed.n > 0, format('%s candidates would be listed otherwise today', changed.n))) AS p (is_so, problem)
    WHERE d.id = daftar_verify.daftar_id AND p.is_so
$$;
COMMENT ON FUNCTION reg.daftar_verify(bigint) IS 'Checks a list: its counts, its digest, its quota, and whether the rules give the same today; no row: all is right';

CREATE FUNCTION reg.program_enrol(daftar_id bigint) RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    problem text;
    n bigint;
BEGIN
    SELECT v.problem INTO problem FROM reg.daftar_verify(program_enrol.daftar_id) AS v LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'list % cannot be taken as it is', daftar_id
            USING ERRCODE = 'SE101', DETAIL = format('The check says: %s.', problem), HINT = 'Make a new list.';
    END IF;
    INSERT INTO reg.kepesertaan (program, keluarga_id, anggota_id, wilayah, daftar_id)
    SELECT d.program, i.keluarga_id, i.anggota_id, k.wilayah, d.id
    FROM reg.daftar AS d
    JOIN reg.daftar_item AS i ON i.daftar_id = d.id AND i.is_in
    JOIN reg.keluarga AS k ON k.id = i.keluarga_id
    WHERE d.id = program_enrol.daftar_id
    AND NOT EXISTS (SELECT FROM reg.kepesertaan AS o WHERE o.program = d.program AND o.keluarga_id = i.keluarga_id
        AND o.anggota_id IS NOT DISTINCT FROM i.anggota_id AND o.valid_to IS NULL)
    ORDER BY i.place;
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END $$;
COMMENT ON FUNCTION reg.program_enrol(bigint) IS 'Takes those of a list who have a place, and are not yet in it, into the programme; returns how many';

CREATE FUNCTION reg.program_why(program text, edisi_id integer, keluarga_id bigint, anggota_id bigint DEFAULT NULL)
    RETURNS TABLE (speaks text, code text, explanation text)
    LANGUAGE sql STABLE ROWS 5 SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    WITH e AS MATERIALIZED (
        SELECT x.* FROM reg.program_eligibility(program, edisi_id, only_keluarga => program_why.keluarga_id) AS x
        WHERE (program_why.anggota_id IS NULL OR x.anggota_id = program_why.anggota_id)),
    r AS (SELECT x.* FROM reg.program_rule AS x
        WHERE x.program = program_why.program AND x.valid_from <= reg.program_asof(program, edisi_id) ORDER BY x.valid_from DESC LIMIT 1)
    SELECT 'verdict', e.verdict, CASE WHEN e.anggota_id IS NOT NULL THEN format('person %s', e.anggota_id) ELSE format('family %s', e.keluarga_id) END
    FROM e
    UNION ALL
    SELECT CASE left(c, 1) WHEN '+' THEN 'for' ELSE 'against' END, substr(c, 2), CASE
        WHEN c ~ '^.desil:' THEN format('its %s decile is %s; the programme takes %s to %s%s', r.desil_scope,
            coalesce(e.desil::text, 'not ranked'), r.desil_from, r.desil_to, CASE WHEN r.takes_unranked THEN ' and families not ranked' ELSE '' END)
        WHEN c ~ '^.component:' THEN 'meets the component ' || (SELECT k.label_en FROM reg.program_component AS k
            WHERE k.program = program_why.program AND k.code = substr(c, 12))
        WHEN c = '-component' THEN 'meets no component of the programme'
        WHEN c ~ '^.flag:' THEN (SELECT format('flag "%s"%s', k.label_en, (SELECT string_agg(DISTINCT format(', of %s on %s', f.source, f.noted_on), '')
                FROM reg.flag AS f WHERE f.kind = k.kind AND f.keluarga_id = e.keluarga_id
                AND (e.anggota_id IS NULL OR coalesce(f.anggota_id, e.anggota_id) = e.anggota_id)))
            FROM reg.flag_kind AS k WHERE k.kind = substr(c, 7))
        WHEN c ~ '^.program:' THEN 'is in another programme of the group: ' || (SELECT o.label_en FROM reg.program AS o WHERE o.program = substr(c, 10))
        END
    FROM e CROSS JOIN r, unnest(e.reasons) AS c
    UNION ALL
    SELECT CASE WHEN i.is_in THEN 'for' ELSE 'against' END, 'list',
        format('list %s gives place %s of %s candidates, %s', i.daftar_id, i.place, d.item_count, CASE
            WHEN i.is_in THEN 'within the quota' WHEN '-quota_tie' = ANY (i.reasons) THEN 'among equal scores that the quota would cut'
            WHEN '-contradiction' = ANY (i.reasons) THEN 'which waits for a decision' ELSE format('outside the quota of %s', d.quota) END)
    FROM e JOIN reg.daftar AS d ON d.program = program_why.program AND d.edisi_id = program_why.edisi_id
    JOIN reg.daftar_item AS i ON i.daftar_id = d.id AND i.keluarga_id = e.keluarga_id AND i.anggota_id IS NOT DISTINCT FROM e.anggota_id
    UNION ALL
    SELECT 'verdict', 'unknown', 'the edition, as far as the caller may see it, does not have this family or person'
    WHERE NOT EXISTS (SELECT FROM e)
$$;
COMMENT ON FUNCTION reg.program_why(text, integer, bigint, bigint) IS 'Why a family, or a person, is in or out: the verdict, each rule that speaks for or against, and its place on the lists';

CREATE FUNCTION reg.program_what_if(program text, edisi_id integer, desil_to integer DEFAULT NULL,
    model_version text DEFAULT NULL, quota integer DEFAULT NULL)
    RETURNS TABLE (kabupaten dtsen.kode_wilayah, entitled_now bigint, entitled_then bigint, gained bigint, lost bigint, in_quota_then bigint)
    LANGUAGE sql STABLE ROWS 100 SET search_path = pg_catalog, dtsen, pg_temp
    SET jit = off SET enable_nestloop = off
AS $$
    SELECT wilayah_parent(coalesce(n.wilayah, t.wilayah_code), 2), count(n.keluarga_id), count(t.keluarga_id),
        count(*) FILTER (WHERE n.keluarga_id IS NULL), count(*) FILTER (WHERE t.keluarga_id IS NULL), count(*) FILTER (WHERE t.is_in)
    FROM (SELECT * FROM reg.program_eligibility(program, edisi_id) AS e WHERE e.verdict = 'layak') AS n
    FULL JOIN (SELECT * FROM reg.program_ranked(program, edisi_id, NULL, quota, desil_to, model_version) AS r WHERE r.verdict = 'layak') AS t
        ON t.keluarga_id = n.keluarga_id AND coalesce(t.anggota_id, 0) = coalesce(n.anggota_id, 0)
    GROUP BY 1 ORDER BY 1
$$;
COMMENT ON FUNCTION reg.program_what_if(text, integer, integer, text, integer) IS 'What another last decile, another model or another quota would change, by regency; nothing is touched';

CREATE FUNCTION reg.double_aid(from_period date, to_period date DEFAULT NULL)
    RETURNS TABLE (exclusive_group text, period date, keluarga_id bigint, anggota_id bigint, wilayah dtsen.kode_wilayah,
        programs text[], owner_levels text[], amount numeric)
    LANGUAGE sql STABLE ROWS 100 SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT p.exclusive_group::text, r.period, r.keluarga_id, r.anggota_id, min(r.wilayah), array_agg(r.program::text ORDER BY r.program COLLATE "C"),
        array_agg(p.owner_level::text ORDER BY r.program COLLATE "C"), sum(r.amount)
    FROM reg.penerimaan AS r JOIN reg.program AS p USING (program)
    WHERE p.exclusive_group IS NOT NULL AND r.period BETWEEN from_period AND coalesce(to_period, from_period)
    GROUP BY p.exclusive_group, r.period, r.keluarga_id, r.anggota_id
    HAVING count(DISTINCT r.program) > 1
$$;
COMMENT ON FUNCTION reg.double_aid(date, date) IS 'Families or persons who were paid by two programmes of a group for one month';
-- Registry reg: reports. Each runs with the rights of who asks, so that
-- it counts the regions that he sees.

CREATE FUNCTION reg.desil_of(d reg.desil, scope text) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE scope WHEN 'nasional' THEN d.desil_nasional WHEN 'provinsi' THEN d.desil_provinsi
        WHEN 'kabupaten' THEN d.desil_kabupaten END::integer;
COMMENT ON FUNCTION reg.desil_of(reg.desil, text) IS 'Decile of a family by its scope: nasional, provinsi or kabupaten';

CREATE FUNCTION reg.movement_label(change integer) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN change <= -7 THEN 'extreme_fall' WHEN change <= -4 THEN 'significant_fall' WHEN change < 0 THEN 'fall'
        WHEN change = 0 THEN 'same' WHEN change <= 3 THEN 'rise' WHEN change <= 6 THEN 'significant_rise'
        WHEN change > 6 THEN 'extreme_rise' END;
COMMENT ON FUNCTION reg.movement_label(integer) IS 'Name of a change of decile: extreme from 7, significant from 4; NULL: not ranked in one of the editions';

CREATE FUNCTION reg.report_movement(from_edisi integer, to_edisi integer, scope text DEFAULT 'nasional')
    RETURNS TABLE (from_desil integer, to_desil integer, families bigint, persons bigint)
    LANGUAGE sql STABLE ROWS 121 SET search_path = pg_catalog, dtsen, pg_temp
    SET jit = off SET enable_nestloop = off
AS $$
    SELECT reg.desil_of(o, scope), reg.desil_of(n, scope), count(*), sum(n.person_count)
    FROM (SELECT * FROM reg.desil AS d WHERE d.edisi_id = from_edisi) AS o
    JOIN (SELECT * FROM reg.desil AS d WHERE d.edisi_id = to_edisi) AS n USING (keluarga_id)
    GROUP BY 1, 2 ORDER BY 1, 2
$$;
COMMENT ON FUNCTION reg.report_movement(integer, integer, text) IS 'How many families, and persons of the later edition, moved from which decile to which; families of both editions only';

CREATE FUNCTION reg.report_movers(from_edisi integer, to_edisi integer, smallest integer DEFAULT 4, scope text DEFAULT 'nasional')
    RETURNS TABLE (keluarga_id bigint, wilayah dtsen.kode_wilayah, from_desil integer, to_desil integer, movement text,
        source text, score_effect integer, cut_effect integer)
    LANGUAGE sql STABLE ROWS 1000 SET search_path = pg_catalog, dtsen, pg_temp
    SET jit = off SET enable_nestloop = off
AS $$
    -- What the new cuts alone would have done to the old score is the effect of
    -- the cuts, the rest that of the score.
    SELECT m.keluarga_id, m.wilayah, m.old_desil, m.new_desil, reg.movement_label(m.new_desil - m.old_desil),
        CASE WHEN k.is_gc_kemensos THEN 'ground_check' WHEN k.is_pbi_se THEN 'pbi_se' WHEN k.is_siks_ng THEN 'siks_ng' ELSE 'other' END,
        m.new_desil - desil(m.old_skor, c.cuts)::integer, desil(m.old_skor, c.cuts)::integer - m.old_desil
    FROM (SELECT n.keluarga_id, n.wilayah, o.skor AS old_skor, reg.desil_of(o, scope) AS old_desil,
            reg.desil_of(n, scope) AS new_desil, CASE scope WHEN 'provinsi' THEN wilayah_parent(n.wilayah, 1)
                WHEN 'kabupaten' THEN wilayah_parent(n.wilayah, 2) END AS part
        FROM (SELECT * FROM reg.desil AS d WHERE d.edisi_id = from_edisi) AS o
        JOIN (SELECT * FROM reg.desil AS d WHERE d.edisi_id = to_edisi) AS n USING (keluarga_id)) AS m
    JOIN reg.keluarga AS k ON k.id = m.keluarga_id
    LEFT JOIN (SELECT x.wilayah, array_agg(x.cut ORDER BY x.number) AS cuts FROM reg.desil_cut AS x
        WHERE x.edisi_id = to_edisi GROUP BY x.wilayah HAVING count(*) = 9) AS c ON c.wilayah IS NOT DISTINCT FROM m.part
    WHERE abs(m.new_desil - m.old_desil) >= smallest
    ORDER BY abs(m.new_desil - m.old_desil) DESC, m.keluarga_id
$$;
COMMENT ON FUNCTION reg.report_movers(integer, integer, integer, text) IS 'Families whose decile changed by so much or more, with what brought their data and how much of the change is due to their score and to the cuts';

CREATE FUNCTION reg.report_anomaly(asof date DEFAULT CURRENT_DATE)
    RETURNS TABLE (wilayah dtsen.kode_wilayah, keluarga_id bigint, anggota_id bigint, code text, severity text, days integer)
    LANGUAGE sql STABLE ROWS 1000 SET search_path = pg_catalog, dtsen, pg_temp
    SET jit = off SET enable_nestloop = off
AS $$
    SELECT x.wilayah, x.keluarga_id, x.anggota_id, x.code, x.severity, greatest(asof - x.since::date, 0)
    FROM (
        SELECT a.wilayah, a.keluarga_id, a.id AS anggota_id, 'nik_' || e.code AS code, 'error' AS severity, a.changed_at AS since
        FROM reg.anggota AS a, unnest(nik_errors(a.nik, asof)) AS e (code) WHERE a.status = 'aktif'
        UNION ALL
        SELECT a.wilayah, a.keluarga_id, a.id, 'nik_twice', 'error', a.changed_at
        FROM (SELECT *, count(*) OVER (PARTITION BY nik) AS n FROM reg.anggota WHERE status = 'aktif') AS a WHERE a.n > 1
        UNION ALL
        SELECT a.wilayah, a.keluarga_id, a.id, f.code, f.severity, a.changed_at
        FROM reg.anggota AS a,
        LATERAL (VALUES (a.tanggal_lahir IS NULL, 'birth_date_missing', 'warning'), (a.jenis_kelamin IS NULL, 'sex_missing', 'warning'),
            (a.tanggal_lahir > asof, 'born_later', 'error'), (a.tanggal_lahir < asof - interval '120 years', 'older_than_120', 'warning')) AS f (is_so, code, severity)
        WHERE a.status = 'aktif' AND f.is_so
        UNION ALL
        SELECT k.wilayah, k.id, NULL, f.code, f.severity, k.changed_at
        FROM reg.keluarga AS k
        LEFT JOIN (SELECT m.keluarga_id, count(*) AS n, count(*) FILTER (WHERE m.hubungan = 1) AS heads
            FROM reg.anggota AS m WHERE m.status = 'aktif' GROUP BY 1) AS c ON c.keluarga_id = k.id,
        LATERAL (VALUES (c.n IS NULL, 'no_member', 'error'), (c.n > 0 AND c.heads = 0, 'no_head', 'error'),
            (c.n <> k.jumlah_anggota, 'members_not_as_declared', 'warning')) AS f (is_so, code, severity)
        WHERE k.status = 'aktif' AND f.is_so
        UNION ALL
        SELECT c.wilayah, c.keluarga_id, c.id, f.code, f.severity, c.changed_at
        FROM reg.anggota AS c
        JOIN reg.anggota AS h ON h.keluarga_id = c.keluarga_id AND h.hubungan = 1 AND h.status = 'aktif',
        LATERAL (VALUES (c.hubungan = 3 AND c.tanggal_lahir <= h.tanggal_lahir, 'child_older_than_head', 'error'),
            (c.hubungan = 3 AND c.tanggal_lahir > h.tanggal_lahir AND c.tanggal_lahir < h.tanggal_lahir + interval '10 years', 'child_close_to_head', 'warning'),
            (c.hubungan = 2 AND c.jenis_kelamin = h.jenis_kelamin, 'spouse_of_same_sex', 'error')) AS f (is_so, code, severity)
        WHERE c.status = 'aktif' AND c.id <> h.id AND f.is_so) AS x
$$;
COMMENT ON FUNCTION reg.report_anomaly(date) IS 'What is wrong, or looks wrong, with persons and families, and for how many days: since the record last changed. The village of the record mends it';

CREATE FUNCTION reg.report_worklist(edisi_id integer, last_desil integer DEFAULT 2, months integer DEFAULT 3)
    RETURNS TABLE (wilayah dtsen.kode_wilayah, keluarga_id bigint, desil integer, last_visit date)
    LANGUAGE sql STABLE ROWS 1000 SET search_path = pg_catalog, dtsen, pg_temp
    SET jit = off SET timezone = 'Asia/Jakarta'
AS $$
    SELECT d.wilayah, d.keluarga_id, d.desil_nasional::integer, v.last
    FROM reg.desil AS d
    JOIN reg.keluarga AS k ON k.id = d.keluarga_id AND k.status = 'aktif'
    LEFT JOIN (SELECT x.keluarga_id, max(x.visited_on) AS last FROM reg.kunjungan AS x
        JOIN reg.kunjungan_result AS r ON r.code = x.result AND r.is_done GROUP BY 1) AS v ON v.keluarga_id = d.keluarga_id
    WHERE d.edisi_id = report_worklist.edisi_id AND d.desil_nasional <= last_desil
    AND (v.last IS NULL OR v.last < CURRENT_DATE - make_interval(months => months))
    ORDER BY d.wilayah, d.desil_nasional, d.keluarga_id
$$;
COMMENT ON FUNCTION reg.report_worklist(integer, integer, integer) IS 'Poor families of an edition whom nobody has seen for so many months';

CREATE FUNCTION reg.report_unregistered()
    RETURNS TABLE (wilayah dtsen.kode_wilayah, cards bigint, persons bigint)
    LANGUAGE sql STABLE ROWS 1000 SET search_path = pg_catalog, dtsen, pg_temp
    SET jit = off SET enable_nestloop = off
AS $$
    SELECT d.wilayah, count(DISTINCT d.nkk), count(*)
    FROM reg.dukcapil AS d
    WHERE d.owner_scope = (SELECT reg.scope_common()) AND d.status_hidup = 'hidup' AND d.nkk IS NOT NULL
    AND NOT EXISTS (SELECT FROM reg.keluarga AS k WHERE k.nkk = d.nkk)
    AND NOT EXISTS (SELECT FROM reg.keluarga_nkk AS o WHERE o.nkk = d.nkk)
    AND NOT EXISTS (SELECT FROM reg.anggota AS a WHERE a.nik = d.nik AND a.status = 'aktif')
    GROUP BY 1 ORDER BY 1
$$;
COMMENT ON FUNCTION reg.report_unregistered() IS 'Family cards, and their living persons, of the civil registry that this registry does not know, by village';

CREATE FUNCTION reg.report_funnel(edisi_id integer)
    RETURNS TABLE (wilayah dtsen.kode_wilayah, state text, label_en text, proposals bigint, oldest_days integer, days_to_cut_off integer)
    LANGUAGE sql STABLE ROWS 1000 SET search_path = pg_catalog, dtsen, pg_temp SET timezone = 'Asia/Jakarta'
AS $$
    SELECT u.wilayah, u.state::text, s.label_en::text, count(*), CURRENT_DATE - min(u.changed_at)::date, e.cut_off_at::date - CURRENT_DATE
    FROM reg.usulan AS u JOIN reg.edisi AS e ON e.id = u.edisi_id
    JOIN reg.state AS s ON s.machine = 'usulan' AND s.state = u.state
    WHERE u.edisi_id = report_funnel.edisi_id
    GROUP BY u.wilayah, u.state, s.label_en, s.sort_order, e.cut_off_at ORDER BY u.wilayah, s.sort_order
$$;
COMMENT ON FUNCTION reg.report_funnel(integer) IS 'Proposals of an edition by village and state, how long the oldest has been in it, and the days to the cut-off (negative: passed)';

CREATE FUNCTION reg.report_evidence()
    RETURNS TABLE (wilayah dtsen.kode_wilayah, musyawarah_id bigint, held_on date, state text, missing text[])
    LANGUAGE sql STABLE ROWS 1000 SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT m.wilayah, m.id, m.held_on, m.state::text, ARRAY(SELECT n.kind::text FROM reg.bukti_kind AS n
        WHERE n.of_meeting AND NOT EXISTS (SELECT FROM reg.bukti AS b WHERE b.musyawarah_id = m.id AND b.kind = n.kind)
        ORDER BY n.kind COLLATE "C")
    FROM reg.musyawarah AS m WHERE m.state <> 'batal' ORDER BY m.wilayah, m.held_on
$$;
COMMENT ON FUNCTION reg.report_evidence() IS 'Which evidence each village meeting lacks; an empty list: none';

CREATE FUNCTION reg.report_quality(asof date DEFAULT CURRENT_DATE)
    RETURNS TABLE (kecamatan dtsen.kode_wilayah, persons bigint, accuracy numeric, completeness numeric, currency numeric)
    LANGUAGE sql STABLE ROWS 1000 SET search_path = pg_catalog, dtsen, pg_temp
    SET jit = off SET enable_nestloop = off
AS $$
    WITH run AS (SELECT max(p.id) AS id FROM reg.pemadanan AS p)
    SELECT wilayah_parent(a.wilayah), count(*),
        round(100.0 * count(*) FILTER (WHERE s.verdict = 'agree') / nullif(count(s.verdict), 0), 1),
        round(100.0 * avg(num_nonnulls(a.tanggal_lahir, a.jenis_kelamin, a.status_kawin, a.partisipasi_sekolah, a.jenjang_tertinggi,
            a.status_bekerja, a.penglihatan, a.mengurus_diri, h.jenis_lantai_terluas, h.jenis_dinding_terluas, h.jenis_atap_terluas,
            h.sumber_air_minum_utama, h.sumber_penerangan_utama, h.fasilitas_bab, t.kepemilikan_aset) / 15.0), 1),
        round(100.0 * count(*) FILTER (WHERE greatest(a.changed_at::date, k.changed_at::date, v.last) >= asof - interval '3 months') / count(*), 1)
    FROM reg.anggota AS a
    JOIN reg.keluarga AS k ON k.id = a.keluarga_id AND k.status = 'aktif'
    LEFT JOIN reg.rumah AS h ON h.keluarga_id = a.keluarga_id
    LEFT JOIN reg.aset AS t ON t.keluarga_id = a.keluarga_id
    LEFT JOIN (SELECT r.anggota_id, p.verdict FROM reg.pemadanan_result AS r JOIN run ON run.id = r.pemadanan_id
        JOIN reg.padan_status AS p ON p.status = r.status) AS s ON s.anggota_id = a.id
    LEFT JOIN (SELECT x.keluarga_id, max(x.visited_on) AS last FROM reg.kunjungan AS x GROUP BY 1) AS v ON v.keluarga_id = a.keluarga_id
    WHERE a.status = 'aktif'
    GROUP BY 1 ORDER BY 1
$$;
COMMENT ON FUNCTION reg.report_quality(date) IS 'Per district, in percent of active persons: accuracy (matched with the civil registry in the last run), completeness (of fifteen variables of person, house and assets, the share that is filled), currency (changed or visited within three months)';

CREATE FUNCTION reg.report_control_totals()
    RETURNS TABLE (name text, source text, noted_on date, wilayah dtsen.kode_wilayah, unit text, total bigint, parts_sum bigint,
        difference bigint, registry_count bigint, verdict text)
    LANGUAGE sql STABLE ROWS 100 SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT c.name::text, c.source::text, c.noted_on, c.wilayah, c.unit::text, c.total, p.total, p.total - c.total, r.n,
        CASE WHEN p.total IS NULL THEN 'no parts' WHEN p.total <> c.total THEN 'parts do not add up' ELSE 'parts add up' END
    FROM reg.control_total AS c
    LEFT JOIN LATERAL (SELECT sum(x.value)::bigint AS total, array_agg(x.desil) AS desils FROM reg.control_part AS x
        WHERE x.control_id = c.id) AS p ON true
    LEFT JOIN LATERAL (SELECT CASE c.unit WHEN 'keluarga' THEN count(*) ELSE sum(d.person_count) END::bigint AS n
        FROM reg.desil AS d
        WHERE d.edisi_id = c.edisi_id AND (c.wilayah IS NULL OR d.wilayah <@ c.wilayah)
        AND (p.desils IS NULL OR array_position(p.desils, NULL) IS NOT NULL OR d.desil_nasional = ANY (p.desils))
        HAVING c.edisi_id IS NOT NULL) AS r ON true
    ORDER BY c.noted_on, c.name
$$;
COMMENT ON FUNCTION reg.report_control_totals() IS 'Published totals beside the sum of their published parts and the count of the registry (of the deciles that the parts name, in the edition of the total)';

CREATE FUNCTION reg.report_officer(from_day date, to_day date)
    RETURNS TABLE (login name, day date, proposals bigint, evidence bigint, visits bigint)
    LANGUAGE sql STABLE ROWS 1000 SET search_path = pg_catalog, dtsen, pg_temp SET timezone = 'Asia/Jakarta'
AS $$
    SELECT x.login, x.day, count(*) FILTER (WHERE x.what = 'u'), count(*) FILTER (WHERE x.what = 'b'), count(*) FILTER (WHERE x.what = 'k')
    FROM (SELECT u.created_by, u.created_at::date, 'u' FROM reg.usulan AS u
        UNION ALL SELECT b.created_by, b.created_at::date, 'b' FROM reg.bukti AS b
        UNION ALL SELECT k.created_by, k.created_at::date, 'k' FROM reg.kunjungan AS k) AS x (login, day, what)
    WHERE x.day BETWEEN from_day AND to_day
    GROUP BY 1, 2 ORDER BY 1, 2
$$;
COMMENT ON FUNCTION reg.report_officer(date, date) IS 'Proposals, evidence and visits that each login entered, by day';

CREATE FUNCTION reg.report_exclusion(program text, edisi_id integer)
    RETURNS TABLE (kecamatan dtsen.kode_wilayah, entitled bigint, entitled_without bigint, without_right bigint)
    LANGUAGE sql STABLE ROWS 1000 SET search_path = pg_catalog, dtsen, pg_temp
    SET jit = off SET enable_nestloop = off
AS $$
    SELECT wilayah_parent(e.wilayah), count(*) FILTER (WHERE e.verdict = 'layak'),
        count(*) FILTER (WHERE e.verdict = 'layak' AND k.id IS NULL), count(*) FILTER (WHERE e.verdict = 'tidak_layak' AND k.id IS NOT NULL)
    FROM reg.program_eligibility(program, edisi_id) AS e
    LEFT JOIN reg.kepesertaan AS k ON k.program = report_exclusion.program AND k.keluarga_id = e.keluarga_id
        AND coalesce(k.anggota_id, 0) = coalesce(e.anggota_id, 0) AND k.valid_to IS NULL
    GROUP BY 1 ORDER BY 1
$$;
COMMENT ON FUNCTION reg.report_exclusion(text, integer) IS 'Per district: who is entitled to a programme, of these who is not in it (exclusion), and who is in it without a right (inclusion)';
-- Registry reg: its machines, as data.
--
-- A ministry changes a step, a role or a guard by a new version of these rows
-- (dtsen.machine_draft()); nothing of it is in code. A row stays under the
-- version in which it was born.

ALTER TABLE reg.usulan ADD machine_version integer NOT NULL DEFAULT 1;
ALTER TABLE reg.musyawarah ADD machine_version integer NOT NULL DEFAULT 1;
ALTER TABLE reg.batch ADD machine_version integer NOT NULL DEFAULT 1;
ALTER TABLE reg.edisi ADD machine_version integer NOT NULL DEFAULT 1;
COMMENT ON COLUMN reg.usulan.machine_version IS 'Version of its machine that it is under';
COMMENT ON COLUMN reg.musyawarah.machine_version IS 'Version of its machine that it is under';
COMMENT ON COLUMN reg.batch.machine_version IS 'Version of its machine that it is under';
COMMENT ON COLUMN reg.edisi.machine_version IS 'Version of its machine that it is under';

INSERT INTO reg.machine (machine, initial_state, label_id, label_en) VALUES
    ('usulan', 'draf', 'usulan', 'proposal'),
    ('musyawarah', 'rencana', 'musyawarah', 'village meeting'),
    ('batch', 'terbuka', 'berkas penandatanganan', 'batch for signature'),
    ('edisi', 'buka', 'edisi', 'edition');

INSERT INTO reg.state (machine, state, is_final, is_published, label_id, label_en, sort_order) VALUES
    ('usulan', 'draf', false, false, 'draf', 'draft', 1),
    ('usulan', 'ditarik', true, false, 'ditarik', 'withdrawn', 2),
    ('usulan', 'diajukan', false, false, 'diajukan', 'submitted', 3),
    ('usulan', 'disepakati', false, false, 'disepakati musyawarah', 'agreed by the meeting', 4),
    ('usulan', 'ditolak_musdes', true, false, 'ditolak musyawarah', 'refused by the meeting', 5),
    ('usulan', 'dikembalikan', false, false, 'dikembalikan', 'returned', 6),
    ('usulan', 'diverifikasi', false, false, 'diverifikasi', 'verified', 7),
    ('usulan', 'disahkan', false, false, 'disahkan kepala OPD', 'endorsed', 8),
    ('usulan', 'ditandatangani', false, false, 'ditandatangani kepala daerah', 'signed', 9),
    ('usulan', 'diserahkan', false, false, 'diserahkan', 'handed over', 10),
    ('usulan', 'diolah', false, false, 'diolah', 'processed', 11),
    ('usulan', 'cek_ulang', false, false, 'cek ulang', 're-check', 12),
    ('usulan', 'disanggah', false, false, 'disanggah', 'objected', 13),
    ('usulan', 'ditetapkan', false, false, 'ditetapkan', 'determined', 14),
    ('usulan', 'terbit', true, true, 'terbit', 'published', 15),
    ('usulan', 'kedaluwarsa', true, false, 'kedaluwarsa', 'expired', 16),
    ('musyawarah', 'rencana', false, false, 'rencana', 'planned', 1),
    ('musyawarah', 'berlangsung', false, false, 'berlangsung', 'held', 2),
    ('musyawarah', 'selesai', false, false, 'selesai', 'ended', 3),
    ('musyawarah', 'sah', true, false, 'sah', 'valid', 4),
    ('musyawarah', 'batal', true, false, 'batal', 'cancelled', 5),
    ('batch', 'terbuka', false, false, 'terbuka', 'open', 1),
    ('batch', 'disegel', false, false, 'disegel', 'sealed', 2),
    ('batch', 'ditandatangani', false, false, 'ditandatangani', 'signed', 3),
    ('batch', 'diterima', true, false, 'diterima', 'received', 4),
    ('batch', 'ditolak', true, false, 'ditolak', 'refused', 5),
    ('edisi', 'buka', false, false, 'pemutakhiran', 'open for updates', 1),
    ('edisi', 'cut_off', false, false, 'cut-off', 'cut off', 2),
    ('edisi', 'pemeringkatan', false, false, 'pemeringkatan', 'ranking', 3),
    ('edisi', 'cek_ulang', false, false, 'cek ulang', 're-check', 4),
    ('edisi', 'ditetapkan', false, false, 'ditetapkan', 'determined', 5),
    ('edisi', 'terbit', true, true, 'terbit', 'published', 6);

INSERT INTO reg.transition
    (machine, from_state, to_state, action, actor_role, guards, distinct_from, needs_reason) VALUES
    ('usulan', 'draf', 'ditarik', 'tarik', 'operator_desa', '{reg.usulan_own}', '{}', false),
    ('usulan', 'draf', 'diajukan', 'ajukan', 'operator_desa', '{reg.usulan_hold_edition,reg.usulan_hold_village,reg.usulan_complete,reg.usulan_evidence(formulir)}', '{}', false),
    ('usulan', 'diajukan', 'disepakati', 'setujui', 'kades',
        '{reg.usulan_meeting}', '{born,ajukan,perbaiki}', false),
    ('usulan', 'diajukan', 'ditolak_musdes', 'tolak', 'kades', '{reg.usulan_meeting}', '{}', true),
    ('usulan', 'disepakati', 'diverifikasi', 'verifikasi', 'verifikator',
        '{reg.usulan_checked}', '{born,ajukan,perbaiki,setujui}', false),
    ('usulan', 'disepakati', 'dikembalikan', 'kembalikan', 'verifikator', '{}', '{}', true),
    ('usulan', 'diverifikasi', 'dikembalikan', 'kembalikan', 'kepala_opd', '{}', '{}', true),
    ('usulan', 'dikembalikan', 'diajukan', 'perbaiki', 'operator_desa',
        '{reg.usulan_hold_edition,reg.usulan_hold_village,reg.usulan_repaired,reg.usulan_complete,reg.usulan_evidence(formulir)}', '{}', false),
    ('usulan', 'diverifikasi', 'disahkan', 'sahkan', 'kepala_opd',
        '{reg.usulan_sealed}', '{born,ajukan,perbaiki,setujui,verifikasi}', false),
    ('usulan', 'disahkan', 'ditandatangani', 'tanda_tangan', 'kepala_daerah',
        '{reg.usulan_signed}', '{born,ajukan,perbaiki,setujui,verifikasi,sahkan}', false),
    ('usulan', 'ditandatangani', 'diserahkan', 'serahkan', 'kemensos', '{reg.usulan_hold_edition,reg.usulan_received}', '{}', false),
    ('usulan', 'diserahkan', 'diolah', 'peringkat', 'bps', '{reg.usulan_hold_edition,reg.usulan_apply}', '{}', false),
    ('usulan', 'diolah', 'cek_ulang', 'buka_cek_ulang', 'bps', '{reg.usulan_hold_edition,reg.usulan_in_recheck}', '{}', false),
    ('usulan', 'cek_ulang', 'disanggah', 'sanggah', 'kepala_daerah', '{reg.usulan_hold_edition,reg.usulan_in_window}', '{}', true),
    ('usulan', 'disanggah', 'cek_ulang', 'tindak_lanjut', 'bps', '{reg.usulan_hold_edition,reg.usulan_in_recheck}', '{}', true),
    ('usulan', 'cek_ulang', 'ditetapkan', 'tetapkan', 'bps', '{reg.usulan_hold_edition,reg.usulan_determined}', '{peringkat}', false),
    ('usulan', 'ditetapkan', 'terbit', 'terbitkan', 'bps', '{reg.usulan_hold_edition,reg.usulan_published}', '{}', false),
    ('usulan', 'draf', 'kedaluwarsa', 'habis_waktu', 'kemensos', '{reg.usulan_hold_edition,reg.usulan_overdue}', '{}', false),
    ('usulan', 'diajukan', 'kedaluwarsa', 'habis_waktu', 'kemensos', '{reg.usulan_hold_edition,reg.usulan_overdue}', '{}', false),
    ('usulan', 'disepakati', 'kedaluwarsa', 'habis_waktu', 'kemensos', '{reg.usulan_hold_edition,reg.usulan_overdue}', '{}', false),
    ('usulan', 'diverifikasi', 'kedaluwarsa', 'habis_waktu', 'kemensos', '{reg.usulan_hold_edition,reg.usulan_overdue}', '{}', false),
    ('usulan', 'disahkan', 'kedaluwarsa', 'habis_waktu', 'kemensos', '{reg.usulan_hold_edition,reg.usulan_overdue}', '{}', true),
    ('usulan', 'ditandatangani', 'kedaluwarsa', 'habis_waktu', 'kemensos', '{reg.usulan_hold_edition,reg.usulan_overdue}', '{}', true),
    ('usulan', 'diserahkan', 'kedaluwarsa', 'habis_waktu', 'kemensos', '{reg.usulan_hold_edition,reg.usulan_overdue}', '{}', true),
    ('usulan', 'dikembalikan', 'kedaluwarsa', 'habis_waktu', 'kemensos', '{reg.usulan_hold_edition,reg.usulan_overdue}', '{}', false),
    ('musyawarah', 'rencana', 'berlangsung', 'mulai', 'operator_desa', '{}', '{}', false),
    ('musyawarah', 'berlangsung', 'selesai', 'selesaikan', 'operator_desa', '{}', '{}', false),
    ('musyawarah', 'selesai', 'sah', 'sahkan', 'kades', '{reg.musyawarah_complete}', '{born,mulai,selesaikan}', false),
    ('musyawarah', 'rencana', 'batal', 'batalkan', 'kades', '{}', '{}', true),
    ('musyawarah', 'berlangsung', 'batal', 'batalkan', 'kades', '{}', '{}', true),
    ('musyawarah', 'selesai', 'batal', 'batalkan', 'kades', '{}', '{}', true),
    ('batch', 'terbuka', 'disegel', 'segel', 'kepala_opd', '{reg.batch_hold_edition,reg.batch_is_whole}', '{}', false),
    ('batch', 'disegel', 'ditandatangani', 'tanda_tangan', 'kepala_daerah',
        '{reg.batch_hold_edition,reg.batch_is_signed,reg.batch_villages_closed}', '{born,segel}', false),
    ('batch', 'disegel', 'ditolak', 'tolak', 'kepala_daerah', '{}', '{}', true),
    ('batch', 'ditandatangani', 'diterima', 'terima', 'kemensos', '{reg.batch_hold_edition,reg.batch_in_time}', '{}', false),
    ('edisi', 'buka', 'cut_off', 'tutup', 'kemensos', '{reg.edisi_is_due}', '{}', false),
    ('edisi', 'cut_off', 'pemeringkatan', 'mulai_peringkat', 'bps', '{reg.edisi_is_due}', '{}', false),
    ('edisi', 'pemeringkatan', 'cek_ulang', 'buka_cek_ulang', 'bps', '{reg.edisi_is_ranked}', '{}', false),
    ('edisi', 'cek_ulang', 'pemeringkatan', 'ulang', 'bps', '{}', '{}', true),
    ('edisi', 'cek_ulang', 'ditetapkan', 'tetapkan', 'bps', '{reg.edisi_is_answered}', '{mulai_peringkat}', false),
    ('edisi', 'ditetapkan', 'terbit', 'terbitkan', 'bps',
        '{reg.edisi_is_due,reg.edisi_is_whole}', '{}', false);
-- Registry reg: a region signs when every village of it has closed.

CREATE TABLE reg.desa_tutup (
    edisi_id integer NOT NULL REFERENCES reg.edisi,
    wilayah dtsen.kode_wilayah NOT NULL REFERENCES reg.wilayah
        CHECK (dtsen.wilayah_level(wilayah) = 4),
    is_absent boolean NOT NULL DEFAULT false,
    reason text,
    closed_at timestamptz NOT NULL DEFAULT now(),
    closed_by name NOT NULL DEFAULT CURRENT_USER,
    PRIMARY KEY (edisi_id, wilayah),
    CHECK (NOT is_absent OR coalesce(length(btrim(reason)), 0) > 0)
);
COMMENT ON TABLE reg.desa_tutup IS 'Villages that are done with an edition: closed by their head, or listed as absent by the social office';
COMMENT ON COLUMN reg.desa_tutup.edisi_id IS 'The edition';
COMMENT ON COLUMN reg.desa_tutup.wilayah IS 'The village';
COMMENT ON COLUMN reg.desa_tutup.is_absent IS 'Listed as absent, not closed by the village itself';
COMMENT ON COLUMN reg.desa_tutup.reason IS 'Why it is absent';
COMMENT ON COLUMN reg.desa_tutup.closed_at IS 'When';
COMMENT ON COLUMN reg.desa_tutup.closed_by IS 'Login that said so';
ALTER TABLE reg.desa_tutup ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON reg.desa_tutup USING (
    wilayah >= (SELECT reg.scope_low()) AND wilayah <= (SELECT reg.scope_high())
    AND ((SELECT reg.scope_list() IS NULL)
        OR wilayah = ANY ((SELECT reg.scope_list())::dtsen.kode_wilayah[])));
COMMENT ON POLICY scope ON reg.desa_tutup IS 'Rows of the regions that table actor gives the login';

CREATE FUNCTION reg.desa_tutup_by_role() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, dtsen, pg_temp
AS $$
DECLARE
    needed text := CASE WHEN NEW.is_absent THEN 'kepala_opd' ELSE 'kades' END;
    edition record;
BEGIN
    PERFORM reg.trigger_is_of(TG_RELID, 'reg.desa_tutup');
    IF NOT EXISTS (SELECT FROM reg.actor AS a
        WHERE a.login = reg.scope_login() AND a.actor_role = needed
        AND (a.wilayah IS NULL OR starts_with(NEW.wilayah::text, replace(a.wilayah, '.', '')))) THEN
        RAISE EXCEPTION 'village % is closed by others', NEW.wilayah
            USING ERRCODE = 'insufficient_privilege',
                HINT = format('It takes an actor with role "%s" for it.', needed);
    END IF;
    SELECT * INTO edition FROM reg.edisi AS e WHERE e.id = NEW.edisi_id FOR SHARE;
    IF edition.state NOT IN ('buka', 'cut_off') THEN
        RAISE EXCEPTION 'edition % is past its cut-off and draw', edition.name
            USING ERRCODE = 'SE002', DETAIL = format('It is in state "%s".', edition.state);
    END IF;
    -- whoever submits a proposal of this village has the row share-locked
    PERFORM FROM reg.wilayah AS w WHERE w.kode = NEW.wilayah FOR NO KEY UPDATE;
    NEW.closed_at := clock_timestamp();
    NEW.closed_by := reg.scope_login();
    RETURN NEW;
END $$;
COMMENT ON FUNCTION reg.desa_tutup_by_role() IS 'Trigger: the head of a village closes it, the head of the office lists it as absent, before the draw. SECURITY DEFINER, because nobody but the owner reads actor';
CREATE TRIGGER by_role BEFORE INSERT ON reg.desa_tutup
    FOR EACH ROW WHEN (NOT dtsen.is_apply_worker()) EXECUTE FUNCTION reg.desa_tutup_by_role();

CREATE FUNCTION reg.desa_tutup_is_done() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, dtsen, pg_temp
AS $$
DECLARE
    open record;
BEGIN
    PERFORM reg.trigger_is_of(TG_RELID, 'reg.desa_tutup');
    SELECT n.wilayah, count(*) AS n INTO open
    FROM new_rows AS n JOIN reg.usulan AS u ON u.wilayah = n.wilayah AND u.edisi_id = n.edisi_id
    WHERE u.state = 'diajukan' AND NOT n.is_absent GROUP BY n.wilayah LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'village % has proposals that no meeting has decided on: %', open.wilayah, open.n
            USING ERRCODE = 'SE003', HINT = 'Agree to them, refuse them, or take them to another edition first.';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION reg.desa_tutup_is_done() IS 'Trigger: a village closes when its submitted proposals are decided; those of one that is absent wait for a later edition. SECURITY DEFINER, because it counts all of them';
CREATE TRIGGER is_done AFTER INSERT ON reg.desa_tutup
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION reg.desa_tutup_is_done();
CREATE TRIGGER immutable BEFORE INSERT OR UPDATE OR DELETE ON reg.desa_tutup
    FOR EACH ROW EXECUTE FUNCTION dtsen.immutable();
CREATE TRIGGER immutable_truncate BEFORE TRUNCATE ON reg.desa_tutup
    FOR EACH STATEMENT EXECUTE FUNCTION dtsen.immutable();

CREATE FUNCTION reg.village_close(edisi_id integer, village dtsen.kode_wilayah) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    INSERT INTO reg.desa_tutup (edisi_id, wilayah) VALUES (edisi_id, village)
$$;
COMMENT ON FUNCTION reg.village_close(integer, dtsen.kode_wilayah) IS 'The head of a village closes an edition for it: no more proposals';

CREATE FUNCTION reg.village_absent(edisi_id integer, region dtsen.kode_wilayah, reason text) RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
DECLARE
    n bigint;
BEGIN
    INSERT INTO reg.desa_tutup (edisi_id, wilayah, is_absent, reason)
    SELECT village_absent.edisi_id, w.kode, true, village_absent.reason
    FROM reg.wilayah AS w
    WHERE w.level = 4 AND w.status = 'present' AND w.kode <@ region
    AND NOT EXISTS (SELECT FROM reg.desa_tutup AS d
        WHERE d.edisi_id = village_absent.edisi_id AND d.wilayah = w.kode)
    ORDER BY w.kode;
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END $$;
COMMENT ON FUNCTION reg.village_absent(integer, dtsen.kode_wilayah, text) IS 'The head of the social office lists all villages of a region that have not closed an edition as absent; returns how many';
-- Registry reg: guards of the steps of a proposal.
--
-- A guard is asked once a statement, with the keys of all rows that take the
-- step, and lists those that must not. It runs as the owner. enable_seqscan is
-- off where keys are looked up: statistics are behind when a batch of 300,000 was
-- filled a moment ago, and a sequential scan for each key would not end.

CREATE FUNCTION reg.usulan_hold_edition(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
AS $$
BEGIN
    -- whoever takes the edition on waits for this transaction, and the reverse
    PERFORM FROM reg.edisi AS e
    WHERE e.id IN (SELECT u.edisi_id FROM reg.usulan AS u WHERE u.id = ANY (keys::bigint[]))
    ORDER BY e.id FOR SHARE;
END $$;
COMMENT ON FUNCTION reg.usulan_hold_edition(text[]) IS 'Guard that refuses nothing: keeps the editions of proposals in the state that the guards after it see';

CREATE FUNCTION reg.usulan_hold_village(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, dtsen, pg_temp SET enable_seqscan = off
AS $$
BEGIN
    PERFORM FROM reg.wilayah AS w
    WHERE w.kode IN (SELECT u.wilayah FROM reg.usulan AS u WHERE u.id = ANY (keys::bigint[]))
    ORDER BY w.kode FOR SHARE;
END $$;
COMMENT ON FUNCTION reg.usulan_hold_village(text[]) IS 'Guard that refuses nothing: keeps the villages of proposals from closing while the guards after it look';

CREATE FUNCTION reg.usulan_own(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp SET enable_seqscan = off
AS $$
    SELECT k, '42501', 'a proposal is withdrawn by the person who entered it',
        'The head of the village can refuse it with the meeting.'
    FROM unnest(keys) AS k
    JOIN reg.usulan AS u ON u.id = k::bigint
    WHERE NOT EXISTS (SELECT FROM journal_history('reg', 'usulan', k, u.wilayah::text) AS j
        JOIN reg.actor AS a ON a.person_key = j.person_key
        WHERE j.action = 'born' AND a.login = reg.scope_login())
$$;
COMMENT ON FUNCTION reg.usulan_own(text[]) IS 'Guard: proposals that another person entered';

CREATE FUNCTION reg.usulan_problem(kind text, payload jsonb) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT CASE kind
        WHEN 'baru' THEN CASE
            WHEN to_nkk(payload ->> 'nkk') IS NULL THEN '"nkk" is no number of a family card'
            WHEN length(payload ->> 'alamat') BETWEEN 1 AND 300 IS NOT TRUE THEN '"alamat" is missing or too long'
            WHEN jsonb_typeof(payload -> 'anggota') IS DISTINCT FROM 'array' THEN '"anggota" is no list'
            WHEN (SELECT count(*) FILTER (WHERE a ->> 'hubungan' = '1') <> 1 OR bool_or(
                    to_nik(a ->> 'nik') IS NULL OR NOT is_nama(a ->> 'nama')
                    OR (a ->> 'hubungan') !~ '^[1-8]$' OR (a ->> 'hubungan') IS NULL
                    OR (a ->> 'jenis_kelamin') !~ '^[12]$' OR (a ->> 'jenis_kelamin') IS NULL
                    OR reg.text_date(a ->> 'tanggal_lahir') IS NULL)
                    OR count(DISTINCT to_nik(a ->> 'nik')) <> count(*)
                FROM jsonb_array_elements(payload -> 'anggota') AS a)
            THEN 'each of "anggota" needs nik, nama, hubungan, jenis_kelamin and tanggal_lahir; one is the head; no nik twice'
            END
        WHEN 'ubah' THEN CASE
            WHEN payload = '{}' THEN 'it changes nothing'
            WHEN EXISTS (SELECT FROM jsonb_each_text(payload) AS p
                WHERE (p.key = 'alamat' AND length(p.value) BETWEEN 1 AND 300) IS NOT TRUE
                AND NOT EXISTS (SELECT FROM reg.import_column AS c
                    WHERE c.kind = 'keluarga' AND c.target IN ('rumah', 'aset')
                    AND c.target_column = p.key AND c.type IN ('code', 'count')
                    AND p.value ~ '^[0-9]{1,4}$'))
            THEN 'each key is alamat or a column of rumah or aset, each value a whole number below 10000'
            END
        WHEN 'perbaikan_nik' THEN CASE
            WHEN to_nik(payload ->> 'nik') IS NULL THEN '"nik" is no NIK' END
        WHEN 'ganda' THEN CASE
            WHEN to_nik(payload ->> 'nik') IS NULL THEN '"nik" is no NIK' END
        WHEN 'meninggal' THEN CASE
            WHEN reg.text_date(payload ->> 'tanggal') IS NULL THEN '"tanggal" is no day up to today' END
        WHEN 'pindah' THEN CASE
            WHEN NOT EXISTS (SELECT FROM reg.wilayah AS w
                WHERE w.kode = to_kode_wilayah(payload ->> 'wilayah') AND w.level = 4 AND w.status = 'present')
            THEN '"wilayah" is no village'
            WHEN payload ? 'alamat' AND length(payload ->> 'alamat') BETWEEN 1 AND 300 IS NOT TRUE
            THEN '"alamat" is empty or too long' END
        WHEN 'hapus' THEN CASE
            WHEN NOT EXISTS (SELECT FROM reg.keberadaan AS s
                WHERE s.status = payload ->> 'status' AND NOT s.is_ranked)
            THEN '"status" is not one of the list keberadaan'
            WHEN length(payload ->> 'alasan') > 0 IS NOT TRUE THEN '"alasan" is missing' END
        END
$$;
COMMENT ON FUNCTION reg.usulan_problem(text, jsonb) IS 'What is wrong with the content of a proposal; NULL: nothing';

CREATE FUNCTION reg.usulan_complete(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp SET enable_seqscan = off
AS $$
    SELECT k, p.code, p.message, p.hint
    FROM unnest(keys) AS k
    JOIN reg.usulan AS u ON u.id = k::bigint
    JOIN reg.usulan_kind AS n USING (kind)
    JOIN reg.edisi AS e ON e.id = u.edisi_id
    LEFT JOIN reg.keluarga AS f ON f.id = u.keluarga_id
    LEFT JOIN reg.anggota AS a ON a.id = u.anggota_id,
    LATERAL (SELECT reg.usulan_problem(u.kind, u.payload) AS problem) AS c,
    LATERAL (VALUES
        (e.state <> 'buka' OR clock_timestamp() >= e.cut_off_at, 'SE002',
            'edition ' || e.name || ' takes no more proposals',
            'Set edisi_id to an edition that is open.'),
        (EXISTS (SELECT FROM reg.desa_tutup AS d WHERE d.edisi_id = u.edisi_id AND d.wilayah = u.wilayah), 'SE002',
            'the village has closed edition ' || e.name, 'Set edisi_id to a later edition.'),
        ((u.keluarga_id IS NOT NULL) <> n.needs_family, 'SE101',
            CASE WHEN n.needs_family THEN 'the proposal names no family' ELSE 'a new family is not one of the registry' END, NULL),
        (n.needs_member AND u.anggota_id IS NULL, 'SE101', 'the proposal names no member', NULL),
        (a.keluarga_id <> u.keluarga_id, 'SE101', 'the member is not of this family', NULL),
        (f.wilayah <> u.wilayah, 'SE101', 'the family lives in another village',
            'Its present village proposes, also a move.'),
        (u.kind IN ('perbaikan_nik', 'ganda') AND (u.kind = 'ganda') IS DISTINCT FROM EXISTS (
                SELECT FROM reg.anggota AS o WHERE o.nik = to_nik(u.payload ->> 'nik')
                AND o.status = 'aktif' AND o.id <> u.anggota_id
                AND (u.kind = 'perbaikan_nik' OR o.keluarga_id = u.keluarga_id)),
            'SE101', CASE u.kind WHEN 'ganda' THEN 'no other record of the family has this NIK'
                ELSE 'another record of the registry has this NIK' END,
            'Kind ganda is for the second record of a person in a family, perbaikan_nik for a wrong NIK.'),
        (c.problem IS NOT NULL, 'SE101', 'the content of the proposal is not complete: ' || c.problem, NULL)
    ) AS p (is_refused, code, message, hint)
    WHERE p.is_refused
$$;
COMMENT ON FUNCTION reg.usulan_complete(text[]) IS 'Guard: proposals that are not complete, or too late for their edition';

CREATE FUNCTION reg.usulan_evidence(keys text[], bukti_kind text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
AS $$
    SELECT k, 'SE003', format('evidence of kind "%s" is missing', e.kind), 'Note it with the digest of its file first.'
    FROM unnest(keys) AS k, unnest(bukti_kind) AS e (kind)
    WHERE NOT EXISTS (SELECT FROM reg.bukti AS b WHERE b.usulan_id = k::bigint AND b.kind = e.kind)
$$;
COMMENT ON FUNCTION reg.usulan_evidence(text[], text[]) IS 'Guard with arguments: proposals without one of these kinds of evidence; table bukti_kind knows them';

CREATE FUNCTION reg.usulan_meeting(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp SET enable_seqscan = off
    SET timezone = 'Asia/Jakarta' -- which day it is, is not for the client to say
AS $$
    SELECT k, 'SE003', CASE
        WHEN m.id IS NULL THEN 'no village meeting decided on the proposal'
        WHEN m.state <> 'sah' THEN 'the village meeting is not valid'
        WHEN m.held_on < u.created_at::date THEN 'the village meeting was before the proposal'
        WHEN m.held_on < u.payload_changed_at::date
        THEN 'the content of the proposal changed after the village meeting'
        ELSE 'the village meeting is too old' END,
        'Link a meeting with its four kinds of evidence, or note a statement of responsibility (sptjm).'
    FROM unnest(keys) AS k
    JOIN reg.usulan AS u ON u.id = k::bigint
    JOIN reg.edisi AS e ON e.id = u.edisi_id
    LEFT JOIN reg.musyawarah AS m ON m.id = u.musyawarah_id
    WHERE (m.state = 'sah' AND m.held_on >= u.created_at::date
        AND m.held_on >= u.payload_changed_at::date
        AND m.held_on >= CURRENT_DATE - e.meeting_max_age) IS NOT TRUE
    AND NOT EXISTS (SELECT FROM reg.bukti AS b WHERE b.usulan_id = u.id AND b.kind = 'sptjm')
$$;
COMMENT ON FUNCTION reg.usulan_meeting(text[]) IS 'Guard: proposals without a valid and recent meeting of their village, and without a statement instead';

CREATE FUNCTION reg.usulan_checked(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp SET enable_seqscan = off
AS $$
    SELECT k, 'SE003', 'neither a field check nor a matching of the family is on record',
        'Note evidence of kind cek_lapangan, or run the matching.'
    FROM unnest(keys) AS k
    JOIN reg.usulan AS u ON u.id = k::bigint
    WHERE NOT EXISTS (SELECT FROM reg.bukti AS b WHERE b.usulan_id = u.id AND b.kind = 'cek_lapangan')
    AND NOT EXISTS (SELECT FROM reg.anggota AS a
        JOIN reg.pemadanan_result AS r ON r.anggota_id = a.id
        WHERE a.keluarga_id = u.keluarga_id)
$$;
COMMENT ON FUNCTION reg.usulan_checked(text[]) IS 'Guard: proposals without a field check and without a matching';

CREATE FUNCTION reg.usulan_repaired(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp SET enable_seqscan = off
AS $$
    SELECT k, 'SE003', 'the proposal is as it was when it was returned', 'Change its content first.'
    FROM unnest(keys) AS k
    JOIN reg.usulan AS u ON u.id = k::bigint
    WHERE u.payload_changed_at <= (
        SELECT max(j.at) FROM journal_history('reg', 'usulan', k, u.wilayah::text) AS j
        WHERE j.action = 'kembalikan')
$$;
COMMENT ON FUNCTION reg.usulan_repaired(text[]) IS 'Guard: returned proposals that were not changed';

CREATE FUNCTION reg.usulan_sealed(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp SET enable_seqscan = off
AS $$
    SELECT k, 'SE003', 'the proposal is in no sealed batch', 'Seal its batch first.'
    FROM unnest(keys) AS k
    WHERE NOT EXISTS (SELECT FROM reg.batch_item AS i JOIN reg.batch AS b ON b.id = i.batch_id
        WHERE i.usulan_id = k::bigint AND b.state = 'disegel')
$$;
COMMENT ON FUNCTION reg.usulan_sealed(text[]) IS 'Guard: proposals that are in no sealed batch';

CREATE FUNCTION reg.usulan_signed(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp SET enable_seqscan = off
AS $$
    SELECT k, 'SE003', 'the batch of the proposal is not signed', 'Sign the batch, not the proposal.'
    FROM unnest(keys) AS k
    WHERE NOT EXISTS (SELECT FROM reg.batch_item AS i JOIN reg.batch AS b ON b.id = i.batch_id
        WHERE i.usulan_id = k::bigint AND b.state = 'ditandatangani')
$$;
COMMENT ON FUNCTION reg.usulan_signed(text[]) IS 'Guard: proposals whose batch is not signed';

CREATE FUNCTION reg.usulan_edition_is(keys text[], states text[], is_in_window boolean)
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp SET enable_seqscan = off
AS $$
    SELECT k, 'SE002', 'edition ' || e.name || ' is in state "' || e.state || '"',
        CASE WHEN e.state = ANY (states) THEN 'The window of the re-check is closed.'
            ELSE 'The step is taken while it is in state ' || array_to_string(states, ' or ') || '.' END
    FROM unnest(keys) AS k
    JOIN reg.usulan AS u ON u.id = k::bigint
    JOIN reg.edisi AS e ON e.id = u.edisi_id
    WHERE e.state <> ALL (states) OR (is_in_window
        AND clock_timestamp() NOT BETWEEN e.recheck_from AND e.recheck_to)
$$;
COMMENT ON FUNCTION reg.usulan_edition_is(text[], text[], boolean) IS 'Proposals whose edition is in none of the states, or outside its re-check window';

CREATE FUNCTION reg.usulan_received(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp SET enable_seqscan = off
AS $$
    SELECT k, 'SE003', 'the batch of the proposal is not received', 'Receive the batch first.'
    FROM unnest(keys) AS k
    WHERE NOT EXISTS (SELECT FROM reg.batch_item AS i JOIN reg.batch AS b ON b.id = i.batch_id
        WHERE i.usulan_id = k::bigint AND b.state = 'diterima')
    UNION ALL
    SELECT * FROM reg.usulan_edition_is(keys, '{buka,cut_off}', false)
$$;
COMMENT ON FUNCTION reg.usulan_received(text[]) IS 'Guard: proposals whose batch is not received, or that come after the draw';

CREATE FUNCTION reg.usulan_in_recheck(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$ SELECT * FROM reg.usulan_edition_is(keys, '{cek_ulang}', false) $$;
COMMENT ON FUNCTION reg.usulan_in_recheck(text[]) IS 'Guard: proposals whose edition is not in its re-check';

CREATE FUNCTION reg.usulan_in_window(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$ SELECT * FROM reg.usulan_edition_is(keys, '{cek_ulang}', true) $$;
COMMENT ON FUNCTION reg.usulan_in_window(text[]) IS 'Guard: proposals whose edition is outside the window of its re-check';

CREATE FUNCTION reg.usulan_determined(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$ SELECT * FROM reg.usulan_edition_is(keys, '{ditetapkan}', false) $$;
COMMENT ON FUNCTION reg.usulan_determined(text[]) IS 'Guard: proposals whose edition is not determined';

CREATE FUNCTION reg.usulan_published(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$ SELECT * FROM reg.usulan_edition_is(keys, '{terbit}', false) $$;
COMMENT ON FUNCTION reg.usulan_published(text[]) IS 'Guard: proposals whose edition is not published';

CREATE FUNCTION reg.usulan_overdue(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT * FROM reg.usulan_edition_is(keys,
        '{cut_off,pemeringkatan,cek_ulang,ditetapkan,terbit}', false)
$$;
COMMENT ON FUNCTION reg.usulan_overdue(text[]) IS 'Guard: proposals whose edition is still open';
-- Registry reg: a proposal becomes data.
--
-- The step peringkat of BPS applies what was proposed, agreed, verified and
-- signed. It is a guard, so that no client can take the step without it, and
-- no login needs the right to change families.

CREATE FUNCTION reg.usulan_apply(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
DECLARE
    ids bigint[] := keys::bigint[];
    t text;
    cols text;
BEGIN
    RETURN QUERY SELECT * FROM reg.usulan_edition_is(keys, '{pemeringkatan}', false);
    IF FOUND THEN
        RETURN;
    END IF;
    RETURN QUERY
        SELECT u.id::text, 'SE101', 'the family card of the new family is in the registry already',
            'Another proposal or an import brought it meanwhile.'
        FROM reg.usulan AS u JOIN reg.keluarga AS k ON k.nkk = to_nkk(u.payload ->> 'nkk')
        WHERE u.id = ANY (ids) AND u.kind = 'baru';
    IF FOUND THEN
        RETURN;
    END IF;
    RETURN QUERY
        SELECT u.id::text, 'SE101', 'another record of the registry has this NIK',
            'Another proposal or an import brought it meanwhile.'
        FROM reg.usulan AS u JOIN reg.anggota AS a
            ON a.nik = to_nik(u.payload ->> 'nik') AND a.status = 'aktif' AND a.id <> u.anggota_id
        WHERE u.id = ANY (ids) AND u.kind = 'perbaikan_nik';
    IF FOUND THEN
        RETURN;
    END IF;

    INSERT INTO reg.keluarga (nkk, wilayah, alamat, jumlah_anggota)
    SELECT to_nkk(u.payload ->> 'nkk'), u.wilayah, u.payload ->> 'alamat',
        jsonb_array_length(u.payload -> 'anggota')
    FROM reg.usulan AS u WHERE u.id = ANY (ids) AND u.kind = 'baru' ORDER BY u.id;
    INSERT INTO reg.anggota
        (keluarga_id, wilayah, nik, nama, hubungan, jenis_kelamin, tanggal_lahir)
    SELECT k.id, k.wilayah, to_nik(a ->> 'nik'), to_nama(a ->> 'nama'), (a ->> 'hubungan')::smallint,
        (a ->> 'jenis_kelamin')::smallint, (a ->> 'tanggal_lahir')::date
    FROM reg.usulan AS u JOIN reg.keluarga AS k ON k.nkk = to_nkk(u.payload ->> 'nkk'),
        jsonb_array_elements(u.payload -> 'anggota') AS a
    WHERE u.id = ANY (ids) AND u.kind = 'baru';

    UPDATE reg.keluarga AS k SET alamat = u.payload ->> 'alamat', changed_at = now(), import_id = NULL
    FROM reg.usulan AS u
    WHERE u.id = ANY (ids) AND u.kind = 'ubah' AND u.payload ? 'alamat' AND k.id = u.keluarga_id;
    FOREACH t IN ARRAY ARRAY['rumah', 'aset'] LOOP
        -- what the payload names comes from it, the rest stays
        EXECUTE format('INSERT INTO reg.%I (keluarga_id, wilayah) SELECT k.id, k.wilayah
            FROM reg.usulan AS u JOIN reg.keluarga AS k ON k.id = u.keluarga_id
            WHERE u.id = ANY ($1) AND u.kind = ''ubah'' ON CONFLICT (keluarga_id) DO NOTHING', t)
            USING ids;
        SELECT string_agg(quote_ident(c.target_column), ', ') INTO cols
        FROM (SELECT DISTINCT i.target_column FROM reg.import_column AS i
            WHERE i.kind = 'keluarga' AND i.target = t AND i.type IN ('code', 'count')) AS c;
        EXECUTE format('UPDATE reg.%I AS h SET (%s) = (SELECT %2$s
                FROM jsonb_populate_record(h, u.payload - ''{keluarga_id,wilayah}''::text[]))
            FROM reg.usulan AS u
            WHERE u.id = ANY ($1) AND u.kind = ''ubah'' AND h.keluarga_id = u.keluarga_id', t, cols)
            USING ids;
    END LOOP;

    UPDATE reg.anggota AS a SET nik = to_nik(u.payload ->> 'nik'), changed_at = now(), import_id = NULL
    FROM reg.usulan AS u
    WHERE u.id = ANY (ids) AND u.kind = 'perbaikan_nik' AND a.id = u.anggota_id;
    UPDATE reg.anggota AS a SET status = u.kind, changed_at = now(), import_id = NULL,
        member_since = CURRENT_DATE
    FROM reg.usulan AS u
    WHERE u.id = ANY (ids) AND u.kind IN ('meninggal', 'ganda') AND a.id = u.anggota_id;
    UPDATE reg.keluarga AS k SET wilayah = to_kode_wilayah(u.payload ->> 'wilayah'),
        alamat = coalesce(u.payload ->> 'alamat', k.alamat), changed_at = now(), import_id = NULL
    FROM reg.usulan AS u
    WHERE u.id = ANY (ids) AND u.kind = 'pindah' AND k.id = u.keluarga_id;
    UPDATE reg.keluarga AS k SET status = u.payload ->> 'status',
        status_reason = u.payload ->> 'alasan', changed_at = now(), import_id = NULL
    FROM reg.usulan AS u
    WHERE u.id = ANY (ids) AND u.kind = 'hapus' AND k.id = u.keluarga_id;
EXCEPTION
    -- the server's own detail would show numbers and names
    WHEN unique_violation OR check_violation THEN
        RAISE EXCEPTION 'a proposal of this statement contradicts the registry, or another one of it'
            USING ERRCODE = 'SE101', HINT = 'Take the step for fewer proposals at a time to find it.';
END $$;
COMMENT ON FUNCTION reg.usulan_apply(text[]) IS 'Guard: applies the proposals to families and persons, all of a statement or none; lists those that cannot be applied';
-- Registry reg: meetings and batches.

CREATE FUNCTION reg.musyawarah_complete(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp
    SET timezone = 'Asia/Jakarta' -- which day it is, is not for the client to say
AS $$
    SELECT k, p.code, p.message, p.hint
    FROM unnest(keys) AS k
    JOIN reg.musyawarah AS m ON m.id = k::bigint,
    LATERAL (SELECT string_agg(n.kind, ', ' ORDER BY n.kind) AS missing
        FROM reg.bukti_kind AS n WHERE n.of_meeting
        AND NOT EXISTS (SELECT FROM reg.bukti AS b
            WHERE b.musyawarah_id = m.id AND b.kind = n.kind)) AS e,
    LATERAL (VALUES
        (m.held_on > CURRENT_DATE, 'SE002', 'the meeting has not been held yet', NULL),
        (m.attendee_count < m.quorum, 'SE003',
            format('the meeting had %s persons, it needs %s', m.attendee_count, m.quorum), NULL),
        (e.missing IS NOT NULL, 'SE003', 'evidence of the meeting is missing: ' || e.missing,
            'Note each kind of evidence with the digest of its file.')
    ) AS p (is_refused, code, message, hint)
    WHERE p.is_refused
$$;
COMMENT ON FUNCTION reg.musyawarah_complete(text[]) IS 'Guard: meetings without quorum or without one of the kinds of evidence';

CREATE FUNCTION reg.batch_hold_edition(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM FROM reg.edisi AS e
    WHERE e.id IN (SELECT b.edisi_id FROM reg.batch AS b WHERE b.id = ANY (keys::bigint[]))
    ORDER BY e.id FOR SHARE;
END $$;
COMMENT ON FUNCTION reg.batch_hold_edition(text[]) IS 'Guard that refuses nothing: keeps the editions of batches in the state that the guards after it see';

CREATE FUNCTION reg.batch_digest(batch_id bigint) RETURNS bytea
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT sha256(convert_to((SELECT format(E'dtsen.batch.1|%s|%s|%s\n', b.id, b.edisi_id, b.wilayah)
        FROM reg.batch AS b WHERE b.id = batch_digest.batch_id) || coalesce(string_agg(format('%s|%s|%s|%s|%s|%s|%s', u.id, u.kind, u.wilayah,
        u.keluarga_id, u.anggota_id, u.musyawarah_id, u.payload), E'\n' ORDER BY u.id), ''), 'UTF8'))
    FROM reg.batch_item AS i JOIN reg.usulan AS u ON u.id = i.usulan_id
    WHERE i.batch_id = batch_digest.batch_id
$$;
COMMENT ON FUNCTION reg.batch_digest(bigint) IS 'SHA-256 of a batch: its edition, region, and what its proposals say, not how far they are; NULL: there is no such batch';

CREATE FUNCTION reg.batch_is_whole(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT k, 'SE003', p.message, 'batch_seal() fills in count and digest.'
    FROM unnest(keys) AS k
    JOIN reg.batch AS b ON b.id = k::bigint,
    LATERAL (SELECT count(*) AS n, count(*) FILTER (WHERE u.state NOT IN ('diverifikasi', 'disahkan')
            OR u.edisi_id <> b.edisi_id OR NOT u.wilayah <@ b.wilayah) AS wrong
        FROM reg.batch_item AS i JOIN reg.usulan AS u ON u.id = i.usulan_id
        WHERE i.batch_id = b.id) AS c,
    LATERAL (VALUES
        (c.n = 0, 'the batch is empty'),
        (c.wrong > 0, 'the batch holds proposals that are not verified, of another edition or of another region'),
        (b.item_count IS DISTINCT FROM c.n, 'the count of the batch is wrong'),
        (b.digest IS DISTINCT FROM reg.batch_digest(b.id), 'the digest of the batch is wrong')
    ) AS p (is_refused, message)
    WHERE p.is_refused
$$;
COMMENT ON FUNCTION reg.batch_is_whole(text[]) IS 'Guard: batches whose content, count or digest is not right';

CREATE FUNCTION reg.batch_is_signed(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT k, 'SE003', p.message, NULL
    FROM unnest(keys) AS k
    JOIN reg.batch AS b ON b.id = k::bigint,
    LATERAL (VALUES
        (b.signature IS NULL, 'the signature is missing'),
        (b.digest IS DISTINCT FROM reg.batch_digest(b.id),
            'the batch is not what was sealed: its digest differs')
    ) AS p (is_refused, message)
    WHERE p.is_refused
$$;
COMMENT ON FUNCTION reg.batch_is_signed(text[]) IS 'Guard: batches without a signature, or changed since the seal';

CREATE FUNCTION reg.batch_villages_closed(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT k, 'SE003', format('%s villages of the region have neither closed the edition nor been listed as absent', v.n),
        format('One of them is %s. The head of a village closes it (village_close), the head of the office lists the absent (village_absent).', v.one)
    FROM unnest(keys) AS k
    JOIN reg.batch AS b ON b.id = k::bigint,
    LATERAL (SELECT count(*) AS n, min(w.kode::text) AS one FROM reg.wilayah AS w
        WHERE w.level = 4 AND w.status = 'present' AND w.kode <@ b.wilayah
        AND NOT EXISTS (SELECT FROM reg.desa_tutup AS d
            WHERE d.edisi_id = b.edisi_id AND d.wilayah = w.kode)) AS v
    WHERE v.n > 0
$$;
COMMENT ON FUNCTION reg.batch_villages_closed(text[]) IS 'Guard: batches of a region whose villages have not all closed the edition';

CREATE FUNCTION reg.batch_in_time(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT k, 'SE002', 'batches for edition ' || e.name || ' were drawn already', NULL
    FROM unnest(keys) AS k
    JOIN reg.batch AS b ON b.id = k::bigint
    JOIN reg.edisi AS e ON e.id = b.edisi_id
    WHERE e.state NOT IN ('buka', 'cut_off') OR clock_timestamp() > e.draw_at
$$;
COMMENT ON FUNCTION reg.batch_in_time(text[]) IS 'Guard: batches that come after the draw';

CREATE FUNCTION reg.batch_fill(batch_id bigint) RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
DECLARE
    n bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM reg.batch AS b WHERE b.id = batch_fill.batch_id) THEN
        RAISE EXCEPTION 'there is no batch %', batch_id USING ERRCODE = 'no_data_found';
    END IF;
    INSERT INTO reg.batch_item (batch_id, wilayah, usulan_id)
    SELECT b.id, b.wilayah, u.id
    FROM reg.batch AS b JOIN reg.usulan AS u ON u.edisi_id = b.edisi_id
    WHERE b.id = batch_fill.batch_id AND u.wilayah <@ b.wilayah AND u.state IN ('diverifikasi', 'disahkan')
    AND NOT EXISTS (SELECT FROM reg.batch_item AS i JOIN reg.batch AS o ON o.id = i.batch_id
        WHERE i.usulan_id = u.id AND o.state <> 'ditolak')
    ORDER BY u.id
    ON CONFLICT (usulan_id) DO UPDATE SET batch_id = EXCLUDED.batch_id, wilayah = EXCLUDED.wilayah;
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END $$;
COMMENT ON FUNCTION reg.batch_fill(bigint) IS 'Puts the verified proposals of the region that are in no batch, or in a refused one, into this one; returns how many';

CREATE FUNCTION reg.batch_seal(batch_id bigint) RETURNS bytea
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
DECLARE
    sealed bytea;
BEGIN
    UPDATE reg.batch AS b SET state = 'disegel', digest = reg.batch_digest(b.id),
        item_count = (SELECT count(*) FROM reg.batch_item AS i WHERE i.batch_id = b.id)
    WHERE b.id = batch_seal.batch_id
    RETURNING b.digest INTO sealed;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no batch %', batch_id USING ERRCODE = 'no_data_found';
    END IF;
    UPDATE reg.usulan AS u SET state = 'disahkan'
    FROM reg.batch_item AS i
    WHERE i.batch_id = batch_seal.batch_id AND u.id = i.usulan_id AND u.state = 'diverifikasi';
    RETURN sealed;
END $$;
COMMENT ON FUNCTION reg.batch_seal(bigint) IS 'Fixes count and digest of a batch and endorses its proposals; returns the digest that is to be signed';

CREATE FUNCTION reg.batch_sign(batch_id bigint, signature bytea) RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
DECLARE
    n bigint;
BEGIN
    UPDATE reg.batch AS b SET state = 'ditandatangani', signature = batch_sign.signature
    WHERE b.id = batch_sign.batch_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no batch %', batch_id USING ERRCODE = 'no_data_found';
    END IF;
    UPDATE reg.usulan AS u SET state = 'ditandatangani'
    FROM reg.batch_item AS i
    WHERE i.batch_id = batch_sign.batch_id AND u.id = i.usulan_id;
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END $$;
COMMENT ON FUNCTION reg.batch_sign(bigint, bytea) IS 'Stores the signature over the digest of a sealed batch and signs its proposals; returns how many';

CREATE FUNCTION reg.batch_receive(batch_id bigint) RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
DECLARE
    n bigint;
BEGIN
    UPDATE reg.batch AS b SET state = 'diterima' WHERE b.id = batch_receive.batch_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no batch %', batch_id USING ERRCODE = 'no_data_found';
    END IF;
    UPDATE reg.usulan AS u SET state = 'diserahkan'
    FROM reg.batch_item AS i
    WHERE i.batch_id = batch_receive.batch_id AND u.id = i.usulan_id;
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END $$;
COMMENT ON FUNCTION reg.batch_receive(bigint) IS 'Receives a signed batch and hands its proposals over; returns how many';
-- Registry reg: ranking and publication of an edition.

CREATE FUNCTION reg.edisi_digest(edisi_id integer) RETURNS bytea
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    -- by district first, so that no text grows with the country
    SELECT sha256(convert_to(e.name || '|' || e.rule || '|' || coalesce(e.model_version, ''), 'UTF8')
        || coalesce((SELECT sha256(string_agg(convert_to(coalesce(c.wilayah::text, '') || '|' || c.number || '|', 'UTF8')
            || float8send(c.cut), '' ORDER BY c.wilayah NULLS FIRST, c.number))
            FROM reg.desil_cut AS c WHERE c.edisi_id = e.id), '')
        || coalesce((SELECT string_agg(k.digest, '' ORDER BY k.kecamatan)
            FROM (SELECT wilayah_parent(d.wilayah) AS kecamatan,
                    sha256(string_agg(convert_to(format('%s|%s|%s|%s|%s|%s|%s|', d.keluarga_id, d.wilayah,
                        d.nkk, d.person_count, d.desil_nasional, d.desil_provinsi, d.desil_kabupaten), 'UTF8')
                        || coalesce(float8send(d.skor), ''), '' ORDER BY d.keluarga_id)) AS digest
                FROM reg.desil AS d WHERE d.edisi_id = e.id GROUP BY 1) AS k), ''))
    FROM reg.edisi AS e WHERE e.id = edisi_digest.edisi_id
$$;
COMMENT ON FUNCTION reg.edisi_digest(integer) IS 'SHA-256 over the rows of an edition, its cuts, its rule and its model';

CREATE FUNCTION reg.edisi_verify(edisi_id integer)
    RETURNS TABLE (edition varchar, is_intact boolean, problem text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT e.name, p.problem IS NULL, p.problem
    FROM (SELECT edisi_verify.edisi_id) AS asked (id)
    LEFT JOIN reg.edisi AS e ON e.id = asked.id,
    LATERAL (SELECT count(*) AS families, sum(d.person_count) AS persons, count(d.desil_nasional) AS ranked
        FROM reg.desil AS d WHERE d.edisi_id = e.id) AS n,
    LATERAL (SELECT CASE
        WHEN e.id IS NULL THEN 'there is no such edition'
        WHEN e.state <> 'terbit' THEN 'it is not published'
        WHEN (n.families, n.persons, n.ranked) IS DISTINCT FROM (e.family_count, e.person_count, e.ranked_count)
        THEN 'its counts differ from those published'
        WHEN e.digest IS DISTINCT FROM reg.edisi_digest(e.id)
        THEN 'its digest differs from the one published' END AS problem) AS p
$$;
COMMENT ON FUNCTION reg.edisi_verify(integer) IS 'Whether a published edition is still what was published';

CREATE FUNCTION reg.edisi_is_due(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT k, 'SE002', format('edition %s: the %s is not before %s', e.name, d.what, d.due), NULL
    FROM unnest(keys) AS k
    JOIN reg.edisi AS e ON e.id = k::integer,
    LATERAL (SELECT CASE e.state WHEN 'cut_off' THEN 'cut-off' WHEN 'pemeringkatan' THEN 'draw'
            ELSE 'publication' END,
        CASE e.state WHEN 'cut_off' THEN e.cut_off_at WHEN 'pemeringkatan' THEN e.draw_at
            ELSE e.publish_at END) AS d (what, due)
    WHERE clock_timestamp() < d.due
$$;
COMMENT ON FUNCTION reg.edisi_is_due(text[]) IS 'Guard: editions whose calendar does not allow the step yet';

CREATE FUNCTION reg.desil_cuts_of(edisi_id integer)
    RETURNS TABLE (scope varchar, wilayah dtsen.kode_wilayah, cuts double precision[])
    LANGUAGE sql STABLE ROWS 600 SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT c.scope, c.wilayah, array_agg(c.cut ORDER BY c.number)
    FROM reg.desil_cut AS c WHERE c.edisi_id = desil_cuts_of.edisi_id
    GROUP BY c.scope, c.wilayah
    HAVING count(*) = 9
$$;
COMMENT ON FUNCTION reg.desil_cuts_of(integer) IS 'Nine cuts of each scope of an edition as an array, for dtsen.desil()';

CREATE FUNCTION reg.edisi_families(model_version text)
    RETURNS TABLE (id bigint, wilayah dtsen.kode_wilayah, nkk dtsen.nkk, skor double precision, persons integer)
    LANGUAGE sql STABLE ROWS 100000 SET search_path = pg_catalog, dtsen, pg_temp
    SET jit = off SET enable_nestloop = off
AS $$
    -- The weight of a family: the members registered, or those its file declares.
    SELECT k.id, k.wilayah, k.nkk, s.skor, coalesce(a.n, nullif(k.jumlah_anggota, 0), 1)::integer
    FROM reg.keluarga AS k
    JOIN reg.keberadaan AS p ON p.status = k.status AND p.is_ranked
    LEFT JOIN (SELECT m.keluarga_id, count(*) AS n FROM reg.anggota AS m
        JOIN reg.keberadaan AS q ON q.status = m.status AND q.is_ranked
        GROUP BY m.keluarga_id) AS a ON a.keluarga_id = k.id
    LEFT JOIN reg.skor AS s ON s.keluarga_id = k.id AND s.model_version = edisi_families.model_version
$$;
COMMENT ON FUNCTION reg.edisi_families(text) IS 'What is ranked: the active families with their score by a model and their weight';

CREATE FUNCTION reg.edisi_stale(edisi_id integer) RETURNS bigint
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp
    SET jit = off SET enable_nestloop = off
AS $$
    WITH cuts AS MATERIALIZED (SELECT * FROM reg.desil_cuts_of(edisi_id))
    SELECT count(*)
    FROM reg.edisi_families((SELECT e.model_version FROM reg.edisi AS e
            WHERE e.id = edisi_stale.edisi_id)) AS f
    FULL JOIN (SELECT * FROM reg.desil AS x WHERE x.edisi_id = edisi_stale.edisi_id) AS d
        ON d.keluarga_id = f.id
    LEFT JOIN cuts AS p ON p.wilayah = wilayah_parent(f.wilayah, 1)
    LEFT JOIN cuts AS k ON k.wilayah = wilayah_parent(f.wilayah, 2)
    WHERE (d.wilayah, d.nkk, d.person_count, d.skor, d.desil_nasional::integer, d.desil_provinsi::integer,
        d.desil_kabupaten::integer)
        IS DISTINCT FROM (f.wilayah, f.nkk, f.persons, f.skor,
        desil(f.skor, (SELECT n.cuts FROM cuts AS n WHERE n.wilayah IS NULL))::integer,
        desil(f.skor, p.cuts)::integer, desil(f.skor, k.cuts)::integer)
$$;
COMMENT ON FUNCTION reg.edisi_stale(integer) IS 'Number of families whose row in the edition is not what the present scores, members and cuts give';

CREATE FUNCTION reg.edisi_is_ranked(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT k, 'SE003', p.message, p.hint
    FROM unnest(keys) AS k
    JOIN reg.edisi AS e ON e.id = k::integer,
    LATERAL (SELECT count(*) AS n FROM reg.usulan AS u
        WHERE u.edisi_id = e.id AND u.state = 'diserahkan') AS open,
    LATERAL (SELECT count(*) AS n FROM reg.keluarga AS f
        JOIN reg.keberadaan AS s ON s.status = f.status AND s.is_ranked
        WHERE NOT EXISTS (SELECT FROM reg.desil AS d WHERE d.edisi_id = e.id AND d.keluarga_id = f.id)) AS lost,
    LATERAL (SELECT count(*) AS n FROM reg.desil AS d WHERE d.edisi_id = e.id AND d.desil_nasional IS NOT NULL) AS ranked,
    LATERAL (SELECT reg.edisi_stale(e.id) AS n) AS stale,
    LATERAL (VALUES
        (open.n > 0, format('%s signed proposals are not processed', open.n), 'Take them to state diolah, then rank.'),
        (lost.n > 0, format('%s families of the registry are not in the edition', lost.n), 'Rank again.'),
        (ranked.n = 0, 'no family has a decile', 'edisi_rank() ranks.'),
        (stale.n > 0, format('%s families of the edition are not as the ranking gives them', stale.n), 'Rank again.'),
        (clock_timestamp() >= e.recheck_to, format('edition %s: the window of the re-check is over', e.name),
            'Give the regions a new window: recheck_to.')
    ) AS p (is_refused, message, hint)
    WHERE p.is_refused
$$;
COMMENT ON FUNCTION reg.edisi_is_ranked(text[]) IS 'Guard: editions with signed proposals left, with a family missing, without deciles or with others than the ranking gives, or with no time left for the re-check';

CREATE FUNCTION reg.edisi_is_answered(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT k, p.code, p.message, p.hint
    FROM unnest(keys) AS k
    JOIN reg.edisi AS e ON e.id = k::integer,
    LATERAL (SELECT count(*) AS n FROM (SELECT DISTINCT wilayah_parent(d.wilayah, 2) AS kode
            FROM reg.desil AS d WHERE d.edisi_id = e.id) AS w
        WHERE NOT EXISTS (SELECT FROM reg.cek_ulang AS c
            WHERE c.edisi_id = e.id AND c.wilayah = w.kode
            -- an answer is to the draft that was shown, not to one ranked since
            AND c.answered_at >= (SELECT max(j.at) FROM journal_history('reg', 'edisi', k, '') AS j
                WHERE j.action = 'buka_cek_ulang'))) AS silent,
    LATERAL (SELECT count(*) FILTER (WHERE u.state = 'disanggah') AS objected,
            count(*) FILTER (WHERE u.state IN ('diserahkan', 'diolah')) AS behind
        FROM reg.usulan AS u WHERE u.edisi_id = e.id) AS open,
    LATERAL (VALUES
        (silent.n > 0 AND clock_timestamp() <= e.recheck_to, 'SE002',
            format('%s regions have not answered, and the re-check is open', silent.n),
            'Wait for their answers or for the end of the window.'),
        (open.objected > 0, 'SE003', format('%s proposals are under objection', open.objected), 'Answer the objections.'),
        (open.behind > 0, 'SE003', format('%s proposals are not in the re-check', open.behind),
            'Take them to state cek_ulang, or the ministry lets them expire.')
    ) AS p (is_refused, code, message, hint)
    WHERE p.is_refused
$$;
COMMENT ON FUNCTION reg.edisi_is_answered(text[]) IS 'Guard: editions whose re-check is neither over nor answered by all regions, with open objections, or with proposals that were not re-checked';

CREATE FUNCTION reg.edisi_is_whole(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT k, 'SE003', p.message, 'edisi_publish() does all of it.'
    FROM unnest(keys) AS k
    JOIN reg.edisi AS e ON e.id = k::integer
    CROSS JOIN LATERAL (SELECT count(*) AS n FROM reg.usulan AS u
        WHERE u.edisi_id = e.id AND u.state IN ('diserahkan', 'diolah', 'cek_ulang', 'disanggah')) AS open
    CROSS JOIN LATERAL reg.edisi_verify(e.id) AS v
    CROSS JOIN LATERAL (VALUES
        (open.n > 0, format('%s proposals of the edition are not determined', open.n)),
        (v.problem IS NOT NULL, v.problem)
    ) AS p (is_refused, message)
    WHERE p.is_refused
$$;
COMMENT ON FUNCTION reg.edisi_is_whole(text[]) IS 'Guard: editions with undetermined proposals, or whose counts or digest are not right';

CREATE FUNCTION reg.edisi_rank(edisi_id integer)
    RETURNS TABLE (family_count bigint, person_count bigint, ranked_count bigint)
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
    SET client_min_messages = warning SET jit = off SET enable_nestloop = off
AS $$
#variable_conflict use_column
DECLARE
    e reg.edisi;
BEGIN
    SELECT * INTO e FROM reg.edisi AS x WHERE x.id = edisi_rank.edisi_id;
    IF NOT FOUND OR e.state <> 'pemeringkatan' OR e.model_version IS NULL THEN
        RAISE EXCEPTION 'edition % cannot be ranked now', edisi_rank.edisi_id
            USING ERRCODE = 'object_not_in_prerequisite_state',
                HINT = 'It must be in state pemeringkatan and have a model_version.';
    END IF;
    DELETE FROM reg.desil AS d WHERE d.edisi_id = e.id;
    DELETE FROM reg.desil_cut AS c WHERE c.edisi_id = e.id AND c.origin = 'computed';
    DROP TABLE IF EXISTS pg_temp.rank_input;

    CREATE TEMPORARY TABLE rank_input ON COMMIT DROP AS
        SELECT f.*, wilayah_parent(f.wilayah, 1) AS provinsi, wilayah_parent(f.wilayah, 2) AS kabupaten
        FROM reg.edisi_families(e.model_version) AS f;
    ANALYZE pg_temp.rank_input;

    -- Cuts that BPS supplied stand; the others come from the registry's families.
    INSERT INTO reg.desil_cut (edisi_id, scope, wilayah, number, cut, origin)
    SELECT e.id, c.scope, c.wilayah, u.n, u.cut, 'computed'
    FROM (SELECT 'nasional' AS scope, NULL::dtsen.kode_wilayah AS wilayah, desil_cuts(r.skor, r.persons) AS cuts
            FROM pg_temp.rank_input AS r WHERE r.skor IS NOT NULL
        UNION ALL SELECT 'provinsi', r.provinsi, desil_cuts(r.skor, r.persons)
            FROM pg_temp.rank_input AS r WHERE r.skor IS NOT NULL GROUP BY r.provinsi
        UNION ALL SELECT 'kabupaten', r.kabupaten, desil_cuts(r.skor, r.persons)
            FROM pg_temp.rank_input AS r WHERE r.skor IS NOT NULL GROUP BY r.kabupaten) AS c,
        unnest(c.cuts) WITH ORDINALITY AS u (cut, n)
    WHERE NOT EXISTS (SELECT FROM reg.desil_cut AS o
        WHERE o.edisi_id = e.id AND o.wilayah IS NOT DISTINCT FROM c.wilayah);

    INSERT INTO reg.desil (edisi_id, keluarga_id, wilayah, nkk, person_count, skor,
        desil_nasional, desil_provinsi, desil_kabupaten)
    SELECT e.id, r.id, r.wilayah, r.nkk, r.persons, r.skor,
        desil(r.skor, (SELECT n.cuts FROM reg.desil_cuts_of(e.id) AS n WHERE n.wilayah IS NULL)),
        desil(r.skor, p.cuts), desil(r.skor, k.cuts)
    FROM pg_temp.rank_input AS r
    LEFT JOIN reg.desil_cuts_of(e.id) AS p ON p.wilayah = r.provinsi
    LEFT JOIN reg.desil_cuts_of(e.id) AS k ON k.wilayah = r.kabupaten
    ORDER BY r.id;
    RETURN QUERY SELECT count(*), sum(d.person_count), count(d.desil_nasional)
        FROM reg.desil AS d WHERE d.edisi_id = e.id;
END $$;
COMMENT ON FUNCTION reg.edisi_rank(integer) IS 'Ranks all families of the registry for an edition in country, province and regency; may be repeated until the re-check opens';

CREATE FUNCTION reg.edisi_publish(edisi_id integer) RETURNS bytea
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
DECLARE
    published bytea;
BEGIN
    UPDATE reg.edisi AS e SET state = 'terbit', published_at = clock_timestamp(),
        digest = reg.edisi_digest(e.id),
        (family_count, person_count, ranked_count) = (SELECT count(*), sum(d.person_count), count(d.desil_nasional)
            FROM reg.desil AS d WHERE d.edisi_id = e.id)
    WHERE e.id = edisi_publish.edisi_id
    RETURNING e.digest INTO published;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no edition %', edisi_id USING ERRCODE = 'no_data_found';
    END IF;
    UPDATE reg.usulan AS u SET state = 'terbit'
    WHERE u.edisi_id = edisi_publish.edisi_id AND u.state = 'ditetapkan';
    RETURN published;
END $$;
COMMENT ON FUNCTION reg.edisi_publish(integer) IS 'Publishes an edition with its proposals: all or nothing; returns its digest';

CREATE FUNCTION reg.edisi_carry_over(from_id integer, to_id integer) RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
DECLARE
    n bigint;
    unknown integer;
BEGIN
    SELECT a.id INTO unknown FROM unnest(ARRAY[from_id, to_id]) AS a (id)
    WHERE NOT EXISTS (SELECT FROM reg.edisi AS e WHERE e.id = a.id);
    IF FOUND THEN
        RAISE EXCEPTION 'there is no edition %', unknown USING ERRCODE = 'no_data_found';
    END IF;
    UPDATE reg.usulan AS u SET edisi_id = to_id
    WHERE u.edisi_id = from_id AND u.state IN ('draf', 'diajukan', 'dikembalikan', 'disepakati', 'diverifikasi')
    AND NOT EXISTS (SELECT FROM reg.batch_item AS i WHERE i.usulan_id = u.id);
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END $$;
COMMENT ON FUNCTION reg.edisi_carry_over(integer, integer) IS 'Takes proposals that missed an edition and are in no batch to another one, in the state they are in; returns how many';
-- Registry reg: what the views for analysts count, counted once.
--
-- A published edition never changes, so its figures are made with it, in the
-- transaction that publishes it. The views read these tables: a dashboard costs
-- the same at a thousand families and at ninety million.

CREATE TABLE reg.desil_summary (
    edisi_id integer NOT NULL REFERENCES reg.edisi,
    scope varchar(10) NOT NULL CHECK (scope IN ('nasional', 'provinsi', 'kabupaten')),
    wilayah dtsen.kode_wilayah NOT NULL,
    desil smallint,
    families integer NOT NULL,
    persons integer NOT NULL,
    UNIQUE NULLS NOT DISTINCT (edisi_id, scope, wilayah, desil)
);
COMMENT ON TABLE reg.desil_summary IS 'Families and persons of a published edition by district and decile';
COMMENT ON COLUMN reg.desil_summary.edisi_id IS 'The edition';
COMMENT ON COLUMN reg.desil_summary.scope IS 'Scope of the decile';
COMMENT ON COLUMN reg.desil_summary.wilayah IS 'The district';
COMMENT ON COLUMN reg.desil_summary.desil IS '1 to 10; NULL: not ranked';
COMMENT ON COLUMN reg.desil_summary.families IS 'Families';
COMMENT ON COLUMN reg.desil_summary.persons IS 'Persons';

CREATE TABLE reg.movement_summary (
    edisi_id integer NOT NULL REFERENCES reg.edisi,
    from_edisi_id integer NOT NULL REFERENCES reg.edisi,
    scope varchar(10) NOT NULL CHECK (scope IN ('nasional', 'provinsi', 'kabupaten')),
    wilayah dtsen.kode_wilayah NOT NULL,
    from_desil smallint,
    to_desil smallint,
    families integer NOT NULL,
    persons integer NOT NULL,
    UNIQUE NULLS NOT DISTINCT (edisi_id, scope, wilayah, from_desil, to_desil)
);
COMMENT ON TABLE reg.movement_summary IS 'Families that moved between deciles from the edition published before, by regency';
COMMENT ON COLUMN reg.movement_summary.edisi_id IS 'The edition';
COMMENT ON COLUMN reg.movement_summary.from_edisi_id IS 'The one published before it';
COMMENT ON COLUMN reg.movement_summary.scope IS 'Scope of the deciles';
COMMENT ON COLUMN reg.movement_summary.wilayah IS 'The regency or city, in the later edition';
COMMENT ON COLUMN reg.movement_summary.from_desil IS 'Decile before; NULL: not ranked';
COMMENT ON COLUMN reg.movement_summary.to_desil IS 'Decile now; NULL: not ranked';
COMMENT ON COLUMN reg.movement_summary.families IS 'Families of both editions';
COMMENT ON COLUMN reg.movement_summary.persons IS 'Their persons, in the later edition';

CREATE FUNCTION reg.edisi_summarise() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, dtsen, pg_temp
    SET jit = off SET enable_nestloop = off
AS $$
DECLARE
    before integer;
BEGIN
    PERFORM reg.trigger_is_of(TG_RELID, 'reg.edisi');
    IF NEW.state <> 'terbit' OR OLD.state = 'terbit' THEN
        RETURN NULL;
    END IF;
    INSERT INTO reg.desil_summary (edisi_id, scope, wilayah, desil, families, persons)
    SELECT NEW.id, s.scope, g.kecamatan, s.desil, sum(g.families), sum(g.persons)
    FROM (SELECT wilayah_parent(d.wilayah) AS kecamatan, d.desil_nasional, d.desil_provinsi, d.desil_kabupaten,
            count(*) AS families, sum(d.person_count) AS persons
        FROM reg.desil AS d WHERE d.edisi_id = NEW.id GROUP BY 1, 2, 3, 4) AS g
    CROSS JOIN LATERAL (VALUES ('nasional', g.desil_nasional), ('provinsi', g.desil_provinsi),
        ('kabupaten', g.desil_kabupaten)) AS s (scope, desil)
    GROUP BY 2, 3, 4;

    SELECT e.id INTO before FROM reg.edisi AS e
    WHERE e.state = 'terbit' AND e.id <> NEW.id AND e.published_at <= NEW.published_at
    ORDER BY e.published_at DESC, e.id DESC LIMIT 1;
    IF before IS NOT NULL THEN
        INSERT INTO reg.movement_summary (edisi_id, from_edisi_id, scope, wilayah, from_desil, to_desil, families, persons)
        SELECT NEW.id, before, s.scope, g.kabupaten, s.from_desil, s.to_desil, sum(g.families), sum(g.persons)
        FROM (SELECT wilayah_parent(n.wilayah, 2) AS kabupaten, o.desil_nasional AS on1, n.desil_nasional AS nn1,
                o.desil_provinsi AS op, n.desil_provinsi AS np, o.desil_kabupaten AS ok, n.desil_kabupaten AS nk,
                count(*) AS families, sum(n.person_count) AS persons
            FROM (SELECT * FROM reg.desil AS d WHERE d.edisi_id = NEW.id) AS n
            JOIN (SELECT * FROM reg.desil AS d WHERE d.edisi_id = before) AS o USING (keluarga_id)
            GROUP BY 1, 2, 3, 4, 5, 6, 7) AS g
        CROSS JOIN LATERAL (VALUES ('nasional', g.on1, g.nn1), ('provinsi', g.op, g.np), ('kabupaten', g.ok, g.nk)) AS s (scope, from_desil, to_desil)
        GROUP BY 3, 4, 5, 6;
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION reg.edisi_summarise() IS 'Trigger: makes the figures of an edition when it is published. SECURITY DEFINER, because nobody but the owner writes them';
CREATE TRIGGER summarise AFTER UPDATE ON reg.edisi
    FOR EACH ROW WHEN (NOT dtsen.is_apply_worker()) EXECUTE FUNCTION reg.edisi_summarise();
ALTER TABLE reg.edisi ENABLE ALWAYS TRIGGER summarise;
-- Registry reg: the triggers that enforce all this, whichever client writes.

-- what a proposal is about, and who entered it, never changes
CREATE TRIGGER stamp_created BEFORE INSERT ON reg.usulan
    FOR EACH ROW WHEN (NOT dtsen.is_apply_worker()) EXECUTE FUNCTION reg.stamp_created();
CREATE TRIGGER stamp_created BEFORE INSERT ON reg.musyawarah
    FOR EACH ROW WHEN (NOT dtsen.is_apply_worker()) EXECUTE FUNCTION reg.stamp_created();
CREATE TRIGGER stamp_created BEFORE INSERT ON reg.bukti
    FOR EACH ROW WHEN (NOT dtsen.is_apply_worker()) EXECUTE FUNCTION reg.stamp_created();
CREATE TRIGGER stamp_created BEFORE INSERT ON reg.import_run
    FOR EACH ROW WHEN (NOT dtsen.is_apply_worker()) EXECUTE FUNCTION reg.stamp_created();
CREATE TRIGGER stamp_created BEFORE INSERT ON reg.pemadanan
    FOR EACH ROW WHEN (NOT dtsen.is_apply_worker()) EXECUTE FUNCTION reg.stamp_created();

CREATE FUNCTION reg.edisi_takes(edisi_id integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    e record;
BEGIN
    SELECT * INTO e FROM reg.edisi AS x WHERE x.id = edisi_takes.edisi_id FOR SHARE;
    IF e.state <> 'buka' OR clock_timestamp() >= e.cut_off_at THEN
        RAISE EXCEPTION 'edition % takes no more proposals', e.name
            USING ERRCODE = 'SE002', DETAIL = format('It is in state "%s".', e.state),
                HINT = 'Set edisi_id to an edition that is open.';
    END IF;
END $$;
COMMENT ON FUNCTION reg.edisi_takes(integer) IS 'Raises unless an edition is open, and keeps it so to the end of the transaction. SECURITY DEFINER, because it locks the edition';

CREATE FUNCTION reg.usulan_keep_content() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
BEGIN
    IF NEW.payload IS DISTINCT FROM OLD.payload THEN
        IF OLD.state NOT IN ('draf', 'dikembalikan') THEN
            RAISE EXCEPTION 'the content of proposal % cannot change any more', OLD.id
                USING ERRCODE = 'SE004', DETAIL = format('It is in state "%s".', OLD.state),
                    HINT = 'The verifier can return it to the village.';
        END IF;
        NEW.payload_changed_at := clock_timestamp();
    ELSE
        NEW.payload_changed_at := OLD.payload_changed_at;
    END IF;
    IF NEW.musyawarah_id IS DISTINCT FROM OLD.musyawarah_id
        AND OLD.state NOT IN ('draf', 'diajukan', 'dikembalikan')
        OR NEW.edisi_id <> OLD.edisi_id
        AND OLD.state NOT IN ('draf', 'diajukan', 'dikembalikan', 'disepakati', 'diverifikasi') THEN
        RAISE EXCEPTION 'meeting and edition of proposal % cannot change any more', OLD.id
            USING ERRCODE = 'SE004', DETAIL = format('It is in state "%s".', OLD.state);
    END IF;
    IF NEW.edisi_id <> OLD.edisi_id AND NEW.state <> 'draf' THEN
        PERFORM reg.edisi_takes(NEW.edisi_id);
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION reg.usulan_keep_content() IS 'Trigger: what a meeting agreed to stays as it was, and goes to no edition that is cut off';
CREATE TRIGGER keep_content BEFORE UPDATE ON reg.usulan
    FOR EACH ROW WHEN (NOT dtsen.is_apply_worker()) EXECUTE FUNCTION reg.usulan_keep_content();

CREATE FUNCTION reg.usulan_keep_family() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
BEGIN
    -- as the client, whose row security hides the families of other villages
    IF EXISTS (SELECT FROM new_rows AS n
        LEFT JOIN reg.keluarga AS k ON k.id = n.keluarga_id
        WHERE n.keluarga_id IS NOT NULL AND k.wilayah IS DISTINCT FROM n.wilayah) THEN
        RAISE EXCEPTION 'the family lives in another village'
            USING ERRCODE = 'SE101', HINT = 'Its present village proposes, also a move.';
    END IF;
    IF EXISTS (SELECT FROM new_rows AS n
        LEFT JOIN reg.anggota AS a ON a.id = n.anggota_id
        WHERE n.anggota_id IS NOT NULL AND a.keluarga_id IS DISTINCT FROM n.keluarga_id) THEN
        RAISE EXCEPTION 'the member is not of this family' USING ERRCODE = 'SE101';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION reg.usulan_keep_family() IS 'Trigger: nobody enters, not even as a draft, a proposal for a family of another village; it would bar that village from its own';
CREATE TRIGGER keep_family AFTER INSERT ON reg.usulan
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION reg.usulan_keep_family();

CREATE FUNCTION reg.batch_item_in_region() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT FROM new_rows AS n
        LEFT JOIN reg.usulan AS u ON u.id = n.usulan_id
        WHERE (u.wilayah <@ n.wilayah) IS NOT TRUE) THEN
        RAISE EXCEPTION 'a proposal of another region does not belong into this batch'
            USING ERRCODE = 'SE003';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION reg.batch_item_in_region() IS 'Trigger: a batch holds proposals of its region only; a proposal is in one batch, so another region could withhold it';
CREATE TRIGGER in_region_insert AFTER INSERT ON reg.batch_item
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION reg.batch_item_in_region();
CREATE TRIGGER in_region_update AFTER UPDATE ON reg.batch_item
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION reg.batch_item_in_region();

CREATE FUNCTION reg.bukti_by_role() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    roles text[] := (SELECT n.noted_by FROM reg.bukti_kind AS n WHERE n.kind = NEW.kind);
BEGIN
    IF roles IS NOT NULL AND NOT reg.scope_has_role(VARIADIC roles) THEN
        RAISE EXCEPTION 'evidence of kind "%" is noted by others', NEW.kind
            USING ERRCODE = 'insufficient_privilege',
                HINT = format('An actor with one of these roles notes it: %s.', array_to_string(roles, ', '));
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION reg.bukti_by_role() IS 'Trigger: who proposes does not prove it himself';
CREATE TRIGGER by_role BEFORE INSERT ON reg.bukti
    FOR EACH ROW WHEN (NOT dtsen.is_apply_worker()) EXECUTE FUNCTION reg.bukti_by_role();

CREATE FUNCTION reg.edisi_keep_draft() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NEW.model_version IS DISTINCT FROM OLD.model_version
        AND OLD.state NOT IN ('buka', 'cut_off', 'pemeringkatan') THEN
        RAISE EXCEPTION 'the model of edition % cannot change any more', OLD.name
            USING ERRCODE = 'SE004', DETAIL = format('It is in state "%s".', OLD.state),
                HINT = 'Step ulang takes it back to the ranking.';
    END IF;
    IF OLD.state = 'cek_ulang' AND NEW.recheck_to < OLD.recheck_to THEN
        RAISE EXCEPTION 'the re-check of edition % cannot be cut short', OLD.name
            USING ERRCODE = 'SE004', HINT = 'Its window can be made longer.';
    END IF;
    NEW.published_at := CASE WHEN NEW.state = 'terbit' AND OLD.state <> 'terbit'
        THEN clock_timestamp() ELSE OLD.published_at END;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION reg.edisi_keep_draft() IS 'Trigger: what the regions re-check stays as it is, the window too; the time of publication is not for the client to say';
CREATE TRIGGER keep_draft BEFORE UPDATE ON reg.edisi
    FOR EACH ROW WHEN (NOT dtsen.is_apply_worker()) EXECUTE FUNCTION reg.edisi_keep_draft();

CREATE FUNCTION reg.batch_keep_seal() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
BEGIN
    IF (NEW.item_count, NEW.digest) IS DISTINCT FROM (OLD.item_count, OLD.digest) AND OLD.state <> 'terbuka'
        OR NEW.signature IS DISTINCT FROM OLD.signature AND OLD.state <> 'disegel' THEN
        RAISE EXCEPTION 'the seal of batch % cannot change', OLD.id
            USING ERRCODE = 'SE004', DETAIL = format('It is in state "%s".', OLD.state);
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION reg.batch_keep_seal() IS 'Trigger: count and digest are fixed by the seal, the signature by signing';
CREATE TRIGGER keep_seal BEFORE UPDATE ON reg.batch
    FOR EACH ROW WHEN (NOT dtsen.is_apply_worker()) EXECUTE FUNCTION reg.batch_keep_seal();

CREATE FUNCTION reg.cek_ulang_in_window() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, dtsen, pg_temp
AS $$
BEGIN
    PERFORM reg.trigger_is_of(TG_RELID, 'reg.cek_ulang');
    IF NOT EXISTS (SELECT FROM reg.edisi AS e WHERE e.id = NEW.edisi_id AND e.state = 'cek_ulang'
        AND clock_timestamp() BETWEEN e.recheck_from AND e.recheck_to) THEN
        RAISE EXCEPTION 'the re-check of edition % is not open', NEW.edisi_id USING ERRCODE = 'SE002';
    END IF;
    IF NOT EXISTS (SELECT FROM reg.actor AS a
        WHERE a.login = reg.scope_login() AND a.actor_role = 'kepala_daerah'
        AND (a.wilayah IS NULL OR starts_with(NEW.wilayah::text, replace(a.wilayah, '.', '')))) THEN
        RAISE EXCEPTION 'only the head of region % answers for it', NEW.wilayah
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    NEW.answered_at := clock_timestamp();
    NEW.answered_by := reg.scope_login();
    RETURN NEW;
END $$;
COMMENT ON FUNCTION reg.cek_ulang_in_window() IS 'Trigger: the head of a region answers, within the window. SECURITY DEFINER, because nobody but the owner reads actor';
CREATE TRIGGER in_window BEFORE INSERT OR UPDATE ON reg.cek_ulang
    FOR EACH ROW WHEN (NOT dtsen.is_apply_worker()) EXECUTE FUNCTION reg.cek_ulang_in_window();

-- every edition has its partition, from its first day
CREATE FUNCTION reg.edisi_partition() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    partition text;
BEGIN
    PERFORM reg.trigger_is_of(TG_RELID, 'reg.edisi');
    partition := format('reg.%I', 'desil_' || NEW.id);
    EXECUTE format('CREATE TABLE %s PARTITION OF reg.desil FOR VALUES IN (%s)', partition, NEW.id);
    EXECUTE format('COMMENT ON TABLE %s IS %L', partition, 'Families of edition ' || NEW.name);
    -- triggers of statements are not inherited by partitions
    EXECUTE format('CREATE TRIGGER immutable_truncate BEFORE TRUNCATE ON %s FOR EACH STATEMENT
        EXECUTE FUNCTION dtsen.immutable(''edisi_id'', ''reg.edisi'', ''id'', ''state'',
            ''cek_ulang'', ''ditetapkan'', ''terbit'')', partition);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER immutable_truncate', partition);
    RETURN NULL;
END $$;
COMMENT ON FUNCTION reg.edisi_partition() IS 'Trigger: makes the partition of an edition. SECURITY DEFINER, because only the owner of a table may add one';
CREATE TRIGGER make_partition AFTER INSERT ON reg.edisi
    FOR EACH ROW EXECUTE FUNCTION reg.edisi_partition();

-- what belongs to something sealed, valid or published stays as it is
DO $do$
DECLARE
    r record;
BEGIN
    FOR r IN VALUES
        ('desil', $a$'edisi_id', 'reg.edisi', 'id', 'state', 'cek_ulang', 'ditetapkan', 'terbit'$a$),
        ('desil_cut', $a$'edisi_id', 'reg.edisi', 'id', 'state', 'cek_ulang', 'ditetapkan', 'terbit'$a$),
        ('batch_item', $a$'batch_id', 'reg.batch', 'id', 'state', 'disegel', 'ditandatangani', 'diterima'$a$),
        ('bukti', $a$'musyawarah_id', 'reg.musyawarah', 'id', 'state', 'sah'$a$)
    LOOP
        EXECUTE format('CREATE TRIGGER immutable BEFORE INSERT OR UPDATE OR DELETE ON reg.%I
            FOR EACH ROW EXECUTE FUNCTION dtsen.immutable(%s)', r.column1, r.column2);
        EXECUTE format('CREATE TRIGGER immutable_truncate BEFORE TRUNCATE ON reg.%I
            FOR EACH STATEMENT EXECUTE FUNCTION dtsen.immutable(%s)', r.column1, r.column2);
        EXECUTE format('ALTER TABLE reg.%I ENABLE ALWAYS TRIGGER immutable', r.column1);
        EXECUTE format('ALTER TABLE reg.%I ENABLE ALWAYS TRIGGER immutable_truncate', r.column1);
    END LOOP;
END $do$;
CREATE TRIGGER immutable_of_usulan BEFORE INSERT OR UPDATE OR DELETE ON reg.bukti
    FOR EACH ROW EXECUTE FUNCTION dtsen.immutable('usulan_id', 'reg.usulan', 'id', 'state',
        'disahkan', 'ditandatangani', 'diserahkan', 'diolah', 'cek_ulang', 'disanggah', 'ditetapkan', 'terbit');
ALTER TABLE reg.bukti ENABLE ALWAYS TRIGGER immutable_of_usulan;

SELECT dtsen.attach('reg.usulan', 'usulan', 'reg', reason_column => 'reason',
    version_column => 'machine_version', frozen_columns => '{request_key,kind,wilayah,keluarga_id,anggota_id,corrects_id,created_at,created_by}');
SELECT dtsen.attach('reg.musyawarah', 'musyawarah', 'reg', reason_column => 'reason',
    version_column => 'machine_version', frozen_columns => '{wilayah,quorum,created_at,created_by}');
SELECT dtsen.attach('reg.batch', 'batch', 'reg', reason_column => 'reason',
    version_column => 'machine_version', frozen_columns => '{wilayah,edisi_id,created_at}');
SELECT dtsen.attach('reg.edisi', 'edisi', 'reg', wilayah_column => NULL,
    reason_column => 'reason', version_column => 'machine_version', frozen_columns => '{name,rule}');

-- also when session_replication_role says replica; what logical replication
-- applies, the publisher has judged
DO $do$
DECLARE
    r record;
BEGIN
    FOR r IN SELECT t.tgrelid::regclass AS relid, t.tgname FROM pg_trigger AS t
        JOIN pg_class AS c ON c.oid = t.tgrelid
        WHERE c.relnamespace = 'reg'::regnamespace AND NOT t.tgisinternal
        AND t.tgenabled <> 'A' AND c.relname IN ('usulan', 'musyawarah', 'bukti', 'batch', 'batch_item',
            'edisi', 'cek_ulang', 'desa_tutup', 'import_run', 'pemadanan')
    LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', r.relid, r.tgname);
    END LOOP;
END $do$;
-- Registry reg: what it was made of, for dtsen.check_registry().

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA reg FROM PUBLIC;

CREATE TABLE reg.manifest (
    kind text NOT NULL,
    object text NOT NULL,
    detail text,
    PRIMARY KEY (kind, object)
);
COMMENT ON TABLE reg.manifest IS 'Triggers, policies, functions and constraints as they were made; dtsen.check_registry() compares';
COMMENT ON COLUMN reg.manifest.kind IS 'Kind of object';
COMMENT ON COLUMN reg.manifest.object IS 'Its name within the schema';
COMMENT ON COLUMN reg.manifest.detail IS 'What of it must not change';
-- Registry reg: schema for analysts.
CREATE SCHEMA reg_bi;
COMMENT ON SCHEMA reg_bi IS 'Views for analysts and BI tools on registry reg: standard types, no personal data';
-- Registry reg: dimensions for analysts.

CREATE VIEW reg_bi.dim_wilayah WITH (security_barrier) AS
    SELECT w.kode::varchar(10) AS wilayah_code, w.nama::varchar(100) AS wilayah_name, w.level AS wilayah_level,
        (w.status = 'present') AS is_present,
        p.kode::varchar(10) AS provinsi_code, p.nama::varchar(100) AS provinsi_name,
        k.kode::varchar(10) AS kabupaten_code, k.nama::varchar(100) AS kabupaten_name,
        c.kode::varchar(10) AS kecamatan_code, c.nama::varchar(100) AS kecamatan_name
    FROM reg.wilayah AS w
    LEFT JOIN reg.wilayah AS p ON p.kode = dtsen.wilayah_parent(w.kode, 1)
    LEFT JOIN reg.wilayah AS k ON w.level >= 2 AND k.kode = dtsen.wilayah_parent(w.kode, 2)
    LEFT JOIN reg.wilayah AS c ON w.level >= 3 AND c.kode = dtsen.wilayah_parent(w.kode, 3);
COMMENT ON VIEW reg_bi.dim_wilayah IS 'Regions with the regions above them. Grain: one region code, present or retired. Always current';
COMMENT ON COLUMN reg_bi.dim_wilayah.wilayah_code IS 'Region code of 2, 4, 6 or 10 digits';
COMMENT ON COLUMN reg_bi.dim_wilayah.wilayah_name IS 'Official name';
COMMENT ON COLUMN reg_bi.dim_wilayah.wilayah_level IS '1 province, 2 regency or city, 3 district, 4 village';
COMMENT ON COLUMN reg_bi.dim_wilayah.is_present IS 'False: the code is retired';
COMMENT ON COLUMN reg_bi.dim_wilayah.provinsi_code IS 'Code of its province';
COMMENT ON COLUMN reg_bi.dim_wilayah.provinsi_name IS 'Name of its province';
COMMENT ON COLUMN reg_bi.dim_wilayah.kabupaten_code IS 'Code of its regency or city; empty for a province';
COMMENT ON COLUMN reg_bi.dim_wilayah.kabupaten_name IS 'Name of its regency or city';
COMMENT ON COLUMN reg_bi.dim_wilayah.kecamatan_code IS 'Code of its district; empty above';
COMMENT ON COLUMN reg_bi.dim_wilayah.kecamatan_name IS 'Name of its district';

CREATE VIEW reg_bi.dim_desil WITH (security_barrier) AS
    SELECT n AS desil, n AS sort_order, ('desil ' || n)::varchar(30) AS label_id, ('decile ' || n)::varchar(30) AS label_en
    FROM generate_series(1, 10) AS n
    UNION ALL
    SELECT NULL::integer, 11, 'belum diperingkat'::varchar(30), 'not ranked'::varchar(30);
COMMENT ON VIEW reg_bi.dim_desil IS 'Deciles. Grain: one decile, and one row for not ranked. Constant';
COMMENT ON COLUMN reg_bi.dim_desil.desil IS '1 the poorest to 10; NULL: not ranked';
COMMENT ON COLUMN reg_bi.dim_desil.sort_order IS 'Order in lists, 1 to 11; the key to join by';
COMMENT ON COLUMN reg_bi.dim_desil.label_id IS 'Indonesian label';
COMMENT ON COLUMN reg_bi.dim_desil.label_en IS 'English label';

CREATE VIEW reg_bi.edisi WITH (security_barrier) AS
    SELECT e.id AS publication_id, e.name::varchar(20) AS edition_name, e.state::varchar(30) AS state,
        (e.state = 'terbit') AS is_published,
        (e.cut_off_at AT TIME ZONE 'Asia/Jakarta')::date AS cut_off_date,
        (e.publish_at AT TIME ZONE 'Asia/Jakarta')::date AS publish_date,
        e.published_at,
        CASE WHEN e.state = 'terbit' THEN e.family_count END AS family_count,
        CASE WHEN e.state = 'terbit' THEN e.person_count END AS person_count,
        CASE WHEN e.state = 'terbit' THEN e.ranked_count END AS ranked_family_count,
        e.model_version::varchar(30) AS model_version, e.rule::varchar(20) AS rule,
        CASE WHEN e.state = 'terbit' THEN encode(e.digest, 'hex') END::varchar(64) AS digest
    FROM reg.edisi AS e;
COMMENT ON VIEW reg_bi.edisi IS 'Editions. Grain: one edition; counts once it is published. Always current';
COMMENT ON COLUMN reg_bi.edisi.publication_id IS 'Key of the edition';
COMMENT ON COLUMN reg_bi.edisi.edition_name IS 'Name of the edition';
COMMENT ON COLUMN reg_bi.edisi.state IS 'State of the edition';
COMMENT ON COLUMN reg_bi.edisi.is_published IS 'Official and final';
COMMENT ON COLUMN reg_bi.edisi.cut_off_date IS 'Day of the cut-off, in Jakarta';
COMMENT ON COLUMN reg_bi.edisi.publish_date IS 'Day it is due, in Jakarta';
COMMENT ON COLUMN reg_bi.edisi.published_at IS 'When it was published';
COMMENT ON COLUMN reg_bi.edisi.family_count IS 'Families';
COMMENT ON COLUMN reg_bi.edisi.person_count IS 'Persons';
COMMENT ON COLUMN reg_bi.edisi.ranked_family_count IS 'Families with a national decile';
COMMENT ON COLUMN reg_bi.edisi.model_version IS 'Model whose scores were ranked';
COMMENT ON COLUMN reg_bi.edisi.rule IS 'Rule of the cuts';
COMMENT ON COLUMN reg_bi.edisi.digest IS 'SHA-256 of the edition, hexadecimal';
-- Registry reg: figures for analysts. Published editions only; cells of
-- fewer than 5 families or persons are not shown.

CREATE FUNCTION reg.is_hidden_cell(cell numeric, smallest numeric, place bigint, running numeric)
    RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$ SELECT cell < 5 OR (smallest < 5 AND (place <= 2 OR running - cell < 5)) $$;
COMMENT ON FUNCTION reg.is_hidden_cell(numeric, numeric, bigint, numeric) IS 'Whether a figure is hidden: below 5; and where one of its group is, at least the two smallest and 5 in all, so that the total of the group does not give it away. Arguments: the figure, the smallest of the group, its place by size, the sum up to it';
REVOKE EXECUTE ON FUNCTION reg.is_hidden_cell(numeric, numeric, bigint, numeric) FROM PUBLIC;

CREATE VIEW reg_bi.desil_by_kecamatan WITH (security_barrier) AS
    SELECT f.publication_id, f.edition_name, f.published_at, f.as_of_date,
        f.scope, f.kecamatan_code, w.nama::varchar(100) AS kecamatan_name,
        f.kabupaten_code, f.desil, coalesce(f.desil, 11) AS sort_order,
        CASE WHEN NOT f.is_hidden THEN f.families END::integer AS family_count,
        CASE WHEN NOT f.is_hidden THEN f.persons END::integer AS person_count,
        f.is_hidden AS is_suppressed
    FROM (SELECT g.*, reg.is_hidden_cell(g.families, min(g.families) OVER c,
            row_number() OVER (c ORDER BY g.families, g.desil),
            sum(g.families) OVER (c ORDER BY g.families, g.desil ROWS UNBOUNDED PRECEDING)) AS is_hidden
        FROM (SELECT e.id AS publication_id, e.name::varchar(20) AS edition_name, e.published_at,
            (e.published_at AT TIME ZONE 'Asia/Jakarta')::date AS as_of_date,
            g.scope::varchar(10) AS scope, g.wilayah AS kode,
            g.wilayah::varchar(10) AS kecamatan_code,
            dtsen.wilayah_parent(g.wilayah)::varchar(10) AS kabupaten_code,
            g.desil::integer AS desil, g.families, g.persons
        FROM reg.desil_summary AS g
        JOIN reg.edisi AS e ON e.id = g.edisi_id AND e.state = 'terbit') AS g
        WINDOW c AS (PARTITION BY g.publication_id, g.scope, g.kode)) AS f
    JOIN reg.wilayah AS w ON w.kode = f.kode;
COMMENT ON VIEW reg_bi.desil_by_kecamatan IS 'Families and persons per decile and district. Grain: published edition, scope, district, decile. Changes with a publication';
COMMENT ON COLUMN reg_bi.desil_by_kecamatan.publication_id IS 'Key of the edition';
COMMENT ON COLUMN reg_bi.desil_by_kecamatan.edition_name IS 'Name of the edition';
COMMENT ON COLUMN reg_bi.desil_by_kecamatan.published_at IS 'When it was published';
COMMENT ON COLUMN reg_bi.desil_by_kecamatan.as_of_date IS 'Day of publication, in Jakarta';
COMMENT ON COLUMN reg_bi.desil_by_kecamatan.scope IS 'Scope of the decile: nasional, provinsi or kabupaten';
COMMENT ON COLUMN reg_bi.desil_by_kecamatan.kecamatan_code IS 'Code of the district';
COMMENT ON COLUMN reg_bi.desil_by_kecamatan.kecamatan_name IS 'Name of the district';
COMMENT ON COLUMN reg_bi.desil_by_kecamatan.kabupaten_code IS 'Code of its regency or city';
COMMENT ON COLUMN reg_bi.desil_by_kecamatan.desil IS '1 the poorest to 10; NULL: not ranked';
COMMENT ON COLUMN reg_bi.desil_by_kecamatan.sort_order IS 'Decile, 11 for not ranked';
COMMENT ON COLUMN reg_bi.desil_by_kecamatan.family_count IS 'Families; NULL where suppressed';
COMMENT ON COLUMN reg_bi.desil_by_kecamatan.person_count IS 'Persons; NULL where suppressed';
COMMENT ON COLUMN reg_bi.desil_by_kecamatan.is_suppressed IS 'Not shown: fewer than 5 families, or shown it would give away such a cell by subtraction';

CREATE VIEW reg_bi.usulan_by_state WITH (security_barrier) AS
    SELECT f.publication_id, f.edition_name, CURRENT_DATE AS as_of_date, f.kabupaten_code, f.state,
        s.label_id::varchar(80) AS label_id, s.label_en::varchar(80) AS label_en, s.sort_order, s.is_final,
        CASE WHEN NOT f.is_hidden THEN f.proposals END::integer AS proposal_count,
        f.is_hidden AS is_suppressed
    FROM (SELECT g.*, reg.is_hidden_cell(g.proposals, min(g.proposals) OVER c,
            row_number() OVER (c ORDER BY g.proposals, g.state),
            sum(g.proposals) OVER (c ORDER BY g.proposals, g.state ROWS UNBOUNDED PRECEDING)) AS is_hidden
        FROM (SELECT e.id AS publication_id, e.name::varchar(20) AS edition_name,
            dtsen.wilayah_parent(u.wilayah, 2)::varchar(10) AS kabupaten_code,
            u.state::varchar(30) AS state, count(*) AS proposals
        FROM reg.usulan AS u JOIN reg.edisi AS e ON e.id = u.edisi_id
        GROUP BY e.id, 3, u.state) AS g
        WINDOW c AS (PARTITION BY g.publication_id, g.kabupaten_code)) AS f
    JOIN reg.state AS s ON s.machine = 'usulan' AND s.state = f.state;
COMMENT ON VIEW reg_bi.usulan_by_state IS 'Proposal funnel. Grain: edition, regency, state. Always current';
COMMENT ON COLUMN reg_bi.usulan_by_state.publication_id IS 'Edition that the proposals are meant for';
COMMENT ON COLUMN reg_bi.usulan_by_state.edition_name IS 'Its name';
COMMENT ON COLUMN reg_bi.usulan_by_state.as_of_date IS 'Today';
COMMENT ON COLUMN reg_bi.usulan_by_state.kabupaten_code IS 'Code of the regency or city';
COMMENT ON COLUMN reg_bi.usulan_by_state.state IS 'State of the proposals';
COMMENT ON COLUMN reg_bi.usulan_by_state.label_id IS 'Indonesian label of the state';
COMMENT ON COLUMN reg_bi.usulan_by_state.label_en IS 'English label of the state';
COMMENT ON COLUMN reg_bi.usulan_by_state.sort_order IS 'Order of the states';
COMMENT ON COLUMN reg_bi.usulan_by_state.is_final IS 'Proposals do not leave this state';
COMMENT ON COLUMN reg_bi.usulan_by_state.proposal_count IS 'Proposals; NULL where suppressed';
COMMENT ON COLUMN reg_bi.usulan_by_state.is_suppressed IS 'Not shown: fewer than 5 proposals, or shown it would give away such a cell by subtraction';

CREATE VIEW reg_bi.musyawarah_by_kelurahan WITH (security_barrier) AS
    SELECT w.kode::varchar(10) AS kelurahan_code, w.nama::varchar(100) AS kelurahan_name,
        dtsen.wilayah_parent(w.kode, 3)::varchar(10) AS kecamatan_code,
        dtsen.wilayah_parent(w.kode, 2)::varchar(10) AS kabupaten_code,
        CURRENT_DATE AS as_of_date, m.last_date AS last_meeting_date,
        (CURRENT_DATE - m.last_date) AS days_since_meeting,
        coalesce(m.last_date >= CURRENT_DATE - interval '3 months', false) AS has_meeting_in_3_months,
        coalesce(m.n, 0)::integer AS meeting_count
    FROM reg.wilayah AS w
    LEFT JOIN (SELECT x.wilayah, max(x.held_on) AS last_date, count(*) AS n
        FROM reg.musyawarah AS x WHERE x.state = 'sah' GROUP BY x.wilayah) AS m ON m.wilayah = w.kode
    WHERE w.level = 4 AND w.status = 'present'
    AND EXISTS (SELECT FROM reg.keluarga AS k WHERE k.wilayah = w.kode);
COMMENT ON VIEW reg_bi.musyawarah_by_kelurahan IS 'When each village last held a valid meeting. Grain: a village with families in the registry. Always current';
COMMENT ON COLUMN reg_bi.musyawarah_by_kelurahan.kelurahan_code IS 'Code of the village';
COMMENT ON COLUMN reg_bi.musyawarah_by_kelurahan.kelurahan_name IS 'Name of the village';
COMMENT ON COLUMN reg_bi.musyawarah_by_kelurahan.kecamatan_code IS 'Code of its district';
COMMENT ON COLUMN reg_bi.musyawarah_by_kelurahan.kabupaten_code IS 'Code of its regency or city';
COMMENT ON COLUMN reg_bi.musyawarah_by_kelurahan.as_of_date IS 'Today';
COMMENT ON COLUMN reg_bi.musyawarah_by_kelurahan.last_meeting_date IS 'Day of the last valid meeting; NULL: none yet';
COMMENT ON COLUMN reg_bi.musyawarah_by_kelurahan.days_since_meeting IS 'Days since then';
COMMENT ON COLUMN reg_bi.musyawarah_by_kelurahan.has_meeting_in_3_months IS 'False: the village is late';
COMMENT ON COLUMN reg_bi.musyawarah_by_kelurahan.meeting_count IS 'Valid meetings on record';

CREATE VIEW reg_bi.padan_by_kecamatan WITH (security_barrier) AS
    SELECT f.run_id, f.as_of_date, f.kecamatan_code, w.nama::varchar(100) AS kecamatan_name, f.kabupaten_code,
        f.status, p.verdict::varchar(10) AS verdict, p.label_id::varchar(80) AS label_id,
        p.label_en::varchar(80) AS label_en, p.sort_order,
        CASE WHEN NOT f.is_hidden THEN f.persons END::integer AS person_count,
        f.is_hidden AS is_suppressed
    FROM (SELECT g.*, reg.is_hidden_cell(g.persons, min(g.persons) OVER c,
            row_number() OVER (c ORDER BY g.persons, g.status),
            sum(g.persons) OVER (c ORDER BY g.persons, g.status ROWS UNBOUNDED PRECEDING)) AS is_hidden
        FROM (SELECT m.id AS run_id, (m.created_at AT TIME ZONE 'Asia/Jakarta')::date AS as_of_date,
            dtsen.wilayah_parent(r.wilayah) AS kode,
            dtsen.wilayah_parent(r.wilayah)::varchar(10) AS kecamatan_code,
            dtsen.wilayah_parent(r.wilayah, 2)::varchar(10) AS kabupaten_code,
            r.status::varchar(25) AS status, count(*) AS persons
        FROM reg.pemadanan_result AS r JOIN reg.pemadanan AS m ON m.id = r.pemadanan_id
        GROUP BY m.id, 3, 5, r.status) AS g
        WINDOW c AS (PARTITION BY g.run_id, g.kode)) AS f
    JOIN reg.padan_status AS p ON p.status = f.status
    JOIN reg.wilayah AS w ON w.kode = f.kode;
COMMENT ON VIEW reg_bi.padan_by_kecamatan IS 'Quality of the match with the civil registry. Grain: run, district, finding. Changes with a run';
COMMENT ON COLUMN reg_bi.padan_by_kecamatan.run_id IS 'Key of the run';
COMMENT ON COLUMN reg_bi.padan_by_kecamatan.as_of_date IS 'Day of the run, in Jakarta';
COMMENT ON COLUMN reg_bi.padan_by_kecamatan.kecamatan_code IS 'Code of the district';
COMMENT ON COLUMN reg_bi.padan_by_kecamatan.kecamatan_name IS 'Name of the district';
COMMENT ON COLUMN reg_bi.padan_by_kecamatan.kabupaten_code IS 'Code of its regency or city';
COMMENT ON COLUMN reg_bi.padan_by_kecamatan.status IS 'Finding';
COMMENT ON COLUMN reg_bi.padan_by_kecamatan.verdict IS 'Its kind: agree, differ, unknown, duplicate, invalid or gone';
COMMENT ON COLUMN reg_bi.padan_by_kecamatan.label_id IS 'Indonesian label';
COMMENT ON COLUMN reg_bi.padan_by_kecamatan.label_en IS 'English label';
COMMENT ON COLUMN reg_bi.padan_by_kecamatan.sort_order IS 'Order of the findings';
COMMENT ON COLUMN reg_bi.padan_by_kecamatan.person_count IS 'Persons; NULL where suppressed';
COMMENT ON COLUMN reg_bi.padan_by_kecamatan.is_suppressed IS 'Not shown: fewer than 5 persons, or shown it would give away such a cell by subtraction';

CREATE FUNCTION reg.journal_check()
    RETURNS TABLE (machine varchar(63), entry_count integer, problem_count integer, last_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    WITH v AS MATERIALIZED (SELECT x.machine FROM dtsen.verify_journal('reg') AS x)
    SELECT m.machine::varchar(63),
        coalesce((SELECT sum(b.entries) FROM reg.journal_block AS b WHERE b.machine = m.machine), 0)::integer,
        (SELECT count(*) FROM v WHERE v.machine = m.machine)::integer,
        (SELECT max(e.at) FROM (SELECT DISTINCT ON (b.chain) b.seq, b.entries, b.body FROM reg.journal_block AS b
                WHERE b.machine = m.machine ORDER BY b.chain, b.seq DESC) AS b,
            dtsen.journal_entries(b.seq, b.entries, b.body) AS e)
    FROM reg.machine AS m
$$;
COMMENT ON FUNCTION reg.journal_check() IS 'Entries and broken entries of the journal per machine. SECURITY DEFINER, because analysts see the figures, not the entries';
REVOKE EXECUTE ON FUNCTION reg.journal_check() FROM PUBLIC;

CREATE VIEW reg_bi.journal_check WITH (security_barrier) AS
    SELECT j.machine::varchar(63) AS machine, j.entry_count, j.problem_count,
        (j.problem_count = 0) AS is_intact, j.last_at, CURRENT_DATE AS as_of_date
    FROM reg.journal_check() AS j;
COMMENT ON VIEW reg_bi.journal_check IS 'Whether the journal verifies. Grain: machine. Always current: each read verifies the whole journal, see docs/bi.md';
COMMENT ON COLUMN reg_bi.journal_check.machine IS 'What the entries are about';
COMMENT ON COLUMN reg_bi.journal_check.entry_count IS 'Entries of the journal';
COMMENT ON COLUMN reg_bi.journal_check.problem_count IS 'Problems that the verification found';
COMMENT ON COLUMN reg_bi.journal_check.is_intact IS 'No problem: nothing was changed, removed or added';
COMMENT ON COLUMN reg_bi.journal_check.last_at IS 'Time of the last entry';
COMMENT ON COLUMN reg_bi.journal_check.as_of_date IS 'Today';
-- Registry reg: programmes for analysts, by the last published edition.

CREATE VIEW reg_bi.dim_program WITH (security_barrier) AS
    SELECT p.program::varchar(20) AS program, p.label_id::varchar(80) AS label_id, p.label_en::varchar(80) AS label_en,
        p.owner_level::varchar(10) AS owner_level, p.wilayah::varchar(10) AS wilayah_code, p.unit::varchar(10) AS unit,
        p.exclusive_group::varchar(20) AS exclusive_group, r.desil_scope::varchar(10) AS desil_scope,
        r.desil_from::integer AS desil_from, r.desil_to::integer AS desil_to, r.needs_component
    FROM reg.program AS p
    LEFT JOIN LATERAL (SELECT x.* FROM reg.program_rule AS x
        WHERE x.program = p.program AND x.valid_from <= CURRENT_DATE ORDER BY x.valid_from DESC LIMIT 1) AS r ON true;
COMMENT ON VIEW reg_bi.dim_program IS 'Programmes with the rule of today. Grain: one programme. Always current';
COMMENT ON COLUMN reg_bi.dim_program.program IS 'Key of the programme';
COMMENT ON COLUMN reg_bi.dim_program.label_id IS 'Indonesian name';
COMMENT ON COLUMN reg_bi.dim_program.label_en IS 'English name';
COMMENT ON COLUMN reg_bi.dim_program.owner_level IS 'Who pays: pusat, provinsi, kabupaten or desa';
COMMENT ON COLUMN reg_bi.dim_program.wilayah_code IS 'Region that pays; empty: the centre';
COMMENT ON COLUMN reg_bi.dim_program.unit IS 'keluarga or anggota: who is helped';
COMMENT ON COLUMN reg_bi.dim_program.exclusive_group IS 'Group of which one may be in one programme only';
COMMENT ON COLUMN reg_bi.dim_program.desil_scope IS 'Decile that counts: nasional, provinsi or kabupaten';
COMMENT ON COLUMN reg_bi.dim_program.desil_from IS 'First decile taken';
COMMENT ON COLUMN reg_bi.dim_program.desil_to IS 'Last decile taken';
COMMENT ON COLUMN reg_bi.dim_program.needs_component IS 'Whether a component must be met';

CREATE VIEW reg_bi.peserta_by_desil WITH (security_barrier) AS
    SELECT f.publication_id, f.edition_name, CURRENT_DATE AS as_of_date, f.program, f.kabupaten_code,
        w.nama::varchar(100) AS kabupaten_name, f.desil, coalesce(f.desil, 11) AS sort_order, f.is_outside_rule,
        CASE WHEN NOT f.is_hidden THEN f.n END::integer AS recipient_count,
        f.is_hidden AS is_suppressed
    FROM (SELECT g.*, reg.is_hidden_cell(g.n, min(g.n) OVER c,
            row_number() OVER (c ORDER BY g.n, g.desil),
            sum(g.n) OVER (c ORDER BY g.n, g.desil ROWS UNBOUNDED PRECEDING)) AS is_hidden
        FROM (SELECT e.id AS publication_id, e.name::varchar(20) AS edition_name, k.program::varchar(20) AS program,
                dtsen.wilayah_parent(k.wilayah, 2) AS kode, dtsen.wilayah_parent(k.wilayah, 2)::varchar(10) AS kabupaten_code,
                x.desil, coalesce(x.desil NOT BETWEEN r.desil_from AND r.desil_to, NOT r.takes_unranked) AS is_outside_rule,
                count(*) AS n
            FROM reg.kepesertaan AS k
            CROSS JOIN (SELECT o.id, o.name, (o.publish_at AT TIME ZONE 'Asia/Jakarta')::date AS asof FROM reg.edisi AS o
                WHERE o.state = 'terbit' ORDER BY o.published_at DESC LIMIT 1) AS e
            LEFT JOIN LATERAL (SELECT y.* FROM reg.program_rule AS y
                WHERE y.program = k.program AND y.valid_from <= e.asof ORDER BY y.valid_from DESC LIMIT 1) AS r ON true
            LEFT JOIN reg.desil AS d ON d.edisi_id = e.id AND d.keluarga_id = k.keluarga_id
            CROSS JOIN LATERAL (SELECT CASE r.desil_scope WHEN 'provinsi' THEN d.desil_provinsi
                WHEN 'kabupaten' THEN d.desil_kabupaten ELSE d.desil_nasional END::integer) AS x (desil)
            WHERE k.valid_to IS NULL
            GROUP BY 1, 2, 3, 4, 6, 7) AS g
        WINDOW c AS (PARTITION BY g.program, g.kode)) AS f
    JOIN reg.wilayah AS w ON w.kode = f.kode;
COMMENT ON VIEW reg_bi.peserta_by_desil IS 'Who is in programmes now, by decile of the last published edition. Grain: programme, regency, decile. Changes with every entry and exit';
COMMENT ON COLUMN reg_bi.peserta_by_desil.publication_id IS 'Key of the edition whose deciles are used';
COMMENT ON COLUMN reg_bi.peserta_by_desil.edition_name IS 'Its name';
COMMENT ON COLUMN reg_bi.peserta_by_desil.as_of_date IS 'Today';
COMMENT ON COLUMN reg_bi.peserta_by_desil.program IS 'Key of the programme';
COMMENT ON COLUMN reg_bi.peserta_by_desil.kabupaten_code IS 'Code of the regency or city';
COMMENT ON COLUMN reg_bi.peserta_by_desil.kabupaten_name IS 'Its name';
COMMENT ON COLUMN reg_bi.peserta_by_desil.desil IS 'Decile of the scope that the programme judges by; NULL: not ranked or not in the edition';
COMMENT ON COLUMN reg_bi.peserta_by_desil.sort_order IS 'Decile, 11 for not ranked';
COMMENT ON COLUMN reg_bi.peserta_by_desil.is_outside_rule IS 'The rule of the programme does not take this decile (inclusion error by the rule; flags and assessments are not seen here)';
COMMENT ON COLUMN reg_bi.peserta_by_desil.recipient_count IS 'Families or persons, by the unit of the programme; NULL where suppressed';
COMMENT ON COLUMN reg_bi.peserta_by_desil.is_suppressed IS 'Not shown: fewer than 5, or shown it would give away such a cell by subtraction';

CREATE VIEW reg_bi.penerimaan_by_month WITH (security_barrier) AS
    SELECT f.program, f.period, f.kabupaten_code, w.nama::varchar(100) AS kabupaten_name,
        CASE WHEN f.n >= 5 THEN f.n END::integer AS recipient_count,
        CASE WHEN f.n >= 5 THEN f.amount END::numeric(18, 0) AS amount_rupiah,
        (f.n < 5) AS is_suppressed
    FROM (SELECT r.program::varchar(20) AS program, r.period, dtsen.wilayah_parent(r.wilayah, 2) AS kode,
            dtsen.wilayah_parent(r.wilayah, 2)::varchar(10) AS kabupaten_code, count(*) AS n, sum(r.amount) AS amount
        FROM reg.penerimaan AS r GROUP BY 1, 2, 3) AS f
    JOIN reg.wilayah AS w ON w.kode = f.kode;
COMMENT ON VIEW reg_bi.penerimaan_by_month IS 'Aid that was paid. Grain: programme, month, regency. Changes with every report of a payer';
COMMENT ON COLUMN reg_bi.penerimaan_by_month.program IS 'Key of the programme';
COMMENT ON COLUMN reg_bi.penerimaan_by_month.period IS 'First day of the month it was paid for';
COMMENT ON COLUMN reg_bi.penerimaan_by_month.kabupaten_code IS 'Code of the regency or city';
COMMENT ON COLUMN reg_bi.penerimaan_by_month.kabupaten_name IS 'Its name';
COMMENT ON COLUMN reg_bi.penerimaan_by_month.recipient_count IS 'Families or persons paid; NULL where suppressed';
COMMENT ON COLUMN reg_bi.penerimaan_by_month.amount_rupiah IS 'Rupiah; NULL where suppressed';
COMMENT ON COLUMN reg_bi.penerimaan_by_month.is_suppressed IS 'Not shown: fewer than 5 recipients';
-- Registry reg: movement and quality for analysts.

CREATE VIEW reg_bi.movement_by_kabupaten WITH (security_barrier) AS
    SELECT f.publication_id, f.edition_name, f.from_publication_id, f.as_of_date, f.scope, f.kabupaten_code,
        w.nama::varchar(100) AS kabupaten_name, f.from_desil, f.to_desil, reg.movement_label(f.to_desil - f.from_desil)::varchar(20) AS movement,
        CASE WHEN NOT f.is_hidden THEN f.families END::integer AS family_count,
        CASE WHEN NOT f.is_hidden THEN f.persons END::integer AS person_count,
        f.is_hidden AS is_suppressed
    FROM (SELECT e.id AS publication_id, e.name::varchar(20) AS edition_name, m.from_edisi_id AS from_publication_id,
            (e.published_at AT TIME ZONE 'Asia/Jakarta')::date AS as_of_date, m.scope::varchar(10) AS scope, m.wilayah AS kode,
            m.wilayah::varchar(10) AS kabupaten_code, m.from_desil::integer AS from_desil, m.to_desil::integer AS to_desil, m.families, m.persons,
            reg.is_hidden_cell(m.families, min(m.families) OVER c, row_number() OVER (c ORDER BY m.families, m.from_desil, m.to_desil),
                sum(m.families) OVER (c ORDER BY m.families, m.from_desil, m.to_desil ROWS UNBOUNDED PRECEDING)) AS is_hidden
        FROM reg.movement_summary AS m JOIN reg.edisi AS e ON e.id = m.edisi_id AND e.state = 'terbit'
        WINDOW c AS (PARTITION BY m.edisi_id, m.scope, m.wilayah)) AS f
    JOIN reg.wilayah AS w ON w.kode = f.kode;
COMMENT ON VIEW reg_bi.movement_by_kabupaten IS 'Families that moved between deciles from one published edition to the next. Grain: edition, scope, regency, decile before, decile now. Changes with a publication';
COMMENT ON COLUMN reg_bi.movement_by_kabupaten.publication_id IS 'Key of the later edition';
COMMENT ON COLUMN reg_bi.movement_by_kabupaten.edition_name IS 'Its name';
COMMENT ON COLUMN reg_bi.movement_by_kabupaten.from_publication_id IS 'Key of the edition published before it';
COMMENT ON COLUMN reg_bi.movement_by_kabupaten.as_of_date IS 'Day of publication, in Jakarta';
COMMENT ON COLUMN reg_bi.movement_by_kabupaten.scope IS 'Scope of the deciles: nasional, provinsi or kabupaten';
COMMENT ON COLUMN reg_bi.movement_by_kabupaten.kabupaten_code IS 'Code of the regency or city';
COMMENT ON COLUMN reg_bi.movement_by_kabupaten.kabupaten_name IS 'Its name';
COMMENT ON COLUMN reg_bi.movement_by_kabupaten.from_desil IS 'Decile before; NULL: not ranked';
COMMENT ON COLUMN reg_bi.movement_by_kabupaten.to_desil IS 'Decile now; NULL: not ranked';
COMMENT ON COLUMN reg_bi.movement_by_kabupaten.movement IS 'extreme_fall, significant_fall, fall, same, rise, significant_rise or extreme_rise; empty: not ranked in one of them';
COMMENT ON COLUMN reg_bi.movement_by_kabupaten.family_count IS 'Families; NULL where suppressed';
COMMENT ON COLUMN reg_bi.movement_by_kabupaten.person_count IS 'Persons; NULL where suppressed';
COMMENT ON COLUMN reg_bi.movement_by_kabupaten.is_suppressed IS 'Not shown: fewer than 5 families, or shown it would give away such a cell by subtraction';

CREATE VIEW reg_bi.control_total WITH (security_barrier) AS
    SELECT c.name::varchar(80) AS total_name, c.source::varchar(200) AS source, c.noted_on AS as_of_date, c.wilayah::varchar(10) AS wilayah_code,
        c.unit::varchar(10) AS unit, c.total AS published_total, p.total::bigint AS parts_total, (p.total - c.total)::bigint AS difference,
        (p.total IS NOT NULL AND p.total <> c.total) AS is_contradictory
    FROM reg.control_total AS c
    LEFT JOIN (SELECT x.control_id, sum(x.value) AS total FROM reg.control_part AS x GROUP BY 1) AS p ON p.control_id = c.id;
COMMENT ON VIEW reg_bi.control_total IS 'Totals that somebody published, beside the sum of their published parts. Grain: one published total. Always current';
COMMENT ON COLUMN reg_bi.control_total.total_name IS 'What it is a total of';
COMMENT ON COLUMN reg_bi.control_total.source IS 'Who published it';
COMMENT ON COLUMN reg_bi.control_total.as_of_date IS 'Day it was published';
COMMENT ON COLUMN reg_bi.control_total.wilayah_code IS 'Region that it is about; empty: the country';
COMMENT ON COLUMN reg_bi.control_total.unit IS 'keluarga: families; anggota: persons';
COMMENT ON COLUMN reg_bi.control_total.published_total IS 'The total as published';
COMMENT ON COLUMN reg_bi.control_total.parts_total IS 'Sum of its parts as published; NULL: none were';
COMMENT ON COLUMN reg_bi.control_total.difference IS 'Parts less total';
COMMENT ON COLUMN reg_bi.control_total.is_contradictory IS 'The parts do not add up to the total';
-- Registry reg: notes what was made.
INSERT INTO reg.manifest (kind, object, detail)
SELECT s.kind, s.object, s.detail FROM dtsen._registry_state('reg') AS s;

-- Roles of registry reg, as dtsen.setup_roles() of version 1 made them.
CREATE ROLE reg_operator_desa NOLOGIN;
CREATE ROLE reg_kades NOLOGIN;
CREATE ROLE reg_pendamping NOLOGIN;
CREATE ROLE reg_verifikator NOLOGIN;
CREATE ROLE reg_kepala_opd NOLOGIN;
CREATE ROLE reg_kepala_daerah NOLOGIN;
CREATE ROLE reg_kemensos NOLOGIN;
CREATE ROLE reg_bps NOLOGIN;
CREATE ROLE reg_auditor NOLOGIN;
CREATE ROLE reg_pengelola NOLOGIN;
CREATE ROLE reg_perancang_mesin NOLOGIN;
CREATE ROLE reg_penyetuju_mesin NOLOGIN;
CREATE ROLE reg_analis NOLOGIN;
-- Rights of the roles of registry reg. Nothing is granted to PUBLIC.
-- Which rows a login sees within these rights is for row security to say, and
-- which steps it may take is for the machines.

GRANT USAGE ON SCHEMA reg TO reg_operator_desa, reg_kades, reg_pendamping,
    reg_verifikator, reg_kepala_opd, reg_kepala_daerah, reg_kemensos,
    reg_bps, reg_auditor, reg_pengelola;
GRANT USAGE ON SCHEMA reg_bi TO reg_analis, reg_auditor;

-- lists that everyone reads
GRANT SELECT ON reg.meta, reg.wilayah, reg.code, reg.keberadaan,
    reg.usulan_kind, reg.bukti_kind, reg.padan_status, reg.model,
    reg.machine, reg.state, reg.transition, reg.edisi
    TO reg_operator_desa, reg_kades, reg_pendamping, reg_verifikator,
    reg_kepala_opd, reg_kepala_daerah, reg_kemensos, reg_bps,
    reg_auditor, reg_pengelola;

-- families and persons, of one's own region
GRANT SELECT ON reg.keluarga, reg.keluarga_nkk, reg.rumah, reg.aset,
    reg.anggota, reg.keanggotaan, reg.musyawarah, reg.usulan,
    reg.bukti, reg.desil, reg.desil_cut
    TO reg_operator_desa, reg_kades, reg_pendamping, reg_verifikator,
    reg_kepala_opd, reg_kepala_daerah, reg_kemensos, reg_bps,
    reg_auditor, reg_pengelola;
GRANT SELECT ON reg.pemadanan, reg.pemadanan_result
    TO reg_operator_desa, reg_kades, reg_pendamping, reg_verifikator,
    reg_kepala_opd, reg_kemensos, reg_bps, reg_auditor, reg_pengelola;
GRANT SELECT ON reg.batch, reg.batch_item, reg.cek_ulang
    TO reg_verifikator, reg_kepala_opd, reg_kepala_daerah,
    reg_kemensos, reg_bps, reg_auditor;
GRANT SELECT ON reg.import_kind, reg.import_type, reg.import_column,
    reg.import_reason, reg.import_run, reg.import_reject
    TO reg_pengelola, reg_bps, reg_auditor;
GRANT SELECT ON reg.journal, reg.skor TO reg_auditor;

-- the village
GRANT INSERT (request_key, kind, wilayah, keluarga_id, anggota_id, payload, edisi_id, musyawarah_id, corrects_id)
    ON reg.usulan TO reg_operator_desa;
GRANT UPDATE (state, reason, payload, edisi_id, musyawarah_id)
    ON reg.usulan TO reg_operator_desa;
GRANT INSERT (wilayah, held_on, place) ON reg.musyawarah TO reg_operator_desa;
GRANT UPDATE (state, reason, held_on, place, attendee_count)
    ON reg.musyawarah TO reg_operator_desa;
GRANT UPDATE (state, reason, musyawarah_id) ON reg.usulan TO reg_kades;
GRANT UPDATE (state, reason) ON reg.musyawarah TO reg_kades;
GRANT INSERT (kind, wilayah, musyawarah_id, usulan_id, file_name, file_size, sha256)
    ON reg.bukti TO reg_operator_desa, reg_kades, reg_pendamping, reg_verifikator;

-- the regency
GRANT UPDATE (state, reason) ON reg.usulan
    TO reg_verifikator, reg_kepala_opd, reg_kepala_daerah;
GRANT INSERT (wilayah, edisi_id) ON reg.batch TO reg_kepala_opd;
GRANT UPDATE (state, reason, item_count, digest) ON reg.batch TO reg_kepala_opd;
GRANT INSERT, DELETE, UPDATE (batch_id, wilayah) ON reg.batch_item TO reg_kepala_opd;
GRANT UPDATE (state, reason, signature) ON reg.batch TO reg_kepala_daerah;
GRANT INSERT (edisi_id, wilayah, is_agreed, note), UPDATE (is_agreed, note)
    ON reg.cek_ulang TO reg_kepala_daerah;

-- the data manager
GRANT INSERT, UPDATE ON reg.keluarga, reg.rumah, reg.aset, reg.anggota,
    reg.dukcapil, reg.dtks TO reg_pengelola;
GRANT SELECT ON reg.dukcapil, reg.dtks TO reg_pengelola;
GRANT INSERT ON reg.import_run, reg.import_reject, reg.pemadanan,
    reg.pemadanan_result TO reg_pengelola;

-- the centre
GRANT INSERT (name, cut_off_at, draw_at, recheck_from, recheck_to, publish_at, meeting_max_age),
    UPDATE (state, reason, cut_off_at, draw_at, recheck_from, recheck_to, publish_at, meeting_max_age)
    ON reg.edisi TO reg_kemensos;
GRANT UPDATE (state, reason) ON reg.batch TO reg_kemensos;
GRANT UPDATE (state, reason, edisi_id) ON reg.usulan TO reg_kemensos;
GRANT UPDATE (state, reason) ON reg.usulan TO reg_bps;
GRANT UPDATE (state, reason, draw_at, recheck_from, recheck_to, publish_at, model_version, family_count,
    person_count, ranked_count, digest, published_at) ON reg.edisi TO reg_bps;
GRANT INSERT, DELETE ON reg.desil, reg.desil_cut TO reg_bps;
GRANT INSERT ON reg.model, reg.import_run, reg.import_reject TO reg_bps;
GRANT SELECT, INSERT, UPDATE ON reg.skor TO reg_bps;

-- visits and control totals
GRANT SELECT ON reg.kunjungan_result, reg.kunjungan, reg.control_total, reg.control_part
    TO reg_operator_desa, reg_kades, reg_pendamping, reg_verifikator,
    reg_kepala_opd, reg_kepala_daerah, reg_kemensos, reg_bps,
    reg_auditor, reg_pengelola;
GRANT INSERT (keluarga_id, wilayah, visited_on, result)
    ON reg.kunjungan TO reg_pendamping, reg_verifikator, reg_operator_desa;
GRANT INSERT, UPDATE ON reg.control_total, reg.control_part TO reg_kepala_opd, reg_kemensos, reg_bps;

-- programmes: their rules are for all to read, flags and lists for those who judge
GRANT SELECT ON reg.exclusive_group, reg.program, reg.program_rule, reg.program_component,
    reg.flag_kind, reg.program_flag, reg.program_quota, reg.school_level, reg.kepesertaan_reason
    TO reg_operator_desa, reg_kades, reg_pendamping, reg_verifikator,
    reg_kepala_opd, reg_kepala_daerah, reg_kemensos, reg_bps,
    reg_auditor, reg_pengelola;
GRANT SELECT ON reg.flag, reg.daftar, reg.daftar_item, reg.kepesertaan, reg.penerimaan
    TO reg_verifikator, reg_kepala_opd, reg_kepala_daerah, reg_kemensos,
    reg_auditor, reg_pengelola;
GRANT INSERT, UPDATE ON reg.exclusive_group, reg.program, reg.program_rule, reg.program_component,
    reg.flag_kind, reg.program_flag, reg.program_quota TO reg_kemensos;
GRANT INSERT, UPDATE ON reg.program, reg.program_rule, reg.program_component, reg.program_flag,
    reg.program_quota TO reg_kepala_opd;
GRANT INSERT (kind, keluarga_id, anggota_id, wilayah, source, noted_on, valid_to), UPDATE (valid_to)
    ON reg.flag TO reg_pengelola, reg_kemensos;
GRANT INSERT (program, keluarga_id, anggota_id, wilayah, period, amount, source)
    ON reg.penerimaan TO reg_pengelola, reg_kepala_opd, reg_kemensos;
GRANT INSERT (program, edisi_id, wilayah, quota, item_count, in_count, digest) ON reg.daftar TO reg_kepala_opd, reg_kemensos;
GRANT INSERT ON reg.daftar_item TO reg_kepala_opd, reg_kemensos;
GRANT INSERT (program, keluarga_id, anggota_id, wilayah, daftar_id, valid_from, return_reason, returns_id),
    UPDATE (valid_to, exit_reason) ON reg.kepesertaan TO reg_kepala_opd, reg_kemensos;

-- the villages that are done, and the rules themselves
GRANT INSERT (edisi_id, wilayah, is_absent, reason) ON reg.desa_tutup
    TO reg_kades, reg_kepala_opd;
GRANT SELECT ON reg.desa_tutup TO reg_operator_desa, reg_kades, reg_verifikator,
    reg_kepala_opd, reg_kepala_daerah, reg_kemensos, reg_bps, reg_auditor;
GRANT USAGE ON SCHEMA reg TO reg_perancang_mesin, reg_penyetuju_mesin;
GRANT SELECT ON reg.machine, reg.state, reg.transition, reg.machine_version,
    reg.calendar TO reg_perancang_mesin, reg_penyetuju_mesin, reg_auditor;
-- for check_machine(): has somebody the roles of two people? is each kind known?
GRANT SELECT ON reg.bukti_kind TO reg_perancang_mesin, reg_penyetuju_mesin;
GRANT SELECT (login, actor_role, person_key) ON reg.actor
    TO reg_perancang_mesin, reg_penyetuju_mesin, reg_auditor;
GRANT INSERT, UPDATE, DELETE ON reg.state, reg.transition TO reg_perancang_mesin;
GRANT INSERT, UPDATE ON reg.machine_version TO reg_perancang_mesin;
GRANT UPDATE (state, digest, reason) ON reg.machine_version TO reg_penyetuju_mesin;
GRANT UPDATE (machine_version) ON reg.usulan, reg.musyawarah, reg.batch, reg.edisi
    TO reg_penyetuju_mesin;
GRANT SELECT ON reg.usulan, reg.musyawarah, reg.batch, reg.edisi
    TO reg_penyetuju_mesin;
GRANT EXECUTE ON FUNCTION reg.scope_login(), reg.scope_prefixes(), reg.scope_low(),
    reg.scope_high(), reg.scope_list() TO reg_penyetuju_mesin;

-- what analysts read
GRANT SELECT ON ALL TABLES IN SCHEMA reg_bi TO reg_analis, reg_auditor;

GRANT EXECUTE ON FUNCTION reg.journal_check(),
    reg.is_hidden_cell(numeric, numeric, bigint, numeric), reg.movement_label(integer) TO reg_analis;

-- functions: the steps that a role takes, and what row security needs
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA reg TO reg_operator_desa, reg_kades,
    reg_pendamping, reg_verifikator, reg_kepala_opd, reg_kepala_daerah,
    reg_kemensos, reg_bps, reg_auditor, reg_pengelola;

-- not those that only triggers and machines run: whoever could attach one to a
-- table of his own would act as the owner
REVOKE EXECUTE ON FUNCTION reg.keluarga_keep_nkk(), reg.anggota_keep_membership(),
    reg.edisi_partition(), reg.edisi_summarise(), reg.cek_ulang_in_window(), reg.stamp_created(),
    reg.usulan_keep_content(), reg.usulan_keep_family(), reg.batch_keep_seal(),
    reg.batch_item_in_region(), reg.kepesertaan_keep(), reg.kind_fits(), reg.kunjungan_keep(), reg.edisi_keep_draft(), reg.bukti_by_role(),
    reg.usulan_apply(text[]), reg.desa_tutup_by_role(),
    reg.desa_tutup_is_done(), reg.machine_version_apply(text[])
    FROM reg_operator_desa, reg_kades, reg_pendamping,
    reg_verifikator, reg_kepala_opd, reg_kepala_daerah, reg_kemensos,
    reg_bps, reg_auditor, reg_pengelola;
-- nor those that tell more than the caller's rows, or read the whole journal
REVOKE EXECUTE ON FUNCTION reg.journal_check()
    FROM reg_operator_desa, reg_kades, reg_pendamping, reg_verifikator,
    reg_kepala_opd, reg_kepala_daerah, reg_kemensos, reg_bps, reg_pengelola;
REVOKE EXECUTE ON FUNCTION reg.project_key(text)
    FROM reg_operator_desa, reg_kades, reg_pendamping, reg_verifikator,
    reg_kepala_opd, reg_kepala_daerah, reg_kemensos, reg_bps, reg_auditor, reg_pengelola;
REVOKE EXECUTE ON FUNCTION reg.import_taken(dtsen.nkk[])
    FROM reg_operator_desa, reg_kades, reg_pendamping, reg_verifikator,
    reg_kepala_opd, reg_kepala_daerah, reg_kemensos, reg_bps, reg_auditor;
