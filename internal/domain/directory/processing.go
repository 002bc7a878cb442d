// SPDX-License-Identifier: EUPL-1.2

package directory

import "approdo/internal/base/register"

// Processings are what the census does with data about persons, for the register (art. 30 GDPR).
func Processings() []register.Declared { return processings }

var processings = []register.Declared{
	{
		Code: "directory.contacts", Tables: []string{"directory_service", "directory_location", "directory_entry", "directory_draft", "directory_version", "directory_translation_draft", "directory_import", "directory_import_change", "directory_program", "directory_summary", "directory_conflict"},
		Name: register.Text{
			IT: "Censimento dei servizi: contatti degli uffici",
			EN: "Census of services: contacts of offices",
		},
		Purpose: register.Text{
			IT: "Dire a chi cerca aiuto a chi rivolgersi.",
			EN: "Tell people who look for help whom to turn to.",
		},
		Basis: register.Text{
			IT: "Art. 6, par. 1, lett. e GDPR e art. 2-ter d.lgs. 196/2003: compito di interesse pubblico.",
			EN: "Art. 6(1)(e) GDPR and art. 2-ter d.lgs. 196/2003: task in the public interest.",
		},
		Persons: register.Text{
			IT: "Operatori indicati come contatto di un servizio.",
			EN: "Staff named as contact of a service.",
		},
		Data: register.Text{
			IT: "Nome, ruolo, telefono e posta dell'ufficio.",
			EN: "Name, role, telephone and mail of the office.",
		},
		Recipients: register.Text{
			IT: "Il pubblico, come dati aperti; i contatti di luoghi riservati restano all'ente.",
			EN: "The public, as open data; contacts of reserved places stay with the body.",
		},
		Kept: register.Text{
			IT: "Finché il servizio è nel censimento; le versioni precedenti con la scheda.",
			EN: "As long as the service is in the census; earlier versions with the entry.",
		},
		Measures: register.Text{
			IT: "Accesso per ruolo e per ente con secondo fattore, registro a prova di manomissione, copie di sicurezza cifrate, connessioni cifrate.",
			EN: "Access by role and body with a second factor, tamper-evident log, encrypted backups, encrypted connections.",
		},
	},
	{
		Code: "directory.feedback", Tables: []string{"directory_feedback", "directory_field_report"},
		Name: register.Text{
			IT: "Segnalazioni di errori nelle schede",
			EN: "Reports of mistakes in entries",
		},
		Purpose: register.Text{
			IT: "Correggere le schede.",
			EN: "Mend the entries.",
		},
		Basis: register.Text{
			IT: "Art. 6, par. 1, lett. e GDPR e art. 2-ter d.lgs. 196/2003: compito di interesse pubblico.",
			EN: "Art. 6(1)(e) GDPR and art. 2-ter d.lgs. 196/2003: task in the public interest.",
		},
		Persons: register.Text{
			IT: "Chi usa il sito e chi fa il censimento sul campo.",
			EN: "People who use the site and who do field work.",
		},
		Data: register.Text{
			IT: "Una parola o una frase, il giorno, la lingua; un indirizzo solo se lo si lascia per la risposta.",
			EN: "A word or a sentence, the day, the language; an address only if left for the answer.",
		},
		Recipients: register.Text{
			IT: "I redattori dell'ente che offre il servizio.",
			EN: "The editors of the body that offers the service.",
		},
		Kept: register.Text{
			IT: "Fino alla risposta; poi senza indirizzo.",
			EN: "Until it is answered; then without an address.",
		},
		Measures: register.Text{
			IT: "Nessun nome è chiesto; chi scrive non è riconoscibile tra una visita e l'altra.",
			EN: "No name is asked for; whoever writes can't be recognized between visits.",
		},
	},
	{
		Code: "directory.searches", Tables: []string{"directory_missed_search", "directory_missed_visit", "directory_missed_place", "directory_usage"},
		Name: register.Text{
			IT: "Ricerche senza risultato e uso del sito",
			EN: "Searches that found nothing, and use of the site",
		},
		Purpose: register.Text{
			IT: "Sapere che cosa manca al censimento.",
			EN: "Know what the census lacks.",
		},
		Basis: register.Text{
			IT: "Art. 6, par. 1, lett. e GDPR e art. 2-ter d.lgs. 196/2003: compito di interesse pubblico.",
			EN: "Art. 6(1)(e) GDPR and art. 2-ter d.lgs. 196/2003: task in the public interest.",
		},
		Persons: register.Text{
			IT: "Chi cerca sul sito.",
			EN: "People who search on the site.",
		},
		Data: register.Text{
			IT: "Impronte con chiave delle parole e della visita; le parole in chiaro solo dopo cinque visite distinte; conteggi.",
			EN: "Keyed hashes of the words and of the visit; words in clear only after five separate visits; counts.",
		},
		Recipients: register.Text{
			IT: "Il pubblico, come conteggi senza i numeri piccoli.",
			EN: "The public, as counts without the small ones.",
		},
		Kept: register.Text{
			IT: "Le impronte delle visite pochi giorni.",
			EN: "The hashes of visits for a few days.",
		},
		Measures: register.Text{
			IT: "Nessun profilo, nessun cookie di tracciamento, nessun indirizzo di rete conservato.",
			EN: "No profile, no tracking cookie, no network address kept.",
		},
	},
	{
		Code: "directory.verification", Tables: []string{"directory_verification", "directory_verification_contact", "directory_rule"},
		Name: register.Text{
			IT: "Conferma periodica delle schede",
			EN: "Regular confirmation of entries",
		},
		Purpose: register.Text{
			IT: "Chiedere all'ente se una scheda è ancora vera.",
			EN: "Ask a body whether an entry is still true.",
		},
		Basis: register.Text{
			IT: "Art. 6, par. 1, lett. e GDPR e art. 2-ter d.lgs. 196/2003: compito di interesse pubblico.",
			EN: "Art. 6(1)(e) GDPR and art. 2-ter d.lgs. 196/2003: task in the public interest.",
		},
		Persons: register.Text{
			IT: "Il contatto indicato dall'ente.",
			EN: "The contact named by the body.",
		},
		Data: register.Text{
			IT: "Posta elettronica e data della conferma.",
			EN: "Mail address and day of the confirmation.",
		},
		Recipients: register.Text{
			IT: "Nessuno fuori dalla rete.",
			EN: "Nobody outside the network.",
		},
		Kept: register.Text{
			IT: "Finché il contatto è quello dell'ente.",
			EN: "As long as it is the body's contact.",
		},
		Measures: register.Text{
			IT: "Accesso per ruolo e per ente con secondo fattore, registro a prova di manomissione, copie di sicurezza cifrate, connessioni cifrate.",
			EN: "Access by role and body with a second factor, tamper-evident log, encrypted backups, encrypted connections.",
		},
	},
}
