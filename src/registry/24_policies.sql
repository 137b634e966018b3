-- Registry @registry@: row security.
--
-- It is not forced on the owner: the owner's views for analysts and his trigger
-- functions read across regions. The owner is the DBA's NOLOGIN role.

-- Row security on every table whose rows belong to a region.
DO $do$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['keluarga', 'keluarga_nkk', 'rumah', 'aset', 'anggota',
        'keanggotaan', 'musyawarah', 'usulan', 'bukti', 'batch', 'batch_item', 'cek_ulang',
        'pemadanan_result', 'skor', 'desil']
    LOOP
        EXECUTE format('ALTER TABLE @registry@.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format($sql$
            CREATE POLICY scope ON @registry@.%I USING (
                wilayah >= (SELECT @registry@.scope_low())
                AND wilayah <= (SELECT @registry@.scope_high())
                AND ((SELECT @registry@.scope_list() IS NULL)
                    OR wilayah = ANY ((SELECT @registry@.scope_list())::dtsen.kode_wilayah[])))
            $sql$, t);
        EXECUTE format($sql$
            COMMENT ON POLICY scope ON @registry@.%I IS
                'Rows of the regions that table actor gives the login'
            $sql$, t);
    END LOOP;
END $do$;

-- A draft is for BPS and, from the re-check on, for the heads of the regions.
CREATE FUNCTION @registry@.scope_editions() RETURNS integer[]
    LANGUAGE sql STABLE PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY(SELECT e.id FROM @registry@.edisi AS e
        WHERE e.state = 'terbit'
        OR @registry@.scope_has_role('bps')
        OR (e.state IN ('cek_ulang', 'ditetapkan')
            AND @registry@.scope_has_role('kepala_daerah', 'verifikator')))
$$;
COMMENT ON FUNCTION @registry@.scope_editions() IS 'Editions whose deciles the login may see: published ones; drafts for BPS and, from the re-check on, for the regions';

CREATE POLICY edition ON @registry@.desil AS RESTRICTIVE
    USING (edisi_id = ANY ((SELECT @registry@.scope_editions())::integer[]));
COMMENT ON POLICY edition ON @registry@.desil IS 'Drafts are hidden but from those who make and re-check them';
ALTER TABLE @registry@.desil_cut ENABLE ROW LEVEL SECURITY;
CREATE POLICY edition ON @registry@.desil_cut
    USING (edisi_id = ANY ((SELECT @registry@.scope_editions())::integer[]));
COMMENT ON POLICY edition ON @registry@.desil_cut IS 'Drafts are hidden but from those who make and re-check them';

-- What was imported belongs to the region of the login that brought it.
DO $do$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['dukcapil', 'import_run', 'import_reject'] LOOP
        EXECUTE format('ALTER TABLE @registry@.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format($sql$
            CREATE POLICY scope ON @registry@.%I USING (
                owner_scope >= (SELECT @registry@.scope_common() COLLATE "C")
                AND owner_scope <= (SELECT @registry@.scope_common() || '~' COLLATE "C")
                AND (SELECT @registry@.scope_low() IS NOT NULL)
                AND ((SELECT @registry@.scope_list() IS NULL)
                    OR owner_scope = (SELECT @registry@.scope_common())
                    OR owner_scope = ANY ((SELECT @registry@.scope_list())::text[])))
            $sql$, t);
        EXECUTE format($sql$
            COMMENT ON POLICY scope ON @registry@.%I IS
                'Rows that logins of the same region, or of one within it, brought'
            $sql$, t);
    END LOOP;
END $do$;
