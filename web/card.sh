#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Draws the picture of social cards from icons/card.svg. Run by hand after changing it; the
# result is committed, since fonts differ from machine to machine.
set -eu
cd "$(dirname "$0")"
profile=$(mktemp -d)
trap 'rm -rf "$profile"' EXIT
"${CHROMIUM:-chromium}" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
  --disable-component-update --disable-sync --user-data-dir="$profile" --hide-scrollbars --window-size=1200,630 \
  --screenshot=icons/card.png "file://$PWD/icons/card.svg"
