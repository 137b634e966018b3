-- BPS: applies what was signed, then ranks.
UPDATE bekasi.edisi SET draw_at = clock_timestamp(), model_version = :'model' WHERE name = :'edition';
UPDATE bekasi.edisi SET state = 'pemeringkatan' WHERE name = :'edition';
UPDATE bekasi.usulan SET state = 'diolah' WHERE state = 'diserahkan';
SELECT kind, count(*) AS applied FROM bekasi.usulan WHERE state = 'diolah' GROUP BY kind ORDER BY kind;
SELECT r.* FROM bekasi.edisi AS e, bekasi.edisi_rank(e.id) AS r WHERE e.name = :'edition';
SELECT c.scope, c.origin, count(*) AS cuts FROM bekasi.desil_cut AS c
JOIN bekasi.edisi AS e ON e.id = c.edisi_id AND e.name = :'edition' GROUP BY c.scope, c.origin ORDER BY c.scope;
