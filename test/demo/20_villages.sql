SELECT v.kode FROM (SELECT w.kode::text, row_number() OVER (ORDER BY w.kode) AS n FROM bekasi.wilayah AS w
    WHERE w.level = 4 AND w.status = 'present' AND starts_with(w.kode::text, '3216')) AS v
WHERE v.n % 3 = 0 AND EXISTS (SELECT FROM bekasi.keluarga AS k WHERE k.wilayah::text = v.kode)
ORDER BY v.kode;
