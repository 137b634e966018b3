-- Registry @registry@: schema for analysts, and which regions an analyst sees.
CREATE SCHEMA @registry_bi@;
COMMENT ON SCHEMA @registry_bi@ IS 'Views for analysts and BI tools on registry @registry@: standard types, no personal data';

CREATE FUNCTION @registry@.bi_scope() RETURNS TABLE (low dtsen.kode_wilayah, high dtsen.kode_wilayah)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 1 PARALLEL RESTRICTED SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    WITH g AS (
        SELECT DISTINCT coalesce(replace(a.wilayah, '.', ''), '') AS prefix FROM @registry@.actor AS a
        WHERE a.login = @registry@.scope_login() AND a.actor_role IN ('analis', 'auditor')
        UNION SELECT '' FROM pg_namespace AS n
        WHERE n.nspname = '@registry@' AND pg_has_role(to_regrole(quote_ident(@registry@.scope_login())), n.nspowner, 'MEMBER')
            AND dtsen.assumed_actor('@registry@') IS NULL)
    SELECT (CASE g.prefix WHEN '' THEN '01' ELSE g.prefix END)::kode_wilayah, rpad(g.prefix, 10, '9')::kode_wilayah
    FROM g WHERE NOT EXISTS (SELECT FROM g AS o WHERE o.prefix <> g.prefix AND starts_with(g.prefix, o.prefix))
$$;
COMMENT ON FUNCTION @registry@.bi_scope() IS 'Ranges of region codes whose figures the login may see, none within another: those of its rows in actor as analis or auditor; all for the owner. SECURITY DEFINER, because nobody but the owner reads actor';
REVOKE EXECUTE ON FUNCTION @registry@.bi_scope() FROM PUBLIC;

CREATE VIEW @registry@.edisi_published AS
    SELECT e.id AS publication_id, e.name::varchar(20) AS edition_name, e.published_at,
        (e.published_at AT TIME ZONE 'Asia/Jakarta')::date AS as_of_date,
        to_char(e.publish_at AT TIME ZONE 'Asia/Jakarta', 'YYYYMM')::integer AS month_key,
        date_trunc('month', e.publish_at AT TIME ZONE 'Asia/Jakarta')::date AS month_date
    FROM @registry@.edisi AS e WHERE e.state = 'terbit';
COMMENT ON VIEW @registry@.edisi_published IS 'Published editions, as the views for analysts name them';
COMMENT ON COLUMN @registry@.edisi_published.publication_id IS 'Key of the edition';
COMMENT ON COLUMN @registry@.edisi_published.edition_name IS 'Name of the edition';
COMMENT ON COLUMN @registry@.edisi_published.published_at IS 'When it was published';
COMMENT ON COLUMN @registry@.edisi_published.as_of_date IS 'Day of publication, in Jakarta';
COMMENT ON COLUMN @registry@.edisi_published.month_key IS 'Month in which the edition is due, as yyyymm';
COMMENT ON COLUMN @registry@.edisi_published.month_date IS 'First day of that month';
