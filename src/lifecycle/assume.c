/*
 * assume.c
 *		Acting for another person, on the word of an application's secret.
 *
 * An application that connects with one login has people of its own, who are
 * no database roles. It asks for a nonce of the backend, signs it together with
 * the person's name, and presents the signature: from then on that person is
 * the actor, to the guard, the journal, the stamps and row security. No setting
 * holds it, so that nobody who can only send SQL makes himself another.
 *
 * Nonce and assumption live in this backend's memory. A nonce is good for one
 * attempt. Both end with the transaction, or with the session if the nonce was
 * asked for so: then also at the expiry of the token and at DISCARD ALL. Either
 * ends when the key is revoked, or the person is no longer an actor whom the key
 * may assume.
 */
#include "postgres.h"

#include "access/parallel.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "common/hmac.h"
#include "common/sha2.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "tcop/utility.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "errors.h"
#include "lifecycle/lifecycle.h"

#define DOMAIN "dtsen.assume.1"
#define NONCE_BYTES 32
#define LONGEST_KEY_ID 40
#define LONGEST_SECRET 128

/* What was handed out to be signed; empty: nothing. */
static char challenge[2 * NONCE_BYTES + 64] = "";
static bool challenge_for_session = false;

/* The tables that say whom a key may assume. */
typedef struct KeyTables
{
	Oid keys;
	Oid actors;
} KeyTables;

/* Who is assumed. */
static struct
{
	bool is_set;
	bool for_session;
	SubTransactionId subid; /* in which it was; invalid once committed */
	Oid session_user;
	NameData schema;
	NameData actor;
	char key_id[LONGEST_KEY_ID + 1];
	TimestampTz expires;
	TimestampTz key_ends;
	KeyTables tables;
	uint64 seen; /* the change of these tables that was seen last */
} assumed;
static uint64 serial = 0;  /* another one after each change of assumed */
static KeyTables asked;    /* those that are being asked */
static uint64 changes = 0; /* of those, or of the ones of assumed */

/* A row of table assume_key. */
typedef struct Key
{
	bool found;
	uint8 secret[LONGEST_SECRET];
	int len;
	TimestampTz ends; /* when it is over, or revoked */
	bool in_force;
	bool is_actor;
	bool may_assume;
} Key;

/* A token: key, expiry and signature. */
typedef struct Token
{
	char key_id[LONGEST_KEY_ID + 1];
	char expires_text[12];
	TimestampTz expires;
	uint8 mac[PG_SHA256_DIGEST_LENGTH];
} Token;

static void
forget(void)
{
	if (!assumed.is_set)
		return;
	memset(&assumed, 0, sizeof(assumed));
	serial++;
}

static ProcessUtility_hook_type previous_utility = NULL; /* not ours yet */

/* DISCARD ALL is what poolers send between two clients of a session. */
static void
utility(PlannedStmt *stmt, const char *query, bool read_only,
		ProcessUtilityContext context, ParamListInfo params,
		QueryEnvironment *environment, DestReceiver *dest,
		QueryCompletion *completion)
{
	if (IsA(stmt->utilityStmt, DiscardStmt) &&
		((DiscardStmt *) stmt->utilityStmt)->target == DISCARD_ALL)
	{
		forget();
		challenge[0] = '\0';
	}
	previous_utility(stmt, query, read_only, context, params, environment,
					 dest, completion);
}

/*
 * At the end of a transaction. What lasts for the session is undone by a
 * rollback, as what else the transaction did: nobody is assumed then.
 */
void
dtsen_lifecycle_assume_end(bool committed)
{
	if (!challenge_for_session)
		challenge[0] = '\0';
	if (!assumed.is_set)
		return;
	if (!assumed.for_session ||
		(!committed && assumed.subid != InvalidSubTransactionId))
		forget();
	else
		assumed.subid = InvalidSubTransactionId;
}

/* At the end of a subtransaction. */
void
dtsen_lifecycle_assume_subend(SubTransactionId mine, SubTransactionId parent,
							  bool committed)
{
	if (!assumed.is_set || assumed.subid != mine)
		return;
	if (committed)
		assumed.subid = parent;
	else
		forget();
}

/* A relation changed, InvalidOid: any may have. */
void
dtsen_lifecycle_assume_invalidate(Oid relid)
{
	if (relid == InvalidOid || relid == assumed.tables.keys ||
		relid == assumed.tables.actors || relid == asked.keys ||
		relid == asked.actors)
		changes++;
}

/*
 * Tables assume_key and actor of a schema, and who owns the lifecycle there. A
 * table assume_key of another owner's is none: he could have made it where the
 * lifecycle, of an earlier version, has none.
 */
static KeyTables
find_tables(const char *schema, Oid *owner)
{
	Oid nsp = get_namespace_oid(schema, true);
	const char *const names[2] = {"machine", "assume_key"};
	Oid relids[2] = {InvalidOid, InvalidOid};
	Oid owners[2] = {InvalidOid, InvalidOid};

	for (int i = 0; i < 2 && OidIsValid(nsp); i++)
	{
		HeapTuple tuple;

		relids[i] = get_relname_relid(names[i], nsp);
		tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relids[i]));
		if (!HeapTupleIsValid(tuple))
			continue;
		if (((Form_pg_class) GETSTRUCT(tuple))->relkind == RELKIND_RELATION)
			owners[i] = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
		ReleaseSysCache(tuple);
	}
	if (!OidIsValid(owners[0]) || owners[0] != owners[1])
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_TABLE),
						errmsg("there is no table \"%s\" in schema \"%s\"",
							   "assume_key", schema),
						errhint("A lifecycle of an earlier version gets it by "
								"dtsen.upgrade_lifecycle().")));
	*owner = owners[0];
	return (KeyTables){relids[1], get_relname_relid("actor", nsp)};
}

static SPIPlanPtr
key_plan(const char *schema)
{
	static NameData planned_schema;
	static SPIPlanPtr plan = NULL;
	Oid types[3] = {TEXTOID, NAMEOID, NAMEOID};
	const char *quoted = quote_identifier(schema);
	SPIPlanPtr fresh;

	if (plan != NULL && strcmp(NameStr(planned_schema), schema) == 0)
		return plan;
	fresh = SPI_prepare(
		psprintf(
			"SELECT k.secret::pg_catalog.bytea, "
			"COALESCE(k.revoked_at OPERATOR(pg_catalog.>) "
			"pg_catalog.clock_timestamp(), true) "
			"AND pg_catalog.clock_timestamp() OPERATOR(pg_catalog.>=) "
			"k.valid_from AND pg_catalog.clock_timestamp() "
			"OPERATOR(pg_catalog.<) k.valid_to, "
			"EXISTS (SELECT FROM %s.actor AS a "
			"WHERE a.login OPERATOR(pg_catalog.=) $3), "
			"$3 OPERATOR(pg_catalog.=) ANY (k.actors) "
			"OR NOT EXISTS (SELECT FROM %s.actor AS a "
			"WHERE a.login OPERATOR(pg_catalog.=) $3 "
			"AND a.actor_role OPERATOR(pg_catalog.<>) ALL (k.actor_roles)), "
			"LEAST(k.valid_to, k.revoked_at)::pg_catalog.timestamptz "
			"FROM %s.assume_key AS k "
			"WHERE k.key_id OPERATOR(pg_catalog.=) $1 "
			"AND k.login OPERATOR(pg_catalog.=) $2",
			quoted, quoted, quoted),
		3, types);
	if (fresh == NULL)
		elog(ERROR, "SPI_prepare: %s", SPI_result_code_string(SPI_result));
	SPI_keepplan(fresh);
	if (plan != NULL)
		SPI_freeplan(plan);
	plan = fresh;
	namestrcpy(&planned_schema, schema);
	return plan;
}

static bool
flag(int column)
{
	bool isnull;
	Datum value = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc,
								column, &isnull);

	return !isnull && DatumGetBool(value);
}

/* The key of the connected login, as it is committed now. */
static void
read_key(Key *key, const char *schema, const char *key_id, Name actor,
		 Oid owner)
{
	NameData login;
	Datum values[3];
	DtScope scope;
	int rc;

	memset(key, 0, sizeof(*key));
	key->len = LONGEST_SECRET;
	namestrcpy(&login, GetUserNameFromId(GetSessionUserId(), false));
	values[0] = CStringGetTextDatum(key_id);
	values[1] = NameGetDatum(&login);
	values[2] = NameGetDatum(actor);
	dtsen_lifecycle_enter(owner, &scope);
	SPI_connect();
	rc = SPI_execute_snapshot(key_plan(schema), values, NULL,
							  GetLatestSnapshot(), InvalidSnapshot, true,
							  false, 1);
	if (rc != SPI_OK_SELECT)
		elog(ERROR, "SPI_execute_snapshot: %s", SPI_result_code_string(rc));
	if (SPI_processed > 0)
	{
		bool isnull;
		Datum value = SPI_getbinval(SPI_tuptable->vals[0],
									SPI_tuptable->tupdesc, 1, &isnull);

		if (!isnull)
		{
			bytea *secret = DatumGetByteaPP(value);

			key->len = Min(VARSIZE_ANY_EXHDR(secret), LONGEST_SECRET);
			memcpy(key->secret, VARDATA_ANY(secret), key->len);
			key->found = key->len > 0;
		}
		key->in_force = flag(2);
		key->is_actor = flag(3);
		key->may_assume = flag(4);
		value = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 5,
							  &isnull);
		key->ends = isnull ? DT_NOBEGIN : DatumGetTimestampTz(value);
	}
	SPI_finish();
	dtsen_lifecycle_leave(&scope);
}

/* HMAC-SHA-256 over the canonical text: docs/lifecycle.md. */
static void
sign(const Key *key, const char *schema, const char *actor,
	 const char *expires, uint8 *mac)
{
	char *canonical =
		psprintf(DOMAIN "\n%s\n%s\n%s\n%s", challenge, schema, actor, expires);
	char *utf8 = pg_server_to_any(canonical, strlen(canonical), PG_UTF8);
	pg_hmac_ctx *context = pg_hmac_create(PG_SHA256);

	if (context == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	if (pg_hmac_init(context, key->secret, key->len) < 0 ||
		pg_hmac_update(context, (const uint8 *) utf8, strlen(utf8)) < 0 ||
		pg_hmac_final(context, mac, PG_SHA256_DIGEST_LENGTH) < 0)
	{
		pg_hmac_free(context);
		elog(ERROR, "could not compute an HMAC");
	}
	pg_hmac_free(context);
}

/* Takes the same time wherever they differ. */
static bool
same_mac(const uint8 *a, const uint8 *b)
{
	volatile uint8 difference = 0;

	for (int i = 0; i < PG_SHA256_DIGEST_LENGTH; i++)
		difference |= a[i] ^ b[i];
	return difference == 0;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* Reads "key.expiry.signature"; false: it has another form. */
static bool
parse_token(Token *token, const char *given)
{
	size_t id = strcspn(given, ".");
	const char *expires = given + id + 1;
	size_t digits;
	const char *mac;

	if (id == 0 || id > LONGEST_KEY_ID || given[id] != '.')
		return false;
	memcpy(token->key_id, given, id);
	token->key_id[id] = '\0';
	digits = strspn(expires, "0123456789");
	if (digits == 0 || digits >= sizeof(token->expires_text) ||
		expires[digits] != '.')
		return false;
	memcpy(token->expires_text, expires, digits);
	token->expires_text[digits] = '\0';
	token->expires =
		(strtoll(token->expires_text, NULL, 10) -
		 (int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY) *
		USECS_PER_SEC;
	mac = expires + digits + 1;
	if (strlen(mac) != 2 * PG_SHA256_DIGEST_LENGTH)
		return false;
	for (int i = 0; i < PG_SHA256_DIGEST_LENGTH; i++)
	{
		int high = hex_digit(mac[2 * i]);
		int low = hex_digit(mac[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		token->mac[i] = (uint8) (high << 4 | low);
	}
	return true;
}

static void
refuse_token(const char *detail)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION),
					errmsg("the token lets nobody be assumed"),
					errdetail("%s", dtsen_gettext(detail)),
					errhint("Ask for a nonce, sign it with a key of table "
							"assume_key that is of the connected login, and "
							"present it in the same transaction.")));
}

static void
refuse_key(void)
{
	refuse_token(gettext_noop("Its key is revoked, or not within its days."));
}

/* Whoever knows the secret may know why it does not help him; others may not. */
static void
check_key(const Key *key, const char *schema, Name actor, const Token *token)
{
	uint8 mac[PG_SHA256_DIGEST_LENGTH];

	sign(key, schema, NameStr(*actor), token->expires_text, mac);
	if (!same_mac(mac, token->mac) || !key->found)
		refuse_token(
			gettext_noop("It is not signed for this nonce, schema and "
						 "actor by a key of this login."));
	if (GetCurrentTimestamp() >= token->expires)
		refuse_token(gettext_noop("It has expired."));
	if (!key->in_force)
		refuse_key();
	if (!key->is_actor || !key->may_assume)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("key \"%s\" may not assume actor \"%s\"",
						token->key_id, NameStr(*actor)),
				 errhint("Columns actors and actor_roles of table "
						 "%s.assume_key say whom, and table %s.actor who "
						 "acts.",
						 quote_identifier(schema), quote_identifier(schema))));
}

/* Is the assumption, which lasted, still one? */
static void
check_still(void)
{
	TimestampTz now = GetCurrentStatementStartTimestamp();
	uint64 seen = changes;
	Oid owner;
	Key key;

	if (assumed.for_session && now >= assumed.expires)
		refuse_token(gettext_noop("It has expired."));
	if (assumed.seen != seen)
	{
		assumed.tables = find_tables(NameStr(assumed.schema), &owner);
		read_key(&key, NameStr(assumed.schema), assumed.key_id, &assumed.actor,
				 owner);
		explicit_bzero(key.secret, sizeof(key.secret));
		if (!key.found || !key.in_force)
			refuse_key();
		if (!key.is_actor || !key.may_assume)
			refuse_token(gettext_noop("Its key may no longer assume that "
									  "actor, or he is none any more."));
		/* not before: what was refused, or failed, is asked again */
		assumed.key_ends = key.ends;
		assumed.seen = seen;
	}
	if (assumed.for_session && now >= assumed.key_ends)
		refuse_key();
}

/*
 * Who is assumed in the lifecycle of a schema; NULL: nobody. number: another
 * one whenever the answer may be another.
 *
 * Errors: 28000 the assumption has expired, or its key was revoked or may no
 * longer assume that actor.
 */
Name
dtsen_lifecycle_assumed(const char *schema, uint64 *number)
{
	*number = 0;
	if (!assumed.is_set || assumed.session_user != GetSessionUserId() ||
		strcmp(NameStr(assumed.schema), schema) != 0)
		return NULL;
	check_still();
	*number = serial;
	return &assumed.actor;
}

/* Another number after each change of who is assumed. */
uint64
dtsen_lifecycle_assume_serial(void)
{
	return serial;
}

DTSEN_FUNCTION(dtsen_assume_nonce);

/*
 * assume_nonce(for_session) -> text: what the application is to sign. A new one
 * each time, in the place of that before.
 *
 * Errors: 22004.
 */
Datum
dtsen_assume_nonce(PG_FUNCTION_ARGS)
{
	uint8 random[NONCE_BYTES];
	char hex[2 * NONCE_BYTES + 1];

	if (PG_ARGISNULL(0))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("arguments must not be null")));
	dtsen_lifecycle_init();
	if (!pg_strong_random(random, sizeof(random)))
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR),
						errmsg("could not generate random values")));
	hex_encode((const char *) random, sizeof(random), hex);
	hex[2 * NONCE_BYTES] = '\0';
	challenge_for_session = PG_GETARG_BOOL(0);
	if (challenge_for_session && previous_utility == NULL)
	{
		previous_utility = ProcessUtility_hook != NULL
							   ? ProcessUtility_hook
							   : standard_ProcessUtility;
		ProcessUtility_hook = utility;
	}
	snprintf(challenge, sizeof(challenge), "%s.%d.%u.%c", hex, MyProcPid,
			 MyDatabaseId, challenge_for_session ? 's' : 't');
	PG_RETURN_TEXT_P(cstring_to_text(challenge));
}

DTSEN_FUNCTION(dtsen_assume);

/*
 * assume(schema, actor, token): from now on the actor of this lifecycle is
 * another, to the end of the transaction, or of the session if the nonce was
 * asked for so.
 *
 * token: "key.expiry.signature", expiry in seconds since 1970, signature the
 * HMAC-SHA-256, 64 hexadecimal digits, over "dtsen.assume.1", nonce, schema,
 * actor and expiry with line feeds between. The nonce is used up whatever
 * comes of it.
 *
 * Errors: 22004; 22023 a line feed in a name; 28000 the token is of another
 * form, not signed for this, expired, of a key that is not in force; 42501 the
 * key may not assume that actor; 42P01 the lifecycle has no keys.
 */
Datum
dtsen_assume(PG_FUNCTION_ARGS)
{
	const char *schema;
	NameData actor;
	Token token;
	Key key;
	Oid owner;
	volatile uint64 seen; /* for longjmp */
	volatile TimestampTz key_ends;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("arguments must not be null")));
	schema = NameStr(*PG_GETARG_NAME(0));
	actor = *PG_GETARG_NAME(1);
	if (strchr(schema, '\n') != NULL || strchr(NameStr(actor), '\n') != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("names of schema and actor hold no line feed")));
	if (challenge[0] == '\0')
		refuse_token(gettext_noop("No nonce was asked for, or it was used."));
	PG_TRY();
	{
		asked = find_tables(schema, &owner);
		seen = changes;
		if (!parse_token(&token, text_to_cstring(PG_GETARG_TEXT_PP(2))))
			refuse_token(gettext_noop("It is not of the form "
									  "key.expiry.signature."));
		read_key(&key, schema, token.key_id, &actor, owner);
		check_key(&key, schema, &actor, &token);
		key_ends = key.ends;
	}
	PG_FINALLY();
	{
		challenge[0] = '\0';
		explicit_bzero(key.secret, sizeof(key.secret));
	}
	PG_END_TRY();
	forget();
	assumed.for_session = challenge_for_session;
	assumed.subid = GetCurrentSubTransactionId();
	assumed.session_user = GetSessionUserId();
	namestrcpy(&assumed.schema, schema);
	assumed.actor = actor;
	strcpy(assumed.key_id, token.key_id);
	assumed.expires = token.expires;
	assumed.key_ends = key_ends;
	assumed.tables = asked;
	assumed.seen = seen;
	assumed.is_set = true;
	serial++;
	PG_RETURN_VOID();
}

DTSEN_FUNCTION(dtsen_assume_end);

/* assume_end(): nobody is assumed any more. */
Datum
dtsen_assume_end(PG_FUNCTION_ARGS)
{
	challenge[0] = '\0';
	forget();
	PG_RETURN_VOID();
}

/* Refuses to answer, in a parallel worker, who acts. */
void
dtsen_lifecycle_not_in_worker(void)
{
	if (IsParallelWorker())
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("a parallel worker does not know who is assumed"),
				 errhint("Functions that ask for it are PARALLEL "
						 "RESTRICTED.")));
}

DTSEN_FUNCTION(dtsen_assumed_actor);

/*
 * assumed_actor(schema) -> name: who is assumed in its lifecycle; NULL: nobody.
 *
 * Errors: 0A000 in a parallel worker, which does not know; 28000 the assumption
 * has expired, or its key was revoked or may no longer assume that actor.
 */
Datum
dtsen_assumed_actor(PG_FUNCTION_ARGS)
{
	uint64 number;
	Name actor;
	Name result;

	dtsen_lifecycle_not_in_worker();
	AcceptInvalidationMessages();
	actor = dtsen_lifecycle_assumed(NameStr(*PG_GETARG_NAME(0)), &number);
	if (actor == NULL)
		PG_RETURN_NULL();
	result = palloc(sizeof(NameData));
	*result = *actor;
	PG_RETURN_NAME(result);
}
