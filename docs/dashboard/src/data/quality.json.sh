#!/bin/sh
set -eu
. ./query.sh
query <<'SQL'
SELECT kecamatan_code, kecamatan_name, as_of_date, person_count, accuracy, completeness, currency, is_suppressed
FROM quality_by_kecamatan
WHERE kabupaten_code = :'wilayah' AND publication_id = (SELECT publication_id FROM edisi
    WHERE is_published ORDER BY published_at DESC, publication_id DESC LIMIT 1)
ORDER BY kecamatan_code
SQL
