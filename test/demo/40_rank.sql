-- BPS: applies what was signed, then ranks.
UPDATE bekasi.edisi SET draw_at = clock_timestamp(), model_version = 'pmt-2026-1' WHERE name = 'v2_2026';
UPDATE bekasi.edisi SET state = 'pemeringkatan' WHERE name = 'v2_2026';
UPDATE bekasi.usulan SET state = 'diolah' WHERE state = 'diserahkan';
SELECT kind, count(*) AS applied FROM bekasi.usulan WHERE state = 'diolah' GROUP BY kind ORDER BY kind;
SELECT r.* FROM bekasi.edisi AS e, bekasi.edisi_rank(e.id) AS r WHERE e.name = 'v2_2026';
SELECT c.scope, c.origin, count(*) AS cuts FROM bekasi.desil_cut AS c GROUP BY c.scope, c.origin ORDER BY c.scope;
