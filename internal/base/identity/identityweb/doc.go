// SPDX-License-Identifier: EUPL-1.2

// Package identityweb is the door: login, second factor, step-up, one's own account, members of a
// body, invitations, the first run.
//
// The rules:
//
//   - The session is a cookie that scripts can't read and that other hosts can't set: __Host-, Secure,
//     HttpOnly, SameSite=Lax (RFC 6265bis). Without TLS, which is for a developer's own machine, it
//     has a plain name.
//   - A page of the door is kept by no cache and says the same to whoever has an account and to
//     whoever has none.
//   - Where one goes afterwards is a path of this site or nothing.
//   - Everything but passkeys works without JavaScript. Passkeys can't: the browser has no other way.
package identityweb
