-- Registry @registry@: the catalogue of variables and their code lists.
--
-- Lists are those of the questionnaire of the 2022 registration; that the files
-- of DTSEN use the same codes is likely and not proven, so a code that a list
-- does not have is reported (report_codes) and not refused. A ministry changes
-- the rows, also the list that a variable uses.

INSERT INTO @registry@.code (list, code, label_id, label_en)
SELECT l.list, n.code, l.labels_id[n.code], l.labels_en[n.code]
FROM (VALUES
    ('ya_tidak', '{ya,tidak}'::text[], '{yes,no}'::text[]),
    ('status_kawin', '{belum kawin,kawin,cerai hidup,cerai mati}', '{single,married,divorced,widowed}'),
    ('partisipasi_sekolah', '{tidak/belum pernah sekolah,masih sekolah,tidak bersekolah lagi}', '{never attended,attends,attends no longer}'),
    ('status_dalam_pekerjaan_utama', '{berusaha sendiri,berusaha dibantu buruh tidak tetap/tidak dibayar,berusaha dibantu buruh tetap/dibayar,buruh/karyawan/pegawai swasta,PNS/TNI/Polri/BUMN/BUMD/pejabat negara,pekerja bebas pertanian,pekerja bebas non-pertanian,pekerja keluarga/tidak dibayar}',
        '{own account,with unpaid workers,with paid workers,employee,civil servant/soldier/police/state enterprise/official,casual in farming,casual outside farming,unpaid family worker}'),
    ('status_kepemilikan_rumah', '{milik sendiri,kontrak/sewa,bebas sewa,dinas,lainnya}', '{owned,rented,free of rent,official,other}'),
    ('jenis_lantai_terluas', '{marmer/granit,keramik,parket/vinil/karpet,ubin/tegel/teraso,kayu/papan,semen/bata merah,bambu,tanah,lainnya}',
        '{marble or granite,ceramic,parquet or vinyl,tile,wood,cement,bamboo,earth,other}'),
    ('jenis_dinding_terluas', '{tembok,plesteran anyaman bambu/kawat,kayu/papan/gipsum/GRC,anyaman bambu,batang kayu,bambu,lainnya}',
        '{masonry,plastered wicker,wood or gypsum,wicker,logs,bamboo,other}'),
    ('jenis_atap_terluas', '{beton,genteng,seng,asbes,kayu/sirap,bambu,jerami/ijuk/daun-daunan/rumbia,lainnya}',
        '{concrete,tile,zinc,asbestos,wood,bamboo,straw or leaves,other}'),
    ('sumber_air_minum_utama', '{air kemasan bermerk,air isi ulang,leding,sumur bor/pompa,sumur terlindung,sumur tak terlindung,mata air terlindung,mata air tak terlindung,air permukaan,air hujan,lainnya}',
        '{branded bottle,refill,piped,bore hole,protected well,unprotected well,protected spring,unprotected spring,surface water,rain,other}'),
    ('sumber_penerangan_utama', '{listrik PLN dengan meteran,listrik PLN tanpa meteran,listrik non-PLN,bukan listrik}', '{PLN metered,PLN without a meter,electricity not of PLN,no electricity}'),
    ('daya_terpasang', '{450 watt,900 watt,1.300 watt,2.200 watt,lebih dari 2.200 watt}', '{450 W,900 W,"1,300 W","2,200 W","more than 2,200 W"}'),
    ('bahan_bakar_utama_memasak', '{listrik,gas elpiji 5.5 kg,gas elpiji 12 kg,gas elpiji 3 kg,gas kota,biogas,minyak tanah,briket,arang,kayu bakar,lainnya,tidak memasak di rumah}',
        '{electricity,gas 5.5 kg,gas 12 kg,gas 3 kg,town gas,biogas,kerosene,briquettes,charcoal,firewood,other,does not cook at home}'),
    ('kesulitan_fungsi', '{tidak bisa sama sekali,banyak kesulitan,sedikit kesulitan,tidak mengalami kesulitan}', '{cannot at all,much difficulty,little difficulty,no difficulty}'),
    ('kesedihan_depresi', '{sangat sering,sering,jarang,tidak pernah}', '{very often,often,seldom,never}')
    ) AS l (list, labels_id, labels_en),
    generate_series(1, cardinality(l.labels_id)) AS n (code);

-- bit masks: the value is the sum of its codes
INSERT INTO @registry@.code (list, code, label_id, label_en) VALUES
    ('kepemilikan_identitas', 1, 'akta kelahiran', 'birth certificate'), ('kepemilikan_identitas', 2, 'KIA', 'child identity card'),
    ('kepemilikan_identitas', 4, 'KTP', 'identity card'),
    ('jaminan_kesehatan', 1, 'PBI JKN', 'paid by the state'), ('jaminan_kesehatan', 2, 'JKN mandiri', 'paid by himself'),
    ('jaminan_kesehatan', 4, 'JKN pemberi kerja', 'paid by the employer'), ('jaminan_kesehatan', 8, 'lainnya', 'other');
ALTER TABLE @registry@.anggota ADD kepemilikan_identitas smallint, ADD jaminan_kesehatan smallint;
COMMENT ON COLUMN @registry@.anggota.kepemilikan_identitas IS 'Identity papers, a bit mask: 0 none, 1 birth certificate, 2 child card, 4 identity card';
COMMENT ON COLUMN @registry@.anggota.jaminan_kesehatan IS 'Health insurance, a bit mask: 0 none, 1 PBI, 2 own, 4 employer, 8 other; 99 not known';

CREATE TABLE @registry@.variable (
    table_name varchar(20) NOT NULL CHECK (table_name IN ('keluarga', 'rumah', 'aset', 'anggota')),
    variable varchar(63) NOT NULL,
    list varchar(40),
    is_mask boolean NOT NULL DEFAULT false,
    other_codes integer[] NOT NULL DEFAULT '{}',
    question varchar(10),
    label_id varchar(80) NOT NULL,
    help_en varchar(300) NOT NULL,
    help_id varchar(300),
    PRIMARY KEY (table_name, variable),
    CHECK (NOT is_mask OR list IS NOT NULL)
);
COMMENT ON TABLE @registry@.variable IS 'Catalogue of the variables of families and persons, with help for those who ask and enter them';
COMMENT ON COLUMN @registry@.variable.table_name IS 'Table that has it as a column';
COMMENT ON COLUMN @registry@.variable.variable IS 'Name of the column';
COMMENT ON COLUMN @registry@.variable.list IS 'List of its codes in table code; NULL: a number, a text, or a list that is not known';
COMMENT ON COLUMN @registry@.variable.is_mask IS 'A bit mask: the value is the sum of codes of the list, 0 for none of them';
COMMENT ON COLUMN @registry@.variable.other_codes IS 'Values besides those of the list, such as 99 for not known';
COMMENT ON COLUMN @registry@.variable.question IS 'Number in the questionnaire of the 2022 registration';
COMMENT ON COLUMN @registry@.variable.label_id IS 'Indonesian name';
COMMENT ON COLUMN @registry@.variable.help_en IS 'What it says, in English';
COMMENT ON COLUMN @registry@.variable.help_id IS 'How to ask and to answer, in Indonesian; a ministry writes its own';

-- every column of housing, assets and persons that is no key: what it says is its comment
INSERT INTO @registry@.variable (table_name, variable, list, label_id, help_en)
SELECT c.relname, a.attname, CASE
        WHEN EXISTS (SELECT FROM @registry@.code AS l WHERE l.list = a.attname) THEN a.attname::text
        WHEN a.attname IN ('status_bekerja', 'kepemilikan_usaha', 'kepemilikan_aset', 'aset_tidak_bergerak_lahan_lainnya',
            'aset_tidak_bergerak_rumah_lainnya') THEN 'ya_tidak'
        WHEN a.attname IN ('penglihatan', 'pendengaran', 'berjalan_atau_naik_tangga', 'menggunakan_tangan_jari',
            'belajar_kemampuan_intelektual', 'pengendalian_perilaku', 'berbicara_komunikasi', 'mengurus_diri',
            'mengingat_berkonsentrasi') THEN 'kesulitan_fungsi'
        WHEN a.attname = 'jenjang_tertinggi' THEN 'jenjang'
        WHEN a.attname IN ('lapangan_usaha_pekerjaan_utama', 'lapangan_usaha_usaha_utama') THEN 'lapangan_usaha' END,
    replace(a.attname, '_', ' '), col_description(c.oid, a.attnum)
FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.oid IN ('@registry@.rumah'::regclass, '@registry@.aset'::regclass, '@registry@.anggota'::regclass)
AND a.attname NOT IN ('id', 'keluarga_id', 'wilayah', 'import_id', 'created_at', 'changed_at', 'member_since', 'status')
ORDER BY c.relname, a.attnum;
UPDATE @registry@.variable SET is_mask = true WHERE list IN ('kepemilikan_identitas', 'jaminan_kesehatan');
UPDATE @registry@.variable SET other_codes = '{99}' WHERE list = 'jaminan_kesehatan';
UPDATE @registry@.variable AS v SET question = q.question, help_id = q.help_id
FROM (VALUES
    ('hubungan', '409', 'Hubungan dengan kepala keluarga menurut kartu keluarga; satu keluarga punya satu kepala.'),
    ('jenis_kelamin', '405', NULL), ('status_kawin', '408', NULL), ('kepemilikan_identitas', '411', 'Jumlahkan kode dokumen yang dapat ditunjukkan.'),
    ('partisipasi_sekolah', '412', NULL), ('kelas_tertinggi', '414', 'Kelas tertinggi pada jenjang itu; 8 bila tamat dan lulus.'), ('jenjang_tertinggi', '413', 'Jenjang yang pernah atau sedang diduduki.'), ('ijazah_tertinggi', '415', NULL),
    ('lapangan_usaha_pekerjaan_utama', '417', NULL), ('status_dalam_pekerjaan_utama', '418', NULL), ('jaminan_kesehatan', '431a', 'Jumlahkan kode jaminan yang dimiliki.'),
    ('lapangan_usaha_usaha_utama', '421', NULL), ('omzet_usaha_utama', '425', 'Per tahun.'), ('kondisi_gizi', '427', 'Menurut catatan posyandu atau puskesmas.'), ('penyakit_kronis', '430', NULL), ('kesedihan_depresi', '428j', NULL),
    ('status_kepemilikan_rumah', '301a', 'Bangunan yang ditempati, bukan tanahnya.'), ('jenis_lantai_terluas', '303', 'Bahan yang menutup bagian terluas.'),
    ('jenis_dinding_terluas', '304', 'Bahan yang menutup bagian terluas.'), ('jenis_atap_terluas', '305', 'Bahan yang menutup bagian terluas.'),
    ('sumber_air_minum_utama', '306a', 'Sumber yang paling banyak diminum.'), ('sumber_penerangan_utama', '307a', NULL),
    ('daya_terpasang', '307b', 'Daya pada meteran; bila lebih dari satu, jumlahkan.'), ('bahan_bakar_utama_memasak', '308', NULL),
    ('fasilitas_bab', '309a', NULL), ('jenis_kloset', '309b', NULL), ('pembuangan_akhir_tinja', '310', NULL)) AS q (variable, question, help_id)
WHERE v.variable = q.variable;

CREATE FUNCTION @registry@.code_label(list text, value integer, is_mask boolean DEFAULT false) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT string_agg(c.label_id, ', ' ORDER BY c.code) FROM @registry@.code AS c
    WHERE c.list = code_label.list AND CASE WHEN is_mask THEN value & c.code <> 0 AND value <= (
        SELECT sum(m.code) FROM @registry@.code AS m WHERE m.list = code_label.list) ELSE c.code = value END
$$;
COMMENT ON FUNCTION @registry@.code_label(text, integer, boolean) IS 'Indonesian label of a code, of a bit mask all of its labels; NULL: none of the list';

CREATE FUNCTION @registry@.report_codes()
    RETURNS TABLE (table_name text, variable text, list text, value integer, row_count bigint)
    LANGUAGE plpgsql STABLE ROWS 100 SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
DECLARE
    t text;
    cols text;
BEGIN
    FOR t, cols IN SELECT v.table_name, string_agg(format('(%L, r.%I)', v.variable, v.variable), ', ' ORDER BY v.variable)
        FROM @registry@.variable AS v WHERE v.list IS NOT NULL GROUP BY v.table_name ORDER BY 1 LOOP
        RETURN QUERY EXECUTE format('SELECT %L, v.variable::text, v.list::text, f.value, f.n
            FROM (SELECT x.variable, x.value::integer AS value, count(*) AS n FROM @registry@.%1$I AS r
                CROSS JOIN LATERAL (VALUES %s) AS x (variable, value) WHERE x.value IS NOT NULL GROUP BY 1, 2) AS f
            JOIN @registry@.variable AS v ON v.table_name = %1$L AND v.variable = f.variable
            WHERE f.value <> ALL (v.other_codes) AND CASE WHEN v.is_mask
                THEN f.value NOT BETWEEN 0 AND (SELECT sum(c.code) FROM @registry@.code AS c WHERE c.list = v.list)
                ELSE NOT EXISTS (SELECT FROM @registry@.code AS c WHERE c.list = v.list AND c.code = f.value) END
            ORDER BY 2, 4', t, cols);
    END LOOP;
END $$;
COMMENT ON FUNCTION @registry@.report_codes() IS 'Values that the list of their variable does not have, and in how many of the rows that the caller sees';
