-- Registry @registry@: erasing what a proposal says.

CREATE FUNCTION @registry@.usulan_empty(usulan_id bigint, reason text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, dtsen, pg_temp
AS $$
DECLARE
    u record;
BEGIN
    IF NOT @registry@.scope_has_role('pengelola') THEN
        RAISE EXCEPTION 'only who looks after the data erases what a proposal says'
            USING ERRCODE = 'insufficient_privilege', DETAIL = 'The login does not act as pengelola.',
                HINT = 'Whoever keeps table actor can give it that role.';
    ELSIF coalesce(btrim(usulan_empty.reason), '') = '' THEN
        RAISE EXCEPTION 'an erasure needs a reason' USING ERRCODE = 'SE003',
            HINT = 'Name the request, not the person: the reason stays in the journal.';
    END IF;
    -- who signs the batch has it first, and then its proposals
    PERFORM FROM @registry@.batch AS b WHERE b.id IN (SELECT i.batch_id FROM @registry@.batch_item AS i
        WHERE i.usulan_id = usulan_empty.usulan_id) FOR SHARE;
    SELECT x.state, s.is_final, EXISTS (SELECT FROM @registry@.batch_item AS i JOIN @registry@.batch AS b ON b.id = i.batch_id
            WHERE i.usulan_id = x.id AND b.state = 'disegel') AS is_sealed INTO u
    FROM @registry@.usulan AS x
    JOIN @registry@.state AS s ON s.machine = 'usulan' AND s.version = x.machine_version AND s.state = x.state
    WHERE x.id = usulan_empty.usulan_id AND EXISTS (SELECT FROM @registry@.actor AS a
        WHERE a.login = @registry@.scope_login() AND a.actor_role = 'pengelola'
        AND (a.wilayah IS NULL OR starts_with(x.wilayah::text, replace(a.wilayah, '.', ''))));
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no proposal %', usulan_id USING ERRCODE = 'no_data_found',
            DETAIL = 'It was never made, or belongs to another region.',
            HINT = 'Table usulan lists the proposals of the login''s region.';
    ELSIF NOT u.is_final THEN
        RAISE EXCEPTION 'proposal % is under way', usulan_id USING ERRCODE = 'SE001',
            DETAIL = format('It is in state "%s".', u.state),
            HINT = 'A draft is withdrawn by its village, which also empties what was returned to it; any other is erased when it has come to its end.';
    ELSIF u.is_sealed THEN
        RAISE EXCEPTION 'proposal % is in a sealed batch', usulan_id USING ERRCODE = 'object_not_in_prerequisite_state',
            DETAIL = 'The head of the region signs over its content.',
            HINT = 'Erase it when the batch is signed or refused.';
    END IF;
    PERFORM dtsen.empty_row('@registry@', 'usulan', usulan_id::text, '{"payload": {}}', usulan_empty.reason);
END $$;
COMMENT ON FUNCTION @registry@.usulan_empty(bigint, text) IS 'Erases what a proposal that has come to its end says, its former reasons and what the journal could prove of it; state and steps stay, and the erasure is journalled with its reason. SECURITY DEFINER, because only the owner erases from the journal';
