-- Registry @registry@: figures of what goes on between editions, counted when
-- somebody asks: matching, programmes, aid paid, whether the journal verifies.
--
-- These are tables, not materialized views: those who read while they are
-- counted anew see the figures before, and are never locked out.

CREATE TABLE @registry@.padan_summary (
    pemadanan_id bigint NOT NULL REFERENCES @registry@.pemadanan,
    wilayah dtsen.kode_wilayah NOT NULL,
    status varchar(25) NOT NULL REFERENCES @registry@.padan_status,
    persons integer NOT NULL,
    is_hidden boolean NOT NULL,
    PRIMARY KEY (pemadanan_id, wilayah, status)
);
COMMENT ON TABLE @registry@.padan_summary IS 'Persons of a run of matching by district and finding';
COMMENT ON COLUMN @registry@.padan_summary.pemadanan_id IS 'The run';
COMMENT ON COLUMN @registry@.padan_summary.wilayah IS 'The district';
COMMENT ON COLUMN @registry@.padan_summary.status IS 'The finding';
COMMENT ON COLUMN @registry@.padan_summary.persons IS 'Persons';
COMMENT ON COLUMN @registry@.padan_summary.is_hidden IS 'Not for analysts: see is_hidden_cell()';

CREATE FUNCTION @registry@.padan_summarise(run_id bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    DELETE FROM @registry@.padan_summary AS s WHERE s.pemadanan_id = run_id;
    INSERT INTO @registry@.padan_summary (pemadanan_id, wilayah, status, persons, is_hidden)
    SELECT run_id, wilayah_parent(g.wilayah), g.status, sum(g.n),
        @registry@.is_hidden_cell(sum(g.n), min(sum(g.n)) OVER c, row_number() OVER (c ORDER BY sum(g.n), g.status),
            sum(sum(g.n)) OVER (c ORDER BY sum(g.n), g.status ROWS UNBOUNDED PRECEDING))
    FROM (SELECT r.wilayah, r.status, count(*) AS n FROM @registry@.pemadanan_result AS r
        WHERE r.pemadanan_id = run_id GROUP BY 1, 2) AS g
    GROUP BY wilayah_parent(g.wilayah), g.status
    WINDOW c AS (PARTITION BY wilayah_parent(g.wilayah))
$$;
COMMENT ON FUNCTION @registry@.padan_summarise(bigint) IS 'Counts a run of matching for analysts; pemadanan_run() calls it. SECURITY DEFINER, because nobody but the owner writes the figures';

CREATE TABLE @registry@.peserta_summary (
    edisi_id integer NOT NULL REFERENCES @registry@.edisi,
    program varchar(20) NOT NULL REFERENCES @registry@.program,
    wilayah dtsen.kode_wilayah NOT NULL,
    desil smallint,
    is_outside_rule boolean,
    recipients integer NOT NULL,
    is_hidden boolean NOT NULL,
    counted_at timestamptz NOT NULL,
    UNIQUE NULLS NOT DISTINCT (edisi_id, program, wilayah, desil)
);
-- its key may hold a NULL, which is no identity for logical replication
ALTER TABLE @registry@.peserta_summary REPLICA IDENTITY FULL;
COMMENT ON TABLE @registry@.peserta_summary IS 'Who was in programmes while an edition was the last one published, by regency and its decile; counted last before the next';
COMMENT ON COLUMN @registry@.peserta_summary.edisi_id IS 'The edition';
COMMENT ON COLUMN @registry@.peserta_summary.program IS 'The programme';
COMMENT ON COLUMN @registry@.peserta_summary.wilayah IS 'The regency or city';
COMMENT ON COLUMN @registry@.peserta_summary.desil IS 'Decile of the scope by which the programme judges; NULL: not ranked or not in the edition';
COMMENT ON COLUMN @registry@.peserta_summary.is_outside_rule IS 'The rule of the programme does not take this decile; NULL: it has no rule';
COMMENT ON COLUMN @registry@.peserta_summary.recipients IS 'Families or persons, by the unit of the programme';
COMMENT ON COLUMN @registry@.peserta_summary.is_hidden IS 'Not for analysts: see is_hidden_cell()';
COMMENT ON COLUMN @registry@.peserta_summary.counted_at IS 'When they were counted';

CREATE TABLE @registry@.penerimaan_summary (
    program varchar(20) NOT NULL REFERENCES @registry@.program,
    period date NOT NULL,
    wilayah dtsen.kode_wilayah NOT NULL,
    recipients integer NOT NULL,
    amount numeric(18, 0) NOT NULL,
    is_hidden boolean NOT NULL,
    counted_at timestamptz NOT NULL,
    PRIMARY KEY (program, period, wilayah)
);
COMMENT ON TABLE @registry@.penerimaan_summary IS 'Aid that was paid, by month and regency';
COMMENT ON COLUMN @registry@.penerimaan_summary.program IS 'The programme';
COMMENT ON COLUMN @registry@.penerimaan_summary.period IS 'Month it was paid for, its first day';
COMMENT ON COLUMN @registry@.penerimaan_summary.wilayah IS 'The regency or city';
COMMENT ON COLUMN @registry@.penerimaan_summary.recipients IS 'Families or persons paid';
COMMENT ON COLUMN @registry@.penerimaan_summary.amount IS 'Rupiah';
COMMENT ON COLUMN @registry@.penerimaan_summary.is_hidden IS 'Not for analysts: see is_hidden_cell()';
COMMENT ON COLUMN @registry@.penerimaan_summary.counted_at IS 'When they were counted';

CREATE FUNCTION @registry@.program_summarise() RETURNS timestamptz
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, dtsen, pg_temp
    SET jit = off SET enable_nestloop = off SET timezone = 'Asia/Jakarta'
AS $$
DECLARE
    last_id integer;
    due date;
BEGIN
    -- one at a time; readers go on with what was counted before
    LOCK TABLE @registry@.peserta_summary, @registry@.penerimaan_summary IN SHARE ROW EXCLUSIVE MODE;
    SELECT e.id, e.publish_at::date INTO last_id, due FROM @registry@.edisi AS e
    WHERE e.state = 'terbit' ORDER BY e.published_at DESC, e.id DESC LIMIT 1;
    DELETE FROM @registry@.peserta_summary AS s WHERE s.edisi_id = last_id;
    WITH r AS (SELECT DISTINCT ON (x.program) x.* FROM @registry@.program_rule AS x
        WHERE x.valid_from <= due ORDER BY x.program, x.valid_from DESC)
    INSERT INTO @registry@.peserta_summary (edisi_id, program, wilayah, desil, is_outside_rule, recipients, is_hidden, counted_at)
    SELECT last_id, g.program, g.kabupaten, g.desil, coalesce(g.desil NOT BETWEEN r.desil_from AND r.desil_to, NOT r.takes_unranked), g.n,
        @registry@.is_hidden_cell(g.n, min(g.n) OVER c, row_number() OVER (c ORDER BY g.n, g.desil),
            sum(g.n) OVER (c ORDER BY g.n, g.desil ROWS UNBOUNDED PRECEDING)), clock_timestamp()
    FROM (SELECT k.program, wilayah_parent(k.wilayah, 2) AS kabupaten, @registry@.desil_of(d, coalesce(r.desil_scope, 'nasional')) AS desil, count(*) AS n
        FROM @registry@.kepesertaan AS k
        LEFT JOIN r USING (program)
        LEFT JOIN (SELECT * FROM @registry@.desil AS x WHERE x.edisi_id = last_id) AS d ON d.keluarga_id = k.keluarga_id
        WHERE k.valid_to IS NULL AND last_id IS NOT NULL
        GROUP BY 1, 2, 3) AS g
    LEFT JOIN r USING (program)
    WINDOW c AS (PARTITION BY g.program, g.kabupaten);

    DELETE FROM @registry@.penerimaan_summary;
    INSERT INTO @registry@.penerimaan_summary (program, period, wilayah, recipients, amount, is_hidden, counted_at)
    SELECT g.program, g.period, g.kabupaten, g.n, g.amount,
        @registry@.is_hidden_cell(g.n, min(g.n) OVER c, row_number() OVER (c ORDER BY g.n, g.kabupaten),
            sum(g.n) OVER (c ORDER BY g.n, g.kabupaten ROWS UNBOUNDED PRECEDING)), clock_timestamp()
    FROM (SELECT r.program, r.period, wilayah_parent(r.wilayah, 2) AS kabupaten, count(*) AS n, sum(r.amount) AS amount
        FROM @registry@.penerimaan AS r GROUP BY 1, 2, 3) AS g
    WINDOW c AS (PARTITION BY g.program, g.period, wilayah_parent(g.kabupaten, 1));
    RETURN clock_timestamp();
END $$;
COMMENT ON FUNCTION @registry@.program_summarise() IS 'Counts anew, for analysts, who is in programmes and what was paid; publication calls it, and whoever enters such rows may, or a scheduler. SECURITY DEFINER, because nobody but the owner writes the figures';


CREATE TABLE @registry@.journal_summary (
    machine text PRIMARY KEY REFERENCES @registry@.machine,
    entries bigint NOT NULL,
    problems integer NOT NULL,
    last_at timestamptz,
    verified_at timestamptz NOT NULL
);
COMMENT ON TABLE @registry@.journal_summary IS 'What journal_check() said when it was last asked for the views. A note, no proof: whoever doubts asks dtsen.verify_journal()';
COMMENT ON COLUMN @registry@.journal_summary.machine IS 'What the entries are about';
COMMENT ON COLUMN @registry@.journal_summary.entries IS 'Entries that were verified';
COMMENT ON COLUMN @registry@.journal_summary.problems IS 'Problems that were found';
COMMENT ON COLUMN @registry@.journal_summary.last_at IS 'Time of the last entry then; NULL: there was none';
COMMENT ON COLUMN @registry@.journal_summary.verified_at IS 'When they were verified';

CREATE FUNCTION @registry@.journal_summarise() RETURNS timestamptz
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    LOCK TABLE @registry@.journal_summary IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM @registry@.journal_summary;
    INSERT INTO @registry@.journal_summary (machine, entries, problems, last_at, verified_at)
    SELECT j.machine, j.entry_count, j.problem_count, j.last_at, clock_timestamp() FROM @registry@.journal_check() AS j;
    RETURN clock_timestamp();
END $$;
COMMENT ON FUNCTION @registry@.journal_summarise() IS 'Verifies the journal for the views; edisi_publish() calls it at its end, and whoever enters data may, or a scheduler. Not for triggers of rows: what a statement changes is in the journal at its end. SECURITY DEFINER, because it reads every region and nobody but the owner writes the figures';
