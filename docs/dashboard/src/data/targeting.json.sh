#!/bin/sh
set -eu
. ./query.sh
query <<'SQL'
SELECT program, label_id, label_en, unit, as_of_date, reached_count, missed_count, outside_count,
    exclusion_share, inclusion_share, is_suppressed
FROM targeting_by_kabupaten
WHERE kabupaten_code = :'wilayah' AND publication_id = (SELECT publication_id FROM edisi
    WHERE is_published ORDER BY published_at DESC, publication_id DESC LIMIT 1)
ORDER BY program
SQL
