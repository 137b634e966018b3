"""The questions and the metadata of the views through psycopg or SQLAlchemy.

client.py psycopg|sqlalchemy QUERIES ANSWERS METADATA
"""
import datetime
import os
import re
import sys

import psycopg2
import sqlalchemy

kind, queries, answers, metadata = sys.argv[1:]
login = {"host": "127.0.0.1", "port": os.environ["PGPORT"], "user": os.environ["PGUSER"],
         "dbname": os.environ["PGDATABASE"], "options": "-c TimeZone=Asia/Jakarta"}
WORDS = {1043: "VARCHAR", 23: "INTEGER", 20: "BIGINT", 1700: "NUMERIC", 701: "DOUBLE", 16: "BOOLEAN",
         1082: "DATE", 1184: "TIMESTAMP"}


def text(value):
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return str(value)


def questions():
    with open(queries, encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("#"):
                name, values, query = line.rstrip("\n").split("|", 2)
                yield name, values.split(",") if values else [], query


def write_rows(out, name, rows):
    out.write(f"== {name}\n")
    for row in rows:
        out.write("|".join(text(value) for value in row) + "\n")


def through_psycopg(out, about):
    db = psycopg2.connect(**login)
    cursor = db.cursor()
    for name, values, query in questions():
        cursor.execute(re.sub(r"\$[0-9]", "%s", query.replace("%", "%%")), values)
        write_rows(out, name, cursor.fetchall())
    cursor.execute("SELECT table_name FROM information_schema.views WHERE table_schema = 'bekasi_bi'")
    for (view,) in cursor.fetchall():
        cursor.execute(f'SELECT * FROM bekasi_bi."{view}" LIMIT 0')
        for column in cursor.description:
            size = column.precision if column.type_code == 1700 else column.internal_size
            about.write(f"{view}|{column.name}|{WORDS.get(column.type_code, 'OTHER')}|{size}|\n")


def through_sqlalchemy(out, about):
    engine = sqlalchemy.create_engine("postgresql+psycopg2://", connect_args=login)
    with engine.connect() as db:
        for name, values, query in questions():
            bound = {f"p{number}": value for number, value in enumerate(values, 1)}
            statement = sqlalchemy.text(re.sub(r"(?<!:):(?!:)", r"\:", query).replace("$", ":p"))
            write_rows(out, name, db.execute(statement, bound).fetchall())
    inspector = sqlalchemy.inspect(engine)
    for view in inspector.get_view_names("bekasi_bi"):
        for column in inspector.get_columns(view, "bekasi_bi"):
            kind_of = column["type"]
            word = type(kind_of).__name__
            size = getattr(kind_of, "length", None) or getattr(kind_of, "precision", None)
            if word not in ("VARCHAR", "NUMERIC"):
                size = 1
            about.write(f"{view}|{column['name']}|{word}|{size or 0}|"
                        f"{'comment' if column.get('comment') else ''}\n")


with open(answers, "w", encoding="utf-8") as out, open(metadata, "w", encoding="utf-8") as about:
    {"psycopg": through_psycopg, "sqlalchemy": through_sqlalchemy}[kind](out, about)
