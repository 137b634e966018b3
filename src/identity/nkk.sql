
-- What the digits of an nkk say. Nothing here raises an error: what they do not
-- say is NULL. What depends on the day takes the day, or is STABLE; what asks the
-- table of regions of the library is STABLE, because that table ages.
CREATE FUNCTION dtsen.nkk_wilayah(dtsen.nkk)
    RETURNS dtsen.kode_wilayah
    AS 'MODULE_PATHNAME', 'dtsen_nkk_wilayah'
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nkk_wilayah(dtsen.nkk) IS
    'district that issued the card, as its digits say; NULL when a part of it is 00';
CREATE FUNCTION dtsen.nkk_date(nkk dtsen.nkk, asof pg_catalog.date)
    RETURNS pg_catalog.date
    AS 'MODULE_PATHNAME', 'dtsen_nkk_date'
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nkk_date(dtsen.nkk, pg_catalog.date) IS
    'date of recording: the latest date with these digits that exists and is not after asof; NULL when there is none';
CREATE FUNCTION dtsen.nkk_date(dtsen.nkk)
    RETURNS pg_catalog.date
    AS 'MODULE_PATHNAME', 'dtsen_nkk_date_today'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nkk_date(dtsen.nkk) IS
    'date of recording as seen today';
CREATE FUNCTION dtsen.nkk_serial(dtsen.nkk)
    RETURNS pg_catalog.int4
    AS 'MODULE_PATHNAME', 'dtsen_nkk_serial'
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nkk_serial(dtsen.nkk) IS
    'the last four digits';
CREATE FUNCTION dtsen.nkk_is_valid(dtsen.nkk)
    RETURNS pg_catalog.bool
    AS 'MODULE_PATHNAME', 'dtsen_nkk_is_valid'
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nkk_is_valid(dtsen.nkk) IS
    'whether the digits can be right: region without 00, a date that exists in 19yy or 20yy, a serial that is not 0000';
CREATE FUNCTION dtsen.nkk_errors(nkk dtsen.nkk, asof pg_catalog.date)
    RETURNS pg_catalog.text[]
    AS 'MODULE_PATHNAME', 'dtsen_nkk_errors'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nkk_errors(dtsen.nkk, pg_catalog.date) IS
    'codes of what cannot be right, seen on a day: region_malformed, region_unknown, day_impossible, month_impossible, date_impossible, date_in_future, serial_zero; empty when nothing is wrong';
CREATE FUNCTION dtsen.nkk_errors(dtsen.nkk)
    RETURNS pg_catalog.text[]
    AS 'MODULE_PATHNAME', 'dtsen_nkk_errors_today'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nkk_errors(dtsen.nkk) IS
    'codes of what cannot be right, seen today';
CREATE FUNCTION dtsen.nkk_warnings(dtsen.nkk)
    RETURNS pg_catalog.text[]
    AS 'MODULE_PATHNAME', 'dtsen_nkk_warnings'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nkk_warnings(dtsen.nkk) IS
    'codes of what is worth a look: region_retired';
CREATE FUNCTION dtsen.nkk_mask(dtsen.nkk)
    RETURNS pg_catalog.text
    AS 'MODULE_PATHNAME', 'dtsen_nkk_mask'
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nkk_mask(dtsen.nkk) IS
    'stars for all but the last four digits';

CREATE DOMAIN dtsen.nkk_valid AS dtsen.nkk
    CONSTRAINT nkk_valid_check CHECK (dtsen.nkk_is_valid(VALUE));
COMMENT ON DOMAIN dtsen.nkk_valid IS
    'nkk whose digits can be right, see nkk_is_valid()';
COMMENT ON CONSTRAINT nkk_valid_check ON DOMAIN dtsen.nkk_valid IS
    'region without 00, possible date, serial not 0000';
