// SPDX-License-Identifier: EUPL-1.2

package send

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"approdo/internal/kit/fault"
)

// Text is one text message to one telephone.
type Text struct {
	ID   string // the same each time
	To   string // with country code: +39…
	Text string
	At   time.Time
}

// Texter takes text messages over.
type Texter interface {
	Text(ctx context.Context, t Text) error
}

// GatewayConfig describes how a gateway for text messages wants to be called. URL, headers and body
// may hold {to}, {text} and {id}, and {number}, which is {to} without the plus.
type GatewayConfig struct {
	URL     string            `json:"url"`
	Method  string            `json:"method"` // default POST
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
	Success []int             `json:"success"` // default: 200, 201, 202, 204
	Allow   []netip.Prefix    `json:"allow"`   // addresses inside the house that may be called
}

// Gateway is a gateway for text messages that is called over HTTP.
type Gateway struct {
	config  GatewayConfig
	content string
	client  *http.Client
}

// ReadGateway reads a GatewayConfig from a JSON file, which may hold a password. Faults: Invalid.
func ReadGateway(file string) (*Gateway, error) {
	data, err := os.ReadFile(file) // #nosec G304 -- the operator chooses the file
	if err != nil {
		return nil, fault.Invalid("sms", "send.sms_file").Because(err)
	}
	var c GatewayConfig
	decoder := json.NewDecoder(strings.NewReader(string(data)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&c); err != nil {
		return nil, fault.Invalid("sms", "send.sms_file").Because(err)
	}
	return NewGateway(c)
}

// NewGateway makes a gateway. Faults: Invalid.
func NewGateway(c GatewayConfig) (*Gateway, error) {
	if c.Method == "" {
		c.Method = http.MethodPost
	}
	if len(c.Success) == 0 {
		c.Success = []int{200, 201, 202, 204}
	}
	u, err := url.Parse(strings.NewReplacer("{to}", "0", "{number}", "0", "{text}", "0", "{id}", "0").Replace(c.URL))
	inside := len(c.Allow) > 0
	if err != nil || u.Host == "" || u.Scheme != "https" && !(inside && u.Scheme == "http") {
		return nil, fault.Invalid("sms", "send.sms_url")
	}
	if strings.Contains(u.Host, "{") || !strings.Contains(c.URL+c.Body, "{text}") ||
		!strings.Contains(c.URL+c.Body, "{to}") && !strings.Contains(c.URL+c.Body, "{number}") {
		return nil, fault.Invalid("sms", "send.sms_template")
	}
	g := &Gateway{config: c, client: guarded(Reach{Allowed: c.Allow})}
	for name, value := range c.Headers {
		if http.CanonicalHeaderKey(name) == "Content-Type" {
			g.content, _, _ = mime.ParseMediaType(value)
		}
	}
	return g, nil
}

// Text calls the gateway. Its error is a *Failure.
func (g *Gateway) Text(ctx context.Context, t Text) error {
	r, err := http.NewRequestWithContext(ctx, g.config.Method, fill(g.config.URL, t, url.QueryEscape), strings.NewReader(fill(g.config.Body, t, g.escape())))
	if err != nil {
		return failed(Refused, "", true, err)
	}
	for name, value := range g.config.Headers {
		r.Header.Set(name, fill(value, t, oneLine))
	}
	r.Header.Set("User-Agent", "Approdo")
	answer, err := g.client.Do(r)
	if err != nil {
		return unreached(err)
	}
	defer func() { _ = answer.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<16)) // so that the connection can be used again
	if slices.Contains(g.config.Success, answer.StatusCode) {
		return nil
	}
	return httpFailure(answer.StatusCode)
}

// escape is how a value is written inside the body.
func (g *Gateway) escape() func(string) string {
	switch {
	case strings.HasSuffix(g.content, "json"):
		return func(s string) string {
			quoted, err := json.Marshal(s)
			if err != nil {
				return ""
			}
			return string(quoted[1 : len(quoted)-1])
		}
	case strings.HasSuffix(g.content, "xml"):
		return func(s string) string {
			var b strings.Builder
			_ = xml.EscapeText(&b, []byte(s)) // writing into memory
			return b.String()
		}
	case strings.HasPrefix(g.content, "text/"):
		return func(s string) string { return s }
	}
	return url.QueryEscape // forms, and whoever does not say
}

func fill(template string, t Text, escape func(string) string) string {
	return strings.NewReplacer("{to}", escape(t.To), "{number}", escape(strings.TrimPrefix(t.To, "+")),
		"{text}", escape(t.Text), "{id}", escape(t.ID)).Replace(template)
}

// httpFailure is what a status says about trying again.
func httpFailure(status int) *Failure {
	code, cause := strconv.Itoa(status), fmt.Errorf("HTTP %d", status)
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusPaymentRequired:
		return failed(Login, code, false, cause) // an operator mends it
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return failed(Busy, code, false, cause)
	case http.StatusRequestEntityTooLarge:
		return failed(TooLarge, code, true, cause)
	}
	if status >= 500 {
		return failed(Busy, code, false, cause)
	}
	return failed(Refused, code, true, cause)
}
