#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
#
# make test: every test. Go on SQLite and PostgreSQL with the race detector, then the
# journeys in a browser. Nothing is skipped: what is missing is installed or is an error.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh go node postgres chromium fonts vdirsyncer
eval "$(scripts/postgres.sh env)"
CHROMIUM=$(scripts/chromium.sh)
export CHROMIUM CGO_ENABLED=1

# make check has vetted the sources.
sum() { "${GO:-go}" tool -modfile=tools/go.mod gotestsum --format standard-quiet -- -vet=off "$@"; }

# The detector watches Go: SQLite's own C, translated, runs as it is. No other package may be named here:
# a generic function that two packages have made is linked once, and must not be the one that is not watched.
instrument='-gcflags=modernc.org/sqlite/lib=-race=false'

echo "test: Go, with the race detector, on SQLite and PostgreSQL"
sum -race "$instrument" -timeout 20m ./...

# There is nothing to race where one question is asked after the other, and the detector would make it ten
# times as long: every route and every policy as everybody, formats, sources. Their files say so at the top.
echo "test: Go, what asks one question after the other"
mapfile -t files < <(grep -rlx --include='*_test.go' '//go:build !race' cmd internal)
mapfile -t folders < <(printf './%s\n' "${files[@]%/*}" | sort -u)
tests=$(sed -nE 's/^func ((Test|Fuzz|Example)[A-Za-z0-9_]*)\(.*/\1/p' "${files[@]}" | paste -sd '|')
export CGO_ENABLED=0 GOFLAGS="${GOFLAGS:-} -trimpath" # as check.sh and the program: compiled once
sum -timeout 20m -run "^($tests)\$" "${folders[@]}"

echo "test: journeys in a browser"
# One part starts the gallery by "go run": it is compiled as above.
scripts/e2e.sh test
