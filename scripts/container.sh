#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
#
# make container: gathers what the image holds in bin/container, starts the program with nothing else
# around it, and builds the image where docker, podman or buildah is there.
set -euo pipefail
cd "$(dirname "$0")/.."

root=bin/container
rm -rf "$root"
install -D -m 755 bin/approdo "$root/approdo"
install -D -m 644 /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
install -d -m 700 "$root/data"

# In a root of its own the program has no library, no zone files and no temporary folder.
if [[ $(id -u) == 0 ]]; then
	probe=$(mktemp -d)
	trap 'rm -rf "$probe"' EXIT
	cp -a "$root/." "$probe/"
	chown -R 65532:65532 "$probe/data"
	chroot --userspec=65532:65532 "$probe" /approdo demo --data /data >/dev/null
	chroot --userspec=65532:65532 "$probe" /approdo search --data /data "dove dormire stanotte" >/dev/null
	echo "the program runs with nothing around it"
fi

for builder in docker podman buildah; do
	if command -v "$builder" >/dev/null && "$builder" info >/dev/null 2>&1; then
		"$builder" build -t "approdo:${VERSION:-latest}" -f packaging/Containerfile bin
		exit 0
	fi
done
echo "no docker, podman or buildah runs here: $root and packaging/Containerfile are what they need"
