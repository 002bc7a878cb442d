// SPDX-License-Identifier: EUPL-1.2

package directoryweb

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"approdo/internal/base/need"
	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// mostPacked is how many services a pack holds: what a phone of the poorest kind still searches.
const mostPacked = 600

// offlineView is the page on which copies are chosen, searched and deleted. It is also the page
// that stands in for every other without a connection.
type offlineView struct {
	Regions []regionView
	Chosen  network.Ref
}

// pack is a territory's services in one language, small enough for a phone. It is built from
// entries that may be kept: none that is reserved, none about violence.
type pack struct {
	Version   int                 `json:"v"`
	Ref       network.Ref         `json:"ref"`
	Name      string              `json:"name"`
	Language  string              `json:"lang"`
	Made      string              `json:"made"`
	MadeText  string              `json:"made_text"`
	More      int                 `json:"more,omitempty"` // services that did not fit
	Needs     map[string]packNeed `json:"needs"`
	Helplines []packLine          `json:"helplines,omitempty"`
	Services  []packed            `json:"services"`
}

// packNeed is a need with the words by which people look for it, in the language of the pack and
// in Italian.
type packNeed struct {
	Name  string   `json:"n"`
	Words []string `json:"w"`
}

type packLine struct {
	Number string `json:"n"`
	Name   string `json:"t"`
}

// packed is one service. Short names: they stand there hundreds of times.
type packed struct {
	ID        string   `json:"i"`
	Name      string   `json:"n"`
	Language  string   `json:"l,omitempty"` // of the texts when not that of the pack
	Summary   string   `json:"s,omitempty"`
	About     string   `json:"d,omitempty"`
	Who       string   `json:"w,omitempty"`
	How       string   `json:"h,omitempty"`
	Bring     []string `json:"b,omitempty"`
	Body      string   `json:"o"`
	Address   string   `json:"a,omitempty"`
	City      string   `json:"c,omitempty"`
	Phones    []string `json:"p,omitempty"`
	Hours     []string `json:"t,omitempty"`
	Spoken    []string `json:"k,omitempty"`
	Costs     []string `json:"e,omitempty"`
	Needs     []string `json:"x,omitempty"`
	Confirmed string   `json:"f,omitempty"`
	Overdue   bool     `json:"z,omitempty"`
}

func (p *pages) getOffline(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	found, err := p.Finder.Find(ctx, directory.Query{Language: web.Lang(ctx), Page: beyond})
	if err != nil {
		return err
	}
	ref, err := network.ParseRef(r.URL.Query().Get("territory"))
	if err != nil {
		ref = ""
	}
	words := web.Words(ctx)
	return p.show(w, r, ui.Head{
		Title: words.Text("offline.title"), Description: words.Text("offline.lead"), Active: "/offline", Scripts: []string{"keep.js"},
		Crumbs: []ui.Link{{Text: words.Text("menu.offline")}},
	}, offlinePage(offlineView{Regions: regions(found), Chosen: ref}))
}

// getPack is /offline/{ref}.{language}.json.
func (p *pages) getPack(w http.ResponseWriter, r *http.Request) error {
	name, ok := strings.CutSuffix(r.PathValue("file"), ".json")
	dot := strings.LastIndexByte(name, '.')
	if !ok || dot < 0 || !lang.Known(name[dot+1:]) {
		return lost()
	}
	ref, err := network.ParseRef(name[:dot])
	if err != nil || ref == "" {
		return lost()
	}
	if err := p.large.Allow(w, r); err != nil {
		return err
	}
	made, err := p.packOf(r.Context(), ref, name[dot+1:])
	if err != nil {
		return err
	}
	body, err := json.Marshal(made)
	if err != nil {
		return err
	}
	return web.JSON(w, r, http.StatusOK, json.RawMessage(body))
}

func (p *pages) packOf(ctx context.Context, ref network.Ref, language string) (pack, error) {
	w := p.words.Words(language)
	now := p.now()
	made := pack{
		Version: 1, Ref: ref, Name: network.Territories().RefName(ref), Language: language, Made: now.Format(time.RFC3339),
		MadeText: w.Date(now, lang.Long) + ", " + w.Time(now), Needs: map[string]packNeed{}, Services: []packed{},
	}
	for _, h := range directory.HelplinesFor("emergency-numbers") {
		made.Helplines = append(made.Helplines, packLine{h.Number, strings.TrimSpace(strings.TrimPrefix(h.In(h.Name, language), h.Number))})
	}
	for page := 1; len(made.Services) < mostPacked; page++ {
		found, err := p.Finder.Find(ctx, directory.Query{Language: language, Territory: ref, Page: page, Limit: directory.MaxLimit})
		if err != nil {
			return made, err
		}
		for _, item := range found.Items {
			if !discreet(&item.Entry) && len(made.Services) < mostPacked {
				made.add(p.packedOf(w, item))
			}
		}
		if page*directory.MaxLimit >= found.Total || len(found.Items) == 0 {
			break
		}
		made.More = max(found.Total-mostPacked, 0)
	}
	return made, nil
}

// add takes a service in, with the words of its needs.
func (k *pack) add(one packed) {
	k.Services = append(k.Services, one)
	for _, code := range one.Needs {
		n, ok := need.ByCode(code)
		if _, have := k.Needs[code]; have || !ok {
			continue
		}
		words := n.In(k.Language).Terms
		if k.Language != "it" {
			words = append(words[:len(words):len(words)], n.In("it").Name)
		}
		k.Needs[code] = packNeed{n.Name(k.Language), words}
	}
}

func (p *pages) packedOf(w lang.Words, item directory.Item) packed {
	e, shown := item.Entry.In(w.Lang())
	one := packed{
		ID: e.ID, Name: e.Name, Summary: e.Card.Summary, About: e.Description, Who: e.EligibilityDescription, How: e.ApplicationProcess,
		Body: e.Organization.Name, City: e.TerritoryName(), Hours: p.weekPacked(w, &e), Needs: e.Card.Needs, Overdue: item.Overdue,
	}
	if code := shown[directory.GroupTitle].Language; code != w.Lang() {
		one.Language = code
	}
	if len(e.Sites) > 0 {
		one.Address = siteAddress(e.Sites[0])
	}
	view := serviceView{Entry: e}
	for _, phone := range view.phones() {
		one.Phones = append(one.Phones, phone.Number)
	}
	for _, l := range view.spoken() {
		one.Spoken = append(one.Spoken, l.Code)
	}
	for _, d := range e.RequiredDocuments {
		one.Bring = append(one.Bring, d.Document)
	}
	for _, c := range pricesShown(w, &e, shown[directory.GroupPractice].Language) {
		one.Costs = append(one.Costs, strings.TrimSpace(c.Amount+" "+c.Text))
	}
	if v := e.Verification(); v.On != 0 {
		one.Confirmed = dateSaid(w, v.On)
	}
	return one
}

// offlineWords are the words that the script needs, keys under "offline.".
var offlineWords = []string{"found", "none", "copy_of", "delete", "deleted", "wait", "kept", "failed", "more", "hours", "bring", "cost", "spoken", "who", "how", "overdue", "confirmed", "verify"}

func languageOptions(ctx context.Context) []ui.Option {
	list := make([]ui.Option, len(lang.All))
	for i, code := range lang.All {
		list[i] = ui.Option{Value: code, Text: lang.NativeName(code), Lang: code, Selected: code == langOf(ctx)}
	}
	return list
}

// weekPacked is the usual week: a copy is read on other days than that on which it was made, so it
// carries weekdays without dates.
func (p *pages) weekPacked(w lang.Words, e *directory.Entry) []string {
	return p.weekLines(w, e)
}
