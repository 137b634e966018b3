-- The head of the village: the meeting is valid, it agrees to most proposals.
BEGIN;
UPDATE bekasi.musyawarah SET state = 'sah' WHERE state = 'selesai';
UPDATE bekasi.usulan SET state = 'ditolak_musdes', reason = 'the meeting knows better'
WHERE state = 'diajukan' AND musyawarah_id IS NOT NULL AND id % 20 = 0;
UPDATE bekasi.usulan SET state = 'disepakati' WHERE state = 'diajukan' AND musyawarah_id IS NOT NULL;
COMMIT;
