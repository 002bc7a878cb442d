#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
#
# Prints where Chromium is.
set -euo pipefail

for name in ${CHROMIUM:+"$CHROMIUM"} chromium-headless-shell chromium chromium-browser google-chrome; do
	if path=$(command -v "$name"); then
		echo "$path"
		exit 0
	fi
done
echo "chromium.sh: Chromium is missing: run 'make setup', or set CHROMIUM to the program" >&2
exit 1
