-- A registry: made, refused, looked at, drifted from.
\set VERBOSITY terse
-- names
SELECT dtsen.create_registry(NULL);
SELECT dtsen.create_registry('Bekasi');
SELECT dtsen.create_registry('2bekasi');
SELECT dtsen.create_registry('be kasi');
SELECT dtsen.create_registry('order');
SELECT dtsen.create_registry('pg_bekasi');
SELECT dtsen.create_registry('public');
SELECT dtsen.create_registry('dtsen');
SELECT dtsen.create_registry('bekasi_bi');
SELECT dtsen.create_registry('bekasi_dengan_nama_yang_sangat_panjang_ini');
SELECT dtsen.registry_ddl('Bekasi');
CREATE SCHEMA taken;
SELECT dtsen.create_registry('taken');
CREATE SCHEMA half_bi;
SELECT dtsen.create_registry('half');
DROP SCHEMA taken, half_bi;
-- not without the right to make schemas, and then nothing is left
CREATE ROLE regress_dtsen_poor;
SET ROLE regress_dtsen_poor;
\set VERBOSITY sqlstate
SELECT dtsen.create_registry('reg');
\set VERBOSITY terse
RESET ROLE;
DROP ROLE regress_dtsen_poor;
-- there is none yet
SELECT * FROM dtsen.check_registry('reg');
SELECT dtsen.setup_roles('reg');
SELECT dtsen.upgrade_registry('reg');

SELECT dtsen.create_registry('reg');
SELECT dtsen.create_registry('reg');
SELECT version, extension_version = dtsen.dtsen_version() AS of_this_extension FROM reg.meta;
SELECT dtsen.upgrade_registry('reg');
SELECT * FROM dtsen.check_registry('reg');

-- the text for review is what was run
SELECT starts_with(dtsen.registry_ddl('reg'), 'SET search_path = pg_catalog, dtsen, pg_temp;') AS settings_first,
    dtsen.registry_ddl('reg') ~ '@registry' AS has_placeholder;

-- everything is the owner's, nothing the extension's
SELECT count(*) AS members
FROM pg_depend AS d JOIN pg_class AS c ON c.oid = d.objid AND d.classid = 'pg_class'::regclass
WHERE d.deptype = 'e' AND c.relnamespace IN ('reg'::regnamespace, 'reg_bi'::regnamespace);
SELECT c.relname, c.relrowsecurity AS row_security
FROM pg_class AS c
WHERE c.relnamespace = 'reg'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY c.relname COLLATE "C";

-- every object and column says what it is
SELECT pg_describe_object(d.classid, d.objid, d.objsubid) AS without_comment
FROM (SELECT 'pg_class'::regclass, c.oid, 0 FROM pg_class AS c
        WHERE c.relnamespace IN ('reg'::regnamespace, 'reg_bi'::regnamespace) AND c.relkind IN ('r', 'p', 'v')
    UNION ALL SELECT 'pg_class'::regclass, a.attrelid, a.attnum FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
        WHERE c.relnamespace IN ('reg'::regnamespace, 'reg_bi'::regnamespace) AND c.relkind IN ('r', 'p', 'v')
        AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL SELECT 'pg_proc'::regclass, p.oid, 0 FROM pg_proc AS p WHERE p.pronamespace = 'reg'::regnamespace
    UNION ALL SELECT 'pg_policy'::regclass, p.oid, 0 FROM pg_policy AS p JOIN pg_class AS c ON c.oid = p.polrelid
        WHERE c.relnamespace = 'reg'::regnamespace
    ) AS d (classid, objid, objsubid)
WHERE NOT EXISTS (SELECT FROM pg_description AS t
    WHERE (t.classoid, t.objoid, t.objsubid) = (d.classid, d.objid, d.objsubid));
-- functions: pinned paths, and the few that run as their owner
SELECT p.oid::regprocedure AS path_not_pinned FROM pg_proc AS p
WHERE p.pronamespace = 'reg'::regnamespace AND p.prosqlbody IS NULL
AND NOT coalesce(p.proconfig && '{"search_path=pg_catalog, pg_temp","search_path=pg_catalog, dtsen, pg_temp"}', false);
SELECT p.proname AS security_definer FROM pg_proc AS p
WHERE p.pronamespace = 'reg'::regnamespace AND p.prosecdef ORDER BY p.proname COLLATE "C";
-- nothing for PUBLIC
SELECT g.object FROM dtsen._registry_rights('reg') AS g WHERE g.object LIKE '% TO PUBLIC';

-- machines: every state is reached, every guard exists
SELECT s.machine, s.state AS unreachable FROM reg.state AS s JOIN reg.machine AS m USING (machine)
WHERE s.state <> m.initial_state
AND NOT EXISTS (SELECT FROM reg.transition AS t WHERE (t.machine, t.to_state) = (s.machine, s.state));
SELECT t.machine, t.from_state AS leaves_final FROM reg.transition AS t
JOIN reg.state AS s ON (s.machine, s.state) = (t.machine, t.from_state) WHERE s.is_final;
SELECT DISTINCT g AS missing_guard FROM reg.transition AS t, unnest(t.guards) AS g
WHERE dtsen._guard_function(g) IS NULL;
SELECT t.from_state, t.to_state, t.action, t.actor_role FROM reg.transition AS t
WHERE t.machine = 'usulan' ORDER BY t.from_state COLLATE "C", t.to_state COLLATE "C";

-- drift is found
ALTER TABLE reg.usulan DISABLE TRIGGER keep_content;
DROP TRIGGER immutable ON reg.batch_item;
DROP POLICY scope ON reg.anggota;
CREATE POLICY everyone ON reg.keluarga USING (true);
ALTER TABLE reg.keluarga DISABLE ROW LEVEL SECURITY;
ALTER TABLE reg.keluarga DROP CONSTRAINT keluarga_nkk_key;
GRANT SELECT ON reg.anggota TO PUBLIC;
CREATE ROLE regress_dtsen_stranger;
GRANT UPDATE (nama) ON reg.anggota TO regress_dtsen_stranger;
ALTER FUNCTION reg.usulan_sealed(text[]) OWNER TO regress_dtsen_stranger;
SELECT row_id, check_name, severity FROM dtsen.check_registry('reg') ORDER BY row_id COLLATE "C", check_name COLLATE "C";
DROP OWNED BY regress_dtsen_stranger;

-- the drop guard keeps it
DROP SCHEMA reg CASCADE;
SET dtsen.allow_data_loss = on;
SET client_min_messages = warning;
DROP SCHEMA reg, reg_bi CASCADE;
DROP OWNED BY regress_dtsen_stranger;
RESET dtsen.allow_data_loss;
DROP ROLE regress_dtsen_stranger;
