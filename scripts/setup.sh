#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
#
# Makes sure that programs are there: scripts/setup.sh go node postgres chromium fonts vdirsyncer shellcheck
# On Debian and Ubuntu it installs what is missing, and says so; elsewhere it says what
# to install, or which variable points to it. What is there costs nothing.
set -euo pipefail

missing=()  # packages to install
advice=()   # what to do where there is no apt-get

have() { command -v "$1" >/dev/null 2>&1; }

is_debian() { have apt-get && [[ -r /etc/os-release ]] && grep -qE '^ID(_LIKE)?=.*(debian|ubuntu)' /etc/os-release; }

need() { # PACKAGES ADVICE
	missing+=("$1")
	advice+=("$2")
}

# at_least 20 v18.2.0: is the first number of a version big enough?
at_least() {
	local version=${2#v}
	[[ ${version%%.*} =~ ^[0-9]+$ ]] && ((${version%%.*} >= $1))
}

want_go() {
	# From 1.21 on, Go fetches the version that go.mod names by itself.
	local version
	version=$("${GO:-go}" env GOVERSION 2>/dev/null || true)
	[[ $version =~ ^go1\.([0-9]+) ]] && ((BASH_REMATCH[1] >= 21)) && return
	need golang-go "Go 1.26 or later: https://go.dev/doc/install, or set GO to the program"
}

want_node() {
	if have "${NODE:-node}" && at_least 20 "$("${NODE:-node}" --version)" && have "${NPM:-npm}"; then return; fi
	need "nodejs npm" "Node 20 or later with npm: https://nodejs.org, or set NODE and NPM to the programs"
}

want_postgres() {
	[[ -n ${APPRODO_TEST_POSTGRES:-} ]] && return
	[[ -n ${PG_BIN:-} && -x ${PG_BIN:-}/initdb ]] && return
	have initdb && return
	compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null && return
	need postgresql "PostgreSQL 15 or later, or set PG_BIN to the folder that holds initdb"
}

want_chromium() {
	[[ -n ${CHROMIUM:-} && -x ${CHROMIUM:-} ]] && return
	have chromium-headless-shell && return
	# The same browser without its windows, which takes a third less time. Where nobody can install it, any will do.
	if grep -qx 'ID=debian' /etc/os-release 2>/dev/null && { [[ $(id -u) -eq 0 ]] || have sudo; }; then
		need chromium-headless-shell "Chromium, or set CHROMIUM to the program"
		return
	fi
	for name in chromium chromium-browser google-chrome; do have "$name" && return; done
	need chromium "Chromium, or set CHROMIUM to the program"
}

want_fonts() {
	is_debian || return 0
	local font
	for font in fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji; do
		dpkg-query -W -f '${Status}' "$font" 2>/dev/null | grep -q 'install ok' || need "$font" ""
	done
}

# A program for calendars that others wrote: the journeys hold our server to it, where Debian has it.
want_vdirsyncer() {
	is_debian || return 0
	have vdirsyncer || need vdirsyncer ""
}

want_scipy() {
	/usr/bin/python3 -c "import scipy.optimize" 2>/dev/null || need python3-scipy "SciPy for /usr/bin/python3"
}

want_shellcheck() {
	have shellcheck || need shellcheck "shellcheck: https://www.shellcheck.net"
}

install() {
	local packages sudo=()
	read -ra packages <<<"${missing[*]}"
	if [[ $(id -u) -ne 0 ]]; then
		have sudo || {
			echo "setup: missing: ${packages[*]}; ask an administrator to run: apt-get install ${packages[*]}" >&2
			exit 1
		}
		sudo=(sudo)
	fi
	echo "setup: installing with apt-get: ${packages[*]}"
	"${sudo[@]}" apt-get update -qq
	"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
}

check_all() {
	missing=()
	advice=()
	local what
	for what in "$@"; do
		"want_$what"
	done
}

for what in "$@"; do
	declare -F "want_$what" >/dev/null || {
		echo "setup.sh: what is '$what'?" >&2
		exit 2
	}
done
check_all "$@"
if ((${#missing[@]})) && is_debian; then
	install
	check_all "$@" # a distribution may carry a version that is too old
fi
if ((${#missing[@]})); then
	echo "setup: this is missing or too old:" >&2
	for line in "${advice[@]}"; do
		[[ -z $line ]] || echo "  - $line" >&2
	done
	exit 1
fi
