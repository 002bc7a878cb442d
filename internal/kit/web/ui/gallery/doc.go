// SPDX-License-Identifier: EUPL-1.2

// Command gallery shows every component of package ui on one page, in every
// language of the layout, for whoever changes styles. It is not part of the program.
//
//	go run ./internal/kit/web/ui/gallery -addr 127.0.0.1:8090
package main
