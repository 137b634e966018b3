-- The regency: food aid of its own, for whom the centre does not cover.
INSERT INTO bekasi.program (program, owner_level, wilayah, unit, exclusive_group, legal_basis, label_id, label_en)
VALUES ('pangan_bekasi', 'kabupaten', '3216', 'keluarga', 'pangan', 'Perbup (rekaan)', 'Pangan Bekasi', 'Food aid of the regency');
INSERT INTO bekasi.program_rule (program, valid_from, desil_to) VALUES ('pangan_bekasi', '2025-05-01', 4);
-- who was in before there were rules
INSERT INTO bekasi.kepesertaan (program, keluarga_id, wilayah, valid_from)
SELECT 'sembako', d.keluarga_id, d.wilayah, '2024-01-01' FROM bekasi.desil AS d JOIN bekasi.edisi AS e ON e.id = d.edisi_id AND e.name = :'edition'
WHERE d.desil_nasional >= 6 AND d.keluarga_id % 20 = 1 ORDER BY d.keluarga_id;
-- places for two thirds of those whom the centre's rules take, then for some of the others
SELECT e.id AS edition_id, (count(*) * 2 / 3)::integer AS places
FROM bekasi.edisi AS e, bekasi.program_eligibility('sembako', e.id) AS v
WHERE e.name = :'edition' AND v.verdict = 'layak' GROUP BY e.id \gset
SELECT bekasi.program_list('sembako', :edition_id, '3216', :places) AS list \gset
SELECT bekasi.program_enrol(:list) AS enrolled \gset
SELECT bekasi.program_list('pangan_bekasi', :edition_id, '3216', :places / 10) AS list2 \gset
SELECT bekasi.program_enrol(:list2) AS enrolled2 \gset
-- what the regency asks of the centre for PKH and PBI-JK: lists that the ministry may take
SELECT bekasi.program_list('pkh', :edition_id, '3216', :places / 2) AS list3 \gset
SELECT bekasi.program_list('pbi_jk', :edition_id, '3216', :places) AS list4 \gset
\pset tuples_only on
\pset format unaligned
SELECT format('   head of office: list %s has %s places for food aid of the centre, list %s %s for that of the regency',
    :list, :enrolled, :list2, :enrolled2);
SELECT format('   head of office: a request of %s places, lists %s for PKH and %s for PBI-JK', sum(d.quota), :list3, :list4)
FROM bekasi.daftar AS d WHERE d.id IN (:list3, :list4);
