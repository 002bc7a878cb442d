// SPDX-License-Identifier: EUPL-1.2

// Package ui is what the pages look like: one layout and the components that every
// page is put together from.
//
// The rules:
//
//   - The design system is that of the Italian public administration (Bootstrap
//     Italia, Linee guida di design per i siti e i servizi digitali della PA), with
//     colours of our own.
//   - WCAG 2.2 level AA (Law 4/2004, EN 301 549): every state has an icon and a word
//     and never colour alone, targets are 44 pixels high, focus is always seen.
//   - Everything works without JavaScript. The script only adds, by data attributes;
//     it is in web/scripts.
//   - Text in another language than the page carries its lang and dir (Foreign).
//   - Operators' pages (OfficePage) have a frame, a sheet and a script of their own: dense, with
//     targets of 40 pixels for a mouse and 44 for a finger. One always sees for which body one acts.
//   - The way out (quick exit) is on every public page. It replaces the page in the history;
//     what was visited before it stays there, and the page about safety says so.
//   - No text stands here: words are in locales/{lang}.json.
//
// Components are templ functions that take a View struct where there is more than
// one thing to say. Generated files (*_templ.go) are committed.
package ui
