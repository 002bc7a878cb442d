// SPDX-License-Identifier: EUPL-1.2

// Command approdo-verify checks an export of the log ("approdo audit export") with the standard
// library alone: it shares no code with the program that wrote it, so that an auditor need not
// trust that program. Its few hundred lines can be read in an hour, and written anew from
// docs/proof.md.
//
// Exit codes: 0 the log is whole; 1 it could not be checked; 2 the command line is wrong; 4 it is
// not whole.
package main
