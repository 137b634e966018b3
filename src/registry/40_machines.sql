-- Registry @registry@: its machines, as data.
--
-- A ministry changes a step, a role or a guard by a new version of these rows
-- (dtsen.machine_draft()); nothing of it is in code. A row stays under the
-- version in which it was born.

ALTER TABLE @registry@.usulan ADD machine_version integer NOT NULL DEFAULT 1;
ALTER TABLE @registry@.musyawarah ADD machine_version integer NOT NULL DEFAULT 1;
ALTER TABLE @registry@.batch ADD machine_version integer NOT NULL DEFAULT 1;
ALTER TABLE @registry@.edisi ADD machine_version integer NOT NULL DEFAULT 1;
COMMENT ON COLUMN @registry@.usulan.machine_version IS 'Version of its machine that it is under';
COMMENT ON COLUMN @registry@.musyawarah.machine_version IS 'Version of its machine that it is under';
COMMENT ON COLUMN @registry@.batch.machine_version IS 'Version of its machine that it is under';
COMMENT ON COLUMN @registry@.edisi.machine_version IS 'Version of its machine that it is under';

INSERT INTO @registry@.machine (machine, initial_state, label_id, label_en) VALUES
    ('usulan', 'draf', 'usulan', 'proposal'),
    ('musyawarah', 'rencana', 'musyawarah', 'village meeting'),
    ('batch', 'terbuka', 'berkas penandatanganan', 'batch for signature'),
    ('edisi', 'buka', 'edisi', 'edition');

INSERT INTO @registry@.state (machine, state, is_final, is_published, label_id, label_en, sort_order) VALUES
    ('usulan', 'draf', false, false, 'draf', 'draft', 1),
    ('usulan', 'ditarik', true, false, 'ditarik', 'withdrawn', 2),
    ('usulan', 'diajukan', false, false, 'diajukan', 'submitted', 3),
    ('usulan', 'disepakati', false, false, 'disepakati musyawarah', 'agreed by the meeting', 4),
    ('usulan', 'ditolak_musdes', true, false, 'ditolak musyawarah', 'refused by the meeting', 5),
    ('usulan', 'dikembalikan', false, false, 'dikembalikan', 'returned', 6),
    ('usulan', 'diverifikasi', false, false, 'diverifikasi', 'verified', 7),
    ('usulan', 'disahkan', false, false, 'disahkan kepala OPD', 'endorsed', 8),
    ('usulan', 'ditandatangani', false, false, 'ditandatangani kepala daerah', 'signed', 9),
    ('usulan', 'diserahkan', false, false, 'diserahkan', 'handed over', 10),
    ('usulan', 'diolah', false, false, 'diolah', 'processed', 11),
    ('usulan', 'cek_ulang', false, false, 'cek ulang', 're-check', 12),
    ('usulan', 'disanggah', false, false, 'disanggah', 'objected', 13),
    ('usulan', 'ditetapkan', false, false, 'ditetapkan', 'determined', 14),
    ('usulan', 'terbit', true, true, 'terbit', 'published', 15),
    ('usulan', 'kedaluwarsa', true, false, 'kedaluwarsa', 'expired', 16),
    ('musyawarah', 'rencana', false, false, 'rencana', 'planned', 1),
    ('musyawarah', 'berlangsung', false, false, 'berlangsung', 'held', 2),
    ('musyawarah', 'selesai', false, false, 'selesai', 'ended', 3),
    ('musyawarah', 'sah', true, false, 'sah', 'valid', 4),
    ('musyawarah', 'batal', true, false, 'batal', 'cancelled', 5),
    ('batch', 'terbuka', false, false, 'terbuka', 'open', 1),
    ('batch', 'disegel', false, false, 'disegel', 'sealed', 2),
    ('batch', 'ditandatangani', false, false, 'ditandatangani', 'signed', 3),
    ('batch', 'diterima', true, false, 'diterima', 'received', 4),
    ('batch', 'ditolak', true, false, 'ditolak', 'refused', 5),
    ('edisi', 'buka', false, false, 'pemutakhiran', 'open for updates', 1),
    ('edisi', 'cut_off', false, false, 'cut-off', 'cut off', 2),
    ('edisi', 'pemeringkatan', false, false, 'pemeringkatan', 'ranking', 3),
    ('edisi', 'cek_ulang', false, false, 'cek ulang', 're-check', 4),
    ('edisi', 'ditetapkan', false, false, 'ditetapkan', 'determined', 5),
    ('edisi', 'terbit', true, true, 'terbit', 'published', 6);

INSERT INTO @registry@.transition
    (machine, from_state, to_state, action, actor_role, guards, distinct_from, needs_reason) VALUES
    ('usulan', 'draf', 'ditarik', 'tarik', 'operator_desa', '{@registry@.usulan_own}', '{}', false),
    ('usulan', 'draf', 'diajukan', 'ajukan', 'operator_desa', '{@registry@.usulan_hold_edition,@registry@.usulan_hold_village,@registry@.usulan_complete,@registry@.usulan_evidence(formulir)}', '{}', false),
    ('usulan', 'diajukan', 'disepakati', 'setujui', 'kades',
        '{@registry@.usulan_meeting}', '{born,ajukan,perbaiki}', false),
    ('usulan', 'diajukan', 'ditolak_musdes', 'tolak', 'kades', '{@registry@.usulan_meeting}', '{}', true),
    ('usulan', 'disepakati', 'diverifikasi', 'verifikasi', 'verifikator',
        '{@registry@.usulan_checked}', '{born,ajukan,perbaiki,setujui}', false),
    ('usulan', 'disepakati', 'dikembalikan', 'kembalikan', 'verifikator', '{}', '{}', true),
    ('usulan', 'diverifikasi', 'dikembalikan', 'kembalikan', 'kepala_opd', '{}', '{}', true),
    ('usulan', 'dikembalikan', 'diajukan', 'perbaiki', 'operator_desa',
        '{@registry@.usulan_hold_edition,@registry@.usulan_hold_village,@registry@.usulan_repaired,@registry@.usulan_complete,@registry@.usulan_evidence(formulir)}', '{}', false),
    ('usulan', 'diverifikasi', 'disahkan', 'sahkan', 'kepala_opd',
        '{@registry@.usulan_sealed}', '{born,ajukan,perbaiki,setujui,verifikasi}', false),
    ('usulan', 'disahkan', 'ditandatangani', 'tanda_tangan', 'kepala_daerah',
        '{@registry@.usulan_signed}', '{born,ajukan,perbaiki,setujui,verifikasi,sahkan}', false),
    ('usulan', 'ditandatangani', 'diserahkan', 'serahkan', 'kemensos', '{@registry@.usulan_hold_edition,@registry@.usulan_received}', '{}', false),
    ('usulan', 'diserahkan', 'diolah', 'peringkat', 'bps', '{@registry@.usulan_hold_edition,@registry@.usulan_apply}', '{}', false),
    ('usulan', 'diolah', 'cek_ulang', 'buka_cek_ulang', 'bps', '{@registry@.usulan_hold_edition,@registry@.usulan_in_recheck}', '{}', false),
    ('usulan', 'cek_ulang', 'disanggah', 'sanggah', 'kepala_daerah', '{@registry@.usulan_hold_edition,@registry@.usulan_in_window}', '{}', true),
    ('usulan', 'disanggah', 'cek_ulang', 'tindak_lanjut', 'bps', '{@registry@.usulan_hold_edition,@registry@.usulan_in_recheck}', '{}', true),
    ('usulan', 'cek_ulang', 'ditetapkan', 'tetapkan', 'bps', '{@registry@.usulan_hold_edition,@registry@.usulan_determined}', '{peringkat}', false),
    ('usulan', 'ditetapkan', 'terbit', 'terbitkan', 'bps', '{@registry@.usulan_hold_edition,@registry@.usulan_published}', '{}', false),
    ('usulan', 'draf', 'kedaluwarsa', 'habis_waktu', 'kemensos', '{@registry@.usulan_hold_edition,@registry@.usulan_overdue}', '{}', false),
    ('usulan', 'diajukan', 'kedaluwarsa', 'habis_waktu', 'kemensos', '{@registry@.usulan_hold_edition,@registry@.usulan_overdue}', '{}', false),
    ('usulan', 'disepakati', 'kedaluwarsa', 'habis_waktu', 'kemensos', '{@registry@.usulan_hold_edition,@registry@.usulan_overdue}', '{}', false),
    ('usulan', 'diverifikasi', 'kedaluwarsa', 'habis_waktu', 'kemensos', '{@registry@.usulan_hold_edition,@registry@.usulan_overdue}', '{}', false),
    ('usulan', 'disahkan', 'kedaluwarsa', 'habis_waktu', 'kemensos', '{@registry@.usulan_hold_edition,@registry@.usulan_overdue}', '{}', true),
    ('usulan', 'ditandatangani', 'kedaluwarsa', 'habis_waktu', 'kemensos', '{@registry@.usulan_hold_edition,@registry@.usulan_overdue}', '{}', true),
    ('usulan', 'diserahkan', 'kedaluwarsa', 'habis_waktu', 'kemensos', '{@registry@.usulan_hold_edition,@registry@.usulan_overdue}', '{}', true),
    ('usulan', 'dikembalikan', 'kedaluwarsa', 'habis_waktu', 'kemensos', '{@registry@.usulan_hold_edition,@registry@.usulan_overdue}', '{}', false),
    ('musyawarah', 'rencana', 'berlangsung', 'mulai', 'operator_desa', '{}', '{}', false),
    ('musyawarah', 'berlangsung', 'selesai', 'selesaikan', 'operator_desa', '{}', '{}', false),
    ('musyawarah', 'selesai', 'sah', 'sahkan', 'kades', '{@registry@.musyawarah_complete}', '{born,mulai,selesaikan}', false),
    ('musyawarah', 'rencana', 'batal', 'batalkan', 'kades', '{}', '{}', true),
    ('musyawarah', 'berlangsung', 'batal', 'batalkan', 'kades', '{}', '{}', true),
    ('musyawarah', 'selesai', 'batal', 'batalkan', 'kades', '{}', '{}', true),
    ('batch', 'terbuka', 'disegel', 'segel', 'kepala_opd', '{@registry@.batch_hold_edition,@registry@.batch_is_whole}', '{}', false),
    ('batch', 'disegel', 'ditandatangani', 'tanda_tangan', 'kepala_daerah',
        '{@registry@.batch_hold_edition,@registry@.batch_is_signed,@registry@.batch_villages_closed}', '{born,segel}', false),
    ('batch', 'disegel', 'ditolak', 'tolak', 'kepala_daerah', '{}', '{}', true),
    ('batch', 'ditandatangani', 'diterima', 'terima', 'kemensos', '{@registry@.batch_hold_edition,@registry@.batch_in_time}', '{}', false),
    ('edisi', 'buka', 'cut_off', 'tutup', 'kemensos', '{@registry@.edisi_is_due}', '{}', false),
    ('edisi', 'cut_off', 'pemeringkatan', 'mulai_peringkat', 'bps', '{@registry@.edisi_is_due}', '{}', false),
    ('edisi', 'pemeringkatan', 'cek_ulang', 'buka_cek_ulang', 'bps', '{@registry@.edisi_is_finite,@registry@.edisi_is_ranked}', '{}', false),
    ('edisi', 'cek_ulang', 'pemeringkatan', 'ulang', 'bps', '{}', '{}', true),
    ('edisi', 'cek_ulang', 'ditetapkan', 'tetapkan', 'bps', '{@registry@.edisi_is_answered,@registry@.edisi_is_clean}', '{mulai_peringkat}', false),
    ('edisi', 'ditetapkan', 'terbit', 'terbitkan', 'bps',
        '{@registry@.edisi_is_due,@registry@.edisi_is_finite,@registry@.edisi_is_whole,@registry@.edisi_is_clean}', '{}', false);
