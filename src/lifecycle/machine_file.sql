-- Lifecycle: machines as files, read and written.

CREATE FUNCTION dtsen._machine_fields(
    place pg_catalog.text, given pg_catalog.jsonb, needed pg_catalog.text[],
    texts pg_catalog.text[], flags pg_catalog.text[], lists pg_catalog.text[])
    RETURNS pg_catalog.void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        fault text;
    BEGIN
        IF given IS NULL OR jsonb_typeof(given) <> 'object' THEN
            fault := 'it is no object';
        ELSE
            SELECT CASE
                WHEN f.key <> ALL (needed || texts || flags || lists) THEN format('there is no field "%s"', f.key)
                WHEN f.key = ANY (needed) AND coalesce(f.value #>> '{}', '') = '' THEN format('field "%s" is empty', f.key)
                ELSE format('field "%s" must be %s', f.key, CASE WHEN f.key = ANY (flags) THEN 'true or false'
                    WHEN f.key = ANY (lists) THEN 'a list of texts' ELSE 'a text' END) END
            INTO fault
            FROM jsonb_each(given) AS f
            WHERE f.key <> ALL (needed || texts || flags || lists)
            OR f.key = ANY (needed) AND coalesce(f.value #>> '{}', '') = ''
            OR CASE WHEN f.key = ANY (flags) THEN jsonb_typeof(f.value) <> 'boolean'
                WHEN f.key = ANY (lists) THEN jsonb_typeof(f.value) <> 'array' OR jsonb_path_exists(f.value, '$[*] ? (@.type() != "string")')
                ELSE jsonb_typeof(f.value) <> 'string' END
            ORDER BY f.key LIMIT 1;
            fault := coalesce(fault, (SELECT format('field "%s" is missing', n) FROM unnest(needed) AS n
                WHERE NOT given ? n LIMIT 1));
        END IF;
        IF fault IS NOT NULL THEN
            RAISE EXCEPTION 'the definition of a machine does not load: %, at %', fault, place
                USING ERRCODE = 'invalid_parameter_value', DETAIL = left(given::text, 500),
                      HINT = 'dtsen.machine_definition() shows how one is written.';
        END IF;
    END
    $$;
COMMENT ON FUNCTION dtsen._machine_fields(
    pg_catalog.text, pg_catalog.jsonb, pg_catalog.text[], pg_catalog.text[],
    pg_catalog.text[], pg_catalog.text[]) IS
    'raises what is wrong with the fields of a part of a machine''s definition, and where';

CREATE FUNCTION dtsen._machine_check_definition(definition pg_catalog.jsonb)
    RETURNS pg_catalog.void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        r record;
        twice text;
    BEGIN
        PERFORM dtsen._machine_fields('the top',
            CASE jsonb_typeof(definition) WHEN 'object' THEN definition - '{states,transitions}'::text[] ELSE definition END,
            '{machine,initial_state}', '{label_id,label_en}', '{}', '{}');
        FOR r IN SELECT x FROM unnest('{states,transitions}'::text[]) AS x LOOP
            IF jsonb_typeof(definition -> r.x) IS DISTINCT FROM 'array' THEN
                RAISE EXCEPTION 'the definition of a machine does not load: field "%" must be a list, at the top', r.x
                    USING ERRCODE = 'invalid_parameter_value',
                          HINT = 'dtsen.machine_definition() shows how one is written.';
            END IF;
        END LOOP;
        FOR r IN SELECT x, n FROM jsonb_array_elements(definition -> 'states') WITH ORDINALITY AS s (x, n) LOOP
            PERFORM dtsen._machine_fields(format('state %s', r.n), r.x,
                '{state}', '{label_id,label_en}', '{is_final,is_published}', '{}');
        END LOOP;
        FOR r IN SELECT x, n FROM jsonb_array_elements(definition -> 'transitions') WITH ORDINALITY AS s (x, n) LOOP
            PERFORM dtsen._machine_fields(format('transition %s', r.n), r.x,
                '{from_state,to_state,action,actor_role}', '{}', '{needs_reason,is_timed}', '{guards,distinct_from}');
        END LOOP;
        SELECT format('state "%s" is there twice, at states %s', x ->> 'state', string_agg(n::text, ' and ' ORDER BY n)) INTO twice
        FROM jsonb_array_elements(definition -> 'states') WITH ORDINALITY AS s (x, n)
        GROUP BY x ->> 'state' HAVING count(*) > 1 LIMIT 1;
        twice := coalesce(twice, (SELECT format('the step from "%s" to "%s" is there twice, at transitions %s',
                x ->> 'from_state', x ->> 'to_state', string_agg(n::text, ' and ' ORDER BY n))
            FROM jsonb_array_elements(definition -> 'transitions') WITH ORDINALITY AS s (x, n)
            GROUP BY x ->> 'from_state', x ->> 'to_state' HAVING count(*) > 1 LIMIT 1),
            (SELECT format('there is no state "%s", at transition %s', y, n)
            FROM jsonb_array_elements(definition -> 'transitions') WITH ORDINALITY AS s (x, n),
                unnest(ARRAY[x ->> 'from_state', x ->> 'to_state']) AS y
            WHERE y NOT IN (SELECT z ->> 'state' FROM jsonb_array_elements(definition -> 'states') AS z)
            ORDER BY n LIMIT 1));
        IF twice IS NOT NULL THEN
            RAISE EXCEPTION 'the definition of a machine does not load: %', twice
                USING ERRCODE = 'invalid_parameter_value',
                      HINT = 'Each state and each action from a state is named once, and transitions lead from and to states of the list.';
        END IF;
    END
    $$;
COMMENT ON FUNCTION dtsen._machine_check_definition(pg_catalog.jsonb) IS
    'raises what is wrong with the form of a machine''s definition, and in which row of it';

CREATE FUNCTION dtsen._check_rules(
    schema pg_catalog.name, machine pg_catalog.text, version pg_catalog.int4)
    RETURNS pg_catalog.void
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        fault record;
    BEGIN
        SELECT c.* INTO fault FROM dtsen.check_machine(schema, machine, version) AS c
        WHERE c.severity = 'error' AND c.check_name <> 'login_of_two' LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION 'machine "%" does not load: % at row %', machine, fault.check_name, fault.row_id
                USING ERRCODE = 'invalid_parameter_value', DETAIL = concat_ws(': ', fault.value, fault.hint),
                      HINT = 'Nothing was loaded or attached. dtsen.check_machine() lists all that is wrong in a machine that is there, also one that dtsen.machine_load() took with is_checked => false.';
        END IF;
    END
    $$;
COMMENT ON FUNCTION dtsen._check_rules(
    pg_catalog.name, pg_catalog.text, pg_catalog.int4) IS
    'raises the first error that dtsen.check_machine() finds in a version of a machine (NULL: the one in force)';

CREATE FUNCTION dtsen.machine_load(
    schema pg_catalog.name, definition pg_catalog.jsonb,
    is_checked pg_catalog.bool DEFAULT true)
    RETURNS pg_catalog.int4
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        machine text := definition ->> 'machine';
        number int4 := 1;
        live bool;
    BEGIN
        PERFORM dtsen._check_lifecycle(schema);
        IF definition IS NULL OR is_checked IS NULL THEN
            RAISE EXCEPTION 'arguments must not be null' USING ERRCODE = 'null_value_not_allowed',
                HINT = 'Give the definition as dtsen.machine_definition() writes it.';
        END IF;
        PERFORM dtsen._machine_check_definition(definition);
        EXECUTE format('SELECT m.is_live FROM %I.machine AS m WHERE m.machine = $1', schema) INTO live USING machine;
        IF live THEN
            number := dtsen.machine_draft(schema, machine, definition ->> 'initial_state');
        ELSIF live IS NULL THEN
            EXECUTE format('INSERT INTO %I.machine (machine, initial_state, label_id, label_en) VALUES ($1, $2, $3, $4)', schema)
                USING machine, definition ->> 'initial_state', definition ->> 'label_id', definition ->> 'label_en';
        ELSE
            EXECUTE format('UPDATE %I.machine AS m SET initial_state = $2, label_id = $3, label_en = $4 WHERE m.machine = $1', schema)
                USING machine, definition ->> 'initial_state', definition ->> 'label_id', definition ->> 'label_en';
        END IF;
        EXECUTE format('DELETE FROM %I.transition AS t WHERE t.machine = $1 AND t.version = $2', schema) USING machine, number;
        EXECUTE format('DELETE FROM %I.state AS s WHERE s.machine = $1 AND s.version = $2', schema) USING machine, number;
        EXECUTE format('INSERT INTO %I.state (machine, version, state, is_final, is_published, label_id, label_en, sort_order)
            SELECT $1, $2, x ->> ''state'', coalesce((x ->> ''is_final'')::bool, false),
                coalesce((x ->> ''is_published'')::bool, false), x ->> ''label_id'', x ->> ''label_en'', n
            FROM jsonb_array_elements($3) WITH ORDINALITY AS s (x, n)', schema)
            USING machine, number, definition -> 'states';
        -- a guard without a schema is one of this lifecycle's
        EXECUTE format('INSERT INTO %I.transition (machine, version, from_state, to_state, action, actor_role,
                guards, distinct_from, needs_reason, is_timed)
            SELECT $1, $2, x ->> ''from_state'', x ->> ''to_state'', x ->> ''action'', x ->> ''actor_role'',
                ARRAY(SELECT CASE WHEN g ~ ''^[^(]*[.]'' THEN g ELSE $4 || ''.'' || g END
                    FROM jsonb_array_elements_text(coalesce(x -> ''guards'', ''[]'')) WITH ORDINALITY AS l (g, i) ORDER BY i),
                ARRAY(SELECT a FROM jsonb_array_elements_text(coalesce(x -> ''distinct_from'', ''[]'')) WITH ORDINALITY AS l (a, i) ORDER BY i),
                coalesce((x ->> ''needs_reason'')::bool, false), coalesce((x ->> ''is_timed'')::bool, false)
            FROM jsonb_array_elements($3) WITH ORDINALITY AS s (x, n)', schema)
            USING machine, number, definition -> 'transitions', quote_ident(schema);
        IF is_checked THEN
            PERFORM dtsen._check_rules(schema, machine, number);
        END IF;
        RETURN number;
    END
    $$;
COMMENT ON FUNCTION dtsen.machine_load(
    pg_catalog.name, pg_catalog.jsonb, pg_catalog.bool) IS
    'loads a machine from its definition: a new one, one that guards no table yet, or, of one in force, the draft of its next version; returns the version';

CREATE FUNCTION dtsen.machine_definition(
    schema pg_catalog.name, machine pg_catalog.text,
    version pg_catalog.int4 DEFAULT NULL)
    RETURNS pg_catalog.json
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        result text;
    BEGIN
        IF schema IS NULL OR machine IS NULL THEN
            RETURN NULL;
        END IF;
        PERFORM dtsen._check_lifecycle(schema);
        -- fields that say nothing are left out; a row is a line
        EXECUTE format($q$
            WITH v AS (SELECT * FROM dtsen._machine_versions(%1$L, $1, $2)),
            state AS (SELECT s.*, row_number() OVER (ORDER BY s.sort_order, s.state) AS n
                FROM %1$I.state AS s JOIN v USING (machine, version))
            SELECT E'{\n "machine": ' || to_json(v.machine) || ', "initial_state": ' || to_json(v.initial_state)
                || coalesce(', "label_id": ' || to_json(m.label_id), '') || coalesce(', "label_en": ' || to_json(m.label_en), '')
                || E',\n "states": [\n' || coalesce((SELECT string_agg('  {"state": ' || to_json(s.state)
                    || CASE WHEN s.is_final THEN ', "is_final": true' ELSE '' END
                    || CASE WHEN s.is_published THEN ', "is_published": true' ELSE '' END
                    || coalesce(', "label_id": ' || to_json(s.label_id), '')
                    || coalesce(', "label_en": ' || to_json(s.label_en), '') || '}', E',\n' ORDER BY s.n) FROM state AS s), '')
                || E'\n ],\n "transitions": [\n' || coalesce((SELECT string_agg('  {"from_state": ' || to_json(t.from_state)
                    || ', "to_state": ' || to_json(t.to_state) || ', "action": ' || to_json(t.action)
                    || ', "actor_role": ' || to_json(t.actor_role)
                    || coalesce(', "guards": [' || (SELECT string_agg(to_json(CASE
                        WHEN starts_with(g, quote_ident(%1$L) || '.') THEN substr(g, length(quote_ident(%1$L)) + 2) ELSE g END)::text,
                        ', ' ORDER BY i) FROM unnest(t.guards) WITH ORDINALITY AS l (g, i)) || ']', '')
                    || coalesce(', "distinct_from": [' || (SELECT string_agg(to_json(a)::text, ', ' ORDER BY i)
                        FROM unnest(t.distinct_from) WITH ORDINALITY AS l (a, i)) || ']', '')
                    || CASE WHEN t.needs_reason THEN ', "needs_reason": true' ELSE '' END
                    || CASE WHEN t.is_timed THEN ', "is_timed": true' ELSE '' END || '}', E',\n' ORDER BY f.n, g.n)
                    FROM %1$I.transition AS t JOIN v USING (machine, version)
                    JOIN state AS f ON f.state = t.from_state JOIN state AS g ON g.state = t.to_state), '')
                || E'\n ]\n}'
            FROM v JOIN %1$I.machine AS m USING (machine)$q$, schema) INTO result USING machine, version;
        RETURN result::json;
    END
    $$;
COMMENT ON FUNCTION dtsen.machine_definition(
    pg_catalog.name, pg_catalog.text, pg_catalog.int4) IS
    'a machine as machine_load() takes it, a line for each state and step; version NULL: the one in force; NULL if there is none';
