-- Registry @registry@: data handed out under pseudonyms, a key a project.

CREATE TABLE @registry@.project (
    project varchar(40) PRIMARY KEY CHECK (project ~ '^[a-z][a-z0-9_]*$'),
    purpose varchar(300) NOT NULL,
    legal_basis varchar(200) NOT NULL,
    key bytea NOT NULL DEFAULT sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'))
        CHECK (octet_length(key) >= 16),
    valid_from date NOT NULL DEFAULT CURRENT_DATE,
    valid_to date NOT NULL CHECK (valid_to >= valid_from)
);
COMMENT ON TABLE @registry@.project IS 'Projects that get data under pseudonyms; nobody but the owner reads the keys. Who deletes a key makes its pseudonyms anonymous';
COMMENT ON COLUMN @registry@.project.project IS 'Key of the project';
COMMENT ON COLUMN @registry@.project.purpose IS 'What the data are for';
COMMENT ON COLUMN @registry@.project.legal_basis IS 'Agreement or regulation';
COMMENT ON COLUMN @registry@.project.key IS 'Secret key of its pseudonyms';
COMMENT ON COLUMN @registry@.project.valid_from IS 'First day';
COMMENT ON COLUMN @registry@.project.valid_to IS 'Last day on which pseudonyms are made';

CREATE TABLE @registry@.project_login (
    project varchar(40) NOT NULL REFERENCES @registry@.project,
    login name NOT NULL,
    PRIMARY KEY (project, login)
);
COMMENT ON TABLE @registry@.project_login IS 'Who makes extracts for a project';
COMMENT ON COLUMN @registry@.project_login.project IS 'The project';
COMMENT ON COLUMN @registry@.project_login.login IS 'Login that may ask for its pseudonyms';

CREATE FUNCTION @registry@.project_key(project text) RETURNS bytea
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'Asia/Jakarta'
AS $$
DECLARE
    found_key bytea;
BEGIN
    SELECT p.key INTO found_key FROM @registry@.project AS p JOIN @registry@.project_login AS l USING (project)
    WHERE p.project = project_key.project AND l.login = @registry@.scope_login()
    AND CURRENT_DATE BETWEEN p.valid_from AND p.valid_to;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no pseudonyms of project "%" for this login', project_key.project
            USING ERRCODE = 'insufficient_privilege',
                HINT = 'The project must be in force, and table project_login must name the login.';
    END IF;
    RETURN found_key;
END $$;
COMMENT ON FUNCTION @registry@.project_key(text) IS 'Key of a project, for pseudonym(). SECURITY DEFINER, because nobody but the owner reads keys; granted to no role';

CREATE FUNCTION @registry@.pseudonym(project text, nik dtsen.nik) RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ BEGIN RETURN dtsen.nik_pseudonym(nik, @registry@.project_key(project)); END $$;
COMMENT ON FUNCTION @registry@.pseudonym(text, dtsen.nik) IS 'Pseudonym of a person in a project: the same within it, another in each other project. SECURITY DEFINER, because it uses the project''s key';
