-- Registry @registry@: notes what was made.
INSERT INTO @registry@.manifest (kind, object, detail)
SELECT s.kind, s.object, s.detail FROM dtsen._registry_state('@registry@') AS s;
