// SPDX-License-Identifier: EUPL-1.2

// Package timesheetweb has the pages of what became of bookings: for mediators, who check in and out,
// report, answer and sign, in the ten languages and on small phones, also by the link of a message; for
// desks, which countersign or say what is not right; for coordinators, who decide, sign second and plan.
//
// A timesheet is printed as PDF in Italian, and as XLSX. The PDF is made by a library and not by a browser, so
// that one signs the same whatever is installed; its text can be read and copied and it says its language and
// title, but it has no tags (PDF/UA): the page of the month is the accessible form of the same.
package timesheetweb
