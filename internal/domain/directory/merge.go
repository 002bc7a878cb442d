// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
)

// Parts of a service, as they are taken from a dataset or kept: each as a whole, in the order in which
// people read them. Hours, telephones and addresses of a place go with the place.
const (
	PartTitle       = "title"
	PartSubjects    = "subjects" // status, needs, topics, languages
	PartDescription = "description"
	PartEligibility = "eligibility"
	PartHow         = "how" // documents, costs, how to apply
	PartHours       = "hours"
	PartContacts    = "contacts"
	PartPlaces      = "places"
	PartRest        = "rest"
)

// Parts lists them.
var Parts = []string{PartTitle, PartSubjects, PartDescription, PartEligibility, PartHow, PartHours, PartContacts, PartPlaces, PartRest}

// partOf says to which part a field of the record belongs, those of the card after "card/". What is not
// named belongs to the rest; "" belongs to none: it has a way of its own (translations, confirmations).
var partOf = map[string]string{
	"name": PartTitle, "alternate_name": PartTitle, "card/summary": PartTitle,
	"status": PartSubjects, "card/state_reason": PartSubjects, "alert": PartSubjects, "card/needs": PartSubjects, "card/topics": PartSubjects,
	"languages": PartSubjects, "interpretation_services": PartSubjects,
	"description": PartDescription, "card/outcome": PartDescription, "card/language": PartDescription,
	"eligibility_description": PartEligibility, "minimum_age": PartEligibility, "maximum_age": PartEligibility, "card/eligibility": PartEligibility,
	"application_process": PartHow, "required_documents": PartHow, "cost_options": PartHow, "fees": PartHow, "fees_description": PartHow,
	"wait_time": PartHow, "card/deadlines": PartHow, "card/access": PartHow, "card/conditions": PartHow,
	"schedules": PartHours, "card/hours": PartHours,
	"phones": PartContacts, "email": PartContacts, "url": PartContacts, "additional_urls": PartContacts, "contacts": PartContacts,
	"sites": PartPlaces, "confidential": PartPlaces, "service_areas": PartPlaces, "card/territory": PartPlaces,
	"id": "", "source": "", "last_modified": "", "assured_date": "", "assurer_email": "", "card/assured_by": "", "card/translations": "",
}

// groupsOf says which texts are translated again when a part changes.
var groupsOf = map[string][]string{
	PartTitle: {GroupTitle}, PartSubjects: {GroupBody}, PartDescription: {GroupBody}, PartEligibility: {GroupBody},
	PartHow: {GroupBody, GroupPractice}, PartHours: {GroupPractice}, PartPlaces: {GroupPractice},
}

// fieldSet is a service as JSON, by field; those of the card under "card/".
type fieldSet map[string]json.RawMessage

func recordFields(s Service) (fieldSet, error) {
	text, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	all, card := fieldSet{}, fieldSet{}
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(all["card"], &card); err != nil {
		return nil, err
	}
	delete(all, "card")
	for name, value := range card {
		all["card/"+name] = value
	}
	return all, nil
}

func (f fieldSet) service() (Service, error) {
	all, card := map[string]json.RawMessage{}, map[string]json.RawMessage{}
	for name, value := range f {
		if rest, ok := bytes.CutPrefix([]byte(name), []byte("card/")); ok {
			card[string(rest)] = value
		} else {
			all[name] = value
		}
	}
	var s Service
	text, err := json.Marshal(card)
	if err != nil {
		return s, err
	}
	all["card"] = text
	if text, err = json.Marshal(all); err != nil {
		return s, err
	}
	return s, json.Unmarshal(text, &s)
}

func (f fieldSet) part(name string) string {
	if part, named := partOf[name]; named {
		return part
	}
	return PartRest
}

// digests identify every part.
func (f fieldSet) digests() map[string]string {
	sums := map[string][]byte{}
	for _, name := range slices.Sorted(maps.Keys(f)) {
		if part := f.part(name); part != "" {
			sums[part] = append(append(append(sums[part], name...), 0), f[name]...)
		}
	}
	digests := make(map[string]string, len(Parts))
	for _, part := range Parts {
		sum := sha256.Sum256(sums[part])
		digests[part] = hex.EncodeToString(sum[:8])
	}
	return digests
}

// take gives f with some parts as they are in from.
func (f fieldSet) take(from fieldSet, parts []string) fieldSet {
	out := maps.Clone(f)
	for _, name := range slices.Collect(maps.Keys(out)) {
		if slices.Contains(parts, out.part(name)) {
			delete(out, name)
		}
	}
	for name, value := range from {
		if slices.Contains(parts, from.part(name)) {
			out[name] = value
		}
	}
	return out
}

// merge brings together what a dataset says of a service and what was changed here since it said it
// last. Of each part: what only the dataset changed is the dataset's, what only somebody here changed
// stays, and what both changed stays and is a conflict, for a person to choose. When it is not known
// what the dataset said last, every part that differs is one.
func (s storedService) merge(brought Service, now origin) (merged Service, after origin, conflicts []string, err error) {
	var before origin
	if err := json.Unmarshal([]byte(s.origin), &before); err != nil {
		return brought, now, nil, err
	}
	ours, err := recordFields(s.Service)
	if err != nil {
		return brought, now, nil, err
	}
	theirs, err := recordFields(brought)
	if err != nil {
		return brought, now, nil, err
	}
	here := ours.digests()
	after = origin{Digest: now.Digest, Translations: now.Translations, Parts: maps.Clone(now.Parts)}
	var keep, groups []string
	for _, part := range Parts {
		was := before.Parts[part]
		if here[part] == now.Parts[part] || here[part] == was {
			continue // both say the same, or nobody here changed it
		}
		keep, groups = append(keep, part), append(groups, groupsOf[part]...)
		if now.Parts[part] != was {
			conflicts = append(conflicts, part)
			after.Parts[part] = was
		}
	}
	if merged, err = theirs.take(ours, keep).service(); err != nil {
		return brought, now, nil, err
	}
	merged.Source = brought.Source
	if len(keep) > 0 {
		// Whoever confirmed the entry here confirmed it with these words, and translated them.
		merged.AssuredDate, merged.AssurerEmail, merged.Card.AssuredBy = s.AssuredDate, s.AssurerEmail, s.Card.AssuredBy
		merged.Card.Translations = translationsOf(brought.Card.Translations, s.Card.Translations, groups)
	}
	return merged, after, conflicts, nil
}

// translationsOf takes the translations of some groups from ours, and the others from theirs.
func translationsOf(theirs, ours []Translation, groups []string) (list []Translation) {
	for _, t := range theirs {
		if !slices.Contains(groups, t.Group) {
			list = append(list, t)
		}
	}
	for _, t := range ours {
		if slices.Contains(groups, t.Group) {
			list = append(list, t)
		}
	}
	return list
}
