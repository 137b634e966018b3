#!/bin/sh
set -eu
. ./query.sh
query <<'SQL'
SELECT scope, kecamatan_code, kecamatan_name, sort_order, family_count, person_count, is_suppressed
FROM desil_by_kecamatan
WHERE kabupaten_code = :'wilayah' AND publication_id = (SELECT publication_id FROM desil_by_kecamatan
    WHERE kabupaten_code = :'wilayah' ORDER BY published_at DESC, publication_id DESC LIMIT 1)
ORDER BY scope, kecamatan_code, sort_order
SQL
