// SPDX-License-Identifier: EUPL-1.2

// Command security holds the packages of the module in the working directory to gosec's rules, those about
// flow of data included, and exits with 1 when one is broken. gosec's own command loads every package apart,
// and all that it imports with it; here they are loaded once, which is most of the time. A finding that is
// none is marked where it stands: // #nosec G304 -- reason.
package main

import (
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/securego/gosec/v2"
	"github.com/securego/gosec/v2/analyzers"
	"github.com/securego/gosec/v2/issue"
	"github.com/securego/gosec/v2/rules"
	"golang.org/x/tools/go/packages"
)

// conversions that could lose digits: gosec does not see what bounds a number a few lines before, and all of
// the fifty that it names were bounded (lengths in memory, hours of a day, days of a month).
const conversions = "G115"

func main() {
	found, err := check("./...")
	if err != nil {
		fmt.Fprintln(os.Stderr, "security:", err)
		os.Exit(2)
	}
	for _, one := range found {
		fmt.Println(one)
	}
	if len(found) > 0 {
		os.Exit(1)
	}
}

// check returns the findings of at least medium severity and confidence as "file:line: rule: text", in order.
func check(patterns ...string) ([]string, error) {
	// Types of all that is imported come from export data, as gosec wants them.
	all, err := packages.Load(&packages.Config{Mode: gosec.LoadMode}, patterns...)
	if err != nil {
		return nil, err
	}
	said := &complaints{}
	with := gosec.NewAnalyzer(gosec.NewConfig(), false, true, false, 2, log.New(said, "", 0))
	with.LoadRules(rules.Generate(false).RulesInfo())
	with.LoadAnalyzers(analyzers.Generate(false, analyzers.NewAnalyzerFilter(true, conversions)).AnalyzersInfo())
	for _, one := range all {
		if len(one.Errors) > 0 {
			return nil, fmt.Errorf("%s: %w", one.PkgPath, one.Errors[0])
		}
		with.CheckRules(one)
		with.CheckAnalyzers(one)
	}
	if len(said.lines) > 0 {
		return nil, fmt.Errorf("not everything was looked at: %s", strings.Join(said.lines, "\n"))
	}
	here, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	issues, _, _ := with.Report()
	var lines []string
	for _, one := range issues {
		if one.Severity < issue.Medium || one.Confidence < issue.Medium || one.NoSec {
			continue
		}
		file, err := filepath.Rel(here, one.File)
		if err != nil {
			return nil, err
		}
		lines = append(lines, fmt.Sprintf("%s:%s: %s: %s", file, one.Line, one.RuleID, one.What))
	}
	slices.Sort(lines)
	return slices.Compact(lines), nil
}

// complaints keeps what gosec says of packages that it could not look at: it logs that and goes on.
type complaints struct{ lines []string }

var _ io.Writer = (*complaints)(nil)

func (c *complaints) Write(line []byte) (int, error) {
	if text := string(line); strings.HasPrefix(text, "Error") || strings.HasPrefix(text, "Panic") {
		c.lines = append(c.lines, text)
	}
	return len(line), nil
}
