#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
#
# Runs a script of e2e/package.json (test, screenshots) against bin/approdo.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh node postgres chromium fonts vdirsyncer
eval "$(scripts/postgres.sh env)"
CHROMIUM=$(scripts/chromium.sh)
APPRODO_BIN=$PWD/bin/approdo
export CHROMIUM APPRODO_BIN
lock=e2e/node_modules/.package-lock.json
if [[ ! -f $lock || e2e/package-lock.json -nt $lock ]]; then
	"${NPM:-npm}" ci --prefix e2e --ignore-scripts --no-audit --no-fund --silent
	mkdir -p "$(dirname "$lock")" && touch "$lock"
fi
exec "${NPM:-npm}" run --prefix e2e --silent "$1"
