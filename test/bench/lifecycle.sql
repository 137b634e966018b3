-- Benchmark of the lifecycle: guard, journal and chain beside no trigger, a
-- state machine in PL/pgSQL and an audit trigger that keeps rows as jsonb.
--
-- psql variables: rows, reps (the median counts), loops (one-row
-- transactions). CPU time of the backend from the scheduler's own clock.
\set ON_ERROR_STOP on
\set QUIET on
\pset footer off
SET client_min_messages = warning;
CREATE EXTENSION dtsen;
SET jit = off;
SET synchronous_commit = off;
\ir lib.sql
ALTER FUNCTION cpu() SECURITY DEFINER;
CREATE ROLE bench_owner;
CREATE ROLE bench_operator;
CREATE ROLE bench_verifier;
GRANT bench_operator, bench_verifier TO CURRENT_USER;
GRANT ALL ON result TO PUBLIC;
CREATE SCHEMA lc AUTHORIZATION bench_owner;
GRANT USAGE ON SCHEMA lc TO PUBLIC;
SET ROLE bench_owner;
SELECT dtsen.create_lifecycle('lc') \g /dev/null
CREATE TABLE lc.meeting (id int PRIMARY KEY, attended int, quorum int);
CREATE TABLE lc.evidence (id int PRIMARY KEY, meeting_id int);
CREATE FUNCTION lc.has_evidence(keys text[]) RETURNS TABLE (key text, sqlstate text, message text, hint text)
    LANGUAGE sql STABLE AS $$
    SELECT k, 'SE003', 'evidence is missing', 'Upload it.' FROM unnest(keys) AS k
    WHERE NOT EXISTS (SELECT FROM lc.evidence AS e WHERE e.id = k::int) $$;
CREATE FUNCTION lc.has_quorum(keys text[]) RETURNS TABLE (key text, sqlstate text, message text, hint text)
    LANGUAGE sql STABLE AS $$
    SELECT k, 'SE003', 'there was no quorum', 'Meet again.' FROM unnest(keys) AS k
    JOIN lc.evidence AS e ON e.id = k::int JOIN lc.meeting AS m ON m.id = e.meeting_id WHERE m.attended < m.quorum $$;
RESET ROLE;

-- a machine for each table; variant: which triggers it has
CREATE PROCEDURE make(variant text, n int, regencies int) LANGUAGE plpgsql AS $$
DECLARE
    name text;
BEGIN
    EXECUTE 'DROP TABLE IF EXISTS lc.t, lc.audit';
    EXECUTE 'SET session_replication_role = replica';
    EXECUTE 'ALTER TABLE lc.journal_block DISABLE TRIGGER USER';
    EXECUTE 'TRUNCATE lc.journal_block';
    EXECUTE 'ALTER TABLE lc.journal_block ENABLE TRIGGER USER';
    EXECUTE 'ALTER TABLE lc.journal_block ENABLE ALWAYS TRIGGER journal_only, ENABLE ALWAYS TRIGGER journal_immutable, ENABLE ALWAYS TRIGGER journal_no_truncate';
    EXECUTE 'SET session_replication_role = origin';
    -- the rules of a machine in force never change: this one goes and is made anew
    FOREACH name IN ARRAY '{machine,state,transition}'::text[] LOOP
        EXECUTE format('ALTER TABLE lc.%I DISABLE TRIGGER machine_rules', name);
    END LOOP;
    DELETE FROM lc.transition AS x WHERE x.machine = 't';
    DELETE FROM lc.state AS x WHERE x.machine = 't';
    DELETE FROM lc.machine AS x WHERE x.machine = 't';
    FOREACH name IN ARRAY '{machine,state,transition}'::text[] LOOP
        EXECUTE format('ALTER TABLE lc.%I ENABLE ALWAYS TRIGGER machine_rules', name);
    END LOOP;
    DELETE FROM lc.actor;
    INSERT INTO lc.machine VALUES ('t', 1, 'draf');
    INSERT INTO lc.state (machine, state, sort_order) VALUES ('t', 'draf', 1), ('t', 'diajukan', 2), ('t', 'disahkan', 3);
    INSERT INTO lc.transition (machine, from_state, to_state, action, actor_role) VALUES
        ('t', 'draf', 'diajukan', 'ajukan', 'operator'), ('t', 'diajukan', 'disahkan', 'sahkan', 'verifikator');
    INSERT INTO lc.actor (login, actor_role, person_key) VALUES ('bench_operator', 'operator', 'P-1'), ('bench_verifier', 'verifikator', 'P-2');
    IF variant LIKE '%evidence%' THEN
        UPDATE lc.transition SET guards = '{lc.has_evidence,lc.has_quorum}', distinct_from = '{born,ajukan}' WHERE action = 'sahkan';
    END IF;
    EXECUTE format($q$CREATE TABLE lc.t (id int PRIMARY KEY, state text NOT NULL, wilayah text NOT NULL, nik bigint, name text, score float8,
        changed_at timestamptz, changed_by text)$q$);
    EXECUTE 'ALTER TABLE lc.t OWNER TO bench_owner';
    EXECUTE format($q$INSERT INTO lc.t SELECT g, 'draf', (1101 + g %% %s)::text || '012001', 3216010101900000 + g, repeat(md5(g::text), 2), g * 0.5, now(), 'x'
        FROM generate_series(1, %s) AS g$q$, regencies, n);
    EXECUTE 'GRANT ALL ON lc.t TO PUBLIC';
    IF variant = 'PL/pgSQL' THEN
        CREATE OR REPLACE FUNCTION lc.plpgsql_machine() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
            SET search_path = lc, pg_catalog, pg_temp AS $f$
        DECLARE
            step lc.transition;
        BEGIN
            SELECT * INTO step FROM lc.transition AS t WHERE t.machine = 't' AND t.from_state = OLD.state AND t.to_state = NEW.state;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'no step from % to %', OLD.state, NEW.state;
            END IF;
            IF NOT EXISTS (SELECT FROM lc.actor AS a WHERE a.actor_role = step.actor_role AND a.login = current_setting('bench.login')
                AND (a.wilayah IS NULL OR starts_with(NEW.wilayah, a.wilayah))) THEN
                RAISE EXCEPTION 'not yours';
            END IF;
            NEW.changed_at := now();
            NEW.changed_by := current_setting('bench.login');
            RETURN NEW;
        END $f$;
        CREATE TRIGGER machine BEFORE UPDATE ON lc.t FOR EACH ROW EXECUTE FUNCTION lc.plpgsql_machine();
    ELSIF variant = 'jsonb audit' THEN
        CREATE TABLE lc.audit (id bigserial PRIMARY KEY, record_id uuid, old_record_id uuid, op text, ts timestamptz DEFAULT now(),
            table_oid oid, table_name text, record jsonb, old_record jsonb);
        CREATE INDEX ON lc.audit (record_id);
        CREATE INDEX ON lc.audit USING brin (ts);
        CREATE INDEX ON lc.audit (table_oid);
        GRANT ALL ON lc.audit, lc.audit_id_seq TO PUBLIC;
        CREATE OR REPLACE FUNCTION lc.audited() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $f$
        BEGIN
            INSERT INTO lc.audit (record_id, old_record_id, op, table_oid, table_name, record, old_record)
            VALUES (pg_catalog.md5(TG_RELID::text || NEW.id::text)::uuid, pg_catalog.md5(TG_RELID::text || OLD.id::text)::uuid, TG_OP, TG_RELID,
                TG_TABLE_NAME, pg_catalog.to_jsonb(NEW), pg_catalog.to_jsonb(OLD));
            RETURN NEW;
        END $f$;
        CREATE TRIGGER audited AFTER UPDATE ON lc.t FOR EACH ROW EXECUTE FUNCTION lc.audited();
    ELSIF variant = 'empty C trigger' THEN
        -- it compares two rows that differ
        CREATE TRIGGER machine BEFORE UPDATE ON lc.t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
    ELSIF variant = 'empty triggers, row and transition tables' THEN
        CREATE OR REPLACE FUNCTION lc.nothing() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN RETURN NULL; END $f$;
        CREATE TRIGGER machine BEFORE UPDATE ON lc.t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
        CREATE TRIGGER nothing AFTER UPDATE ON lc.t REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION lc.nothing();
    ELSIF variant <> 'none' THEN
        PERFORM dtsen.attach('lc.t', 't', 'lc', content_columns => CASE WHEN variant LIKE '%, no content' THEN '{}'::name[] END);
        IF variant = 'guard' THEN
            -- switched off it would still have the server fill its transition tables
            DROP TRIGGER zz_dtsen_journal_update ON lc.t;
        END IF;
    END IF;
END $$;
\set plain 'UPDATE lc.t SET state = ''diajukan'''
SET bench.login = 'bench_operator';
CREATE TABLE fact (what text, figure float8);
