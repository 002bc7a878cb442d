// SPDX-License-Identifier: EUPL-1.2

package register

// Processings are what the registers themselves do with data about persons, for the register (art. 30 GDPR).
func Processings() []Declared { return processings }

var processings = []Declared{
	{
		Code: "register.papers", Tables: []string{"register_processing", "register_breach", "register_version"},
		Name: Text{
			IT: "Registri dei trattamenti e delle violazioni",
			EN: "Registers of processing and of breaches",
		},
		Purpose: Text{
			IT: "Rispondere al Garante e alle persone.",
			EN: "Answer to the authority and to persons.",
		},
		Basis: Text{
			IT: "Artt. 30 e 33 GDPR: obbligo di legge.",
			EN: "Arts 30 and 33 GDPR: legal obligation.",
		},
		Persons: Text{
			IT: "Chi inserisce una voce.",
			EN: "Those who enter something.",
		},
		Data: Text{
			IT: "Account e ora; le violazioni parlano di categorie e numeri, mai di persone.",
			EN: "Account and time; breaches speak of categories and numbers, never of persons.",
		},
		Recipients: Text{
			IT: "Il Garante, su richiesta; i revisori.",
			EN: "The authority, on request; auditors.",
		},
		Kept: Text{
			IT: "Le voci restano.",
			EN: "Entries stay.",
		},
		Measures: Text{
			IT: "Accesso per ruolo e per ente con secondo fattore, registro a prova di manomissione, copie di sicurezza cifrate, connessioni cifrate.",
			EN: "Access by role and body with a second factor, tamper-evident log, encrypted backups, encrypted connections.",
		},
	},
	{
		Code: "register.accessibility", Tables: []string{"register_accessibility"},
		Name: Text{
			IT: "Osservazioni sull'accessibilità",
			EN: "Remarks about accessibility",
		},
		Purpose: Text{
			IT: "Correggere ciò che non è accessibile e rispondere.",
			EN: "Mend what is not accessible, and answer.",
		},
		Basis: Text{
			IT: "L. 4/2004 e d.lgs. 106/2018: obbligo di legge.",
			EN: "L. 4/2004 and d.lgs. 106/2018: legal obligation.",
		},
		Persons: Text{
			IT: "Chi scrive.",
			EN: "Those who write.",
		},
		Data: Text{
			IT: "Il testo; un indirizzo solo se si vuole una risposta.",
			EN: "The text; an address only if an answer is wanted.",
		},
		Recipients: Text{
			IT: "Nessuno fuori dalla rete.",
			EN: "Nobody outside the network.",
		},
		Kept: Text{
			IT: "L'indirizzo fino alla risposta.",
			EN: "The address until the answer.",
		},
		Measures: Text{
			IT: "Nessun nome è chiesto; letto solo da chi amministra la rete.",
			EN: "No name is asked for; read by those who run the network alone.",
		},
	},
}
