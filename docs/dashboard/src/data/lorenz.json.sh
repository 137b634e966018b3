#!/bin/sh
set -eu
. ./query.sh
query <<'SQL'
SELECT l.publication_id, l.edition_name, l.sort_order, l.person_share, l.spending_share, i.gini
FROM lorenz_by_kabupaten AS l JOIN inequality_by_kabupaten AS i USING (publication_id, kabupaten_code)
WHERE l.kabupaten_code = :'wilayah' AND l.publication_id IN (SELECT publication_id FROM edisi
    WHERE is_published ORDER BY published_at DESC, publication_id DESC LIMIT 2)
ORDER BY l.publication_id, l.sort_order
SQL
