// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/base/register"
	"approdo/internal/kit/vault"
)

// proofProcessings are those of the log, of access and of the vault, which stand below the register.
var proofProcessings = []register.Declared{
	{
		Code: "audit.log", Tables: audit.Tables,
		Name: register.Text{
			IT: "Registro delle operazioni",
			EN: "Log of operations",
		},
		Purpose: register.Text{
			IT: "Provare chi ha visto o cambiato che cosa, e perché.",
			EN: "Prove who saw or changed what, and why.",
		},
		Basis: register.Text{
			IT: "Artt. 5, par. 2, e 32 GDPR.",
			EN: "Arts 5(2) and 32 GDPR.",
		},
		Persons: register.Text{
			IT: "Operatori; persone seguite, solo come identificativo.",
			EN: "Staff; people served, as an identifier alone.",
		},
		Data: register.Text{
			IT: "Account, ente, ora, indirizzo di rete, operazione, motivo; mai il contenuto dei dati di persone.",
			EN: "Account, body, time, network address, operation, reason; never the content of data about people.",
		},
		Recipients: register.Text{
			IT: "Revisori, responsabili della protezione dei dati; a ciascuno chi ha visto i propri dati.",
			EN: "Auditors, data-protection officers; to each person who saw their own data.",
		},
		Kept: register.Text{
			IT: "Non si cancella: è la prova.",
			EN: "It is not deleted: it is the proof.",
		},
		Measures: register.Text{
			IT: "Catena di impronte firmata, esportata altrove; verifica con un programma separato.",
			EN: "Signed chain of hashes, exported elsewhere; verified by a separate program.",
		},
	},
	{
		Code: "access.relations", Tables: access.Tables,
		Name: register.Text{
			IT: "Chi vede che cosa, e accessi di emergenza",
			EN: "Who sees what, and emergency access",
		},
		Purpose: register.Text{
			IT: "Limitare la vista a chi segue una persona, e controllare le eccezioni.",
			EN: "Limit sight to those who care for a person, and check the exceptions.",
		},
		Basis: register.Text{
			IT: "Artt. 25 e 32 GDPR.",
			EN: "Arts 25 and 32 GDPR.",
		},
		Persons: register.Text{
			IT: "Operatori.",
			EN: "Staff.",
		},
		Data: register.Text{
			IT: "Relazioni con inizio e fine; motivo e verdetto di ogni accesso di emergenza.",
			EN: "Relations with beginning and end; reason and verdict of each emergency access.",
		},
		Recipients: register.Text{
			IT: "Il responsabile della protezione dei dati dell'ente, i revisori.",
			EN: "The body's data-protection officer, auditors.",
		},
		Kept: register.Text{
			IT: "Come il registro delle operazioni.",
			EN: "As the log of operations.",
		},
		Measures: register.Text{
			IT: "Accesso per ruolo e per ente con secondo fattore, registro a prova di manomissione, copie di sicurezza cifrate, connessioni cifrate.",
			EN: "Access by role and body with a second factor, tamper-evident log, encrypted backups, encrypted connections.",
		},
	},
	{
		Code: "vault.keys", Tables: vault.Tables,
		Name: register.Text{
			IT: "Chiavi delle persone",
			EN: "Keys of persons",
		},
		Purpose: register.Text{
			IT: "Cifrare ciò che descrive una persona, e cancellarlo distruggendo la chiave.",
			EN: "Seal what describes a person, and erase it by destroying the key.",
		},
		Basis: register.Text{
			IT: "Artt. 17 e 32 GDPR.",
			EN: "Arts 17 and 32 GDPR.",
		},
		Persons: register.Text{
			IT: "Chiunque abbia dati cifrati nel programma.",
			EN: "Everybody with sealed data in the program.",
		},
		Data: register.Text{
			IT: "Chiavi avvolte, senza alcun contenuto.",
			EN: "Wrapped keys, without any content.",
		},
		Recipients: register.Text{
			IT: "Nessuno fuori dalla rete.",
			EN: "Nobody outside the network.",
		},
		Kept: register.Text{
			IT: "Fino alla cancellazione della persona.",
			EN: "Until the person is erased.",
		},
		Measures: register.Text{
			IT: "Avvolte da una chiave tenuta fuori dal database.",
			EN: "Wrapped by a key kept outside the database.",
		},
	},
}
