// SPDX-License-Identifier: EUPL-1.2

package notice_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/notice"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/jobs"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/send"
	"approdo/internal/kit/vault"
)

// house is a network with one account, ada, and a mail server that does as it is told.
type house struct {
	*notice.UseCases
	t      *testing.T
	db     *db.DB
	post   *post
	people map[string]notice.Person

	mu  sync.Mutex
	now time.Time
}

// noon in Rome, in summer.
var noon = time.Date(2026, 7, 1, 10, 0, 0, 0, time.UTC)

var (
	ada   = access.Actor{Account: "ada", Member: "m1", Roles: []access.Role{access.DirectoryEditor}}
	admin = access.Actor{Account: "admin", Member: "m1", Roles: []access.Role{access.NetworkAdministrator}, Strong: true}
	body  = access.Actor{Account: "body", Member: "m1", Roles: []access.Role{access.BodyAdministrator}, Strong: true}
)

func open(t *testing.T, d *db.DB) *house {
	t.Helper()
	h := &house{t: t, db: d, now: noon, post: &post{}, people: map[string]notice.Person{
		"ada":   {Name: "Ada", Mail: "ada@example.org", Phone: "+390001", Language: "ar"},
		"admin": {Name: "Admin", Mail: "admin@example.org", Language: "it"},
		"quiet": {Name: "Nobody"},
	}}
	folder, err := vault.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	v, err := vault.New(t.Context(), d, folder, h.clock)
	if err != nil {
		t.Fatal(err)
	}
	guard, err := access.New(h.clock, notice.Policy())
	if err != nil {
		t.Fatal(err)
	}
	words, err := lang.Open(notice.Locales())
	if err != nil {
		t.Fatal(err)
	}
	h.UseCases, err = notice.New(notice.Config{
		DB: d, Clock: h.clock, Vault: v, Guard: guard, Words: words,
		Templates: []notice.Template{
			{Name: "identity.invitation", Channels: []notice.Channel{notice.Mail}, Must: true, Everybody: true},
			{Name: "directory.verify_ask", Channels: []notice.Channel{notice.Mail, notice.Push}, Everybody: true},
			{Name: "access.glass", Channels: notice.Channels},
			notice.Test,
		},
		People: func(_ context.Context, _ db.Querier, account string) (notice.Person, error) {
			p, ok := h.people[account]
			if !ok {
				return p, fault.NotFound("error.not_found")
			}
			return p, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	// Who says nothing gets text messages only when it is urgent.
	if err := h.Prefer(t.Context(), ada, notice.Preferences{Quiet: notice.Usual, Choice: []notice.Preference{{Topic: "access", Channel: notice.SMS, Wanted: true}}}); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *house) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *house) set(now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = now
}

// post takes letters and text messages over, or refuses them.
type post struct {
	mu      sync.Mutex
	letters []send.Mail
	texts   []send.Text
	refuse  error
	refused int
}

func (p *post) Mail(_ context.Context, m send.Mail) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.refuse != nil {
		p.refused++
		return p.refuse
	}
	p.letters = append(p.letters, m)
	return nil
}

func (p *post) Text(_ context.Context, t send.Text) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.texts = append(p.texts, t)
	return nil
}

func (p *post) say(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refuse = err
}

func (p *post) sent() ([]send.Mail, []send.Text) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]send.Mail(nil), p.letters...), append([]send.Text(nil), p.texts...)
}

// run delivers until the test ends.
func (h *house) run(pusher *send.Pusher) {
	h.t.Helper()
	r := jobs.New(h.db, jobs.Config{
		Log: slog.New(slog.NewTextHandler(h.t.Output(), nil)), Poll: 20 * time.Millisecond, Backoff: func(int) time.Duration { return 0 },
	})
	h.Work(r, notice.Carriers{Mailer: h.post, Texter: h.post, Pusher: pusher, Network: func(context.Context) string { return "Rete Prova" }, PublicURL: "https://rete.example"})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := r.Run(ctx); err != nil {
			h.t.Errorf("run: %v", err)
		}
	}()
	h.t.Cleanup(func() {
		cancel()
		<-done
	})
}

func (h *house) tell(m notice.Message) error {
	return h.db.InTx(h.t.Context(), func(ctx context.Context, tx *db.Tx) error { return h.Tell(ctx, tx, m) })
}

func (h *house) mustTell(m notice.Message) {
	h.t.Helper()
	if err := h.tell(m); err != nil {
		h.t.Fatal(err)
	}
}

// fates are "channel state why code attempts" of every delivery, the newest first.
func (h *house) fates() []string {
	h.t.Helper()
	page, err := h.Fates(h.t.Context(), admin, notice.Filter{})
	if err != nil {
		h.t.Fatal(err)
	}
	var list []string
	for _, f := range page.List {
		list = append(list, strings.Join(strings.Fields(fmt.Sprint(f.Channel, " ", f.State, " ", f.Why, " ", f.Code, " ", f.Attempts)), " "))
	}
	return list
}

func (h *house) eventually(what string, holds func() bool) {
	h.t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if holds() {
			return
		}
	}
	h.t.Fatalf("it never came about that %s; the fates are %v", what, h.fates())
}

var invitation = notice.Message{
	Key: "invitation/1", To: notice.Outside("grace@example.org", "ar"), Template: "identity.invitation",
	Args: map[string]string{"name": "<b>Grace</b>", "body": "Comune di Prova"}, Link: "/invitation/secret-token", Member: "m1",
}

func TestAMessageIsToldOnceForEachKey(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		undone := errors.New("undone")
		err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			return errors.Join(h.Tell(ctx, tx, invitation), undone)
		})
		if !errors.Is(err, undone) || len(h.fates()) != 0 {
			t.Fatalf("told without its change: %v %v", err, h.fates())
		}
		for range 3 {
			h.mustTell(invitation)
		}
		h.run(nil)
		h.eventually("it is sent", func() bool { return strings.Join(h.fates(), ";") == "mail sent 1" })
		letters, _ := h.post.sent()
		if len(letters) != 1 {
			t.Fatalf("%d letters", len(letters))
		}
		m := letters[0]
		if m.To != "grace@example.org" || m.Language != "ar" || !strings.Contains(m.Subject, "Comune di Prova") || m.ID == "" {
			t.Errorf("letter: %+v", m)
		}
		for _, part := range []string{`dir="rtl"`, `lang="ar"`, "&lt;b&gt;Grace&lt;/b&gt;", "https://rete.example/ar/invitation/secret-token", "text-align:right", "قبول الدعوة"} {
			if !strings.Contains(m.HTML, part) {
				t.Errorf("the page lacks %q", part)
			}
		}
		for _, part := range []string{"<b>Grace</b>", "قبول الدعوة:\nhttps://rete.example/ar/invitation/secret-token\n", "Rete Prova"} {
			if !strings.Contains(m.Text, part) {
				t.Errorf("the text lacks %q: %s", part, m.Text)
			}
		}
		if strings.Contains(m.HTML, "http://") || strings.Count(m.HTML, "https://") != 3 {
			t.Error("the page fetches or leads elsewhere")
		}
		kept := everything(t, d)
		for _, secret := range []string{"grace@", "Grace", "secret-token"} {
			if strings.Contains(kept, secret) {
				t.Errorf("%q stands in clear in the database", secret)
			}
		}
	})
}

// everything is what the tables of messages and jobs hold, as text.
func everything(t *testing.T, d *db.DB) string {
	t.Helper()
	var b strings.Builder
	for _, text := range []string{
		`SELECT id || key || template || account || language || coalesce(CAST(sealed AS TEXT), '') FROM notice_message`,
		`SELECT why || code || state FROM notice_delivery`,
		`SELECT CAST(args AS TEXT) || CAST(metadata AS TEXT) || coalesce(CAST(errors AS TEXT), '') FROM river_job`,
		`SELECT action || record || changes FROM audit_event`,
	} {
		rows, err := db.Rows(t.Context(), d, db.Column[[]byte], text)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			b.Write(row)
		}
	}
	return b.String()
}

func TestWhatIsNoMessage(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		for name, change := range map[string]func(*notice.Message){
			"no template":         func(m *notice.Message) { m.Template = "x.y" },
			"no key":              func(m *notice.Message) { m.Key = "" },
			"nobody":              func(m *notice.Message) { m.To = notice.Recipient{} },
			"account and address": func(m *notice.Message) { m.To.Account = "ada" },
		} {
			m := invitation
			change(&m)
			if err := h.tell(m); err == nil {
				t.Errorf("%s: taken", name)
			}
		}
	})
}

func TestFailuresAreTriedAgainAndSettledByPeople(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.post.say(&send.Failure{Why: send.Busy, Code: "451 4.7.1"})
		h.mustTell(invitation)
		h.run(nil)
		h.eventually("nobody tries any more", func() bool { return h.fates()[0] == "mail failed busy 451 4.7.1 12" })
		if dead, err := jobs.Dead(t.Context(), d, 10); err != nil || len(dead) != 0 {
			t.Errorf("a message is no dead job: %v %v", dead, err)
		}
		id := func() string {
			page, err := h.Fates(t.Context(), admin, notice.Filter{})
			if err != nil {
				t.Fatal(err)
			}
			return page.List[0].ID
		}()
		stranger := access.Actor{Account: "x", Member: "m2", Roles: []access.Role{access.BodyAdministrator}, Strong: true}
		for name, a := range map[string]access.Actor{"a stranger": {}, "an editor": ada, "another body": stranger} {
			if err := h.SendAgain(t.Context(), a, id); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("%s sent it again: %v", name, err)
			}
			if err := h.GiveUp(t.Context(), a, id); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("%s gave it up: %v", name, err)
			}
		}
		h.post.say(&send.Failure{Why: send.Address, Code: "550", Final: true})
		if err := h.SendAgain(t.Context(), body, id); err != nil {
			t.Fatal(err)
		}
		h.eventually("it is refused for good", func() bool { return h.fates()[0] == "mail failed address 550 13" })
		if err := h.GiveUp(t.Context(), admin, id); err != nil {
			t.Fatal(err)
		}
		if got := h.fates()[0]; !strings.HasPrefix(got, "mail given_up") {
			t.Errorf("fate: %s", got)
		}
		if err := h.GiveUp(t.Context(), admin, id); !fault.Is(err, fault.KindConflict) {
			t.Errorf("given up twice: %v", err)
		}
		h.post.say(nil)
		if err := h.SendAgain(t.Context(), admin, id); err != nil {
			t.Fatal(err)
		}
		h.eventually("it is sent", func() bool { return strings.HasPrefix(h.fates()[0], "mail sent") })
		actions, err := db.Rows(t.Context(), d, db.Column[string], `SELECT action FROM audit_event WHERE record = $1 ORDER BY at, id`, id)
		if err != nil || strings.Join(actions, " ") != "notice.message.resend notice.message.give-up notice.message.resend" {
			t.Errorf("recorded: %v %v", actions, err)
		}
		if kept := everything(t, d); strings.Contains(kept, "grace") {
			t.Error("an address stands in clear")
		}
	})
}

func TestFatesAreSeenByThoseWhomTheyConcern(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.mustTell(invitation)
		other := invitation
		other.Key, other.Member = "invitation/2", "m2"
		h.mustTell(other)
		for name, c := range map[string]struct {
			actor access.Actor
			want  int
		}{"the network": {admin, 2}, "the body": {body, 1}} {
			page, err := h.Fates(t.Context(), c.actor, notice.Filter{})
			if err != nil || len(page.List) != c.want || page.Count[notice.Waiting] != c.want {
				t.Errorf("%s: %d of %v, %v", name, len(page.List), page.Count, err)
			}
		}
		weak := admin
		weak.Strong = false
		for name, a := range map[string]access.Actor{"an editor": ada, "without a second factor": weak, "a stranger": {}} {
			if _, err := h.Fates(t.Context(), a, notice.Filter{}); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("%s: %v", name, err)
			}
			if _, err := h.DeadWork(t.Context(), a); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("work for %s: %v", name, err)
			}
		}
		for name, c := range map[string]struct {
			filter notice.Filter
			want   int
		}{
			"state":    {notice.Filter{State: notice.Sent}, 0},
			"channel":  {notice.Filter{Channel: notice.Mail}, 2},
			"template": {notice.Filter{Template: "access.glass"}, 0},
		} {
			if page, err := h.Fates(t.Context(), admin, c.filter); err != nil || len(page.List) != c.want {
				t.Errorf("%s: %d, %v", name, len(page.List), err)
			}
		}
	})
}
