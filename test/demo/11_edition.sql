-- The calendar is data. The demo's month is short: the cut-off is when it says so.
INSERT INTO bekasi.edisi (name, cut_off_at, draw_at, recheck_from, recheck_to, publish_at)
VALUES ('v2_2026', now() + interval '10 days', now() + interval '11 days', now() + interval '12 days',
    now() + interval '14 days', now() + interval '15 days');
