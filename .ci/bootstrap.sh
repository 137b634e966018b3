# What ./check and ./demo share: install what is missing, then continue as an
# ordinary user in a copy of the tree. Sourced by a POSIX shell with `top` set
# to the directory of the tree; nothing in the tree itself is written to.
# shellcheck shell=sh

# Where a Debian has no server yet, the one that its own archive carries.
bootstrap_supported='18 17 16 15'
bootstrap_tools='make gcc libc6-dev binutils gettext locales perl libipc-run-perl
	libtap-parser-sourcehandler-pgtap-perl'

say() {
	printf '%s: %s\n' "${0##*/}" "$*"
}

fail() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

is_installed() {
	case $(dpkg-query -W -f '${Status}' "$1" 2>/dev/null) in
	*' installed') return 0 ;;
	*) return 1 ;;
	esac
}

# Prints what a system must have that this script does not know.
bootstrap_unknown() {
	cat >&2 <<TEXT
${0##*/}: this script installs packages on Debian 12 and 13 only, and this is ${1:-another system}.
Install these by the means of the system, then run: ${2} PG_CONFIG=/path/to/pg_config
  - a PostgreSQL server, 15 to 18, with its development files (pg_config, PGXS,
    pg_regress, pg_isolation_regress) and the pgTAP extension for that server
  - GNU make, a C compiler (gcc with ASan and UBSan), the headers of the C library, nm, gettext,
    localedef with its sources
  - perl with the modules IPC::Run and TAP::Parser::SourceHandler::pgTAP (pg_prove)
The server refuses to run as root: use an ordinary user.
TEXT
	exit 1
}

# Sets bootstrap_major: the newest server installed, else the release's own.
bootstrap_choose_server() {
	for bootstrap_major in $bootstrap_supported; do
		if is_installed "postgresql-$bootstrap_major"; then return; fi
	done
	case $1 in
	12) bootstrap_major=15 ;;
	13) bootstrap_major=17 ;;
	esac
}

# Undoes what kept Debian from creating and starting a cluster; safe to repeat.
bootstrap_release() {
	[ -z "${bootstrap_no_cluster:-}" ] || $sudo rm -f "$bootstrap_no_cluster"
	[ -z "${bootstrap_policy:-}" ] || $sudo rm -f "$bootstrap_policy"
	bootstrap_no_cluster='' bootstrap_policy=''
}

# Debian creates and starts a cluster with a new server, and starts those that
# an administrator stopped. Two files prevent both while packages install, and
# are removed afterwards; a file that is there already is left as it is.
bootstrap_hold() {
	conf_dir=/etc/postgresql-common/createcluster.d
	$sudo mkdir -p "$conf_dir"
	bootstrap_no_cluster=$conf_dir/zz-dtsen-tests.conf
	printf 'create_main_cluster = false\n' |
		$sudo sh -c 'cat >"$1"' sh "$bootstrap_no_cluster"
	if [ ! -e /usr/sbin/policy-rc.d ]; then
		bootstrap_policy=/usr/sbin/policy-rc.d
		printf '#!/bin/sh\ncase $1 in postgresql*) exit 101 ;; esac\nexit 0\n' |
			$sudo sh -c 'cat >"$1" && chmod 755 "$1"' sh "$bootstrap_policy"
	fi
}

bootstrap_apt() {
	$sudo env DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 \
		apt-get -q -y -o Dpkg::Use-Pty=0 -o APT::Update::Error-Mode=any \
		-o Acquire::Retries=3 "$@" </dev/null >"$bootstrap_log" 2>&1 || {
		tail -n 40 "$bootstrap_log" >&2
		fail "apt-get $1 failed, see above"
	}
}

# bootstrap MAKE_COMMAND [PACKAGE...]: installs what is missing and sets
# PG_CONFIG. MAKE_COMMAND is what to run by hand on a system not known here.
bootstrap() {
	by_hand=$1
	shift
	id='' version='' name=''
	if [ -r /etc/os-release ]; then
		id=$(. /etc/os-release && printf '%s' "${ID:-}")
		version=$(. /etc/os-release && printf '%s' "${VERSION_ID:-}")
		name=$(. /etc/os-release && printf '%s' "${PRETTY_NAME:-}")
	fi
	case $id:$version in
	debian:12 | debian:13) ;;
	*) bootstrap_unknown "$name" "$by_hand" ;;
	esac

	wanted=$bootstrap_tools
	if [ -n "${PG_CONFIG:-}" ]; then
		"$PG_CONFIG" --version >/dev/null 2>&1 ||
			fail "PG_CONFIG is \"$PG_CONFIG\", which does not run"
	else
		bootstrap_choose_server "$version"
		wanted="postgresql-$bootstrap_major postgresql-server-dev-$bootstrap_major
			postgresql-$bootstrap_major-pgtap $wanted"
	fi
	# Layouts differ between versions of clang-format; 14 is the one in use.
	if [ "$version" = 12 ]; then wanted="$wanted clang-format-14"; fi
	missing=''
	for package in $wanted "$@"; do
		is_installed "$package" || missing="$missing $package"
	done

	if [ -z "$missing" ]; then
		say "$name: every package needed is installed"
	else
		sudo=''
		if [ "$(id -u)" != 0 ]; then
			sudo=sudo
			command -v sudo >/dev/null 2>&1 ||
				fail "there is no sudo; as root run: apt-get install --no-install-recommends$missing"
		fi
		say "$name: installing$missing (without recommended packages; no cluster is created or started)"
		bootstrap_log=$(mktemp)
		trap 'bootstrap_release; rm -f "$bootstrap_log"' EXIT
		trap 'exit 130' INT TERM HUP
		bootstrap_apt update
		bootstrap_hold
		# First, alone: with it comes the user "postgres" and what reads the
		# file that prevents a cluster.
		is_installed postgresql-common ||
			bootstrap_apt install --no-install-recommends postgresql-common
		# shellcheck disable=SC2086
		bootstrap_apt install --no-install-recommends $missing
		bootstrap_release
		rm -f "$bootstrap_log"
		trap - EXIT INT TERM HUP
		for package in $missing; do
			is_installed "$package" || fail "package $package did not install"
		done
		say "packages are installed"
	fi
	: "${PG_CONFIG:=/usr/lib/postgresql/$bootstrap_major/bin/pg_config}"
	export PG_CONFIG
	say "server: $("$PG_CONFIG" --version)"
}

# scratch_copy DIRECTORY: fills it with the tree, without version control and
# without what .gitignore names as built, and gives it to the ordinary user:
# the caller, or "postgres" (else "nobody") when the caller is root.
scratch_copy() {
	case $1 in *[[:space:]]*) fail "\"$1\" has a blank, which make cannot stand" ;; esac
	sed -n -e '/^#/d' -e 's:/$::' -e 's:^/:./:' -e '/./p' "$top/.gitignore" >"$1/.exclude"
	# a directory inside the tree must not be copied into itself
	case $1 in "$top"/*) printf './%s\n' "${1#"$top"/}" >>"$1/.exclude" ;; esac
	mkdir "$1/tree"
	(cd "$top" && tar -cf - --exclude-from="$1/.exclude" --exclude=./.git .) |
		tar -xf - --no-same-owner -C "$1/tree"
	rm "$1/.exclude"
	if [ "$(id -u)" = 0 ]; then
		if id postgres >/dev/null 2>&1; then worker=postgres; else worker=nobody; fi
		chown -R "$worker:" "$1"
		say "continuing as user $worker in $1"
	else
		worker=''
		say "working in $1"
	fi
}

# as_worker DIRECTORY COMMAND [ARGUMENT...]: runs it there as the ordinary user
# of scratch_copy. The caller's PG* settings do not reach it, PG_CONFIG does.
as_worker() {
	directory=$1
	shift
	for variable in $(env | sed -n 's/^\(PG[A-Z_]*\)=.*/\1/p'); do
		[ "$variable" = PG_CONFIG ] || unset "$variable"
	done
	set -- env -C "$directory" HOME="$directory" LC_ALL=C.UTF-8 "$@"
	if [ -n "$worker" ]; then
		set -- setpriv --reuid="$worker" --regid="$(id -g "$worker")" \
			--clear-groups env USER="$worker" LOGNAME="$worker" "$@"
	fi
	"$@" </dev/null
}
