-- A lifecycle on a DBA's own table, without a registry: from birth to the end.
\set VERBOSITY terse
SET client_min_messages = warning;
CREATE ROLE regress_lc_owner;
CREATE ROLE regress_lc_operator;
CREATE ROLE regress_lc_verifier;
CREATE ROLE regress_lc_head;
CREATE SCHEMA lc AUTHORIZATION regress_lc_owner;
GRANT USAGE ON SCHEMA lc TO PUBLIC;
SET ROLE regress_lc_owner;
SELECT dtsen.create_lifecycle('lc');

-- a machine is data
INSERT INTO lc.machine VALUES ('usulan', 1, 'draf', 'Usulan', 'Proposal');
INSERT INTO lc.state (machine, state, is_final, is_published, sort_order) VALUES
    ('usulan', 'draf', false, false, 1),
    ('usulan', 'diajukan', false, false, 2),
    ('usulan', 'disahkan', false, false, 3),
    ('usulan', 'terbit', true, true, 4),
    ('usulan', 'ditolak', true, false, 5);
INSERT INTO lc.transition (machine, from_state, to_state, action, actor_role,
                           distinct_from, needs_reason) VALUES
    ('usulan', 'draf', 'diajukan', 'ajukan', 'operator', '{}', false),
    ('usulan', 'diajukan', 'disahkan', 'sahkan', 'verifikator', '{born,ajukan}', false),
    ('usulan', 'diajukan', 'ditolak', 'tolak', 'verifikator', '{born,ajukan}', true),
    ('usulan', 'disahkan', 'terbit', 'terbitkan', 'kepala', '{ajukan,sahkan}', false);
INSERT INTO lc.actor (login, actor_role, person_key, wilayah) VALUES
    ('regress_lc_operator', 'operator', 'P-1', '32.16.01'),
    ('regress_lc_verifier', 'verifikator', 'P-2', '32.16'),
    ('regress_lc_head', 'kepala', 'P-3', NULL);
SELECT * FROM dtsen.check_machine('lc');
SELECT dtsen.machine_diagram('lc', 'usulan');

-- the table is an ordinary one, with its own names
CREATE TABLE lc.proposal (
    number int PRIMARY KEY,
    step text NOT NULL DEFAULT 'draf',
    region text NOT NULL,
    content text,
    remark text,
    stamp timestamptz,
    by_whom name
);
GRANT SELECT, INSERT, UPDATE, DELETE ON lc.proposal TO PUBLIC;
INSERT INTO lc.proposal VALUES (1, 'draf', '32.16.01.2001', 'from before');
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT dtsen.attach('lc.proposal', 'usulan', 'lc', 'number', 'step', 'region', 'remark', 'stamp', 'by_whom');
ROLLBACK;
SELECT dtsen.attach('lc.proposal', 'usulan', 'lc', key_column => 'number',
    state_column => 'step', wilayah_column => 'region', reason_column => 'remark',
    changed_at_column => 'stamp', changed_by_column => 'by_whom',
    frozen_columns => '{content}');
SELECT * FROM dtsen.check_attached('lc.proposal');

SET ROLE regress_lc_operator;
INSERT INTO lc.proposal (number, region, content)
    SELECT g, '32.16.01.2001', 'new' FROM generate_series(2, 5) AS g;
UPDATE lc.proposal SET content = 'better' WHERE number = 2;
UPDATE lc.proposal SET step = 'diajukan' WHERE number <= 4;
UPDATE lc.proposal SET content = 'too late' WHERE number = 2;
UPDATE lc.proposal SET step = 'disahkan' WHERE number = 2;
UPDATE lc.proposal SET step = 'terbit' WHERE number = 2;
DELETE FROM lc.proposal;
SET ROLE regress_lc_verifier;
UPDATE lc.proposal SET step = 'disahkan' WHERE number <= 3;
UPDATE lc.proposal SET step = 'ditolak' WHERE number = 4;
UPDATE lc.proposal SET step = 'ditolak', remark = 'ganda' WHERE number = 4;
SET ROLE regress_lc_head;
UPDATE lc.proposal SET step = 'terbit' WHERE step = 'disahkan';
UPDATE lc.proposal SET remark = 'x' WHERE number = 1;
RESET ROLE;
SELECT number, step, content, remark, by_whom, stamp IS NOT NULL AS stamped
FROM lc.proposal ORDER BY number;
SELECT key, from_state, to_state, action, login, person_key, reason
FROM lc.journal ORDER BY key::int, seq;
SELECT chain, min(seq), max(seq), count(*) FROM lc.journal GROUP BY chain;
SELECT * FROM dtsen.verify_journal('lc');

-- nothing of it is the superuser's either
UPDATE lc.proposal SET step = 'diajukan' WHERE number = 5;
DELETE FROM lc.journal_block;

-- a partition is no way round: the guard looks, and the journal tells
SET ROLE regress_lc_owner;
CREATE TABLE lc.part (id int PRIMARY KEY, state text, wilayah text) PARTITION BY RANGE (id);
CREATE TABLE lc.part_1 PARTITION OF lc.part DEFAULT;
GRANT SELECT, INSERT, UPDATE, DELETE ON lc.part, lc.part_1 TO PUBLIC;
INSERT INTO lc.machine VALUES ('part', 1, 'a');
INSERT INTO lc.state (machine, state) VALUES ('part', 'a'), ('part', 'b');
INSERT INTO lc.transition (machine, from_state, to_state, action, actor_role) VALUES
    ('part', 'a', 'b', 'go', 'operator');
SELECT dtsen.attach('lc.part', 'part', 'lc', changed_at_column => NULL, changed_by_column => NULL);
SET ROLE regress_lc_operator;
INSERT INTO lc.part_1 VALUES (1, 'b', '321601');
INSERT INTO lc.part_1 VALUES (1, 'a', '321601');
INSERT INTO lc.part VALUES (1, 'a', '321601');
UPDATE lc.part_1 SET state = 'b';
BEGIN;
SAVEPOINT s;
UPDATE lc.part_1 SET state = 'b';
ROLLBACK TO s;
INSERT INTO lc.part VALUES (2, 'a', '321601');
COMMIT;
BEGIN;
SAVEPOINT s;
UPDATE lc.part_1 SET state = 'b';
RELEASE s;
COMMIT;
BEGIN;
UPDATE lc.part_1 SET state = 'b' WHERE id = 1;
UPDATE lc.part SET state = 'b' WHERE id = 2;
COMMIT;
RESET ROLE;
SELECT * FROM lc.part ORDER BY id;
SELECT * FROM dtsen.verify_journal('lc');

-- triggers that spill their tuples to disk, and many chains
SET ROLE regress_lc_owner;
INSERT INTO lc.actor (login, actor_role, person_key) VALUES ('regress_lc_head', 'operator', 'P-3');
SET ROLE regress_lc_head;
SET work_mem = '64kB';
INSERT INTO lc.part SELECT g, 'a', to_char(1100 + g % 37, 'FM0000') || '01' FROM generate_series(11, 5010) AS g;
UPDATE lc.part SET state = 'b' WHERE id > 10;
RESET work_mem;
RESET ROLE;
SELECT action, count(*), count(DISTINCT chain) FROM lc.journal
WHERE machine = 'part' AND key::int > 10 GROUP BY action ORDER BY action;
SELECT * FROM dtsen.verify_journal('lc');

SET dtsen.allow_data_loss = on;
DROP SCHEMA lc CASCADE;
DROP ROLE regress_lc_owner, regress_lc_operator, regress_lc_verifier, regress_lc_head;
