UPDATE bekasi.edisi SET recheck_from = clock_timestamp() WHERE name = 'v2_2026';
UPDATE bekasi.edisi SET state = 'cek_ulang' WHERE name = 'v2_2026';
UPDATE bekasi.usulan SET state = 'cek_ulang' WHERE state = 'diolah';
