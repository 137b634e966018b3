-- What CREATE EXTENSION leaves behind.
SELECT extversion = dtsen.dtsen_version() AS library_and_sql_agree
FROM pg_extension WHERE extname = 'dtsen';
-- the extension owns code only: not one table, sequence or view
SELECT pg_describe_object(classid, objid, 0)
FROM pg_depend
WHERE refclassid = 'pg_extension'::regclass
  AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'dtsen')
  AND deptype = 'e' AND classid = 'pg_class'::regclass;
