#!/bin/sh
# Wraps SQL templates into a function of the extension that returns their text.
#   wrap.sh FUNCTION "COMMENT" TEMPLATE... >part.sql
# The templates are joined in the order given. A template stays plain SQL that
# psql can run; its placeholders are replaced by whoever calls the function.
set -eu
[ $# -ge 3 ] || { echo "wrap.sh: FUNCTION COMMENT TEMPLATE..." >&2; exit 2; }
function=$1
comment=$(printf '%s' "$2" | sed "s/'/''/g")
shift 2
if grep -l '\$dtsen_template\$\|\$dtsen_body\$' "$@"; then
	echo "wrap.sh: the files above hold the quote that is to enclose them" >&2
	exit 1
fi
cat <<SQL
CREATE FUNCTION dtsen.$function() RETURNS pg_catalog.text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS \$dtsen_body\$ SELECT \$dtsen_template\$
SQL
cat "$@"
cat <<SQL
\$dtsen_template\$::pg_catalog.text \$dtsen_body\$;
COMMENT ON FUNCTION dtsen.$function() IS '$comment';
SQL
