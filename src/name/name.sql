-- Names of persons: the type nama, its comparison and what can be asked of it.
-- Order and equality are bytewise, so no collation is involved; similarity is
-- computed from constant tables of the library, so it is immutable.

CREATE TYPE dtsen.nama;
COMMENT ON TYPE dtsen.nama IS
    'name of a person as written, with what comparing needs';

CREATE FUNCTION dtsen.nama_in(pg_catalog.cstring)
    RETURNS dtsen.nama
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10
    AS 'MODULE_PATHNAME', 'dtsen_nama_in';
COMMENT ON FUNCTION dtsen.nama_in(pg_catalog.cstring) IS
    'input function of nama';

CREATE FUNCTION dtsen.nama_out(dtsen.nama)
    RETURNS pg_catalog.cstring
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
    AS 'MODULE_PATHNAME', 'dtsen_nama_out';
COMMENT ON FUNCTION dtsen.nama_out(dtsen.nama) IS
    'output function of nama';

CREATE FUNCTION dtsen.nama_recv(pg_catalog.internal)
    RETURNS dtsen.nama
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10
    AS 'MODULE_PATHNAME', 'dtsen_nama_recv';
COMMENT ON FUNCTION dtsen.nama_recv(pg_catalog.internal) IS
    'binary input function of nama: the text alone, as strict as nama_in';

CREATE FUNCTION dtsen.nama_send(dtsen.nama)
    RETURNS pg_catalog.bytea
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
    AS 'MODULE_PATHNAME', 'dtsen_nama_send';
COMMENT ON FUNCTION dtsen.nama_send(dtsen.nama) IS
    'binary output function of nama: the text alone';

CREATE FUNCTION dtsen._nama_typanalyze(pg_catalog.internal)
    RETURNS pg_catalog.bool
    LANGUAGE c STRICT
    AS 'MODULE_PATHNAME', 'dtsen__nama_typanalyze';
COMMENT ON FUNCTION dtsen._nama_typanalyze(pg_catalog.internal) IS
    'statistics of a column of names: the standard ones, and its commonest words';
REVOKE ALL ON FUNCTION dtsen._nama_typanalyze(pg_catalog.internal) FROM PUBLIC;

CREATE TYPE dtsen.nama (
    INPUT = dtsen.nama_in,
    OUTPUT = dtsen.nama_out,
    RECEIVE = dtsen.nama_recv,
    SEND = dtsen.nama_send,
    ANALYZE = dtsen._nama_typanalyze,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = int4,
    STORAGE = extended,
    COLLATABLE = false
);

-- Casts. A varchar parameter, which is what JDBC binds, compares with a column
-- of type nama without a cast; text stays explicit.

CREATE FUNCTION dtsen.nama(pg_catalog.text)
    RETURNS dtsen.nama
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10
    AS 'MODULE_PATHNAME', 'dtsen_nama_from_text';
COMMENT ON FUNCTION dtsen.nama(pg_catalog.text) IS
    'a text as a name, as strict as input';

CREATE FUNCTION dtsen.nama(pg_catalog.varchar)
    RETURNS dtsen.nama
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10
    AS 'MODULE_PATHNAME', 'dtsen_nama_from_text';
COMMENT ON FUNCTION dtsen.nama(pg_catalog.varchar) IS
    'a varchar as a name, as strict as input';

CREATE FUNCTION dtsen.text(dtsen.nama)
    RETURNS pg_catalog.text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
    AS 'MODULE_PATHNAME', 'dtsen_nama_to_text';
COMMENT ON FUNCTION dtsen.text(dtsen.nama) IS
    'the name as written';

CREATE CAST (pg_catalog.text AS dtsen.nama)
    WITH FUNCTION dtsen.nama(pg_catalog.text);
COMMENT ON CAST (pg_catalog.text AS dtsen.nama) IS
    'explicit: errors as the input function';
CREATE CAST (pg_catalog.varchar AS dtsen.nama)
    WITH FUNCTION dtsen.nama(pg_catalog.varchar) AS IMPLICIT;
COMMENT ON CAST (pg_catalog.varchar AS dtsen.nama) IS
    'implicit: a bound varchar parameter compares with a nama column';
CREATE CAST (dtsen.nama AS pg_catalog.text)
    WITH FUNCTION dtsen.text(dtsen.nama) AS ASSIGNMENT;
COMMENT ON CAST (dtsen.nama AS pg_catalog.text) IS
    'on assignment: the name as written';

CREATE FUNCTION dtsen.to_nama(pg_catalog.text)
    RETURNS dtsen.nama
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10
    AS 'MODULE_PATHNAME', 'dtsen_to_nama';
COMMENT ON FUNCTION dtsen.to_nama(pg_catalog.text) IS
    'a text as a name, cleaned of control characters and repeated blanks; null when it is none';

CREATE FUNCTION dtsen.is_nama(pg_catalog.text)
    RETURNS pg_catalog.bool
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10
    AS 'MODULE_PATHNAME', 'dtsen_is_nama';
COMMENT ON FUNCTION dtsen.is_nama(pg_catalog.text) IS
    'would the cast to nama succeed?';

-- Comparison.

CREATE FUNCTION dtsen.nama_eq(dtsen.nama, dtsen.nama)
    RETURNS pg_catalog.bool
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
    AS 'MODULE_PATHNAME', 'dtsen_nama_eq';
COMMENT ON FUNCTION dtsen.nama_eq(dtsen.nama, dtsen.nama) IS
    'equal as written';

CREATE FUNCTION dtsen.nama_ne(dtsen.nama, dtsen.nama)
    RETURNS pg_catalog.bool
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
    AS 'MODULE_PATHNAME', 'dtsen_nama_ne';
COMMENT ON FUNCTION dtsen.nama_ne(dtsen.nama, dtsen.nama) IS
    'different as written';

CREATE FUNCTION dtsen.nama_lt(dtsen.nama, dtsen.nama)
    RETURNS pg_catalog.bool
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
    AS 'MODULE_PATHNAME', 'dtsen_nama_lt';
COMMENT ON FUNCTION dtsen.nama_lt(dtsen.nama, dtsen.nama) IS
    'before, by folded keys and then as written';

CREATE FUNCTION dtsen.nama_le(dtsen.nama, dtsen.nama)
    RETURNS pg_catalog.bool
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
    AS 'MODULE_PATHNAME', 'dtsen_nama_le';
COMMENT ON FUNCTION dtsen.nama_le(dtsen.nama, dtsen.nama) IS
    'before or equal';

CREATE FUNCTION dtsen.nama_gt(dtsen.nama, dtsen.nama)
    RETURNS pg_catalog.bool
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
    AS 'MODULE_PATHNAME', 'dtsen_nama_gt';
COMMENT ON FUNCTION dtsen.nama_gt(dtsen.nama, dtsen.nama) IS
    'after, by folded keys and then as written';

CREATE FUNCTION dtsen.nama_ge(dtsen.nama, dtsen.nama)
    RETURNS pg_catalog.bool
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
    AS 'MODULE_PATHNAME', 'dtsen_nama_ge';
COMMENT ON FUNCTION dtsen.nama_ge(dtsen.nama, dtsen.nama) IS
    'after or equal';

CREATE FUNCTION dtsen.nama_cmp(dtsen.nama, dtsen.nama)
    RETURNS pg_catalog.int4
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
    AS 'MODULE_PATHNAME', 'dtsen_nama_cmp';
COMMENT ON FUNCTION dtsen.nama_cmp(dtsen.nama, dtsen.nama) IS
    'btree comparison of nama: -1, 0 or 1 by sign';

CREATE FUNCTION dtsen.nama_sortsupport(pg_catalog.internal)
    RETURNS pg_catalog.void
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
    AS 'MODULE_PATHNAME', 'dtsen_nama_sortsupport';
COMMENT ON FUNCTION dtsen.nama_sortsupport(pg_catalog.internal) IS
    'sort support of nama';

CREATE FUNCTION dtsen.nama_hash(dtsen.nama)
    RETURNS pg_catalog.int4
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
    AS 'MODULE_PATHNAME', 'dtsen_nama_hash';
COMMENT ON FUNCTION dtsen.nama_hash(dtsen.nama) IS
    'hash of the name as written';

CREATE FUNCTION dtsen.nama_hash_extended(dtsen.nama, pg_catalog.int8)
    RETURNS pg_catalog.int8
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
    AS 'MODULE_PATHNAME', 'dtsen_nama_hash_extended';
COMMENT ON FUNCTION dtsen.nama_hash_extended(dtsen.nama, pg_catalog.int8) IS
    'seeded hash of the name as written';

CREATE OPERATOR dtsen.= (
    LEFTARG = dtsen.nama, RIGHTARG = dtsen.nama,
    FUNCTION = dtsen.nama_eq,
    COMMUTATOR = OPERATOR(dtsen.=), NEGATOR = OPERATOR(dtsen.<>),
    RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel,
    HASHES, MERGES
);
COMMENT ON OPERATOR dtsen.= (dtsen.nama, dtsen.nama) IS
    'equal as written';

CREATE OPERATOR dtsen.<> (
    LEFTARG = dtsen.nama, RIGHTARG = dtsen.nama,
    FUNCTION = dtsen.nama_ne,
    COMMUTATOR = OPERATOR(dtsen.<>), NEGATOR = OPERATOR(dtsen.=),
    RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR dtsen.<> (dtsen.nama, dtsen.nama) IS
    'different as written';

CREATE OPERATOR dtsen.< (
    LEFTARG = dtsen.nama, RIGHTARG = dtsen.nama,
    FUNCTION = dtsen.nama_lt,
    COMMUTATOR = OPERATOR(dtsen.>), NEGATOR = OPERATOR(dtsen.>=),
    RESTRICT = pg_catalog.scalarltsel, JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR dtsen.< (dtsen.nama, dtsen.nama) IS
    'before, by folded keys and then as written';

CREATE OPERATOR dtsen.<= (
    LEFTARG = dtsen.nama, RIGHTARG = dtsen.nama,
    FUNCTION = dtsen.nama_le,
    COMMUTATOR = OPERATOR(dtsen.>=), NEGATOR = OPERATOR(dtsen.>),
    RESTRICT = pg_catalog.scalarlesel, JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR dtsen.<= (dtsen.nama, dtsen.nama) IS
    'before or equal';

CREATE OPERATOR dtsen.> (
    LEFTARG = dtsen.nama, RIGHTARG = dtsen.nama,
    FUNCTION = dtsen.nama_gt,
    COMMUTATOR = OPERATOR(dtsen.<), NEGATOR = OPERATOR(dtsen.<=),
    RESTRICT = pg_catalog.scalargtsel, JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR dtsen.> (dtsen.nama, dtsen.nama) IS
    'after, by folded keys and then as written';

CREATE OPERATOR dtsen.>= (
    LEFTARG = dtsen.nama, RIGHTARG = dtsen.nama,
    FUNCTION = dtsen.nama_ge,
    COMMUTATOR = OPERATOR(dtsen.<=), NEGATOR = OPERATOR(dtsen.<),
    RESTRICT = pg_catalog.scalargesel, JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR dtsen.>= (dtsen.nama, dtsen.nama) IS
    'after or equal';

CREATE OPERATOR FAMILY dtsen.nama_btree_ops USING btree;
COMMENT ON OPERATOR FAMILY dtsen.nama_btree_ops USING btree IS
    'order of nama by folded keys, then as written';
CREATE OPERATOR CLASS dtsen.nama_btree_ops
    DEFAULT FOR TYPE dtsen.nama USING btree FAMILY dtsen.nama_btree_ops AS
    OPERATOR 1 dtsen.<, OPERATOR 2 dtsen.<=, OPERATOR 3 dtsen.=,
    OPERATOR 4 dtsen.>=, OPERATOR 5 dtsen.>,
    FUNCTION 1 dtsen.nama_cmp(dtsen.nama, dtsen.nama),
    FUNCTION 2 dtsen.nama_sortsupport(pg_catalog.internal),
    FUNCTION 4 pg_catalog.btequalimage(pg_catalog.oid);
COMMENT ON OPERATOR CLASS dtsen.nama_btree_ops USING btree IS
    'order of nama by folded keys, then as written';
CREATE OPERATOR FAMILY dtsen.nama_hash_ops USING hash;
COMMENT ON OPERATOR FAMILY dtsen.nama_hash_ops USING hash IS
    'equality of nama as written';
CREATE OPERATOR CLASS dtsen.nama_hash_ops
    DEFAULT FOR TYPE dtsen.nama USING hash FAMILY dtsen.nama_hash_ops AS
    OPERATOR 1 dtsen.=,
    FUNCTION 1 dtsen.nama_hash(dtsen.nama),
    FUNCTION 2 dtsen.nama_hash_extended(dtsen.nama, pg_catalog.int8);
COMMENT ON OPERATOR CLASS dtsen.nama_hash_ops USING hash IS
    'equality of nama as written';

-- What a name says.

CREATE FUNCTION dtsen.nama_normalize(pg_catalog.text)
    RETURNS pg_catalog.text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10
    AS 'MODULE_PATHNAME', 'dtsen_nama_normalize';
COMMENT ON FUNCTION dtsen.nama_normalize(pg_catalog.text) IS
    'upper case, without titles and degrees, abbreviations expanded; null when it is no name';

CREATE FUNCTION dtsen.nama_keys(dtsen.nama)
    RETURNS pg_catalog.text[]
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
    AS 'MODULE_PATHNAME', 'dtsen_nama_keys';
COMMENT ON FUNCTION dtsen.nama_keys(dtsen.nama) IS
    'folded keys of its words, for blocking';

CREATE FUNCTION dtsen.nama_mask(dtsen.nama)
    RETURNS pg_catalog.text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
    AS 'MODULE_PATHNAME', 'dtsen_nama_mask';
COMMENT ON FUNCTION dtsen.nama_mask(dtsen.nama) IS
    'initials and stars';

CREATE FUNCTION dtsen.nama_version()
    RETURNS pg_catalog.int4
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
    AS 'MODULE_PATHNAME', 'dtsen_nama_version';
COMMENT ON FUNCTION dtsen.nama_version() IS
    'version of the folding tables; a change asks for REINDEX';

-- Similarity.

CREATE FUNCTION dtsen.nama_similarity(dtsen.nama, dtsen.nama)
    RETURNS pg_catalog.float8
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF COST 20
    AS 'MODULE_PATHNAME', 'dtsen_nama_similarity';
COMMENT ON FUNCTION dtsen.nama_similarity(dtsen.nama, dtsen.nama) IS
    'graded similarity of two names, 0 to 1; symmetric, 1 for equal spellings';

CREATE FUNCTION dtsen.nama_distance(dtsen.nama, dtsen.nama)
    RETURNS pg_catalog.float8
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF COST 20
    AS 'MODULE_PATHNAME', 'dtsen_nama_distance';
COMMENT ON FUNCTION dtsen.nama_distance(dtsen.nama, dtsen.nama) IS
    '1 - nama_similarity';

-- A threshold that is none is an error, so nama_similar cannot be leakproof; with
-- a constant one that is right the planner (name_index.sql) puts _nama_similar in
-- its place, which is, and which may be answered from an index under row security.

CREATE FUNCTION dtsen._nama_similar(dtsen.nama, dtsen.nama, pg_catalog.float8)
    RETURNS pg_catalog.bool
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF COST 20
    AS 'MODULE_PATHNAME', 'dtsen__nama_similar';
COMMENT ON FUNCTION dtsen._nama_similar(dtsen.nama, dtsen.nama, pg_catalog.float8) IS
    'nama_similar with a threshold known to be right';

CREATE FUNCTION dtsen.nama_similar(dtsen.nama, dtsen.nama, pg_catalog.float8)
    RETURNS pg_catalog.bool
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 20
    AS 'MODULE_PATHNAME', 'dtsen_nama_similar';
COMMENT ON FUNCTION dtsen.nama_similar(dtsen.nama, dtsen.nama, pg_catalog.float8) IS
    'is the similarity at least the threshold given?';

CREATE FUNCTION dtsen.nama_similar(dtsen.nama, dtsen.nama)
    RETURNS pg_catalog.bool
    LANGUAGE c STABLE STRICT PARALLEL SAFE LEAKPROOF COST 20
    AS 'MODULE_PATHNAME', 'dtsen_nama_similar_op';
COMMENT ON FUNCTION dtsen.nama_similar(dtsen.nama, dtsen.nama) IS
    'is the similarity at least dtsen.nama_similarity_threshold?';

CREATE FUNCTION dtsen.nama_explain(dtsen.nama, dtsen.nama)
    RETURNS pg_catalog.jsonb
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100
    AS 'MODULE_PATHNAME', 'dtsen_nama_explain';
COMMENT ON FUNCTION dtsen.nama_explain(dtsen.nama, dtsen.nama) IS
    'pairs of words (masked), rules, weights and contributions behind a similarity';

CREATE OPERATOR dtsen.% (
    LEFTARG = dtsen.nama, RIGHTARG = dtsen.nama,
    FUNCTION = dtsen.nama_similar,
    COMMUTATOR = OPERATOR(dtsen.%),
    RESTRICT = pg_catalog.matchingsel, JOIN = pg_catalog.matchingjoinsel
);
COMMENT ON OPERATOR dtsen.% (dtsen.nama, dtsen.nama) IS
    'similar: at least dtsen.nama_similarity_threshold';
CREATE OPERATOR dtsen.<-> (
    LEFTARG = dtsen.nama, RIGHTARG = dtsen.nama,
    FUNCTION = dtsen.nama_distance,
    COMMUTATOR = OPERATOR(dtsen.<->)
);
COMMENT ON OPERATOR dtsen.<-> (dtsen.nama, dtsen.nama) IS
    'distance: 1 - nama_similarity';
