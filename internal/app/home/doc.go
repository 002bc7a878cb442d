// SPDX-License-Identifier: EUPL-1.2

// Package home is where people who work in the network begin: what waits for them, what they did
// last, what their role is for, and one search over everything they may see.
//
// The rules:
//
//   - The home is one page for every role. What differs is what the rooms answer: each says by itself
//     what waits for this actor (Waiting) and what of theirs matches a question (Find). This package
//     asks no database and decides nothing about access.
//   - A room that can't answer doesn't take the page with it: the page says that something is missing,
//     and the log says what.
//   - "What you did last" comes from the log of what was done, and shows somebody their own events
//     alone: titles of records only where they may still see them.
//   - What was asked reaches neither log nor metrics.
package home
