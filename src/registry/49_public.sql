-- Registry @registry@: nothing is for PUBLIC; dtsen.setup_roles() grants.

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA @registry@ FROM PUBLIC;
