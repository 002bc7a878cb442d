// SPDX-License-Identifier: EUPL-1.2

// Package outside is the guard on every request that the program makes to others (OWASP ASVS 5.0,
// 1.3.6): addresses that somebody typed lead to public hosts, never into the house.
//
// The guard looks at the address that is really dialled, so a name that resolves inwards, and a
// redirect to one, fail as well. Clients use no proxy: it would look the name up in our place.
//
// Origin reads what of such an address may stand in a content security policy, where a comma or semicolon
// in a host would begin a policy of its own.
package outside
