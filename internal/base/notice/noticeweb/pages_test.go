// SPDX-License-Identifier: EUPL-1.2

package noticeweb_test

import (
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"approdo/internal/base/access"
	"approdo/internal/base/notice"
	"approdo/internal/base/notice/noticeweb"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/jobs"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/send"
	"approdo/internal/kit/vault"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
	"approdo/migrations"
)

var now = time.Date(2026, 7, 1, 10, 0, 0, 0, time.UTC)

func clock() time.Time { return now }

func TestWordsAreWhole(t *testing.T) {
	t.Parallel()
	for _, p := range lang.CheckCatalogue(noticeweb.Locales()) {
		t.Error(p)
	}
	// Words that are put together at run time.
	words, err := lang.Open(noticeweb.Locales(), notice.Locales())
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, s := range notice.States {
		keys = append(keys, "notices.state."+string(s))
	}
	for _, c := range notice.Channels {
		keys = append(keys, "notices.channel."+string(c))
	}
	whys := []string{notice.WhyNoAddress, notice.WhyNoCarrier, notice.WhyErased, notice.WhyBroken}
	for _, w := range send.Whys {
		whys = append(whys, string(w))
	}
	for _, w := range whys {
		keys = append(keys, "notices.why."+w, "notices.advice."+w)
	}
	for _, s := range []string{"available", "pending", "retryable", "running", "scheduled", "discarded", "cancelled"} {
		keys = append(keys, "notices.job."+s)
	}
	for _, key := range keys {
		if !words.Words("it").Has(key) || !words.Words("en").Has(key) {
			t.Errorf("%s has no words", key)
		}
	}
}

// house is the pages over a database, with actors that a header of the test names.
type house struct {
	t       *testing.T
	db      *db.DB
	notice  *notice.UseCases
	handler http.Handler
	refuse  error
	phones  map[string]string // by account
}

var actors = map[string]access.Actor{
	"ada":   {Account: "ada", Name: "Ada", Member: "m1", Roles: []access.Role{access.DirectoryEditor}},
	"bob":   {Account: "bob", Name: "Bob", Member: "m1", Roles: []access.Role{access.DirectoryEditor}},
	"admin": {Account: "admin", Name: "Admin", Member: "m1", Roles: []access.Role{access.NetworkAdministrator}, Strong: true},
	"body":  {Account: "body", Name: "Body", Member: "m1", Roles: []access.Role{access.BodyAdministrator}, Strong: true},
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, db: dbtest.SQLite(t, migrations.FS), phones: map[string]string{}}
	folder, err := vault.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	v, err := vault.New(t.Context(), h.db, folder, clock)
	if err != nil {
		t.Fatal(err)
	}
	guard, err := access.New(clock, access.Base(), notice.Policy())
	if err != nil {
		t.Fatal(err)
	}
	words, err := lang.Open(ui.Locales(), notice.Locales(), noticeweb.Locales())
	if err != nil {
		t.Fatal(err)
	}
	h.notice, err = notice.New(notice.Config{
		DB: h.db, Clock: clock, Vault: v, Guard: guard, Words: words,
		Templates: []notice.Template{
			{Name: "access.glass", Channels: notice.Channels},
			{Name: "identity.invitation", Channels: []notice.Channel{notice.Mail}, Must: true, Everybody: true}, notice.Test,
		},
		People: func(_ context.Context, _ db.Querier, account string) (notice.Person, error) {
			return notice.Person{Name: "Ada", Mail: "ada@example.org", Phone: h.phones[account], Language: "it"}, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	site := &ui.Site{Network: "Prova"}
	rs := web.New(web.Options{Catalogue: words, ErrorPage: site.ErrorPage, Log: slog.New(slog.DiscardHandler), Admit: func(r *http.Request, rule web.Rule) (context.Context, error) {
		a, known := actors[r.Header.Get("X-Actor")]
		if !known || rule.Action() != "" && !guard.May(a, rule.Action()) {
			return nil, access.Missing()
		}
		return access.With(r.Context(), a), nil
	}})
	noticeweb.Register(rs, noticeweb.Deps{
		Notice: h.notice, Site: site, PushKey: "BKey", Topics: map[string]string{"access": "notices.topic.access"},
		Accounts: func(_ context.Context, ids []string) (map[string]string, error) {
			names := map[string]string{}
			for _, id := range ids {
				names[id] = "Nome di " + id
			}
			return names, nil
		},
	})
	h.handler = rs.Handler()
	return h
}

func (h *house) tell(m notice.Message) {
	h.t.Helper()
	if err := h.db.InTx(h.t.Context(), func(ctx context.Context, tx *db.Tx) error { return h.notice.Tell(ctx, tx, m) }); err != nil {
		h.t.Fatal(err)
	}
}

func glass(account string) notice.Message {
	return notice.Message{
		Key: "glass/" + account, To: notice.Account(account), Template: "access.glass", Link: "/office/access/emergencies/1",
		Args: map[string]string{"who": "Carla <Verdi>", "until": "14:00"},
	}
}

func (h *house) ask(actor, path string, form url.Values) *httptest.ResponseRecorder {
	h.t.Helper()
	r := httptest.NewRequestWithContext(h.t.Context(), http.MethodGet, path, nil)
	if form != nil {
		r = httptest.NewRequestWithContext(h.t.Context(), http.MethodPost, path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("X-Actor", actor)
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	return w
}

// page asks for a page that must be there and gives its text and its links and values.
func (h *house) page(actor, path string, status int) (text string, attrs []string) {
	h.t.Helper()
	w := h.ask(actor, path, nil)
	if w.Code != status {
		h.t.Fatalf("%s for %s: %d", path, actor, w.Code)
	}
	return read(h.t, w)
}

func read(t *testing.T, w *httptest.ResponseRecorder) (text string, attrs []string) {
	t.Helper()
	root, err := html.Parse(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(n.Data + " ")
		}
		for _, a := range n.Attr {
			if a.Key == "href" || a.Key == "value" || a.Key == "action" {
				attrs = append(attrs, a.Val)
			}
		}
	}
	return strings.Join(strings.Fields(b.String()), " "), attrs
}

func says(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("the page does not say %q: %s", part, text)
		}
	}
}

// link is the first attribute with this beginning.
func link(t *testing.T, attrs []string, prefix string) string {
	t.Helper()
	for _, a := range attrs {
		if strings.HasPrefix(a, prefix) {
			return a
		}
	}
	t.Fatalf("nothing begins with %s", prefix)
	return ""
}

func TestTheInbox(t *testing.T) {
	t.Parallel()
	h := open(t)
	text, _ := h.page("ada", "/it/office/notices", http.StatusOK)
	says(t, text, "I miei avvisi", "Nessun avviso")
	h.tell(glass("ada"))
	text, attrs := h.page("ada", "/it/office/notices", http.StatusOK)
	says(t, text, "Uno da leggere.", "Accesso eccezionale a dati protetti", "Carla <Verdi> ha aperto", "Nuovo", "1 lug 2026, 12:00")
	one := link(t, attrs, "/it/office/notices/0")
	text, attrs = h.page("ada", one, http.StatusOK)
	says(t, text, "Leggi il motivo", "Esamina l'accesso", "Segna come letto")
	link(t, attrs, "/it/office/access/emergencies/1")
	if text, _ := h.page("ada", strings.Replace(one, "/it/", "/en/", 1), http.StatusOK); !strings.Contains(text, "Exceptional access") {
		t.Error("it is not said in English")
	}
	h.page("bob", one, http.StatusNotFound)
	if text, _ := h.page("ada", "/it/office/notices", http.StatusOK); !strings.Contains(text, "Uno da leggere.") {
		t.Error("looking has changed something")
	}
	id := one[strings.LastIndex(one, "/")+1:]
	if w := h.ask("bob", "/it/office/notices", url.Values{"id": {id}}); w.Code != http.StatusNotFound {
		t.Errorf("bob marked it: %d", w.Code)
	}
	if w := h.ask("ada", "/it/office/notices", url.Values{}); w.Code != http.StatusNotFound {
		t.Errorf("nothing was marked: %d", w.Code)
	}
	if w := h.ask("ada", "/it/office/notices", url.Values{"id": {id}}); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/it/office/notices" {
		t.Errorf("marking: %d %s", w.Code, w.Header().Get("Location"))
	}
	text, _ = h.page("ada", "/it/office/notices?new=1", http.StatusOK)
	says(t, text, "Nessun avviso")
	if w := h.ask("nobody", "/it/office/notices", nil); w.Code != http.StatusNotFound {
		t.Errorf("a stranger: %d", w.Code)
	}
}

func TestHowToTellMe(t *testing.T) {
	t.Parallel()
	h := open(t)
	const path = "/it/office/notices/preferences"
	text, attrs := h.page("ada", path, http.StatusOK)
	says(t, text, "Accessi a dati protetti", "Posta elettronica", "Ore di silenzio", "Mostra gli avvisi in questo browser", "Nessun browser collegato")
	link(t, attrs, "22:00")
	form := url.Values{"topic-access": {"sms"}, "start": {"25:00"}, "finish": {"06:30"}, "zone": {"Europe/Kyiv"}, "quiet": {"1"}}
	w := h.ask("ada", path, form)
	if w.Code != http.StatusUnprocessableEntity {
		t.Fatalf("25 hours: %d", w.Code)
	}
	text, attrs = read(t, w)
	says(t, text, "Scrivi un'ora tra 00:00 e 23:59.")
	link(t, attrs, "25:00") // nothing typed is lost
	link(t, attrs, "06:30")
	form.Set("start", "21:00")
	if w := h.ask("ada", path, form); w.Code != http.StatusSeeOther {
		t.Fatalf("keeping: %d", w.Code)
	}
	p, err := h.notice.Preferences(t.Context(), actors["ada"])
	if err != nil || p.Quiet != (notice.Quiet{On: true, Start: 21 * 60, Finish: 6*60 + 30, Zone: "Europe/Kyiv"}) {
		t.Errorf("kept: %+v %v", p, err)
	}
	for _, c := range p.Choice { // without a telephone the page has not asked about text messages
		if c.Wanted {
			t.Errorf("%s is wanted", c.Channel)
		}
	}
	h.phones["ada"] = "+390001"
	text, _ = h.page("ada", path, http.StatusOK)
	says(t, text, "SMS")
	if w := h.ask("ada", path, form); w.Code != http.StatusSeeOther {
		t.Fatalf("keeping: %d", w.Code)
	}
	if p, err = h.notice.Preferences(t.Context(), actors["ada"]); err != nil {
		t.Fatal(err)
	}
	for _, c := range p.Choice {
		if c.Wanted != (c.Channel == notice.SMS) {
			t.Errorf("%s: %t", c.Channel, c.Wanted)
		}
	}
}

func TestDevices(t *testing.T) {
	t.Parallel()
	h := open(t)
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{
		"endpoint": {"https://push.example/x"}, "p256dh": {base64.RawURLEncoding.EncodeToString(key.PublicKey().Bytes())},
		"auth": {base64.RawURLEncoding.EncodeToString(make([]byte, 16))}, "name": {"Firefox, Linux"},
	}
	if w := h.ask("ada", "/it/office/notices/devices", form); w.Code != http.StatusSeeOther {
		t.Fatalf("connecting: %d", w.Code)
	}
	text, attrs := h.page("ada", "/it/office/notices/preferences", http.StatusOK)
	says(t, text, "Firefox, Linux", "Scollega Firefox, Linux")
	remove := link(t, attrs[1:], "/it/office/notices/devices/0")
	if w := h.ask("bob", remove, url.Values{}); w.Code != http.StatusNotFound {
		t.Errorf("bob disconnected it: %d", w.Code)
	}
	if w := h.ask("ada", remove, url.Values{}); w.Code != http.StatusSeeOther {
		t.Errorf("disconnecting: %d", w.Code)
	}
	form.Set("endpoint", "http://localhost/")
	if w := h.ask("ada", "/it/office/notices/devices", form); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("no push service: %d", w.Code)
	}
	if w := h.ask("", "/push-worker.js", nil); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "notificationclick") {
		t.Errorf("the worker: %d", w.Code)
	}
}

// deliver runs jobs until holds.
func (h *house) deliver(mailer send.Mailer, holds func() bool) {
	h.t.Helper()
	r := jobs.New(h.db, jobs.Config{Log: slog.New(slog.DiscardHandler), Poll: 20 * time.Millisecond, Backoff: func(int) time.Duration { return 0 }})
	h.notice.Work(r, notice.Carriers{Mailer: mailer, Network: func(context.Context) string { return "Prova" }, PublicURL: "https://rete.example"})
	jobs.Handle(r, 0, func(context.Context, jobs.Task, broken) error { return jobs.Never(h.refuse) })
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- r.Run(ctx) }()
	defer func() {
		cancel()
		if err := <-done; err != nil {
			h.t.Error(err)
		}
	}()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if holds() {
			return
		}
	}
	h.t.Fatal("it never came about")
}

type broken struct{}

func (broken) Kind() string { return "test.broken" }

type post struct{ err error }

func (p post) Mail(context.Context, send.Mail) error { return p.err }

func (h *house) state(s notice.State, n int) func() bool {
	return func() bool {
		page, err := h.notice.Fates(h.t.Context(), actors["admin"], notice.Filter{})
		return err == nil && page.Count[s] == n
	}
}

func TestWhatBecameOfMessages(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.tell(notice.Message{
		Key: "i/1", To: notice.Outside("grace@example.org", "ar"), Template: "identity.invitation", Member: "m1",
		Args: map[string]string{"name": "Grace", "body": "Comune"}, Link: "/invitation/secret",
	})
	h.tell(glass("ada"))
	h.deliver(post{&send.Failure{Why: send.Address, Code: "550 5.1.1", Final: true}}, h.state(notice.Failed, 2))
	text, _ := h.page("admin", "/it/office/messages", http.StatusOK)
	says(t, text, "Non arrivato", "L'indirizzo non esiste (550 5.1.1)", "Persona senza account", "Nome di ada", "Invito a lavorare con …", "Posta elettronica")
	for _, secret := range []string{"grace", "Grace", "secret", "Carla"} {
		if strings.Contains(text, secret) {
			t.Errorf("the list shows %q", secret)
		}
	}
	if text, _ := h.page("body", "/it/office/messages", http.StatusOK); strings.Contains(text, "Nome di ada") || !strings.Contains(text, "Persona senza account") {
		t.Error("a body sees messages that did not go out in its name")
	}
	h.page("ada", "/it/office/messages", http.StatusNotFound)
	_, attrs := h.page("admin", "/it/office/messages?state=failed", http.StatusOK)
	one := link(t, attrs, "/it/office/messages/0")
	text, _ = h.page("admin", one, http.StatusOK)
	says(t, text, "Che cosa fare", "Invia di nuovo", "Lascia perdere")
	h.page("ada", one, http.StatusNotFound)
	if text, _ := h.page("admin", "/it/office/messages?state=sent", http.StatusOK); !strings.Contains(text, "Nessun messaggio") {
		t.Error("the filter passes what was not sent")
	}
	var ids []string
	page, err := h.notice.Fates(t.Context(), actors["admin"], notice.Filter{State: notice.Failed})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range page.List {
		ids = append(ids, d.ID)
	}
	if w := h.ask("ada", "/it/office/messages", url.Values{"id": ids}); w.Code != http.StatusNotFound {
		t.Errorf("an editor: %d", w.Code)
	}
	w := h.ask("admin", "/it/office/messages", url.Values{"id": ids, "do": {"again"}, "back": {"https://elsewhere.example/"}})
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/it/office/messages" {
		t.Errorf("sending again: %d %s", w.Code, w.Header().Get("Location"))
	}
	h.deliver(post{}, h.state(notice.Sent, 2))
	if w := h.ask("admin", "/it/office/messages", url.Values{"id": ids, "do": {"give-up"}}); w.Code != http.StatusConflict {
		t.Errorf("giving up what was sent: %d", w.Code)
	}
	if w := h.ask("admin", "/it/office/messages/try", url.Values{}); w.Code != http.StatusSeeOther {
		t.Errorf("trying: %d", w.Code)
	}
	text, _ = h.page("admin", "/it/office/notices", http.StatusOK)
	says(t, text, "Prova dei messaggi")
	for range 4 {
		h.ask("admin", "/it/office/messages/try", url.Values{})
	}
	if w := h.ask("admin", "/it/office/messages/try", url.Values{}); w.Code != http.StatusTooManyRequests {
		t.Errorf("a sixth time within an hour: %d", w.Code)
	}
}

func TestWork(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.refuse = context.DeadlineExceeded
	for range 2 {
		if err := h.db.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return jobs.Enqueue(ctx, tx, broken{}) }); err != nil {
			t.Fatal(err)
		}
	}
	text, _ := h.page("admin", "/it/office/work", http.StatusOK)
	says(t, text, "test.broken", "Pronto", "Nessun lavoro fallito")
	h.deliver(nil, func() bool {
		dead, err := jobs.Dead(t.Context(), h.db, 10)
		return err == nil && len(dead) == 2
	})
	text, attrs := h.page("admin", "/en/office/work", http.StatusOK)
	says(t, text, "context deadline exceeded", "Try again", "Give up")
	again := link(t, attrs, "/en/office/work/")
	for _, actor := range []string{"ada", "body"} {
		h.page(actor, "/en/office/work", http.StatusNotFound)
		if w := h.ask(actor, again, url.Values{}); w.Code != http.StatusNotFound {
			t.Errorf("%s tried again: %d", actor, w.Code)
		}
	}
	words, err := lang.Open(ui.Locales(), notice.Locales(), noticeweb.Locales())
	if err != nil {
		t.Fatal(err)
	}
	waiting, err := noticeweb.Room{Notice: h.notice}.Waiting(web.WithWords(t.Context(), words.Words("it")), actors["admin"])
	if err != nil || len(waiting) != 1 || waiting[0].Count != 2 {
		t.Errorf("waiting: %+v %v", waiting, err)
	}
	for _, path := range []string{again, strings.Replace(again, "/again", "/give-up", 1), "/en/office/work/x/again", "/en/office/work/9999/again"} {
		want := http.StatusSeeOther
		if strings.Contains(path, "/x/") || strings.Contains(path, "9999") {
			want = http.StatusNotFound
		}
		if w := h.ask("admin", path, url.Values{}); w.Code != want {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}
