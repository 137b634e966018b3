-- Replays the journal of the soak and compares with the rows: no row, all is well.
WITH entry AS (
    SELECT j.*, lag(j.to_state) OVER k AS before, lag(j.seq) OVER c AS seq_before, lead(j.seq) OVER k IS NULL AS is_last,
        row_number() OVER k AS step, split_part(j.chain, '/', 1) AS regency
    FROM soak.journal AS j
    -- a row's entries may be in several lanes of its regency, in the order of their time
    WINDOW k AS (PARTITION BY j.machine, j.key ORDER BY j.at, j.txid, j.seq), c AS (PARTITION BY j.machine, j.chain ORDER BY j.seq)
), live AS (
    SELECT 'usulan' AS machine, u.id::text AS key, u.state, left(u.wilayah, 4) AS chain FROM soak.usulan AS u
    UNION ALL SELECT 'edisi', e.id::text, e.state, '' FROM soak.edisi AS e
), fault AS (
    SELECT 'gap or duplicate in a chain' AS fault, machine, key FROM entry WHERE seq <> coalesce(seq_before, 0) + 1
    UNION ALL SELECT 'not born, or born twice', machine, key FROM entry
        WHERE (before IS NULL) <> (action = 'born') OR (action = 'born' AND to_state NOT IN ('draf', 'buka'))
    UNION ALL SELECT 'does not go on where it was', machine, key FROM entry WHERE before IS DISTINCT FROM from_state
    UNION ALL SELECT 'no such step', e.machine, e.key FROM entry AS e WHERE e.action NOT IN ('born', 'edit')
        AND NOT EXISTS (SELECT FROM soak.transition AS t WHERE (t.machine, t.from_state, t.to_state, t.action) = (e.machine, e.from_state, e.to_state, e.action))
    UNION ALL SELECT 'an edit that steps', machine, key FROM entry WHERE action = 'edit' AND from_state <> to_state
    UNION ALL SELECT 'by somebody without the role', e.machine, e.key FROM entry AS e
        JOIN soak.transition AS t ON (t.machine, t.from_state, t.to_state) = (e.machine, e.from_state, e.to_state)
        WHERE NOT EXISTS (SELECT FROM soak.actor AS a WHERE a.login = e.login AND a.actor_role = t.actor_role AND a.person_key = e.person_key
            AND (a.wilayah IS NULL OR starts_with(e.wilayah, a.wilayah)))
    UNION ALL SELECT 'one person in two roles', e.machine, e.key FROM entry AS e
        JOIN soak.transition AS t ON (t.machine, t.from_state, t.to_state) = (e.machine, e.from_state, e.to_state)
        WHERE EXISTS (SELECT FROM entry AS o WHERE o.machine = e.machine AND o.key = e.key AND o.step < e.step
            AND o.action = ANY (t.distinct_from) AND o.person_key = e.person_key)
    UNION ALL SELECT 'last entry and row differ', coalesce(l.machine, e.machine), coalesce(l.key, e.key)
        FROM live AS l FULL JOIN (SELECT * FROM entry WHERE is_last AND machine IN ('usulan', 'edisi')) AS e ON e.machine = l.machine AND e.key = l.key
        WHERE l.state IS DISTINCT FROM e.to_state OR l.chain IS DISTINCT FROM e.regency
    UNION ALL SELECT 'slipped into a closed edition', 'edisi', e.id::text FROM soak.edisi AS e
        WHERE e.state = 'tutup' AND e.n IS DISTINCT FROM (SELECT count(*) FROM soak.usulan AS u WHERE u.edisi = e.id AND u.state <> 'draf')
    UNION ALL SELECT 'stamp and journal differ', 'usulan', u.id::text FROM soak.usulan AS u JOIN entry AS e ON e.machine = 'usulan' AND e.key = u.id::text AND e.is_last
        WHERE u.changed_by <> e.login
    UNION ALL SELECT 'verify_journal: ' || v.problem, v.machine, v.key FROM dtsen.verify_journal('soak') AS v
)
SELECT * FROM fault ORDER BY 1, 2, 3 LIMIT 20;
