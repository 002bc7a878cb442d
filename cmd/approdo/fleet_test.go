// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"approdo/internal/app"
	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/base/identity"
	"approdo/internal/base/network"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/geo"
)

// fleet is one installation that several processes of the program serve: nodes on one PostgreSQL with folders
// of their own, or on one SQLite file. The test holds the same installation open, and does none of its work.
type fleet struct {
	t      *testing.T
	app    *app.App
	member string // the body
	desks  []string
	nodes  []*node
	client *http.Client
}

// node is one process, which can be killed and started again.
type node struct {
	fleet *fleet
	args  []string // beside the command
	where []string

	mu      sync.Mutex
	process *exec.Cmd
	address string // "" while nobody is there
	said    *console
	ended   bool // the test is over
}

const nodes = 3

// newFleet founds an installation with some desks that are logged in; url is "" for SQLite. Flags are those of
// serve for each node, by its number.
func newFleet(t *testing.T, url string, desks int, flags func(n int) []string) *fleet {
	t.Helper()
	folder := t.TempDir()
	data := func(name string) string {
		if url == "" {
			name = "data" // one file for all
		}
		return filepath.Join(folder, name)
	}
	keys := filepath.Join(folder, "keys")
	a, err := app.Open(t.Context(), app.Config{Data: data("test"), Database: url, Keys: keys})
	must(t, err)
	t.Cleanup(func() { must(t, a.Close()) })
	f := &fleet{t: t, app: a, client: &http.Client{
		Timeout:       time.Minute,
		Transport:     &http.Transport{MaxIdleConnsPerHost: 200},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	t.Cleanup(f.client.CloseIdleConnections)
	_, err = a.SetUpHere(t.Context(), identity.Founding{Network: "Rete di prova", Body: "Comune di Prova", Kind: "municipality", Name: "Ada Prova", Email: "ada@comune.example", Language: "it"})
	must(t, err)
	members, err := network.Members(t.Context(), a.DB, a.Network.Today())
	must(t, err)
	f.member = members[0].ID
	for n := range desks {
		f.desks = append(f.desks, f.desk(n))
	}
	for n := range nodes {
		where := []string{"--data", data(fmt.Sprint("node-", n)), "--keys", keys}
		if url != "" {
			where = append(where, "--database", url)
		}
		f.nodes = append(f.nodes, &node{fleet: f, where: where, args: flags(n)})
	}
	t.Cleanup(func() {
		for _, n := range f.nodes {
			n.end()
		}
	})
	var all sync.WaitGroup
	for _, n := range f.nodes {
		all.Go(n.start)
	}
	all.Wait()
	return f
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// desk invites somebody who works at a desk, takes the invitation with a second factor, and gives the session.
func (f *fleet) desk(n int) string {
	ctx, u := f.t.Context(), f.app.Identity
	path, err := u.Invite(ctx, app.Console, identity.Invitation{
		Member: f.member, Name: "Elio Prova", Email: fmt.Sprintf("elio.%d@comune.example", n), Language: "it", Roles: []access.Role{access.DeskOperator},
	})
	must(f.t, err)
	from := identity.Source{Address: fmt.Sprintf("203.0.113.%d", n+1)}
	ticket, err := u.Accept(ctx, from, strings.TrimPrefix(path, identity.InvitationPath), "Elio Prova", "quattro parole messe insieme", "it")
	must(f.t, err)
	phone, err := u.BeginTOTP(ctx, ticket.Token)
	must(f.t, err)
	code, err := hotp.GenerateCodeCustom(phone.Secret, uint64(time.Now().Unix()/30), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
	must(f.t, err)
	ticket, _, err = u.FinishTOTP(ctx, from, ticket.Token, phone.Errand, code, "telefono")
	must(f.t, err)
	return ticket.Token
}

// home is where all mediators of these tests live.
var home = mediation.Place{Name: "Palermo", Comune: "082053", Point: geo.Point{Lat: 38.1157, Lon: 13.3615}}

// coordinator decides about the roster and the rules of the body.
func (f *fleet) coordinator() access.Actor {
	return access.Actor{Account: "coordinator", Member: f.member, Roles: []access.Role{access.MediationCoordinator}, Strong: true, SteppedUp: time.Now(), Via: audit.ViaCommand}
}

// enlist puts a mediator on the roster who works day and night and is reached by text message alone.
func (f *fleet) enlist(name, language, phone string) string {
	f.t.Helper()
	m := mediation.Mediator{
		Name: name, Section: mediation.MediatorSection, Standing: mediation.Listed, Languages: []mediation.Language{{Code: language, Level: "native"}},
		Modes: mediation.Modes, Home: home, Contact: mediation.Contact{Phone: phone},
	}
	for d := range 7 {
		m.Hours = append(m.Hours, mediation.Weekly{Weekday: time.Weekday(d), To: calendar.EndOfDay, Holidays: true})
	}
	m, err := f.app.Mediation.Enlist(f.t.Context(), f.coordinator(), m)
	must(f.t, err)
	return m.ID
}

// console is what a process says: its address, and the end of its log.
type console struct {
	mu   sync.Mutex
	text bytes.Buffer
	at   chan string
}

const announced = "Approdo is at "

func (c *console) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n, err := c.text.Write(p)
	if _, rest, found := strings.Cut(c.text.String(), announced); found && c.at != nil {
		if address, _, whole := strings.Cut(rest, "\n"); whole {
			c.at <- address
			c.at = nil
		}
	}
	return n, err
}

func (c *console) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.text.String()
}

// start lets a process serve, and waits until it does.
func (n *node) start() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.ended || n.process != nil {
		return
	}
	at := make(chan string, 1)
	n.said = &console{at: at}
	c := program(context.Background(), n.fleet.t, n.where, append([]string{"serve", "--addr", "127.0.0.1:0"}, n.args...)...)
	c.Stdout, c.Stderr = n.said, n.said
	if err := c.Start(); err != nil {
		n.fleet.t.Error(err)
		return
	}
	n.process = c
	select {
	case n.address = <-at:
	case <-time.After(time.Minute):
		n.fleet.t.Errorf("a node does not come: %s", n.said)
	}
}

// kill ends a process as a power cut does: SIGKILL.
func (n *node) kill() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.process == nil {
		return
	}
	if err := n.process.Process.Kill(); err != nil {
		n.fleet.t.Error(err)
	}
	_ = n.process.Wait() // it was killed
	n.process, n.address = nil, ""
}

// end kills a process for good, and shows what it said when the test has failed.
func (n *node) end() {
	n.kill()
	n.mu.Lock()
	defer n.mu.Unlock()
	n.ended = true
	if n.fleet.t.Failed() && n.said != nil {
		text := n.said.String()
		n.fleet.t.Logf("a node said: %s", text[max(0, len(text)-4000):])
	}
}

// live is the address of a node that is there: that of a number, or of the next that is.
func (f *fleet) live(number int) string {
	for {
		for i := range nodes {
			n := f.nodes[(number+i)%nodes]
			// A node that is being started holds its lock until it is there.
			if n.mu.TryLock() {
				address := n.address
				n.mu.Unlock()
				if address != "" {
					return address
				}
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// answer is what came back to a request.
type answer struct {
	status   int
	location string
	cookie   string // that was set
	body     string
}

// ask sends a request to a node, and again to the next one for as long as nothing whole comes back: what people
// and programs do when the line goes dead. Whoever asks says nothing but what a second time may say.
func (f *fleet) ask(number int, method, path, kind, body string, header ...string) answer {
	for try := 1; ; try++ {
		r, err := http.NewRequestWithContext(f.t.Context(), method, f.live(number+try-1)+path, strings.NewReader(body))
		if err != nil {
			f.t.Error(err)
			return answer{}
		}
		r.Header.Set("Content-Type", kind)
		for i := 0; i+1 < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		w, err := f.client.Do(r)
		if err == nil {
			var text []byte
			text, err = io.ReadAll(w.Body)
			_ = w.Body.Close()
			if err == nil {
				cookie, _, _ := strings.Cut(w.Header.Get("Set-Cookie"), ";")
				return answer{status: w.StatusCode, location: w.Header.Get("Location"), cookie: cookie, body: string(text)}
			}
		}
		if try == 50 {
			f.t.Errorf("%s %s: no node answers: %v", method, path, err)
			return answer{}
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// api asks the API of mediation as somebody at a desk.
func (f *fleet) api(number, desk int, key, path, body string) answer {
	return f.ask(number, http.MethodPost, "/api/mediation/v1"+path, "application/json", body, "Cookie", "approdo="+f.desks[desk%len(f.desks)], "Idempotency-Key", key, "Accept", "application/json")
}
