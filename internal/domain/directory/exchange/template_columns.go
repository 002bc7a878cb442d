// SPDX-License-Identifier: EUPL-1.2

package exchange

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"approdo/internal/base/network"
	"approdo/internal/kit/hsds"
	"approdo/internal/kit/lang"
)

// sheetColumns lists the columns of the template, in the order of the sheet.
var sheetColumns = sync.OnceValue(func() []sheetColumn {
	list := []sheetColumn{
		textColumn(titleCode, "Il codice con cui conoscete il servizio. Se manca lo assegna il programma. La stessa riga importata di nuovo aggiorna lo stesso servizio.", 38, func(d *draft) *string { return &d.service.ID }),
		textColumn(titleName, "Obbligatorio. Come lo chiamano le persone.", 40, func(d *draft) *string { return &d.service.Name }),
		{title: titleBody, help: "Obbligatorio. L'ente che offre il servizio, sempre scritto allo stesso modo.", width: 34, get: getBody, put: putBody},
		{title: "Bisogno", help: "Obbligatorio. Uno o più bisogni del foglio Valori, separati da punto e virgola; il principale per primo.", width: 40, get: getNeeds, put: putNeeds, values: "Bisogni"},
		textColumn("In breve", "Una frase che dice che cosa si trova.", 50, func(d *draft) *string { return &d.extra.Summary }),
		textColumn("Descrizione", "", 60, func(d *draft) *string { return &d.service.Description }),
		textColumn("Lingua dei testi", "Il codice della lingua in cui sono scritti i testi: it se manca.", 10, func(d *draft) *string { return &d.extra.Language }),
		coded("Stato", "Se manca: attivo.", "Stato", statusNames, func(d *draft) *string { return &d.service.Status }),
		textColumn("Motivo dello stato", "Perché il servizio è chiuso o sospeso.", 30, func(d *draft) *string { return &d.extra.StateReason }),
		textColumn("Avviso", "Un avviso da mostrare in evidenza.", 30, func(d *draft) *string { return &d.service.Alert }),
		textColumn("A chi è rivolto", "", 40, func(d *draft) *string { return &d.service.EligibilityDescription }),
		ageColumn("Età minima", func(d *draft) **float64 { return &d.service.MinimumAge }),
		ageColumn("Età massima", func(d *draft) **float64 { return &d.service.MaximumAge }),
		coded("Solo per", "Se il servizio è solo per donne o solo per uomini.", "Sesso", sexNames, func(d *draft) *string { return &d.extra.Eligibility.Sex }),
		coded("Famiglia", "Se il servizio è solo per certe famiglie.", "Famiglia", familyNames, func(d *draft) *string { return &d.extra.Eligibility.Family }),
		yesNo("Solo minori soli", "Solo per minori stranieri non accompagnati.", func(d *draft) *bool { return &d.extra.Eligibility.UnaccompaniedMinor }),
		textColumn("Come si accede", "Che cosa deve fare la persona.", 40, func(d *draft) *string { return &d.service.ApplicationProcess }),
		{title: "Documenti", help: "Separati da punto e virgola.", width: 40, get: func(d *draft) string { return getList(d.service.RequiredDocuments, documentText) }, put: putDocuments},
		textColumn("Che cosa si ottiene", "", 40, func(d *draft) *string { return &d.extra.Outcome }),
		textColumn("Tempi e scadenze", "", 30, func(d *draft) *string { return &d.extra.Deadlines }),
		textColumn("Dove e come", "Come si raggiunge o si contatta il servizio.", 30, func(d *draft) *string { return &d.extra.Access }),
		textColumn("Condizioni", "", 30, func(d *draft) *string { return &d.extra.Conditions }),
		textColumn("Costo", "Per esempio: gratuito.", 24, func(d *draft) *string { return &d.service.FeesDescription }),
		{title: "Voci di costo", help: "Separate da punto e virgola.", width: 30, get: func(d *draft) string { return getList(d.service.CostOptions, costText) }, put: putCosts},
		{title: "Lingue parlate", help: "Separate da punto e virgola, per esempio: italiano; arabo; bengalese.", width: 30, get: func(d *draft) string { return getList(d.service.Languages, languageText) }, put: putLanguages},
		textColumn("Mediazione", "Se e come c'è un mediatore.", 30, func(d *draft) *string { return &d.service.InterpretationServices }),
		{title: "Telefono", help: "Uno o più, separati da punto e virgola; fra parentesi a che cosa serve.", width: 30, get: func(d *draft) string { return getList(d.service.Phones, phoneText) }, put: putPhones},
		textColumn("Email", "", 28, func(d *draft) *string { return &d.service.Email }),
		textColumn("Sito web", "Comincia con https://", 30, func(d *draft) *string { return &d.service.URL }),
		yesNo("Su appuntamento", "sì: nessuno è ricevuto senza appuntamento.", func(d *draft) *bool { return &d.extra.Hours.ByAppointment }),
		yesNo("Sempre aperto", "sì: giorno e notte, tutti i giorni.", func(d *draft) *bool { return &d.extra.Hours.AlwaysOpen }),
		coded("Festivi", "Che cosa succede nei giorni festivi e del patrono.", "Festivi", holidayNames, func(d *draft) *string { return &d.extra.Hours.Holidays }),
		{title: "Chiusure", help: "Periodi di chiusura, per esempio: 10/08-20/08 (ogni anno); 24/12/2026-06/01/2027.", width: 30, get: getClosures, put: putClosures},
		{title: "Ultima verifica", help: "Il giorno in cui l'ente ha confermato che tutto è vero.", width: 14, get: func(d *draft) string { return d.service.AssuredDate }, put: putAssured},
		textColumn("Verificato da", "", 24, func(d *draft) *string { return &d.extra.AssuredBy }),
		{title: "Territorio servito", help: "Un comune, una provincia o Italia.", width: 20, get: getTerritory, put: putTerritory},
	}
	return append(list, placeColumns()...)
})

// placeColumns are the columns about the place of a row.
func placeColumns() []sheetColumn {
	list := []sheetColumn{
		locationText("Sede", "Il nome della sede.", 28, func(l *hsds.Location) *string { return &l.Name }),
		addressText("Indirizzo", "Via e numero. Se la sede è riservata resta sul server e non si pubblica mai.", 34, func(a *hsds.Address) *string { return &a.Address1 }),
		addressText("CAP", "", 8, func(a *hsds.Address) *string { return &a.PostalCode }),
		{title: "Comune", help: "Il nome del comune italiano.", width: 22, site: true, get: getComune, put: putComune},
		{title: "Provincia", help: "La sigla, per esempio TP.", width: 10, site: true, values: "Province", get: getProvince, put: putProvince},
		pointColumn("Latitudine", 90, func(l *hsds.Location) **float64 { return &l.Latitude }),
		pointColumn("Longitudine", 180, func(l *hsds.Location) **float64 { return &l.Longitude }),
		locationText("Come arrivare", "Autobus, fermate, riferimenti.", 30, func(l *hsds.Location) *string { return &l.Transportation }),
		{title: "Accessibilità", help: "Per esempio: rampa; bagno accessibile.", width: 26, site: true, get: getAccessibility, put: putAccessibility},
		{title: "Riservato", help: "sì: l'indirizzo non si pubblica mai, si mostrano solo provincia e telefono. Se manca, le sedi dei servizi contro la violenza e la tratta sono riservate.", width: 11, site: true, values: "Sì/No", get: getHidden, put: putHidden},
	}
	for day, name := range []string{"domenica", "lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato"} {
		list = append(list, sheetColumn{title: "Orario " + name, help: "Per esempio: 9-13; 15-17:30. Vuoto: chiuso o non noto.", width: 20, site: true,
			get: func(d *draft) string { return getDay(d, dayCodes[day]) },
			put: func(d *draft, cell string) error { return putDay(d, dayCodes[day], cell) }})
	}
	// Monday first, as in Italy.
	last := len(list)
	return append(append(slices.Clone(list[:last-7]), list[last-6:]...), list[last-7])
}

// location is the location of the row's place, which is made when there is none.
func (d *draft) location() *hsds.Location {
	if d.at == nil {
		d.made++
		id := derive(d.service.ID, "site", strconv.Itoa(d.made))
		d.at = &hsds.ServiceAtLocation{ID: id, ServiceID: d.service.ID, Location: &hsds.Location{ID: derive(id, "location"), LocationType: "physical"}}
		d.at.LocationID = d.at.Location.ID
	}
	return d.at.Location
}

func (d *draft) address() *hsds.Address {
	l := d.location()
	if i := d.addressIndex(); i >= 0 {
		return &l.Addresses[i]
	}
	l.Addresses = append(l.Addresses, hsds.Address{ID: derive(l.ID, "address"), Country: "IT", AddressType: "physical"})
	return &l.Addresses[len(l.Addresses)-1]
}

// addressIndex is the physical address of the row's place, the first when none is; -1 without any.
func (d *draft) addressIndex() int {
	if d.at == nil || d.at.Location == nil || len(d.at.Location.Addresses) == 0 {
		return -1
	}
	return max(0, slices.IndexFunc(d.at.Location.Addresses, func(a hsds.Address) bool { return a.AddressType == "physical" }))
}

func locationText(title, help string, width float64, at func(*hsds.Location) *string) sheetColumn {
	return sheetColumn{title: title, help: help, width: width, site: true,
		get: func(d *draft) string {
			if d.at == nil || d.at.Location == nil {
				return ""
			}
			return *at(d.at.Location)
		},
		put: func(d *draft, cell string) error { *at(d.location()) = cell; return nil }}
}

func addressText(title, help string, width float64, at func(*hsds.Address) *string) sheetColumn {
	return sheetColumn{title: title, help: help, width: width, site: true,
		get: func(d *draft) string {
			if i := d.addressIndex(); i >= 0 {
				return *at(&d.at.Location.Addresses[i])
			}
			return ""
		},
		put: func(d *draft, cell string) error { *at(d.address()) = cell; return nil }}
}

func pointColumn(title string, most float64, at func(*hsds.Location) **float64) sheetColumn {
	return sheetColumn{title: title, help: "In gradi, per esempio 37,8015.", width: 12, site: true,
		get: func(d *draft) string {
			if d.at == nil || d.at.Location == nil || *at(d.at.Location) == nil {
				return ""
			}
			return strconv.FormatFloat(**at(d.at.Location), 'f', -1, 64)
		},
		put: func(d *draft, cell string) error { return putNumber(at(d.location()), cell, -most, most) }}
}

func getComune(d *draft) string {
	if i := d.addressIndex(); i >= 0 {
		return d.at.Location.Addresses[i].City
	}
	return ""
}

// putComune changes the city; the code of the comune follows from it when the place is read.
func putComune(d *draft, cell string) error {
	d.address().City = cell
	d.place.Comune = ""
	if cell != "" && len(network.Territories().ComuniNamed(strings.TrimSpace(strings.SplitN(cell, "(", 2)[0]))) == 0 && d.address().Country == "IT" {
		return errCell{"comune.unknown", ""}
	}
	return nil
}

func getProvince(d *draft) string {
	if i := d.addressIndex(); i >= 0 {
		return d.at.Location.Addresses[i].StateProvince
	}
	return d.extra.Province
}

// putProvince: without an address it says where a hidden place is.
func putProvince(d *draft, cell string) error {
	if d.addressIndex() >= 0 {
		d.address().StateProvince = cell
		d.place.Comune = ""
		return nil
	}
	if _, ok := network.Territories().Province(strings.ToUpper(cell)); !ok && cell != "" && cell != "IT" {
		return errCell{"value.province", ""}
	}
	d.province = strings.ToUpper(cell)
	return nil
}

func getAccessibility(d *draft) string {
	if d.at == nil || d.at.Location == nil {
		return ""
	}
	return getList(d.at.Location.Accessibility, func(a hsds.Accessibility) string { return a.Description })
}

func putAccessibility(d *draft, cell string) error {
	l := d.location()
	l.Accessibility = putList(l.Accessibility, cell, func(a hsds.Accessibility) string { return a.Description }, func(_ int, s string) hsds.Accessibility {
		return hsds.Accessibility{ID: derive(l.ID, "accessibility", lang.Fold(s)), Description: s}
	})
	return nil
}

func getHidden(d *draft) string {
	switch {
	case d.extra.Province != "" && d.at == nil, d.place.Confidential != nil && *d.place.Confidential:
		return "sì"
	case d.place.Confidential != nil:
		return "no"
	}
	return ""
}

func putHidden(d *draft, cell string) error {
	hidden, ok := readBool(cell)
	switch {
	case cell == "":
		d.place.Confidential = nil
		return nil
	case !ok:
		return errCell{"value.yes-no", ""}
	case d.at != nil:
		d.place.Confidential = &hidden
	case hidden:
		d.extra.Confidential = &hidden
	default:
		d.extra.Province = ""
	}
	return nil
}
