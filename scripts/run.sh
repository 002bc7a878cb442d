#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
#
# make run: builds, fills an empty installation with the demo network, serves it.
set -euo pipefail
cd "$(dirname "$0")/.."

data=${DATA:-./var}
where=(--data "$data")
[[ -z ${DATABASE:-} ]] || where+=(--database "$DATABASE")

make --no-print-directory build
bin/approdo demo --if-empty "${where[@]}"
exec bin/approdo serve --addr "${ADDR:-:8080}" "${where[@]}"
