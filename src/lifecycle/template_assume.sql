-- Lifecycle @registry@: keys of applications that act for people. Nobody but
-- the owner reads them.

CREATE TABLE @registry@.assume_key (
    key_id pg_catalog.text COLLATE pg_catalog."C" NOT NULL PRIMARY KEY
        CHECK (key_id OPERATOR(pg_catalog.~) '^[A-Za-z0-9_-]{1,40}$'),
    login pg_catalog.name NOT NULL,
    secret pg_catalog.bytea NOT NULL DEFAULT pg_catalog.sha256(pg_catalog.convert_to(
            pg_catalog.gen_random_uuid()::pg_catalog.text
            OPERATOR(pg_catalog.||) pg_catalog.gen_random_uuid()::pg_catalog.text, 'UTF8'))
        CHECK (pg_catalog.octet_length(secret) BETWEEN 32 AND 128),
    actors pg_catalog.name[] NOT NULL DEFAULT '{}',
    actor_roles pg_catalog.text[] NOT NULL DEFAULT '{}',
    valid_from pg_catalog.timestamptz NOT NULL DEFAULT pg_catalog.now(),
    valid_to pg_catalog.timestamptz NOT NULL,
    revoked_at pg_catalog.timestamptz,
    CHECK (valid_from OPERATOR(pg_catalog.<) valid_to),
    CHECK (pg_catalog.cardinality(actors) OPERATOR(pg_catalog.>) 0
        OR pg_catalog.cardinality(actor_roles) OPERATOR(pg_catalog.>) 0)
);
REVOKE ALL ON @registry@.assume_key FROM PUBLIC;
COMMENT ON TABLE @registry@.assume_key IS
    'secrets with which applications sign for whom they act (dtsen.assume); nobody but the owner reads them. A login may have several, so that one follows another';
COMMENT ON COLUMN @registry@.assume_key.key_id IS 'name of the key, the first part of a token';
COMMENT ON COLUMN @registry@.assume_key.login IS 'database role that connects and presents the token';
COMMENT ON COLUMN @registry@.assume_key.secret IS '32 to 128 secret bytes; the default makes 32 at random, so that no statement and no log holds them';
COMMENT ON COLUMN @registry@.assume_key.actors IS 'logins of table actor that it may assume';
COMMENT ON COLUMN @registry@.assume_key.actor_roles IS 'and those all of whose rows there have one of these roles';
COMMENT ON COLUMN @registry@.assume_key.valid_from IS 'from then on it counts';
COMMENT ON COLUMN @registry@.assume_key.valid_to IS 'and before then';
COMMENT ON COLUMN @registry@.assume_key.revoked_at IS 'no longer from then on; also ends what is assumed for a session';

-- Sessions that act by a key ask again when it changes.
CREATE TRIGGER machine_changed AFTER INSERT OR UPDATE OR DELETE ON @registry@.assume_key
    FOR EACH ROW EXECUTE FUNCTION dtsen.machine_changed();
ALTER TABLE @registry@.assume_key ENABLE ALWAYS TRIGGER machine_changed;
