// SPDX-License-Identifier: EUPL-1.2

// Package noticeweb shows everybody their inbox and how they want to be told, and administrators
// what became of messages and of work behind the page.
//
// The rules:
//
//   - An inbox is its owner's alone. Opening a message changes nothing; a button says that it is read.
//   - Administrators see kind, channel, time, attempts and the reason in words; never what was
//     written, and of the address only that there is one.
//   - A browser is asked for permission to show messages when its owner presses a button, on the page
//     of their own preferences and nowhere else. The worker that shows them has a scope in which
//     there is no page, so that it has nothing to do with the copies that the public site keeps.
package noticeweb
