#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
#
# Runs one benchmark of bench/, a module of its own because the peers it measures
# against are no dependencies of the program.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh go postgres
[[ $1 != mediation ]] || scripts/setup.sh scipy # which its assignments are compared with
eval "$(scripts/postgres.sh env)"
cd bench
CGO_ENABLED=0 exec "${GO:-go}" run "./$1"
