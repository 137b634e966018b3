-- The companion: a third of the families was seen last month, a third four months
-- ago, and with every tenth of the former nobody was at home.
INSERT INTO bekasi.kunjungan (keluarga_id, wilayah, visited_on, result)
SELECT k.id, k.wilayah, CURRENT_DATE - CASE k.id % 3 WHEN 0 THEN 30 ELSE 125 END, CASE WHEN k.id % 30 = 0 THEN 3 ELSE 1 END
FROM bekasi.keluarga AS k WHERE k.id % 3 < 2 AND k.status = 'aktif' ORDER BY k.id;
\pset tuples_only on
\pset format unaligned
SELECT format('   companion: %s visits', count(*)) FROM bekasi.kunjungan;
