// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"time"

	"approdo/internal/app"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/db"
)

// callTimes are the figures of the way from a call to the gateway of text messages.
type callTimes struct {
	Calls    int   `json:"calls"`
	Messages int   `json:"messages"`
	Answer   times `json:"answer"` // until the desk knows that mediators are being called
	First    times `json:"first"`  // until the first message of the first wave is at the gateway
	Wave     times `json:"wave"`   // until the last one is
}

// aSecond is how many calls come in a second: two hundred times as many as in the busiest hour of the region.
const aSecond = 4

// runCalls lets desks call mediators, and takes the time until the messages of the first wave are at a
// gateway: choice, offers, sealed reason, log, queue, message and HTTP.
func runCalls(ctx context.Context, b *bench) (any, error) {
	found := map[string]callTimes{}
	for _, engine := range []string{"postgres", "sqlite"} {
		server := ""
		if engine == "postgres" {
			server = b.server
		}
		f, err := measureCalls(ctx, b, server)
		if err != nil {
			return nil, err
		}
		fmt.Printf("%-9s %d calls, %d messages: answer p50 %.0f p95 %.0f ms; first message at the gateway p50 %.0f p95 %.0f p99 %.0f ms; whole wave p50 %.0f p95 %.0f p99 %.0f ms\n",
			engine, f.Calls, f.Messages, f.Answer.P50, f.Answer.P95, f.First.P50, f.First.P95, f.First.P99, f.Wave.P50, f.Wave.P95, f.Wave.P99)
		found[engine] = f
	}
	return found, nil
}

// telephone notes when messages with links arrive.
type telephone struct {
	mu   sync.Mutex
	came map[string]time.Time // by the hash of the secret of the link, in hex
}

var secretIn = regexp.MustCompile(`/mediation/answer/([A-Za-z0-9_-]{43})`)

func (p *telephone) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	at := time.Now()
	var m struct{ Text string }
	if err := json.NewDecoder(r.Body).Decode(&m); err != nil {
		return
	}
	link := secretIn.FindStringSubmatch(m.Text)
	if link == nil {
		return
	}
	secret, err := base64.RawURLEncoding.DecodeString(link[1])
	if err != nil {
		return
	}
	sum := sha256.Sum256(secret)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.came[hex.EncodeToString(sum[:])] = at
}

func measureCalls(ctx context.Context, b *bench, server string) (callTimes, error) {
	began := time.Now()
	w, err := openWorld(ctx, b.region(), server, func() time.Time { return june().Add(time.Since(began)) })
	if err != nil {
		return callTimes{}, err
	}
	defer w.end()
	if err := w.give(ctx); err != nil {
		return callTimes{}, err
	}
	p := &telephone{came: map[string]time.Time{}}
	gateway := httptest.NewServer(p)
	defer gateway.Close()
	stop, err := w.work(ctx, gateway.URL)
	if err != nil {
		return callTimes{}, err
	}
	asked, answers, err := w.calls(ctx, b.seconds*aSecond)
	if err != nil {
		return callTimes{}, err
	}
	time.Sleep(3 * time.Second) // what has not come by then counts as three seconds
	stop()
	if len(p.came) == 0 {
		return callTimes{}, errors.New("no message came to the gateway")
	}
	return w.arrivals(ctx, p, asked, answers)
}

// give gives every mediator a telephone.
func (w *world) give(ctx context.Context) error {
	return w.app.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		for i, m := range w.mediators {
			contact, err := json.Marshal(mediation.Contact{Phone: fmt.Sprintf("+39000%06d", i)})
			if err != nil {
				return err
			}
			sealed, err := w.app.Vault.Seal(ctx, tx, m.ID, "mediation.contact", contact)
			if err != nil {
				return err
			}
			if _, err := db.Exec(ctx, tx, `UPDATE mediation_mediator SET sealed = $2, available = $3 WHERE id = $1`, m.ID, sealed, db.Millis(w.now.Add(8*time.Hour))); err != nil {
				return err
			}
		}
		return nil
	})
}

// work does the work of a node behind the page until stop.
func (w *world) work(ctx context.Context, gateway string) (stop func(), err error) {
	file := filepath.Join(w.app.Config.Data, "gateway.json")
	text, err := json.Marshal(map[string]any{"url": gateway, "headers": map[string]string{"Content-Type": "application/json"}, "body": `{"to":"{to}","text":"{text}"}`, "allow": []string{"127.0.0.0/8"}})
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return nil, err
	}
	_, follow, err := w.app.Site(ctx, app.ServeConfig{PublicURL: "https://approdo.example", Messages: app.MessagesConfig{SMS: file}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		follow(ctx)
	}()
	return func() { cancel(); <-done }, nil
}

// calls are made at a steady pace. They give when each was made, by request.
func (w *world) calls(ctx context.Context, n int) (map[string]time.Time, []time.Duration, error) {
	var list []asked
	for _, a := range w.requests() {
		if a.Kind == mediation.OnCall && a.Mode != mediation.InPerson {
			list = append(list, a)
		}
	}
	made := map[string]time.Time{}
	var answers []time.Duration
	var failed error
	var mu sync.Mutex
	var all sync.WaitGroup
	pace := time.NewTicker(time.Second / aSecond)
	defer pace.Stop()
	for i := range n {
		<-pace.C
		all.Go(func() {
			a := list[i*len(list)/n]
			r := a.Request
			r.ID, r.Slot = "", mediation.Slot{}
			r.Private.Reason = "colloquio"
			from := time.Now()
			answer, err := w.app.Mediation.CallNow(ctx, operator(a.Member, w.now), mediation.CallRequest{Request: r, Minutes: a.Slot.Minutes()})
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				failed = fmt.Errorf("%+v: %w", r, err)
			} else if answer.Offers > 0 {
				made[answer.Request] = from
				answers = append(answers, time.Since(from))
			}
		})
	}
	all.Wait()
	return made, answers, failed
}

// arrivals holds what came against the offers of first waves.
func (w *world) arrivals(ctx context.Context, p *telephone, made map[string]time.Time, answers []time.Duration) (callTimes, error) {
	f := callTimes{Calls: len(made), Answer: timesOf(answers)}
	first, last := map[string]time.Duration{}, map[string]time.Duration{}
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := db.Walk(ctx, w.app.DB, func(s db.Scanner) error {
		var hash []byte
		var request string
		if err := s.Scan(&hash, &request); err != nil {
			return err
		}
		from, ours := made[request]
		if !ours {
			return nil
		}
		took := 3 * time.Second
		if at, came := p.came[hex.EncodeToString(hash)]; came {
			took = at.Sub(from)
		}
		f.Messages++
		if before, known := first[request]; !known || took < before {
			first[request] = took
		}
		last[request] = max(last[request], took)
		return nil
	}, `SELECT l.secret_hash, o.request FROM mediation_link l JOIN mediation_offer o ON o.id = l.object WHERE l.kind = 'offer' AND o.wave = (SELECT min(w.wave) FROM mediation_offer w WHERE w.request = o.request)`); err != nil {
		return f, err
	}
	var firsts, lasts []time.Duration
	for request, took := range first {
		firsts, lasts = append(firsts, took), append(lasts, last[request])
	}
	f.First, f.Wave = timesOf(firsts), timesOf(lasts)
	return f, nil
}
