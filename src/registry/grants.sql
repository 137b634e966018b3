-- Rights of the roles of registry @registry@. Nothing is granted to PUBLIC.
-- Which rows a login sees within these rights is for row security to say, and
-- which steps it may take is for the machines.

GRANT USAGE ON SCHEMA @registry@ TO @registry@_operator_desa, @registry@_kades, @registry@_pendamping,
    @registry@_verifikator, @registry@_kepala_opd, @registry@_kepala_daerah, @registry@_kemensos,
    @registry@_bps, @registry@_auditor, @registry@_pengelola;
GRANT USAGE ON SCHEMA @registry_bi@ TO @registry@_analis, @registry@_auditor;

-- lists that everyone reads
GRANT SELECT ON @registry@.meta, @registry@.wilayah, @registry@.code, @registry@.variable, @registry@.keberadaan, @registry@.mask_rule,
    @registry@.usulan_kind, @registry@.usulan_channel, @registry@.dasar_hukum, @registry@.desil_label,
    @registry@.bukti_kind, @registry@.padan_status, @registry@.model,
    @registry@.machine, @registry@.state, @registry@.transition, @registry@.edisi
    TO @registry@_operator_desa, @registry@_kades, @registry@_pendamping, @registry@_verifikator,
    @registry@_kepala_opd, @registry@_kepala_daerah, @registry@_kemensos, @registry@_bps,
    @registry@_auditor, @registry@_pengelola;

-- families and persons, of one's own region
GRANT SELECT ON @registry@.keluarga, @registry@.keluarga_nkk, @registry@.keluarga_alamat, @registry@.rumah, @registry@.aset,
    @registry@.anggota, @registry@.keanggotaan, @registry@.musyawarah, @registry@.usulan,
    @registry@.bukti, @registry@.desil, @registry@.desil_cut
    TO @registry@_operator_desa, @registry@_kades, @registry@_pendamping, @registry@_verifikator,
    @registry@_kepala_opd, @registry@_kepala_daerah, @registry@_kemensos, @registry@_bps,
    @registry@_auditor, @registry@_pengelola;
GRANT SELECT ON @registry@.pemadanan, @registry@.pemadanan_result
    TO @registry@_operator_desa, @registry@_kades, @registry@_pendamping, @registry@_verifikator,
    @registry@_kepala_opd, @registry@_kemensos, @registry@_bps, @registry@_auditor, @registry@_pengelola;
GRANT SELECT ON @registry@.batch, @registry@.batch_item, @registry@.cek_ulang
    TO @registry@_verifikator, @registry@_kepala_opd, @registry@_kepala_daerah,
    @registry@_kemensos, @registry@_bps, @registry@_auditor;
GRANT SELECT ON @registry@.import_kind, @registry@.import_type, @registry@.import_word, @registry@.import_column,
    @registry@.import_reason, @registry@.import_run, @registry@.import_reject, @registry@.import_stage
    TO @registry@_pengelola, @registry@_bps, @registry@_auditor;
-- of his regions; all of the journal is the owner's
GRANT SELECT ON @registry@.journal_region, @registry@.skor TO @registry@_auditor;
GRANT INSERT (kind, file_name, sha256, byte_count), UPDATE (state, attempt_count, import_id, changed_at), DELETE
    ON @registry@.import_stage TO @registry@_pengelola, @registry@_bps;
GRANT SELECT, INSERT (stage_id, first_byte, lines), DELETE ON @registry@.import_part TO @registry@_pengelola, @registry@_bps;

-- what goes out is noted; who looks after the data, and auditors, read it
GRANT INSERT (kind, edisi_id, line_count) ON @registry@.export_run TO @registry@_bps, @registry@_auditor, @registry@_pengelola;
GRANT SELECT ON @registry@.export_run TO @registry@_kepala_opd, @registry@_kemensos, @registry@_auditor, @registry@_pengelola;

-- the village
GRANT INSERT (request_key, kind, wilayah, keluarga_id, anggota_id, payload, channel, edisi_id, musyawarah_id, corrects_id, peristiwa_id)
    ON @registry@.usulan TO @registry@_operator_desa;
GRANT UPDATE (state, reason, payload, edisi_id, musyawarah_id)
    ON @registry@.usulan TO @registry@_operator_desa;
GRANT INSERT (wilayah, held_on, place) ON @registry@.musyawarah TO @registry@_operator_desa;
GRANT UPDATE (state, reason, held_on, place, attendee_count)
    ON @registry@.musyawarah TO @registry@_operator_desa;
GRANT UPDATE (state, reason, musyawarah_id) ON @registry@.usulan TO @registry@_kades;
GRANT UPDATE (state, reason) ON @registry@.musyawarah TO @registry@_kades;
GRANT INSERT (kind, wilayah, musyawarah_id, usulan_id, file_name, file_size, sha256)
    ON @registry@.bukti TO @registry@_operator_desa, @registry@_kades, @registry@_pendamping, @registry@_verifikator;

-- population events: whoever hears of one notes it, the village proposes
GRANT SELECT ON @registry@.peristiwa TO @registry@_operator_desa, @registry@_kades, @registry@_pendamping,
    @registry@_verifikator, @registry@_kepala_opd, @registry@_kepala_daerah, @registry@_kemensos, @registry@_bps,
    @registry@_auditor, @registry@_pengelola;
GRANT INSERT (kind, wilayah, keluarga_id, anggota_id, occurred_on, payload, source, source_key, document_name, document_size, document_sha256),
    UPDATE (void_reason) ON @registry@.peristiwa TO @registry@_operator_desa, @registry@_pendamping, @registry@_pengelola;
GRANT INSERT (import_id) ON @registry@.peristiwa TO @registry@_pengelola;

-- the regency
GRANT UPDATE (state, reason) ON @registry@.usulan
    TO @registry@_verifikator, @registry@_kepala_opd, @registry@_kepala_daerah;
GRANT INSERT (wilayah, edisi_id) ON @registry@.batch TO @registry@_kepala_opd;
GRANT UPDATE (state, reason, item_count, digest) ON @registry@.batch TO @registry@_kepala_opd;
GRANT INSERT, DELETE, UPDATE (batch_id, wilayah) ON @registry@.batch_item TO @registry@_kepala_opd;
GRANT UPDATE (state, reason, signature) ON @registry@.batch TO @registry@_kepala_daerah;
GRANT INSERT (edisi_id, wilayah, is_agreed, note), UPDATE (is_agreed, note)
    ON @registry@.cek_ulang TO @registry@_kepala_daerah;

-- the data manager
GRANT INSERT, UPDATE ON @registry@.keluarga, @registry@.rumah, @registry@.aset, @registry@.anggota,
    @registry@.dukcapil, @registry@.dtks TO @registry@_pengelola;
GRANT SELECT ON @registry@.dukcapil, @registry@.dtks TO @registry@_pengelola;
GRANT INSERT ON @registry@.import_run, @registry@.import_reject, @registry@.pemadanan,
    @registry@.pemadanan_result TO @registry@_pengelola;

-- the centre
GRANT INSERT (name, cut_off_at, draw_at, recheck_from, recheck_to, publish_at, meeting_max_age),
    UPDATE (state, reason, cut_off_at, draw_at, recheck_from, recheck_to, publish_at, meeting_max_age)
    ON @registry@.edisi TO @registry@_kemensos;
GRANT UPDATE (state, reason) ON @registry@.batch TO @registry@_kemensos;
GRANT UPDATE (state, reason, edisi_id) ON @registry@.usulan TO @registry@_kemensos;
GRANT UPDATE (state, reason) ON @registry@.usulan TO @registry@_bps;
GRANT UPDATE (state, reason, draw_at, recheck_from, recheck_to, publish_at, model_version, family_count,
    person_count, ranked_count, digest, published_at) ON @registry@.edisi TO @registry@_bps;
GRANT INSERT, DELETE ON @registry@.desil, @registry@.desil_cut TO @registry@_bps;
GRANT INSERT ON @registry@.model, @registry@.import_run, @registry@.import_reject TO @registry@_bps;
GRANT SELECT, INSERT, UPDATE ON @registry@.skor TO @registry@_bps;

-- visits and control totals
GRANT SELECT ON @registry@.kunjungan_result, @registry@.kunjungan, @registry@.verification_round,
    @registry@.control_total, @registry@.control_part
    TO @registry@_operator_desa, @registry@_kades, @registry@_pendamping, @registry@_verifikator,
    @registry@_kepala_opd, @registry@_kepala_daerah, @registry@_kemensos, @registry@_bps,
    @registry@_auditor, @registry@_pengelola;
GRANT INSERT (keluarga_id, wilayah, visited_on, result)
    ON @registry@.kunjungan TO @registry@_pendamping, @registry@_verifikator, @registry@_operator_desa;
GRANT INSERT, UPDATE ON @registry@.control_total, @registry@.control_part TO @registry@_kepala_opd, @registry@_kemensos, @registry@_bps;

-- classes of errors: the ministry says which block an edition
GRANT SELECT ON @registry@.finding_class TO @registry@_operator_desa, @registry@_kades, @registry@_pendamping, @registry@_verifikator,
    @registry@_kepala_opd, @registry@_kepala_daerah, @registry@_kemensos, @registry@_bps, @registry@_auditor, @registry@_pengelola;
GRANT INSERT, UPDATE (is_blocking, legal_basis, label_id, label_en) ON @registry@.finding_class TO @registry@_kemensos;
GRANT INSERT (name, wilayah, edisi_id, desil_to, from_day, to_day) ON @registry@.verification_round TO @registry@_kepala_opd;
GRANT INSERT, UPDATE ON @registry@.dasar_hukum, @registry@.desil_label TO @registry@_kemensos;

-- what if another model ranked: scores, of one's own region
GRANT SELECT ON @registry@.skor TO @registry@_kepala_opd, @registry@_kemensos;
GRANT SELECT ON @registry@.skor_input TO @registry@_kepala_opd, @registry@_kemensos, @registry@_bps, @registry@_auditor;
-- programmes: their rules are for all to read, flags and lists for those who judge
GRANT SELECT ON @registry@.exclusive_group, @registry@.program, @registry@.program_rule, @registry@.program_component,
    @registry@.flag_kind, @registry@.program_flag, @registry@.program_quota, @registry@.school_level, @registry@.kepesertaan_reason
    TO @registry@_operator_desa, @registry@_kades, @registry@_pendamping, @registry@_verifikator,
    @registry@_kepala_opd, @registry@_kepala_daerah, @registry@_kemensos, @registry@_bps,
    @registry@_auditor, @registry@_pengelola;
GRANT SELECT ON @registry@.flag, @registry@.daftar, @registry@.daftar_item, @registry@.kepesertaan, @registry@.penerimaan, @registry@.program_verdict
    TO @registry@_verifikator, @registry@_kepala_opd, @registry@_kepala_daerah, @registry@_kemensos,
    @registry@_auditor, @registry@_pengelola;
GRANT INSERT, UPDATE ON @registry@.exclusive_group, @registry@.program, @registry@.program_rule, @registry@.program_component,
    @registry@.flag_kind, @registry@.program_flag, @registry@.program_quota TO @registry@_kemensos;
GRANT INSERT, UPDATE ON @registry@.program, @registry@.program_rule, @registry@.program_component, @registry@.program_flag,
    @registry@.program_quota TO @registry@_kepala_opd;
GRANT INSERT (kind, keluarga_id, anggota_id, wilayah, source, noted_on, valid_to), UPDATE (valid_to)
    ON @registry@.flag TO @registry@_pengelola, @registry@_kemensos;
GRANT INSERT (program, keluarga_id, anggota_id, wilayah, period, amount, source)
    ON @registry@.penerimaan TO @registry@_pengelola, @registry@_kepala_opd, @registry@_kemensos;
GRANT INSERT (program, edisi_id, wilayah, quota, item_count, in_count, digest) ON @registry@.daftar TO @registry@_kepala_opd, @registry@_kemensos;
GRANT INSERT ON @registry@.daftar_item TO @registry@_kepala_opd, @registry@_kemensos;
GRANT INSERT (program, keluarga_id, anggota_id, wilayah, daftar_id, valid_from, return_reason, returns_id, document_sha256),
    UPDATE (valid_to, exit_reason) ON @registry@.kepesertaan TO @registry@_kepala_opd, @registry@_kemensos;

-- the villages that are done, and the rules themselves
GRANT INSERT (edisi_id, wilayah, is_absent, reason) ON @registry@.desa_tutup
    TO @registry@_kades, @registry@_kepala_opd;
GRANT SELECT ON @registry@.desa_tutup TO @registry@_operator_desa, @registry@_kades, @registry@_verifikator,
    @registry@_kepala_opd, @registry@_kepala_daerah, @registry@_kemensos, @registry@_bps, @registry@_auditor;
GRANT USAGE ON SCHEMA @registry@ TO @registry@_perancang_mesin, @registry@_penyetuju_mesin;
GRANT SELECT ON @registry@.machine, @registry@.state, @registry@.transition, @registry@.machine_version,
    @registry@.calendar TO @registry@_perancang_mesin, @registry@_penyetuju_mesin, @registry@_auditor;
-- for check_attached()
GRANT SELECT ON @registry@.journal_attached TO @registry@_auditor;
-- for check_machine(): has somebody the roles of two people? is each kind known?
GRANT SELECT ON @registry@.bukti_kind TO @registry@_perancang_mesin, @registry@_penyetuju_mesin;
GRANT SELECT (login, actor_role, person_key) ON @registry@.actor
    TO @registry@_perancang_mesin, @registry@_penyetuju_mesin, @registry@_auditor;
GRANT EXECUTE ON FUNCTION @registry@.scope_login(), @registry@.scope_has_role(text[]), @registry@.scope_auditor()
    TO @registry@_perancang_mesin, @registry@_penyetuju_mesin;
GRANT INSERT, UPDATE, DELETE ON @registry@.state, @registry@.transition TO @registry@_perancang_mesin;
GRANT INSERT, UPDATE ON @registry@.machine_version TO @registry@_perancang_mesin;
GRANT UPDATE (state, digest, reason) ON @registry@.machine_version TO @registry@_penyetuju_mesin;
GRANT UPDATE (machine_version) ON @registry@.usulan, @registry@.musyawarah, @registry@.batch, @registry@.edisi
    TO @registry@_penyetuju_mesin;
GRANT SELECT ON @registry@.musyawarah, @registry@.batch, @registry@.edisi TO @registry@_penyetuju_mesin;
-- not what proposals say of persons
GRANT SELECT (id, kind, wilayah, state, edisi_id, machine_version) ON @registry@.usulan TO @registry@_penyetuju_mesin;
GRANT EXECUTE ON FUNCTION @registry@.scope_login(), @registry@.scope_prefixes(), @registry@.scope_low(),
    @registry@.scope_high(), @registry@.scope_list() TO @registry@_penyetuju_mesin;

-- those who see families and persons masked, and no table that holds them
GRANT USAGE ON SCHEMA @registry@ TO @registry@_pemantau, @registry@_mitra;
GRANT SELECT ON @registry@.keluarga_masked, @registry@.anggota_masked, @registry@.mask_rule, @registry@.wilayah, @registry@.code,
    @registry@.keberadaan, @registry@.desil_label, @registry@.edisi_published TO @registry@_pemantau, @registry@_mitra;
GRANT EXECUTE ON FUNCTION @registry@.mask_scope(), @registry@.scope_login() TO @registry@_pemantau, @registry@_mitra;

-- what analysts read
GRANT SELECT ON ALL TABLES IN SCHEMA @registry_bi@ TO @registry@_analis, @registry@_auditor;

GRANT EXECUTE ON FUNCTION @registry@.is_hidden_cell(numeric, numeric, bigint, numeric), @registry@.movement_label(integer),
    @registry@.bi_scope(), @registry@.shown_share(bigint, bigint) TO @registry@_analis;

-- functions: the steps that a role takes, and what row security needs
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA @registry@ TO @registry@_operator_desa, @registry@_kades,
    @registry@_pendamping, @registry@_verifikator, @registry@_kepala_opd, @registry@_kepala_daerah,
    @registry@_kemensos, @registry@_bps, @registry@_auditor, @registry@_pengelola;

-- not those that only triggers and machines run: whoever could attach one to a
-- table of his own would act as the owner
REVOKE EXECUTE ON FUNCTION @registry@.actor_agree(), @registry@.actor_differing(text[]), @registry@.keluarga_keep_nkk(), @registry@.keluarga_keep_alamat(), @registry@.keluarga_date_alamat(), @registry@.anggota_keep_membership(),
    @registry@.edisi_partition(), @registry@.edisi_summarise(), @registry@.cek_ulang_in_window(), @registry@.stamp_created(),
    @registry@.usulan_keep_content(), @registry@.usulan_keep_family(), @registry@.batch_keep_seal(), @registry@.batch_endorse(), @registry@.batch_move(),
    @registry@.batch_item_in_region(), @registry@.model_fits(), @registry@.kepesertaan_keep(), @registry@.kepesertaan_follow(), @registry@.kind_fits(), @registry@.kunjungan_keep(), @registry@.edisi_keep_draft(), @registry@.bukti_by_role(),
    @registry@.usulan_apply(text[]), @registry@.event_apply(bigint[]), @registry@.event_write(bigint[]), @registry@.event_close(bigint[]), @registry@.peristiwa_keep(), @registry@.peristiwa_fits(), @registry@.desa_tutup_by_role(),
    @registry@.desa_tutup_is_done(), @registry@.daftar_is_whole(), @registry@.machine_version_apply(text[])
    FROM @registry@_operator_desa, @registry@_kades, @registry@_pendamping,
    @registry@_verifikator, @registry@_kepala_opd, @registry@_kepala_daerah, @registry@_kemensos,
    @registry@_bps, @registry@_auditor, @registry@_pengelola;
-- nor those that count the figures for analysts anew, but for who enters what they count
REVOKE EXECUTE ON FUNCTION @registry@.program_summarise(), @registry@.journal_summarise(), @registry@.padan_summarise(bigint)
    FROM @registry@_operator_desa, @registry@_kades, @registry@_pendamping, @registry@_verifikator,
    @registry@_kepala_daerah, @registry@_auditor;
-- nor those that tell more than the caller's rows, or read the whole journal
REVOKE EXECUTE ON FUNCTION @registry@.journal_check()
    FROM @registry@_operator_desa, @registry@_kades, @registry@_pendamping, @registry@_verifikator,
    @registry@_kepala_opd, @registry@_kepala_daerah, @registry@_kemensos, @registry@_bps, @registry@_pengelola;
REVOKE EXECUTE ON FUNCTION @registry@.journal_history(text, text, text)
    FROM @registry@_operator_desa, @registry@_kades, @registry@_pendamping, @registry@_verifikator,
    @registry@_kepala_opd, @registry@_kepala_daerah, @registry@_kemensos, @registry@_bps, @registry@_pengelola;
REVOKE EXECUTE ON FUNCTION @registry@.quality_summarise(integer)
    FROM @registry@_operator_desa, @registry@_kades, @registry@_pendamping, @registry@_verifikator,
    @registry@_kepala_opd, @registry@_kepala_daerah, @registry@_auditor, @registry@_pengelola;
REVOKE EXECUTE ON FUNCTION @registry@.inequality_summarise(integer)
    FROM @registry@_operator_desa, @registry@_kades, @registry@_pendamping, @registry@_verifikator,
    @registry@_kepala_opd, @registry@_kepala_daerah, @registry@_kemensos, @registry@_bps, @registry@_auditor, @registry@_pengelola;
REVOKE EXECUTE ON FUNCTION @registry@.project_key(text)
    FROM @registry@_operator_desa, @registry@_kades, @registry@_pendamping, @registry@_verifikator,
    @registry@_kepala_opd, @registry@_kepala_daerah, @registry@_kemensos, @registry@_bps, @registry@_auditor, @registry@_pengelola;
REVOKE EXECUTE ON FUNCTION @registry@.usulan_empty(bigint, text)
    FROM @registry@_operator_desa, @registry@_kades, @registry@_pendamping, @registry@_verifikator,
    @registry@_kepala_opd, @registry@_kepala_daerah, @registry@_kemensos, @registry@_bps, @registry@_auditor;
REVOKE EXECUTE ON FUNCTION @registry@.import_taken(dtsen.nkk[])
    FROM @registry@_operator_desa, @registry@_kades, @registry@_pendamping, @registry@_verifikator,
    @registry@_kepala_opd, @registry@_kepala_daerah, @registry@_kemensos, @registry@_bps, @registry@_auditor;
