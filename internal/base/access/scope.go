// SPDX-License-Identifier: EUPL-1.2

package access

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/x/exp/ast"
	"github.com/cedar-policy/cedar-go/x/exp/eval"

	"approdo/internal/kit/db"
)

// ColumnKind is what a column holds, as policies see it.
type ColumnKind int

// The kinds of columns.
const (
	Text ColumnKind = iota + 1
	Truth
	Number
	// Many is an attribute that is a set. SQL is then a condition with %s in the place of an
	// element: "EXISTS (SELECT 1 FROM desk_topic AS t WHERE t.visit = v.id AND t.topic = %s)".
	Many
)

// Column says where SQL finds an attribute that policies ask about. The expression is never NULL: Cedar
// knows no third truth value. Write coalesce where the table may hold none.
type Column struct {
	SQL  string
	Kind ColumnKind
	// Args are what the use case knows that no table of its own says, in the order of the "?" in SQL.
	Args []any
}

// Table says how the resources of one type lie in SQL. It names every attribute that the use case
// gives for a single record, so that lists and records are decided alike.
type Table struct {
	Type    string // "Service"
	ID      string // "s.id"
	Columns map[string]Column
}

// Scope gives the SQL condition that is true of exactly those records with which a may do action now,
// and its arguments; the first is $from. It is derived from the policies themselves: what does not
// depend on the record is decided here, the rest becomes SQL. "TRUE" and "FALSE" are possible. A
// policy that says what SQL of this table can't is an error: then nothing is listed.
//
// No other code writes conditions about who may see what.
func (g *Guard) Scope(a Actor, action string, t Table, from int) (string, []any, error) {
	c := &compiler{guard: g, actor: a, table: t, env: g.env(a, action, eval.Variable("resource")), from: from}
	permits, forbids := no, no
	for _, r := range g.ruling(action).rules {
		one, err := c.policy((*ast.Policy)(r.policy.AST()))
		if err != nil {
			return "FALSE", nil, fmt.Errorf("access: %s as SQL: %w", r.ID, err)
		}
		if r.Forbids {
			forbids = either(forbids, one)
		} else {
			permits = either(permits, one)
		}
	}
	text, args := c.number(both(permits, forbids.not()).text())
	return text, args, nil
}

// condition is what is left of an expression: decided, failed (Cedar calls it an error), or SQL.
type condition struct {
	sql    string
	yes    bool
	failed bool
}

var yes, no, failed = condition{yes: true}, condition{}, condition{failed: true}

func (c condition) decided() bool { return c.sql == "" && !c.failed }

func (c condition) not() condition {
	switch {
	case c.failed:
		return c
	case c.sql == "":
		return condition{yes: !c.yes}
	}
	return condition{sql: "NOT (" + c.sql + ")"}
}

func (c condition) text() string {
	switch {
	case c.sql != "":
		return c.sql
	case c.yes && !c.failed:
		return "TRUE"
	}
	return "FALSE"
}

func truth(b bool) condition { return condition{yes: b} }

func both(a, b condition) condition {
	switch {
	case a.decided() && !a.yes || b.decided() && !b.yes:
		return no
	case a.decided():
		return b
	case b.decided():
		return a
	}
	return condition{sql: "(" + a.sql + " AND " + b.sql + ")"}
}

func either(a, b condition) condition {
	switch {
	case a.decided() && a.yes || b.decided() && b.yes:
		return yes
	case a.decided():
		return b
	case b.decided():
		return a
	}
	return condition{sql: "(" + a.sql + " OR " + b.sql + ")"}
}

type compiler struct {
	guard *Guard
	actor Actor
	table Table
	env   eval.Env
	from  int
	args  []any
}

// arg keeps a value and gives a mark for it: conditions fall away, and PostgreSQL refuses an argument
// that no statement uses, so numbers are given at the end.
func (c *compiler) arg(v any) string {
	c.args = append(c.args, v)
	return "$\x00" + strconv.Itoa(len(c.args)-1) + "\x00"
}

// number puts the numbers of placeholders in the place of marks, and gives the arguments that are left.
func (c *compiler) number(text string) (string, []any) {
	var args []any
	numbers := map[string]int{}
	parts := strings.Split(text, "\x00")
	for i := 1; i < len(parts); i += 2 {
		n, seen := numbers[parts[i]]
		if !seen {
			at, err := strconv.Atoi(parts[i])
			if err != nil {
				panic("access: a mark that is no number: " + parts[i])
			}
			args = append(args, c.args[at])
			n = c.from + len(args) - 1
			numbers[parts[i]] = n
		}
		parts[i] = strconv.Itoa(n)
	}
	return strings.Join(parts, ""), args
}

// policy gives the condition under which a policy applies to a record. A policy that fails does not
// apply: so says Cedar, of permits and of forbids.
func (c *compiler) policy(p *ast.Policy) (condition, error) {
	head := *p
	head.Conditions = nil
	rest, kept := eval.PartialPolicy(c.env, &head)
	if !kept {
		return no, nil
	}
	all, err := c.scope(rest.Resource)
	if err != nil {
		return no, err
	}
	for _, part := range p.Conditions {
		if all.decided() && !all.yes {
			return no, nil
		}
		one, err := c.condition(part.Body)
		if err != nil {
			return no, err
		}
		if one.failed {
			return no, nil
		}
		if !bool(part.Condition) {
			one = one.not()
		}
		all = both(all, one)
	}
	return all, nil
}

func (c *compiler) scope(scope ast.IsResourceScopeNode) (condition, error) {
	switch scope := scope.(type) {
	case ast.ScopeTypeAll:
		return yes, nil
	case ast.ScopeTypeIs:
		return truth(string(scope.Type) == c.table.Type), nil
	case ast.ScopeTypeEq:
		if string(scope.Entity.Type) != c.table.Type {
			return no, nil
		}
		return condition{sql: c.table.ID + " = " + c.arg(string(scope.Entity.ID))}, nil
	}
	return no, fmt.Errorf("resource in … has no SQL")
}

// condition compiles an expression that is true or false.
func (c *compiler) condition(n ast.IsNode) (condition, error) {
	if !mentionsResource(n) {
		v, err := eval.Eval(n, c.env)
		if b, ok := v.(cedar.Boolean); ok && err == nil {
			return truth(bool(b)), nil
		}
		return failed, nil
	}
	switch n := n.(type) {
	case ast.NodeTypeAnd:
		return c.chain(n.BinaryNode, false)
	case ast.NodeTypeOr:
		return c.chain(n.BinaryNode, true)
	case ast.NodeTypeNot:
		one, err := c.condition(n.Arg)
		return one.not(), err
	case ast.NodeTypeIs:
		if isVariable(n.Left, "resource") {
			return truth(string(n.EntityType) == c.table.Type), nil
		}
	case ast.NodeTypeHas:
		if isVariable(n.Arg, "resource") {
			_, has := c.table.Columns[string(n.Value)]
			return truth(has || n.Value == "related"), nil
		}
	case ast.NodeTypeAccess:
		return c.truthOf(n)
	case ast.NodeTypeIfThenElse:
		return c.choose(n)
	case ast.NodeTypeEquals:
		return c.equal(n.BinaryNode)
	case ast.NodeTypeNotEquals:
		one, err := c.equal(n.BinaryNode)
		return one.not(), err
	case ast.NodeTypeLessThan:
		return c.compare(n.BinaryNode, "<")
	case ast.NodeTypeLessThanOrEqual:
		return c.compare(n.BinaryNode, "<=")
	case ast.NodeTypeGreaterThan:
		return c.compare(n.BinaryNode, ">")
	case ast.NodeTypeGreaterThanOrEqual:
		return c.compare(n.BinaryNode, ">=")
	case ast.NodeTypeContains:
		return c.contains(n.BinaryNode)
	case ast.NodeTypeContainsAny:
		if !mentionsResource(n.Left) {
			n.Left, n.Right = n.Right, n.Left
		}
		return c.containsSome(n.BinaryNode, either, no)
	case ast.NodeTypeContainsAll:
		return c.containsSome(n.BinaryNode, both, yes)
	}
	return no, fmt.Errorf("%T has no SQL", n)
}

// chain is && and ||, which look at the right side only when the left one leaves it open.
func (c *compiler) chain(n ast.BinaryNode, or bool) (condition, error) {
	left, err := c.condition(n.Left)
	if err != nil || left.failed || left.decided() && left.yes == or {
		return left, err
	}
	right, err := c.condition(n.Right)
	if err != nil || left.decided() {
		return right, err
	}
	if right.failed {
		return no, fmt.Errorf("one side of an expression fails for some records")
	}
	if or {
		return either(left, right), nil
	}
	return both(left, right), nil
}

func (c *compiler) choose(n ast.NodeTypeIfThenElse) (condition, error) {
	which, err := c.condition(n.If)
	switch {
	case err != nil || which.failed:
		return which, err
	case which.decided() && which.yes:
		return c.condition(n.Then)
	case which.decided():
		return c.condition(n.Else)
	}
	then, err := c.condition(n.Then)
	if err != nil {
		return no, err
	}
	other, err := c.condition(n.Else)
	if err != nil {
		return no, err
	}
	if then.failed || other.failed {
		return no, fmt.Errorf("one side of an expression fails for some records")
	}
	return either(both(which, then), both(which.not(), other)), nil
}

// column gives the column of resource.name. An attribute without one is a mistake of the table.
func (c *compiler) column(n ast.IsNode) (Column, bool, error) {
	access, ok := n.(ast.NodeTypeAccess)
	if !ok || !isVariable(access.Arg, "resource") {
		return Column{}, false, nil
	}
	if column, known := c.table.Columns[string(access.Value)]; known {
		for _, v := range column.Args {
			column.SQL = strings.Replace(column.SQL, "?", c.arg(v), 1)
		}
		return column, true, nil
	}
	if access.Value == "related" {
		return Column{SQL: c.related(), Kind: Many}, true, nil
	}
	return Column{}, false, fmt.Errorf("the table of %s has no column for %q", c.table.Type, access.Value)
}

// related is the set of the kinds of relations in force, as a condition with a place for the kind.
func (c *compiler) related() string {
	now, account, member := c.arg(db.Millis(c.guard.clock())), c.arg(c.actor.Account), c.arg(c.actor.Member)
	if !c.actor.Known() {
		return "CAST(%s AS TEXT) IS NULL" // a stranger is tied to nothing
	}
	return `EXISTS (SELECT 1 FROM access_relation AS tie WHERE tie.type = ` + c.arg(c.table.Type) + ` AND tie.object = ` + c.table.ID +
		` AND tie.kind = %s AND ` + inForce("tie.", now, account, member) + `)`
}

func (c *compiler) truthOf(n ast.NodeTypeAccess) (condition, error) {
	column, found, err := c.column(n)
	switch {
	case err != nil:
		return no, err
	case !found:
		return no, fmt.Errorf("only attributes of the resource have SQL")
	case column.Kind != Truth:
		return failed, nil
	}
	return condition{sql: column.SQL}, nil
}

// constant evaluates what does not depend on the record.
func (c *compiler) constant(n ast.IsNode) (v cedar.Value, ok bool, err error) {
	if mentionsResource(n) {
		return nil, false, nil
	}
	v, err = eval.Eval(n, c.env)
	return v, true, err
}

func (c *compiler) equal(n ast.BinaryNode) (condition, error) {
	left, right := n.Left, n.Right
	if !mentionsResource(left) {
		left, right = right, left
	}
	column, found, err := c.column(left)
	if err != nil || !found {
		return no, errorOr(err, "only attributes of the resource can be compared in SQL")
	}
	if other, found, err := c.column(right); err != nil || found {
		if column.Kind == Many || other.Kind == Many {
			return no, errorOr(err, "sets can't be compared in SQL")
		}
		if column.Kind != other.Kind {
			return no, err
		}
		return condition{sql: column.SQL + " = " + other.SQL}, err
	}
	v, isConstant, err := c.constant(right)
	switch {
	case !isConstant:
		return no, fmt.Errorf("only attributes of the resource can be compared in SQL")
	case err != nil:
		return failed, nil
	}
	return c.is(column, v)
}

// is compares a column with a value; values of another kind are never equal.
func (c *compiler) is(column Column, v cedar.Value) (condition, error) {
	switch v := v.(type) {
	case cedar.String:
		if column.Kind == Text {
			return condition{sql: column.SQL + " = " + c.arg(string(v))}, nil
		}
	case cedar.Long:
		if column.Kind == Number {
			return condition{sql: column.SQL + " = " + c.arg(int64(v))}, nil
		}
	case cedar.Boolean:
		if column.Kind == Truth && bool(v) {
			return condition{sql: column.SQL}, nil
		}
		if column.Kind == Truth {
			return condition{sql: column.SQL}.not(), nil
		}
	}
	if column.Kind == Many {
		return no, fmt.Errorf("sets can't be compared in SQL")
	}
	return no, nil
}

func (c *compiler) compare(n ast.BinaryNode, operator string) (condition, error) {
	left, err := c.numeric(n.Left)
	if err != nil {
		return no, err
	}
	right, err := c.numeric(n.Right)
	if err != nil {
		return no, err
	}
	if left == "" || right == "" {
		return failed, nil
	}
	return condition{sql: left + " " + operator + " " + right}, nil
}

// numeric is a side of a comparison; "" when it is none, which Cedar calls an error.
func (c *compiler) numeric(n ast.IsNode) (string, error) {
	column, found, err := c.column(n)
	if err != nil || found {
		if column.Kind != Number {
			return "", err
		}
		return column.SQL, err
	}
	v, isConstant, err := c.constant(n)
	if !isConstant {
		return "", fmt.Errorf("only attributes of the resource can be compared in SQL")
	}
	long, ok := v.(cedar.Long)
	if err != nil || !ok {
		return "", nil
	}
	return "CAST(" + c.arg(int64(long)) + " AS BIGINT)", nil
}

func errorOr(err error, text string) error {
	if err != nil {
		return err
	}
	return fmt.Errorf("%s", text)
}

func mentionsResource(n ast.IsNode) bool {
	found := false
	ast.Inspect(ast.NewNode(n), func(n ast.IsNode) bool {
		found = found || isVariable(n, "resource")
		return !found
	})
	return found
}
