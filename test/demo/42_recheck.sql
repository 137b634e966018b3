-- The regent: looks at the draft, objects to one proposal, agrees with the rest.
SELECT desil_kabupaten AS desil, count(*) AS families, sum(person_count) AS persons,
    count(*) FILTER (WHERE desil_nasional <= 5) AS nationally_1_to_5
FROM bekasi.desil WHERE edisi_id = (SELECT id FROM bekasi.edisi WHERE name = :'edition') GROUP BY desil_kabupaten ORDER BY 1;
UPDATE bekasi.usulan SET state = 'disanggah', reason = 'the family lives elsewhere'
WHERE id = (SELECT min(id) FROM bekasi.usulan WHERE state = 'cek_ulang');
INSERT INTO bekasi.cek_ulang (edisi_id, wilayah, is_agreed) SELECT id, '3216', true FROM bekasi.edisi WHERE name = :'edition';
