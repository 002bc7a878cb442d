// SPDX-License-Identifier: EUPL-1.2

package network

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/upload"
)

// ExampleAgreements puts agreements between made-up bodies in, so that one can see when data may pass
// and when not: joint controllers, a processor, controllers each for itself, and a draft that nobody
// has signed. bodies are four of them; doing it again changes nothing.
func (u *UseCases) ExampleAgreements(ctx context.Context, actor access.Actor, bodies [4]string) error {
	for i, a := range exampleAgreements(bodies) {
		a.ID = BodyID(fmt.Sprintf("agreement/%d", i+1))
		_, err := agreementByID(ctx, u.DB, a.ID)
		if err == nil {
			continue
		}
		if !fault.Is(err, fault.KindNotFound) {
			return err
		}
		if a.SignedOn != "" {
			if a.File, err = u.Files.Keep("file", bytes.NewReader(examplePaper(a)), upload.Documents); err != nil {
				return err
			}
			for p := range a.Parties {
				a.Parties[p].Confirmed = a.SignedOn
			}
		}
		if err := a.valid(); err != nil {
			return err
		}
		if err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			one := a
			return u.writeAgreement(ctx, tx, actor, &one, change{kind: KindAgreement, record: a.ID, action: "network.agreement.write"})
		}); err != nil {
			return err
		}
	}
	return nil
}

func exampleAgreements(b [4]string) []Agreement {
	const from = "2026-01-01"
	return []Agreement{
		{
			Kind: JointControllers, Title: "ESEMPIO: contitolarità per la presa in carico in rete",
			Parties:  []Party{{Body: b[0], Role: RoleJointController}, {Body: b[1], Role: RoleJointController}},
			Purposes: []string{"care", "referral", "supervision"},
			What:     "Dati anagrafici, di contatto e di salute delle persone prese in carico insieme. Documento inventato.",
			Why:      "Art. 6, par. 1, lett. e, art. 9, par. 2, lett. g e h, art. 26 GDPR; art. 2-sexies d.lgs. 196/2003.",
			From:     from, SignedOn: "2025-12-15", Protocol: "ESEMPIO 1/2025",
		},
		{
			Kind: Processing, Title: "ESEMPIO: nomina a responsabile per la mediazione linguistico-culturale",
			Parties:  []Party{{Body: b[0], Role: RoleController}, {Body: b[2], Role: RoleProcessor}},
			Purposes: []string{"mediation", "orientation"},
			What:     "Nome, lingua e appuntamento delle persone che chiedono un mediatore. Documento inventato.",
			Why:      "Art. 6, par. 1, lett. e, e art. 28 GDPR.",
			From:     from, Until: "2028-12-31", SignedOn: "2025-12-20", Protocol: "ESEMPIO 2/2025",
			Fees: &Fees{FreeHours: 48, CancelShare: 50, AbsentShare: 80},
		},
		{
			Kind: BetweenControllers, Title: "ESEMPIO: comunicazione tra titolari per gli invii e la tutela dei minori",
			Parties:  []Party{{Body: b[1], Role: RoleController}, {Body: b[3], Role: RoleController}},
			Purposes: []string{"referral", "guardianship"},
			What:     "Dati anagrafici e di contatto dei minori soli e dei loro tutori. Documento inventato.",
			Why:      "Art. 6, par. 1, lett. e, GDPR; art. 2-ter d.lgs. 196/2003; l. 47/2017.",
			From:     from, SignedOn: "2025-12-22", Protocol: "ESEMPIO 3/2025",
		},
		{
			Kind: JointControllers, Title: "ESEMPIO: contitolarità per la ricerca di casa (non ancora firmata)",
			Parties:  []Party{{Body: b[0], Role: RoleJointController}, {Body: b[3], Role: RoleJointController}},
			Purposes: []string{"housing"},
			What:     "Dati anagrafici e di contatto di chi cerca casa. Documento inventato.",
			Why:      "Art. 6, par. 1, lett. e, e art. 26 GDPR.",
			From:     from,
		},
	}
}

// examplePaper is a page that says that it is none: the signed paper of an example.
func examplePaper(a Agreement) []byte {
	escape := strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`, "à", "\\340", "è", "\\350", "ù", "\\371")
	var lines strings.Builder
	for _, line := range []string{"DOCUMENTO DI ESEMPIO", a.Title, "Protocollo: " + a.Protocol, "Non è un accordo vero: nessuno lo ha firmato."} {
		fmt.Fprintf(&lines, "(%s) Tj T* ", escape.Replace(line))
	}
	stream := "BT /F1 12 Tf 18 TL 50 780 Td " + lines.String() + "ET"
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var offsets []int
	for i, object := range []string{
		"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F1 4 0 R >> >> >>",
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(stream), stream),
	} {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, at := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&b, "trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, start)
	return b.Bytes()
}
