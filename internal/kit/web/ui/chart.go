// SPDX-License-Identifier: EUPL-1.2

package ui

import "strconv"

// BarsView is a table of numbers that are drawn too: the drawing says nothing that the table does not.
type BarsView struct {
	ID, Caption string
	Head        string   // over the names of the lines
	Columns     []string // over the numbers
	Rows        []Bar
	Titled      bool // a heading above says what the caption says: it is for readers of screens
	Plain       bool // no drawing
}

// Bar is one line of a BarsView.
type Bar struct {
	Name, Lang string // Lang of the name, if not the page's
	Href       string // whole, with language
	Small      string // a second line below the name
	Values     []string
	Share      float64 // how long the bar is, from 0 to 1
	Mark       float64 // where a mark is set across it: what was planned; 0 for none
	Level      Level   // Danger and Warning colour the bar
}

// HeatView is a table whose cells are the darker the more there is in them; what is in them is written.
type HeatView struct {
	ID, Caption string
	Corner      string // over the names of the lines
	Columns     []string
	Rows        []HeatRow
	Titled      bool
}

// HeatRow is one line of a HeatView.
type HeatRow struct {
	Name  string
	Cells []HeatCell
}

// HeatCell is a text in one of the six shades from 0 to 5.
type HeatCell struct {
	Text  string
	Shade int
}

// Shade is how dark a number is among numbers of which the largest is most: 0 for nothing, 5 for the
// darkest.
func Shade(n, most int) int {
	if n <= 0 || most <= 0 {
		return 0
	}
	return min(5, 1+n*4/most)
}

func percent(share float64) string {
	return strconv.FormatFloat(min(max(share, 0), 1)*100, 'f', 1, 64)
}
