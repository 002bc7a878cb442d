// SPDX-License-Identifier: EUPL-1.2

package officeweb

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"approdo/internal/kit/db"
)

// Lists of the card grow and shrink by buttons of its form: the form is sent, the row is added, moved or
// taken away in what was typed, and the form comes back. Nothing is stored by that, and nothing typed is
// lost. The script of the page asks for the same answer and puts only the list in its place.

// Names of lists in the form. In a place they stand behind its name: "places.0.phones".
const (
	listDocuments  = "documents"
	listCosts      = "costs"
	listPhones     = "phones"
	listHours      = "hours"
	listClosures   = "closures"
	listExceptions = "exceptions"
	listPlaces     = "places"
)

var listName = regexp.MustCompile(`^(?:(?:documents|costs|phones|hours|closures|exceptions|places)|places\.\d{1,3}\.(?:phones|hours))$`)

// ordered are the lists whose order the public reads. Times are sorted by the clock.
var ordered = []string{listDocuments, listCosts, listPhones, listPlaces}

// mostRows is how long a list may be.
const mostRows = 300

// rows are the prefixes of the rows of a list in a form, in their order.
func rows(f url.Values, prefix string) []string {
	var list []string
	for i := range mostRows {
		at := prefix + "." + strconv.Itoa(i)
		if !f.Has(at + ".id") {
			break
		}
		list = append(list, at)
	}
	return list
}

// arrange does what a button of a list says ("add:phones", "up:phones.1", "down:phones.0",
// "drop:phones.1", "rows" for nothing) in the form. It gives the row that the eye should rest on, "" for
// the list itself; ok is false when the button is none of a list.
func arrange(f url.Values, do string) (row string, ok bool) {
	if do == "rows" {
		return "", true
	}
	what, at, cut := strings.Cut(do, ":")
	if !cut {
		return "", false
	}
	if what == "add" {
		return addRow(f, at)
	}
	dot := strings.LastIndex(at, ".")
	if dot < 0 || !listName.MatchString(at[:dot]) {
		return "", false
	}
	prefix := at[:dot]
	list := rows(f, prefix)
	i := slices.Index(list, at)
	if i < 0 {
		return "", false
	}
	order := make([]int, len(list))
	for n := range order {
		order[n] = n
	}
	switch {
	case what == "drop":
		order = slices.Delete(order, i, i+1)
		row = prefix + "." + strconv.Itoa(min(i, len(order)-1))
		if len(order) == 0 {
			row = ""
		}
	case what == "up" && i > 0:
		order[i], order[i-1], row = i-1, i, list[i-1]
	case what == "down" && i < len(list)-1:
		order[i], order[i+1], row = i+1, i, list[i+1]
	case what == "up", what == "down":
		return at, true // it is the first, or the last
	default:
		return "", false
	}
	reorder(f, prefix, order)
	return row, true
}

func addRow(f url.Values, prefix string) (row string, ok bool) {
	if !listName.MatchString(prefix) {
		return "", false
	}
	n := len(rows(f, prefix))
	if n == mostRows {
		return prefix + "." + strconv.Itoa(n-1), true
	}
	row = prefix + "." + strconv.Itoa(n)
	// The row has its name from the start, so that saving while somebody types makes it once.
	f.Set(row+".id", db.NewID())
	return row, true
}

// reorder writes the rows of a list anew: the n-th becomes the one that was order[n].
func reorder(f url.Values, prefix string, order []int) {
	before := map[int]url.Values{}
	for name, values := range f {
		rest, ok := strings.CutPrefix(name, prefix+".")
		number, field, cut := strings.Cut(rest, ".")
		i, err := strconv.Atoi(number)
		if !ok || !cut || err != nil {
			continue
		}
		if before[i] == nil {
			before[i] = url.Values{}
		}
		before[i][field] = values
		delete(f, name)
	}
	for n, i := range order {
		for field, values := range before[i] {
			f[prefix+"."+strconv.Itoa(n)+"."+field] = values
		}
	}
}
