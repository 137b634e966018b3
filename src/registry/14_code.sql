-- Registry @registry@: the long code lists of the 2022 questionnaire: schooling,
-- sectors, business, nutrition, illness, sanitation. What the short ones say is
-- in 15_variable.sql.

INSERT INTO @registry@.code (list, code, label_id, label_en) VALUES
    ('jenjang', 1, 'Paket A', 'equivalence A (primary)'), ('jenjang', 2, 'SDLB', 'special primary school'), ('jenjang', 3, 'SD', 'primary school'),
    ('jenjang', 4, 'MI', 'Islamic primary school'), ('jenjang', 5, 'SPM/PDF Ula', 'boarding school, primary level'),
    ('jenjang', 6, 'Paket B', 'equivalence B (lower secondary)'), ('jenjang', 7, 'SMPLB', 'special lower secondary school'), ('jenjang', 8, 'SMP', 'lower secondary school'),
    ('jenjang', 9, 'MTs', 'Islamic lower secondary school'), ('jenjang', 10, 'SPM/PDF Wustha', 'boarding school, lower secondary level'),
    ('jenjang', 11, 'Paket C', 'equivalence C (upper secondary)'), ('jenjang', 12, 'SMLB', 'special upper secondary school'), ('jenjang', 13, 'SMA', 'upper secondary school'),
    ('jenjang', 14, 'MA', 'Islamic upper secondary school'), ('jenjang', 15, 'SMK', 'vocational school'), ('jenjang', 16, 'MAK', 'Islamic vocational school'),
    ('jenjang', 17, 'SPM/PDF Ulya', 'boarding school, upper secondary level'), ('jenjang', 18, 'D1/D2/D3', 'diploma 1 to 3'), ('jenjang', 19, 'D4/S1', 'diploma 4 or bachelor'),
    ('jenjang', 20, 'profesi', 'professional degree'), ('jenjang', 21, 'S2', 'master'), ('jenjang', 22, 'S3', 'doctor'),
    ('kelas_tertinggi', 8, 'tamat dan lulus', 'finished'),
    ('lapangan_usaha', 1, 'pertanian tanaman padi dan palawija', 'rice and secondary crops'), ('lapangan_usaha', 2, 'hortikultura', 'horticulture'),
    ('lapangan_usaha', 3, 'perkebunan', 'plantations'), ('lapangan_usaha', 4, 'perikanan', 'fishing'), ('lapangan_usaha', 5, 'peternakan', 'livestock'),
    ('lapangan_usaha', 6, 'kehutanan dan pertanian lainnya', 'forestry and other farming'), ('lapangan_usaha', 7, 'pertambangan/penggalian', 'mining and quarrying'),
    ('lapangan_usaha', 8, 'industri pengolahan', 'manufacturing'), ('lapangan_usaha', 9, 'pengadaan listrik, gas, uap/air panas dan udara dingin', 'electricity, gas, steam and cold air'),
    ('lapangan_usaha', 10, 'pengelolaan air, air limbah, sampah dan remediasi', 'water, sewage and waste'), ('lapangan_usaha', 11, 'konstruksi', 'construction'),
    ('lapangan_usaha', 12, 'perdagangan, reparasi dan perawatan mobil dan sepeda motor', 'trade, repair of motor vehicles'), ('lapangan_usaha', 13, 'pengangkutan dan pergudangan', 'transport and storage'),
    ('lapangan_usaha', 14, 'penyediaan akomodasi dan makan minum', 'accommodation and food'), ('lapangan_usaha', 15, 'informasi dan komunikasi', 'information and communication'),
    ('lapangan_usaha', 16, 'keuangan dan asuransi', 'finance and insurance'), ('lapangan_usaha', 17, 'real estate', 'real estate'),
    ('lapangan_usaha', 18, 'aktivitas profesional, ilmiah dan teknis', 'professional, scientific and technical'),
    ('lapangan_usaha', 19, 'penyewaan, ketenagakerjaan, agen perjalanan dan penunjang usaha', 'rental, employment, travel and business support'),
    ('lapangan_usaha', 20, 'administrasi pemerintahan, pertahanan dan jaminan sosial wajib', 'government, defence and social security'), ('lapangan_usaha', 21, 'pendidikan', 'education'),
    ('lapangan_usaha', 22, 'kesehatan manusia dan aktivitas sosial', 'health and social work'), ('lapangan_usaha', 23, 'kesenian, hiburan dan rekreasi', 'arts, entertainment and recreation'),
    ('lapangan_usaha', 24, 'aktivitas jasa lainnya', 'other services'), ('lapangan_usaha', 25, 'keluarga sebagai pemberi kerja', 'households as employers'),
    ('lapangan_usaha', 26, 'badan internasional dan ekstra internasional', 'international bodies'),
    ('omzet_usaha_utama', 1, 'kurang dari 5 juta', 'below 5 million'), ('omzet_usaha_utama', 2, '5 sampai di bawah 15 juta', '5 to below 15 million'),
    ('omzet_usaha_utama', 3, '15 sampai di bawah 25 juta', '15 to below 25 million'), ('omzet_usaha_utama', 4, '25 sampai di bawah 167 juta', '25 to below 167 million'),
    ('omzet_usaha_utama', 5, '167 sampai di bawah 1.250 juta', '167 to below 1,250 million'), ('omzet_usaha_utama', 6, '1.250 sampai di bawah 4.167 juta', '1,250 to below 4,167 million'),
    ('omzet_usaha_utama', 7, '4.167 juta dan lebih', '4,167 million and more'),
    ('kondisi_gizi', 1, 'kurang gizi (wasting)', 'wasting'), ('kondisi_gizi', 2, 'kerdil (stunting)', 'stunting'), ('kondisi_gizi', 3, 'tidak ada catatan', 'nothing noted'),
    ('kondisi_gizi', 8, 'tidak tahu', 'not known'),
    ('penyakit_kronis', 1, 'tidak ada', 'none'), ('penyakit_kronis', 2, 'hipertensi', 'hypertension'), ('penyakit_kronis', 3, 'rematik', 'rheumatism'), ('penyakit_kronis', 4, 'asma', 'asthma'),
    ('penyakit_kronis', 5, 'masalah jantung', 'heart trouble'), ('penyakit_kronis', 6, 'diabetes', 'diabetes'), ('penyakit_kronis', 7, 'tuberkulosis', 'tuberculosis'), ('penyakit_kronis', 8, 'stroke', 'stroke'),
    ('penyakit_kronis', 9, 'kanker atau tumor ganas', 'cancer'), ('penyakit_kronis', 10, 'gagal ginjal', 'kidney failure'), ('penyakit_kronis', 11, 'hemofilia', 'haemophilia'), ('penyakit_kronis', 12, 'HIV/AIDS', 'HIV/AIDS'),
    ('penyakit_kronis', 13, 'kolesterol', 'cholesterol'), ('penyakit_kronis', 14, 'sirosis hati', 'cirrhosis'), ('penyakit_kronis', 15, 'talasemia', 'thalassaemia'), ('penyakit_kronis', 16, 'leukemia', 'leukaemia'),
    ('penyakit_kronis', 17, 'alzheimer', 'Alzheimer''s'), ('penyakit_kronis', 18, 'lainnya', 'other'),
    ('fasilitas_bab', 1, 'ada, hanya anggota keluarga sendiri', 'of the family alone'), ('fasilitas_bab', 2, 'ada, bersama keluarga tertentu', 'shared with certain families'),
    ('fasilitas_bab', 3, 'ada, di MCK komunal', 'communal'), ('fasilitas_bab', 4, 'ada, di MCK umum', 'public'), ('fasilitas_bab', 5, 'ada, anggota keluarga tidak menggunakan', 'there is one and the family does not use it'),
    ('fasilitas_bab', 6, 'tidak ada', 'none'),
    ('jenis_kloset', 1, 'leher angsa', 'goose neck'), ('jenis_kloset', 2, 'plengsengan dengan tutup', 'slanted pipe with a lid'), ('jenis_kloset', 3, 'plengsengan tanpa tutup', 'slanted pipe without a lid'),
    ('jenis_kloset', 4, 'cemplung/cubluk', 'pit'),
    ('pembuangan_akhir_tinja', 1, 'tangki septik', 'septic tank'), ('pembuangan_akhir_tinja', 2, 'IPAL', 'treatment plant'), ('pembuangan_akhir_tinja', 3, 'kolam/sawah/sungai/danau/laut', 'pond, field, river, lake or sea'),
    ('pembuangan_akhir_tinja', 4, 'lubang tanah', 'hole in the ground'), ('pembuangan_akhir_tinja', 5, 'pantai/tanah lapang/kebun', 'beach, open ground or garden'), ('pembuangan_akhir_tinja', 6, 'lainnya', 'other');
-- grades of a level, the last of which is that it was finished
INSERT INTO @registry@.code (list, code, label_id, label_en)
SELECT 'kelas_tertinggi', n, 'kelas ' || n, 'grade ' || n FROM generate_series(1, 7) AS n
UNION ALL
-- certificates are the levels, and having none
SELECT 'ijazah_tertinggi', c.code, c.label_id, c.label_en FROM @registry@.code AS c WHERE c.list = 'jenjang'
UNION ALL SELECT 'ijazah_tertinggi', 23, 'tidak punya ijazah SD', 'no certificate of primary school';
