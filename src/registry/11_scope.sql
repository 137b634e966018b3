-- Registry @registry@: who sees which regions.
--
-- Rows are seen by their village code. Table actor gives a login one or more
-- regions; the policies compare with the outer user's range of codes, which is
-- computed once a statement (an InitPlan) and is a range of the index on the
-- code at any level, from a village to the country. An actor of several regions
-- that are no single range has an array of codes beside it. No function is
-- called per row.

CREATE FUNCTION @registry@.scope_login() RETURNS name
    LANGUAGE sql STABLE PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(dtsen.assumed_actor('@registry@'), nullif(current_setting('role'), 'none')::name, SESSION_USER)
$$;
COMMENT ON FUNCTION @registry@.scope_login() IS 'The login that acts: who is assumed, else the role after SET ROLE, whatever SECURITY DEFINER functions are between';

CREATE FUNCTION @registry@.scope_prefixes() RETURNS text[]
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL RESTRICTED
    SET search_path = pg_catalog, pg_temp
AS $$
    WITH g AS (
        SELECT DISTINCT coalesce(replace(a.wilayah, '.', ''), '') AS prefix
        FROM @registry@.actor AS a
        -- an analyst reads views (bi_scope()) and no rows
        WHERE a.login = @registry@.scope_login() AND a.actor_role <> 'analis')
    SELECT array_agg(g.prefix ORDER BY g.prefix COLLATE "C") FROM g
    WHERE NOT EXISTS (SELECT FROM g AS o WHERE o.prefix <> g.prefix AND starts_with(g.prefix, o.prefix))
$$;
COMMENT ON FUNCTION @registry@.scope_prefixes() IS 'Regions of the login without dots, none within another, an empty text for the whole country; NULL: it is no actor, or an analyst only. SECURITY DEFINER, because nobody but the owner reads actor';

CREATE FUNCTION @registry@.scope_low() RETURNS dtsen.kode_wilayah
    LANGUAGE sql STABLE PARALLEL RESTRICTED SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT (CASE p WHEN '' THEN '01' ELSE p END)::dtsen.kode_wilayah
    FROM (SELECT min(p COLLATE "C") AS p FROM unnest(@registry@.scope_prefixes()) AS p) AS s
$$;
COMMENT ON FUNCTION @registry@.scope_low() IS 'First region code that the login may see; NULL: none';

CREATE FUNCTION @registry@.scope_high() RETURNS dtsen.kode_wilayah
    LANGUAGE sql STABLE PARALLEL RESTRICTED SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT rpad(p, 10, '9')::dtsen.kode_wilayah
    FROM (SELECT max(p COLLATE "C") AS p FROM unnest(@registry@.scope_prefixes()) AS p) AS s
$$;
COMMENT ON FUNCTION @registry@.scope_high() IS 'Last region code that the login may see; NULL: none';

CREATE FUNCTION @registry@.scope_list() RETURNS dtsen.kode_wilayah[]
    LANGUAGE sql STABLE PARALLEL RESTRICTED SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT CASE WHEN cardinality(s.p) > 1 THEN ARRAY(
        SELECT DISTINCT w.kode FROM @registry@.wilayah AS w, unnest(s.p) AS p
        WHERE starts_with(w.kode::text, p)) END
    FROM (SELECT @registry@.scope_prefixes() AS p) AS s
$$;
COMMENT ON FUNCTION @registry@.scope_list() IS 'All region codes that a login of several regions may see; NULL: its region is one range';

CREATE FUNCTION @registry@.scope_common() RETURNS text
    LANGUAGE sql STABLE PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce((
        SELECT left(min(p COLLATE "C"), n)
        FROM unnest(ARRAY[10, 6, 4, 2]) AS n, unnest(@registry@.scope_prefixes()) AS p
        GROUP BY n
        HAVING count(DISTINCT left(p, n)) = 1 AND min(length(p)) >= n
        ORDER BY n DESC LIMIT 1), '')
        || CASE WHEN cardinality(@registry@.scope_prefixes()) > 1
            THEN ':' || array_to_string(@registry@.scope_prefixes(), '+') ELSE '' END
$$;
COMMENT ON FUNCTION @registry@.scope_common() IS 'Region of the login without dots, which owns what it brings; empty: the country. Of several regions: the smallest one that holds them all, a colon, and these, so that others within it are not meant';

CREATE FUNCTION @registry@.scope_has_role(VARIADIC roles text[]) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL RESTRICTED
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (SELECT FROM @registry@.actor AS a
        WHERE a.login = @registry@.scope_login() AND a.actor_role = ANY (roles))
$$;
COMMENT ON FUNCTION @registry@.scope_has_role(text[]) IS 'Whether the login acts in one of these roles. SECURITY DEFINER, because nobody but the owner reads actor';

CREATE FUNCTION @registry@.text_date(value text) RETURNS date
    LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
    SET timezone = 'Asia/Jakarta' -- which day it is, is not for the client to say
AS $$
    SELECT CASE
        WHEN value !~ '^(18[5-9]|19[0-9]|20[0-9])[0-9]-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' THEN NULL
        WHEN right(value, 2)::integer > extract(day FROM
            (left(value, 7) || '-01')::date + interval '1 month - 1 day') THEN NULL
        WHEN value::date > CURRENT_DATE THEN NULL
        ELSE value::date END
$$;
COMMENT ON FUNCTION @registry@.text_date(text) IS 'The day from 1850 on that a text yyyy-mm-dd names; NULL: none, or one to come in Jakarta';

CREATE FUNCTION @registry@.stamp_created() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    NEW.created_at := now();
    NEW.created_by := @registry@.scope_login();
    RETURN NEW;
END $$;
COMMENT ON FUNCTION @registry@.stamp_created() IS 'Trigger: who and when are not for the client to say';

CREATE FUNCTION @registry@.trigger_is_of(relation oid, expected text) RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF relation <> expected::regclass THEN
        RAISE EXCEPTION 'the trigger function is for table % only', expected
            USING ERRCODE = 'trigger_protocol_violated',
            DETAIL = format('It fired on %s.', relation::regclass),
            HINT = 'It acts with its owner''s rights: a trigger of one''s own needs a function of one''s own.';
    END IF;
END $$;
COMMENT ON FUNCTION @registry@.trigger_is_of(oid, text) IS 'Refuses a trigger of another table: a SECURITY DEFINER function would lend its owner''s rights to whoever attaches it to a table of his own';
