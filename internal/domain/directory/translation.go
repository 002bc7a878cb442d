// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"

	"approdo/internal/kit/lang"
)

// Groups of text fields. A group is translated, and goes out of date, as a whole.
const (
	GroupTitle    = "title"    // name, alternate name, summary
	GroupBody     = "body"     // the parts of the service card
	GroupPractice = "practice" // documents, costs, schedules, access to places
)

// Groups lists them in the order of reading.
var Groups = []string{GroupTitle, GroupBody, GroupPractice}

// States of a translation.
const (
	TranslationUpToDate = "up_to_date"
	TranslationOutdated = "outdated" // the source text has changed since
	TranslationMachine  = "machine"  // made by a program, read by nobody yet
	TranslationDraft    = "draft"    // not shown to the public
	TranslationMissing  = "missing"
)

// Translation is one group of fields in one language.
type Translation struct {
	Language string `json:"language"`
	Group    string `json:"group"`
	// State is up_to_date, outdated, machine or draft; a missing translation has no record.
	State  string            `json:"state"`
	Fields map[string]string `json:"fields"` // name of the field (see Record.texts) → text
	// Digest is the fingerprint of the group's source texts when the translation was made; "" when nobody said.
	Digest string `json:"digest,omitempty"`
}

// text is one translatable field of a record.
type text struct {
	group, name string
	at          *string
}

// texts lists every translatable field of the record and of its open sites, in a fixed order.
// Fields of parts are named by the part's id: "required_documents/<id>/document".
func texts(r *Record, sites []Site) []text {
	all := []text{
		{GroupTitle, "name", &r.Name},
		{GroupTitle, "alternate_name", &r.AlternateName},
		{GroupTitle, "summary", &r.Card.Summary},
		{GroupBody, "description", &r.Description},
		{GroupBody, "eligibility_description", &r.EligibilityDescription},
		{GroupBody, "application_process", &r.ApplicationProcess},
		{GroupBody, "outcome", &r.Card.Outcome},
		{GroupBody, "deadlines", &r.Card.Deadlines},
		{GroupBody, "access", &r.Card.Access},
		{GroupBody, "conditions", &r.Card.Conditions},
		{GroupBody, "state_reason", &r.Card.StateReason},
		{GroupBody, "alert", &r.Alert},
		{GroupBody, "fees_description", &r.FeesDescription},
		{GroupBody, "interpretation_services", &r.InterpretationServices},
		{GroupBody, "wait_time", &r.WaitTime},
	}
	for i := range r.RequiredDocuments {
		d := &r.RequiredDocuments[i]
		all = append(all, text{GroupPractice, "required_documents/" + d.ID + "/document", &d.Document})
	}
	for i := range r.CostOptions {
		c := &r.CostOptions[i]
		all = append(all,
			text{GroupPractice, "cost_options/" + c.ID + "/option", &c.Option},
			text{GroupPractice, "cost_options/" + c.ID + "/amount_description", &c.AmountDescription})
	}
	for i := range r.Schedules {
		s := &r.Schedules[i]
		all = append(all,
			text{GroupPractice, "schedules/" + s.ID + "/description", &s.Description},
			text{GroupPractice, "schedules/" + s.ID + "/notes", &s.Notes})
	}
	for i := range sites {
		l := &sites[i].Location
		all = append(all, text{GroupPractice, "locations/" + l.ID + "/transportation", &l.Transportation})
		for j := range l.Accessibility {
			a := &l.Accessibility[j]
			all = append(all, text{GroupPractice, "accessibility/" + a.ID + "/description", &a.Description})
		}
	}
	return all
}

// sourceDigest is the fingerprint of a group's source texts; a translation made from other texts is
// outdated.
func sourceDigest(all []text, group string) string {
	h := sha256.New()
	for _, t := range all {
		if t.group == group && strings.TrimSpace(*t.at) != "" {
			h.Write([]byte(t.name))
			h.Write([]byte{0})
			h.Write([]byte(*t.at))
			h.Write([]byte{0})
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// RefreshTranslations sets the state of every translation from the digest of its source: what was
// up to date and is no longer becomes outdated. Translations without a digest get today's, unless
// they are said to be outdated: of which texts they were made nobody knows.
func (s *Service) RefreshTranslations() {
	all := texts(&s.Record, s.Sites)
	s.Card.Translations = slices.Clone(s.Card.Translations) // the caller's list stays as it is
	for i := range s.Card.Translations {
		t := &s.Card.Translations[i]
		digest := sourceDigest(all, t.Group)
		switch {
		case t.Digest == "" && t.State == TranslationOutdated:
		case t.Digest == "":
			t.Digest = digest
		case t.Digest != digest && t.State == TranslationUpToDate:
			t.State = TranslationOutdated
		case t.Digest == digest && t.State == TranslationOutdated:
			t.State = TranslationUpToDate
		}
	}
	slices.SortFunc(s.Card.Translations, func(a, b Translation) int {
		if c := strings.Compare(a.Language, b.Language); c != 0 {
			return c
		}
		return slices.Index(Groups, a.Group) - slices.Index(Groups, b.Group)
	})
}

// keepDigests gives to translations that came without a digest the one that the same words had in
// the record stored before: they were made from the texts of then.
func (s *Service) keepDigests(before Service) {
	s.Card.Translations = slices.Clone(s.Card.Translations)
	for i := range s.Card.Translations {
		t := &s.Card.Translations[i]
		at := slices.IndexFunc(before.Card.Translations, func(b Translation) bool {
			return b.Language == t.Language && b.Group == t.Group && maps.Equal(b.Fields, t.Fields)
		})
		if t.Digest == "" && at >= 0 {
			t.Digest = before.Card.Translations[at].Digest
		}
	}
}

// Shown says in which language a group is shown, and how good that is.
type Shown struct {
	Language string
	State    string // up_to_date, outdated, machine; missing: it is the original, not the language asked for
}

// original is the language of the record's own texts.
func (r Record) original() string {
	if r.Card.Language == "" {
		return lang.Default
	}
	return r.Card.Language
}

// In gives a copy of the entry with its texts in the wanted language where there is one, and for
// each group what is shown: the original where a translation is missing. Drafts are never shown.
func (e Entry) In(wanted string) (Entry, map[string]Shown) {
	shown := make(map[string]Shown, len(Groups))
	e = e.clone()
	all := texts(&e.Record, e.Sites)
	for _, group := range Groups {
		shown[group] = e.show(all, group, wanted)
	}
	return e, shown
}

func (r Record) show(all []text, group, wanted string) Shown {
	original := r.original()
	if wanted == original {
		return Shown{Language: original, State: TranslationUpToDate}
	}
	i := slices.IndexFunc(r.Card.Translations, func(t Translation) bool {
		return t.Language == wanted && t.Group == group && t.State != TranslationDraft
	})
	if i < 0 {
		return Shown{Language: original, State: TranslationMissing}
	}
	translation := r.Card.Translations[i]
	for _, t := range all {
		if v := translation.Fields[t.name]; t.group == group && v != "" {
			*t.at = v
		}
	}
	return Shown{Language: wanted, State: translation.State}
}

// clone copies what In rewrites.
func (e Entry) clone() Entry {
	e.RequiredDocuments = slices.Clone(e.RequiredDocuments)
	e.CostOptions = slices.Clone(e.CostOptions)
	e.Schedules = slices.Clone(e.Schedules)
	e.Sites = slices.Clone(e.Sites)
	for i := range e.Sites {
		e.Sites[i].Location.Accessibility = slices.Clone(e.Sites[i].Location.Accessibility)
	}
	return e
}

// TextLanguages lists the languages in which the entry's title can be read, the original first.
func (r Record) TextLanguages() []string {
	list := []string{r.original()}
	for _, t := range r.Card.Translations {
		if t.Group == GroupTitle && t.State != TranslationDraft && !slices.Contains(list, t.Language) {
			list = append(list, t.Language)
		}
	}
	return list
}
