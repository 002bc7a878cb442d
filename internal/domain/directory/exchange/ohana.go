// SPDX-License-Identifier: EUPL-1.2

package exchange

import "strings"

// ohanaDialects are the CSV files of the Ohana API (Code for America), with the rules by which it
// takes them: what it requires is required here. Dates are written month first, as there.
func ohanaDialects() []*dialect {
	list := []*dialect{
		{names: []string{"organizations"}, entity: "organization", required: []string{"name", "description"}, finish: finishOhanaOrganization,
			columns: columns("id accreditations=- alternate_name date_incorporated=- description email funding_sources=- legal_status licenses=- name tax_id tax_status website")},
		{names: []string{"programs"}, entity: "program", required: []string{"name", "organization_id"},
			columns: columns("id organization_id name alternate_name")},
		{names: []string{"locations"}, entity: "location", required: []string{"name", "description", "organization_id"}, finish: finishOhanaLocation,
			columns: columns("id organization_id accessibility=- admin_emails=- alternate_name description email=- languages=- latitude longitude name short_desc=- transportation website=url virtual=-")},
		{names: []string{"addresses"}, entity: "address", required: []string{"location_id", "address_1", "city", "state_province", "postal_code", "country"}, finish: addressOfType("physical"),
			columns: columns("id location_id address_1 address_2 city state_province postal_code country")},
		{names: []string{"mail_addresses"}, entity: "address", required: []string{"location_id", "address_1", "city", "state_province", "postal_code", "country"}, space: "postal_address", finish: addressOfType("postal"),
			columns: columns("id location_id attention address_1 address_2 city state_province postal_code country")},
		{names: []string{"contacts"}, entity: "contact", required: []string{"name"},
			columns: columns("id location_id organization_id service_id name title email department")},
		{names: []string{"phones"}, entity: "phone", required: []string{"number", "number_type"}, finish: finishOhanaPhone,
			columns: columns("id contact_id location_id organization_id service_id country_prefix=- department=- extension number number_type=type vanity_number=-")},
		{names: []string{"services"}, entity: "service", required: []string{"name", "description", "location_id"}, finish: finishOhanaService,
			columns: columns("id location_id=- program_id accepted_payments=- alternate_name application_process audience=- description eligibility=eligibility_description email fees=fees_description funding_sources=- interpretation_services keywords=- languages=- name required_documents=- service_areas=- status wait_time website=url taxonomy_ids=-")},
		{names: []string{"regular_schedules"}, entity: "schedule", required: []string{"opens_at", "closes_at"}, finish: finishWeekday,
			columns: columns("id location_id service_id weekday=- opens_at closes_at")},
		{names: []string{"holiday_schedules"}, entity: "schedule", required: []string{"start_date", "end_date"}, finish: finishHoliday, keyed: true,
			columns: columns("id=- location_id service_id start_date=- end_date=- closed=- opens_at=- closes_at=-")},
		{names: []string{"taxonomy"}, entity: "taxonomy_term", required: []string{"taxonomy_id", "name"}, finish: finishOhanaTerm, keyed: true,
			columns: columns("taxonomy_id=- name parent_id parent_name=-")},
	}
	for _, d := range list {
		d.family = dialectOhana
	}
	return list
}

func finishOhanaOrganization(w *row) {
	if text := w.cell("date_incorporated"); text != "" {
		day, _, ok := readDay(text, true)
		if !ok {
			w.fail("date_incorporated", "value.date-month-first", text)
		} else {
			w.noteTwoDigits("date_incorporated")
			w.set("year_incorporated", strings.TrimLeft(day[:4], "0"), "date_incorporated")
			w.keepAside(w.record, "date_incorporated", day)
		}
	}
	w.aside("accreditations", "licenses")
	w.funded()
}

// aside keeps columns that HSDS has no place for.
func (w *row) aside(names ...string) {
	for _, name := range names {
		w.keepAside(w.record, name, w.cell(name))
	}
}

func (w *row) funded() {
	for i, source := range splitList(w.cell("funding_sources")) {
		w.part("funding", "funding", i, "source", source, "funding_sources")
	}
}

// part makes a record that hangs on the row's own, with one value.
func (w *row) part(entity, list string, i int, property, text, column string) {
	p := w.newRecord(entity, "", w.origin)
	p.id = derive(w.record.id, column, number(i))
	p.set(property, text, column)
	w.pool.add(p)
	w.hold(list, p.id)
}

func finishOhanaLocation(w *row) {
	w.set("location_type", "physical", "virtual")
	if text := w.cell("virtual"); text != "" {
		virtual, ok := readBool(text)
		switch {
		case !ok:
			w.fail("virtual", "value.yes-no", text)
		case virtual:
			w.set("location_type", "virtual", "virtual")
		}
	}
	for i, kind := range splitList(w.cell("accessibility")) {
		w.part("accessibility", "accessibility", i, "description", kind, "accessibility")
	}
	w.spoken("languages")
	w.aside("short_desc", "email")
	if emails := w.cell("admin_emails"); emails != "" {
		// Who may edit the entry there is nobody's business here.
		w.report.add(w.problem(Warning, "admin_emails", "ohana.admin-emails", emails))
	}
}

func finishOhanaPhone(w *row) {
	if prefix := strings.TrimPrefix(w.cell("country_prefix"), "+"); prefix != "" {
		w.set("number", "+"+prefix+" "+w.get("number"), "number")
	}
	if d := w.cell("department"); d != "" {
		w.set("description", d, "department")
	}
	w.aside("vanity_number")
}

func finishOhanaService(w *row) {
	for i, document := range splitList(w.cell("required_documents")) {
		w.part("required_document", "required_documents", i, "document", document, "required_documents")
	}
	for i, area := range splitList(w.cell("service_areas")) {
		w.part("service_area", "service_areas", i, "name", area, "service_areas")
	}
	w.spoken("languages")
	w.funded()
	w.aside("accepted_payments", "audience", "keywords")
	for _, key := range splitList(w.cell("taxonomy_ids")) {
		a := w.newRecord("attribute", "", w.origin)
		a.id = derive(w.record.id, "taxonomy_ids", key)
		a.set("taxonomy_term_id", key, "taxonomy_ids")
		a.strict = true
		w.pool.add(a)
		w.hold("attributes", a.id)
	}
	for _, key := range splitKeys(w.cell("location_id")) {
		at := w.newRecord("service_at_location", "", w.origin)
		at.id = derive(w.record.id, "location_id", key)
		at.strict = true
		at.set("service_id", w.record.id, "id")
		at.set("location_id", key, "location_id")
		w.pool.add(at)
	}
}

// ohanaTaxonomy is the name under which the terms of an Ohana directory are kept.
const ohanaTaxonomy = "Open Eligibility (Ohana)"

func finishOhanaTerm(w *row) {
	key := w.cell("taxonomy_id")
	term := w.newRecord("taxonomy_term", key, w.origin)
	if key == "" {
		term.id = w.record.id
	}
	term.bad, term.strict = w.bad, true
	term.set("code", key, "taxonomy_id")
	term.set("name", w.cell("name"), "name")
	term.set("description", w.cell("name"), "name")
	term.set("parent_id", w.cell("parent_id"), "parent_id")
	term.set("taxonomy", ohanaTaxonomy, "taxonomy_id")
	w.addRow(term)
}
