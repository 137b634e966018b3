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
        'pemadanan_result', 'skor', 'desil', 'kunjungan', 'verification_round', 'flag', 'kepesertaan', 'penerimaan', 'daftar_item', 'peristiwa', 'keluarga_alamat']
    LOOP
        EXECUTE format('ALTER TABLE @registry@.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY scope ON @registry@.%I USING (%s)', t, @registry@.scope_condition());
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

CREATE FUNCTION @registry@.scope_drafts() RETURNS text[]
    LANGUAGE sql STABLE PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY(SELECT e || '/' || p
        FROM unnest(@registry@.scope_editions()) AS e, unnest(@registry@.scope_prefixes()) AS p)
$$;
COMMENT ON FUNCTION @registry@.scope_drafts() IS 'edition/region of the deciles that the login may see: each of scope_editions() with each of scope_prefixes()';

-- The first condition only leaves rows out. Policy scope lets a row in by what one
-- login may see, and this one by itself: a published row for everybody, and a draft
-- by one subquery, as who reads on from a cursor may have become another.
CREATE POLICY edition ON @registry@.desil AS RESTRICTIVE
    USING (edisi_id = ANY ((SELECT @registry@.scope_editions())::integer[])
        AND (edisi_id = ANY (ARRAY(SELECT e.id FROM @registry@.edisi AS e WHERE e.state = 'terbit'))
            OR edisi_id = ANY ((SELECT CASE WHEN '' = ANY (@registry@.scope_prefixes()) THEN @registry@.scope_editions() END)::integer[])
            OR edisi_id::text || '/' || wilayah::text ^@ ANY ((SELECT @registry@.scope_drafts())::text[])));
COMMENT ON POLICY edition ON @registry@.desil IS 'Drafts are hidden but from those who make and re-check them';
ALTER TABLE @registry@.desil_cut ENABLE ROW LEVEL SECURITY;
CREATE POLICY edition ON @registry@.desil_cut
    USING (edisi_id = ANY ((SELECT @registry@.scope_editions())::integer[]));
COMMENT ON POLICY edition ON @registry@.desil_cut IS 'Drafts are hidden but from those who make and re-check them';

-- What was imported belongs to the region of the login that brought it, and a
-- list to that of the login that made it.
DO $do$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['dukcapil', 'dtks', 'import_run', 'import_reject', 'import_stage', 'import_part', 'daftar'] LOOP
        EXECUTE format('ALTER TABLE @registry@.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY scope ON @registry@.%I USING (%s)', t, @registry@.scope_owner_condition());
        EXECUTE format($sql$
            COMMENT ON POLICY scope ON @registry@.%I IS
                'Rows that logins of the same region, or of one within it, brought'
            $sql$, t);
    END LOOP;
END $do$;

-- A programme of a region is written by that region, one of the centre by the
-- centre.
DO $do$
BEGIN
    EXECUTE format($sql$
        CREATE FUNCTION @registry@.scope_programs() RETURNS text[]
            LANGUAGE sql STABLE PARALLEL RESTRICTED SET search_path = pg_catalog, dtsen, pg_temp
            AS %L $sql$,
        format('SELECT ARRAY(SELECT p.program::text FROM @registry@.program AS p WHERE %s)', @registry@.scope_condition('p.wilayah', true)));
    EXECUTE format('CREATE POLICY scope ON @registry@.program USING (%s)', @registry@.scope_condition('wilayah', true));
    EXECUTE format('CREATE POLICY scope ON @registry@.control_total USING (%s)', @registry@.scope_condition('wilayah', true));
    EXECUTE format('CREATE POLICY scope ON @registry@.control_part USING (control_id IN (SELECT c.id FROM @registry@.control_total AS c WHERE %s))',
        @registry@.scope_condition('c.wilayah', true));
END $do$;
COMMENT ON FUNCTION @registry@.scope_programs() IS 'Programmes whose rules the login may write, if its role may at all';
ALTER TABLE @registry@.program ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON @registry@.program FOR SELECT USING (true);
COMMENT ON POLICY everyone ON @registry@.program IS 'What a programme is, everybody may know';
COMMENT ON POLICY scope ON @registry@.program IS 'Programmes are written by who may see the region that pays';
DO $do$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['program_rule', 'program_component', 'program_flag', 'program_quota'] LOOP
        EXECUTE format('ALTER TABLE @registry@.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY everyone ON @registry@.%I FOR SELECT USING (true)', t);
        EXECUTE format('COMMENT ON POLICY everyone ON @registry@.%I IS %L', t, 'What a programme asks, everybody may know');
        EXECUTE format($sql$
            CREATE POLICY scope ON @registry@.%I USING (program = ANY ((SELECT @registry@.scope_programs())::text[]))
            $sql$, t);
        EXECUTE format('COMMENT ON POLICY scope ON @registry@.%I IS %L', t, 'Rules are written by who may write the programme');
    END LOOP;
END $do$;

COMMENT ON POLICY scope ON @registry@.daftar IS 'Lists that logins of the same region, or of one within it, made';

-- What was published, everybody may know; it is noted by who may see the region
-- that it is about.
ALTER TABLE @registry@.control_total ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON @registry@.control_total FOR SELECT USING (true);
COMMENT ON POLICY everyone ON @registry@.control_total IS 'What was published, everybody may know';
COMMENT ON POLICY scope ON @registry@.control_total IS 'Totals are noted by who may see the region that they are about';
ALTER TABLE @registry@.control_part ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON @registry@.control_part FOR SELECT USING (true);
COMMENT ON POLICY everyone ON @registry@.control_part IS 'What was published, everybody may know';
COMMENT ON POLICY scope ON @registry@.control_part IS 'Parts are noted by who may note their total';
