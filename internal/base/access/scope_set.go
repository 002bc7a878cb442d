// SPDX-License-Identifier: EUPL-1.2

package access

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/x/exp/ast"
)

// contains is set.contains(resource.x) with a known set, or resource.x.contains(known).
func (c *compiler) contains(n ast.BinaryNode) (condition, error) {
	if set, ok, err := c.constant(n.Left); ok {
		members, isSet := set.(cedar.Set)
		if err != nil || !isSet {
			return failed, nil
		}
		column, found, err := c.column(n.Right)
		if err != nil || !found {
			return no, errorOr(err, "only attributes of the resource can be looked for in SQL")
		}
		all := no
		for _, v := range sorted(members) {
			one, err := c.is(column, v)
			if err != nil {
				return no, err
			}
			all = either(all, one)
		}
		return all, nil
	}
	column, found, err := c.column(n.Left)
	if err != nil || !found {
		return no, errorOr(err, "only attributes of the resource can be searched in SQL")
	}
	v, isConstant, err := c.constant(n.Right)
	switch {
	case !isConstant:
		return no, fmt.Errorf("only what is known beforehand can be searched in SQL")
	case err != nil || column.Kind != Many:
		return failed, nil
	}
	return c.has(column, v), nil
}

func (c *compiler) has(column Column, v cedar.Value) condition {
	text, ok := v.(cedar.String)
	if !ok {
		return no
	}
	return condition{sql: strings.ReplaceAll(column.SQL, "%s", c.arg(string(text)))}
}

// containsSome is containsAny and containsAll of a set column with a known set.
func (c *compiler) containsSome(n ast.BinaryNode, join func(a, b condition) condition, start condition) (condition, error) {
	column, found, err := c.column(n.Left)
	if err != nil || !found {
		return no, errorOr(err, "only attributes of the resource can be searched in SQL")
	}
	set, isConstant, err := c.constant(n.Right)
	if !isConstant {
		return no, fmt.Errorf("only what is known beforehand can be searched in SQL")
	}
	members, isSet := set.(cedar.Set)
	if err != nil || !isSet || column.Kind != Many {
		return failed, nil
	}
	all := start
	for _, v := range sorted(members) {
		all = join(all, c.has(column, v))
	}
	return all, nil
}

// sorted gives the members of a set in an order that is the same every time.
func sorted(set cedar.Set) []cedar.Value {
	var list []cedar.Value
	for v := range set.All() {
		list = append(list, v)
	}
	slices.SortFunc(list, func(a, b cedar.Value) int { return strings.Compare(a.String(), b.String()) })
	return list
}
