-- To version 2: drift is found by comparing with the templates, not with a list
-- that the registry itself keeps.
DROP TABLE @registry@.manifest;
