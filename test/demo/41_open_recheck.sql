UPDATE bekasi.edisi SET recheck_from = clock_timestamp() WHERE name = :'edition';
UPDATE bekasi.edisi SET state = 'cek_ulang' WHERE name = :'edition';
UPDATE bekasi.usulan SET state = 'cek_ulang' WHERE state = 'diolah';
