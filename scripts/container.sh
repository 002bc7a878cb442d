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
install -d -m 700 "$root/volume/data" # a folder of its own: what is copied keeps its mode, where it is copied to does not

# In a root of its own the program has no library, no zone files and no temporary folder.
if [[ $(id -u) == 0 ]]; then
	probe=$(mktemp -d)
	trap 'rm -rf "$probe"' EXIT
	chmod 755 "$probe"
	cp -a "$root/approdo" "$root/etc" "$root/volume/data" "$probe/"
	chown 65532:65532 "$probe/data"
	chroot --userspec=65532:65532 "$probe" /approdo demo --data /data >/dev/null
	chroot --userspec=65532:65532 "$probe" /approdo search --data /data "dove dormire stanotte" >/dev/null
	# It serves, says when it is ready, and ends with 0 when it is told to stop.
	chroot --userspec=65532:65532 "$probe" /approdo serve --data /data --addr 127.0.0.1:0 >"$probe/log" 2>&1 &
	server=$!
	for _ in $(seq 100); do
		address=$(sed -n 's/^Approdo is at //p' "$probe/log")
		[[ -n $address ]] && curl -fs "$address/readyz" >/dev/null && break
		sleep 0.2
	done
	curl -fsS "$address/readyz" >/dev/null
	kill -TERM "$server"
	wait "$server"
	echo "the program runs with nothing around it"
fi

for builder in docker podman buildah; do
	if command -v "$builder" >/dev/null && "$builder" info >/dev/null 2>&1; then
		"$builder" build -t "approdo:${VERSION:-latest}" -f packaging/Containerfile bin
		exit 0
	fi
done
echo "no docker, podman or buildah runs here: $root and packaging/Containerfile are what they need"
