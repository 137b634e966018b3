#!/bin/sh
set -eu
. ./query.sh
query <<'SQL'
SELECT m.kecamatan_code, w.wilayah_name AS kecamatan_name, count(*)::integer AS village_count,
    (count(*) FILTER (WHERE m.has_meeting_in_3_months))::integer AS met_count
FROM musyawarah_by_kelurahan AS m JOIN dim_wilayah AS w ON w.wilayah_code = m.kecamatan_code
WHERE m.kabupaten_code = :'wilayah'
GROUP BY m.kecamatan_code, w.wilayah_name ORDER BY m.kecamatan_code
SQL
