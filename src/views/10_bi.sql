-- Registry @registry@: schema for analysts.
CREATE SCHEMA @registry_bi@;
COMMENT ON SCHEMA @registry_bi@ IS 'Views for analysts and BI tools on registry @registry@: standard types, no personal data';
