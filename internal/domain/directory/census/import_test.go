// SPDX-License-Identifier: EUPL-1.2

package census_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/census"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

const sheet = "Codice;Nome del servizio;Ente;Bisogno;Comune;Telefono\n" +
	"a1;Corso serale;Ente del foglio;;Palermo;000 1111111\n" +
	"a2;Ambulatorio;Ente del foglio;;Palermo;000 2222222\n"

func (o *office) names() string {
	o.t.Helper()
	var list []string
	o.must(o.Directory.Walk(o.t.Context(), func(e directory.Entry) error { list = append(list, e.Name+"@"+e.OrganizationID); return nil }))
	return strings.Join(list, " ")
}

func TestAnImportIsLookedAtAppliedAndUndone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		o := open(t, d)
		before := o.names()
		i, err := o.Upload(ctx, editor("coop"), census.UploadRequest{Name: "elenco.csv", Data: []byte(sheet), Dataset: "coop-elenco"})
		o.must(err)
		if i.State != census.ImportChecked || i.Look.Outcome["service"].Created != 2 || len(i.Look.Sample) != 2 || i.Look.Outcome["organization"].Created != 0 {
			t.Fatalf("looked at: %s %+v", i.State, i.Look)
		}
		if o.names() != before {
			t.Fatal("looking wrote something")
		}
		o.missing("another body's import", o.Apply(ctx, editor("comune"), i.ID, i.Version))
		_, err = o.ReadImport(ctx, editor("comune"), i.ID)
		o.missing("another body's import", err)
		o.must(o.Apply(ctx, editor("coop"), i.ID, i.Version))
		if got := o.names(); strings.Count(got, "@coop") != 3 || !strings.Contains(got, "Corso serale@coop") {
			t.Errorf("an editor's services are of their own body: %s", got)
		}
		done, err := o.ReadImport(ctx, editor("coop"), i.ID)
		if err != nil || done.State != census.ImportApplied {
			t.Fatalf("%s, %v", done.State, err)
		}
		if err := o.Apply(ctx, editor("coop"), i.ID, done.Version); !fault.Is(err, fault.KindConflict) {
			t.Errorf("twice: %v", err)
		}
		o.must(o.Undo(ctx, editor("coop"), i.ID, done.Version))
		if got := o.names(); got != before {
			t.Errorf("after undoing: %s, want %s", got, before)
		}
		list, total, err := o.Imports(ctx, editor("coop"), "", 1, 10)
		if err != nil || total != 1 || list[0].State != census.ImportUndone {
			t.Errorf("the log: %+v, %v", list, err)
		}
		if _, total, err := o.Imports(ctx, editor("comune"), "", 1, 10); err != nil || total != 0 {
			t.Errorf("another body sees %d, %v", total, err)
		}
		if run, undone := o.events("directory.import.run"), o.events("directory.import.undo"); run != 2 || undone != 1 {
			t.Errorf("events: %d, %d", run, undone)
		}
	})
}

// Where a body asks for four eyes, its file is applied by somebody else than who brought it.
func TestFourEyesOnAnImport(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		o := open(t, d)
		administrator, second := editor("coop"), editor("coop")
		administrator.Account, administrator.Roles, second.Account = "boss", []access.Role{access.BodyAdministrator}, "second"
		o.must(o.Directory.SetRules(ctx, administrator, "coop", directory.Rules{FourEyes: true}))
		before := o.names()
		i, err := o.Upload(ctx, editor("coop"), census.UploadRequest{Name: "elenco.csv", Data: []byte(sheet), Dataset: "coop-elenco"})
		o.must(err)
		if err := o.Apply(ctx, editor("coop"), i.ID, i.Version); !fault.Is(err, fault.KindInvalid) || o.names() != before {
			t.Errorf("by who brought it: %v, %s", err, o.names())
		}
		o.must(o.Apply(ctx, second, i.ID, i.Version))
		if got := o.names(); !strings.Contains(got, "Corso serale@coop") {
			t.Errorf("by somebody else: %s", got)
		}
		// What the network brings for many bodies is no single body's to hold.
		i, err = o.Upload(ctx, network(), census.UploadRequest{Name: "rete.json", Data: []byte("[" + hsdsService(one, "Uno") + "]"), Dataset: "rete"})
		o.must(err)
		o.must(o.Apply(ctx, network(), i.ID, i.Version))
	})
}

func TestADatasetBelongsToItsBody(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		o := open(t, d)
		_, err := o.Upload(ctx, editor("coop"), census.UploadRequest{Name: "x.csv", Data: []byte(sheet), Dataset: "coop-elenco"})
		o.must(err)
		for _, name := range []string{"coop-elenco", "start"} { // another body's, and one that came by a command
			_, err := o.Upload(ctx, editor("comune"), census.UploadRequest{Name: "x.csv", Data: []byte(sheet), Dataset: name})
			o.missing(name, err)
		}
		nobody := editor("coop")
		nobody.Roles = nil
		_, err = o.Upload(ctx, nobody, census.UploadRequest{Name: "x.csv", Data: []byte(sheet), Dataset: "neu"})
		o.missing("without a role", err)
	})
}

// What stands in the file about somebody else's entry is not written, whoever brings it.
func TestAnEditorTakesOverNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		o := open(t, d)
		const id = "11111111-1111-4111-8111-111111111111"
		other := service(id, "comune", "Anagrafe")
		_, err := o.Directory.Save(ctx, directory.Batch{Source: "start", Services: []directory.Service{other}})
		o.must(err)
		text := "Codice;Nome del servizio;Ente;Bisogno;Comune\n" + id + ";Anagrafe falsa;Ente;;Palermo\n"
		i, err := o.Upload(ctx, editor("coop"), census.UploadRequest{Name: "x.csv", Data: []byte(text), Dataset: "mio", Options: census.Options{TakesOver: []string{"start"}}})
		o.must(err)
		if len(i.Look.Held) != 1 || i.Look.Held[0].Reason != directory.HeldOther {
			t.Fatalf("%s %+v", i.State, i.Look)
		}
		o.must(o.Apply(ctx, editor("coop"), i.ID, i.Version))
		if e, err := o.Directory.Entry(ctx, id); err != nil || e.Name != "Anagrafe" || e.OrganizationID != "comune" {
			t.Errorf("%s of %s, %v", e.Name, e.OrganizationID, err)
		}
		// The network may, when it says so.
		i, err = o.Upload(ctx, network(), census.UploadRequest{Name: "x.csv", Data: []byte(text), Dataset: "rete", Options: census.Options{TakesOver: []string{"start"}}})
		o.must(err)
		if len(i.Look.Held) != 0 || i.Look.Outcome["service"].Updated != 1 {
			t.Errorf("the network: %+v", i.Look)
		}
	})
}

func TestMistakesRefuseAnImport(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		o := open(t, d)
		bad := sheet + "a3;;Ente;;Palermo;\n"
		i, err := o.Upload(ctx, editor("coop"), census.UploadRequest{Name: "x.csv", Data: []byte(strings.Replace(bad, "Palermo;000 2222222", "Paperopoli;000 2222222", 1)), Dataset: "mio"})
		o.must(err)
		if i.State != census.ImportRefused || i.Look.Errors == 0 || len(i.Look.Report.Problems) == 0 {
			t.Fatalf("%s %+v", i.State, i.Look)
		}
		if err := o.Apply(ctx, editor("coop"), i.ID, i.Version); !fault.Is(err, fault.KindConflict) {
			t.Errorf("applied: %v", err)
		}
		o.must(o.Reconsider(ctx, editor("coop"), i.ID, i.Version, census.Options{Partial: true}))
		again, err := o.ReadImport(ctx, editor("coop"), i.ID)
		if err != nil || again.State != census.ImportChecked || again.Look.Outcome["service"].Created != 1 {
			t.Errorf("the good rows: %s %+v, %v", again.State, again.Look.Outcome, err)
		}
		o.must(o.Discard(ctx, editor("coop"), i.ID, again.Version))
		for _, r := range []census.UploadRequest{{Name: "x.csv", Dataset: "mio"}, {Name: "x.csv", Data: []byte("x")}} {
			if _, err := o.Upload(ctx, editor("coop"), r); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("%+v: %v", r, err)
			}
		}
	})
}

func TestALargeFileWaitsBehindThePage(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		o := open(t, d)
		o.Enqueue = func(_ context.Context, _ *db.Tx, id string) error { o.queued = append(o.queued, id); return nil }
		padded := []byte(sheet + strings.Repeat(";;;;;\n", 200_000))
		i, err := o.Upload(ctx, editor("coop"), census.UploadRequest{Name: "x.csv", Data: padded, Dataset: "mio"})
		o.must(err)
		o.must(o.Apply(ctx, editor("coop"), i.ID, i.Version))
		if len(o.queued) != 1 || strings.Contains(o.names(), "Corso") {
			t.Fatalf("queued %v, %s", o.queued, o.names())
		}
		for range 2 { // a job may run twice
			o.must(o.Queued(ctx, i.ID))
		}
		if got := o.names(); !strings.Contains(got, "Corso serale@coop") {
			t.Errorf("after the job: %s", got)
		}
	})
}

// feed is an HSDS address of somebody else.
func feed(t *testing.T, services *string) string {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(*services)) }))
	t.Cleanup(s.Close)
	return s.URL + "/services.json"
}

func hsdsService(id, name string) string {
	return `{"id":"` + id + `","name":"` + name + `","status":"active","organization":{"id":"33333333-3333-4333-8333-333333333333","name":"Altrove","description":"x"}}`
}

func TestAFeedIsFetchedByTheClock(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		o := open(t, d)
		const one, two = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
		text := "[" + hsdsService(one, "Uno") + "," + hsdsService(two, "Due") + "]"
		set := census.Dataset{Name: "altrove", Address: feed(t, &text), EveryHours: 24, Options: census.Options{Complete: true}}
		o.missing("an editor", o.SaveDataset(ctx, editor("coop"), set))
		o.must(o.SaveDataset(ctx, network(), set))
		if n, err := o.Due(ctx); n != 1 || err != nil {
			t.Fatalf("%d, %v", n, err)
		}
		log, _, err := o.Imports(ctx, network(), "altrove", 1, 10)
		if err != nil || len(log) != 1 || log[0].State != census.ImportFailed {
			t.Fatalf("an address inside our own network was read: %+v, %v", log, err)
		}
		o.Allowed = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
		if n, err := o.Due(ctx); n != 0 || err != nil {
			t.Errorf("before its time: %d, %v", n, err)
		}
		o.now = o.now.Add(25 * time.Hour)
		if n, err := o.Due(ctx); n != 1 || err != nil {
			t.Fatalf("%d, %v", n, err)
		}
		if got := o.names(); !strings.Contains(got, "Uno@33333333") || !strings.Contains(got, "Due@33333333") {
			t.Fatalf("fetched: %s", got)
		}
		text = "[" + hsdsService(one, "Uno nuovo") + "]"
		o.now = o.now.Add(25 * time.Hour)
		if _, err := o.Due(ctx); err != nil {
			t.Fatal(err)
		}
		if got := o.names(); !strings.Contains(got, "Uno nuovo") || strings.Contains(got, "Due") {
			t.Errorf("what the source removes goes: %s", got)
		}
		list, err := o.Datasets(ctx, network())
		if err != nil || len(list) != 1 || list[0].Services != 1 || list[0].LastState != census.ImportApplied {
			t.Errorf("%+v, %v", list, err)
		}
		log, _, err = o.Imports(ctx, network(), "altrove", 1, 1)
		o.must(err)
		o.must(o.Undo(ctx, network(), log[0].ID, log[0].Version))
		if got := o.names(); !strings.Contains(got, "Due") {
			t.Errorf("undone: %s", got)
		}
		o.now = o.now.Add(48 * time.Hour)
		if n, err := o.Due(ctx); n != 0 || err != nil {
			t.Errorf("what was undone comes back: %d, %v", n, err)
		}
	})
}
