-- A login for each person, a row in table actor for what it may do and where.
DO $$
DECLARE
    r record;
BEGIN
    FOR r IN
        SELECT * FROM (VALUES
            ('data_bekasi', 'pengelola', '3216'), ('verifikator_1', 'verifikator', '3216'),
            ('pendamping_1', 'pendamping', '3216'),
            ('kepala_opd_1', 'kepala_opd', '3216'), ('bupati', 'kepala_daerah', '3216'),
            ('kemensos_1', 'kemensos', NULL), ('bps_1', 'bps', NULL), ('bps_2', 'bps', NULL),
            ('auditor_1', 'auditor', NULL), ('analis_1', 'analis', NULL)) AS p
        UNION ALL
        SELECT x.login || '_' || w.kode::text, x.role, w.kode::text
        FROM bekasi.wilayah AS w, (VALUES ('op', 'operator_desa'), ('kades', 'kades')) AS x (login, role)
        WHERE w.level = 4 AND w.status = 'present' AND starts_with(w.kode::text, '3216')
    LOOP
        EXECUTE format('CREATE ROLE %I LOGIN IN ROLE %I', r.column1, 'bekasi_' || r.column2);
        INSERT INTO bekasi.actor (login, actor_role, person_key, wilayah)
        VALUES (r.column1, r.column2, 'person-' || r.column1, r.column3);
    END LOOP;
END $$;
\pset tuples_only on
\pset format unaligned
SELECT format('   dba: %s logins, one a person', count(*)) FROM bekasi.actor;
