/*
 * no_leaks.c
 *		Linked into sanitized unit tests where /proc is not mounted: the leak
 *		checker needs it, and without it no environment variable reaches the
 *		sanitizers either.
 */
const char *__asan_default_options(void);

const char *
__asan_default_options(void)
{
	return "detect_leaks=0";
}
