// SPDX-License-Identifier: EUPL-1.2

package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"approdo/internal/kit/db"
)

// Sink is a place that keeps checkpoints where whoever can write to the database can't.
type Sink interface {
	Name() string // for messages: "file /media/proof/checkpoints.txt"
	Publish(ctx context.Context, c Checkpoint) error
}

// SinkFunc makes a Sink of a function, such as one that sends a mail.
func SinkFunc(name string, publish func(ctx context.Context, c Checkpoint) error) Sink {
	return sinkFunc{name, publish}
}

type sinkFunc struct {
	name    string
	publish func(ctx context.Context, c Checkpoint) error
}

func (s sinkFunc) Name() string                                    { return s.name }
func (s sinkFunc) Publish(ctx context.Context, c Checkpoint) error { return s.publish(ctx, c) }

// FileSink keeps checkpoints in a file, one after the other. Put it on another machine's disk, or
// where files can only be added to.
type FileSink struct{ Path string }

// Name implements Sink.
func (f FileSink) Name() string { return "file " + f.Path }

// Publish adds a checkpoint and returns when it is on the disk.
func (f FileSink) Publish(_ context.Context, c Checkpoint) error {
	if err := os.MkdirAll(filepath.Dir(f.Path), 0o700); err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	file, err := os.OpenFile(f.Path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	_, err = file.WriteString(c.Note + "\n")
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	return nil
}

// ReadCheckpoints reads a file of checkpoints that one of the keys has signed. A file that is not
// there holds none. One that nobody signed is an error: it may be the trace of a forgery.
func (k *Keys) ReadCheckpoints(path string) ([]Checkpoint, error) {
	text, err := os.ReadFile(path) // #nosec G304 -- whoever runs the program names it
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	var list []Checkpoint
	for i, one := range SplitNotes(string(text)) {
		c, err := k.Open(one)
		if err != nil {
			return nil, fmt.Errorf("checkpoint %d of %s: %w", i+1, path, err)
		}
		list = append(list, c)
	}
	return list, nil
}

// LastCheckpoint gives the last checkpoint of a file without reading all of it; the zero Checkpoint
// when there is none.
func (k *Keys) LastCheckpoint(path string) (Checkpoint, error) {
	file, err := os.Open(path) // #nosec G304 -- whoever runs the program names it
	if errors.Is(err, os.ErrNotExist) {
		return Checkpoint{}, nil
	}
	if err != nil {
		return Checkpoint{}, fmt.Errorf("audit: %w", err)
	}
	defer file.Close()
	const enough = 4096 // a note is some 250 bytes
	if info, err := file.Stat(); err == nil && info.Size() > enough {
		if _, err := file.Seek(-enough, io.SeekEnd); err != nil {
			return Checkpoint{}, fmt.Errorf("audit: %w", err)
		}
	}
	text, err := io.ReadAll(file)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("audit: %w", err)
	}
	notes := SplitNotes(string(text))
	if len(notes) == 0 {
		return Checkpoint{}, nil
	}
	c, err := k.Open(notes[len(notes)-1])
	if err != nil {
		return c, fmt.Errorf("the last checkpoint of %s: %w", path, err)
	}
	return c, nil
}

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
	if answer.StatusCode/100 != 2 {
		err = errors.Join(err, fmt.Errorf("audit: %s answers %s", h.URL, answer.Status))
	}
	return err
}

// Publisher sends the latest checkpoint to sinks.
type Publisher struct {
	DB    *db.DB
	Keys  *Keys
	Sinks []Sink
	Every time.Duration // at most so often to each
	// Mine says whether this node is the one that sends; files of its own every node writes.
	Mine func(ctx context.Context) (bool, error)

	one  sync.Mutex // the clock and the sequencer may both ask to publish
	sent map[string]int64
}

// Run publishes until ctx ends, and once more then: what is signed is not left at home.
func (p *Publisher) Run(ctx context.Context, report func(error)) {
	ticker := time.NewTicker(p.Every)
	defer ticker.Stop()
	for {
		if err := p.Publish(ctx); err != nil && ctx.Err() == nil {
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

// Publish sends the latest checkpoint to every sink that does not have it. A sink that fails is
// tried again the next time.
func (p *Publisher) Publish(ctx context.Context) error {
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
	if p.sent == nil {
		p.sent = map[string]int64{}
	}
	var failed []error
	for _, sink := range p.Sinks {
		if _, isFile := sink.(FileSink); !isFile && !mine || p.sent[sink.Name()] == c.Size {
			continue
		}
		if err := sink.Publish(ctx, c); err != nil {
			failed = append(failed, fmt.Errorf("the checkpoint can't be sent to %s: %w", sink.Name(), err))
			continue
		}
		p.sent[sink.Name()] = c.Size
	}
	return errors.Join(failed...)
}
