-- One regency cannot know the cuts of the country and of its province. BPS
-- supplies them; here they come from samples of 4,000 invented families each.
CREATE TEMPORARY TABLE sample (area text, members integer, skor double precision);
\copy sample from pstdin with (delimiter '|')
INSERT INTO bekasi.desil_cut (edisi_id, scope, wilayah, number, cut)
SELECT e.id, CASE s.area WHEN 'nasional' THEN 'nasional' ELSE 'provinsi' END,
    nullif(s.area, 'nasional')::dtsen.kode_wilayah, c.number, c.cut
FROM (SELECT area, dtsen.desil_cuts(skor, members) AS cuts FROM sample GROUP BY area) AS s,
    unnest(s.cuts) WITH ORDINALITY AS c (cut, number), bekasi.edisi AS e
WHERE e.name = :'edition';
SELECT scope, count(*) AS cuts_supplied, min(cut) AS first, max(cut) AS last FROM bekasi.desil_cut WHERE edisi_id = (SELECT id FROM bekasi.edisi WHERE name = :'edition') GROUP BY scope;
