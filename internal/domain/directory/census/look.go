// SPDX-License-Identifier: EUPL-1.2

package census

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"strings"
	"time"

	"approdo/internal/base/need"
	places "approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/exchange"
	"approdo/internal/kit/fault"
)

// source is what an import is read from.
type source struct {
	exchange.Source
	progress func(file string, files int)
	// last is what the address said of its last answer; nil asks for everything.
	last *exchange.Validators
	// careful: nobody looks at it, so it does not take most of a dataset away.
	careful bool
}

// of is a file that somebody brought.
func of(name string, data []byte) source {
	return source{Source: exchange.Source{Name: name, Data: data}}
}

// look reads a file and finds out what it would do, for people to see.
func (u *UseCases) look(ctx context.Context, i *Import, src source) {
	i.Look = Look{}
	batch, ok := u.read(ctx, i, src)
	if i.Look.Errors > 0 && !ok {
		i.Look.Sheets = u.strangeSheets(ctx, *i, src.Source)
	}
	if !ok {
		return
	}
	counted := i.Look.Outcome
	applied, err := u.Directory.Foresee(ctx, batch)
	if faults := fault.All(err); err != nil {
		i.State, i.failed = ImportRefused, err
		if len(faults) == 0 {
			i.State = ImportFailed
		}
		i.Look.refuse(faults)
		return
	}
	i.Look.took(applied, counted)
	i.Look.Sample = sample(batch)
	i.State = ImportChecked
}

// took keeps what a batch does, with the records that had not even to be asked about.
func (l *Look) took(applied directory.Applied, counted directory.Outcome) {
	l.Outcome = maps.Clone(applied.Outcome)
	for kind, n := range counted {
		c := l.Outcome[kind]
		c.Unchanged += n.Unchanged
		l.Outcome[kind] = c
	}
	l.Held = applied.Held
}

// kept is what is written down of a look: a file that is wrong throughout has been understood by then.
func (l Look) kept() Look {
	l.Report.Dropped += max(0, len(l.Report.Problems)-mostProblems)
	l.Report.Problems = l.Report.Problems[:min(len(l.Report.Problems), mostProblems)]
	l.Held = l.Held[:min(len(l.Held), mostHeld)]
	return l
}

// mostRefusals bounds the faults that are kept: who has mended fifty looks again.
const mostRefusals = 50

func (l *Look) refuse(faults []*fault.Error) {
	for _, f := range faults[:min(len(faults), mostRefusals)] {
		l.Faults = append(l.Faults, Refusal{Field: f.Field, Key: f.Message.Key, Args: f.Message.Args})
	}
}

// read makes a batch of a source under the options of an import; when that fails it sets the state.
func (u *UseCases) read(ctx context.Context, i *Import, src source) (directory.Batch, bool) {
	o := i.Options
	mapping := o.Mapping
	if o.Own && mapping != nil {
		// Whose the services are is known: a column for it is not needed.
		own := *mapping
		own.Fixed = maps.Clone(mapping.Fixed)
		if own.Fixed == nil {
			own.Fixed = map[string]string{}
		}
		if own.Fixed["Ente"] == "" {
			own.Fixed["Ente"] = i.Member
		}
		mapping = &own
	}
	reading, end := context.WithTimeout(ctx, cmp.Or(u.Patience, patience))
	defer end()
	batch, report, err := exchange.Read(reading, src.Source, exchange.Options{
		Source: i.Dataset, Partial: o.Partial, Complete: o.Complete, Mapping: mapping, Allowed: u.Allowed, Stored: u.stored(ctx),
		Progress: src.progress, Last: src.last,
	})
	if errors.Is(err, exchange.ErrUnchanged) {
		i.State, i.Look.Unchanged = ImportNothing, true
		return batch, false
	}
	i.Look.Report, i.Look.Errors = report, report.Errors()
	if err == nil && report.Errors() > 0 && !o.Partial {
		err = fault.Invalid("import", "import.refused")
	}
	if err != nil {
		i.State = ImportRefused
		if !fault.Is(err, fault.KindInvalid) && !fault.Is(err, fault.KindUnsupported) {
			i.State = ImportFailed
		}
		i.failed = err
		i.Look.refuse(fault.All(err))
		return batch, false
	}
	batch.TakesOver, batch.OverEdits = o.TakesOver, o.OverEdits
	if o.Own {
		own(&batch, i.Member)
	}
	left, counts, err := exchange.Settle(ctx, u.Directory, batch, report)
	if err != nil {
		i.State, i.failed = ImportFailed, err
		i.Look.refuse(fault.All(err))
		return batch, false
	}
	i.Look.Outcome = directory.Outcome{}
	for kind, n := range counts {
		i.Look.Outcome[kind] = directory.Count{Unchanged: n}
	}
	return left, true
}

// patience is how long reading one dataset may take.
const patience = 20 * time.Minute

// mostProblems bounds the lines of a report that are kept for the page.
const mostProblems = 1000

// own makes everything in a batch the body's: an editor brings what their own body offers, whatever
// the file calls it.
func own(b *directory.Batch, body string) {
	b.Organizations = nil
	for i := range b.Services {
		b.Services[i].OrganizationID = body
	}
	for i := range b.Programs {
		b.Programs[i].OrganizationID = body
	}
	for i := range b.Locations {
		b.Locations[i].OrganizationID = body
	}
}

// stored tells what the census has already that files only name.
func (u *UseCases) stored(ctx context.Context) func(entity, id string) bool {
	programs := map[string]bool{}
	if list, err := u.Directory.Programs(ctx); err == nil {
		for _, p := range list {
			programs[p.ID] = true
		}
	}
	return func(entity, id string) bool {
		switch entity {
		case "organization":
			_, err := u.Directory.Organization(ctx, id)
			return err == nil
		case "program":
			return programs[id]
		}
		return false
	}
}

// strangeSheets are the tables of a file that nobody knows.
func (u *UseCases) strangeSheets(ctx context.Context, i Import, src exchange.Source) []exchange.Sheet {
	sheets, err := exchange.Sheets(ctx, src, exchange.Options{Source: i.Dataset})
	if err != nil {
		return nil // the report has said what is wrong with the file
	}
	var strange []exchange.Sheet
	for _, s := range sheets {
		if !s.Known && len(s.Header) > 1 {
			strange = append(strange, s)
		}
	}
	return strange
}

func sample(b directory.Batch) []Sampled {
	names := map[string]string{}
	for _, o := range b.Organizations {
		names[o.ID] = o.Name
	}
	list := make([]Sampled, 0, sampled)
	for _, s := range b.Services[:min(len(b.Services), sampled)] {
		one := Sampled{Name: s.Name, Body: names[s.OrganizationID]}
		var needs []string
		for _, code := range s.Card.Needs {
			if n, ok := need.ByCode(code); ok {
				needs = append(needs, n.Name("it"))
			}
		}
		one.Needs = strings.Join(needs, "; ")
		switch {
		case len(s.Confidential) > 0:
			one.Place = "(" + s.Confidential[0].Province + ")" // a hidden place is not shown beyond what becomes public
		case len(s.Sites) > 0:
			if c, ok := places.Territories().Comune(s.Sites[0].Location.Comune); ok {
				one.Place = c.Label()
			}
		}
		if len(s.Phones) > 0 {
			one.Phone = s.Phones[0].Number
		}
		list = append(list, one)
	}
	return list
}
