// SPDX-License-Identifier: EUPL-1.2

// Package qr draws QR codes (ISO/IEC 18004) as pictures that stay sharp on paper: one path of SVG,
// black on white, with the quiet margin that readers need.
package qr
