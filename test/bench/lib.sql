-- Included by the benchmarks: CPU time of this backend in milliseconds, from
-- the scheduler's own clock (other work on the machine counts as little as can
-- be; it is set when a process stops, or every four milliseconds), and a
-- procedure that runs a query and keeps what it cost.
CREATE FUNCTION cpu() RETURNS float8 LANGUAGE sql VOLATILE AS $$
    SELECT split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::float8 / 1e6 FROM pg_sleep(0.0001) $$;
CREATE TABLE result (task text, variant text, cpu_ms float8);
CREATE PROCEDURE measure(task text, variant text, query text) LANGUAGE plpgsql AS $$
DECLARE
    started float8 := cpu();
BEGIN
    EXECUTE query;
    INSERT INTO result VALUES (task, variant, cpu() - started);
END $$;
