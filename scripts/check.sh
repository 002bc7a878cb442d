#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
#
# make check: everything that can be said about the sources without running them.
# All checks run; the list of those that failed comes last.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

scripts/setup.sh go node shellcheck || exit 1
go=${GO:-go}
cache=$PWD/var/cache
mkdir -p "$cache/tools"
failed=()

check() { # NAME COMMAND...
	local name=$1 start=$SECONDS
	shift
	echo "check: $name"
	if ! "$@"; then
		failed+=("$name")
		echo "check: $name FAILED" >&2
	fi
	((SECONDS - start < 20)) || echo "check: $name took $((SECONDS - start)) s"
}

# The tools are built once; tools/go.mod pins them, so that they are nobody's dependency.
build_tools() { (cd tools && "$go" vet ./... && "$go" build -o "$cache/tools/" tool ./security); }

sources() { git ls-files --cached --others --exclude-standard -- '*.go' | grep -v '_templ\.go$'; }

format() {
	local bad
	bad=$(sources | xargs -r ls -d 2>/dev/null | xargs "$cache/tools/goimports" -l -local approdo) || return 1
	[[ -z $bad ]] || {
		printf 'run goimports -w -local approdo on:\n%s\n' "$bad"
		return 1
	}
}

# Files with this tag come to the others; there is none that it leaves out.
vet() { "$go" vet -tags stress ./... && (cd bench && "$go" vet ./...); }

static() { "$cache/tools/staticcheck" -tags stress ./... && (cd bench && "$cache/tools/staticcheck" ./...); }

vulnerabilities() {
	local archive
	archive=$(find "$APPRODO_SHARED/security" -name 'govulndb-*.tar.gz' 2>/dev/null | sort | tail -n 1)
	[[ -n $archive ]] || {
		echo "the vulnerability database is not in $APPRODO_SHARED/security: set APPRODO_SHARED to the folder of shared data"
		return 1
	}
	local folder
	folder=$cache/$(basename "$archive" .tar.gz)
	if [[ ! -f $folder/.complete ]]; then
		rm -rf "$folder" && mkdir -p "$folder" &&
			tar -xzf "$archive" -C "$folder" --strip-components=1 && touch "$folder/.complete" || return 1
	fi
	"$cache/tools/govulncheck" -db "file://$folder" ./...
}

# Building again must change no byte.
fingerprint() {
	{
		find internal -name '*_templ.go' -print0
		find internal/kit/web/static web/sources.sum -type f -print0
	} | LC_ALL=C sort -z | xargs -0 sha256sum
}

generated() {
	local before
	before=$(fingerprint)
	"$cache/tools/templ" generate -log-level error && scripts/web.sh --force || return 1
	diff <(echo "$before") <(fingerprint) || {
		echo "generated files were not up to date; they are now: commit them"
		return 1
	}
}

modules() {
	"$go" mod tidy -diff && "$go" mod verify >/dev/null && (cd bench && "$go" mod tidy -diff) && (cd tools && "$go" mod tidy -diff)
}

scripts_() { shellcheck scripts/*.sh .ci/run; }

: "${APPRODO_SHARED:=$PWD/../shared/data}"
# Without cgo and paths, as the program is built: what is compiled here is not compiled again there.
export APPRODO_SHARED GOFLAGS="${GOFLAGS:-} -trimpath" CGO_ENABLED=0
check "tools" build_tools
check "format" format
check "scripts" scripts_
check "generated code" generated
check "modules" modules
check "vet" vet
check "house rules" "$go" test -count=1 ./internal/archtest
check "staticcheck" static
check "security" "$cache/tools/security"
check "vulnerabilities" vulnerabilities

if ((${#failed[@]})); then
	echo "check: failed: ${failed[*]}" >&2
	exit 1
fi
echo "check: all good in $SECONDS s"
