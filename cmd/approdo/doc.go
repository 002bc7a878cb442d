// SPDX-License-Identifier: EUPL-1.2

// Command approdo is the program that a network of public bodies runs: the directory of services,
// its search, its public site and its open data.
//
// Exit codes: 0 done; 1 it failed; 2 the command line is wrong; 3 the input is wrong (an import
// with errors); 4 something needs attention (doctor).
package main
