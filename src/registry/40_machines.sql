-- Registry @registry@: under which version of its machine a row is.
--
-- The machines are data: data/machine/*.json, which the build puts behind this.
-- A ministry changes a step, a role or a guard by a new version
-- (dtsen.machine_draft(), or dtsen.machine_load() of a changed file); nothing of
-- it is in code. A row stays under the version in which it was born.

ALTER TABLE @registry@.usulan ADD machine_version integer NOT NULL DEFAULT 1;
ALTER TABLE @registry@.musyawarah ADD machine_version integer NOT NULL DEFAULT 1;
ALTER TABLE @registry@.batch ADD machine_version integer NOT NULL DEFAULT 1;
ALTER TABLE @registry@.edisi ADD machine_version integer NOT NULL DEFAULT 1;
COMMENT ON COLUMN @registry@.usulan.machine_version IS 'Version of its machine that it is under';
COMMENT ON COLUMN @registry@.musyawarah.machine_version IS 'Version of its machine that it is under';
COMMENT ON COLUMN @registry@.batch.machine_version IS 'Version of its machine that it is under';
COMMENT ON COLUMN @registry@.edisi.machine_version IS 'Version of its machine that it is under';
