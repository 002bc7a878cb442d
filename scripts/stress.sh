#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
#
# make stress: what takes too long for every day. The tests that carry the build tag stress, and the
# mutants: every policy and every list scope is taken away once, and some test has to notice.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh go postgres
eval "$(scripts/postgres.sh env)"
go="${GO:-go}"

echo "stress: many at once, with the race detector"
# As in scripts/test.sh: SQLite's own C is not watched.
CGO_ENABLED=1 "$go" test -race '-gcflags=modernc.org/sqlite/lib=-race=false' -tags stress -run '^TestStress' -count 1 -timeout 30m -v ./internal/kit/db

echo "stress: imports that are killed, and nodes in the middle of waves"
# Those who are killed have nothing to race with, and the detector would make each ten times as long.
CGO_ENABLED=0 "$go" test -tags stress -run '^TestStressKill' -count 1 -timeout 40m -v ./cmd/approdo

echo "stress: mutants"
# In every room that has lists; a room that gets some is found by the name of its test.
mutants='TestNoPolicyCanBeLost|TestNoScopeCanBeLost|TestScope[A-Za-z]*|TestListsAgreeWithPolicies|TestOneWrongListIsNoticed'
mapfile -t rooms < <(grep -rlE "^func ($mutants)\(" --include='*_test.go' internal | xargs -n 1 dirname | sort -u | sed 's,^,./,')
CGO_ENABLED=0 "$go" test -run "^($mutants)\$" -count 1 -timeout 30m -v "${rooms[@]}"

echo "stress: a hundred clients want the same mediators, on three nodes"
# Without the detector, since it says how long the answers take; make test runs the same with it.
CGO_ENABLED=0 "$go" test -tags stress -run '^TestStress' -count 1 -timeout 60m -v ./internal/domain/mediation
# The same over HTTP, through three processes of the program.
CGO_ENABLED=0 "$go" test -tags stress -run '^TestStressContest$' -count 1 -timeout 120m -v ./cmd/approdo
