INSERT INTO bekasi.edisi (name, cut_off_at, draw_at, recheck_from, recheck_to, publish_at)
VALUES (:'next', now() + interval '40 days', now() + interval '41 days', now() + interval '42 days',
    now() + interval '44 days', now() + interval '45 days');
SELECT bekasi.edisi_carry_over(o.id, n.id) FROM bekasi.edisi AS o, bekasi.edisi AS n
WHERE o.name = :'edition' AND n.name = :'next';
