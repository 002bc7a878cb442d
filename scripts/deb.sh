#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
#
# make deb: packs bin/ and packaging/ into bin/approdo_VERSION_ARCH.deb, looks into the package and
# starts what is in it. The same sources give the same bytes.
set -euo pipefail
cd "$(dirname "$0")/.."

command -v dpkg-deb >/dev/null || { echo "dpkg-deb is missing: it comes with Debian (package dpkg)" >&2; exit 1; }

# What lies between two releases comes after the former one; a tree without releases has its day.
debian_version() {
	local version=${VERSION:-unknown}
	version=${version#v}
	version=${version//-/+}
	[[ $version =~ ^[0-9]+\. ]] || version="0~$(date --utc --date="@$SOURCE_DATE_EPOCH" +%Y%m%d)+$version"
	echo "$version"
}

SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
export SOURCE_DATE_EPOCH
version=$(debian_version)
arch=$(dpkg --print-architecture)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
tree=$root/tree

put() { # MODE SOURCE TARGET
	install -D -m "$1" "$2" "$tree/$3"
}

# What belongs to the text of others stands with it.
documents() {
	local doc=$tree/usr/share/doc/approdo page
	scripts/licences.sh | gzip -9n >"$root/licences.txt.gz"
	put 644 "$root/licences.txt.gz" "usr/share/doc/approdo/licences.txt.gz"
	for page in docs/operations/*.md docs/login.md docs/proof.md; do
		put 644 "$page" "usr/share/doc/approdo/${page##*/}"
	done
	for page in docs/operations/examples/*; do put 644 "$page" "usr/share/doc/approdo/examples/${page##*/}"; done
	gzip -9n <CHANGELOG.md >"$root/changes.md.gz"
	put 644 "$root/changes.md.gz" "usr/share/doc/approdo/changes.md.gz"
	cat >"$root/changelog" <<CHANGELOG
approdo ($version) stable; urgency=medium

  * What changed is in /usr/share/doc/approdo/changes.md.gz.

 -- $maintainer  $(date --utc --rfc-email --date="@$SOURCE_DATE_EPOCH")
CHANGELOG
	gzip -9n "$root/changelog"
	put 644 "$root/changelog.gz" "usr/share/doc/approdo/changelog.gz"
	{ cat packaging/deb/copyright && sed -e 's/^$/./' -e 's/^/ /' LICENSE; } >"$root/copyright"
	put 644 "$root/copyright" "usr/share/doc/approdo/copyright"
	for page in packaging/man/*; do
		gzip -9n <"$page" >"$root/page.gz"
		put 644 "$root/page.gz" "usr/share/man/man${page##*.}/${page##*/}.gz"
	done
	find "$doc" -type d -exec chmod 755 {} +
}

maintainer="The maintainers of Approdo <maintainers@approdo.example>"
for program in bin/approdo bin/approdo-verify; do
	[[ -x $program ]] || { echo "$program is missing: make deb builds it" >&2; exit 1; }
	put 755 "$program" "usr/bin/${program#bin/}"
done
put 755 packaging/approdo-admin usr/sbin/approdo-admin
put 755 packaging/approdo-backup usr/libexec/approdo/approdo-backup
for unit in packaging/*.service packaging/*.timer; do put 644 "$unit" "usr/lib/systemd/system/${unit##*/}"; done
put 644 packaging/approdo.sysusers usr/lib/sysusers.d/approdo.conf
put 644 packaging/approdo.tmpfiles usr/lib/tmpfiles.d/approdo.conf
put 640 packaging/approdo.env etc/approdo/approdo.env
put 644 packaging/deb/lintian-overrides usr/share/lintian/overrides/approdo
documents
for script in postinst prerm postrm; do put 755 "packaging/deb/$script" "DEBIAN/$script"; done
echo /etc/approdo/approdo.env >"$tree/DEBIAN/conffiles"
size=$(du -sk --exclude=DEBIAN "$tree" | cut -f 1)
cat >"$tree/DEBIAN/control" <<CONTROL
Package: approdo
Version: $version
Architecture: $arch
Maintainer: $maintainer
Installed-Size: $size
Depends: systemd, init-system-helpers, ca-certificates
Suggests: postgresql, nginx, chromium-headless-shell | chromium, fonts-noto-core, fonts-noto-cjk
Section: web
Priority: optional
Description: services for people who arrive from other countries
 One program that a network of public bodies and associations runs together,
 so that people find services in their own language. Everything is in one
 binary; data are kept in a folder or in PostgreSQL.
CONTROL
(cd "$tree" && find . -type f -not -path './DEBIAN/*' -printf '%P\0' | LC_ALL=C sort -z | xargs -0 md5sum >DEBIAN/md5sums)
find "$tree" -print0 | xargs -0 touch --no-dereference --date="@$SOURCE_DATE_EPOCH"
package=bin/approdo_${version}_${arch}.deb
dpkg-deb --root-owner-group -Zxz -z3 --build "$tree" "$package" >/dev/null

# What is in it works: the files are there, the program starts, the unit is one.
mkdir "$root/inside"
dpkg-deb --extract "$package" "$root/inside"
"$root/inside/usr/bin/approdo" version >/dev/null
if ldd "$root/inside/usr/bin/approdo" 2>&1 | grep -q '=>'; then
	echo "the program needs libraries of this machine" >&2
	exit 1
fi
if command -v systemd-analyze >/dev/null; then
	problems=$(systemd-analyze verify --man=no "$root/inside"/usr/lib/systemd/system/* 2>&1 | grep 'approdo' | grep -v 'is not executable' || true)
	[[ -z $problems ]] || { echo "$problems" >&2; exit 1; }
fi
if command -v lintian >/dev/null; then
	lintian --allow-root --fail-on error "$package"
fi
echo "$package ($(du -h "$package" | cut -f 1))"
