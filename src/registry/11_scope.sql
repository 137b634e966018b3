-- Registry @registry@: who sees which regions.
--
-- Rows are seen by their village code. Table actor gives a login one or more
-- regions; the policies compare with the outer user's range of codes, which is
-- computed once a statement (an InitPlan) and is a range of the index on the
-- code at any level, from a village to the country. An actor of several regions
-- that are no single range has an array of codes beside it. No function is
-- called per row. So a login's regions are those of all its roles, and a trigger
-- keeps them the same for each of them.

CREATE FUNCTION @registry@.scope_login() RETURNS name
    LANGUAGE sql STABLE PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(dtsen.assumed_actor('@registry@'), nullif(current_setting('role'), 'none')::name, SESSION_USER)
$$;
COMMENT ON FUNCTION @registry@.scope_login() IS 'The login that acts: who is assumed, else the role after SET ROLE, whatever SECURITY DEFINER functions are between';

-- This and the next two are expressions, which the planner puts where they are
-- called: a policy costs a statement some microseconds, not calls of SQL functions.
CREATE FUNCTION @registry@.scope_prefixes() RETURNS text[]
    LANGUAGE sql STABLE PARALLEL RESTRICTED
    -- analysts and viewers read views (bi_scope(), mask_scope()) and no rows
    RETURN dtsen.actor_regions('@registry@', '{analis,pemantau,mitra}');
COMMENT ON FUNCTION @registry@.scope_prefixes() IS 'Regions of the login without dots in ascending order, none within another, an empty text for the whole country; NULL: it is no actor, or an analyst or viewer only';

CREATE FUNCTION @registry@.actor_differing(logins text[] DEFAULT NULL) RETURNS TABLE (login name, roles text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp
AS $$
    WITH a AS MATERIALIZED (
        SELECT DISTINCT x.login, x.actor_role, coalesce(replace(x.wilayah, '.', ''), '') AS prefix FROM @registry@.actor AS x
        WHERE x.actor_role NOT IN ('analis', 'pemantau', 'mitra') AND (logins IS NULL OR x.login::text = ANY (logins))),
    r AS (
        SELECT a.login, a.actor_role, string_agg(CASE a.prefix WHEN '' THEN 'the country' ELSE a.prefix END, '+' ORDER BY a.prefix COLLATE "C") AS regions
        FROM a WHERE NOT EXISTS (SELECT FROM a AS o WHERE o.login = a.login AND o.actor_role = a.actor_role
            AND o.prefix <> a.prefix AND starts_with(a.prefix, o.prefix))
        GROUP BY a.login, a.actor_role)
    SELECT r.login, string_agg(format('%s of %s', r.actor_role, r.regions), ', ' ORDER BY r.actor_role COLLATE "C")
    FROM r GROUP BY r.login HAVING count(DISTINCT r.regions) > 1 ORDER BY r.login
$$;
COMMENT ON FUNCTION @registry@.actor_differing(text[]) IS 'Logins, of those given or all, whose roles are of different regions, though row security would let each role act in all of them; analysts and viewers, who read views only, do not count';

CREATE FUNCTION @registry@.actor_agree() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    bad record;
BEGIN
    SELECT d.* INTO bad FROM @registry@.actor_differing(ARRAY(SELECT DISTINCT c.login::text FROM changed AS c)) AS d LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the roles of login "%" are of different regions', bad.login USING ERRCODE = 'SE101',
            DETAIL = format('It would be %s, and each role would reach the regions of the other.', bad.roles),
            HINT = 'Give the person a login for each, with the same person_key; regions of several roles are entered in one statement.';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION @registry@.actor_agree() IS 'Trigger: all roles of a login are of the same regions';
CREATE TRIGGER agree_insert AFTER INSERT ON @registry@.actor REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT WHEN (NOT dtsen.is_apply_worker()) EXECUTE FUNCTION @registry@.actor_agree();
CREATE TRIGGER agree_update AFTER UPDATE ON @registry@.actor REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT WHEN (NOT dtsen.is_apply_worker()) EXECUTE FUNCTION @registry@.actor_agree();
CREATE TRIGGER agree_delete AFTER DELETE ON @registry@.actor REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT WHEN (NOT dtsen.is_apply_worker()) EXECUTE FUNCTION @registry@.actor_agree();

CREATE FUNCTION @registry@.scope_low() RETURNS dtsen.kode_wilayah
    LANGUAGE sql STABLE PARALLEL RESTRICTED
    RETURN CASE (@registry@.scope_prefixes())[1] WHEN '' THEN '01' ELSE (@registry@.scope_prefixes())[1] END::dtsen.kode_wilayah;
COMMENT ON FUNCTION @registry@.scope_low() IS 'First region code that the login may see; NULL: none';

CREATE FUNCTION @registry@.scope_high() RETURNS dtsen.kode_wilayah
    LANGUAGE sql STABLE PARALLEL RESTRICTED
    RETURN rpad((@registry@.scope_prefixes())[cardinality(@registry@.scope_prefixes())], 10, '9')::dtsen.kode_wilayah;
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

CREATE FUNCTION @registry@.scope_condition(code text DEFAULT 'wilayah', country_too boolean DEFAULT false) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
    -- Each subquery is computed once a statement, but each when it is first asked: who
    -- reads on from a cursor may have become another in between. So the range, which an
    -- index can serve, only leaves rows out; what lets one in is one subquery, by itself.
    SELECT CASE WHEN country_too THEN format($sql$
            CASE WHEN %s IS NULL THEN (SELECT '' = ANY (@registry@.scope_prefixes())) ELSE %s END$sql$, code, c.inside)
        ELSE c.inside END
    FROM format($sql$
        %1$s >= (SELECT @registry@.scope_low()) AND %1$s <= (SELECT @registry@.scope_high())
        AND ((SELECT '' = ANY (@registry@.scope_prefixes()))
            OR %1$s <@ (SELECT CASE cardinality(@registry@.scope_prefixes()) WHEN 1 THEN @registry@.scope_low() END)
            OR %1$s = ANY ((SELECT @registry@.scope_list())::dtsen.kode_wilayah[]))$sql$, code) AS c (inside)
$$;
COMMENT ON FUNCTION @registry@.scope_condition(text, boolean) IS 'The condition of a policy: the login may see the region in this column; with country_too, a row without a region is for logins of the country. All policies on regions are made of it';

CREATE FUNCTION @registry@.scope_owner_condition() RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    -- one subquery lets a row in, by itself: as above
    RETURN $sql$
        owner_scope ^@ (SELECT CASE cardinality(@registry@.scope_prefixes()) WHEN 1 THEN @registry@.scope_common() END)
        OR owner_scope = (SELECT CASE WHEN cardinality(@registry@.scope_prefixes()) > 1 THEN @registry@.scope_common() END)
        OR owner_scope = ANY ((SELECT @registry@.scope_list())::text[])$sql$;
COMMENT ON FUNCTION @registry@.scope_owner_condition() IS 'The condition of a policy on column owner_scope: what logins of the same region, or of one within it, brought';

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
