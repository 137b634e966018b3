#!/bin/sh
set -eu
. ./query.sh
query <<'SQL'
SELECT scope, from_publication_id, publication_id, from_desil, to_desil, movement, family_count, is_suppressed
FROM movement_by_kabupaten
WHERE kabupaten_code = :'wilayah' AND publication_id = (SELECT publication_id FROM desil_by_kecamatan
    WHERE kabupaten_code = :'wilayah' ORDER BY published_at DESC, publication_id DESC LIMIT 1)
ORDER BY scope, from_desil, to_desil
SQL
