// SPDX-License-Identifier: EUPL-1.2

// Package mediationweb has the pages of mediation: for desks, which ask for mediators and follow what
// comes of it, in Italian and English; for mediators, who answer and keep their hours, in the ten
// languages and on small phones.
//
// A link in a message opens a page that shows and a button that acts: nothing is answered by opening.
// The code of a person, the reason and the nationality are on the page of the request alone.
package mediationweb
