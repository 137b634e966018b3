-- Lifecycle @registry@: lists of columns to which entries of the journal commit.

CREATE TABLE @registry@.journal_columns (
    digest pg_catalog.bytea NOT NULL PRIMARY KEY,
    names pg_catalog.text[] NOT NULL,
    types pg_catalog.text[] NOT NULL
);
COMMENT ON TABLE @registry@.journal_columns IS
    'lists of columns to which entries of the journal commit; written by the journal trigger alone, a row for each list that a table ever had';
COMMENT ON COLUMN @registry@.journal_columns.digest IS 'SHA-256 of the list: docs/formats.md';
COMMENT ON COLUMN @registry@.journal_columns.names IS 'names of the columns, in their bytewise order';
COMMENT ON COLUMN @registry@.journal_columns.types IS 'their types, each with its schema: docs/formats.md';

CREATE TRIGGER journal_only BEFORE INSERT ON @registry@.journal_columns
    FOR EACH ROW EXECUTE FUNCTION dtsen.journal_only();
CREATE TRIGGER journal_immutable BEFORE UPDATE OR DELETE ON @registry@.journal_columns
    FOR EACH ROW EXECUTE FUNCTION dtsen.immutable();
CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON @registry@.journal_columns
    FOR EACH STATEMENT EXECUTE FUNCTION dtsen.immutable();
ALTER TABLE @registry@.journal_columns ENABLE ALWAYS TRIGGER journal_only;
ALTER TABLE @registry@.journal_columns ENABLE ALWAYS TRIGGER journal_immutable;
ALTER TABLE @registry@.journal_columns ENABLE ALWAYS TRIGGER journal_no_truncate;
