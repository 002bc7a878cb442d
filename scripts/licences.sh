#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
#
# Prints the licences of everything of others that is in bin/approdo, as they ask for: the Go modules
# that the binary itself names, the Go library, styles, scripts and icons.
set -euo pipefail
cd "$(dirname "$0")/.."

print() { # TITLE FILE...
	local title=$1 file
	shift
	for file in "$@"; do
		printf '%s\n\n' "$title"
		cat "$file"
		printf '\n----\n\n'
	done
}

files() { find "$1" -maxdepth 1 -type f \( -iname 'licen[cs]e*' -o -iname 'copying*' -o -iname 'notice*' \) -not -name '*.go' | LC_ALL=C sort; }

cat internal/kit/web/static/licences.txt
printf '\n----\n\n'
# The Go that Debian packs keeps its licence with its documents.
for file in "$("${GO:-go}" env GOROOT)/LICENSE" /usr/share/doc/golang-go/copyright; do
	[[ -f $file ]] && print "The Go library" "$file" && break
done
"${GO:-go}" version -m bin/approdo | awk '$1 == "dep" {print $2, $3}' | while read -r module version; do
	folder=$("${GO:-go}" list -m -f '{{.Dir}}' "$module")
	mapfile -t found < <(files "$folder")
	((${#found[@]})) || { echo "licences.sh: $module $version has no licence" >&2; exit 1; }
	print "$module $version" "${found[@]}"
done
