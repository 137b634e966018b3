-- The only statements of a superuser: the extension, and a DBA who is none.
CREATE ROLE dba LOGIN CREATEROLE;
CREATE DATABASE demo OWNER dba;
\connect demo
CREATE EXTENSION dtsen;
