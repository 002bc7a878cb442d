#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
#
# A throw-away PostgreSQL for tests and benchmarks, on a socket that only its owner
# can open, without any port. It forgets data on a power cut: never use it for more.
#
#   scripts/postgres.sh start|stop|status|url|env [DIR]
#
# DIR is ./var/test-postgres unless told. PG_BIN is the folder of initdb and pg_ctl
# when they are not found; `env` starts it when needed and prints a line for eval.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
command=${1:-}
dir=${2:-$root/var/test-postgres}

fail() {
	echo "postgres.sh: $*" >&2
	exit 1
}

find_bin() {
	if [[ -n ${PG_BIN:-} ]]; then
		[[ -x $PG_BIN/initdb ]] || fail "PG_BIN=$PG_BIN has no initdb"
		echo "$PG_BIN"
		return
	fi
	local newest
	newest=$(find /usr/lib/postgresql /usr/local/opt /opt/homebrew/opt -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1)
	if [[ -n $newest ]]; then
		dirname "$newest"
	elif command -v initdb >/dev/null; then
		dirname "$(command -v initdb)"
	else
		fail "PostgreSQL 15 or later is missing: run 'make setup', or set PG_BIN to the folder that holds initdb"
	fi
}

# PostgreSQL refuses to run as root: then it runs as the user postgres, who must be
# able to walk to its folder.
as_owner() {
	if [[ $(id -u) -eq 0 ]]; then
		runuser -u postgres -- "$@"
	else
		"$@"
	fi
}

prepare() {
	mkdir -p "$dir"
	dir=$(cd "$dir" && pwd)
	if [[ $(id -u) -eq 0 ]]; then
		id postgres >/dev/null 2>&1 || useradd --system --no-create-home postgres
		chown postgres "$dir"
	fi
	if ! as_owner test -w "$dir"; then
		dir=/tmp/approdo-postgres-$(printf %s "$dir" | cksum | cut -d ' ' -f 1)
		mkdir -p "$dir"
		[[ $(id -u) -ne 0 ]] || chown postgres "$dir"
	fi
	chmod 700 "$dir"
	socket=$dir
	# The path of a socket holds at most 107 bytes.
	if [[ ${#socket} -gt 80 ]]; then
		socket=/tmp/approdo-socket-$(printf %s "$dir" | cksum | cut -d ' ' -f 1)
		mkdir -p "$socket"
		[[ $(id -u) -ne 0 ]] || chown postgres "$socket"
		chmod 700 "$socket"
	fi
}

running() {
	[[ -f $dir/data/postmaster.pid ]] && as_owner "$bin/pg_ctl" status -D "$dir/data" >/dev/null 2>&1
}

start() {
	exec 9>"$dir.lock"
	flock 9
	if running; then
		return
	fi
	if [[ ! -f $dir/data/PG_VERSION ]]; then
		(cd / && as_owner "$bin/initdb" -D "$dir/data" -N -E UTF8 --locale=C -U approdo --auth=trust >"$dir.initdb.log" 2>&1) ||
			fail "initdb failed, see $dir.initdb.log"
	fi
	(cd / && as_owner "$bin/pg_ctl" start -w -t 60 -D "$dir/data" -l "$dir/data/server.log" -o "-k $socket -c listen_addresses='' \
		-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200 -c shared_buffers=128MB \
		-c max_wal_size=1GB -c autovacuum_naptime=10min" 9>&- >/dev/null) ||
		fail "PostgreSQL did not start, see $dir/data/server.log"
}

url() {
	echo "postgres://approdo@/postgres?host=$socket"
}

bin=$(find_bin)
prepare
case $command in
start) start && url ;;
env) start && echo "export APPRODO_TEST_POSTGRES='$(url)'" ;;
url) url ;;
status) if running; then echo "running: $(url)"; else echo "stopped" && exit 3; fi ;;
stop) if running; then (cd / && as_owner "$bin/pg_ctl" stop -w -m immediate -D "$dir/data" >/dev/null); fi ;;
*) fail "usage: postgres.sh start|stop|status|url|env [DIR]" ;;
esac
