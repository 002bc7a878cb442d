// SPDX-License-Identifier: EUPL-1.2

package send_test

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"approdo/internal/kit/fault"
	"approdo/internal/kit/send"
)

var inside = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

var text = send.Text{ID: "018f-3", To: "+390001", Text: "Ciao \"Ada\" & <b>\nمرحبا"}

func TestAGatewayIsCalledAsItsFileSays(t *testing.T) {
	t.Parallel()
	type call struct {
		body, query, key string
	}
	for name, c := range map[string]struct {
		kind, body, query string
		want              func(*testing.T, call)
	}{
		"json": {"application/json", `{"to":"{to}","text":"{text}","ref":"{id}"}`, "", func(t *testing.T, got call) {
			var m map[string]string
			if err := json.Unmarshal([]byte(got.body), &m); err != nil || m["to"] != "+390001" || m["text"] != text.Text || m["ref"] != "018f-3" {
				t.Errorf("%v %v", m, err)
			}
		}},
		"form": {"application/x-www-form-urlencoded", "to={number}&text={text}", "", func(t *testing.T, got call) {
			r := httptest.NewRequest("POST", "/", strings.NewReader(got.body))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if r.FormValue("to") != "390001" || r.FormValue("text") != text.Text {
				t.Errorf("%s", got.body)
			}
		}},
		"address": {"text/plain", "{text}", "?to={to}", func(t *testing.T, got call) {
			if got.query != "to=%2B390001" || got.body != text.Text {
				t.Errorf("%+v", got)
			}
		}},
		"xml": {"application/xml", "<m to='{to}'>{text}</m>", "", func(t *testing.T, got call) {
			if !strings.Contains(got.body, "&amp; &lt;b&gt;") {
				t.Errorf("%s", got.body)
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got call
			server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				got = call{string(body), r.URL.RawQuery, r.Header.Get("X-Key")}
			}))
			defer server.Close()
			file := filepath.Join(t.TempDir(), "sms.json")
			config, err := json.Marshal(map[string]any{
				"url": server.URL + "/" + c.query, "headers": map[string]string{"Content-Type": c.kind, "X-Key": "k"}, "body": c.body, "allow": []string{"127.0.0.0/8"},
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, config, 0o600); err != nil {
				t.Fatal(err)
			}
			g, err := send.ReadGateway(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := g.Text(t.Context(), text); err != nil {
				t.Fatal(cause(err))
			}
			if got.key != "k" {
				t.Errorf("the key was %q", got.key)
			}
			c.want(t, got)
		})
	}
}

func TestAGatewaySaysWhyNot(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]struct {
		why   send.Why
		final bool
	}{
		http.StatusServiceUnavailable: {send.Busy, false}, http.StatusTooManyRequests: {send.Busy, false},
		http.StatusUnauthorized: {send.Login, false}, http.StatusBadRequest: {send.Refused, true},
		http.StatusFound: {send.Refused, true}, http.StatusRequestEntityTooLarge: {send.TooLarge, true},
	} {
		calls := 0
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			calls++
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, "sorry, "+text.To)
		}))
		g, err := send.NewGateway(send.GatewayConfig{URL: server.URL, Body: "{to} {text}", Allow: inside})
		if err != nil {
			t.Fatal(err)
		}
		var f *send.Failure
		if err := g.Text(t.Context(), text); !errors.As(err, &f) || f.Why != want.why || f.Final != want.final || calls != 1 {
			t.Errorf("%d: %+v after %d calls", status, f, calls)
		}
		server.Close()
	}
}

func TestNobodyIsReachedInsideTheHouse(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it was reached") }))
	defer server.Close()
	g, err := send.NewGateway(send.GatewayConfig{URL: server.URL, Body: "{to} {text}"})
	if err != nil {
		t.Fatal(err)
	}
	var f *send.Failure
	if err := g.Text(t.Context(), text); !errors.As(err, &f) || f.Why != send.Unreachable || !strings.Contains(f.Cause().Error(), "denied") && !strings.Contains(f.Cause().Error(), "prohibited") {
		t.Errorf("gateway: %v", cause(err))
	}
	keys, err := send.OpenPushKeys(filepath.Join(t.TempDir(), "push.json"))
	if err != nil {
		t.Fatal(err)
	}
	_, sub := browser(t, server.URL)
	if err := send.NewPusher(keys, "a@rete.example", send.Reach{}).Push(t.Context(), sub, send.Notification{Body: []byte("x")}); !errors.As(err, &f) || f.Why != send.Unreachable {
		t.Errorf("push: %v", cause(err))
	}
}

func TestDescriptionsOfGateways(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		config send.GatewayConfig
		key    string
	}{
		"right":            {send.GatewayConfig{URL: "https://sms.example/{id}", Body: "{to} {text}"}, ""},
		"no TLS":           {send.GatewayConfig{URL: "http://sms.example/", Body: "{to} {text}"}, "send.sms_url"},
		"no address":       {send.GatewayConfig{URL: "sms.example", Body: "{to} {text}"}, "send.sms_url"},
		"no text":          {send.GatewayConfig{URL: "https://sms.example/?to={to}"}, "send.sms_template"},
		"no recipient":     {send.GatewayConfig{URL: "https://sms.example/?text={text}"}, "send.sms_template"},
		"no TLS, in house": {send.GatewayConfig{URL: "http://10.0.0.1/?to={to}&text={text}", Allow: inside}, ""},
	} {
		_, err := send.NewGateway(c.config)
		got := ""
		if faults := fault.All(err); len(faults) == 1 {
			got = faults[0].Message.Key
		}
		if got != c.key {
			t.Errorf("%s: %v, want %s", name, err, c.key)
		}
	}
	file := filepath.Join(t.TempDir(), "sms.json")
	if err := os.WriteFile(file, []byte(`{"url": "https://sms.example", "sucess": []}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{file, file + ".gone"} {
		if _, err := send.ReadGateway(path); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// receiver is what a browser keeps for itself of a subscription.
type receiver struct {
	key    *ecdh.PrivateKey
	secret []byte
}

// browser makes the keys of one, and its subscription at a push service.
func browser(t *testing.T, service string) (receiver, send.Subscription) {
	t.Helper()
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	r := receiver{key, make([]byte, 16)}
	_, _ = rand.Read(r.secret)
	s := send.Subscription{Endpoint: service + "/push/abc"}
	s.Keys.P256dh = base64.RawURLEncoding.EncodeToString(key.PublicKey().Bytes())
	s.Keys.Auth = base64.RawURLEncoding.EncodeToString(r.secret)
	return r, s
}

// The receiver of these tests reads the message of RFC 8291, 5, as every browser does: what it can read
// they can.
func TestTheReceiverIsThatOfTheStandard(t *testing.T) {
	t.Parallel()
	bytes := func(text string) []byte {
		b, err := base64.RawURLEncoding.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	key, err := ecdh.P256().NewPrivateKey(bytes("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"))
	if err != nil {
		t.Fatal(err)
	}
	body := bytes("DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz" +
		"AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN")
	got, err := receiver{key, bytes("BTBZMqHH6r4Tts7J_aSIgg")}.read(body)
	if err != nil || got != "When I grow up, I want to be a watermelon" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestABrowserCanReadWhatIsPushed(t *testing.T) {
	t.Parallel()
	var body []byte
	var header http.Header
	status := http.StatusCreated
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ = io.ReadAll(r.Body)
		header = r.Header
		w.WriteHeader(status)
	}))
	defer service.Close()
	file := filepath.Join(t.TempDir(), "keys", "push.json")
	keys, err := send.OpenPushKeys(file)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := send.OpenPushKeys(file); err != nil || again != keys {
		t.Errorf("the keys have changed: %v", err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the keys can be read by others: %v", err)
	}
	reader, sub := browser(t, service.URL)
	pusher := send.NewPusher(keys, "https://rete.example", send.Reach{Allowed: inside})
	n := send.Notification{ID: "018f2c3a-0000-7000-8000-000000000000", Body: []byte(`{"title":"مرحبا"}`), Urgent: true, Keep: time.Hour}
	if err := pusher.Push(t.Context(), sub, n); err != nil {
		t.Fatal(cause(err))
	}
	if got, err := reader.read(body); err != nil || got != string(n.Body) {
		t.Errorf("the browser reads %q, %v", got, err)
	}
	other, _ := browser(t, service.URL)
	if got, err := (receiver{reader.key, other.secret}).read(body); err == nil {
		t.Errorf("who lacks the secret of the subscription reads %q", got)
	}
	if len(body) > 4096 {
		t.Errorf("%d bytes: a push service may refuse more than 4096 (RFC 8030, 7.2)", len(body))
	}
	if header.Get("Urgency") != "high" || header.Get("TTL") != "3600" || header.Get("Topic") != "018f2c3a000070008000000000000000" || header.Get("Content-Encoding") != "aes128gcm" {
		t.Errorf("header: %v", header)
	}
	checkSignature(t, header.Get("Authorization"), pusher.PublicKey(), service.URL)

	for code, want := range map[int]send.Why{http.StatusGone: send.Gone, http.StatusNotFound: send.Gone, http.StatusTooManyRequests: send.Busy} {
		status = code
		var f *send.Failure
		if err := pusher.Push(t.Context(), sub, n); !errors.As(err, &f) || f.Why != want || f.Final != (want == send.Gone) {
			t.Errorf("%d: %v", code, err)
		}
	}
	var f *send.Failure
	n.Body = make([]byte, 5000)
	if err := pusher.Push(t.Context(), sub, n); !errors.As(err, &f) || f.Why != send.TooLarge {
		t.Errorf("too long: %v", err)
	}
}

// read opens a message as a browser does (RFC 8188 and 8291): one record, that ends with a delimiter.
func (r receiver) read(body []byte) (string, error) {
	const header = 16 + 4 + 1 // salt, length of a record, length of the sender's key
	if len(body) < header || len(body) < header+int(body[header-1]) {
		return "", errors.New("no header")
	}
	salt, size, rest := body[:16], binary.BigEndian.Uint32(body[16:20]), body[header+int(body[header-1]):]
	if len(rest) > int(size) {
		return "", errors.New("more than one record")
	}
	sender, err := ecdh.P256().NewPublicKey(body[header : header+int(body[header-1])])
	if err != nil {
		return "", err
	}
	shared, err := r.key.ECDH(sender)
	if err != nil {
		return "", err
	}
	ikm, err := hkdf.Key(sha256.New, shared, r.secret, "WebPush: info\x00"+string(r.key.PublicKey().Bytes())+string(sender.Bytes()), 32)
	if err != nil {
		return "", err
	}
	key, err := hkdf.Key(sha256.New, ikm, salt, "Content-Encoding: aes128gcm\x00", 16)
	if err != nil {
		return "", err
	}
	nonce, err := hkdf.Key(sha256.New, ikm, salt, "Content-Encoding: nonce\x00", 12)
	if err != nil {
		return "", err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return "", err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return "", err
	}
	plain, err := gcm.Open(nil, nonce, rest, nil)
	if err != nil {
		return "", err
	}
	text, last := strings.CutSuffix(strings.TrimRight(string(plain), "\x00"), "\x02")
	if !last {
		return "", errors.New("no delimiter of the last record")
	}
	return text, nil
}

// checkSignature does what a push service does (RFC 8292).
func checkSignature(t *testing.T, header, public, audience string) {
	t.Helper()
	token, key, found := strings.Cut(strings.TrimPrefix(header, "vapid t="), ", k=")
	if !found || key != public {
		t.Fatalf("authorization: %s", header)
	}
	point, err := base64.RawURLEncoding.DecodeString(key)
	if err != nil {
		t.Fatal(err)
	}
	verify, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	if err != nil {
		t.Fatal(err)
	}
	claims := jwt.MapClaims{}
	if _, err := jwt.ParseWithClaims(token, claims, func(*jwt.Token) (any, error) { return verify, nil }, jwt.WithAudience(audience), jwt.WithValidMethods([]string{"ES256"}),
		jwt.WithExpirationRequired()); err != nil {
		t.Error(err)
	}
	if end, err := claims.GetExpirationTime(); err != nil || time.Until(end.Time) > 24*time.Hour {
		t.Errorf("it holds until %v, %v: push services refuse more than a day (RFC 8292, 2)", end, err)
	}
	if claims["sub"] != "https://rete.example" {
		t.Errorf("claims: %v", claims)
	}
}

func TestSubscriptionsThatNoBrowserGives(t *testing.T) {
	t.Parallel()
	_, good := browser(t, "https://push.example")
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*send.Subscription){
		"no TLS":           func(s *send.Subscription) { s.Endpoint = "http://push.example/x" },
		"another scheme":   func(s *send.Subscription) { s.Endpoint = "file:///etc/passwd" },
		"with a password":  func(s *send.Subscription) { s.Endpoint = "https://a:b@push.example/" },
		"too long":         func(s *send.Subscription) { s.Endpoint += strings.Repeat("x", 3000) },
		"no key":           func(s *send.Subscription) { s.Keys.P256dh = "" },
		"not on the curve": func(s *send.Subscription) { s.Keys.P256dh = base64.RawURLEncoding.EncodeToString(make([]byte, 65)) },
		"a short secret":   func(s *send.Subscription) { s.Keys.Auth = "YQ" },
	} {
		_, s := browser(t, "https://push.example")
		change(&s)
		if err := s.Check(); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
