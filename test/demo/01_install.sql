-- The only statements of a superuser: the extension, and a DBA who is none.
CREATE ROLE dba LOGIN CREATEROLE;
CREATE DATABASE demo OWNER dba;
\connect demo
CREATE EXTENSION dtsen;
-- so that sessions find the operators of the types without a prefix
ALTER DATABASE demo SET search_path = public, dtsen;
