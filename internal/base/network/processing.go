// SPDX-License-Identifier: EUPL-1.2

package network

import "approdo/internal/base/register"

// Processings are what the network does with data about persons, for the register (art. 30 GDPR).
func Processings() []register.Declared { return processings }

var processings = []register.Declared{
	{
		Code: "network.bodies", Tables: []string{"network_organization", "network_profile", "network_version", "network_merge", "network_project"},
		Name: register.Text{
			IT: "Rete: referenti e responsabili della protezione dei dati",
			EN: "Network: contact persons and data-protection officers",
		},
		Purpose: register.Text{
			IT: "Sapere con chi parlare in ogni ente e chi ne protegge i dati.",
			EN: "Know whom to speak to in each body and who protects its data.",
		},
		Basis: register.Text{
			IT: "Art. 6, par. 1, lett. e GDPR e art. 2-ter d.lgs. 196/2003: compito di interesse pubblico.",
			EN: "Art. 6(1)(e) GDPR and art. 2-ter d.lgs. 196/2003: task in the public interest.",
		},
		Persons: register.Text{
			IT: "Referenti e responsabili della protezione dei dati degli enti.",
			EN: "Contact persons and data-protection officers of bodies.",
		},
		Data: register.Text{
			IT: "Nome, posta, telefono di servizio.",
			EN: "Name, mail, work telephone.",
		},
		Recipients: register.Text{
			IT: "Il responsabile della protezione dei dati è pubblico (art. 37, par. 7); il referente è noto agli amministratori.",
			EN: "The officer is public (art. 37(7)); the contact person is known to administrators.",
		},
		Kept: register.Text{
			IT: "Finché sono in carica; le versioni precedenti nella storia della scheda.",
			EN: "As long as they hold office; earlier versions in the history of the entry.",
		},
		Measures: register.Text{
			IT: "Accesso per ruolo e per ente con secondo fattore, registro a prova di manomissione, copie di sicurezza cifrate, connessioni cifrate.",
			EN: "Access by role and body with a second factor, tamper-evident log, encrypted backups, encrypted connections.",
		},
	},
	{
		Code: "network.agreements", Tables: []string{"network_agreement", "network_agreement_party"},
		Name: register.Text{
			IT: "Accordi tra enti",
			EN: "Agreements between bodies",
		},
		Purpose: register.Text{
			IT: "Provare su quale base i dati passano da un ente all'altro.",
			EN: "Prove on which basis data pass from one body to another.",
		},
		Basis: register.Text{
			IT: "Artt. 26 e 28 GDPR, art. 2-ter d.lgs. 196/2003.",
			EN: "Arts 26 and 28 GDPR, art. 2-ter d.lgs. 196/2003.",
		},
		Persons: register.Text{
			IT: "Chi firma per un ente.",
			EN: "Those who sign for a body.",
		},
		Data: register.Text{
			IT: "Nome e firma nel documento.",
			EN: "Name and signature in the paper.",
		},
		Recipients: register.Text{
			IT: "Gli enti che sono parte, i revisori.",
			EN: "The bodies that are party, auditors.",
		},
		Kept: register.Text{
			IT: "Dieci anni dopo la fine dell'accordo.",
			EN: "Ten years after the end of the agreement.",
		},
		Measures: register.Text{
			IT: "File con nome generato e impronta, letto solo dalle parti; ogni lettura è registrata.",
			EN: "Files under generated names with a fingerprint, read by the parties alone; every reading is logged.",
		},
	},
}
