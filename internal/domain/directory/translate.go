// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
)

// Sheet is a service beside its translation into one language.
type Sheet struct {
	ID, Name  string
	Original  string // language of the source texts
	Language  string
	Groups    []SheetGroup
	Published bool
	// Waiting: a working copy with other texts is open; what is translated now will be out of date.
	Waiting  bool
	Reserved bool
}

// SheetGroup is a group of fields, which is translated as a whole.
type SheetGroup struct {
	Group string
	State string // up_to_date, outdated, machine, draft, missing
	// Digest is the fingerprint of the source texts as they are here, Version that of the draft (0: none).
	Digest  string
	Version int64
	Fields  []SheetField
}

// SheetField is one text and its translation.
type SheetField struct {
	Name   string
	Source string
	// Was is the source text from which the translation was made, when that is known and another.
	Was  string
	Text string // the draft, or else what the public reads
}

// Sheet reads a service for translating. It fails with access.Missing and Invalid("language").
func (u *UseCases) Sheet(ctx context.Context, actor access.Actor, id, language string) (Sheet, error) {
	var sheet Sheet
	err := u.db.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		d, err := u.open(ctx, tx, actor, "directory.translation.read", id)
		if err != nil {
			return err
		}
		sheet, err = u.sheet(ctx, tx, d, language)
		return err
	})
	return sheet, err
}

func (u *UseCases) sheet(ctx context.Context, tx *db.Tx, d dossier, language string) (Sheet, error) {
	s := d.shown()
	if !lang.Known(language) || language == s.original() {
		return Sheet{}, fault.Invalid("language", "translation.language")
	}
	sheet := Sheet{ID: s.ID, Name: s.Name, Original: s.original(), Language: language, Published: d.Published != nil, Reserved: d.Reserved,
		Waiting: d.Published != nil && d.Version > 0 && textsOf(d.Service) != d.Current}
	drafts, err := db.Rows(ctx, tx, scanTranslationDraft, `SELECT part, version, digest, fields FROM directory_translation_draft WHERE service_id = $1 AND language = $2`, s.ID, language)
	if err != nil {
		return sheet, err
	}
	for _, group := range Groups {
		one := sheetGroup(s, d.Reserved, group, language)
		if i := slices.IndexFunc(drafts, func(t translationDraft) bool { return t.group == group }); i >= 0 {
			one.Version, one.State = drafts[i].version, TranslationDraft
			for j := range one.Fields {
				one.Fields[j].Text = drafts[i].fields[one.Fields[j].Name]
			}
		}
		if len(one.Fields) > 0 {
			sheet.Groups = append(sheet.Groups, one)
		}
	}
	return sheet, u.changedSince(ctx, tx, s, &sheet, readAs(s, language, drafts))
}

// readAs tells from which source texts each group was last translated, by their fingerprint, where they are
// others now: those of the draft, or else of what the public reads.
func readAs(s Service, language string, drafts []translationDraft) map[string]string {
	all := texts(&s.Record, s.openSites())
	wanted := map[string]string{} // group → digest of then
	for _, t := range s.Card.Translations {
		if t.Language == language {
			wanted[t.Group] = t.Digest
		}
	}
	for _, t := range drafts {
		wanted[t.group] = t.digest
	}
	maps.DeleteFunc(wanted, func(group, digest string) bool { return digest == "" || digest == sourceDigest(all, group) })
	return wanted
}

// shown is the service whose texts are translated: what the public reads, or the working copy of a
// service that was never published.
func (d dossier) shown() Service {
	if d.Published != nil {
		return *d.Published
	}
	return d.Service
}

// sourceTexts are the texts of a group that the public may read; those of a reserved service that
// could say where it is are not translated, since Publish drops them.
func sourceTexts(s *Service, reserved bool, group string) []text {
	all := texts(&s.Record, s.openSites())
	return slices.DeleteFunc(all, func(t text) bool {
		return t.group != group || strings.TrimSpace(*t.at) == "" || reserved && t.name == "access"
	})
}

func sheetGroup(s Service, reserved bool, group, language string) SheetGroup {
	g := SheetGroup{Group: group, State: TranslationMissing, Digest: sourceDigest(texts(&s.Record, s.openSites()), group)}
	var fields map[string]string
	for _, t := range s.Card.Translations {
		if t.Language == language && t.Group == group {
			g.State, fields = t.State, t.Fields
		}
	}
	for _, t := range sourceTexts(&s, reserved, group) {
		g.Fields = append(g.Fields, SheetField{Name: t.name, Source: *t.at, Text: fields[t.name]})
	}
	return g
}

// changedSince finds the source texts of a fingerprint (group → digest) among the versions of the service.
func (u *UseCases) changedSince(ctx context.Context, tx *db.Tx, s Service, sheet *Sheet, wanted map[string]string) error {
	if len(wanted) == 0 {
		return nil
	}
	versions, err := db.Rows(ctx, tx, scanRecord[Service], `SELECT record FROM directory_version WHERE service_id = $1 ORDER BY number DESC`, s.ID)
	for _, v := range versions {
		all := texts(&v.Record, v.openSites())
		for i := range sheet.Groups {
			g := &sheet.Groups[i]
			if digest := wanted[g.Group]; digest == "" || digest != sourceDigest(all, g.Group) {
				continue
			}
			delete(wanted, g.Group)
			for j := range g.Fields {
				f := &g.Fields[j]
				at := slices.IndexFunc(all, func(t text) bool { return t.name == f.Name })
				if at >= 0 && *all[at].at != f.Source {
					f.Was = *all[at].at
				}
			}
		}
	}
	return err
}

type translationDraft struct {
	group   string
	version int64
	digest  string
	fields  map[string]string
}

func scanTranslationDraft(s db.Scanner) (translationDraft, error) {
	var t translationDraft
	return t, s.Scan(&t.group, &t.version, &t.digest, db.JSON(&t.fields))
}

// TranslationRequest is what a translator has written.
type TranslationRequest struct {
	ID, Language, Group string
	Digest              string // of the source texts that were read
	Version             int64  // of the draft that was read
	Fields              map[string]string
	Publish             bool // otherwise it is kept as a draft
	Auto                bool // saved by the page while somebody types
}

// longestTranslation is how long a translation may be, in bytes: ten times any card.
const longestTranslation = 60_000

// SaveTranslation keeps a group of translated fields, or publishes it: then the index of every node
// has it within a second. It gives the sheet as it is now. It fails with access.Missing,
// Invalid (a field that is empty and must not be, named as in HSDS), and Conflict when the source or
// the draft has changed since it was read: then the sheet is what others wrote.
func (u *UseCases) SaveTranslation(ctx context.Context, actor access.Actor, r TranslationRequest) (Sheet, error) {
	var out Sheet
	err := u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		d, err := u.open(ctx, tx, actor, "directory.translation.edit", r.ID)
		if err != nil {
			return err
		}
		if out, err = u.sheet(ctx, tx, d, r.Language); err != nil {
			return err
		}
		at := slices.IndexFunc(out.Groups, func(g SheetGroup) bool { return g.Group == r.Group })
		if at < 0 {
			return access.Missing()
		}
		group := out.Groups[at]
		switch {
		case group.Digest != r.Digest:
			// What changed while somebody translated is what they have to look at.
			if err := u.changedSince(ctx, tx, d.shown(), &out, map[string]string{r.Group: r.Digest}); err != nil {
				return err
			}
			return fault.Conflict("translation.source_changed")
		case group.Version != r.Version:
			return fault.Conflict("edit.conflict")
		}
		fields, err := fieldsOf(group, r)
		if err != nil {
			return err
		}
		if r.Publish {
			err = u.putTranslation(ctx, tx, actor, d, Translation{Language: r.Language, Group: r.Group, State: TranslationUpToDate, Digest: r.Digest, Fields: fields})
		} else {
			err = u.keepTranslation(ctx, tx, actor, r, fields)
		}
		if err != nil {
			return err
		}
		now, err := readDossier(ctx, tx, r.ID)
		if err != nil {
			return err
		}
		out, err = u.sheet(ctx, tx, now, r.Language)
		return err
	})
	return out, err
}

// fieldsOf takes what was written for fields that there are.
func fieldsOf(group SheetGroup, r TranslationRequest) (map[string]string, error) {
	fields, size := map[string]string{}, 0
	var faults []error
	for _, f := range group.Fields {
		text := strings.TrimSpace(r.Fields[f.Name])
		size += len(text)
		if text != "" {
			fields[f.Name] = text
		} else if r.Publish {
			faults = append(faults, fault.Invalid(f.Name, "translation.missing"))
		}
	}
	if size > longestTranslation {
		faults = append(faults, fault.Invalid("", "edit.too_long", "limit", longestTranslation))
	}
	return fields, errors.Join(faults...)
}

// keepTranslation stores a draft.
func (u *UseCases) keepTranslation(ctx context.Context, tx *db.Tx, actor access.Actor, r TranslationRequest, fields map[string]string) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO directory_translation_draft (service_id, language, part, version, digest, account, changed_at, fields)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (service_id, language, part) DO UPDATE SET version = excluded.version, digest = excluded.digest,
		account = excluded.account, changed_at = excluded.changed_at, fields = excluded.fields`,
		r.ID, r.Language, r.Group, r.Version+1, r.Digest, actor.Account, db.Millis(u.clock()), db.JSON(fields))
	if err != nil || r.Auto {
		return err
	}
	return audit.Record(ctx, tx, u.clock(), audit.Event{Actor: actor.Audited(), Action: "directory.translation.edit", Kind: "service", Record: r.ID,
		Changes: []audit.Change{{Field: "translations/" + r.Language + "." + r.Group, After: TranslationDraft}}})
}

// putTranslation publishes a translation. It touches nothing else, so it stands in no editor's way.
func (u *UseCases) putTranslation(ctx context.Context, tx *db.Tx, actor access.Actor, d dossier, t Translation) error {
	if _, err := db.Exec(ctx, tx, `DELETE FROM directory_translation_draft WHERE service_id = $1 AND language = $2 AND part = $3`, d.Service.ID, t.Language, t.Group); err != nil {
		return err
	}
	with := func(s Service) Service {
		list := slices.DeleteFunc(slices.Clone(s.Card.Translations), func(o Translation) bool { return o.Language == t.Language && o.Group == t.Group })
		s.Card.Translations = append(list, t)
		s.RefreshTranslations()
		return s
	}
	if d.Published != nil {
		how := step{action: StepTranslate, audit: "directory.translation.edit", reason: t.Language}
		return u.put(ctx, tx, actor, how, d.Published, with(*d.Published), d.Reserved)
	}
	// The version of the working copy stays: its editor, who may be writing now, has no part in this.
	if _, err := db.Exec(ctx, tx, `UPDATE directory_draft SET record = $1 WHERE id = $2`, db.JSON(with(d.Service)), d.Service.ID); err != nil {
		return err
	}
	return audit.Record(ctx, tx, u.clock(), audit.Event{Actor: actor.Audited(), Action: "directory.translation.edit", Kind: "service", Record: d.Service.ID,
		Changes: []audit.Change{{Field: "translations/" + t.Language + "." + t.Group, After: TranslationUpToDate}}})
}
