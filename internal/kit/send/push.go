// SPDX-License-Identifier: EUPL-1.2

package send

import (
	"context"
	"crypto/ecdh"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/SherClockHolmes/webpush-go"

	"approdo/internal/kit/fault"
)

// PushKeys are what push services know us by (RFC 8292). Whoever holds the private one can write to
// all browsers that have subscribed; without it all must subscribe anew.
type PushKeys struct {
	Private string `json:"private"`
	Public  string `json:"public"`
}

// OpenPushKeys reads the keys from a file, and makes them the first time. Nodes that serve one
// database share the file.
func OpenPushKeys(file string) (PushKeys, error) {
	data, err := os.ReadFile(file) // #nosec G304 -- the operator chooses the file
	if errors.Is(err, fs.ErrNotExist) {
		return makePushKeys(file)
	}
	if err != nil {
		return PushKeys{}, fmt.Errorf("send: the keys for push: %w", err)
	}
	var k PushKeys
	if err := json.Unmarshal(data, &k); err != nil {
		return PushKeys{}, fmt.Errorf("send: the keys for push in %s: %w", file, err)
	}
	return k, k.check()
}

// check says whether the two keys belong together.
func (k PushKeys) check() error {
	secret, err := base64.RawURLEncoding.DecodeString(k.Private)
	if err != nil {
		return fmt.Errorf("send: the keys for push: %w", err)
	}
	private, err := ecdh.P256().NewPrivateKey(secret)
	if err != nil {
		return fmt.Errorf("send: the keys for push: %w", err)
	}
	if base64.RawURLEncoding.EncodeToString(private.PublicKey().Bytes()) != k.Public {
		return errors.New("send: the keys for push do not belong together")
	}
	return nil
}

func makePushKeys(file string) (PushKeys, error) {
	private, public, err := webpush.GenerateVAPIDKeys()
	if err != nil {
		return PushKeys{}, fmt.Errorf("send: the keys for push: %w", err)
	}
	k := PushKeys{Private: private, Public: public}
	data, err := json.Marshal(k)
	if err != nil {
		return PushKeys{}, fmt.Errorf("send: the keys for push: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return PushKeys{}, fmt.Errorf("send: the keys for push: %w", err)
	}
	// Two programs that start at once must not each keep their own.
	out, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) // #nosec G304 -- as above
	if errors.Is(err, fs.ErrExist) {
		return OpenPushKeys(file)
	}
	if err != nil {
		return PushKeys{}, fmt.Errorf("send: the keys for push: %w", err)
	}
	_, err = out.Write(append(data, '\n'))
	return k, errors.Join(err, out.Close())
}

// Subscription is a browser that shows messages, as PushSubscription.toJSON gives it.
type Subscription struct {
	Endpoint string `json:"endpoint"`
	Keys     struct {
		P256dh string `json:"p256dh"`
		Auth   string `json:"auth"`
	} `json:"keys"`
}

// Check refuses what no browser gives. Faults: Invalid.
func (s Subscription) Check() error {
	u, err := url.Parse(s.Endpoint)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || len(s.Endpoint) > 2048 {
		return fault.Invalid("endpoint", "send.push_endpoint")
	}
	public, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(s.Keys.P256dh, "="))
	if err != nil {
		return fault.Invalid("p256dh", "send.push_endpoint").Because(err)
	}
	if _, err := ecdh.P256().NewPublicKey(public); err != nil {
		return fault.Invalid("p256dh", "send.push_endpoint").Because(err)
	}
	if secret, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(s.Keys.Auth, "=")); err != nil || len(secret) != 16 {
		return fault.Invalid("auth", "send.push_endpoint")
	}
	return nil
}

// Notification is what a browser shows.
type Notification struct {
	ID     string        // the same each time; a newer one with it takes the place of the first
	Body   []byte        // what our worker in the browser reads; below three thousand bytes
	Urgent bool          // wakes a telephone that saves its battery
	Keep   time.Duration // how long the push service keeps it for a browser that is off
}

// Pusher writes to browsers.
type Pusher struct {
	keys    PushKeys
	contact string
	client  *http.Client
}

// NewPusher makes a pusher. contact is whom a push service may turn to: an https address or one of mail.
func NewPusher(keys PushKeys, contact string, reach Reach) *Pusher {
	return &Pusher{keys: keys, contact: contact, client: guarded(reach)}
}

// PublicKey is what a browser needs in order to subscribe.
func (p *Pusher) PublicKey() string { return p.keys.Public }

// Push hands a notification to the push service of a browser. Its error is a *Failure; Gone means
// that the subscription is over.
func (p *Pusher) Push(ctx context.Context, s Subscription, n Notification) error {
	urgency := webpush.UrgencyNormal
	if n.Urgent {
		urgency = webpush.UrgencyHigh
	}
	target := webpush.Subscription{Endpoint: s.Endpoint, Keys: webpush.Keys{Auth: s.Keys.Auth, P256dh: s.Keys.P256dh}}
	answer, err := webpush.SendNotificationWithContext(ctx, n.Body, &target, &webpush.Options{
		HTTPClient: p.client, Subscriber: p.contact, Topic: strings.ReplaceAll(n.ID, "-", ""), TTL: int(n.Keep.Seconds()), Urgency: urgency,
		VAPIDPublicKey: p.keys.Public, VAPIDPrivateKey: p.keys.Private,
	})
	if errors.Is(err, webpush.ErrMaxPadExceeded) {
		return failed(TooLarge, "", true, err)
	}
	if err != nil {
		return unreached(err)
	}
	defer func() { _ = answer.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<16))
	switch {
	case answer.StatusCode >= 200 && answer.StatusCode < 300:
		return nil
	case answer.StatusCode == http.StatusNotFound, answer.StatusCode == http.StatusGone:
		return failed(Gone, strconv.Itoa(answer.StatusCode), true, nil)
	}
	return httpFailure(answer.StatusCode)
}
