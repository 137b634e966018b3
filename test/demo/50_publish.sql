-- BPS, another person: answers the objection, determines, publishes.
UPDATE bekasi.usulan SET state = 'cek_ulang', reason = 'checked: it lives there' WHERE state = 'disanggah';
BEGIN;
UPDATE bekasi.edisi SET state = 'ditetapkan' WHERE name = :'edition';
UPDATE bekasi.usulan SET state = 'ditetapkan' WHERE state = 'cek_ulang';
COMMIT;
UPDATE bekasi.edisi SET recheck_to = clock_timestamp(), publish_at = clock_timestamp() WHERE name = :'edition';
SELECT encode(bekasi.edisi_publish(id), 'hex') AS digest_of_the_edition FROM bekasi.edisi WHERE name = :'edition';
SELECT name, state, family_count, person_count, ranked_count FROM bekasi.edisi WHERE name = :'edition';
