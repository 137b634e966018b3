-- The reference table of region codes.
SET search_path = dtsen, public;

SELECT level, status, count(*), count(parent) AS with_parent,
       count(successor) AS with_successor
FROM wilayah_reference() GROUP BY level, status ORDER BY level, status;

-- editions and decrees
SELECT status, last_edition, decree, to_char(decree_date, 'YYYY-MM-DD') AS made,
       count(*)
FROM wilayah_reference() GROUP BY 1, 2, 3, 4 ORDER BY 1, 2;

-- a region from top to bottom, a retired code and one without successor
SELECT kode, nama, level, parent, status, last_edition, successor
FROM wilayah_reference()
WHERE kode IN ('32', '3216', '321601', '3216012001', '910101', '911336')
ORDER BY kode;

-- Kabupaten Bekasi
SELECT level, count(*) FROM wilayah_reference() WHERE kode <@ '3216'
GROUP BY level ORDER BY level;

-- look-ups
SELECT k, wilayah_name(k), wilayah_status(k)
FROM unnest('{32,3216,321601,3216012001,9101,910101,3299,99,3216019999}'::kode_wilayah[]) k;
SELECT wilayah_name(NULL) IS NULL AS name_of_null,
       wilayah_status(NULL) IS NULL AS status_of_null;

-- names are as the decree writes them
SELECT kode, nama FROM wilayah_reference()
WHERE nama ~ '[",]' OR nama ~ '[^ -~]' ORDER BY kode;
