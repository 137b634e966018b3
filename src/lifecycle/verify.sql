-- Lifecycle: what is missing, broken or not as it should be.

CREATE FUNCTION dtsen._trigger_shape(
    definition pg_catalog.text, OUT function pg_catalog.oid, OUT type pg_catalog.int2)
    LANGUAGE sql STABLE STRICT
    SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT (substring(definition FROM 'dtsen[.][a-z_]+') || '()')::regprocedure::oid,
            ((definition LIKE '%FOR EACH ROW%')::int + 2 * (definition LIKE 'BEFORE %')::int
                + 4 * (definition LIKE '% INSERT %')::int + 8 * (definition LIKE '% DELETE %')::int
                + 16 * (definition LIKE '% UPDATE %')::int + 32 * (definition LIKE '% TRUNCATE %')::int)::int2
    $$;
COMMENT ON FUNCTION dtsen._trigger_shape(pg_catalog.text) IS
    'the function that a trigger so defined calls, and when it fires, as pg_trigger.tgtype says it';

CREATE FUNCTION dtsen._attached_arguments(schema pg_catalog.name, machine pg_catalog.text)
    RETURNS pg_catalog.text[]
    LANGUAGE plpgsql STABLE STRICT
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
    AS $$
    DECLARE
        given text[];
    BEGIN
        -- nothing that would run its owner's code in a reader's name
        IF (SELECT count(*) FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
            WHERE c.oid = to_regclass(format('%I.journal_attached', schema)) AND c.relkind = 'r' AND NOT a.attisdropped
              AND (a.attname, a.atttypid) IN (('machine', 'text'::regtype), ('number', 'int4'::regtype), ('arguments', 'text[]'::regtype))) <> 3
           OR NOT has_table_privilege(format('%I.journal_attached', schema), 'SELECT') THEN
            RETURN NULL;
        END IF;
        EXECUTE format('SELECT j.arguments FROM ONLY %I.journal_attached AS j WHERE j.machine = $1 ORDER BY j.number DESC LIMIT 1', schema)
            INTO given USING machine;
        RETURN coalesce(given, '{}');
    END
    $$;
COMMENT ON FUNCTION dtsen._attached_arguments(pg_catalog.name, pg_catalog.text) IS
    'what the last attach() of a machine gave to trigger zz_dtsen_guard; empty: there was none; NULL: the caller cannot read that';

CREATE FUNCTION dtsen.check_attached(target pg_catalog.regclass)
    RETURNS TABLE (row_id pg_catalog.text, check_name pg_catalog.text,
                   severity pg_catalog.text, value pg_catalog.text,
                   hint pg_catalog.text)
    LANGUAGE sql STABLE STRICT ROWS 10
    SET search_path = pg_catalog, pg_temp
    AS $$
        WITH expected AS (
            SELECT c.relid, t.name, c.is_target, s.*,
                t.definition LIKE '%OLD TABLE%' AS has_old, t.definition LIKE '%NEW TABLE%' AS has_new
            FROM dtsen._lifecycle_trigger() AS t,
                 dtsen._trigger_shape(t.definition) AS s,
                 dtsen._lifecycle_tables(target) AS c
            WHERE CASE t.scope
                WHEN 'table' THEN c.is_target
                    OR t.definition LIKE '%FOR EACH ROW%'
                WHEN 'partitioned' THEN EXISTS (
                    SELECT FROM pg_class AS p
                    WHERE p.oid = target AND p.relkind = 'p')
                ELSE true END
        ), root AS (
            SELECT a.arguments,
                dtsen._attached_arguments(a.arguments[1], a.arguments[2]) AS given
            FROM pg_trigger AS t, LATERAL dtsen.trigger_arguments(t.oid) AS a(arguments)
            WHERE t.tgrelid = target AND t.tgname = 'zz_dtsen_guard'
              AND t.tgfoid = 'dtsen.guard()'::regprocedure
        ), lifecycle AS (
            SELECT r.arguments[1] AS name, quote_ident(r.arguments[1]) AS schema FROM root AS r
            WHERE to_regclass(quote_ident(r.arguments[1]) || '.machine') IS NOT NULL
               OR to_regclass(quote_ident(r.arguments[1]) || '.journal_block') IS NOT NULL
        ), present AS (
            SELECT e.relid, e.name, t.oid, t.tgenabled,
                   t.tgfoid = e.function AND t.tgtype = e.type AND t.tgqual IS NULL AND t.tgattr::text = '' AND t.tgconstraint = 0
                   AND (t.tgoldtable IS NOT NULL) = e.has_old AND (t.tgnewtable IS NOT NULL) = e.has_new
                   AND dtsen.trigger_arguments(t.oid)
                       IS NOT DISTINCT FROM (
                           SELECT CASE e.name WHEN 'zz_dtsen_guard' THEN r.arguments
                                              ELSE r.arguments[1:2] END
                           FROM root AS r) AS same
            FROM expected AS e
            LEFT JOIN pg_trigger AS t ON t.tgrelid = e.relid AND t.tgname = e.name
        )
        SELECT p.relid::text || '.' || p.name, 'trigger_missing',
               CASE WHEN p.relid = target OR p.name IN ('zz_dtsen_guard', 'zz_dtsen_guard_arrival', 'zz_dtsen_guard_truncate')
                    THEN 'error' ELSE 'warning' END, NULL,
               CASE WHEN p.relid = target OR p.name IN ('zz_dtsen_guard', 'zz_dtsen_guard_arrival', 'zz_dtsen_guard_truncate')
                    THEN 'Without it changes are not checked or not journalled: dtsen.detach() and dtsen.attach().'
                    ELSE 'What names this partition instead of its table fails at COMMIT: dtsen.detach() and dtsen.attach().' END
        FROM present AS p WHERE p.oid IS NULL
        UNION ALL
        SELECT p.relid::text || '.' || p.name, 'trigger_disabled', 'error',
               CASE p.tgenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica only'
                                ELSE 'not on replicas' END,
               format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I;', p.relid, p.name)
        FROM present AS p WHERE p.oid IS NOT NULL AND p.tgenabled <> 'A'
        UNION ALL
        SELECT p.relid::text || '.' || p.name, 'trigger_altered', 'error', NULL,
               'It calls another function, has a WHEN, fires for other events or columns or is deferred, lacks a transition table, or has other arguments than trigger zz_dtsen_guard of the table: all of them, or of the other triggers the first two.'
        FROM present AS p WHERE p.oid IS NOT NULL AND NOT p.same
        UNION ALL
        SELECT target::text || '.zz_dtsen_guard', 'arguments_altered', 'error', nullif(r.given, '{}')::text,
               'dtsen.attach() gave it those of "value", or never saw this machine: dtsen.detach(), and dtsen.attach() as it is meant. Table journal_attached says when the table was attached, and by whom.'
        FROM root AS r WHERE r.arguments <> r.given
        UNION ALL
        SELECT target::text || '.zz_dtsen_guard', 'arguments_unknown', 'warning', NULL,
               format('Whether they are those that dtsen.attach() gave takes the right to read table %I.journal_attached.', l.name)
        FROM root AS r, lifecycle AS l
        WHERE r.given IS NULL AND to_regclass(l.schema || '.journal_attached') IS NOT NULL
        UNION ALL
        SELECT target::text, 'machine_twice', 'error', a.other::text, 'That table is under the same machine, as is a partition that left: dtsen.detach() one of them.'
        FROM root AS r, lifecycle AS l, dtsen._attached(l.name) AS a(machine, other)
        WHERE a.machine = r.arguments[2] AND a.other <> coalesce(pg_partition_root(target), target)
        UNION ALL
        SELECT target::text, 'lifecycle_missing', 'error', r.arguments[1],
               coalesce('The triggers name a schema that has another name now, and every change fails: ' || (
                   SELECT string_agg(format('ALTER SCHEMA %I RENAME TO %I;', n.nspname, r.arguments[1]), ' ' ORDER BY n.nspname)
                   FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
                   WHERE t.tgname = 'zz_dtsen_guard' AND c.relname = 'machine_version'
                     AND (dtsen.trigger_arguments(t.oid))[1:2] = ARRAY[r.arguments[1], 'mesin']),
                   'The triggers name a schema that is not there, or holds no lifecycle, and every change fails.')
        FROM root AS r WHERE NOT EXISTS (SELECT FROM lifecycle)
        UNION ALL
        SELECT n.schema || '.' || n.name || '.' || n.trigger, 'machine_trigger', 'error',
               CASE t.tgenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica only'
                                WHEN 'O' THEN 'not on replicas' WHEN 'A' THEN 'altered' ELSE 'missing' END,
               'Without it the journal can be rewritten, or sessions keep old rules.'
        FROM (SELECT l.schema, u.name, u.trigger, s.*, false AS has_old, false AS has_new,
                  CASE u.trigger WHEN 'machine_rules' THEN ARRAY[CASE WHEN u.name IN ('machine', 'calendar') THEN u.name ELSE 'rule' END]
                      ELSE '{}' END AS arguments
              FROM lifecycle AS l, LATERAL (VALUES
                  ('machine', 'machine_changed'), ('state', 'machine_changed'),
                  ('transition', 'machine_changed'), ('actor', 'machine_changed'),
                  ('machine', 'machine_rules'), ('state', 'machine_rules'),
                  ('transition', 'machine_rules'), ('calendar', 'machine_rules'),
                  ('machine', 'machine_no_truncate'), ('state', 'machine_no_truncate'),
                  ('transition', 'machine_no_truncate'), ('calendar', 'machine_no_truncate'),
                  ('actor', 'machine_no_truncate'),
                  ('journal_block', 'journal_only'), ('journal_block', 'journal_immutable'),
                  ('journal_block', 'journal_erase'), ('journal_block', 'journal_no_truncate'),
                  ('journal_columns', 'journal_only'), ('journal_columns', 'journal_immutable'),
                  ('journal_columns', 'journal_no_truncate'),
                  ('journal_attached', 'journal_only'), ('journal_attached', 'journal_immutable'),
                  ('journal_attached', 'journal_no_truncate'),
                  ('journal_note', 'journal_only'), ('journal_note', 'journal_erase'),
                  ('journal_note', 'journal_immutable'), ('journal_note', 'journal_no_truncate'),
                  ('journal_anchor', 'journal_immutable'), ('journal_anchor', 'journal_no_truncate'),
                  ('journal_anchor_chain', 'journal_immutable'),
                  ('journal_anchor_chain', 'journal_no_truncate')) AS u(name, trigger),
              dtsen._trigger_shape(CASE
                  WHEN u.trigger LIKE '%no_truncate' THEN 'BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION dtsen.immutable('
                  WHEN u.trigger = 'machine_changed' THEN 'AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION dtsen.machine_changed('
                  WHEN u.trigger = 'machine_rules' THEN 'BEFORE INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION dtsen.machine_rules('
                  WHEN u.trigger = 'journal_only' THEN 'BEFORE INSERT ON %s FOR EACH ROW EXECUTE FUNCTION dtsen.journal_only('
                  WHEN u.trigger = 'journal_erase' THEN 'BEFORE UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION dtsen.'
                      || CASE u.name WHEN 'journal_note' THEN 'note' ELSE 'salt' END || '_erase('
                  WHEN u.name IN ('journal_block', 'journal_note') THEN 'BEFORE DELETE ON %s FOR EACH ROW EXECUTE FUNCTION dtsen.immutable('
                  ELSE 'BEFORE UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION dtsen.immutable(' END) AS s
              UNION ALL
              -- versions of machines are themselves under a machine
              SELECT l.schema, 'machine_version', d.name, s.*, d.definition LIKE '%OLD TABLE%', d.definition LIKE '%NEW TABLE%',
                  CASE d.name WHEN 'zz_dtsen_guard' THEN dtsen._attached_arguments(l.name, 'mesin') ELSE ARRAY[l.name, 'mesin'] END
              FROM lifecycle AS l, dtsen._lifecycle_trigger() AS d, dtsen._trigger_shape(d.definition) AS s
              WHERE d.scope <> 'partitioned') AS n
        LEFT JOIN pg_trigger AS t ON t.tgname = n.trigger
            AND t.tgrelid = to_regclass(n.schema || '.' || n.name)
        WHERE t.tgenabled IS DISTINCT FROM 'A'
           OR t.tgfoid <> n.function OR t.tgtype <> n.type OR t.tgqual IS NOT NULL OR t.tgattr::text <> '' OR t.tgconstraint <> 0
           OR (t.tgoldtable IS NOT NULL) <> n.has_old OR (t.tgnewtable IS NOT NULL) <> n.has_new
           OR dtsen.trigger_arguments(t.oid) <> n.arguments
        UNION ALL
        SELECT t.tgrelid::regclass::text || '.' || t.tgname, 'trigger_after_guard', 'warning',
               t.tgfoid::regprocedure::text,
               'It fires after the guard and may change the row that the guard has judged.'
        FROM pg_trigger AS t
        JOIN dtsen._lifecycle_tables(target) AS c ON c.relid = t.tgrelid
        WHERE t.tgtype & 3 = 3 AND NOT t.tgisinternal
          AND t.tgname::text COLLATE "C" > 'zz_dtsen_guard'
          AND t.tgname NOT IN (SELECT e.name FROM expected AS e)
        UNION ALL
        SELECT c.relid::text || '.' || w.rulename, 'rule', 'warning', pg_get_ruledef(w.oid),
               'It makes other statements of those that clients write.'
        FROM dtsen._lifecycle_tables(target) AS c JOIN pg_rewrite AS w ON w.ev_class = c.relid
        UNION ALL
        SELECT c.relid::text, 'unlogged', 'error', NULL, 'After a crash its rows are gone: ALTER TABLE ... SET LOGGED.'
        FROM dtsen._lifecycle_tables(target) AS c JOIN pg_class AS r ON r.oid = c.relid WHERE r.relpersistence <> 'p'
        UNION ALL
        SELECT target::text || '.' || a.attname, 'column_generated', 'error', NULL,
               'It is computed after the guard has looked at the row.'
        FROM root AS r JOIN pg_attribute AS a ON a.attname::text = ANY (r.arguments[3:])
        WHERE a.attrelid = target AND a.attgenerated <> ''
        UNION ALL
        SELECT DISTINCT target::text || '.' || quote_ident(u.name), 'column_missing', 'error', NULL,
               'It was renamed or dropped, and every change fails: dtsen.detach(), and dtsen.attach() with the columns that there are.'
        FROM root AS r, unnest(r.arguments[3:]) AS u(name)
        WHERE u.name <> '' AND NOT EXISTS (SELECT FROM pg_attribute AS a
            WHERE a.attrelid = target AND a.attname::text = u.name AND a.attnum > 0 AND NOT a.attisdropped)
        UNION ALL
        SELECT DISTINCT target::text || '.' || quote_ident(a.attname), 'column_type', 'error', format_type(a.atttypid, a.atttypmod),
               'dtsen.attach() takes no column of this type for what it is for.'
        FROM root AS r, unnest(r.arguments[3:10]) WITH ORDINALITY AS u(name, n)
        JOIN pg_attribute AS a ON a.attrelid = target AND a.attname::text = u.name AND a.attnum > 0
        WHERE NOT CASE WHEN u.n = 4 THEN true    -- the reason
                       WHEN u.n = 5 THEN a.atttypid = 'timestamptz'::regtype
                       WHEN u.n = 6 THEN a.atttypid = ANY ('{text,name}'::regtype[])
                       WHEN u.n = 7 THEN a.atttypid = 'int4'::regtype AND a.attnotnull
                       ELSE dtsen._names_rows(a.atttypid) END
        UNION ALL
        SELECT DISTINCT c.relid::text, 'owner', 'error', pg_get_userbyid(t.relowner)::text,
               format('It lacks the privileges of %I, who owns the lifecycle, and every change fails: GRANT that role to it, or ALTER TABLE ... OWNER TO.', pg_get_userbyid(m.relowner))
        FROM lifecycle AS l, unnest('{machine,journal_block}'::text[]) AS u(name), dtsen._lifecycle_tables(target) AS c, pg_class AS t, pg_class AS m
        WHERE t.oid = c.relid AND m.oid = to_regclass(l.schema || '.' || u.name)
          AND NOT pg_has_role(t.relowner, m.relowner, 'USAGE')
        UNION ALL
        SELECT target::text || '.' || a.attname, 'key_not_unique', 'error', NULL,
               'No unique index has it any more, or it may be NULL: entries name rows by it.'
        FROM root AS r JOIN pg_attribute AS a ON a.attname::text = r.arguments[3]
        WHERE a.attrelid = target AND NOT (a.attnotnull AND EXISTS (SELECT FROM pg_index AS i
            WHERE i.indrelid = target AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND a.attnum = ANY (i.indkey::int2[])))
        UNION ALL
        SELECT target::text, 'inheritance', 'error', r.relid::text,
               'What goes through that table does not meet all triggers of this one: ALTER TABLE ... NO INHERIT.'
        FROM dtsen._lifecycle_relatives(target) AS r(relid)
        UNION ALL
        SELECT target::text, 'machine_tables_missing', 'error', n.schema || '.' || n.name,
               'The triggers name a table that is not there.'
        FROM (SELECT l.schema, u.name
              FROM lifecycle AS l, unnest('{machine,state,transition,machine_version,calendar,actor,journal_block,journal_columns,journal_attached,journal_note,journal_anchor,journal_anchor_chain,journal}'::text[]) AS u(name)) AS n
        WHERE to_regclass(n.schema || '.' || n.name) IS NULL
        ORDER BY 3, 1, 2
    $$;
COMMENT ON FUNCTION dtsen.check_attached(pg_catalog.regclass) IS
    'what is missing, disabled or altered of a table''s lifecycle triggers; no row means all is well';
