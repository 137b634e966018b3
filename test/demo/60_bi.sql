\echo '   Families and persons in national deciles 1 to 5, by district'
SELECT kecamatan_name AS district, sum(family_count) FILTER (WHERE desil = 1) AS "1", sum(family_count) FILTER (WHERE desil = 2) AS "2",
    sum(family_count) FILTER (WHERE desil = 3) AS "3", sum(family_count) FILTER (WHERE desil = 4) AS "4",
    sum(family_count) FILTER (WHERE desil = 5) AS "5", sum(family_count) FILTER (WHERE desil > 5) AS "6-10",
    sum(family_count) FILTER (WHERE desil IS NULL) AS "not ranked", sum(person_count) AS persons,
    count(*) FILTER (WHERE is_suppressed) AS "cells hidden"
FROM bekasi_bi.desil_by_kecamatan WHERE scope = 'nasional' AND edition_name = :'edition' GROUP BY kecamatan_name, kecamatan_code ORDER BY kecamatan_code;
\echo '   Proposals by state'
SELECT label_en AS state, proposal_count AS proposals, is_suppressed AS hidden FROM bekasi_bi.usulan_by_state ORDER BY sort_order;
\echo '   Villages without a meeting in three months'
SELECT has_meeting_in_3_months AS meeting_in_3_months, count(*) AS villages FROM bekasi_bi.musyawarah_by_kelurahan GROUP BY 1 ORDER BY 1 DESC;
\echo '   Match with the civil registry'
SELECT label_en AS finding, sum(person_count) AS persons, count(*) FILTER (WHERE is_suppressed) AS "districts hidden"
FROM bekasi_bi.padan_by_kecamatan GROUP BY label_en, sort_order ORDER BY sort_order DESC;
\echo '   Editions'
SELECT edition_name AS edition, state, family_count AS families, person_count AS persons, left(digest, 16) || '...' AS digest FROM bekasi_bi.edisi;
\echo '   The journal'
SELECT machine, entry_count AS entries, problem_count AS problems, is_intact FROM bekasi_bi.journal_check ORDER BY machine;
