/*
 * The questions and the metadata of the views through ODBC.
 *   client DRIVER QUERIES ANSWERS METADATA
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sql.h>
#include <sqlext.h>

static void
check(SQLRETURN result, SQLSMALLINT type, SQLHANDLE handle, const char *what)
{
	SQLCHAR		state[6] = "",
				message[512] = "";

	if (SQL_SUCCEEDED(result) || result == SQL_NO_DATA)
		return;
	SQLGetDiagRec(type, handle, 1, state, NULL, message, sizeof message, NULL);
	fprintf(stderr, "%s: %s %s\n", what, state, message);
	exit(1);
}

static void
print_rows(FILE *out, SQLHSTMT query)
{
	SQLSMALLINT columns;

	check(SQLNumResultCols(query, &columns), SQL_HANDLE_STMT, query, "columns");
	while (SQLFetch(query) == SQL_SUCCESS)
	{
		for (SQLSMALLINT i = 1; i <= columns; i++)
		{
			char		value[4096];
			SQLLEN		length,
						type = 0;

			SQLColAttribute(query, i, SQL_DESC_CONCISE_TYPE, NULL, 0, NULL, &type);
			check(SQLGetData(query, i, SQL_C_CHAR, value, sizeof value, &length),
				  SQL_HANDLE_STMT, query, "value");
			if (length == SQL_NULL_DATA)
				strcpy(value, "\\N");
			else if (type == SQL_TYPE_TIMESTAMP)
				value[19] = '\0';
			else if (type == SQL_BIT)
				strcpy(value, strcmp(value, "1") == 0 ? "t" : "f");
			fprintf(out, "%s%s", i > 1 ? "|" : "", value);
		}
		fputc('\n', out);
	}
}

static void
ask(SQLHDBC db, FILE *out, char *line)
{
	char	   *name = strsep(&line, "|"),
			   *values = strsep(&line, "|");
	static SQLLEN lengths[8];
	SQLHSTMT	query;
	int			n = 0;

	line[strcspn(line, "\n")] = '\0';
	for (char *p = line; *p; p++)
	{
		if (p[0] == '$' && p[1] >= '1' && p[1] <= '9')
		{
			p[0] = '?';
			p[1] = ' ';
		}
	}
	check(SQLAllocHandle(SQL_HANDLE_STMT, db, &query), SQL_HANDLE_DBC, db, "statement");
	check(SQLPrepare(query, (SQLCHAR *) line, SQL_NTS), SQL_HANDLE_STMT, query, name);
	while (*values != '\0' && n < 8)
	{
		char	   *value = strsep(&values, ",");

		lengths[n] = SQL_NTS;
		check(SQLBindParameter(query, n + 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR,
							   strlen(value), 0, value, 0, &lengths[n]),
			  SQL_HANDLE_STMT, query, name);
		n++;
		if (values == NULL)
			break;
	}
	fprintf(out, "== %s\n", name);
	check(SQLExecute(query), SQL_HANDLE_STMT, query, name);
	print_rows(out, query);
	SQLFreeHandle(SQL_HANDLE_STMT, query);
}

/* SQLColumns: view, column, type as a word, size */
static void
describe(SQLHDBC db, FILE *out)
{
	SQLHSTMT	query;
	char		view[128],
				column[128],
				word[32];
	SQLSMALLINT type = 0;
	SQLINTEGER	size = 0;
	SQLLEN		length;

	check(SQLAllocHandle(SQL_HANDLE_STMT, db, &query), SQL_HANDLE_DBC, db, "statement");
	check(SQLColumns(query, NULL, 0, (SQLCHAR *) "bekasi\\_bi", SQL_NTS, NULL, 0, NULL, 0),
		  SQL_HANDLE_STMT, query, "SQLColumns");
	while (SQLFetch(query) == SQL_SUCCESS)
	{
		SQLGetData(query, 3, SQL_C_CHAR, view, sizeof view, &length);
		SQLGetData(query, 4, SQL_C_CHAR, column, sizeof column, &length);
		SQLGetData(query, 5, SQL_C_SSHORT, &type, 0, &length);
		SQLGetData(query, 7, SQL_C_SLONG, &size, 0, &length);
		switch (type)
		{
			case SQL_VARCHAR: case SQL_WVARCHAR: strcpy(word, "VARCHAR"); break;
			case SQL_INTEGER: strcpy(word, "INTEGER"); break;
			case SQL_BIGINT: strcpy(word, "BIGINT"); break;
			case SQL_NUMERIC: strcpy(word, "NUMERIC"); break;
			case SQL_DOUBLE: case SQL_FLOAT: strcpy(word, "DOUBLE"); break;
			case SQL_BIT: strcpy(word, "BIT"); break;
			case SQL_TYPE_DATE: strcpy(word, "DATE"); break;
			case SQL_TYPE_TIMESTAMP: strcpy(word, "TIMESTAMP"); break;
			case SQL_LONGVARCHAR: case SQL_WLONGVARCHAR: strcpy(word, "LONGVARCHAR"); break;
			default: sprintf(word, "OTHER %d", type);
		}
		fprintf(out, "%s|%s|%s|%d|\n", view, column, word, (int) size);
	}
}

int
main(int argc, char **argv)
{
	SQLHENV		env;
	SQLHDBC		db;
	SQLHSTMT	zone;
	char		login[512],
				line[4096];
	FILE	   *queries,
			   *answers,
			   *metadata;

	if (argc != 5 || !(queries = fopen(argv[2], "r")) || !(answers = fopen(argv[3], "w")) ||
		!(metadata = fopen(argv[4], "w")))
	{
		fprintf(stderr, "client DRIVER QUERIES ANSWERS METADATA\n");
		return 2;
	}
	snprintf(login, sizeof login, "Driver=%s;Server=127.0.0.1;Port=%s;Database=%s;Uid=%s;"
			 "BoolsAsChar=0;UseServerSidePrepare=1", argv[1], getenv("PGPORT"), getenv("PGDATABASE"),
			 getenv("PGUSER"));
	SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &env);
	SQLSetEnvAttr(env, SQL_ATTR_ODBC_VERSION, (SQLPOINTER) SQL_OV_ODBC3, 0);
	SQLAllocHandle(SQL_HANDLE_DBC, env, &db);
	check(SQLDriverConnect(db, NULL, (SQLCHAR *) login, SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT),
		  SQL_HANDLE_DBC, db, "connection");
	SQLAllocHandle(SQL_HANDLE_STMT, db, &zone);
	check(SQLExecDirect(zone, (SQLCHAR *) "SET TimeZone = 'Asia/Jakarta'", SQL_NTS),
		  SQL_HANDLE_STMT, zone, "time zone");
	SQLFreeHandle(SQL_HANDLE_STMT, zone);
	while (fgets(line, sizeof line, queries))
	{
		if (line[0] != '#')
			ask(db, answers, line);
	}
	describe(db, metadata);
	return fclose(answers) | fclose(metadata);
}
