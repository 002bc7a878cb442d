#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
#
# Builds the web assets (web/ → internal/kit/web/static) when their sources are not the
# ones they were built from. Times of files say nothing after a clone, so a checksum does.
set -euo pipefail
cd "$(dirname "$0")/.."

sum() {
	find web internal/kit/web/pack -type f -not -path '*/node_modules/*' -not -name sources.sum -print0 |
		LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d ' ' -f 1
}

if [[ ${1:-} != --force && -f web/sources.sum && $(cat web/sources.sum) == "$(sum)" ]]; then
	exit 0
fi
scripts/setup.sh go node
echo "web: building styles, scripts and icons"
lock=web/node_modules/.package-lock.json
if [[ ! -f $lock || web/package-lock.json -nt $lock ]]; then
	"${NPM:-npm}" ci --prefix web --ignore-scripts --no-audit --no-fund --silent
	mkdir -p "$(dirname "$lock")" && touch "$lock"
fi
"${NPM:-npm}" run --prefix web --silent build
sum >web/sources.sum
