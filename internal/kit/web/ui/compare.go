// SPDX-License-Identifier: EUPL-1.2

package ui

import "unicode"

// piece is a run of words that both sides have, or one alone.
type piece struct {
	text          string
	before, after bool
}

// longest is how many words of a side are compared one by one. Beyond it, the time grows too fast (it
// goes with the product) and nobody reads marks: the sides are shown whole.
const longestCompared = 2000

// differ finds what two texts have in common, word by word, by their longest common subsequence.
func differ(before, after string) []piece {
	a, b := words(before), words(after)
	if len(a) > longestCompared || len(b) > longestCompared {
		return []piece{{text: before, before: true}, {text: after, after: true}}
	}
	// common[i][j] is the length of the longest common subsequence of a[i:] and b[j:].
	common := make([][]int32, len(a)+1)
	for i := range common {
		common[i] = make([]int32, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	var list []piece
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			list = add(list, piece{a[i], true, true})
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			list = add(list, piece{a[i], true, false})
			i++
		default:
			list = add(list, piece{b[j], false, true})
			j++
		}
	}
	return list
}

// add lengthens the last piece when it is of the same kind.
func add(list []piece, p piece) []piece {
	if n := len(list); n > 0 && list[n-1].before == p.before && list[n-1].after == p.after {
		list[n-1].text += p.text
		return list
	}
	return append(list, p)
}

// words cuts a text into words, the space between them, and single signs; put together they are the
// text. Scripts without spaces are compared sign by sign.
func words(text string) []string {
	var list []string
	kind := -1
	for _, r := range text {
		k := 0
		switch {
		case unicode.IsSpace(r):
			k = 1
		case unicode.Is(unicode.Han, r) || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r):
			k = 2
		}
		if k == kind && k != 2 {
			list[len(list)-1] += string(r)
		} else {
			list = append(list, string(r))
		}
		kind = k
	}
	return list
}
