-- Reference table of region codes. STABLE, not IMMUTABLE: the table comes with
-- the library and changes with it.

CREATE FUNCTION dtsen.wilayah_reference(
    OUT kode dtsen.kode_wilayah,
    OUT nama pg_catalog.text,
    OUT level pg_catalog.int4,
    OUT parent dtsen.kode_wilayah,
    OUT status pg_catalog.text,
    OUT decree pg_catalog.text,
    OUT decree_date pg_catalog.date,
    OUT last_edition pg_catalog.int4,
    OUT successor dtsen.kode_wilayah)
    RETURNS SETOF pg_catalog.record
    AS 'MODULE_PATHNAME', 'dtsen_wilayah_reference'
    LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100000 ROWS 92219;
COMMENT ON FUNCTION dtsen.wilayah_reference() IS
    'Kemendagri''s region codes, present and retired, with the decree and edition that last lists each and the successor of a retired one';

CREATE FUNCTION dtsen.wilayah_name(dtsen.kode_wilayah) RETURNS pg_catalog.text
    AS 'MODULE_PATHNAME', 'dtsen_wilayah_name'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.wilayah_name(dtsen.kode_wilayah) IS
    'name of a region, present or retired; NULL if the reference table does not hold it';

CREATE FUNCTION dtsen.wilayah_status(dtsen.kode_wilayah) RETURNS pg_catalog.text
    AS 'MODULE_PATHNAME', 'dtsen_wilayah_status'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.wilayah_status(dtsen.kode_wilayah) IS
    'what the reference table knows of a region code: present, retired or unknown';
