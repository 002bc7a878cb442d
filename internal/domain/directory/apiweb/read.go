// SPDX-License-Identifier: EUPL-1.2

package apiweb

import (
	"net/http"

	"approdo/internal/base/need"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
)

// Service is a service in detail with the addresses where people and other programs find it.
type Service struct {
	directory.Detail
	Page string `json:"page" format:"uri"`
	HSDS string `json:"hsds" format:"uri"`
}

// Needs lists the taxonomy: each category followed by its needs.
type Needs struct {
	Language string `json:"language"`
	Items    []Need `json:"items"`
}

// Need is one need, or a category of them.
type Need struct {
	Code     string `json:"code"`
	ID       string `json:"id" format:"uuid"` // of the HSDS taxonomy term
	Name     string `json:"name"`
	About    string `json:"about,omitempty"`
	Parent   string `json:"parent,omitempty"` // "" for a category
	Urgent   bool   `json:"urgent,omitempty"`
	Services int    `json:"services"`
}

// Helplines lists national lines.
type Helplines struct {
	Language string     `json:"language"`
	Items    []Helpline `json:"items"`
}

// Helpline is a national line, with where it was read and when.
type Helpline struct {
	Number  string   `json:"number"`
	Name    string   `json:"name"`
	About   string   `json:"about"`
	Needs   []string `json:"needs"`
	Hours   string   `json:"hours,omitempty"`
	Spoken  []string `json:"spoken"`
	Source  string   `json:"source"`
	Checked string   `json:"checked" format:"date"`
}

// Feed is a piece of the change feed.
type Feed struct {
	Changes []Change `json:"changes"`
	Next    string   `json:"next"` // ask with after=next
	End     bool     `json:"end"`  // nothing is behind next yet
}

// Change is an entry that is new or differs, or one that is gone.
type Change struct {
	ID    string           `json:"id"`
	Seq   int64            `json:"seq"`
	Gone  bool             `json:"gone"`
	Entry *directory.Entry `json:"entry,omitempty"`
}

// Sizes of a piece of the feed.
const (
	usualChanges = 100
	mostChanges  = 500
)

func (d *doors) getService(w http.ResponseWriter, r *http.Request) error {
	r, language, err := inLanguage(w, r)
	if err != nil {
		return err
	}
	entry, err := d.Directory.Entry(r.Context(), r.PathValue("id"))
	if fault.Is(err, fault.KindNotFound) {
		return fault.NotFound("openapi.not_found")
	}
	if err != nil {
		return err
	}
	if entry.Reserved() || entry.Discreet() {
		web.NoStore(w)
	}
	ctx := r.Context()
	return web.JSON(w, r, http.StatusOK, Service{
		Detail: entry.Detail(language, d.Directory.Now()),
		Page:   web.Absolute(ctx, web.Path(ctx, "/services/"+entry.ID)), HSDS: web.Absolute(ctx, "/hsds/services/"+entry.ID),
	})
}

// inLanguage reads the only parameter that many addresses have.
func inLanguage(w http.ResponseWriter, r *http.Request) (*http.Request, string, error) {
	values, r, err := read(w, r)
	if err != nil {
		return r, "", err
	}
	language := values.Language()
	if err := values.Err(); err != nil {
		return r, "", err
	}
	if language == "" {
		language = languageOf(r, "")
	}
	return speaking(r, language), language, nil
}

func (d *doors) getNeeds(w http.ResponseWriter, r *http.Request) error {
	r, language, err := inLanguage(w, r)
	if err != nil {
		return err
	}
	found, err := d.Finder.Find(r.Context(), directory.Query{Language: language, Limit: 1})
	if err != nil {
		return err
	}
	count := map[string]int{}
	for _, class := range []string{"need", "top"} {
		for _, c := range found.Facets[class] {
			count[c.Tag] = c.Count
		}
	}
	out := Needs{Language: language, Items: []Need{}}
	for _, n := range need.All() {
		words := n.In(language)
		tag := "need:" + n.Code
		if n.Top() {
			tag = "top:" + n.Code
		}
		out.Items = append(out.Items, Need{
			Code: n.Code, ID: need.TermID(n.Code), Name: words.Name, About: words.About, Parent: n.Parent, Urgent: need.Urgent(n.Code), Services: count[tag],
		})
	}
	return web.JSON(w, r, http.StatusOK, out)
}

func (d *doors) getHelplines(w http.ResponseWriter, r *http.Request) error {
	values, r, err := read(w, r)
	if err != nil {
		return err
	}
	language, codes := values.Language(), needs(values)
	if err := values.Err(); err != nil {
		return err
	}
	if language == "" {
		language = languageOf(r, "")
	}
	lines := directory.Helplines()
	if len(codes) > 0 {
		lines = directory.HelplinesFor(codes...)
	}
	out := Helplines{Language: language, Items: []Helpline{}}
	for _, h := range lines {
		out.Items = append(out.Items, Helpline{
			Number: h.Number, Name: h.In(h.Name, language), About: h.In(h.About, language), Needs: h.Needs, Hours: h.Hours, Spoken: h.Spoken, Source: h.Source, Checked: h.Checked,
		})
	}
	return web.JSON(w, speaking(r, language), http.StatusOK, out)
}

func (d *doors) getFeed(w http.ResponseWriter, r *http.Request) error {
	values, r, err := read(w, r)
	if err != nil {
		return err
	}
	after, err := directory.ParseCursor(values.Text("after"))
	if err != nil {
		values.Refuse(fault.Invalid("after", "api.after", "value", values.Text("after")))
	}
	limit := usualChanges
	if n := values.Int(usualChanges, 1, "limit"); n > mostChanges {
		values.Refuse(fault.Invalid("limit", "openapi.bad_amount", "value", values.Text("limit"), "most", mostChanges))
	} else {
		limit = n
	}
	if err := values.Err(); err != nil {
		return err
	}
	list, next, end, err := d.Directory.Feed(r.Context(), after, limit)
	if err != nil {
		return err
	}
	out := Feed{Changes: []Change{}, Next: next.String(), End: end}
	for _, c := range list {
		change := Change{ID: c.ID, Seq: c.Entry.Seq, Gone: c.Gone}
		if !c.Gone {
			change.Entry = &c.Entry
		}
		out.Changes = append(out.Changes, change)
	}
	return web.JSON(w, speaking(r, lang.Default), http.StatusOK, out)
}
