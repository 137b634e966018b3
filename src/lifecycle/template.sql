-- The tables of a lifecycle: machines as data, the people who may act, and
-- the journal. They are ordinary tables of whoever runs this; dtsen owns none.
-- @registry@ stands for the schema, already quoted; @registry_name@ and
-- @registry_text@ for literals of its name and of that.

CREATE TABLE @registry@.machine (
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
COMMENT ON TABLE @registry@.machine IS
    'machines: one per kind of row that has a lifecycle';
COMMENT ON COLUMN @registry@.machine.machine IS 'name of the machine, at most 63 bytes';
COMMENT ON COLUMN @registry@.machine.version IS
    'version under which rows are born; raised by the approval of a row of machine_version alone';
COMMENT ON COLUMN @registry@.machine.initial_state IS 'the only state in which a row of version 1 may be born; later versions say theirs in machine_version';
COMMENT ON COLUMN @registry@.machine.label_id IS 'what people call it, Indonesian';
COMMENT ON COLUMN @registry@.machine.label_en IS 'what people call it, English';
COMMENT ON COLUMN @registry@.machine.is_live IS 'set by dtsen.attach(): from then on the rules change by a new version only';
COMMENT ON COLUMN @registry@.machine.digest IS 'dtsen.machine_digest() of the version in force when it came into force';
COMMENT ON COLUMN @registry@.machine.first_digest IS 'that of version 1, under which rows may still be';

CREATE TABLE @registry@.state (
    machine pg_catalog.text NOT NULL
        REFERENCES @registry@.machine (machine),
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
COMMENT ON TABLE @registry@.state IS 'states of the machines';
COMMENT ON COLUMN @registry@.state.machine IS 'machine that has this state';
COMMENT ON COLUMN @registry@.state.state IS
    'the value in the state column of the guarded table, lower case by custom';
COMMENT ON COLUMN @registry@.state.is_final IS 'no way out: a row in this state never changes again';
COMMENT ON COLUMN @registry@.state.is_published IS 'rows in this state are official and visible to readers';
COMMENT ON COLUMN @registry@.state.label_id IS 'what people call it, Indonesian';
COMMENT ON COLUMN @registry@.state.label_en IS 'what people call it, English';
COMMENT ON COLUMN @registry@.state.sort_order IS 'order in lists and diagrams';
COMMENT ON COLUMN @registry@.state.version IS 'version of the machine that has the state';

CREATE TABLE @registry@.transition (
    machine pg_catalog.text NOT NULL,
    from_state pg_catalog.text NOT NULL,
    to_state pg_catalog.text NOT NULL,
    action pg_catalog.text NOT NULL
        CHECK (action <> '' AND action NOT IN ('born', 'edit', 'attached', 'erased')),
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
        REFERENCES @registry@.state (machine, version, state),
    FOREIGN KEY (machine, version, to_state)
        REFERENCES @registry@.state (machine, version, state)
);
COMMENT ON TABLE @registry@.transition IS
    'the steps of the machines; what is not here cannot happen';
COMMENT ON COLUMN @registry@.transition.machine IS 'machine of the step';
COMMENT ON COLUMN @registry@.transition.from_state IS 'state in which the row must be';
COMMENT ON COLUMN @registry@.transition.to_state IS 'state that the row gets';
COMMENT ON COLUMN @registry@.transition.action IS
    'name of the step in the journal; born, edit, attached and erased are taken';
COMMENT ON COLUMN @registry@.transition.actor_role IS 'role in table actor that takes the step';
COMMENT ON COLUMN @registry@.transition.guards IS
    'functions "schema.name" (keys text[]) RETURNS TABLE (key text, sqlstate text, message text, hint text) that list the rows that must not take the step; of the owner of this table';
COMMENT ON COLUMN @registry@.transition.distinct_from IS
    'actions (also born, edit) whose person, on the same row, must be another than the one who takes this step';
COMMENT ON COLUMN @registry@.transition.needs_reason IS
    'the UPDATE that takes the step must also set the reason column to a text';
COMMENT ON COLUMN @registry@.transition.is_timed IS
    'the step is taken within a window of table calendar only';
COMMENT ON COLUMN @registry@.transition.version IS 'version of the machine that has the step';

CREATE TABLE @registry@.machine_version (
    id pg_catalog.text COLLATE pg_catalog."C" NOT NULL PRIMARY KEY,
    machine pg_catalog.text NOT NULL REFERENCES @registry@.machine (machine),
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
COMMENT ON TABLE @registry@.machine_version IS
    'versions of machines after the first, themselves under machine "mesin": drafted by one person, put in force by another';
COMMENT ON COLUMN @registry@.machine_version.id IS 'machine/version';
COMMENT ON COLUMN @registry@.machine_version.machine IS 'the machine';
COMMENT ON COLUMN @registry@.machine_version.version IS 'its version, 2 or more; version 1 comes into force by dtsen.attach()';
COMMENT ON COLUMN @registry@.machine_version.initial_state IS 'the only state in which a row may be born under it';
COMMENT ON COLUMN @registry@.machine_version.state IS 'state of the machine "mesin": while it is draf, its rows of state and transition can be written';
COMMENT ON COLUMN @registry@.machine_version.digest IS 'dtsen.machine_digest() when it was submitted; the journal holds it too, in the reason';
COMMENT ON COLUMN @registry@.machine_version.reason IS 'reason of the last step';
COMMENT ON COLUMN @registry@.machine_version.changed_at IS 'when the last change was made';
COMMENT ON COLUMN @registry@.machine_version.changed_by IS 'login that made it';

CREATE TABLE @registry@.calendar (
    machine pg_catalog.text NOT NULL REFERENCES @registry@.machine (machine),
    period pg_catalog.text COLLATE pg_catalog."C" NOT NULL,
    action pg_catalog.text NOT NULL,
    opens_at pg_catalog.timestamptz NOT NULL,
    closes_at pg_catalog.timestamptz NOT NULL,
    PRIMARY KEY (machine, period, action),
    CHECK (opens_at OPERATOR(pg_catalog.<) closes_at)
);
COMMENT ON TABLE @registry@.calendar IS
    'windows in which the timed steps of a machine are taken, by period; a window that has closed stays as it was';
COMMENT ON COLUMN @registry@.calendar.machine IS 'machine of the step';
COMMENT ON COLUMN @registry@.calendar.period IS
    'period as the period column of the guarded table says it; empty: for a table without one, and for rows whose period has no window of its own';
COMMENT ON COLUMN @registry@.calendar.action IS 'action of the step';
COMMENT ON COLUMN @registry@.calendar.opens_at IS 'from then on the step is taken, by the clock of the server when the statement ends';
COMMENT ON COLUMN @registry@.calendar.closes_at IS 'and before then';

CREATE TABLE @registry@.actor (
    login pg_catalog.name NOT NULL,
    actor_role pg_catalog.text NOT NULL CHECK (actor_role <> ''),
    person_key pg_catalog.text NOT NULL CHECK (person_key <> ''),
    wilayah pg_catalog.text
        CHECK (wilayah OPERATOR(pg_catalog.~)
               E'^[0-9]{2}(\\.?[0-9]{2}(\\.?[0-9]{2}(\\.?[0-9]{4})?)?)?$'),
    actor_id pg_catalog.int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    UNIQUE NULLS NOT DISTINCT (login, actor_role, wilayah)
);
COMMENT ON TABLE @registry@.actor IS
    'who may act: a database role, in which role of the machines, where';
COMMENT ON COLUMN @registry@.actor.login IS
    'database role as which the client acts (after SET ROLE); superusers need a row like everyone';
COMMENT ON COLUMN @registry@.actor.actor_role IS 'role of the machines'' steps';
COMMENT ON COLUMN @registry@.actor.person_key IS
    'the human being: two logins of one person count as one; a pseudonym, never a NIK; one login stands for one person';
COMMENT ON COLUMN @registry@.actor.wilayah IS
    'region of the role, 2, 4, 6 or 10 digits with or without dots, with all regions in it; NULL is the whole country';
COMMENT ON COLUMN @registry@.actor.actor_id IS 'number of the row';

-- The journal: blocks of changes, each with the digest of the one before.
CREATE TABLE @registry@.journal_block (
    machine pg_catalog.text COLLATE pg_catalog."C" NOT NULL,
    chain pg_catalog.text COLLATE pg_catalog."C" NOT NULL,
    seq pg_catalog.int8 NOT NULL,
    entries pg_catalog.int4 NOT NULL,
    keys pg_catalog.int8 NOT NULL,
    body pg_catalog.bytea NOT NULL,
    previous pg_catalog.bytea NOT NULL,
    digest pg_catalog.bytea NOT NULL,
    salt pg_catalog.bytea,
    PRIMARY KEY (machine, chain, seq)
) WITH (toast_tuple_target = 8160);
-- a block fills a page, and digests do not compress
ALTER TABLE @registry@.journal_block ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE INDEX journal_block_keys_idx ON @registry@.journal_block (keys);
COMMENT ON TABLE @registry@.journal_block IS
    'append-only history of every guarded row, written by dtsen.journal() alone, hash-chained per machine and regency; view journal shows its entries';
COMMENT ON COLUMN @registry@.journal_block.machine IS 'machine of the rows that changed';
COMMENT ON COLUMN @registry@.journal_block.chain IS
    'chain: the first four digits of the region, fewer where the region has fewer, empty without one; with /1, /2... for writers at the same time';
COMMENT ON COLUMN @registry@.journal_block.seq IS 'number of the first entry in the chain, from 1 without gaps';
COMMENT ON COLUMN @registry@.journal_block.entries IS 'how many entries it has, 1 to 1024';
COMMENT ON COLUMN @registry@.journal_block.keys IS 'where the keys of its entries lie among all, for finding them: docs/formats.md';
COMMENT ON COLUMN @registry@.journal_block.body IS 'its entries, and who made them when: docs/formats.md';
COMMENT ON COLUMN @registry@.journal_block.previous IS 'digest of the block before in the chain; zeros for the first';
COMMENT ON COLUMN @registry@.journal_block.digest IS 'SHA-256 over previous and all that the block says';

COMMENT ON COLUMN @registry@.journal_block.salt IS 'salts of its entries'' commitments to what their rows say, which can be erased; NULL if there are none: docs/formats.md';

CREATE TABLE @registry@.journal_note (
    machine pg_catalog.text COLLATE pg_catalog."C" NOT NULL,
    chain pg_catalog.text COLLATE pg_catalog."C" NOT NULL,
    seq pg_catalog.int8 NOT NULL,
    salt pg_catalog.bytea,
    note pg_catalog.text,
    erased_at pg_catalog.timestamptz,
    erased_by pg_catalog.name,
    PRIMARY KEY (machine, chain, seq)
);
COMMENT ON TABLE @registry@.journal_note IS
    'reasons given with steps; the journal holds a salted digest of each, so that the text can be erased and the chain stays whole';
COMMENT ON COLUMN @registry@.journal_note.machine IS 'machine of the entry';
COMMENT ON COLUMN @registry@.journal_note.chain IS 'chain of the entry';
COMMENT ON COLUMN @registry@.journal_note.seq IS 'number of the first entry with this note in its block';
COMMENT ON COLUMN @registry@.journal_note.salt IS '16 random bytes; NULL once erased';
COMMENT ON COLUMN @registry@.journal_note.note IS 'the reason; NULL once erased';
COMMENT ON COLUMN @registry@.journal_note.erased_at IS 'when it was erased';
COMMENT ON COLUMN @registry@.journal_note.erased_by IS 'database role that erased it';

CREATE VIEW @registry@.journal AS
    SELECT b.machine, b.chain, e.seq, e.key COLLATE pg_catalog."C" AS key,
           e.wilayah, e.from_state, e.to_state, e.action, e.login,
           e.session_login, e.person_key, e.at, e.txid, e.machine_version,
           n.note AS reason, e.digest
    FROM @registry@.journal_block AS b
    CROSS JOIN LATERAL dtsen.journal_entries(b.seq, b.entries, b.body) AS e
    LEFT JOIN @registry@.journal_note AS n
      ON n.machine OPERATOR(pg_catalog.=) b.machine
     AND n.chain OPERATOR(pg_catalog.=) b.chain
     AND n.seq OPERATOR(pg_catalog.=) e.note_seq;
COMMENT ON VIEW @registry@.journal IS
    'the entries of the journal, one for each changed row; those of one row: dtsen.journal_history()';
COMMENT ON COLUMN @registry@.journal.machine IS 'machine of the row that changed';
COMMENT ON COLUMN @registry@.journal.chain IS
    'chain of the entry: the first four digits of the region, fewer where the region has fewer, empty without one; with /1, /2... for writers at the same time';
COMMENT ON COLUMN @registry@.journal.seq IS 'number in the chain, from 1 without gaps';
COMMENT ON COLUMN @registry@.journal.key IS 'key of the row that changed, as text';
COMMENT ON COLUMN @registry@.journal.wilayah IS 'its region after the change, as text';
COMMENT ON COLUMN @registry@.journal.from_state IS 'state before; NULL when the row is new to the journal';
COMMENT ON COLUMN @registry@.journal.to_state IS 'state after';
COMMENT ON COLUMN @registry@.journal.action IS
    'action of the transition; born: inserted, edit: changed within its state, attached: found in the table when the lifecycle was attached, erased: what the journal said of the row was erased';
COMMENT ON COLUMN @registry@.journal.login IS 'database role that acted, whatever SECURITY DEFINER functions were between';
COMMENT ON COLUMN @registry@.journal.session_login IS 'database role that connected';
COMMENT ON COLUMN @registry@.journal.person_key IS 'person behind the login, from table actor';
COMMENT ON COLUMN @registry@.journal.at IS 'time of the statement by the clock of the server';
COMMENT ON COLUMN @registry@.journal.txid IS 'transaction, as pg_current_xact_id(); of this cluster only';
COMMENT ON COLUMN @registry@.journal.machine_version IS 'version of the machine that allowed the change';
COMMENT ON COLUMN @registry@.journal.reason IS 'reason given with the step; NULL where none was, or it was erased';
COMMENT ON COLUMN @registry@.journal.digest IS 'SHA-256 of the entry, a leaf of its block''s tree';

CREATE TABLE @registry@.journal_anchor (
    anchor_id pg_catalog.int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    made_at pg_catalog.timestamptz NOT NULL,
    made_by pg_catalog.name NOT NULL,
    chains pg_catalog.int8 NOT NULL,
    entries pg_catalog.int8 NOT NULL,
    root pg_catalog.bytea NOT NULL UNIQUE
);
COMMENT ON TABLE @registry@.journal_anchor IS
    'roots over all chains, made by dtsen.journal_anchor() to be printed where nobody can change them';
COMMENT ON COLUMN @registry@.journal_anchor.anchor_id IS 'number of the anchor';
COMMENT ON COLUMN @registry@.journal_anchor.made_at IS 'when it was made';
COMMENT ON COLUMN @registry@.journal_anchor.made_by IS 'database role that made it';
COMMENT ON COLUMN @registry@.journal_anchor.chains IS 'chains that it covers';
COMMENT ON COLUMN @registry@.journal_anchor.entries IS 'entries that it covers';
COMMENT ON COLUMN @registry@.journal_anchor.root IS 'root of the tree over the chains: docs/formats.md';

CREATE TABLE @registry@.journal_anchor_chain (
    anchor_id pg_catalog.int8 NOT NULL
        REFERENCES @registry@.journal_anchor (anchor_id),
    machine pg_catalog.text COLLATE pg_catalog."C" NOT NULL,
    chain pg_catalog.text COLLATE pg_catalog."C" NOT NULL,
    entries pg_catalog.int8 NOT NULL,
    blocks pg_catalog.int8 NOT NULL,
    root pg_catalog.bytea NOT NULL,
    digest pg_catalog.bytea NOT NULL,
    PRIMARY KEY (anchor_id, machine, chain)
);
COMMENT ON TABLE @registry@.journal_anchor_chain IS 'where each chain stood when an anchor was made';
COMMENT ON COLUMN @registry@.journal_anchor_chain.anchor_id IS 'the anchor';
COMMENT ON COLUMN @registry@.journal_anchor_chain.machine IS 'machine of the chain';
COMMENT ON COLUMN @registry@.journal_anchor_chain.chain IS 'the chain';
COMMENT ON COLUMN @registry@.journal_anchor_chain.entries IS 'number of its last entry';
COMMENT ON COLUMN @registry@.journal_anchor_chain.blocks IS 'how many blocks it had';
COMMENT ON COLUMN @registry@.journal_anchor_chain.root IS 'root of the tree over the digests of its blocks';
COMMENT ON COLUMN @registry@.journal_anchor_chain.digest IS 'digest of its last block';

-- Nothing but the journal trigger adds to it; nothing changes it, but that a
-- note or a salt can be erased.
CREATE TRIGGER journal_only BEFORE INSERT ON @registry@.journal_block
    FOR EACH ROW EXECUTE FUNCTION dtsen.journal_only();
CREATE TRIGGER journal_erase BEFORE UPDATE ON @registry@.journal_block
    FOR EACH ROW EXECUTE FUNCTION dtsen.salt_erase();
CREATE TRIGGER journal_immutable BEFORE DELETE ON @registry@.journal_block
    FOR EACH ROW EXECUTE FUNCTION dtsen.immutable();
CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON @registry@.journal_block
    FOR EACH STATEMENT EXECUTE FUNCTION dtsen.immutable();
CREATE TRIGGER journal_only BEFORE INSERT ON @registry@.journal_note
    FOR EACH ROW EXECUTE FUNCTION dtsen.journal_only();
CREATE TRIGGER journal_erase BEFORE UPDATE ON @registry@.journal_note
    FOR EACH ROW EXECUTE FUNCTION dtsen.note_erase();
CREATE TRIGGER journal_immutable BEFORE DELETE ON @registry@.journal_note
    FOR EACH ROW EXECUTE FUNCTION dtsen.immutable();
CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON @registry@.journal_note
    FOR EACH STATEMENT EXECUTE FUNCTION dtsen.immutable();
CREATE TRIGGER journal_immutable BEFORE UPDATE OR DELETE ON @registry@.journal_anchor
    FOR EACH ROW EXECUTE FUNCTION dtsen.immutable();
CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON @registry@.journal_anchor
    FOR EACH STATEMENT EXECUTE FUNCTION dtsen.immutable();
CREATE TRIGGER journal_immutable BEFORE UPDATE OR DELETE ON @registry@.journal_anchor_chain
    FOR EACH ROW EXECUTE FUNCTION dtsen.immutable();
CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON @registry@.journal_anchor_chain
    FOR EACH STATEMENT EXECUTE FUNCTION dtsen.immutable();
ALTER TABLE @registry@.journal_block ENABLE ALWAYS TRIGGER journal_only;
ALTER TABLE @registry@.journal_block ENABLE ALWAYS TRIGGER journal_erase;
ALTER TABLE @registry@.journal_block ENABLE ALWAYS TRIGGER journal_immutable;
ALTER TABLE @registry@.journal_block ENABLE ALWAYS TRIGGER journal_no_truncate;
ALTER TABLE @registry@.journal_note ENABLE ALWAYS TRIGGER journal_only;
ALTER TABLE @registry@.journal_note ENABLE ALWAYS TRIGGER journal_erase;
ALTER TABLE @registry@.journal_note ENABLE ALWAYS TRIGGER journal_immutable;
ALTER TABLE @registry@.journal_note ENABLE ALWAYS TRIGGER journal_no_truncate;
ALTER TABLE @registry@.journal_anchor ENABLE ALWAYS TRIGGER journal_immutable;
ALTER TABLE @registry@.journal_anchor ENABLE ALWAYS TRIGGER journal_no_truncate;
ALTER TABLE @registry@.journal_anchor_chain ENABLE ALWAYS TRIGGER journal_immutable;
ALTER TABLE @registry@.journal_anchor_chain ENABLE ALWAYS TRIGGER journal_no_truncate;

-- Sessions keep machines and actors in memory; these tell them of a change.
CREATE TRIGGER machine_changed AFTER INSERT OR UPDATE OR DELETE ON @registry@.machine
    FOR EACH ROW EXECUTE FUNCTION dtsen.machine_changed();
CREATE TRIGGER machine_changed AFTER INSERT OR UPDATE OR DELETE ON @registry@.state
    FOR EACH ROW EXECUTE FUNCTION dtsen.machine_changed();
CREATE TRIGGER machine_changed AFTER INSERT OR UPDATE OR DELETE ON @registry@.transition
    FOR EACH ROW EXECUTE FUNCTION dtsen.machine_changed();
CREATE TRIGGER machine_changed AFTER INSERT OR UPDATE OR DELETE ON @registry@.actor
    FOR EACH ROW EXECUTE FUNCTION dtsen.machine_changed();
ALTER TABLE @registry@.machine ENABLE ALWAYS TRIGGER machine_changed;
ALTER TABLE @registry@.state ENABLE ALWAYS TRIGGER machine_changed;
ALTER TABLE @registry@.transition ENABLE ALWAYS TRIGGER machine_changed;
ALTER TABLE @registry@.actor ENABLE ALWAYS TRIGGER machine_changed;
