-- HMAC-SHA-256 from sha256() alone.
CREATE FUNCTION hmac(key bytea, message text) RETURNS bytea LANGUAGE sql AS $$
    SELECT sha256(string_agg(set_byte('\x00', 0, get_byte(p, i) # 92), '' ORDER BY i)
        || sha256(string_agg(set_byte('\x00', 0, get_byte(p, i) # 54), '' ORDER BY i) || convert_to(message, 'UTF8')))
    FROM (SELECT rpad(encode(key, 'hex'), 128, '0')) AS h (x), decode(h.x, 'hex') AS p, generate_series(0, 63) AS i
$$;
