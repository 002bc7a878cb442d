// SPDX-License-Identifier: EUPL-1.2

package mediation

import "approdo/internal/base/register"

// Processings are what mediation does with data about persons, for the register (art. 30 GDPR).
func Processings() []register.Declared { return processings }

var task = register.Text{
	IT: "Art. 6, par. 1, lett. e GDPR e art. 2-ter d.lgs. 196/2003: compito di interesse pubblico; art. 42 d.lgs. 286/1998.",
	EN: "Art. 6(1)(e) GDPR and art. 2-ter d.lgs. 196/2003: task in the public interest; art. 42 d.lgs. 286/1998.",
}

var measures = register.Text{
	IT: "Accesso per ruolo e per ente con secondo fattore, motivi e recapiti cifrati con una chiave per richiesta e per mediatore, registro a prova di manomissione, copie di sicurezza cifrate, connessioni cifrate.",
	EN: "Access by role and body with a second factor, reasons and contacts encrypted under a key of each request and mediator, tamper-evident log, encrypted backups, encrypted connections.",
}

var processings = []register.Declared{
	{
		Code: "mediation.roster", Tables: []string{"mediation_mediator", "mediation_language", "mediation_exception", "mediation_calendar_key", "mediation_calendar_state", "mediation_calendar_outside", "mediation_residency", "mediation_neighbour", "mediation_posting", "mediation_window", "mediation_application", "mediation_follow", "mediation_document", "mediation_points", "mediation_decision", "mediation_reminder", "mediation_publication", "mediation_import", "mediation_import_change", "mediation_origin"},
		Name:    register.Text{IT: "Elenco dei mediatori", EN: "Roster of mediators"},
		Purpose: register.Text{IT: "Sapere chi può essere chiamato, per quale lingua e quando.", EN: "Know who can be called, for which language and when."},
		Basis:   task,
		Persons: register.Text{IT: "Mediatori linguistico-culturali, facilitatori, chi si candida, operatori per l'integrazione.", EN: "Linguistic and cultural mediators, facilitators, those who apply, integration operators."},
		Data: register.Text{
			IT: "Nome, recapiti, codice fiscale, lingue, competenze, orari, tariffe; documenti, punti, note e motivi delle decisioni, cifrati.",
			EN: "Name, contacts, tax code, languages, skills, hours, rates; papers, points, notes and reasons of decisions, encrypted.",
		},
		Recipients: register.Text{
			IT: "Gli enti della rete che prenotano vedono nome, lingue e competenze; i recapiti restano all'ente che tiene l'elenco. Tutti vedono l'elenco pubblicato, per chi ha dato il consenso.",
			EN: "Bodies of the network that book see name, languages and skills; contacts stay with the body that keeps the roster. Everybody sees the published list, of those who agreed.",
		},
		Kept:     register.Text{IT: "Finché la persona è in elenco, poi dieci anni per i rendiconti.", EN: "While somebody is on the roster, then ten years for accounts."},
		Measures: measures,
	},
	{
		Code: "mediation.request", Tables: []string{"mediation_request", "mediation_booking", "mediation_claim", "mediation_diary", "mediation_offer", "mediation_proposal", "mediation_waiting", "mediation_present", "mediation_link", "mediation_once", "mediation_rule", "mediation_lack"},
		Name:    register.Text{IT: "Richieste di mediazione", EN: "Requests for mediation"},
		Purpose: register.Text{IT: "Far capire e farsi capire allo sportello.", EN: "Understand and be understood at the desk."},
		Basis:   task,
		Persons: register.Text{IT: "Persone per cui si chiede un mediatore, indicate con un codice; operatori e mediatori.", EN: "Persons for whom a mediator is asked, by a code; staff and mediators."},
		Data: register.Text{
			IT: "Codice, lingua, luogo e ora; motivo e nazionalità cifrati.",
			EN: "Code, language, place and time; reason and nationality encrypted.",
		},
		Recipients: register.Text{IT: "L'ente che chiede e il mediatore che viene.", EN: "The body that asks and the mediator who comes."},
		Kept:       register.Text{IT: "Motivo e nazionalità fino a un anno dopo il colloquio; ore e lingua dieci anni per i rendiconti.", EN: "Reason and nationality until a year after the session; hours and language ten years for accounts."},
		Measures:   measures,
	},
}
