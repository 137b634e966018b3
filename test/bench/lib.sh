# Sourced by the benchmarks: checks the machine and the numbers given, prints
# the server's version, makes a scratch directory "$dir" that the server can
# write to and that goes away at the end.
if [ ! -r /proc/self/schedstat ]; then
	echo "bench: no /proc/self/schedstat here, CPU time cannot be read" >&2
	exit 1
fi
for number in "$@"; do
	case $number in
	'' | *[!0-9]*)
		echo "bench: \"$number\" is not a whole number: make bench-identity ROWS=100000" >&2
		exit 1
		;;
	esac
done
dir=$(mktemp -d "${TMPDIR:-/tmp}/dtsen-bench.XXXXXX")
trap 'rm -rf "$dir"' EXIT INT TERM HUP
psql -X -d postgres -At -c 'SELECT version()'
