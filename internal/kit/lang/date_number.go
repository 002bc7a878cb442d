// SPDX-License-Identifier: EUPL-1.2

package lang

import (
	"math"
	"strconv"
	"strings"
)

// Number writes a whole number with the group marks of the language: "12.500".
func (f Format) Number(n int) string { return f.group(strconv.Itoa(n)) }

// Decimal writes x rounded to so many digits, without needless zeros: "1,2".
func (f Format) Decimal(x float64, digits int) string {
	text := strconv.FormatFloat(x, 'f', digits, 64)
	if digits > 0 {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return f.decimal(text)
}

// decimal turns "1234.5" into "1.234,5".
func (f Format) decimal(text string) string {
	whole, fraction, _ := strings.Cut(text, ".")
	text = f.group(whole)
	if fraction != "" {
		text += f.convention().Number.Decimal + fraction
	}
	return text
}

// group puts the group marks in: by threes, in Bengali the last three and then by twos.
func (f Format) group(digits string) string {
	number := f.convention().Number
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	if len(digits) < 3+number.MinGroup {
		return sign + digits
	}
	step := 3
	if strings.HasPrefix(number.Grouping, "#,##,##0") {
		step = 2
	}
	rest, last := digits[:len(digits)-3], digits[len(digits)-3:]
	for len(rest) > step {
		last = rest[len(rest)-step:] + number.Group + last
		rest = rest[:len(rest)-step]
	}
	return sign + rest + number.Group + last
}

// Distance rounds to what a walker needs: to 50 m under a kilometre, to 100 m
// under ten, to whole kilometres beyond.
func (f Format) Distance(km float64) string {
	unit := f.convention().Unit
	switch {
	case km < 0.975:
		metres := int(math.Max(50, math.Round(km*20)*50))
		return f.countUnit(unit.Metre, metres)
	case km < 9.95:
		return strings.ReplaceAll(unit.Kilometre["other"], "{0}", f.Decimal(km, 1))
	}
	return f.countUnit(unit.Kilometre, int(math.Round(km)))
}

// Euro writes an amount given in cents, without ",00" where there are none.
func (f Format) Euro(cents int) string {
	number := f.convention().Number
	amount := f.Number(cents / 100)
	if rest := cents % 100; rest != 0 {
		amount = f.decimal(strconv.FormatFloat(float64(cents)/100, 'f', 2, 64))
	}
	pattern, _, _ := strings.Cut(number.Euro, ";")
	pattern = strings.NewReplacer("#,##,##0.00", amount, "#,##0.00", amount, "¤", "€", "\u200f", "").Replace(pattern)
	return pattern
}

// Percent writes a share (0.125) as a percentage without decimals.
func (f Format) Percent(share float64) string {
	amount := f.Number(int(math.Round(share * 100)))
	return strings.NewReplacer("#,##,##0", amount, "#,##0", amount).Replace(f.convention().Number.Percent)
}

// List joins items the way of the language: "a, b e c".
func (f Format) List(items []string) string {
	list := f.convention().List
	join := func(pattern, a, b string) string {
		return strings.NewReplacer("{0}", a, "{1}", b).Replace(pattern)
	}
	switch len(items) {
	case 0:
		return ""
	case 1:
		return items[0]
	case 2:
		return join(list["2"], items[0], items[1])
	}
	text := join(list["start"], items[0], items[1])
	for _, item := range items[2 : len(items)-1] {
		text = join(list["middle"], text, item)
	}
	return join(list["end"], text, items[len(items)-1])
}
