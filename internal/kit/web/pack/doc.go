// SPDX-License-Identifier: EUPL-1.2

// Command pack writes the brotli and gzip forms of internal/kit/web/static beside
// the files, as the last step of npm run build. It is done in Go and not by Node,
// whose zlib writes other bytes on other machines, so that the build is the same
// everywhere. Run it from the root of the repository.
package main
