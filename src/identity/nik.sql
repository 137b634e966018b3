
-- What the digits of a nik say. Nothing here raises an error: what they do not
-- say is NULL. What depends on the day takes the day, or is STABLE; what asks the
-- table of regions of the library is STABLE, because that table ages.
CREATE FUNCTION dtsen.nik_wilayah(dtsen.nik)
    RETURNS dtsen.kode_wilayah
    AS 'MODULE_PATHNAME', 'dtsen_nik_wilayah'
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nik_wilayah(dtsen.nik) IS
    'district of first registration, as its digits say; NULL when a part of it is 00';
CREATE FUNCTION dtsen.nik_birth_date(nik dtsen.nik, asof pg_catalog.date)
    RETURNS pg_catalog.date
    AS 'MODULE_PATHNAME', 'dtsen_nik_birth_date'
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nik_birth_date(dtsen.nik, pg_catalog.date) IS
    'date of birth: the latest date with these digits that exists and is not after asof; NULL when there is none';
CREATE FUNCTION dtsen.nik_birth_date(dtsen.nik)
    RETURNS pg_catalog.date
    AS 'MODULE_PATHNAME', 'dtsen_nik_birth_date_today'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nik_birth_date(dtsen.nik) IS
    'date of birth as seen today';
CREATE FUNCTION dtsen.nik_sex(dtsen.nik)
    RETURNS pg_catalog.text
    AS 'MODULE_PATHNAME', 'dtsen_nik_sex'
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nik_sex(dtsen.nik) IS
    'L (laki-laki) or P (perempuan), NULL when the day digits name no day';
CREATE FUNCTION dtsen.nik_serial(dtsen.nik)
    RETURNS pg_catalog.int4
    AS 'MODULE_PATHNAME', 'dtsen_nik_serial'
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nik_serial(dtsen.nik) IS
    'the last four digits';
CREATE FUNCTION dtsen.nik_is_valid(dtsen.nik)
    RETURNS pg_catalog.bool
    AS 'MODULE_PATHNAME', 'dtsen_nik_is_valid'
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nik_is_valid(dtsen.nik) IS
    'whether the digits can be right: region without 00, a date that exists in 19yy or 20yy, a serial that is not 0000';
CREATE FUNCTION dtsen.nik_errors(nik dtsen.nik, asof pg_catalog.date)
    RETURNS pg_catalog.text[]
    AS 'MODULE_PATHNAME', 'dtsen_nik_errors'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nik_errors(dtsen.nik, pg_catalog.date) IS
    'codes of what cannot be right, seen on a day: region_malformed, region_unknown, day_impossible, month_impossible, date_impossible, date_in_future, serial_zero; empty when nothing is wrong';
CREATE FUNCTION dtsen.nik_errors(dtsen.nik)
    RETURNS pg_catalog.text[]
    AS 'MODULE_PATHNAME', 'dtsen_nik_errors_today'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nik_errors(dtsen.nik) IS
    'codes of what cannot be right, seen today';
CREATE FUNCTION dtsen.nik_warnings(dtsen.nik)
    RETURNS pg_catalog.text[]
    AS 'MODULE_PATHNAME', 'dtsen_nik_warnings'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nik_warnings(dtsen.nik) IS
    'codes of what is worth a look: region_retired';
CREATE FUNCTION dtsen.nik_mask(dtsen.nik)
    RETURNS pg_catalog.text
    AS 'MODULE_PATHNAME', 'dtsen_nik_mask'
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nik_mask(dtsen.nik) IS
    'stars for all but the last four digits';

CREATE DOMAIN dtsen.nik_valid AS dtsen.nik
    CONSTRAINT nik_valid_check CHECK (dtsen.nik_is_valid(VALUE));
COMMENT ON DOMAIN dtsen.nik_valid IS
    'nik whose digits can be right, see nik_is_valid()';
COMMENT ON CONSTRAINT nik_valid_check ON DOMAIN dtsen.nik_valid IS
    'region without 00, possible date, serial not 0000';

CREATE FUNCTION dtsen.nik_explain(dtsen.nik, dtsen.nik)
    RETURNS pg_catalog.jsonb
    AS 'MODULE_PATHNAME', 'dtsen_nik_explain'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 200;
COMMENT ON FUNCTION dtsen.nik_explain(dtsen.nik, dtsen.nik) IS
    'distance, edits and known slips (sex, day_month, birth_date, exchange, lost_digit, region, serial) between two';
