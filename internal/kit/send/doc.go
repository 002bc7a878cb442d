// SPDX-License-Identifier: EUPL-1.2

// Package send hands messages to those who carry them: a mail server, a gateway for text messages,
// the push services of browsers. Who has none of them finds the messages as files in an outbox.
//
// The rules:
//
//   - A sender takes one message and says whether it was taken over. Nothing is tried twice here:
//     that is for package jobs. Every message has an identifier that is the same each time.
//   - A Failure says why in a word that people can be told in their language, with the code that the
//     other side gave, and whether trying again can help. What the other side wrote is kept by nobody,
//     since it repeats addresses.
//   - Mail goes over TLS: STARTTLS on smtp:// (RFC 3207, never falling back to plain text), from the
//     first byte on smtps:// (RFC 8314). Without TLS only to a relay on the same machine.
//   - A gateway is called as a small file describes. What is filled in is escaped as its content type
//     wants. Redirects are not followed, since the request carries a password.
//   - Push is encrypted for the browser (RFC 8291) and signed with our key (RFC 8292), which lies in a
//     file outside the database.
//   - Requests over HTTP go through a guard that reaches public addresses alone, whatever a name
//     resolves to, unless the operator allows others: the address of a push service comes from a
//     browser, and could be anything.
package send
