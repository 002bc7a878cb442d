// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"approdo/internal/base/network"
	"approdo/internal/kit/db"
	"approdo/internal/kit/hsds"
)

// Reasons why a batch does not write a record.
const (
	HeldOther   = "other-dataset" // it belongs to another dataset, or was entered here
	HeldEdited  = "edited"        // somebody edited it here since the dataset brought it
	HeldRemoval = "edited-gone"   // the dataset has it no more, but somebody edited it here
)

// Held is a record that a batch would change and does not, since it belongs to somebody else.
type Held struct {
	Kind   string `json:"kind"` // "service", "organization"
	ID     string `json:"id"`
	Name   string `json:"name"`
	Reason string `json:"reason"`
	Owner  string `json:"owner,omitempty"` // the dataset it belongs to; "" when it was entered here
	// Parts are those that stayed as they are, of a service of which the rest was written.
	Parts []string `json:"parts,omitempty"`
}

// origin is what a dataset brought when it last wrote a service.
type origin struct {
	Digest string `json:"digest"`
	// Parts are the fingerprints of its parts (Parts). Where a person has not chosen yet between what
	// was changed here and what the dataset changed, the part is as it was before that.
	Parts map[string]string `json:"parts,omitempty"`
	// Translations are those that the dataset brought: "ar/title" → fingerprint of its texts.
	Translations map[string]string `json:"translations,omitempty"`
}

// originOf describes a service as its dataset brings it.
func originOf(s Service) (origin, error) {
	digest, err := s.contentDigest()
	if err != nil {
		return origin{}, err
	}
	all, err := recordFields(s)
	if err != nil {
		return origin{}, err
	}
	o := origin{Digest: digest, Parts: all.digests()}
	for _, t := range s.Card.Translations {
		if o.Translations == nil {
			o.Translations = map[string]string{}
		}
		o.Translations[t.Language+"/"+t.Group] = textsDigest(t)
	}
	return o, nil
}

// contentDigest identifies what a dataset says: everything but who confirmed it last and the
// translations, which go their own way.
func (s Service) contentDigest() (string, error) {
	s.AssuredDate, s.AssurerEmail, s.Card.AssuredBy, s.Card.Translations = "", "", "", nil
	return s.fingerprint()
}

func textsDigest(t Translation) string {
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(t.Fields)) {
		h.Write([]byte(name + "\x00" + t.Fields[name] + "\x00"))
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// storedService is a service with where it comes from.
type storedService struct {
	Service
	source string
	origin string // as stored; "" when not known
}

func scanStored(s db.Scanner) (storedService, error) {
	var one storedService
	return one, s.Scan(&one.source, &one.origin, db.JSON(&one.Service))
}

// edited tells whether somebody changed the service here since its dataset brought it.
func (s storedService) edited() (bool, error) {
	if s.origin == "" {
		return false, nil
	}
	var o origin
	if err := json.Unmarshal([]byte(s.origin), &o); err != nil {
		return false, err
	}
	now, err := s.contentDigest()
	return o.Digest != "" && o.Digest != now, err
}

// keepOwnTranslations gives to a service that a dataset brings again the translations that were made
// or mended here: a translator's work is not lost because the source knows nothing of it.
func (s storedService) keepOwnTranslations(into *Service) error {
	if s.origin == "" {
		return nil
	}
	var o origin
	if err := json.Unmarshal([]byte(s.origin), &o); err != nil {
		return err
	}
	into.Card.Translations = slices.Clone(into.Card.Translations)
	for _, t := range s.Card.Translations {
		if o.Translations[t.Language+"/"+t.Group] == textsDigest(t) {
			continue // as the dataset brought it: the dataset may change it
		}
		at := slices.IndexFunc(into.Card.Translations, func(n Translation) bool { return n.Language == t.Language && n.Group == t.Group })
		if at < 0 {
			into.Card.Translations = append(into.Card.Translations, t)
		} else {
			into.Card.Translations[at] = t
		}
	}
	return nil
}

// storedServices reads the stored services among ids.
func storedServices(ctx context.Context, tx *db.Tx, ids []string) (map[string]storedService, error) {
	all := make(map[string]storedService, len(ids))
	err := eachChunk(ids, func(in string, args []any) error {
		list, err := db.Rows(ctx, tx, scanStored, `SELECT source, origin, record FROM directory_service WHERE id IN (`+in+`)`, args...)
		for _, s := range list {
			all[s.ID] = s
		}
		return err
	})
	return all, err
}

// holdDrafts leaves out services under whose id another body is writing one that it has not published yet:
// whoever brings it would publish it as theirs, and it would be gone where it was written.
func (d *difference) holdDrafts(ctx context.Context, tx *db.Tx, stored map[string]storedService, b Batch, list []Service) ([]Service, error) {
	if b.edit || slices.Contains(b.TakesOver, "") {
		return list, nil
	}
	var fresh []string
	for _, s := range list {
		if _, known := stored[s.ID]; !known {
			fresh = append(fresh, s.ID)
		}
	}
	bodies := map[string]string{}
	if err := eachChunk(fresh, func(in string, args []any) error {
		return db.Walk(ctx, tx, func(row db.Scanner) error {
			var s Service
			err := row.Scan(db.JSON(&s))
			bodies[s.ID] = s.OrganizationID
			return err
		}, `SELECT record FROM directory_draft WHERE id IN (`+in+`)`, args...)
	}); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(list, func(s Service) bool {
		body, drafted := bodies[s.ID]
		if !drafted || body == s.OrganizationID {
			return false
		}
		d.hold(Held{Kind: "service", ID: s.ID, Name: s.Name, Reason: HeldOther})
		return true
	}), nil
}

// holdServices decides about services that differ from those stored: it leaves out what the batch may
// not write over, brings together what was changed here with what the dataset changed, and gives the
// others what was translated here.
func (d *difference) holdServices(stored map[string]storedService, b Batch, list []Service) ([]Service, error) {
	if b.edit {
		return list, nil
	}
	kept := make([]Service, 0, len(list))
	for _, s := range list {
		brought, err := originOf(s)
		if err != nil {
			return nil, err
		}
		if before, known := stored[s.ID]; known {
			held, err := d.holdService(before, b, &s, &brought)
			if err != nil {
				return nil, err
			}
			if held {
				continue
			}
		}
		if b.Source != "" {
			d.origins[s.ID] = brought
		}
		kept = append(kept, s)
	}
	return kept, nil
}

// holdService tells whether a stored service stays wholly as it is. Otherwise s becomes what is to be
// written, and brought what is to be remembered of the dataset.
func (d *difference) holdService(before storedService, b Batch, s *Service, brought *origin) (held bool, err error) {
	if before.source != b.Source && !slices.Contains(b.TakesOver, before.source) {
		// By the name in the file: whoever brings it may not read what somebody else's is called.
		d.hold(Held{Kind: "service", ID: s.ID, Name: s.Name, Reason: HeldOther, Owner: before.source})
		return true, nil
	}
	if b.OverEdits {
		return false, nil
	}
	edited, err := before.edited()
	if err != nil || !edited {
		return false, errors.Join(err, before.keepOwnTranslations(s))
	}
	if len(before.Confidential)+len(s.Confidential) > 0 {
		// Where people are sheltered nothing is put together from two halves: what one of them hides
		// the other might tell.
		d.hold(Held{Kind: "service", ID: s.ID, Name: before.Name, Reason: HeldEdited, Owner: before.source})
		return true, nil
	}
	theirs := *s
	merged, after, parts, err := before.merge(theirs, *brought)
	if err != nil {
		return false, err
	}
	*s, *brought = merged, after
	if len(parts) > 0 {
		d.hold(Held{Kind: "service", ID: s.ID, Name: before.Name, Reason: HeldEdited, Owner: before.source, Parts: parts})
		d.conflicts = append(d.conflicts, conflict{service: s.ID, parts: parts, theirs: &theirs})
	}
	d.renewed[s.ID] = after
	return false, before.keepOwnTranslations(s)
}

func (d *difference) hold(h Held) {
	d.held = append(d.held, h)
	count := d.outcome[h.Kind]
	count.Held++
	d.outcome[h.Kind] = count
}

// bodyOrigin is the dataset that last wrote a body.
type bodyOrigin struct{ id, dataset, digest string }

// holdBodies leaves out bodies that the batch may not write over: those of another dataset, entered
// here, or edited here since.
func (d *difference) holdBodies(ctx context.Context, tx *db.Tx, b Batch) error {
	if b.edit || len(d.organizations) == 0 {
		return nil
	}
	ids := idsOf(d.organizations, func(o network.Organization) string { return o.ID })
	origins := map[string]bodyOrigin{}
	stored := map[string]string{}
	err := eachChunk(ids, func(in string, args []any) error {
		list, err := db.Rows(ctx, tx, func(s db.Scanner) (bodyOrigin, error) {
			var o bodyOrigin
			return o, s.Scan(&o.id, &o.dataset, &o.digest)
		}, `SELECT organization_id, dataset, digest FROM directory_body_origin WHERE organization_id IN (`+in+`)`, args...)
		for _, o := range list {
			origins[o.id] = o
		}
		if err != nil {
			return err
		}
		return db.Walk(ctx, tx, func(s db.Scanner) error {
			var id, record string
			err := s.Scan(&id, &record)
			stored[id] = record
			return err
		}, `SELECT id, record FROM network_organization WHERE id IN (`+in+`)`, args...)
	})
	if err != nil {
		return err
	}
	kept := d.organizations[:0:0]
	for _, o := range d.organizations {
		record, known := stored[o.ID]
		from := origins[o.ID]
		reason := ""
		switch {
		case !known:
		case from.dataset != b.Source && !slices.Contains(b.TakesOver, from.dataset):
			reason = HeldOther
		case !b.OverEdits && from.digest != "" && from.digest != textDigest(record):
			reason = HeldEdited
		}
		if reason == "" {
			kept = append(kept, o)
			continue
		}
		d.hold(Held{Kind: "organization", ID: o.ID, Name: o.Name, Reason: reason, Owner: from.dataset})
	}
	count := d.outcome["organization"]
	count.Updated -= len(d.organizations) - len(kept)
	d.outcome["organization"] = count
	d.organizations = kept
	return nil
}

// holdParts leaves out programs, taxonomies and terms that belong to another dataset.
func (d *difference) holdParts(ctx context.Context, tx *db.Tx, b Batch) (err error) {
	if d.programs, err = mineOnly(ctx, tx, d, b, KindProgram, d.programs, func(p hsds.Program) (string, string) { return p.ID, p.Name }); err != nil {
		return err
	}
	if d.taxonomies, err = mineOnly(ctx, tx, d, b, KindTaxonomy, d.taxonomies, func(t hsds.Taxonomy) (string, string) { return t.ID, t.Name }); err != nil {
		return err
	}
	d.terms, err = mineOnly(ctx, tx, d, b, KindTerm, d.terms, func(t hsds.TaxonomyTerm) (string, string) { return t.ID, t.Name })
	return err
}

func mineOnly[T any](ctx context.Context, tx *db.Tx, d *difference, b Batch, kind string, list []T, named func(T) (id, name string)) ([]T, error) {
	if b.edit || len(list) == 0 {
		return list, nil
	}
	id := func(item T) string {
		id, _ := named(item)
		return id
	}
	owners, err := storedOwners(ctx, tx, tableOf[kind], idsOf(list, id))
	if err != nil {
		return nil, err
	}
	kept := make([]T, 0, len(list))
	for _, item := range list {
		id, name := named(item)
		if owner, stored := owners[id]; stored && owner != b.Source && !slices.Contains(b.TakesOver, owner) {
			d.hold(Held{Kind: kind, ID: id, Name: name, Reason: HeldOther, Owner: owner})
			continue
		}
		kept = append(kept, item)
	}
	count := d.outcome[kind]
	count.Updated -= len(list) - len(kept)
	d.outcome[kind] = count
	return kept, nil
}

// storedOwners gives the datasets of the stored records among ids.
func storedOwners(ctx context.Context, tx *db.Tx, table string, ids []string) (map[string]string, error) {
	owners := map[string]string{}
	err := eachChunk(ids, func(in string, args []any) error {
		return db.Walk(ctx, tx, func(s db.Scanner) error {
			var id, source string
			err := s.Scan(&id, &source)
			owners[id] = source
			return err
		}, `SELECT id, source FROM `+table+` WHERE id IN (`+in+`)`, args...)
	})
	return owners, err
}

func textDigest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

// writeBodyOrigins remembers what the dataset brought of bodies.
func (d *difference) writeBodyOrigins(ctx context.Context, tx *db.Tx) error {
	if d.source == "" || d.edit {
		return nil
	}
	rows := make([][]any, len(d.organizations))
	for i, o := range d.organizations {
		text, err := json.Marshal(o)
		if err != nil {
			return err
		}
		rows[i] = []any{o.ID, d.source, textDigest(string(text))}
	}
	_, err := db.Insert(ctx, tx, `directory_body_origin (organization_id, dataset, digest)`,
		`ON CONFLICT (organization_id) DO UPDATE SET dataset = excluded.dataset, digest = excluded.digest`, rows)
	return err
}
