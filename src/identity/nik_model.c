/*
 * nik_model.c
 *		How many numbers near a NIK are somebody's.
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
 * serials from how they are spread. What an exchange across two factors leads
 * to, or a digit lost and another filled in, is added as numbers of their own.
 */
#include "postgres.h"

#include "core/nik.h"
#include "identity/identity.h"
#include "identity/nik_model.h"

#define REGION_UNIT INT64_C(10000000000) /* numbers of one district */
#define SERIAL_UNIT 10000
#define DATES (62 * 12) /* day, sex and month that exist, nearly */

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

/* Fits the model to the values of a histogram; share: of rows that it stands for. */
void
dtsen_nik_fit(NikModel *model, const Datum *bounds, int nbounds, double share)
{
	double years = 0;
	double serials = 0;

	memset(model, 0, sizeof(*model));
	model->bounds = bounds;
	model->nbounds = nbounds;
	model->share = share;
	for (int i = 0; i < 10; i++)
		years += model->decade[i] = 1;
	for (int i = 0; i < NIK_SERIAL_CLASSES; i++)
		serials += model->serial[i] = 0.25;
	for (int i = 0; i < nbounds; i++)
	{
		int64 nik = DatumGetNik(bounds[i]);
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
	model->valid /= Max(nbounds, 1);
	for (int i = 0; i < 10; i++)
		model->decade[i] /= years;
	for (int i = 0; i < NIK_SERIAL_CLASSES; i++)
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

/* Are six digits a date, of a woman or a man? */
static bool
date_exists(int value)
{
	/* put where a NIK has them, after a region of no faults */
	return dtc_nik_faults(INT64_C(1101010000000001) +
						  (int64) value * SERIAL_UNIT) == 0;
}

/* Share of rows with the six digits of a date. */
static double
date_share(const NikModel *model, int value)
{
	double impossible = (1 - model->valid) / 1000000;

	if (!date_exists(value))
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

/* Share of numbers from least to most edits away, none of them across parts. */
static double
share_between(const NikModel *model, int64 nik, int least, int most)
{
	int region_value = (int) (nik / REGION_UNIT);
	int date_value = (int) (nik / SERIAL_UNIT % 1000000);
	int serial_value = (int) (nik % SERIAL_UNIT);
	bool two = most > 1;
	PartSums region = part_sums(model, region_share, region_value, 6, two);
	PartSums date = part_sums(model, date_share, date_value, 6, two);
	PartSums serial = part_sums(model, serial_share, serial_value, 4, two);
	double sum = 0;

	if (most > 2)
	{
		sample_regions(model, region_value, &region);
		spread_dates(model, date_value, &date);
		spread_serials(model, serial_value, &serial);
	}
	for (int r = 0; r <= PART_DIGITS && r <= most; r++)
	{
		for (int d = 0; d <= PART_DIGITS && r + d <= most; d++)
		{
			for (int s = 0; s <= 4 && r + d + s <= most; s++)
			{
				if (r + d + s >= least)
					sum += region.at[r] * date.at[d] * serial.at[s];
			}
		}
	}
	return sum;
}

/*
 * Share of rows k edits away by an exchange of the digits at two units, a ten
 * apart, of two parts. With fewer edits beside it they are within k edits by
 * replacing both digits, too.
 */
static double
exchanged_share(const NikModel *model, int64 nik, int64 unit, int k)
{
	int64 low = nik / unit % 10;
	int64 high = nik / unit / 10 % 10;

	if (low == high)
		return 0;
	return share_between(model,
						 nik + (high - low) * unit + (low - high) * unit * 10,
						 k - 1, k - 1);
}

/* The factors of a number, of so many digits, from the left. */
enum
{
	REGION,
	DATE,
	SERIAL,
	PARTS,
};
static const int part_begin[PARTS + 1] = {0, 6, 12, DTC_DIGITS};
static const PartShare part_share[PARTS] = {region_share, date_share,
											serial_share};

/* A number whose digits between two of them have moved, and factors of it. */
typedef struct Moved
{
	int value[PARTS];
	int kept[PARTS][2];  /* units of the digits that are not replaced, or 0 */
	double at[PARTS][2]; /* the factor, and the sum with a digit replaced */
} Moved;

/* Moves the digits: that at from is lost, the one at to is 0. */
static void
move_digits(const int *digit, int from, int to, Moved *m)
{
	int unit = 1;

	memset(m, 0, sizeof(*m));
	for (int p = PARTS - 1, i = DTC_DIGITS - 1; i >= 0; i--, unit *= 10)
	{
		int now = i == to               ? 0
				  : i >= from && i < to ? digit[i + 1]
				  : i <= from && i > to ? digit[i - 1]
										: digit[i];

		if (i < part_begin[p])
		{
			p--;
			unit = 1;
		}
		m->value[p] += now * unit;
		if (i == from)
			m->kept[p][0] = unit;
		if (i == to)
			m->kept[p][1] = unit;
	}
}

static void
sum_part(const NikModel *model, Moved *m, int p, bool more)
{
	m->at[p][0] = part_share[p](model, m->value[p]);
	if (more)
		m->at[p][1] = replaced(model, part_share[p], m->value[p],
							   part_begin[p + 1] - part_begin[p],
							   m->kept[p][0], m->kept[p][1]);
}

/*
 * Share of numbers within k edits, two of which are a digit lost and another one
 * filled in, two places away or more: what stands between them has moved. With
 * one edit more at most, and from numbers whose date exists.
 */
static double
moved_share(const NikModel *model, int64 nik, int k)
{
	int digit[DTC_DIGITS];
	double sum = 0;

	for (int i = DTC_DIGITS - 1; i >= 0; i--, nik /= 10)
		digit[i] = (int) (nik % 10);
	for (int from = 0; from < DTC_DIGITS; from++)
	{
		for (int to = 0; to < DTC_DIGITS; to++)
		{
			int step = to > from ? 1 : -1, apart = 1, part = 0;
			Moved m;

			/* of equal digits it is the same whichever is lost */
			if (abs(to - from) < 2 || digit[from] == digit[from + step])
				continue;
			while (to >= part_begin[part + 1])
				part++;
			move_digits(digit, from, to, &m);
			if (part != DATE && !date_exists(m.value[DATE]))
				continue;
			for (int i = from; i != to; i += step)
				apart += digit[i + step] != digit[i];
			for (int p = 0; p < PARTS; p++)
			{
				if (p != part)
					sum_part(model, &m, p, k > 2);
			}
			for (int d = 0; d <= 9; d++, m.value[part] += m.kept[part][1])
			{
				/* the same as one place before */
				if (d == digit[to] ||
					(part == DATE && !date_exists(m.value[DATE])))
					continue;
				sum_part(model, &m, part, k > 2);
				/* if not within k edits by replacing digits, too */
				if (apart > k)
					sum += m.at[0][0] * m.at[1][0] * m.at[2][0];
				if (apart + 1 > k && k > 2)
					sum += m.at[0][1] * m.at[1][0] * m.at[2][0] +
						   m.at[0][0] * m.at[1][1] * m.at[2][0] +
						   m.at[0][0] * m.at[1][0] * m.at[2][1];
			}
		}
	}
	return sum;
}

/* Share of rows of the column within k edits of a number, itself left out. */
double
dtsen_nik_neighbour_share(const NikModel *model, int64 nik, int k)
{
	double sum;

	if (k < 1)
		return 0;
	sum = share_between(model, nik, 1, k) +
		  exchanged_share(model, nik, SERIAL_UNIT / 10, k) +
		  exchanged_share(model, nik, REGION_UNIT / 10, k);
	if (k > 1)
		sum += moved_share(model, nik, k);
	return Min(sum, 1) * model->share;
}
