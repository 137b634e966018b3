INSERT INTO bekasi.edisi (name, cut_off_at, draw_at, recheck_from, recheck_to, publish_at)
VALUES ('v3_2026', now() + interval '40 days', now() + interval '41 days', now() + interval '42 days',
    now() + interval '44 days', now() + interval '45 days');
SELECT bekasi.edisi_carry_over(v2.id, v3.id) FROM bekasi.edisi AS v2, bekasi.edisi AS v3
WHERE v2.name = 'v2_2026' AND v3.name = 'v3_2026';
