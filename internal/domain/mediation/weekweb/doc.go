// SPDX-License-Identifier: EUPL-1.2

// Package weekweb is the one form of weekly hours: of mediators, of who keeps their entry, of residencies
// and postings. A day has two stretches, morning and afternoon; what the form does not ask for (since, until,
// holidays, remote) stays as it was.
package weekweb
