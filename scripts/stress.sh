#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
#
# make stress: the long tests, which carry the build tag stress.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh go postgres
eval "$(scripts/postgres.sh env)"
packages=$(grep -rl --include='*_test.go' '^//go:build stress' internal cmd | xargs -r -n 1 dirname | sort -u | sed 's|^|./|')
# shellcheck disable=SC2086 # a list of packages
CGO_ENABLED=1 exec "${GO:-go}" test -race -tags stress -run '^TestStress' -count 1 -timeout 3h -v $packages
