-- To version 2: drift is found by comparing with the templates, not with a list
-- that the registry itself keeps.
DROP TABLE @registry@.manifest;
-- cells of summaries say themselves whether they are hidden: all are until counted (2_after.sql)
ALTER TABLE @registry@.desil_summary ADD is_hidden boolean NOT NULL DEFAULT true;
ALTER TABLE @registry@.desil_summary ALTER is_hidden DROP DEFAULT;
ALTER TABLE @registry@.movement_summary ADD is_hidden boolean NOT NULL DEFAULT true;
ALTER TABLE @registry@.movement_summary ALTER is_hidden DROP DEFAULT;
-- an address is known at the latest since its row last changed; a change of type fires no
-- trigger, so that no row gets another changed_at
ALTER TABLE @registry@.keluarga ADD alamat_since date;
ALTER TABLE @registry@.keluarga ALTER alamat_since TYPE date USING (changed_at AT TIME ZONE 'Asia/Jakarta')::date;
-- it takes the delimiter now
DROP FUNCTION @registry@.import_fields(text);
