// SPDX-License-Identifier: EUPL-1.2

// Package app is the only room that knows every domain: it opens the database, builds the use
// cases, puts the route table together and runs what goes on behind the pages.
package app
