// SPDX-License-Identifier: EUPL-1.2

package auditweb_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/base/audit/auditweb"
	"approdo/internal/base/audit/inquiry"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
	"approdo/migrations"
)

var now = time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)

func clock() time.Time { return now }

func TestWordsAreWhole(t *testing.T) {
	t.Parallel()
	for _, p := range lang.CheckCatalogue(auditweb.Locales()) {
		t.Error(p)
	}
}

type house struct {
	handler http.Handler
	peer    *audit.Keys // of another installation, which is known here
	db      *db.DB
	inquiry *inquiry.UseCases
}

// open is the pages with an actor that a header of the test names.
func open(t *testing.T, d *db.DB) house {
	t.Helper()
	guard, err := access.New(clock, access.Base(), inquiry.Policy())
	if err != nil {
		t.Fatal(err)
	}
	words, err := lang.Open(ui.Locales(), auditweb.Locales())
	if err != nil {
		t.Fatal(err)
	}
	keys, err := audit.OpenKeys(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	peer, err := audit.OpenKeys(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	known, err := audit.PublicKeys(peer.Public...)
	if err != nil {
		t.Fatal(err)
	}
	actors := map[string]access.Actor{
		"auditor": {Account: "auditor", Member: "m1", Roles: []access.Role{access.Auditor}, Strong: true, SteppedUp: now},
		"officer": {Account: "officer", Member: "m1", Roles: []access.Role{access.DataProtectionOfficer}, Strong: true, SteppedUp: now},
		"editor":  {Account: "editor", Member: "m1", Roles: []access.Role{access.DirectoryEditor}, Strong: true},
	}
	s := &ui.Site{Network: "Prova"}
	rs := web.New(web.Options{Catalogue: words, ErrorPage: s.ErrorPage, Admit: func(r *http.Request, rule web.Rule) (context.Context, error) {
		a, ok := actors[r.Header.Get("X-Actor")]
		if !ok || rule.Action() != "" && !guard.May(a, rule.Action()) {
			return nil, access.Missing()
		}
		return access.With(r.Context(), a), nil
	}})
	names := func(_ context.Context, ids []string) (map[string]string, error) {
		all := map[string]string{}
		for _, id := range ids {
			all[id] = "Nome di " + id
		}
		return all, nil
	}
	questions := &inquiry.UseCases{DB: d, Guard: guard, Clock: clock}
	auditweb.Register(rs, auditweb.Deps{
		OwnFile: "file /keys/checkpoints.txt",
		Inquiry: questions, Keys: keys, Peers: func() (*audit.Keys, error) { return known, nil }, Site: s, Bodies: names, Accounts: names,
		RoleName: func(_ context.Context, role access.Role) string { return "ruolo " + string(role) },
		FindAccounts: func(_ context.Context, text string) ([]string, error) {
			if text == "Carla" {
				return []string{"carla"}, nil
			}
			return nil, nil
		},
		Titles: func(context.Context, access.Actor, string, []string) (map[string]ui.Link, error) {
			return map[string]ui.Link{"s1": {Text: "Sportello"}}, nil
		},
	})
	if err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		for _, e := range []audit.Event{
			{Actor: audit.Actor{Account: "carla", Member: "m1", Roles: "directory-editor", Via: audit.ViaPage}, Action: "directory.service.edit", Kind: "service", Record: "s1",
				Changes: []audit.Change{{Field: "name", Before: "prima", After: "dopo"}, {Field: "contact", Hidden: true}}},
			{Actor: audit.Actor{Account: "anna", Member: "m1", Roles: "case-worker", Via: audit.ViaPage}, Action: "casework.case.read", Kind: "case", Record: "c1", Subject: "p1", Read: true, Reason: "=colloquio"},
			{Actor: audit.Actor{Account: "carla", Member: "m2", Roles: "body-administrator", Via: audit.ViaPage}, Action: "identity.role.change", Kind: "account", Record: "editor", Reason: "nuovo incarico"},
		} {
			if err := audit.Record(ctx, tx, now, e); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if n, err := audit.NewSequencer(d, keys, clock, audit.Checkpoint{}).Step(t.Context()); err != nil || n != 3 {
		t.Fatal(n, err)
	}
	return house{rs.Handler(), peer, d, questions}
}

func (h house) get(t *testing.T, who, path string) (int, string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("X-Actor", who)
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// cells gives the texts of all cells of the table with an id, line by line.
func cells(t *testing.T, page, id string) []string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for row := range root.Descendants() {
		if row.Data != "tr" || !within(row, id) {
			continue
		}
		var texts []string
		for cell := range row.Descendants() {
			if cell.Type == html.ElementNode && (cell.Data == "td" || cell.Data == "th" && cell.Parent.Parent.Data == "tbody") {
				texts = append(texts, strings.Join(strings.Fields(text(cell)), " "))
			}
		}
		if len(texts) > 0 {
			lines = append(lines, strings.Join(texts, " | "))
		}
	}
	return lines
}

func within(n *html.Node, id string) bool {
	for ; n != nil; n = n.Parent {
		if slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "id" && strings.HasPrefix(a.Val, id) }) {
			return true
		}
	}
	return false
}

func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data + " ")
		}
	}
	return b.String()
}

func TestTheLogIsSearched(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		code, page := h.get(t, "auditor", "/it/office/log")
		lines := cells(t, page, "events")
		if code != http.StatusOK || len(lines) != 3 {
			t.Fatalf("%d: %q", code, lines)
		}
		for _, want := range []string{"Nome di carla ruolo body-administrator | Nome di m2", "Consultato: casework.case numero 2 del registro", "=colloquio"} {
			if !strings.Contains(strings.Join(lines, "\n"), want) {
				t.Errorf("%q lacks %q", lines, want)
			}
		}
		for query, want := range map[string]int{"?only=read": 1, "?q=Carla": 2, "?record=s1": 1, "?q=nobody": 0, "?from=2026-11-24&to=2026-11-24": 3, "?to=2026-11-23": 0, "?from=nonsense": 3, "?member=m2": 1} {
			code, page := h.get(t, "auditor", "/it/office/log"+query)
			if got := cells(t, page, "events"); code != http.StatusOK || len(got) != want {
				t.Errorf("%s: %d, %q; want %d", query, code, got, want)
			}
		}
		if _, page := h.get(t, "officer", "/en/office/log"); len(cells(t, page, "events")) != 2 {
			t.Errorf("an officer sees %q", cells(t, page, "events"))
		}
		for _, path := range []string{"/it/office/log", "/it/office/log/export.csv", "/it/office/seen", "/it/office/log/none"} {
			if code, _ := h.get(t, "editor", path); code != http.StatusNotFound {
				t.Errorf("an editor gets %d for %s", code, path)
			}
		}
	})
}

// Whoever examines the log sees which place does not take its checkpoints, and since when.
func TestPlacesThatTakeNoCheckpointsAreTold(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		if _, page := h.get(t, "auditor", "/it/office/log/places"); !strings.Contains(page, "ancora mandato nessun sigillo") || !strings.Contains(page, "Nessun sigillo lascia questa macchina") {
			t.Errorf("before anything was sent: %s", page)
		}
		for _, f := range [][]any{
			{"file /keys/checkpoints.txt", 7, db.Millis(now), db.Millis(now), ""},
			{"address https://other.example/audit/checkpoints", 0, nil, db.Millis(now), "the answer is 503"},
		} {
			if _, err := db.Exec(t.Context(), d, `INSERT INTO audit_sink (name, size, hash, sent_at, tried_at, problem) VALUES ($1, $2, '', $3, $4, $5)`, f...); err != nil {
				t.Fatal(err)
			}
		}
		_, page := h.get(t, "auditor", "/it/office/log/places")
		lines := cells(t, page, "places")
		if len(lines) != 2 || !strings.Contains(lines[0], "https://other.example/audit/checkpoints") || !strings.Contains(lines[0], "Non arriva") || !strings.Contains(lines[0], "the answer is 503") || !strings.Contains(lines[1], "Arriva") {
			t.Errorf("%q", lines)
		}
		if code, _ := h.get(t, "officer", "/it/office/log/places"); code != http.StatusNotFound {
			t.Errorf("an officer of one body gets %d", code)
		}
		room := auditweb.Room{Inquiry: h.inquiry}
		if list, err := room.Waiting(t.Context(), access.Actor{Account: "auditor", Member: "m1", Roles: []access.Role{access.Auditor}, Strong: true}); err != nil || len(list) != 1 || list[0].Count != 1 {
			t.Errorf("waits: %+v, %v", list, err)
		}
	})
}

func TestAnEventIsToldInWords(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		list, err := audit.Since(t.Context(), d, 0, 3)
		if err != nil {
			t.Fatal(err)
		}
		var edit audit.Entry
		for _, e := range list {
			if e.Record == "s1" {
				edit = e
			}
		}
		code, page := h.get(t, "auditor", "/it/office/log/"+edit.ID)
		for _, want := range []string{"Nome di carla ha agito", "Sportello (s1)", "<del>prima</del>", "<ins>dopo</ins>", "il contenuto riguarda una persona", fmt.Sprintf("numero %d del registro", edit.Seq)} {
			if code != http.StatusOK || !strings.Contains(page, want) {
				t.Errorf("%d: lacks %q", code, want)
			}
		}
	})
}

func TestTheExportHoldsNoFormula(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		code, file := h.get(t, "officer", "/it/office/log/export.csv?only=read")
		if code != http.StatusOK || !strings.Contains(file, ";'=colloquio;") || strings.Contains(file, "s1") || !strings.Contains(file, "Motivo scritto") {
			t.Errorf("%d: %s", code, file)
		}
		if list, err := audit.Select(t.Context(), d, "e.action = $1", inquiry.ActionExport); err != nil || len(list) != 1 || list[0].Record != "only=read" {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

func TestWhoHasSeenMyData(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		for _, code := range lang.All {
			status, page := h.get(t, "editor", "/"+code+"/account/seen")
			lines := cells(t, page, "seen")
			if status != http.StatusOK || len(lines) != 1 || !strings.Contains(lines[0], "Nome di m2 | ruolo body-administrator | nuovo incarico") || strings.Contains(page, "carla") {
				t.Errorf("%s: %d, %q", code, status, lines)
			}
		}
		if status, _ := h.get(t, "", "/it/account/seen"); status != http.StatusNotFound {
			t.Errorf("a stranger: %d", status)
		}
		if status, page := h.get(t, "officer", "/it/office/seen"); status != http.StatusOK || len(cells(t, page, "events")) != 0 {
			t.Errorf("before anybody is named: %d", status)
		}
		status, page := h.get(t, "officer", "/it/office/seen?q=p1")
		if lines := cells(t, page, "events"); status != http.StatusOK || !slices.ContainsFunc(lines, func(l string) bool { return strings.Contains(l, "Nome di anna") }) {
			t.Errorf("%d, %q", status, lines)
		}
	})
}

func TestCheckpointsFromElsewhere(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		post := func(text string) int {
			w := httptest.NewRecorder()
			h.handler.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/audit/checkpoints", strings.NewReader(text)))
			return w.Code
		}
		server := httptest.NewServer(h.handler)
		defer server.Close()
		// Another installation sends its checkpoint as it does when it serves.
		other := dbtest.SQLite(t, migrations.FS)
		one := signed(t, other, h.peer, 1)
		sink := audit.HTTPSink{URL: server.URL + "/audit/checkpoints", Client: server.Client()}
		if err := sink.Publish(t.Context(), one); err != nil {
			t.Fatal(err)
		}
		if code := post(one.Note); code != http.StatusNoContent {
			t.Errorf("the same again: %d", code)
		}
		if list, err := audit.KeptFor(t.Context(), d, one.Origin); err != nil || len(list) != 1 || list[0].Note != one.Note || list[0].Size != 1 {
			t.Errorf("%+v, %v", list, err)
		}
		rewritten := signed(t, dbtest.SQLite(t, migrations.FS), h.peer, 1)
		if code := post(rewritten.Note); code != http.StatusConflict {
			t.Errorf("another history of the same length: %d", code)
		}
		if list, err := audit.KeptFor(t.Context(), d, one.Origin); err != nil || len(list) != 2 {
			t.Errorf("the proof of it is not kept: %+v, %v", list, err)
		}
		if list, err := audit.Forked(t.Context(), d, now); err != nil || len(list) != 1 || list[0] != one.Origin {
			t.Errorf("nobody hears of it: %v, %v", list, err)
		}
		// Whoever knows the name of the log gets back what is kept, and can hold the log against it.
		answer := httptest.NewRecorder()
		h.handler.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/audit/checkpoints/"+one.Origin, nil))
		back, err := h.peer.Checkpoints("there", answer.Body.Bytes())
		if err != nil || len(back) != 2 {
			t.Fatalf("given back: %d %q, %v", answer.Code, answer.Body, err)
		}
		mine := slices.DeleteFunc(slices.Clone(back), func(c audit.Checkpoint) bool { return c.Hash != one.Hash })
		if r, err := audit.Verify(t.Context(), other, h.peer, mine); err != nil || !r.Whole() || r.Outside != 1 {
			t.Errorf("the log that was sent first: %+v, %v", r, err)
		}
		if r, err := audit.Verify(t.Context(), other, h.peer, back); err != nil || r.Whole() {
			t.Errorf("the two histories: %+v, %v", r, err)
		}
		answer = httptest.NewRecorder()
		h.handler.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/audit/checkpoints/approdo-00000000", nil))
		if answer.Code != http.StatusNotFound {
			t.Errorf("a log that is not known: %d", answer.Code)
		}
		stranger, err := audit.OpenKeys(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			text string
			want int
		}{
			"of a stranger": {signed(t, dbtest.SQLite(t, migrations.FS), stranger, 1).Note, http.StatusNotFound},
			"altered":       {strings.Replace(one.Note, "\n1\n", "\n2\n", 1), http.StatusNotFound},
			"nonsense":      {"x", http.StatusNotFound},
			"far too long":  {strings.Repeat("x", 10_000), http.StatusRequestEntityTooLarge},
		} {
			if code := post(c.text); code != c.want {
				t.Errorf("%s: %d, want %d", name, code, c.want)
			}
		}
		if err := sink.Publish(t.Context(), audit.Checkpoint{Note: "x"}); err == nil || fault.Is(err, fault.KindNotFound) {
			t.Errorf("the sender does not hear that nothing was kept: %v", err)
		}
	})
}

// signed makes a log of n events of its own and gives its checkpoint.
func signed(t *testing.T, d *db.DB, keys *audit.Keys, n int) audit.Checkpoint {
	t.Helper()
	if err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		for range n {
			if err := audit.Record(ctx, tx, now, audit.Event{Action: "a", Kind: "b", Record: db.NewID()}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if done, err := audit.NewSequencer(d, keys, clock, audit.Checkpoint{}).Step(t.Context()); err != nil || done != n {
		t.Fatal(done, err)
	}
	c, ok, err := keys.Latest(t.Context(), d)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	return c
}
