// SPDX-License-Identifier: EUPL-1.2

package notice

import "approdo/internal/base/register"

// Processings are what messages does with data about persons, for the register (art. 30 GDPR).
func Processings() []register.Declared { return processings }

var processings = []register.Declared{
	{
		Code: "notice.messages", Tables: []string{"notice_message", "notice_delivery", "notice_preference", "notice_quiet", "notice_subscription"},
		Name: register.Text{
			IT: "Messaggi agli operatori e agli enti",
			EN: "Messages to staff and bodies",
		},
		Purpose: register.Text{
			IT: "Avvisare di ciò che aspetta, e provare che è stato fatto.",
			EN: "Tell what waits, and prove that it was told.",
		},
		Basis: register.Text{
			IT: "Art. 6, par. 1, lett. e GDPR e art. 2-ter d.lgs. 196/2003: compito di interesse pubblico.",
			EN: "Art. 6(1)(e) GDPR and art. 2-ter d.lgs. 196/2003: task in the public interest.",
		},
		Persons: register.Text{
			IT: "Operatori, contatti degli enti, persone invitate.",
			EN: "Staff, contacts of bodies, people who are invited.",
		},
		Data: register.Text{
			IT: "Indirizzi, testo cifrato, esito, preferenze.",
			EN: "Addresses, sealed text, fate, preferences.",
		},
		Recipients: register.Text{
			IT: "I gestori di posta, SMS e notifiche configurati.",
			EN: "The carriers of mail, text messages and push that are set up.",
		},
		Kept: register.Text{
			IT: "Trenta giorni per chi non ha account, un anno nella casella di chi lo ha.",
			EN: "Thirty days for people without account, one year in the inbox of an account.",
		},
		Measures: register.Text{
			IT: "Testi cifrati con chiavi fuori dal database; nei messaggi mai dati di persone seguite.",
			EN: "Texts sealed under keys outside the database; never data about people served in a message.",
		},
	},
}
