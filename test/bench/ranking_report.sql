-- Report of test/bench/ranking.sql; psql variables rows, reps, dir.
\set ON_ERROR_STOP on
\set QUIET on
\pset footer off
SET search_path = public;
CREATE TABLE memory (label text, leader float8, worker float8, together float8);
SELECT format('COPY memory FROM %L', :'dir' || '/memory') \gexec
\echo '#' :rows 'families: CPU seconds of all processes, median of' :reps 'runs; wall seconds; largest process, temporary files, MB'
WITH m AS (
    SELECT task, variant, min(place) AS place, percentile_cont(0.5) WITHIN GROUP (ORDER BY cpu) AS cpu,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY wall) AS wall, max(temp) / 1e6 AS temp FROM run GROUP BY 1, 2)
SELECT m.task, m.variant, round(m.cpu::numeric, 2) AS cpu, round(m.wall::numeric, 2) AS wall,
    round((m.cpu / f.cpu)::numeric, 2) AS "x sum(score)", round((m.cpu / c.cpu)::numeric, 2) AS "x rival", c.variant AS rival,
    round((greatest(leader, worker) / 1024)::numeric) AS memory, round(m.temp::numeric) AS temp
FROM m JOIN m f ON f.task = 'floor' AND f.variant = 'sum(score)'
LEFT JOIN m c ON c.task = m.task AND c.variant IN ('percentile_disc, unweighted', 'weighted window', 'an aggregate that does nothing', 'sum(width_bucket(score, cuts))')
LEFT JOIN memory ON label = m.task || ': ' || m.variant
ORDER BY array_position('{floor,cuts,histogram,assign,both,514 regencies,"80,000 villages"}', m.task), m.cpu;
