// SPDX-License-Identifier: EUPL-1.2

package officeweb

import (
	"net/http"
	"strconv"
	"strings"

	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// linkView is the page behind a link to the contact of a body: the entry as the public reads it, and
// one answer.
type linkView struct {
	Token      string
	Entry      directory.Entry
	Mistakes   ui.Mistakes
	Correcting bool
	Typed      linkForm
	Thanks     string // state of the answer that was given
	Renewed    bool   // another letter was asked for on the page of an answered link
	Late       bool   // somebody else had answered before these corrections were sent
	Places     []string
	Sentence   []string
	Weeks      []siteWeeks
}

// linkForm is what somebody types who corrects.
type linkForm struct {
	Phones []linkPhone
	Phone  string
	Email  string
	URL    string
	Closed bool
	Note   string
}

type linkPhone struct{ ID, Number, Note string }

func (p *Pages) getLink(w http.ResponseWriter, r *http.Request) error {
	a, err := p.Verifier.Open(r.Context(), r.PathValue("token"))
	if err != nil {
		return p.lost(w, r, err)
	}
	return p.link(w, r, http.StatusOK, a, linkView{Correcting: r.URL.Query().Has("correct"), Renewed: r.URL.Query().Has("renewed")})
}

// lostView says why a link opens no entry, and what to do.
type lostView struct {
	Token   string
	Text    string
	Renew   bool // another may be asked for
	Renewed bool // it was
}

// lost is the page of a link that opens no entry.
func (p *Pages) lost(w http.ResponseWriter, r *http.Request, err error) error {
	if !fault.Is(err, fault.KindNotFound) {
		return err
	}
	v := lostView{Token: r.PathValue("token"), Text: web.Say(r, fault.All(err)[0]), Renew: directory.LinkLapsed(err), Renewed: r.URL.Query().Has("renewed")}
	status := http.StatusNotFound
	if v.Renew {
		status = http.StatusGone
	}
	web.NoStore(w)
	return web.Render(w, r, status, p.Site.Page(r, ui.Head{Title: text(r, "confirm.lost"), NoIndex: true}, lostPage(v)))
}

// renew sends another letter to the contact that is known for the entry.
func (p *Pages) renew(w http.ResponseWriter, r *http.Request) error {
	if err := p.Verifier.Renew(r.Context(), r.PathValue("token")); err != nil {
		if fault.Is(err, fault.KindInvalid) {
			// Nobody is known any more to whom a letter could go: the editors see that on their page.
			err = fault.NotFound("verification.link").Because(err)
		}
		return p.lost(w, r, err)
	}
	return web.Redirect(w, r, web.Path(r.Context(), "/verify/"+r.PathValue("token"))+"?renewed=1")
}

// link shows the page. Nothing about who was asked, or when, stands on it.
func (p *Pages) link(w http.ResponseWriter, r *http.Request, status int, a directory.Asked, v linkView) error {
	v.Token, v.Entry = r.PathValue("token"), a.Entry
	if a.State != directory.VerificationAsked {
		v.Thanks = a.State
	}
	if v.Typed.Phones == nil {
		v.Typed = linkForm{Email: a.Entry.Email, URL: a.Entry.URL, Note: v.Typed.Note}
		for _, ph := range a.Entry.Phones {
			v.Typed.Phones = append(v.Typed.Phones, linkPhone{ph.ID, ph.Number, ph.Description})
		}
	}
	for _, s := range a.Entry.Sites {
		v.Places = append(v.Places, addressOf(s))
	}
	words := web.Words(r.Context())
	v.Weeks = p.weeksOf(words, a.Entry)
	for i := range v.Weeks {
		v.Weeks[i].Weeks = v.Weeks[i].Weeks[:1]
	}
	if p.Conditions != nil {
		v.Sentence = p.Conditions(words, &a.Entry)
	}
	web.NoStore(w)
	head := ui.Head{Title: text(r, "confirm.title"), NoIndex: true, Sensitive: a.Entry.Discreet() || a.Entry.Reserved()}
	return web.Render(w, r, status, p.Site.Page(r, head, linkPage(v)))
}

// addressOf is where a place is, on one line.
func addressOf(s directory.Site) string {
	var parts []string
	if s.Location.Name != "" {
		parts = append(parts, s.Location.Name)
	}
	if len(s.Location.Addresses) > 0 {
		parts = append(parts, s.Location.Addresses[0].Address1)
	}
	if c, ok := network.Territories().Comune(s.Location.Comune); ok {
		parts = append(parts, c.Label())
	}
	return strings.Join(parts, ", ")
}

func (p *Pages) postLink(w http.ResponseWriter, r *http.Request) error {
	ctx, token := r.Context(), r.PathValue("token")
	if err := p.answers.Allow(w, r); err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return fault.Invalid("", "census.form").Because(err)
	}
	if r.PostForm.Get("do") == "renew" {
		return p.renew(w, r)
	}
	a, err := p.Verifier.Open(ctx, token)
	if err != nil {
		return p.lost(w, r, err)
	}
	v := linkView{}
	switch r.PostForm.Get("do") {
	case "confirm":
		err = p.Verifier.Confirm(ctx, token)
	case "correct":
		v.Correcting = true
		var c directory.Correction
		c, v.Typed = corrected(r, a.Entry)
		err = p.Verifier.Correct(ctx, token, c)
	default:
		return fault.Invalid("", "census.form")
	}
	if m, ok := ui.MistakesOf(r, err); ok {
		v.Mistakes = m
		return p.link(w, r, http.StatusUnprocessableEntity, a, v)
	}
	if v.Correcting && fault.Is(err, fault.KindConflict) {
		v.Late = true // what was typed is not taken, and must not be lost
		return p.link(w, r, http.StatusConflict, a, v)
	}
	if err != nil && !fault.Is(err, fault.KindConflict) {
		return err
	}
	// Answered, by this form or just before it: the page says so.
	return web.Redirect(w, r, web.Path(ctx, "/verify/"+token))
}

// corrected reads what was typed, and keeps what differs from the entry.
func corrected(r *http.Request, e directory.Entry) (directory.Correction, linkForm) {
	f := r.PostForm
	typed := linkForm{Phone: f.Get("phone"), Email: strings.TrimSpace(f.Get("email")), URL: strings.TrimSpace(f.Get("url")), Closed: f.Get("closed") != "", Note: f.Get("note"), Phones: []linkPhone{}}
	c := directory.Correction{Phone: typed.Phone, Closed: typed.Closed, Note: typed.Note}
	for i, ph := range e.Phones {
		name := "phones." + strconv.Itoa(i)
		number := ph.Number
		if f.Has(name) {
			number = strings.TrimSpace(f.Get(name))
		}
		typed.Phones = append(typed.Phones, linkPhone{ph.ID, number, ph.Description})
		if number != ph.Number {
			if c.Phones == nil {
				c.Phones = map[string]string{}
			}
			c.Phones[ph.ID] = number
		}
	}
	// A reserved entry shows neither, so neither is asked.
	if !e.Reserved() && typed.Email != e.Email {
		c.Email = &typed.Email
	}
	if !e.Reserved() && typed.URL != e.URL {
		c.URL = &typed.URL
	}
	return c, typed
}
