-- Lifecycle @registry@: what each table was attached with.

CREATE TABLE @registry@.journal_attached (
    machine pg_catalog.text COLLATE pg_catalog."C" NOT NULL,
    number pg_catalog.int4 NOT NULL,
    attached_at pg_catalog.timestamptz NOT NULL,
    attached_by pg_catalog.name NOT NULL,
    arguments pg_catalog.text[] NOT NULL,
    PRIMARY KEY (machine, number)
);
COMMENT ON TABLE @registry@.journal_attached IS
    'what dtsen.attach() gave to the guards of tables, a row each time; dtsen.check_attached() compares';
COMMENT ON COLUMN @registry@.journal_attached.machine IS 'machine that a table was put under';
COMMENT ON COLUMN @registry@.journal_attached.number IS 'which time, from 1';
COMMENT ON COLUMN @registry@.journal_attached.attached_at IS 'when, by the clock of the server';
COMMENT ON COLUMN @registry@.journal_attached.attached_by IS 'database role that attached it';
COMMENT ON COLUMN @registry@.journal_attached.arguments IS
    'arguments of its trigger zz_dtsen_guard: schema, machine and columns';

CREATE TRIGGER journal_only BEFORE INSERT ON @registry@.journal_attached
    FOR EACH ROW EXECUTE FUNCTION dtsen.journal_only();
CREATE TRIGGER journal_immutable BEFORE UPDATE OR DELETE ON @registry@.journal_attached
    FOR EACH ROW EXECUTE FUNCTION dtsen.immutable();
CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON @registry@.journal_attached
    FOR EACH STATEMENT EXECUTE FUNCTION dtsen.immutable();
ALTER TABLE @registry@.journal_attached ENABLE ALWAYS TRIGGER journal_only;
ALTER TABLE @registry@.journal_attached ENABLE ALWAYS TRIGGER journal_immutable;
ALTER TABLE @registry@.journal_attached ENABLE ALWAYS TRIGGER journal_no_truncate;
