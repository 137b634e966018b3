-- Lifecycle @registry@: what keeps rules in force, and versions under four eyes.

-- Rules in force are not written: a new version is drafted and approved.
CREATE TRIGGER machine_rules BEFORE INSERT OR UPDATE OR DELETE ON @registry@.machine
    FOR EACH ROW EXECUTE FUNCTION dtsen.machine_rules('machine');
CREATE TRIGGER machine_rules BEFORE INSERT OR UPDATE OR DELETE ON @registry@.state
    FOR EACH ROW EXECUTE FUNCTION dtsen.machine_rules('rule');
CREATE TRIGGER machine_rules BEFORE INSERT OR UPDATE OR DELETE ON @registry@.transition
    FOR EACH ROW EXECUTE FUNCTION dtsen.machine_rules('rule');
CREATE TRIGGER machine_rules BEFORE INSERT OR UPDATE OR DELETE ON @registry@.calendar
    FOR EACH ROW EXECUTE FUNCTION dtsen.machine_rules('calendar');
CREATE TRIGGER machine_no_truncate BEFORE TRUNCATE ON @registry@.machine
    FOR EACH STATEMENT EXECUTE FUNCTION dtsen.immutable();
CREATE TRIGGER machine_no_truncate BEFORE TRUNCATE ON @registry@.state
    FOR EACH STATEMENT EXECUTE FUNCTION dtsen.immutable();
CREATE TRIGGER machine_no_truncate BEFORE TRUNCATE ON @registry@.transition
    FOR EACH STATEMENT EXECUTE FUNCTION dtsen.immutable();
CREATE TRIGGER machine_no_truncate BEFORE TRUNCATE ON @registry@.calendar
    FOR EACH STATEMENT EXECUTE FUNCTION dtsen.immutable();
CREATE TRIGGER machine_no_truncate BEFORE TRUNCATE ON @registry@.actor
    FOR EACH STATEMENT EXECUTE FUNCTION dtsen.immutable();
ALTER TABLE @registry@.machine ENABLE ALWAYS TRIGGER machine_rules;
ALTER TABLE @registry@.state ENABLE ALWAYS TRIGGER machine_rules;
ALTER TABLE @registry@.transition ENABLE ALWAYS TRIGGER machine_rules;
ALTER TABLE @registry@.calendar ENABLE ALWAYS TRIGGER machine_rules;
ALTER TABLE @registry@.machine ENABLE ALWAYS TRIGGER machine_no_truncate;
ALTER TABLE @registry@.state ENABLE ALWAYS TRIGGER machine_no_truncate;
ALTER TABLE @registry@.transition ENABLE ALWAYS TRIGGER machine_no_truncate;
ALTER TABLE @registry@.calendar ENABLE ALWAYS TRIGGER machine_no_truncate;
ALTER TABLE @registry@.actor ENABLE ALWAYS TRIGGER machine_no_truncate;

-- A change of a machine is an act of two people, under a machine of its own.
CREATE FUNCTION @registry@.machine_version_sound(keys pg_catalog.text[])
    RETURNS TABLE (key pg_catalog.text, code pg_catalog.text, message pg_catalog.text, hint pg_catalog.text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $lifecycle$
    SELECT v.id::text, 'SE003', p.message, p.hint
    FROM @registry@.machine_version AS v,
    LATERAL (
        SELECT format('version %s of machine "%s" does not load: %s, %s', v.version, v.machine,
            c.check_name, c.row_id), c.hint
        FROM dtsen.check_machine(@registry_name@, v.machine, v.version) AS c
        WHERE c.severity = 'error' AND c.check_name <> 'login_of_two'
        UNION ALL
        SELECT format('the digest of version %s of machine "%s" is not that of its rules', v.version, v.machine),
            'dtsen.machine_submit() fills in digest and reason.'
        WHERE v.digest IS DISTINCT FROM dtsen.machine_digest(@registry_name@, v.machine, v.version)
            OR strpos(v.reason, encode(v.digest, 'hex')) = 0
    ) AS p(message, hint)
    WHERE v.id = ANY (keys)
$lifecycle$;
COMMENT ON FUNCTION @registry@.machine_version_sound(pg_catalog.text[]) IS
    'Guard: versions that do not load, or are not what was submitted';

CREATE FUNCTION @registry@.machine_version_apply(keys pg_catalog.text[])
    RETURNS TABLE (key pg_catalog.text, code pg_catalog.text, message pg_catalog.text, hint pg_catalog.text)
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $lifecycle$
DECLARE
    v record;
BEGIN
    FOR v IN SELECT * FROM @registry@.machine_version AS x WHERE x.id = ANY (keys) ORDER BY x.version LOOP
        UPDATE @registry@.machine AS m SET version = v.version, digest = v.digest
        WHERE m.machine = v.machine AND m.version < v.version;
        IF NOT FOUND THEN
            RETURN QUERY SELECT v.id::text, 'SE001'::text,
                format('a later version of machine "%s" is in force already', v.machine), NULL::text;
        END IF;
    END LOOP;
END $lifecycle$;
COMMENT ON FUNCTION @registry@.machine_version_apply(pg_catalog.text[]) IS
    'Guard: puts the approved versions in force';
REVOKE EXECUTE ON FUNCTION @registry@.machine_version_sound(pg_catalog.text[]),
    @registry@.machine_version_apply(pg_catalog.text[]) FROM PUBLIC;

INSERT INTO @registry@.machine (machine, initial_state, label_id, label_en) VALUES
    ('mesin', 'draf', 'versi mesin', 'version of a machine');
INSERT INTO @registry@.state (machine, state, is_final, is_published, label_id, label_en, sort_order) VALUES
    ('mesin', 'draf', false, false, 'draf', 'draft', 1),
    ('mesin', 'diajukan', false, false, 'diajukan', 'submitted', 2),
    ('mesin', 'berlaku', true, true, 'berlaku', 'in force', 3),
    ('mesin', 'ditolak', true, false, 'ditolak', 'refused', 4);
INSERT INTO @registry@.transition
    (machine, from_state, to_state, action, actor_role, guards, distinct_from, needs_reason) VALUES
    ('mesin', 'draf', 'diajukan', 'ajukan', 'perancang_mesin', ARRAY[@registry_text@ || '.machine_version_sound'], '{}', true),
    ('mesin', 'draf', 'ditolak', 'batalkan', 'perancang_mesin', '{}'::text[], '{}', true),
    ('mesin', 'diajukan', 'berlaku', 'setujui', 'penyetuju_mesin',
        ARRAY[@registry_text@ || '.machine_version_sound', @registry_text@ || '.machine_version_apply'], '{born,edit,ajukan}', true),
    ('mesin', 'diajukan', 'draf', 'kembalikan', 'penyetuju_mesin', '{}', '{}', true),
    ('mesin', 'diajukan', 'ditolak', 'tolak', 'penyetuju_mesin', '{}', '{}', true);
SELECT dtsen.attach(@registry_text@ || '.machine_version', 'mesin', @registry_name@, wilayah_column => NULL,
    reason_column => 'reason', frozen_columns => '{machine,version,initial_state,digest}');
