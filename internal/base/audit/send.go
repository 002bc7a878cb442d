// SPDX-License-Identifier: EUPL-1.2

package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"approdo/internal/kit/db"
)

// HTTPSink sends checkpoints to another installation, which keeps them (POST /audit/checkpoints).
type HTTPSink struct {
	URL    string
	Client *http.Client
}

// Name implements Sink.
func (h HTTPSink) Name() string { return "address " + h.URL }

// Publish posts a checkpoint.
func (h HTTPSink) Publish(ctx context.Context, c Checkpoint) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL, bytes.NewReader([]byte(c.Note)))
	if err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	request.Header.Set("Content-Type", "text/plain; charset=utf-8")
	answer, err := h.Client.Do(request)
	if err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	_, err = io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<16))
	err = errors.Join(err, answer.Body.Close())
	switch {
	case answer.StatusCode == http.StatusNotFound:
		err = errors.Join(err, errors.New("audit: 404: either the address is wrong, or they don't have our public key in their peers.txt"))
	case answer.StatusCode == http.StatusConflict:
		err = errors.Join(err, errors.New("audit: 409: they keep another checkpoint of the same length: one of the two logs was rewritten"))
	case answer.StatusCode/100 != 2:
		err = errors.Join(err, fmt.Errorf("audit: the answer is %s", answer.Status))
	}
	return err
}

// Paced is a Sink with a pace of its own, such as a mailbox that somebody reads.
type Paced interface {
	Sink
	Every() time.Duration
}

// Fate is what became of the checkpoints for one place.
type Fate struct {
	Name    string
	Size    int64 // of the last checkpoint that it took; 0 for none
	Hash    string
	Sent    time.Time // when; zero for never
	Tried   time.Time
	Problem string // of the last attempt; "" when it was taken
}

// Fates tells what became of the checkpoints for every place that was tried since a moment.
func Fates(ctx context.Context, q db.Querier, since time.Time) ([]Fate, error) {
	return db.Rows(ctx, q, func(s db.Scanner) (f Fate, err error) {
		err = s.Scan(&f.Name, &f.Size, &f.Hash, db.ScanTime(&f.Sent), db.ScanTime(&f.Tried), &f.Problem)
		return f, err
	}, `SELECT name, size, hash, sent_at, tried_at, problem FROM audit_sink WHERE tried_at >= $1 ORDER BY name`, db.Millis(since))
}

func keepFate(ctx context.Context, q db.Querier, f Fate) error {
	_, err := db.Exec(ctx, q, `INSERT INTO audit_sink (name, size, hash, sent_at, tried_at, problem) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (name) DO UPDATE SET size = excluded.size, hash = excluded.hash, sent_at = excluded.sent_at,
			tried_at = excluded.tried_at, problem = excluded.problem`,
		f.Name, f.Size, f.Hash, db.NullMillis(f.Sent), db.Millis(f.Tried), f.Problem)
	return err
}

// Publisher sends the latest checkpoint to sinks.
type Publisher struct {
	DB    *db.DB
	Keys  *Keys
	Clock func() time.Time
	Sinks []Sink
	Every time.Duration // at most so often to each that has no pace of its own
	// Mine says whether this node is the one that sends; files of its own every node writes.
	Mine func(ctx context.Context) (bool, error)

	one   sync.Mutex // the clock and the sequencer may both ask to publish
	files map[string]Fate
	said  string
}

// retryAfter is how long a place that did not take a checkpoint is left alone, when its pace is slower.
const retryAfter = time.Minute

// Run publishes until ctx ends, and once more then: what is signed is not left at home.
func (p *Publisher) Run(ctx context.Context, report func(error)) {
	ticker := time.NewTicker(min(p.Every, retryAfter))
	defer ticker.Stop()
	for {
		err := p.publish(ctx, false)
		switch {
		case err == nil:
			p.said = ""
		case ctx.Err() == nil && err.Error() != p.said: // said once, not every minute; doctor knows it too
			p.said = err.Error()
			report(err)
		}
		select {
		case <-ctx.Done():
			last, stop := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer stop()
			if err := p.Publish(last); err != nil {
				report(err)
			}
			return
		case <-ticker.C:
		}
	}
}

// Publish sends the latest checkpoint to every sink that does not have it; only those with a pace of
// their own keep it. A sink that fails is tried again by Run.
func (p *Publisher) Publish(ctx context.Context) error { return p.publish(ctx, true) }

func (p *Publisher) publish(ctx context.Context, now bool) error {
	p.one.Lock()
	defer p.one.Unlock()
	c, ok, err := p.Keys.Latest(ctx, p.DB)
	if err != nil || !ok {
		return err
	}
	mine, err := p.Mine(ctx)
	if err != nil {
		return err
	}
	list, err := Fates(ctx, p.DB, time.UnixMilli(0))
	if err != nil {
		return err
	}
	fates := make(map[string]Fate, len(list))
	for _, f := range list {
		fates[f.Name] = f
	}
	if p.files == nil {
		p.files = map[string]Fate{}
	}
	var failed []error
	for _, sink := range p.Sinks {
		_, isFile := sink.(FileSink)
		if !isFile && !mine {
			continue
		}
		fate := fates[sink.Name()]
		if isFile { // what another node has written to its own disk is not on ours
			fate = p.files[sink.Name()]
		}
		if !p.due(sink, fate, c, now) {
			continue
		}
		fate, err := p.send(ctx, sink, fate, c)
		failed = append(failed, err)
		p.files[sink.Name()] = fate
	}
	return errors.Join(failed...)
}

// due says whether a place lacks the checkpoint, and whether it is time to send it.
func (p *Publisher) due(sink Sink, f Fate, c Checkpoint, now bool) bool {
	if f.Problem == "" && f.Size == c.Size && f.Hash == c.Hash.String() {
		return false
	}
	pace := p.Every
	if paced, ok := sink.(Paced); ok {
		pace, now = paced.Every(), false
	}
	from := f.Sent
	if f.Problem != "" {
		from, pace = f.Tried, min(pace, retryAfter)
	}
	return now || p.Clock().Sub(from) >= pace
}

// send tries one place and keeps what became of it.
func (p *Publisher) send(ctx context.Context, sink Sink, f Fate, c Checkpoint) (Fate, error) {
	f.Name, f.Tried, f.Problem = sink.Name(), p.Clock(), ""
	err := sink.Publish(ctx, c)
	if err == nil {
		f.Size, f.Hash, f.Sent = c.Size, c.Hash.String(), f.Tried
	} else {
		err = fmt.Errorf("the checkpoint can't be sent to %s: %w", sink.Name(), err)
		f.Problem = shorten(err.Error())
	}
	return f, errors.Join(err, keepFate(ctx, p.DB, f))
}

// shorten makes one line of what another machine may have said.
func shorten(text string) string {
	text = strings.ToValidUTF8(strings.Join(strings.Fields(text), " "), "")
	if runes := []rune(text); len(runes) > 400 {
		return string(runes[:400]) + "…"
	}
	return text
}
