#!/bin/sh
set -eu
. ./query.sh
query <<'SQL'
SELECT publication_id, edition_name, label_id, label_en, cut_off_date, publish_date,
    village_count, closed_village_count, absent_village_count, open_village_count
FROM cut_off_by_kabupaten
WHERE kabupaten_code = :'wilayah'
ORDER BY cut_off_date, publication_id
SQL
