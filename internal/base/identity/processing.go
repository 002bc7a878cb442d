// SPDX-License-Identifier: EUPL-1.2

package identity

import "approdo/internal/base/register"

// Processings are what those who log in does with data about persons, for the register (art. 30 GDPR).
func Processings() []register.Declared { return processings }

var processings = []register.Declared{
	{
		Code: "identity.accounts", Tables: []string{"identity_account", "identity_membership", "identity_session", "identity_factor", "identity_recovery_code", "identity_link", "identity_external", "identity_errand", "identity_budget", "identity_setup"},
		Name: register.Text{
			IT: "Account di chi lavora nella rete",
			EN: "Accounts of those who work in the network",
		},
		Purpose: register.Text{
			IT: "Far entrare solo chi ne ha titolo e sapere chi agisce per quale ente.",
			EN: "Let in only those who may, and know who acts for which body.",
		},
		Basis: register.Text{
			IT: "Art. 6, par. 1, lett. e e art. 32 GDPR.",
			EN: "Art. 6(1)(e) and art. 32 GDPR.",
		},
		Persons: register.Text{
			IT: "Operatori degli enti aderenti.",
			EN: "Staff of the members.",
		},
		Data: register.Text{
			IT: "Nome, posta, telefono cifrato se dato, ruoli, impronta della password, secondi fattori, sessioni con browser e ora.",
			EN: "Name, mail, sealed telephone if given, roles, hash of the password, second factors, sessions with browser and time.",
		},
		Recipients: register.Text{
			IT: "Gli amministratori del proprio ente.",
			EN: "The administrators of their own body.",
		},
		Kept: register.Text{
			IT: "L'account finché serve; le sessioni e gli inviti scadono da soli; l'appartenenza resta con la sua fine.",
			EN: "The account as long as it is needed; sessions and invitations expire by themselves; membership stays with its end.",
		},
		Measures: register.Text{
			IT: "Password con Argon2id, segreti cifrati fuori dal database, secondo fattore obbligatorio per chi vede dati di persone, sessioni revocabili.",
			EN: "Passwords with Argon2id, secrets sealed under keys outside the database, a second factor for whoever sees data about people, revocable sessions.",
		},
	},
}
