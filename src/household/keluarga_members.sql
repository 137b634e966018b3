-- What a roster says: members, ages, checks, components of a programme.

CREATE FUNCTION dtsen.keluarga_size(dtsen.keluarga) RETURNS pg_catalog.int4
    AS 'MODULE_PATHNAME', 'dtsen_keluarga_size'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.keluarga_size(dtsen.keluarga) IS
    'number of members';

CREATE FUNCTION dtsen.keluarga_head(dtsen.keluarga) RETURNS dtsen.nik
    AS 'MODULE_PATHNAME', 'dtsen_keluarga_head'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.keluarga_head(dtsen.keluarga) IS
    'NIK of the head; NULL unless there is exactly one';

CREATE FUNCTION dtsen.keluarga_members(dtsen.keluarga) RETURNS SETOF dtsen.anggota_keluarga
    AS 'MODULE_PATHNAME', 'dtsen_keluarga_members'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10 ROWS 4;
COMMENT ON FUNCTION dtsen.keluarga_members(dtsen.keluarga) IS
    'members as rows: head first, then by relation, birth date and NIK';

CREATE FUNCTION dtsen.keluarga_has(dtsen.keluarga, dtsen.nik) RETURNS pg_catalog.bool
    AS 'MODULE_PATHNAME', 'dtsen_keluarga_has'
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.keluarga_has(dtsen.keluarga, dtsen.nik) IS
    'is the NIK one of a member?';

CREATE FUNCTION dtsen.keluarga_age_count(dtsen.keluarga, from_age pg_catalog.int4, to_age pg_catalog.int4, asof pg_catalog.date) RETURNS pg_catalog.int4
    AS 'MODULE_PATHNAME', 'dtsen_keluarga_age_count'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2;
COMMENT ON FUNCTION dtsen.keluarga_age_count(dtsen.keluarga, pg_catalog.int4, pg_catalog.int4, pg_catalog.date) IS
    'members from one age to another, in completed years at a date';

CREATE FUNCTION dtsen.keluarga_elderly(dtsen.keluarga, asof pg_catalog.date) RETURNS pg_catalog.int4
    AS 'MODULE_PATHNAME', 'dtsen_keluarga_elderly'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2;
COMMENT ON FUNCTION dtsen.keluarga_elderly(dtsen.keluarga, pg_catalog.date) IS
    'members of 60 years and more at a date';

CREATE FUNCTION dtsen.keluarga_dependency_ratio(dtsen.keluarga, asof pg_catalog.date) RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen_keluarga_dependency_ratio'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 4;
COMMENT ON FUNCTION dtsen.keluarga_dependency_ratio(dtsen.keluarga, pg_catalog.date) IS
    'members under 15 and above 64 for each of 15 to 64 years at a date; NULL if there is none of those';

CREATE FUNCTION dtsen.keluarga_errors(dtsen.keluarga, asof pg_catalog.date) RETURNS pg_catalog.text[]
    AS 'MODULE_PATHNAME', 'dtsen_keluarga_errors'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5;
COMMENT ON FUNCTION dtsen.keluarga_errors(dtsen.keluarga, pg_catalog.date) IS
    'codes of what cannot be in a family at a date';

CREATE FUNCTION dtsen.keluarga_warnings(dtsen.keluarga, asof pg_catalog.date) RETURNS pg_catalog.text[]
    AS 'MODULE_PATHNAME', 'dtsen_keluarga_warnings'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5;
COMMENT ON FUNCTION dtsen.keluarga_warnings(dtsen.keluarga, pg_catalog.date) IS
    'codes of what hardly can be in a family at a date, or is not known';

-- Both arguments have names: of a body in SQL the server writes a nameless one
-- among named ones as "", which pg_upgrade cannot read again.
CREATE FUNCTION dtsen.keluarga_under_seven(keluarga dtsen.keluarga, asof pg_catalog.date) RETURNS pg_catalog.int4
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 2
    RETURN dtsen.keluarga_age_count(keluarga, 0, 6, asof);
COMMENT ON FUNCTION dtsen.keluarga_under_seven(dtsen.keluarga, pg_catalog.date) IS
    'members under seven years at a date';

CREATE FUNCTION dtsen.keluarga_pupils(dtsen.keluarga, sekolah pg_catalog.text) RETURNS pg_catalog.int4
    AS 'MODULE_PATHNAME', 'dtsen_keluarga_pupils'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2;
COMMENT ON FUNCTION dtsen.keluarga_pupils(dtsen.keluarga, pg_catalog.text) IS
    'members who attend a level of school: sd, smp, sma or tinggi';

CREATE FUNCTION dtsen.keluarga_disabled(dtsen.keluarga, severe pg_catalog.bool DEFAULT false) RETURNS pg_catalog.int4
    AS 'MODULE_PATHNAME', 'dtsen_keluarga_disabled'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2;
COMMENT ON FUNCTION dtsen.keluarga_disabled(dtsen.keluarga, pg_catalog.bool) IS
    'members with a disability, or with a severe one';

CREATE FUNCTION dtsen.keluarga_pregnant(dtsen.keluarga) RETURNS pg_catalog.int4
    AS 'MODULE_PATHNAME', 'dtsen_keluarga_pregnant'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2;
COMMENT ON FUNCTION dtsen.keluarga_pregnant(dtsen.keluarga) IS
    'members who are pregnant';

CREATE FUNCTION dtsen.keluarga_generations(dtsen.keluarga) RETURNS pg_catalog.int4
    AS 'MODULE_PATHNAME', 'dtsen_keluarga_generations'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2;
COMMENT ON FUNCTION dtsen.keluarga_generations(dtsen.keluarga) IS
    'generations that live together, by relation to the head';

CREATE FUNCTION dtsen.keluarga_equivalence(dtsen.keluarga, asof pg_catalog.date, scale pg_catalog.text DEFAULT 'oecd_modified')
    RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen_keluarga_equivalence'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 3;
COMMENT ON FUNCTION dtsen.keluarga_equivalence(dtsen.keluarga, pg_catalog.date, pg_catalog.text) IS
    'number of equivalent adults at a date: oecd_modified, oecd, square_root or per_capita';

-- What a programme pays for: one row of a ministry's table of components.
CREATE TYPE dtsen.komponen_program AS (
    code pg_catalog.text,
    amount pg_catalog.numeric,
    min_age pg_catalog.int4,
    max_age pg_catalog.int4,
    sekolah pg_catalog.text[],
    disabilitas pg_catalog.int4,
    hamil pg_catalog.bool
);
COMMENT ON TYPE dtsen.komponen_program IS
    'component of a programme: who counts for it, and its amount; a condition that is NULL is none';
COMMENT ON COLUMN dtsen.komponen_program.code IS
    'code of the component';
COMMENT ON COLUMN dtsen.komponen_program.amount IS
    'amount for a member, rupiah a year';
COMMENT ON COLUMN dtsen.komponen_program.min_age IS
    'least age in completed years';
COMMENT ON COLUMN dtsen.komponen_program.max_age IS
    'greatest age in completed years';
COMMENT ON COLUMN dtsen.komponen_program.sekolah IS
    'schooling, any of these words; not_attending stands for all but sd, smp, sma and tinggi, unknown included';
COMMENT ON COLUMN dtsen.komponen_program.disabilitas IS
    'least degree of disability, 1 or 2';
COMMENT ON COLUMN dtsen.komponen_program.hamil IS
    'pregnant or not';

CREATE FUNCTION dtsen.komponen_applies(rule dtsen.komponen_program, age pg_catalog.int4, sekolah pg_catalog.text,
    disabilitas pg_catalog.int4, hamil pg_catalog.bool) RETURNS pg_catalog.bool
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN COALESCE((rule.min_age IS NULL OR age OPERATOR(pg_catalog.>=) rule.min_age)
        AND (rule.max_age IS NULL OR age OPERATOR(pg_catalog.<=) rule.max_age)
        AND (rule.sekolah IS NULL OR sekolah OPERATOR(pg_catalog.=) ANY (rule.sekolah)
             OR ('not_attending' OPERATOR(pg_catalog.=) ANY (rule.sekolah)
                 AND (sekolah IS NULL OR sekolah OPERATOR(pg_catalog.=) ANY (ARRAY['belum', 'tidak']))))
        AND (rule.disabilitas IS NULL OR disabilitas OPERATOR(pg_catalog.>=) rule.disabilitas)
        AND (rule.hamil IS NULL OR hamil OPERATOR(pg_catalog.=) rule.hamil), false);
COMMENT ON FUNCTION dtsen.komponen_applies(dtsen.komponen_program, pg_catalog.int4, pg_catalog.text, pg_catalog.int4, pg_catalog.bool) IS
    'does a person of this age, schooling, disability and pregnancy count for the component? What is NULL meets no condition, but for not_attending';

CREATE FUNCTION dtsen._komponen_checked(rules dtsen.komponen_program[]) RETURNS dtsen.komponen_program[]
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 100
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    rule dtsen.komponen_program;
    wrong text;
BEGIN
    FOREACH rule IN ARRAY rules LOOP
        wrong := CASE
            WHEN rule.code IS NULL THEN 'A component needs a code.'
            WHEN rule.amount IS NULL OR rule.amount < 0 THEN 'Its amount is NULL or negative.'
            WHEN rule.min_age < 0 OR rule.max_age < coalesce(rule.min_age, 0) THEN 'Its ages are no range.'
            WHEN NOT rule.sekolah <@ ARRAY['belum', 'tidak', 'sd', 'smp', 'sma', 'tinggi', 'not_attending']
                THEN 'Its schooling holds a word that is none of belum, tidak, sd, smp, sma, tinggi and not_attending.'
            WHEN rule.disabilitas NOT IN (1, 2) THEN 'Its disability is neither 1 nor 2.' END;
        IF wrong IS NOT NULL THEN
            RAISE EXCEPTION USING ERRCODE = '22023',
                MESSAGE = format('component "%s" is not valid', rule.code), DETAIL = wrong;
        END IF;
    END LOOP;
    RETURN rules;
END $$;
COMMENT ON FUNCTION dtsen._komponen_checked(dtsen.komponen_program[]) IS
    'the components as they are; 22023 if one is not valid';

CREATE FUNCTION dtsen.keluarga_components(
    keluarga dtsen.keluarga, asof pg_catalog.date, rules dtsen.komponen_program[], ceiling pg_catalog.int4 DEFAULT NULL,
    OUT nik dtsen.nik, OUT code pg_catalog.text, OUT amount pg_catalog.numeric, OUT is_paid pg_catalog.bool)
    RETURNS SETOF pg_catalog.record
    LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 100 ROWS 2
BEGIN ATOMIC
    SELECT best.nik, best.code, best.amount,
           ceiling IS NULL OR pg_catalog.row_number() OVER (ORDER BY best.amount DESC NULLS LAST, best.place) OPERATOR(pg_catalog.<=) ceiling
    FROM (
        SELECT DISTINCT ON (m.place) m.place, m.nik, r.code, r.amount
        FROM (SELECT x.*, CASE WHEN x.tanggal_lahir OPERATOR(pg_catalog.<=) asof THEN pg_catalog.date_part('year',
                         pg_catalog.age(asof::pg_catalog.timestamp, x.tanggal_lahir::pg_catalog.timestamp))::pg_catalog.int4 END AS age
              FROM dtsen.keluarga_members(keluarga) WITH ORDINALITY
                   AS x(nik, hubungan, kelamin, tanggal_lahir, kawin, sekolah, disabilitas, hamil, place)) AS m,
             pg_catalog.unnest(dtsen._komponen_checked(rules)) WITH ORDINALITY
                 AS r(code, amount, min_age, max_age, sekolah, disabilitas, hamil, place)
        WHERE dtsen.komponen_applies(ROW (r.code, r.amount, r.min_age, r.max_age, r.sekolah, r.disabilitas, r.hamil)::dtsen.komponen_program,
            m.age, m.sekolah, m.disabilitas, m.hamil)
        ORDER BY m.place, r.amount DESC NULLS LAST, r.place) AS best
    ORDER BY best.place;
END;
COMMENT ON FUNCTION dtsen.keluarga_components(dtsen.keluarga, pg_catalog.date, dtsen.komponen_program[], pg_catalog.int4) IS
    'members who count for a component of a programme at a date, each for its dearest one, and whether the ceiling leaves it paid';
