// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package main

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"approdo/internal/domain/mediation"
	"approdo/internal/kit/db"
)

// killing is a fleet whose nodes are killed while offers go out in waves and are answered.
type killing struct {
	*fleet
	*gateway
	t        *testing.T
	language string
	roster   []string

	mu     sync.Mutex
	called []string // requests, as desks were told
}

// newKilling puts mediators on the roster, and lets waves follow one another after wait.
func newKilling(t *testing.T, f *fleet, g *gateway, mediators int, wait time.Duration) *killing {
	t.Helper()
	k := &killing{fleet: f, gateway: g, t: t, language: "uk"}
	for n := range mediators {
		k.roster = append(k.roster, f.enlist(fmt.Sprintf("Olena %d", n), k.language, fmt.Sprintf("+39000000%04d", n)))
	}
	rules := mediation.UsualRules()
	rules.Member, rules.Fallback = f.member, nil
	rules.Waves = []mediation.Wave{{To: mediation.ToBest, Size: 2, Wait: wait}, {To: mediation.ToBest, Size: 3, Wait: wait}, {To: mediation.ToAll, Size: 6, Wait: wait}}
	// Nobody may decide on less than ten seconds; a test may.
	_, err := db.Exec(t.Context(), f.app.DB, `INSERT INTO mediation_rule (member, version, record) VALUES ($1, 1, $2)`, f.member, db.JSON(rules))
	must(t, err)
	return k
}

// call lets every desk call mediators, one after the other, as the API wants it: with a key, and with the same
// key again at another node when it hears nothing, or was not sure.
func (k *killing) call(each int) {
	var all sync.WaitGroup
	for desk := range k.desks {
		all.Go(func() {
			for n := range each {
				k.callOnce(desk, fmt.Sprintf("call-%d-%d", desk, n), n)
				time.Sleep(time.Duration(k.throw(100)) * time.Millisecond)
			}
		})
	}
	all.Wait()
}

func (k *killing) callOnce(desk int, key string, n int) {
	where := `"mode": "phone"`
	if n%3 == 0 {
		where = `"mode": "in_person", "comune": "Bagheria"`
	}
	body := fmt.Sprintf(`{"language": %q, %s, "minutes": 15, "code": "K-%d"}`, k.language, where, n)
	var first, again mediation.Called
	for _, into := range []*mediation.Called{&first, &again} {
		said := k.api(k.throw(nodes), desk, key, "/calls", body)
		if err := json.Unmarshal([]byte(said.body), into); said.status != http.StatusOK || err != nil {
			k.t.Errorf("a call: %d %s", said.status, said.body)
			return
		}
	}
	if first != again {
		k.t.Errorf("the same key: %+v, and then %+v", first, again)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.called = append(k.called, first.Request)
}

// cut kills all nodes at once, as when the power goes, does meanwhile and starts them again.
func (k *killing) cut(meanwhile func()) {
	var all sync.WaitGroup
	for _, n := range k.nodes {
		all.Go(n.kill)
	}
	all.Wait()
	meanwhile()
	for _, n := range k.nodes {
		all.Go(n.start)
	}
	all.Wait()
}

// laterAtOnce takes the time out of the queue while nobody works: what dead nodes had begun is to be done again at
// once, instead of after two minutes, and waves that are to come are due.
func (k *killing) laterAtOnce() {
	_, err := db.Exec(k.t.Context(), k.app.DB, `UPDATE river_job SET state = 'available' WHERE state IN ('running', 'retryable', 'scheduled') AND kind IN ('mediation.wave', 'notice.deliver')`)
	must(k.t, err)
}

// settle waits until nobody thinks any more and nothing is left to send; whether waves are waited for too
// that are to come later, is said by all.
func (k *killing) settle(limit time.Duration, all bool) {
	k.t.Helper()
	states := `'available', 'running', 'retryable'`
	if all {
		states += `, 'scheduled'`
	}
	left := -1
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if k.busy.Load() > 0 {
			continue
		}
		var err error
		left, err = db.Row(k.t.Context(), k.app.DB, db.Column[int], `SELECT count(*) FROM river_job WHERE kind IN ('mediation.wave', 'notice.deliver') AND state IN (`+states+`)`)
		must(k.t, err)
		if left == 0 && k.busy.Load() == 0 {
			return
		}
	}
	k.t.Fatalf("after %s there are still %d jobs, and %d mediators or nodes at work", limit, left, k.busy.Load())
}

// offer is what the database says of one, with the secret of its link.
type offer struct {
	mediation.Offer
	link string // hash of the secret, in base 64
}

// check holds what the database says against what telephones and desks have seen.
func (k *killing) check() {
	ctx := k.t.Context()
	offers, err := db.Rows(ctx, k.app.DB, func(s db.Scanner) (o offer, err error) {
		var hash []byte
		err = s.Scan(&o.ID, &o.Request, &o.Mediator, &o.Wave, db.ScanTime(&o.Sent), &o.Answer, &hash)
		o.link = base64.RawURLEncoding.EncodeToString(hash)
		return o, err
	}, `SELECT o.id, o.request, o.mediator, o.wave, o.sent, o.answer, l.secret_hash FROM mediation_offer o LEFT JOIN mediation_link l ON l.kind = 'offer' AND l.object = o.id ORDER BY o.id`)
	must(k.t, err)
	k.checkOffers(offers)
	k.checkAnswers(ctx, offers)
	k.checkClaims(k.roster)
	count := func(text string) int {
		n, err := db.Row(ctx, k.app.DB, db.Column[int], text)
		must(k.t, err)
		return n
	}
	sort := slices.Clone(k.called)
	slices.Sort(sort)
	if n := count(`SELECT count(*) FROM mediation_request WHERE kind = 'on_call'`); n != len(slices.Compact(sort)) || n != len(k.called) {
		k.t.Errorf("%d desks were answered with %d requests, and %d are there", len(k.called), len(slices.Compact(sort)), n)
	}
	more := 0
	for _, keys := range k.keys() {
		more += len(keys) - 1
	}
	waves := count(`SELECT count(*) FROM river_job WHERE kind = 'mediation.wave' AND state = 'completed'`)
	k.t.Logf("%d calls, %d offers, %d of them delivered again, %d nodes killed one by one; %d waves by the queue, %d requests have somebody",
		len(k.called), len(offers), more, k.killed(), waves, count(`SELECT count(*) FROM mediation_booking b JOIN mediation_request r ON r.id = b.request WHERE r.kind = 'on_call'`))
	k.t.Logf("after a yes the page said: %v; a message was with the gateway %s after its wave had been sent, the slowest twentieth after %s", k.said(), k.slowness(offers, 2), k.slowness(offers, 20))
	if k.killed() == 0 || waves == 0 || more == 0 {
		k.t.Error("nothing of this was tried: no node was killed, or no wave came from the queue, or nothing was delivered again")
	}
}

// slowness is after how long a share of all messages was still on the way: a half, a twentieth.
func (k *killing) slowness(offers []offer, share int) time.Duration {
	sent := map[string]time.Time{}
	for _, o := range offers {
		sent[o.link] = o.Sent
	}
	var took []time.Duration
	for secret, at := range k.firstTaken() {
		took = append(took, at.Sub(sent[hashOf(k.t, secret)]))
	}
	slices.Sort(took)
	return took[len(took)-1-len(took)/share].Round(time.Millisecond)
}

// checkOffers: each is there once, and was delivered at least once under one key of its own; and nothing was
// delivered that is not there.
func (k *killing) checkOffers(offers []offer) {
	type once struct {
		request, mediator string
		wave              int
	}
	seen, owner := map[once]bool{}, map[string]string{}
	delivered := map[string][]string{}
	for secret, keys := range k.keys() {
		delivered[hashOf(k.t, secret)] = keys
	}
	for _, o := range offers {
		if one := (once{o.Request, o.Mediator, o.Wave}); seen[one] {
			k.t.Errorf("two offers: %+v", one)
		} else {
			seen[one] = true
		}
		keys := slices.Compact(slices.Sorted(slices.Values(delivered[o.link])))
		switch {
		case len(keys) == 0:
			k.t.Errorf("offer %s of wave %d was never delivered", o.ID, o.Wave)
		case len(keys) > 1:
			k.t.Errorf("offer %s was delivered under the keys %v", o.ID, keys)
		case owner[keys[0]] != "":
			k.t.Errorf("offers %s and %s were delivered under the same key", o.ID, owner[keys[0]])
		default:
			owner[keys[0]] = o.ID
		}
		delete(delivered, o.link)
	}
	for link := range delivered {
		k.t.Errorf("a message was delivered whose offer is not there: %s", link)
	}
}

func hashOf(t *testing.T, secret string) string {
	raw, err := base64.RawURLEncoding.DecodeString(secret)
	must(t, err)
	sum := sha256.Sum256(raw)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// checkAnswers: whoever was told that they have a request has it, and nobody else.
func (k *killing) checkAnswers(ctx context.Context, offers []offer) {
	promised := map[string]bool{}
	for secret := range k.keys() {
		promised[hashOf(k.t, secret)] = k.accepted(secret)
	}
	booked, err := db.Rows(ctx, k.app.DB, func(s db.Scanner) (b [2]string, err error) {
		return b, s.Scan(&b[0], &b[1])
	}, `SELECT b.request, b.mediator FROM mediation_booking b JOIN mediation_request r ON r.id = b.request WHERE r.kind = 'on_call' AND r.state = 'booked' AND b.state = 'confirmed'`)
	must(k.t, err)
	has := map[string]string{}
	for _, b := range booked {
		if has[b[0]] != "" {
			k.t.Errorf("request %s has two mediators", b[0])
		}
		has[b[0]] = b[1]
	}
	yes := map[string]int{}
	for _, o := range offers {
		if promised[o.link] != (o.Answer == mediation.Accepted) {
			k.t.Errorf("offer %s: the mediator was told they have it: %t; it is %q", o.ID, promised[o.link], o.Answer)
		}
		if o.Answer != mediation.Accepted {
			continue
		}
		if yes[o.Request]++; yes[o.Request] > 1 || has[o.Request] != o.Mediator {
			k.t.Errorf("request %s was accepted by %s, the %d. of them, and %q is booked", o.Request, o.Mediator, yes[o.Request], has[o.Request])
		}
	}
	if len(yes) != len(has) || len(yes) == 0 {
		k.t.Errorf("%d requests were accepted, %d are booked", len(yes), len(has))
	}
}

// checkClaims: the claims of everybody are those of their bookings.
func (f *fleet) checkClaims(roster []string) {
	ctx := f.t.Context()
	for _, m := range roster {
		list, err := db.Rows(ctx, f.app.DB, func(s db.Scanner) (e mediation.Engagement, err error) {
			return e, s.Scan(&e.Booking, db.ScanTime(&e.Slot.Start), db.ScanTime(&e.Slot.End), &e.Mode, db.JSON(&e.Place))
		}, `SELECT id, start, finish, mode, place FROM mediation_booking WHERE mediator = $1 AND state = 'confirmed'`, m)
		must(f.t, err)
		want, clashes := mediation.Layout(home, list)
		if clashes != nil {
			f.t.Errorf("booked twice: %v", clashes)
		}
		claims, err := db.Rows(ctx, f.app.DB, func(s db.Scanner) (c mediation.Claim, err error) {
			return c, s.Scan(&c.Quantum, &c.Booking, &c.Travel)
		}, `SELECT five_minutes, booking, travel FROM mediation_claim WHERE mediator = $1 ORDER BY five_minutes`, m)
		must(f.t, err)
		if diff := cmp.Diff(want, claims, cmpopts.EquateEmpty()); diff != "" {
			f.t.Errorf("claims are not those of the bookings: %s", diff)
		}
	}
}
