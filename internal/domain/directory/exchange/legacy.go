// SPDX-License-Identifier: EUPL-1.2

package exchange

import (
	"strings"

	"approdo/internal/domain/directory"
)

// legacyDialects are the tables of HSDS 1.x and 2.x that 3.x renamed, split or dropped, under the
// headers that people still publish.
func legacyDialects() []*dialect {
	list := []*dialect{
		{names: []string{"physical_addresses", "physical_address"}, entity: "address", finish: addressOfType("physical"),
			columns: columns("id location_id attention address_1 address_2 address_3=- address_4=- city region state_province postal_code country")},
		{names: []string{"postal_addresses", "postal_address"}, entity: "address", space: "postal_address", finish: addressOfType("postal"),
			columns: columns("id location_id organization_id=- attention address_1 address_2 address_3=- address_4=- city region state_province postal_code country")},
		{names: []string{"regular_schedules", "regular_schedule"}, entity: "schedule", space: "regular_schedule", finish: finishWeekday,
			columns: columns("id service_id location_id service_at_location_id weekday=- opens_at closes_at valid_from valid_to dtstart until freq interval byday bymonthday description original_text=description")},
		{names: []string{"holiday_schedules", "holiday_schedule"}, entity: "schedule", finish: finishHoliday, keyed: true,
			columns: columns("id=- service_id location_id service_at_location_id closed=- opens_at=- closes_at=- start_date=- end_date=-")},
		{names: []string{"eligibility", "eligibilities"}, entity: "service", keyed: true, finish: finishEligibility,
			columns: columns("id=- service_id=- eligibility=-")},
		{names: []string{"payments_accepted", "payment_accepted"}, entity: "attribute", space: "payment", finish: finishPayment,
			columns: columns("id service_id=- payment=value")},
		{names: []string{"services_at_location", "services_at_locations"}, entity: "service_at_location",
			columns: columns("id service_id location_id description")},
		{names: []string{"taxonomy", "taxonomies", "taxonomy_term", "taxonomy_terms"}, entity: "taxonomy_term", required: []string{"name"}, finish: finishTerm,
			columns: columns("id name parent_id parent_name=- vocabulary=taxonomy")},
		{names: []string{"service_taxonomy", "service_taxonomies", "services_taxonomy", "service_attributes", "service_attribute"}, entity: "attribute", space: "service_attribute", finish: finishServiceTerm,
			columns: columns("id service_id=- taxonomy_id=taxonomy_term_id taxonomy_term_id taxonomy_detail=value")},
		{names: []string{"other_attributes", "other_attribute"}, entity: "attribute", finish: finishOtherAttribute,
			columns: columns("id link_id link_type=- taxonomy_term_id")},
		{names: []string{"accessibility_for_disabilities"}, entity: "accessibility",
			columns: columns("id location_id accessibility=description details")},
		{names: []string{"languages", "language"}, entity: "language",
			columns: columns("id service_id location_id language=name")},
		{names: []string{"phones", "phone"}, entity: "phone", finish: finishDepartment,
			columns: columns("id location_id service_id organization_id contact_id service_at_location_id number extension type department=- language=- description")},
		{names: []string{"service_areas", "service_area"}, entity: "service_area",
			columns: columns("id service_id service_area=name description")},
		{names: []string{"organizations", "organization"}, entity: "organization",
			columns: columns("id name alternate_name description email url=website tax_status tax_id year_incorporated legal_status")},
		{names: []string{"locations", "location"}, entity: "location", finish: finishLegacyLocation,
			columns: columns("id organization_id name alternate_name description transportation latitude longitude")},
		{names: []string{"contacts", "contact"}, entity: "contact",
			columns: columns("id organization_id service_id service_at_location_id name title department email")},
	}
	for _, d := range list {
		d.family = dialectLegacy
	}
	return list
}

// columns reads "name other=target third=-".
func columns(text string) map[string]string {
	m := map[string]string{}
	for one := range strings.FieldsSeq(text) {
		name, target, _ := strings.Cut(one, "=")
		m[name] = target
	}
	return m
}

func addressOfType(kind string) func(*row) {
	return func(w *row) {
		w.set("address_type", kind, "")
		for _, more := range []string{"address_3", "address_4", "organization_id"} {
			w.keepAside(w.record, more, w.cell(more))
		}
	}
}

// finishWeekday makes a weekly recurrence of a day of the week, written as a number (1 is Monday),
// a name, or a range.
func finishWeekday(w *row) {
	day := w.cell("weekday")
	if day == "" {
		if w.strict {
			w.fail("weekday", "value.missing", "")
		}
		return
	}
	days, ok := weekdays(day)
	if !ok {
		w.fail("weekday", "value.weekday", day)
		return
	}
	if strings.ContainsAny(day, "-–,;") {
		w.report.add(w.problem(Note, "weekday", "value.days-read", day, "read", days))
	}
	w.set("byday", days, "weekday")
	w.set("freq", "WEEKLY", "weekday")
}

// finishHoliday makes closures and exceptions of what a row says about holidays, and gives them to
// the service or to all that stands at the location.
func finishHoliday(w *row) {
	from, fromEveryYear, ok1 := readDay(w.cell("start_date"), w.monthFirst())
	to, toEveryYear, ok2 := readDay(w.cell("end_date"), w.monthFirst())
	if w.cell("end_date") == "" {
		to, toEveryYear, ok2 = from, fromEveryYear, ok1
	}
	if !ok1 {
		w.fail("start_date", "value.date", w.cell("start_date"))
	}
	if !ok2 {
		w.fail("end_date", "value.date", w.cell("end_date"))
	}
	w.noteTwoDigits("start_date")
	w.noteTwoDigits("end_date")
	closed, ok := readBool(w.cell("closed"))
	if !ok {
		w.fail("closed", "value.yes-no", w.cell("closed"))
	}
	if w.bad {
		w.keepBad()
		return
	}
	w.spread(from, to, fromEveryYear && toEveryYear, closed)
	w.hang()
}

// spread writes the days of a holiday row as closures or exceptions.
func (w *row) spread(from, to string, everyYear, closed bool) {
	if everyYear {
		from, to = from[5:], to[5:]
	}
	if closed {
		w.hours.Closures = append(w.hours.Closures, directory.Closure{From: from, To: to})
		return
	}
	opens, ok1 := readClock(w.cell("opens_at"))
	closes, ok2 := readClock(w.cell("closes_at"))
	if !ok1 || w.cell("opens_at") == "" {
		w.fail("opens_at", "value.time", w.cell("opens_at"))
	}
	if !ok2 || w.cell("closes_at") == "" {
		w.fail("closes_at", "value.time", w.cell("closes_at"))
	}
	days, ok := daysBetween(from, to)
	switch {
	case w.bad:
	case everyYear:
		w.fail("start_date", "holiday.every-year-open", w.cell("start_date"))
	case !ok:
		w.fail("end_date", "holiday.too-long", w.cell("end_date"), "most", number(maxExceptionDays))
	}
	if w.bad {
		return
	}
	for _, d := range days {
		w.hours.Exceptions = append(w.hours.Exceptions, directory.Exception{Date: d, OpensAt: opens, ClosesAt: closes})
	}
}

func (w *row) monthFirst() bool { return w.spec.family == dialectOhana }

func (w *row) noteTwoDigits(column string) {
	if twoDigitYear(w.cell(column)) {
		day, _, _ := readDay(w.cell(column), w.monthFirst())
		w.report.add(w.problem(Warning, column, "value.two-digit-year", w.cell(column), "read", day))
	}
}

// hang gives the hours of a row to what it names, when everything has been read.
func (w *row) hang() {
	if w.bad {
		w.keepBad()
		return
	}
	w.waiting = append(w.waiting, w.record)
}

// keepBad remembers a bad row that is no record of its own, so that it is counted.
func (w *row) keepBad() { w.badRows = append(w.badRows, w.record) }

func finishEligibility(w *row) {
	if service := w.completes("service", "service_id"); service != nil {
		service.set("eligibility_description", join(service.get("eligibility_description"), w.cell("eligibility")), "eligibility")
	}
}

// completes finds or makes the record that a row adds to.
func (w *row) completes(entity, column string) *record {
	key := w.cell(column)
	if key == "" {
		w.fail(column, "value.missing", "")
		w.keepBad()
		return nil
	}
	r := w.find(entity, key)
	if r == nil {
		r = w.newRecord(entity, key, w.origin)
		r.partial = true // only a row that adds to it was read so far
		w.pool.add(r)
	}
	return r
}

// join puts two texts together, each once.
func join(a, b string) string {
	switch {
	case a == "", a == b:
		return b
	case b == "":
		return a
	}
	return a + "\n" + b
}

func finishPayment(w *row) {
	w.set("label", "payment_accepted", "payment")
	w.set("link_type", asideLink, "payment")
	w.linkTo("service", w.cell("service_id"), "service_id")
}

// linkTo says what an attribute hangs on.
func (w *row) linkTo(entity, key, column string) {
	w.set("link_id", key, column)
	w.set("link_entity", entity, column)
}

func finishServiceTerm(w *row) { w.linkTo("service", w.cell("service_id"), "service_id") }

func finishOtherAttribute(w *row) {
	w.set("link_entity", w.cell("link_type"), "link_type")
}

// finishTerm keeps the publisher's code of a term, which is what others know it by.
func finishTerm(w *row) {
	if w.get("code") == "" && w.key != "" {
		w.set("code", w.key, "id")
	}
	w.set("description", w.get("name"), "name")
}

func finishDepartment(w *row) {
	if d := w.cell("department"); d != "" {
		w.set("description", join(d, w.get("description")), "department")
	}
	w.spoken("language")
}

func finishLegacyLocation(w *row) {
	if w.get("location_type") == "" {
		w.set("location_type", "physical", "")
	}
}

// spoken makes language records of a cell that lists languages.
func (w *row) spoken(column string) {
	for i, name := range splitList(w.cell(column)) {
		l := w.newRecord("language", "", w.origin)
		l.id = derive(w.record.id, column, number(i))
		l.set("name", name, column)
		w.pool.add(l)
		w.hold("languages", l.id)
	}
}
