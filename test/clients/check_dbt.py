"""Runs the tests of dbt's sources as SQL on the data: check_dbt.py FILE.yml

Prints a line of TAP for each test; psql's environment says where.
"""
import os
import sys

import psycopg2
import yaml

db = psycopg2.connect(host=os.environ["PGHOST"], port=os.environ["PGPORT"], user=os.environ["PGUSER"],
                      dbname=os.environ["PGDATABASE"])
cursor = db.cursor()


def found(query, values=()):
    cursor.execute(query, values)
    return cursor.fetchone()[0]


def failing(table, column, test, schemas):
    """Number of rows that break a test, as dbt counts them."""
    what, options = (test, {}) if isinstance(test, str) else next(iter(test.items()))
    if what == "not_null":
        return what, found(f"SELECT count(*) FROM {table} WHERE {column} IS NULL")
    if what == "unique":
        return what, found(f"SELECT count(*) FROM (SELECT {column} FROM {table} WHERE {column} IS NOT NULL"
                           f" GROUP BY 1 HAVING count(*) > 1) AS d")
    if what == "accepted_values":
        assert options["values"]
        return what, found(f"SELECT count(*) FROM {table} WHERE {column} IS NOT NULL AND {column} <> ALL (%s)",
                           (options["values"],))
    assert what == "relationships", what
    source, view = options["to"].removeprefix("source('").removesuffix("')").split("', '")
    return what, found(f"SELECT count(*) FROM {table} AS c WHERE {column} IS NOT NULL AND NOT EXISTS"
                       f" (SELECT FROM {schemas[source]}.{view} AS p WHERE p.{options['field']} = c.{column})")


with open(sys.argv[1], encoding="utf-8") as file:
    document = yaml.safe_load(file)
assert document["version"] == 2
schemas = {source["name"]: source["schema"] for source in document["sources"]}
seen = {}
for source in document["sources"]:
    for view in source["tables"]:
        assert view["description"]
        table = f"{source['schema']}.{view['name']}"
        for column in view["columns"]:
            cursor.execute("SELECT format_type(a.atttypid, a.atttypmod), col_description(a.attrelid, a.attnum) FROM pg_attribute AS a"
                           " WHERE a.attrelid = %s::regclass AND a.attname = %s", (table, column["name"]))
            ok = cursor.fetchone() == (column["data_type"], column["description"])
            print(f"{'ok' if ok else 'not ok'} - dbt: {table}.{column['name']} is described as the catalogue has it")
            for test in column.get("tests", []):
                what, rows = failing(table, column["name"], test, schemas)
                seen[what] = seen.get(what, 0) + 1
                print(f"{'ok' if rows == 0 else 'not ok'} - dbt: {what} of {table}.{column['name']}"
                      + (f" ({rows} rows)" if rows else ""))
for what in ("not_null", "unique", "accepted_values", "relationships"):
    print(f"{'ok' if seen.get(what) else 'not ok'} - dbt: there are tests of {what}")
