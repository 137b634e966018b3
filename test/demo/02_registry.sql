SELECT dtsen.create_registry('bekasi') \g /dev/null
SELECT dtsen.setup_roles('bekasi', dry_run => false) \g /dev/null
\pset tuples_only on
\pset format unaligned
SELECT format('   dba: %s tables, %s views for analysts, %s region codes of which %s villages in Kabupaten Bekasi',
    (SELECT count(*) FROM pg_class WHERE relnamespace = 'bekasi'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition),
    (SELECT count(*) FROM pg_class WHERE relnamespace = 'bekasi_bi'::regnamespace AND relkind = 'v'),
    (SELECT count(*) FROM bekasi.wilayah),
    (SELECT count(*) FROM bekasi_bi.dim_wilayah
        WHERE kabupaten_code = '3216' AND wilayah_level = 4 AND is_present));
