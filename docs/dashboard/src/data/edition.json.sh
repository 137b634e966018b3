#!/bin/sh
set -eu
. ./query.sh
query <<'SQL'
SELECT e.publication_id, e.edition_name, e.state, e.is_published, e.published_at, e.publish_date, e.model_version,
    left(e.digest, 12) AS digest, w.kabupaten_name, w.provinsi_name, now() AS read_at
FROM edisi AS e, dim_wilayah AS w
WHERE w.wilayah_code = :'wilayah'
AND (NOT e.is_published OR e.publication_id IN (SELECT publication_id FROM desil_by_kecamatan WHERE kabupaten_code = :'wilayah'))
ORDER BY e.published_at NULLS LAST, e.publication_id
SQL
