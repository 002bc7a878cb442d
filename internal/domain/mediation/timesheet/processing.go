// SPDX-License-Identifier: EUPL-1.2

package timesheet

import "approdo/internal/base/register"

// Processings are what is done with data about persons here, for the register (art. 30 GDPR).
func Processings() []register.Declared { return processings }

var processings = []register.Declared{{
	Code: "mediation.timesheet", Tables: []string{"mediation_session", "mediation_timesheet", "mediation_budget", "mediation_evaluation", "mediation_nudge"},
	Name:    register.Text{IT: "Interventi di mediazione e fogli ore", EN: "Mediation sessions and timesheets"},
	Purpose: register.Text{IT: "Dire che cosa è stato svolto, pagare le ore e rendicontarle ai progetti.", EN: "Say what took place, pay the hours and account for them to projects."},
	Basis: register.Text{
		IT: "Art. 6, par. 1, lett. e GDPR e art. 2-ter d.lgs. 196/2003: compito di interesse pubblico; lett. b e c: contratto con il mediatore e obblighi contabili.",
		EN: "Art. 6(1)(e) GDPR and art. 2-ter d.lgs. 196/2003: task in the public interest; (b) and (c): contract with the mediator, duties of accounting.",
	},
	Persons: register.Text{IT: "Mediatori; operatori che controfirmano; di chi è servito resta solo il codice della richiesta.", EN: "Mediators; staff who countersign; of those who are served the code of the request alone."},
	Data: register.Text{
		IT: "Ore, tipo di attività per voci fisse, argomenti (cifrati), viaggio, spese e ricevute, firme, assenze, contestazioni (cifrate), valutazioni.",
		EN: "Hours, kinds of activity by fixed items, topics (encrypted), way, expenses and receipts, signatures, absences, disputes (encrypted), evaluations.",
	},
	Recipients: register.Text{
		IT: "L'ente che ha chiesto l'intervento, l'ente che tiene la scheda del mediatore, il mediatore; chi controlla i progetti, sui fogli ore.",
		EN: "The body that asked, the body that keeps the entry of the mediator, the mediator; those who audit projects, of timesheets.",
	},
	Kept: register.Text{IT: "Dieci anni per i rendiconti; i testi delle contestazioni un anno; gli argomenti fino a un anno dopo il colloquio.", EN: "Ten years for accounts; texts of disputes one year; topics until a year after the session."},
	Measures: register.Text{
		IT: "Accesso per ruolo e per ente con secondo fattore, impronta e sigillo di ciò che è firmato, testi cifrati con una chiave per intervento, registro a prova di manomissione.",
		EN: "Access by role and body with a second factor, fingerprint and seal of what is signed, texts encrypted under a key of each session, tamper-evident log.",
	},
}}
