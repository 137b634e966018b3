SELECT bekasi.pemadanan_run() AS run \gset
SELECT * FROM bekasi.pemadanan_summary(:run);
SELECT verdict, sum(persons) AS persons FROM bekasi.pemadanan_summary(:run) GROUP BY verdict ORDER BY 2 DESC;
