// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// gateway takes the text messages of a fleet, kills nodes that are about to hand one over, and is the
// telephones of all mediators: they open the link and press a button, or don't.
type gateway struct {
	t      *testing.T
	server *httptest.Server
	fleet  *fleet // once it is there

	// lost and repeated say at which messages the node that brings them is killed: before the message is taken
	// over, so that it was never there, or afterwards, so that nobody has noted that it was.
	lost, repeated func(message int) bool

	mu       sync.Mutex
	dice     *rand.Rand
	messages int
	taken    []taken
	known    map[string]bool     // secrets of links
	heard    map[string][]string // by secret: what the page said after each yes
	kills    int
	busy     atomic.Int64 // mediators who think, and nodes that come back
}

// taken is a message that was taken over: the key that the node gave it, the secret of its link, and when.
type taken struct {
	key, secret string
	at          time.Time
}

func newGateway(t *testing.T) *gateway {
	g := &gateway{t: t, dice: rand.New(rand.NewPCG(3, 4)), known: map[string]bool{}, heard: map[string][]string{}, lost: never, repeated: never}
	g.server = httptest.NewServer(g)
	t.Cleanup(g.server.Close)
	return g
}

// flags tell a node of the gateway, which knows by the address who brings a message.
func (g *gateway) flags(n int) []string {
	file := filepath.Join(g.t.TempDir(), "gateway.json")
	text, err := json.Marshal(map[string]any{
		"url": fmt.Sprintf("%s/%d", g.server.URL, n), "headers": map[string]string{"Content-Type": "application/json"},
		"body": `{"key":"{id}","to":"{to}","text":"{text}"}`, "allow": []string{"127.0.0.0/8"},
	})
	must(g.t, err)
	must(g.t, os.WriteFile(file, text, 0o600))
	return []string{"--sms", file}
}

var linkInText = regexp.MustCompile(`/mediation/answer/([A-Za-z0-9_-]{43})`)

func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var m struct{ Key, To, Text string }
	if err := json.NewDecoder(r.Body).Decode(&m); err != nil {
		return // whoever brought it was killed
	}
	number, err := strconv.Atoi(path.Base(r.URL.Path))
	found := linkInText.FindStringSubmatch(m.Text)
	if err != nil || found == nil || m.Key == "" {
		g.t.Errorf("the gateway got %s %+v", r.URL.Path, m)
		return
	}
	g.mu.Lock()
	g.messages++
	lost, repeated := g.lost(g.messages), g.repeated(g.messages)
	fresh := false
	if !lost {
		fresh = !g.known[found[1]]
		g.known[found[1]] = true
		g.taken = append(g.taken, taken{m.Key, found[1], time.Now()})
	}
	g.mu.Unlock()
	if fresh {
		g.beside(func() { g.decide(found[1]) })
	}
	if lost || repeated {
		g.strike(number)
		panic(http.ErrAbortHandler)
	}
	w.WriteHeader(http.StatusNoContent)
}

// strike kills a node and lets it come back a moment later.
func (g *gateway) strike(number int) {
	n := g.fleet.nodes[number]
	n.kill()
	g.mu.Lock()
	g.kills++
	g.mu.Unlock()
	g.beside(func() {
		time.Sleep(time.Duration(g.throw(200)) * time.Millisecond)
		n.start()
	})
}

// beside does something while others go on; busy knows of it.
func (g *gateway) beside(do func()) {
	g.busy.Add(1)
	go func() {
		defer g.busy.Add(-1)
		do()
	}()
}

func (g *gateway) throw(n int) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.dice.IntN(n)
}

// decide is what a mediator does who gets a message: three of ten say yes, one presses the button on two
// telephones at once, four say no, two do nothing.
func (g *gateway) decide(secret string) {
	time.Sleep(time.Duration(g.throw(150)) * time.Millisecond)
	switch mood := g.throw(10); {
	case mood < 3:
		g.press(secret, "yes")
	case mood < 4:
		var both sync.WaitGroup
		both.Go(func() { g.press(secret, "yes") })
		both.Go(func() { g.press(secret, "yes") })
		both.Wait()
	case mood < 8:
		g.press(secret, "no")
	}
}

// press answers by the link and reads what the page says then.
func (g *gateway) press(secret, button string) {
	number := g.throw(nodes)
	f := g.fleet
	address := "/it/mediation/answer/" + secret
	said := f.ask(number, http.MethodPost, address, "application/x-www-form-urlencoded", "do="+button)
	if said.status != http.StatusSeeOther {
		g.t.Errorf("a %s by the link: %d %s", button, said.status, said.body)
		return
	}
	page := f.ask(number+1, http.MethodGet, said.location, "", "", "Cookie", said.cookie)
	state := stateOf(page.body)
	if page.status != http.StatusOK || state == "" {
		g.t.Errorf("after a %s by the link: %d %s", button, page.status, page.body)
	}
	if button == "yes" {
		g.mu.Lock()
		g.heard[secret] = append(g.heard[secret], state)
		g.mu.Unlock()
	}
}

// states are how an offer can stand, with what the Italian page behind its link shows then.
var states = []struct{ name, shown string }{
	{"accepted", "Hai accettato"}, {"refused", "Hai detto di no"}, {"withdrawn", "Non serve più"}, {"late", "Qualcuno è stato più veloce"}, {"engaged", "Non puoi accettarla"},
}

func stateOf(page string) string {
	for _, s := range states {
		if strings.Contains(page, s.shown) {
			return s.name
		}
	}
	return ""
}

// await waits until so many messages have come; that they don't come is found out at the end.
func (g *gateway) await(messages int) {
	for range 1500 {
		g.mu.Lock()
		n := g.messages
		g.mu.Unlock()
		if n >= messages {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// calm ends the killing.
func (g *gateway) calm() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.lost, g.repeated = never, never
}

func never(int) bool { return false }

func (g *gateway) killed() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.kills
}

// keys are the keys under which the message with a link was taken over, one for each time.
func (g *gateway) keys() map[string][]string {
	g.mu.Lock()
	defer g.mu.Unlock()
	list := map[string][]string{}
	for _, one := range g.taken {
		list[one.secret] = append(list[one.secret], one.key)
	}
	return list
}

// firstTaken is when each message was there for the first time.
func (g *gateway) firstTaken() map[string]time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	list := map[string]time.Time{}
	for _, one := range g.taken {
		if _, twice := list[one.secret]; !twice {
			list[one.secret] = one.at
		}
	}
	return list
}

// said counts what mediators were shown after a yes.
func (g *gateway) said() map[string]int {
	g.mu.Lock()
	defer g.mu.Unlock()
	list := map[string]int{}
	for _, states := range g.heard {
		for _, s := range states {
			list[s]++
		}
	}
	return list
}

// accepted says whether somebody was told that they have the request.
func (g *gateway) accepted(secret string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Contains(g.heard[secret], "accepted")
}
