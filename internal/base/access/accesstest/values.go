// SPDX-License-Identifier: EUPL-1.2

package accesstest

import (
	"fmt"
	"slices"
	"time"

	"github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/x/exp/ast"

	"approdo/internal/base/access"
)

// values are, for each attribute of a type of record, those that make a difference to some policy.
type values struct {
	now  time.Time
	list map[string][]any // nil stands for an attribute that is not there
}

func newValues(now time.Time) *values { return &values{now, map[string][]any{}} }

func (v *values) add(name string, list ...any) {
	for _, one := range list {
		if !slices.ContainsFunc(v.list[name], func(have any) bool { return fmt.Sprint(have) == fmt.Sprint(one) }) {
			v.list[name] = append(v.list[name], one)
		}
	}
}

func attribute(n ast.IsNode) (string, bool) {
	access, ok := n.(ast.NodeTypeAccess)
	if !ok || !variable(access.Arg, "resource") {
		return "", false
	}
	return string(access.Value), true
}

func variable(n ast.IsNode, name string) bool {
	v, ok := n.(ast.NodeTypeVariable)
	return ok && string(v.Name) == name
}

// learn reads an expression; truth says whether its value is true or false.
func (v *values) learn(n ast.IsNode, truth bool) {
	switch n := n.(type) {
	case ast.NodeTypeAnd:
		v.learn(n.Left, true)
		v.learn(n.Right, true)
	case ast.NodeTypeOr:
		v.learn(n.Left, true)
		v.learn(n.Right, true)
	case ast.NodeTypeNot:
		v.learn(n.Arg, true)
	case ast.NodeTypeIfThenElse:
		v.learn(n.If, true)
		v.learn(n.Then, true)
		v.learn(n.Else, true)
	case ast.NodeTypeEquals:
		v.compared(n.BinaryNode)
	case ast.NodeTypeNotEquals:
		v.compared(n.BinaryNode)
	case ast.NodeTypeLessThan:
		v.measured(n.BinaryNode)
	case ast.NodeTypeLessThanOrEqual:
		v.measured(n.BinaryNode)
	case ast.NodeTypeGreaterThan:
		v.measured(n.BinaryNode)
	case ast.NodeTypeGreaterThanOrEqual:
		v.measured(n.BinaryNode)
	case ast.NodeTypeContains:
		v.contained(n.BinaryNode)
	case ast.NodeTypeContainsAny:
		v.contained(n.BinaryNode)
	case ast.NodeTypeContainsAll:
		v.contained(n.BinaryNode)
	case ast.NodeTypeHas:
		if variable(n.Arg, "resource") {
			v.add(string(n.Value), nil)
		}
	case ast.NodeTypeAccess:
		if name, ok := attribute(n); ok && truth {
			v.add(name, true, false)
		}
	}
}

// compared is x == y: what is equal, what is not, and nothing at all, which must equal nobody.
func (v *values) compared(n ast.BinaryNode) {
	for _, side := range [][2]ast.IsNode{{n.Left, n.Right}, {n.Right, n.Left}} {
		name, ok := attribute(side[0])
		if !ok {
			continue
		}
		if _, both := attribute(side[1]); both {
			v.add(name, OwnMember, Other)
			continue
		}
		for _, value := range v.meant(side[1]) {
			if text, isText := value.(string); isText {
				v.add(name, text, Other, "")
				continue
			}
			v.add(name, value)
		}
	}
}

func (v *values) measured(n ast.BinaryNode) {
	for _, side := range [][2]ast.IsNode{{n.Left, n.Right}, {n.Right, n.Left}} {
		name, ok := attribute(side[0])
		if !ok {
			continue
		}
		for _, value := range v.meant(side[1]) {
			if limit, isNumber := value.(int64); isNumber {
				v.add(name, limit-1, limit, limit+1)
			}
		}
	}
}

// contained is set.contains(x), on either side.
func (v *values) contained(n ast.BinaryNode) {
	if name, ok := attribute(n.Left); ok {
		v.add(name, []string{})
		for _, value := range v.meant(n.Right) {
			if text, isText := value.(string); isText {
				v.add(name, []string{text})
			}
		}
		v.add(name, []string{Other})
	}
	if name, ok := attribute(n.Right); ok {
		for _, value := range v.meant(n.Left) {
			v.add(name, value)
		}
		v.add(name, Other)
	}
}

// meant are the values that an expression without the record can have.
func (v *values) meant(n ast.IsNode) []any {
	switch n := n.(type) {
	case ast.NodeValue:
		return flat(n.Value)
	case ast.NodeTypeSet:
		var list []any
		for _, element := range n.Elements {
			list = append(list, v.meant(element)...)
		}
		return list
	case ast.NodeTypeAccess:
		switch {
		case variable(n.Arg, "principal") && n.Value == "account":
			return []any{OwnAccount}
		case variable(n.Arg, "principal") && n.Value == "member":
			return []any{OwnMember}
		case variable(n.Arg, "context") && n.Value == "now":
			return []any{v.now.UnixMilli()}
		}
	}
	return nil
}

func flat(value cedar.Value) []any {
	switch value := value.(type) {
	case cedar.String:
		return []any{string(value)}
	case cedar.Long:
		return []any{int64(value)}
	case cedar.Boolean:
		return []any{true, false}
	case cedar.Set:
		var list []any
		for one := range value.All() {
			list = append(list, flat(one)...)
		}
		slices.SortFunc(list, func(a, b any) int { return compareText(fmt.Sprint(a), fmt.Sprint(b)) })
		return list
	}
	return nil
}

func compareText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// combine makes every record of these values, or, when there would be too many, each value beside the
// first of all others and beside the last.
func (v *values) combine() []access.Attributes {
	names := make([]string, 0, len(v.list))
	size := 1
	for name := range v.list {
		names = append(names, name)
		size *= len(v.list[name])
	}
	slices.Sort(names)
	all := []access.Attributes{{}}
	if size <= mostRecords {
		for _, name := range names {
			var next []access.Attributes
			for _, have := range all {
				for _, value := range v.list[name] {
					next = append(next, with(have, name, value))
				}
			}
			all = next
		}
		return all
	}
	first, last := access.Attributes{}, access.Attributes{}
	for _, name := range names {
		first = with(first, name, v.list[name][0])
		last = with(last, name, v.list[name][len(v.list[name])-1])
	}
	all = []access.Attributes{first, last}
	for _, name := range names {
		for _, value := range v.list[name] {
			all = append(all, with(first, name, value), with(last, name, value))
		}
	}
	return all
}

func with(have access.Attributes, name string, value any) access.Attributes {
	next := access.Attributes{}
	for k, v := range have {
		next[k] = v
	}
	if value == nil {
		delete(next, name)
	} else {
		next[name] = value
	}
	return next
}
