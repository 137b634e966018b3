#!/bin/sh
set -eu
. ./query.sh
query <<'SQL'
SELECT u.publication_id, u.edition_name, e.is_published, u.label_id, u.label_en, u.sort_order, u.is_final,
    u.proposal_count, u.is_suppressed
FROM usulan_by_state AS u JOIN edisi AS e USING (publication_id)
WHERE u.kabupaten_code = :'wilayah' AND (NOT e.is_published OR e.publication_id = (SELECT publication_id FROM edisi
    WHERE is_published ORDER BY published_at DESC, publication_id DESC LIMIT 1))
ORDER BY u.publication_id DESC, u.sort_order
SQL
