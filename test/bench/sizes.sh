#!/bin/sh
# Bytes a row of a registry's largest tables and indexes, measured on the
# generator's people, and what that is for a number of families.
#
#   make bench-sizes [FAMILIES=100000] [TOTAL=95000000]
set -eu
cd "$(dirname "$0")/../.."
families=${FAMILIES:-100000} total=${TOTAL:-95000000}
work=$(mktemp -d "${TMPDIR:-/tmp}/dtsen-sizes.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP

build/population --dir "$work" --families "$families" --seed 1 --wilayah 32.16 >/dev/null
psql -X -q -d postgres -c 'CREATE DATABASE sizes'
export PGDATABASE=sizes
psql -X -q -v ON_ERROR_STOP=1 -c 'CREATE EXTENSION dtsen' -c "SELECT dtsen.create_registry('reg')" >/dev/null
for file in keluarga:keluarga_dtsen_v1_2026.csv anggota:anggota_keluarga_dtsen_v1_2026.csv dukcapil:dukcapil.csv; do
	src/registry/dtsen-import --schema reg --kind "${file%%:*}" "$work/${file#*:}" >/dev/null
done
psql -X -q -v ON_ERROR_STOP=1 -c "INSERT INTO reg.model VALUES ('pmt-2026-1', 'generated', 'test/population')"
src/registry/dtsen-import --schema reg --kind skor "$work/skor.csv" >/dev/null
psql -X -q -A -t -F ' | ' -v ON_ERROR_STOP=1 -v total="$total" -f test/bench/sizes.sql
psql -X -q -d postgres -c 'DROP DATABASE sizes'
