"""The tasks of ranking.sql by DuckDB, on the same rows, with two threads.

    python3 test/bench/ranking_duckdb.py family.csv REPETITIONS

Prints the CPU seconds of all threads (median), wall seconds, and the largest
resident size of the process, which holds the table and grows only.
"""
import resource
import statistics
import sys
import time

import duckdb

FRACTIONS = "[.1,.2,.3,.4,.5,.6,.7,.8,.9]"
WORK = [
    ("floor", "sum(score)", "SELECT sum(score) FROM family"),
    ("cuts", "quantile_disc, unweighted",
     f"SELECT quantile_disc(score, {FRACTIONS}) FROM family"),
    ("both", "ntile, unweighted, ties at random",
     "SELECT sum(d) FROM (SELECT ntile(10) OVER (ORDER BY score) d FROM family)"),
    ("both", "weighted window",
     "SELECT sum(ceil(10.0::double * c / t)) FROM (SELECT sum(persons) OVER (ORDER BY score) c,"
     " sum(persons) OVER () t FROM family)"),
    ("514 regencies", "quantile_disc, unweighted",
     f"SELECT count(c) FROM (SELECT regency, quantile_disc(score, {FRACTIONS}) c FROM family GROUP BY 1)"),
    ("80,000 villages", "quantile_disc, unweighted",
     f"SELECT count(c) FROM (SELECT village, quantile_disc(score, {FRACTIONS}) c FROM family GROUP BY 1)"),
]


def main(file, repetitions):
    base = duckdb.connect()
    base.execute("SET threads = 2")
    base.execute(
        "CREATE TABLE family AS SELECT * FROM read_csv(?, header = false, columns ="
        " {'id': 'INTEGER', 'village': 'INTEGER', 'regency': 'INTEGER', 'score': 'DOUBLE', 'persons': 'INTEGER'})",
        [file])
    print(f"# DuckDB {duckdb.__version__}, two threads, the table in memory: median of {repetitions} runs")
    for task, variant, query in WORK:
        cpu, wall = [], []
        for _ in range(repetitions):
            began, spent = time.monotonic(), time.process_time()
            base.execute(query).fetchall()
            cpu.append(time.process_time() - spent)
            wall.append(time.monotonic() - began)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
        print(f"{task:16}| {variant:36}| cpu {statistics.median(cpu):6.2f} | wall {statistics.median(wall):6.2f}"
              f" | process {peak:6.0f} MB")


main(sys.argv[1], int(sys.argv[2]))
