// SPDX-License-Identifier: EUPL-1.2

// Package identity is who logs in: accounts, what they are in which body, sessions, passwords,
// second factors, invitations, and providers of identities.
//
// The rules:
//
//   - A person has one account and any number of memberships: a role in a body, from when until
//     when. Memberships are ended and never deleted. They are read at every request, so whoever
//     leaves a body has left with the next one. A person always acts for one body and sees for which.
//   - A password is long, and that is all (NIST SP 800-63B-4, 3.1.1.2): at least 15 characters, any
//     of them, none forced, none expiring; refused when it is common or made of one's own name.
//     Kept as Argon2id (RFC 9106).
//   - A second factor is wanted of everybody whose role may come near data about people, and of
//     administrators: a one-time code (RFC 6238; never the same twice) or a passkey (WebAuthn
//     level 3). Recovery codes stand in once each.
//   - A session is 256 random bits in a cookie, of which the database keeps a hash. The bits change
//     whenever the session becomes more: at login, at the second factor, at a step-up. It ends when
//     idle, at its absolute limit, by hand, and with its account (OWASP ASVS 5.0, chapter 7).
//   - Nobody learns from outside whether somebody has an account: not from words, not from the
//     status, not from the time the answer takes.
//   - Attempts are counted in the database, so several nodes count together: by sender, by account
//     and by known device. Strangers can use up what strangers may try on an account; the owner's own
//     devices, passkeys and the link by mail stay open.
//   - A link in a letter shows, a button acts. It carries a signature of the installation, works once
//     and ends.
//   - A telephone is known only once its owner has typed the code that was sent to it. It is sealed in
//     the vault, serves messages alone, and is neither a factor nor a name: text messages can be read
//     by others on the way (NIST SP 800-63B-4, 3.1.3.3).
//   - Everything is an event of package audit, with identifiers and never what was typed.
package identity
