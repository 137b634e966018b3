-- Registry @registry@: what auditors read of the journal, and of who may act.
--
-- The journal's own view and functions read all of it: they are the owner's.
-- An auditor reads the entries of the regions that table actor gives him as one.

CREATE FUNCTION @registry@.scope_auditor() RETURNS text[]
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL RESTRICTED
    SET search_path = pg_catalog, pg_temp
AS $$
    -- who is assumed need be no role, and is not the owner
    SELECT CASE WHEN dtsen.assumed_actor('@registry@') IS NULL AND pg_has_role(to_regrole(quote_ident(@registry@.scope_login())),
            (SELECT n.nspowner FROM pg_namespace AS n WHERE n.nspname = '@registry@'), 'MEMBER') THEN '{""}'
        ELSE coalesce((SELECT array_agg(DISTINCT coalesce(replace(a.wilayah, '.', ''), '')) FROM @registry@.actor AS a
            WHERE a.login = @registry@.scope_login() AND a.actor_role = 'auditor'), '{}') END
$$;
COMMENT ON FUNCTION @registry@.scope_auditor() IS 'Regions without dots for which the login is auditor, an empty text for the whole country, which the owner has; empty: none. SECURITY DEFINER, because nobody but the owner reads all of actor';

CREATE VIEW @registry@.journal_region WITH (security_barrier) AS
    SELECT j.* FROM @registry@.journal AS j
    -- a chain begins with the regency, so that others are not read
    WHERE j.chain ^@ ANY ((SELECT ARRAY(SELECT left(p, 4) FROM unnest(@registry@.scope_auditor()) AS p))::text[])
    AND replace(coalesce(j.wilayah, ''), '.', '') ^@ ANY ((SELECT @registry@.scope_auditor())::text[]);
COMMENT ON VIEW @registry@.journal_region IS 'The entries of the journal in the regions for which the login is auditor; those of no region, such as of editions and machines, for auditors of the whole country';
DO $do$
DECLARE
    c record;
BEGIN
    FOR c IN SELECT a.attname, col_description(a.attrelid, a.attnum) AS said FROM pg_attribute AS a
        WHERE a.attrelid = '@registry@.journal'::regclass AND a.attnum > 0 ORDER BY a.attnum
    LOOP
        EXECUTE format('COMMENT ON COLUMN @registry@.journal_region.%I IS %L', c.attname, c.said);
    END LOOP;
END $do$;

CREATE FUNCTION @registry@.journal_history(machine text, key text, wilayah text DEFAULT NULL)
    RETURNS TABLE (chain text, seq bigint, entry_wilayah text, from_state text, to_state text, action text, login name,
        session_login name, person_key text, at timestamptz, txid bigint, machine_version integer, digest bytea)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 10 SET search_path = pg_catalog, pg_temp
AS $$
    SELECT h.* FROM dtsen.journal_history('@registry@', machine, key, wilayah) AS h
    WHERE replace(coalesce(h.entry_wilayah, ''), '.', '') ^@ ANY (@registry@.scope_auditor())
$$;
COMMENT ON FUNCTION @registry@.journal_history(text, text, text) IS 'The entries of one row that view journal_region shows, found by index; wilayah: the region that the row is in, without which every chain is looked into. SECURITY DEFINER, because auditors do not read the whole journal';

-- who may act where: those who draft and approve machines need all of it
ALTER TABLE @registry@.actor ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON @registry@.actor FOR SELECT USING (
    (SELECT @registry@.scope_has_role('perancang_mesin', 'penyetuju_mesin'))
    OR replace(coalesce(wilayah, ''), '.', '') ^@ ANY ((SELECT @registry@.scope_auditor())::text[]));
COMMENT ON POLICY scope ON @registry@.actor IS 'Auditors see who may act in their regions; who drafts or approves machines, everybody';
