/*
 * nik_sel.c
 *		How many rows are within some edits of a NIK.
 *
 * The statistics of a column of NIKs are a histogram of about a hundred
 * values. They tell how many rows a region has. How many rows have one given
 * number in it they do not tell: almost all numbers of a region are nobody's,
 * while those near to a real one are mostly somebody's. So the estimate is a
 * model of how numbers are given, fitted to the values that the histogram
 * holds, which are a random sample of the column:
 *
 *		share of a number = share of its region (histogram)
 *						  * share of its date (day 1 of 62, month 1 of 12,
 *							the year after the sample)
 *						  * share of its serial (after the sample, smoothed)
 *
 * and the estimate is the sum of this over all numbers within the distance.
 * The three factors change independently, so the sum over 12 thousand numbers
 * within two edits, or 700 thousand within three, is one of a few products of
 * sums over one factor. At three edits and more the factors are not added up
 * number by number: how far regions are is taken from the sample, dates and
 * serials from how they are spread.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_statistic.h"
#include "catalog/pg_type.h"
#include "nodes/nodeFuncs.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/selfuncs.h"

#include "compat.h"
#include "core/nik.h"
#include "guc.h"
#include "identity/identity.h"

DTSEN_FUNCTION(dtsen__nik_similar_sel);
DTSEN_FUNCTION(dtsen__nik_similar_joinsel);
DTSEN_FUNCTION(dtsen__nik_ball_sel);

#define REGION_UNIT INT64_C(10000000000) /* numbers of one district */
#define SERIAL_UNIT 10000
#define SERIAL_CLASSES 14 /* 1, 2-3, 4-7, ... 8192-9999 */
#define SAMPLE_MAX 25     /* values of the other side that a join looks at */
#define DATES (62 * 12)   /* day, sex and month that exist, nearly */
/* share of rows when nothing is known of them: a few per exact match */
#define UNKNOWN_NEIGHBOURS 4.0

/* How the numbers of a column are distributed. */
typedef struct NikModel
{
	const Datum *bounds; /* histogram, ascending */
	int nbounds;
	double share;                  /* of rows that the histogram stands for */
	double valid;                  /* share of values with a possible date */
	double decade[10];             /* share of years by their first digit */
	double serial[SERIAL_CLASSES]; /* share of serials by size */
} NikModel;

/* The sums over one factor, by how many edits away: none to all digits. */
#define PART_DIGITS 6
typedef struct PartSums
{
	double at[PART_DIGITS + 1];
} PartSums;

typedef double (*PartShare)(const NikModel *model, int value);

/* Class of a serial of 1 to 9999 by its size. */
static int
serial_class(int value)
{
	int bits = 0;

	while (value > 1)
	{
		value >>= 1;
		bits++;
	}
	return bits;
}

/* Fits the model to the values of the histogram. */
static void
fit(NikModel *model, const AttStatsSlot *histogram, double share)
{
	double years = 0;
	double serials = 0;

	memset(model, 0, sizeof(*model));
	model->bounds = histogram->values;
	model->nbounds = histogram->nvalues;
	model->share = share;
	for (int i = 0; i < 10; i++)
		years += model->decade[i] = 1;
	for (int i = 0; i < SERIAL_CLASSES; i++)
		serials += model->serial[i] = 0.25;
	for (int i = 0; i < histogram->nvalues; i++)
	{
		int64 nik = DatumGetNik(histogram->values[i]);
		int serial = dtc_nik_serial(nik);

		if ((dtc_nik_faults(nik) & ~DTC_NIK_SERIAL_ZERO) == 0)
		{
			model->valid++;
			model->decade[nik / 100000 % 10]++;
			years++;
		}
		if (serial > 0)
		{
			model->serial[serial_class(serial)]++;
			serials++;
		}
	}
	model->valid /= Max(histogram->nvalues, 1);
	for (int i = 0; i < 10; i++)
		model->decade[i] /= years;
	for (int i = 0; i < SERIAL_CLASSES; i++)
		model->serial[i] /= serials;
}

/* Share of the histogram's rows that are below a number. */
static double
share_below(const NikModel *model, int64 limit)
{
	int low = 0;
	int high = model->nbounds - 1;
	int64 from;
	int64 to;

	if (limit <= DatumGetNik(model->bounds[low]))
		return 0;
	if (limit > DatumGetNik(model->bounds[high]))
		return 1;
	while (high - low > 1)
	{
		int middle = (low + high) / 2;

		if (limit <= DatumGetNik(model->bounds[middle]))
			high = middle;
		else
			low = middle;
	}
	from = DatumGetNik(model->bounds[low]);
	to = DatumGetNik(model->bounds[high]);
	return (low + (to > from ? (double) (limit - from) / (to - from) : 0.5)) /
		   (model->nbounds - 1);
}

/* Share of rows in a district, 0 to 999999. */
static double
region_share(const NikModel *model, int value)
{
	return share_below(model, (value + 1) * REGION_UNIT) -
		   share_below(model, value * REGION_UNIT);
}

/* Share of rows with the six digits of a date. */
static double
date_share(const NikModel *model, int value)
{
	/* put the digits where a NIK has them, after a region of no faults */
	int64 nik = INT64_C(1101010000000001) + (int64) value * SERIAL_UNIT;
	double impossible = (1 - model->valid) / 1000000;

	if (dtc_nik_faults(nik) != 0)
		return impossible;
	return impossible +
		   model->valid / DATES * model->decade[value / 10 % 10] / 10;
}

/* Share of rows with a serial. */
static double
serial_share(const NikModel *model, int value)
{
	int bits;

	if (value == 0)
		return 0;
	bits = serial_class(value);
	return model->serial[bits] / Min(1 << bits, SERIAL_UNIT - (1 << bits));
}

/*
 * Sum of a factor over the values with one digit replaced, but for digits at
 * two units.
 */
static double
replaced(const NikModel *model, PartShare share, int value, int digits,
		 int unit_a, int unit_b)
{
	double sum = 0;

	for (int i = 0, unit = 1; i < digits; i++, unit *= 10)
	{
		int digit = value / unit % 10;

		if (unit == unit_a || unit == unit_b)
			continue;
		for (int d = 0; d <= 9; d++)
		{
			if (d != digit)
				sum += share(model, value + (d - digit) * unit);
		}
	}
	return sum;
}

/*
 * Sums of a factor over the values of its digits: the value itself, all with
 * one digit replaced or two neighbours exchanged, all with two digits
 * replaced, or one and two others exchanged.
 */
static PartSums
part_sums(const NikModel *model, PartShare share, int value, int digits,
		  bool two)
{
	PartSums sums = {{share(model, value)}};

	sums.at[1] = replaced(model, share, value, digits, 0, 0);
	for (int i = 0, unit = 1; i < digits; i++, unit *= 10)
	{
		int digit = value / unit % 10;
		int next = value / unit / 10 % 10;

		if (i + 1 < digits && next != digit)
		{
			int exchanged =
				value + (next - digit) * unit + (digit - next) * unit * 10;

			sums.at[1] += share(model, exchanged);
			if (two)
				sums.at[2] +=
					replaced(model, share, exchanged, digits, unit, unit * 10);
		}
		if (!two)
			continue;
		/* this digit and one further to the left */
		for (int d = 0; d <= 9; d++)
		{
			int changed = value + (d - digit) * unit;

			if (d == digit)
				continue;
			for (int j = i + 1, other = unit * 10; j < digits;
				 j++, other *= 10)
			{
				int from = changed / other % 10;

				for (int e = 0; e <= 9; e++)
				{
					if (e != from)
						sums.at[2] +=
							share(model, changed + (e - from) * other);
				}
			}
		}
	}
	return sums;
}

/* How many of the lowest digits of two values differ. */
static int
digits_apart(int a, int b, int digits)
{
	int apart = 0;

	for (; digits > 0; digits--, a /= 10, b /= 10)
		apart += a % 10 != b % 10;
	return apart;
}

/*
 * Adds what the sample says of districts two edits away and more. Here an
 * exchange is one edit.
 */
static void
sample_regions(const NikModel *model, int value, PartSums *sums)
{
	double apart[PART_DIGITS + 1] = {0};

	for (int i = 0; i < model->nbounds; i++)
	{
		int64 other = DatumGetNik(model->bounds[i]) / REGION_UNIT;

		apart[dtc_nik_distance(other, value)] += 1.0 / model->nbounds;
	}
	sums->at[2] = Max(sums->at[2], apart[2]);
	for (int n = 3; n <= PART_DIGITS; n++)
		sums->at[n] = apart[n];
}

/*
 * Adds the dates three digits away and more: day, month and year have two
 * digits each and are spread independently, but for the days that some months
 * lack.
 */
static void
spread_dates(const NikModel *model, int value, PartSums *sums)
{
	/* of 6 digits, so many choices, and 9 other digits for each */
	static const double choices[] = {1,     54,     1215,  14580,
									 98415, 354294, 531441};
	double apart[3][3] = {{0}}; /* of day, month, year: 0, 1, 2 digits */

	for (int v = 0; v < 100; v++)
	{
		if (v % 40 >= 1 && v % 40 <= 31 && v < 80)
			apart[0][digits_apart(v, value / 10000, 2)] += 1.0 / 62;
		if (v >= 1 && v <= 12)
			apart[1][digits_apart(v, value / 100 % 100, 2)] += 1.0 / 12;
		apart[2][digits_apart(v, value % 100, 2)] +=
			model->decade[v / 10] / 10;
	}
	for (int n = 3; n <= PART_DIGITS; n++)
		sums->at[n] = (1 - model->valid) / 1000000 * choices[n];
	for (int day = 0; day <= 2; day++)
	{
		for (int month = 0; month <= 2; month++)
		{
			for (int year = 0; year <= 2; year++)
			{
				if (day + month + year >= 3)
					sums->at[day + month + year] +=
						model->valid * apart[0][day] * apart[1][month] *
						apart[2][year];
			}
		}
	}
}

/* Adds the serials three digits away, and four, which is all the rest. */
static void
spread_serials(const NikModel *model, int value, PartSums *sums)
{
	for (int kept = 0, unit = 1; kept < 4; kept++, unit *= 10)
	{
		int digit = value / unit % 10;

		/* all that keep this digit and no other */
		for (int v = 0; v < 1000; v++)
		{
			int other = v % unit + digit * unit + v / unit * unit * 10;

			if (digits_apart(other, value, 4) == 3)
				sums->at[3] += serial_share(model, other);
		}
	}
	sums->at[4] =
		Max(1 - sums->at[0] - sums->at[1] - sums->at[2] - sums->at[3], 0);
}

/* Share of one number. */
static double
number_share(const NikModel *model, int64 nik)
{
	return region_share(model, (int) (nik / REGION_UNIT)) *
		   date_share(model, (int) (nik / SERIAL_UNIT % 1000000)) *
		   serial_share(model, (int) (nik % SERIAL_UNIT));
}

/* Share of a number with the digits at two units, a ten apart, exchanged. */
static double
exchanged_share(const NikModel *model, int64 nik, int64 unit)
{
	int64 low = nik / unit % 10;
	int64 high = nik / unit / 10 % 10;

	if (low == high)
		return 0;
	return number_share(model,
						nik + (high - low) * unit + (low - high) * unit * 10);
}

/* Share of rows within k edits of a number, those that equal it left out. */
static double
neighbour_share(const NikModel *model, int64 nik, int k)
{
	int region_value = (int) (nik / REGION_UNIT);
	int date_value = (int) (nik / SERIAL_UNIT % 1000000);
	int serial_value = (int) (nik % SERIAL_UNIT);
	bool two = k > 1;
	PartSums region;
	PartSums date;
	PartSums serial;
	double sum = 0;

	if (k < 1)
		return 0;
	region = part_sums(model, region_share, region_value, 6, two);
	date = part_sums(model, date_share, date_value, 6, two);
	serial = part_sums(model, serial_share, serial_value, 4, two);
	if (k > 2)
	{
		sample_regions(model, region_value, &region);
		spread_dates(model, date_value, &date);
		spread_serials(model, serial_value, &serial);
	}
	for (int r = 0; r <= PART_DIGITS && r <= k; r++)
	{
		for (int d = 0; d <= PART_DIGITS && r + d <= k; d++)
		{
			for (int s = 0; s <= 4 && r + d + s <= k; s++)
			{
				if (r + d + s > 0)
					sum += region.at[r] * date.at[d] * serial.at[s];
			}
		}
	}
	/* exchanges across two parts are not within either */
	sum += exchanged_share(model, nik, SERIAL_UNIT / 10) +
		   exchanged_share(model, nik, REGION_UNIT / 10);
	return Min(sum, 1) * model->share;
}

/* Share of rows whose value is in the list of most common ones, near nik. */
static double
common_share(const AttStatsSlot *common, int64 nik, int k)
{
	double sum = 0;

	for (int i = 0; i < common->nvalues; i++)
	{
		int64 value = DatumGetNik(common->values[i]);

		if (value != nik && dtc_nik_within(value, nik, k))
			sum += common->numbers[i];
	}
	return sum;
}

/* The statistics of a column that the estimate needs. */
typedef struct NikStats
{
	AttStatsSlot common;
	AttStatsSlot histogram;
	NikModel model;
	double present; /* share of rows that are not null */
	bool known;     /* there are statistics */
	bool modeled;   /* among them a histogram */
} NikStats;

static void
load_stats(VariableStatData *vardata, NikStats *stats)
{
	double share;

	memset(stats, 0, sizeof(*stats));
	stats->present = 1;
	if (!HeapTupleIsValid(vardata->statsTuple) ||
		!statistic_proc_security_check(vardata, F_INT8EQ))
		return;
	stats->known = true;
	stats->present =
		1.0 -
		((Form_pg_statistic) GETSTRUCT(vardata->statsTuple))->stanullfrac;
	share = stats->present;
	if (get_attstatsslot(&stats->common, vardata->statsTuple,
						 STATISTIC_KIND_MCV, InvalidOid,
						 ATTSTATSSLOT_VALUES | ATTSTATSSLOT_NUMBERS))
	{
		for (int i = 0; i < stats->common.nvalues; i++)
			share -= stats->common.numbers[i];
	}
	if (get_attstatsslot(&stats->histogram, vardata->statsTuple,
						 STATISTIC_KIND_HISTOGRAM, InvalidOid,
						 ATTSTATSSLOT_VALUES) &&
		stats->histogram.nvalues > 1)
	{
		fit(&stats->model, &stats->histogram, Max(share, 0));
		stats->modeled = true;
	}
}

static void
free_stats(NikStats *stats)
{
	free_attstatsslot(&stats->common);
	free_attstatsslot(&stats->histogram);
}

/* Share of rows near a value, those that equal it left out. */
static double
near_share(const NikStats *stats, int64 nik, int k)
{
	double sum = common_share(&stats->common, nik, k);

	if (stats->modeled)
		sum += neighbour_share(&stats->model, nik, k);
	return sum;
}

/*
 * The average of near_share() over the values of another column, or of the
 * column itself: what a value that is not known yet will find.
 */
static double
average_near(const NikStats *stats, const NikStats *values, int k)
{
	int count = values->histogram.nvalues;
	int step = Max(count / SAMPLE_MAX, 1);
	int used = 0;
	double sum = 0;

	for (int i = step / 2; i < count; i += step, used++)
		sum += near_share(stats, DatumGetNik(values->histogram.values[i]), k);
	return used > 0 ? sum / used : 0;
}

/* Share of rows of one column near a constant or unknown value. */
static double
restriction_selectivity_of(PlannerInfo *root, List *args, int k, int varRelid)
{
	VariableStatData vardata;
	NikStats stats;
	Node *other;
	bool on_left;
	bool is_default;
	double distinct;
	double result;

	if (!get_restriction_variable(root, args, varRelid, &vardata, &other,
								  &on_left))
		return DEFAULT_EQ_SEL;
	if (IsA(other, Const) && ((Const *) other)->constisnull)
	{
		ReleaseVariableStats(vardata);
		return 0;
	}
	load_stats(&vardata, &stats);
	distinct = get_variable_numdistinct(&vardata, &is_default);
	if (IsA(other, Const))
	{
		Oid equality = dtsen_identity_equality(getBaseType(exprType(other)));

		result =
			var_eq_const(&vardata, equality, InvalidOid,
						 ((Const *) other)->constvalue, false, on_left, false);
		if (stats.known)
			result += near_share(
				&stats, DatumGetNik(((Const *) other)->constvalue), k);
	}
	else
	{
		result = stats.present / Max(distinct, 1);
		if (stats.known)
			result += average_near(&stats, &stats, k);
	}
	if (!stats.known)
		result += UNKNOWN_NEIGHBOURS * k / Max(distinct, 1);
	free_stats(&stats);
	ReleaseVariableStats(vardata);
	return result;
}

/* Share of pairs of rows of two columns that are near, or of outer rows. */
static double
join_selectivity_of(PlannerInfo *root, List *args, int k,
					SpecialJoinInfo *sjinfo)
{
	VariableStatData left;
	VariableStatData right;
	NikStats left_stats;
	NikStats right_stats;
	bool reversed;
	bool is_default;
	double distinct;
	double result;

	get_join_variables(root, args, sjinfo, &left, &right, &reversed);
	load_stats(&left, &left_stats);
	load_stats(&right, &right_stats);
	distinct = Max(get_variable_numdistinct(&left, &is_default),
				   get_variable_numdistinct(&right, &is_default));
	result = left_stats.present / Max(distinct, 1);
	if (left_stats.known && right_stats.known)
		result += average_near(&left_stats, &right_stats, k);
	else
		result += UNKNOWN_NEIGHBOURS * k / Max(distinct, 1);
	result *= right_stats.present;
	result = dtsen_identity_join_share(result, sjinfo,
									   reversed ? left.rel : right.rel);
	result = Min(result, reversed ? right_stats.present : left_stats.present);
	free_stats(&left_stats);
	free_stats(&right_stats);
	ReleaseVariableStats(left);
	ReleaseVariableStats(right);
	return result;
}

/*
 * Share of rows, or of pairs of rows, whose two arguments are within k edits.
 *
 * args: two expressions of nik; k: below 0 for not known when planning, which
 * is taken for 1; is_join, varRelid, sjinfo: as the planner gives them.
 */
double
dtsen_nik_selectivity(PlannerInfo *root, List *args, int k, bool is_join,
					  int varRelid, SpecialJoinInfo *sjinfo)
{
	double result;

	if (k < 0)
		k = 1;
	if (is_join)
		result = join_selectivity_of(root, args, k, sjinfo);
	else
		result = restriction_selectivity_of(root, args, k, varRelid);
	CLAMP_PROBABILITY(result);
	return result;
}

/* _nik_similar_sel(internal, oid, internal, int) -> float8: of %. */
Datum
dtsen__nik_similar_sel(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(dtsen_nik_selectivity(
		(PlannerInfo *) PG_GETARG_POINTER(0), (List *) PG_GETARG_POINTER(2),
		dtsen_nik_max_distance, false, PG_GETARG_INT32(3), NULL));
}

/*
 * _nik_similar_joinsel(internal, oid, internal, int2, internal) -> float8: of
 * %.
 */
Datum
dtsen__nik_similar_joinsel(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(dtsen_nik_selectivity(
		(PlannerInfo *) PG_GETARG_POINTER(0), (List *) PG_GETARG_POINTER(2),
		dtsen_nik_max_distance, true, 0,
		(SpecialJoinInfo *) PG_GETARG_POINTER(4)));
}

/*
 * _nik_ball_sel(internal, oid, internal, int) -> float8: of nik <@ ball, as
 * index conditions have it. The ball is a call there: what it is made of is
 * what the estimate is about.
 */
Datum
dtsen__nik_ball_sel(PG_FUNCTION_ARGS)
{
	List *args = (List *) PG_GETARG_POINTER(2);
	FuncExpr *ball = (FuncExpr *) lsecond(args);
	int k = dtsen_nik_max_distance;

	/* anybody may write a function that returns a ball */
	if (!IsA(ball, FuncExpr) || ball->args == NIL ||
		getBaseType(exprType(linitial(ball->args))) !=
			getBaseType(exprType(linitial(args))))
		PG_RETURN_FLOAT8(DEFAULT_EQ_SEL);
	if (list_length(ball->args) > 1)
	{
		Const *radius = (Const *) lsecond(ball->args);

		k = IsA(radius, Const) && radius->consttype == INT4OID &&
					!radius->constisnull
				? DatumGetInt32(radius->constvalue)
				: 1;
	}
	PG_RETURN_FLOAT8(
		dtsen_nik_selectivity((PlannerInfo *) PG_GETARG_POINTER(0),
							  list_make2(linitial(args), linitial(ball->args)),
							  k, false, PG_GETARG_INT32(3), NULL));
}
