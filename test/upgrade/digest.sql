-- Everything that CREATE EXTENSION dtsen leaves in the catalogues, one line a
-- fact, by name and never by OID: two databases with equal output are equal to
-- every user of the extension. Sorted bytewise, so that plain diff compares.
SELECT fact COLLATE "C"
  FROM (
    WITH member AS (
        SELECT d.classid, d.objid,
               pg_catalog.pg_describe_object(d.classid, d.objid, 0) AS object
          FROM pg_catalog.pg_depend d
          JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
         WHERE d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
           AND d.deptype = 'e' AND e.extname = 'dtsen'
    ), part AS (
        -- members and what hangs on them internally: array types, row types,
        -- entries of operator families
        SELECT classid, objid, object FROM member
        UNION
        SELECT d.classid, d.objid, pg_catalog.pg_describe_object(d.classid, d.objid, 0)
          FROM pg_catalog.pg_depend d
          JOIN member m ON m.classid = d.refclassid AND m.objid = d.refobjid
         WHERE d.deptype IN ('i', 'a')
    )
    SELECT 'extension ' || pg_catalog.to_jsonb(x)::text AS fact
      FROM (SELECT extname, extversion, extrelocatable, extnamespace::pg_catalog.regnamespace::text AS schema,
                   extcondition, extconfig IS NULL AS without_config
              FROM pg_catalog.pg_extension WHERE extname = 'dtsen') x
    UNION ALL
    SELECT 'member ' || object FROM member
    UNION ALL
    SELECT 'part ' || object FROM part
    UNION ALL
    SELECT 'comment on ' || p.object || CASE WHEN c.objsubid = 0 THEN '' ELSE ' column ' || c.objsubid END
           || ': ' || c.description
      FROM part p
      JOIN pg_catalog.pg_description c ON c.classoid = p.classid AND c.objoid = p.objid
    UNION ALL
    SELECT 'depends ' || p.object || ' on ' || d.deptype::text || ' '
           || pg_catalog.pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid)
      FROM part p
      JOIN pg_catalog.pg_depend d ON d.classid = p.classid AND d.objid = p.objid
    UNION ALL
    -- whole definition with arguments, defaults, volatility, cost, settings, body
    SELECT 'function ' || p.object || ': '
           || CASE WHEN f.prokind = 'a' THEN '' ELSE pg_catalog.pg_get_functiondef(f.oid) END
           || pg_catalog.jsonb_build_object('kind', f.prokind, 'leakproof', f.proleakproof, 'rows', f.prorows,
                  'cost', f.procost, 'support', f.prosupport::pg_catalog.regproc::text, 'parallel', f.proparallel,
                  'definer', f.prosecdef, 'acl', coalesce(f.proacl, pg_catalog.acldefault('f', f.proowner))::text)::text
      FROM part p JOIN pg_catalog.pg_proc f ON f.oid = p.objid
     WHERE p.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
    UNION ALL
    SELECT 'aggregate ' || p.object || ': ' || pg_catalog.to_jsonb(x)::text
      FROM part p,
           LATERAL (SELECT a.aggkind, a.aggnumdirectargs, a.aggtransfn::text, a.aggfinalfn::text, a.aggcombinefn::text,
                           a.aggserialfn::text, a.aggdeserialfn::text, a.aggmtransfn::text, a.aggminvtransfn::text,
                           a.aggmfinalfn::text, a.aggfinalextra, a.aggmfinalextra, a.aggfinalmodify, a.aggmfinalmodify,
                           a.aggsortop::pg_catalog.regoperator::text, a.aggtranstype::pg_catalog.regtype::text,
                           a.aggtransspace, a.agginitval, a.aggminitval
                      FROM pg_catalog.pg_aggregate a WHERE a.aggfnoid = p.objid) x
     WHERE p.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
    UNION ALL
    SELECT 'type ' || p.object || ': ' || pg_catalog.to_jsonb(x)::text
      FROM part p,
           LATERAL (SELECT t.typlen, t.typbyval, t.typtype, t.typcategory, t.typispreferred, t.typdelim,
                           t.typinput::text, t.typoutput::text, t.typreceive::text, t.typsend::text, t.typmodin::text,
                           t.typmodout::text, t.typanalyze::text, t.typsubscript::text, t.typalign, t.typstorage,
                           t.typnotnull, t.typbasetype::pg_catalog.regtype::text, t.typtypmod, t.typdefault,
                           coalesce(t.typacl, pg_catalog.acldefault('T', t.typowner))::text AS acl
                      FROM pg_catalog.pg_type t WHERE t.oid = p.objid) x
     WHERE p.classid = 'pg_catalog.pg_type'::pg_catalog.regclass
    UNION ALL
    SELECT 'attribute ' || t.oid::pg_catalog.regtype || ': ' || a.attnum || ' ' || a.attname || ' '
           || pg_catalog.format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
      FROM part p
      JOIN pg_catalog.pg_type t ON t.oid = p.objid AND p.classid = 'pg_catalog.pg_type'::pg_catalog.regclass
      JOIN pg_catalog.pg_attribute a ON a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT 'domain constraint ' || c.contypid::pg_catalog.regtype || ' ' || c.conname || ': ' || pg_catalog.pg_get_constraintdef(c.oid)
      FROM part p
      JOIN pg_catalog.pg_constraint c ON c.contypid = p.objid AND p.classid = 'pg_catalog.pg_type'::pg_catalog.regclass
    UNION ALL
    SELECT 'operator ' || p.object || ': ' || pg_catalog.to_jsonb(x)::text
      FROM part p,
           LATERAL (SELECT o.oprcanmerge, o.oprcanhash, o.oprresult::pg_catalog.regtype::text,
                           o.oprcom::pg_catalog.regoperator::text, o.oprnegate::pg_catalog.regoperator::text,
                           o.oprcode::text, o.oprrest::text, o.oprjoin::text
                      FROM pg_catalog.pg_operator o WHERE o.oid = p.objid) x
     WHERE p.classid = 'pg_catalog.pg_operator'::pg_catalog.regclass
    UNION ALL
    SELECT 'cast ' || p.object || ': ' || c.castcontext::text || ' ' || c.castmethod::text || ' '
           || CASE WHEN c.castfunc = 0 THEN '' ELSE c.castfunc::pg_catalog.regprocedure::text END
      FROM part p JOIN pg_catalog.pg_cast c ON c.oid = p.objid
     WHERE p.classid = 'pg_catalog.pg_cast'::pg_catalog.regclass
    UNION ALL
    SELECT 'operator class ' || p.object || ': ' || c.opcdefault || ' family ' || f.opfname || ' keys '
           || c.opckeytype::pg_catalog.regtype
      FROM part p
      JOIN pg_catalog.pg_opclass c ON c.oid = p.objid AND p.classid = 'pg_catalog.pg_opclass'::pg_catalog.regclass
      JOIN pg_catalog.pg_opfamily f ON f.oid = c.opcfamily
    UNION ALL
    SELECT 'family entry ' || m.amname || ' ' || f.opfname || ': operator ' || o.amopstrategy || ' '
           || o.amopopr::pg_catalog.regoperator || ' ' || o.amoppurpose::text
           || coalesce(' by ' || s.opfname, '')
      FROM pg_catalog.pg_amop o
      JOIN part p ON p.objid = o.amopfamily AND p.classid = 'pg_catalog.pg_opfamily'::pg_catalog.regclass
      JOIN pg_catalog.pg_opfamily f ON f.oid = o.amopfamily
      JOIN pg_catalog.pg_am m ON m.oid = f.opfmethod
      LEFT JOIN pg_catalog.pg_opfamily s ON s.oid = o.amopsortfamily
    UNION ALL
    SELECT 'family entry ' || m.amname || ' ' || f.opfname || ': function ' || o.amprocnum || ' '
           || o.amproclefttype::pg_catalog.regtype || ' ' || o.amprocrighttype::pg_catalog.regtype || ' '
           || o.amproc::pg_catalog.regprocedure
      FROM pg_catalog.pg_amproc o
      JOIN part p ON p.objid = o.amprocfamily AND p.classid = 'pg_catalog.pg_opfamily'::pg_catalog.regclass
      JOIN pg_catalog.pg_opfamily f ON f.oid = o.amprocfamily
      JOIN pg_catalog.pg_am m ON m.oid = f.opfmethod
    UNION ALL
    SELECT 'event trigger ' || t.evtname || ': ' || t.evtevent || ' ' || t.evtenabled::text || ' '
           || t.evtfoid::pg_catalog.regprocedure || ' ' || coalesce(t.evttags::text, '')
      FROM part p
      JOIN pg_catalog.pg_event_trigger t ON t.oid = p.objid AND p.classid = 'pg_catalog.pg_event_trigger'::pg_catalog.regclass
    UNION ALL
    SELECT 'view ' || p.object || ': ' || coalesce(r.reloptions::text, '') || ' ' || pg_catalog.pg_get_viewdef(r.oid)
      FROM part p
      JOIN pg_catalog.pg_class r ON r.oid = p.objid AND r.relkind = 'v' AND p.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
    UNION ALL
    SELECT 'schema dtsen: ' || coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner))::text
           || coalesce(' ' || pg_catalog.obj_description(n.oid, 'pg_namespace'), '')
      FROM pg_catalog.pg_namespace n WHERE n.nspname = 'dtsen'
    UNION ALL
    SELECT 'initial privileges of ' || p.object || ': ' || i.initprivs::text
      FROM part p JOIN pg_catalog.pg_init_privs i ON i.classoid = p.classid AND i.objoid = p.objid
  ) AS facts
 ORDER BY 1;
