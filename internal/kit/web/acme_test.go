// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"encoding/pem"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
	"golang.org/x/net/dns/dnsmessage"

	"approdo/internal/kit/web"
)

// names answers every question for an address with that of this machine, over TCP.
func names(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = conn.Close() }()
				for name(conn) == nil {
				}
			}()
		}
	}()
	return listener.Addr().String()
}

// name answers one question; both are preceded by their length in two bytes.
func name(conn net.Conn) error {
	var length uint16
	if err := binary.Read(conn, binary.BigEndian, &length); err != nil {
		return err
	}
	question := make([]byte, length)
	if _, err := io.ReadFull(conn, question); err != nil {
		return err
	}
	var m dnsmessage.Message
	if err := m.Unpack(question); err != nil {
		return err
	}
	m.Response, m.Additionals = true, nil
	if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
		m.Answers = []dnsmessage.Resource{{
			Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 1},
			Body:   &dnsmessage.AResource{A: [4]byte{127, 0, 0, 1}},
		}}
	}
	answer, err := m.AppendPack(make([]byte, 2))
	if err != nil {
		return err
	}
	binary.BigEndian.PutUint16(answer, uint16(len(answer)-2)) // #nosec G115 -- a short answer
	_, err = conn.Write(answer)
	return err
}

// freeAddress is one that nobody listens at.
func freeAddress(t *testing.T) (string, int) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String(), l.Addr().(*net.TCPAddr).Port
}

// authority is a certificate authority of this machine.
type authority struct {
	directory string // its address
	root      string // file that its address is checked by
	roots     *x509.CertPool
	accounts  atomic.Int64 // how many it has made
}

func newAuthority(t *testing.T, plainPort, tlsPort int) *authority {
	t.Helper()
	quiet := log.New(io.Discard, "", 0)
	store := db.NewMemoryStore()
	issuer := ca.New(quiet, store, "", "ecdsa", 0, 1, map[string]ca.Profile{"default": {Description: "default"}})
	checker := va.New(quiet, plainPort, tlsPort, false, names(t), store)
	front := wfe.New(quiet, store, checker, issuer, []string{"authority.example"}, false, false, 1, 1)
	a := &authority{root: filepath.Join(t.TempDir(), "authority.pem"), roots: x509.NewCertPool()}
	handler := front.Handler()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		said := &counted{ResponseWriter: w}
		handler.ServeHTTP(said, r)
		// 201 is a new account, 200 one that is known by its key (RFC 8555, 7.3.1).
		if r.URL.Path == "/sign-me-up" && said.status == http.StatusCreated {
			a.accounts.Add(1)
		}
	}))
	t.Cleanup(server.Close)
	if err := os.WriteFile(a.root, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	a.roots.AddCert(issuer.GetRootCert(0).Cert)
	a.directory = server.URL + wfe.DirectoryPath
	return a
}

// counted keeps the status of an answer.
type counted struct {
	http.ResponseWriter
	status int
}

func (c *counted) WriteHeader(status int) {
	c.status = status
	c.ResponseWriter.WriteHeader(status)
}

const domain = "servizi.approdo.example"

// secured is a node with certificates of its own, and visitors who believe the authority.
type secured struct {
	web.ACME
	authority              *authority
	addr, plainAddr        string
	port, plainPort        int
	visitor                *http.Client
	secure, plain, strange string
}

func newSecured(t *testing.T) *secured {
	t.Helper()
	s := &secured{}
	s.addr, s.port = freeAddress(t)
	s.plainAddr, s.plainPort = freeAddress(t)
	s.authority = newAuthority(t, s.plainPort, s.port)
	s.ACME = web.ACME{Domains: []string{domain}, Directory: s.authority.directory, Root: s.authority.root, Folder: filepath.Join(t.TempDir(), "acme")}
	s.visitor = &http.Client{
		Timeout:       time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			ForceAttemptHTTP2: true, DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: s.authority.roots, MinVersion: tls.VersionTLS12},
			DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				_, port, _ := net.SplitHostPort(address)
				return new(net.Dialer).DialContext(ctx, network, net.JoinHostPort("127.0.0.1", port))
			},
		},
	}
	s.secure = "https://" + net.JoinHostPort(domain, strconv.Itoa(s.port)) + "/it/?a=b"
	s.plain = "http://" + net.JoinHostPort(domain, strconv.Itoa(s.plainPort)) + "/it/?a=b"
	s.strange = "http://" + net.JoinHostPort("evil.example", strconv.Itoa(s.plainPort)) + "/"
	return s
}

// start opens the certificates and serves until stop is called.
func (s *secured) start(t *testing.T) (stop func()) {
	t.Helper()
	certificates, err := s.Open()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done, ready := make(chan error, 1), make(chan struct{})
	go func() {
		done <- web.Serve(ctx, s.addr, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Proto) }), web.ServeOptions{
			Log: slog.New(slog.DiscardHandler), Ready: func(net.Addr) { close(ready) }, TLS: certificates.TLS(),
			PlainAddr: s.plainAddr, Plain: certificates.Plain(strconv.Itoa(s.port)),
		})
	}()
	<-ready
	return func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// visit gives the answer with its text.
func (s *secured) visit(t *testing.T, address string) (*http.Response, string) {
	t.Helper()
	answer, err := s.visitor.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(body)
}

// The authority waits at random before it looks, unless its environment says otherwise: so this test
// does not run beside others.
func TestCertificatesComeByThemselves(t *testing.T) {
	t.Setenv("PEBBLE_VA_NOSLEEP", "1")
	s := newSecured(t)
	stop := s.start(t)
	answer, body := s.visit(t, s.secure)
	if body != "HTTP/2.0" || answer.TLS.PeerCertificates[0].DNSNames[0] != domain {
		t.Errorf("%s for %v", body, answer.TLS.PeerCertificates[0].DNSNames)
	}
	if other, err := s.visitor.Get(strings.Replace(s.secure, domain, "other.approdo.example", 1)); err == nil {
		_ = other.Body.Close()
		t.Error("there is a certificate for a name that nobody configured")
	}
	if answer, _ = s.visit(t, s.plain); answer.StatusCode != http.StatusMovedPermanently || answer.Header.Get("Location") != s.secure {
		t.Errorf("without TLS: %d %s", answer.StatusCode, answer.Header.Get("Location"))
	}
	if answer, _ = s.visit(t, s.strange); answer.StatusCode != http.StatusBadRequest {
		t.Errorf("a redirect to a name that is not ours: %d", answer.StatusCode)
	}
	kept, err := os.ReadDir(s.Folder)
	if err != nil || len(kept) < 2 {
		t.Errorf("kept for the next start: %v, %v", kept, err)
	}
	for _, entry := range kept {
		if info, err := entry.Info(); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s can be read by others", entry.Name())
		}
	}
	stop()

	// The next start finds certificate and account.
	stop = s.start(t)
	again, _ := s.visit(t, s.secure)
	if first := s.certificate(t); !again.TLS.PeerCertificates[0].Equal(first) {
		t.Error("another certificate was asked for though the first one holds")
	}
	stop()

	// Two thirds of its time later it is renewed, while the old one is still shown to whoever comes.
	old := s.age(t)
	stop = s.start(t)
	defer stop()
	answer, _ = s.visit(t, s.secure)
	if !answer.TLS.PeerCertificates[0].Equal(old) {
		t.Error("a visitor had to wait for the new certificate, or saw none")
	}
	for end := time.Now().Add(time.Minute); answer.TLS.PeerCertificates[0].Equal(old); answer, _ = s.visit(t, s.secure) {
		if time.Now().After(end) {
			t.Fatal("the certificate is not renewed")
		}
		time.Sleep(10 * time.Millisecond)
	}
	if now := s.certificate(t); !answer.TLS.PeerCertificates[0].Equal(now) || !now.NotAfter.After(old.NotAfter) {
		t.Errorf("renewed until %s, and kept until %s", answer.TLS.PeerCertificates[0].NotAfter, now.NotAfter)
	}
	if n := s.authority.accounts.Load(); n != 1 {
		t.Errorf("%d accounts at the authority for one installation", n)
	}
}

// certificate is the one in the folder.
func (s *secured) certificate(t *testing.T) *x509.Certificate {
	t.Helper()
	_, leaf := s.kept(t)
	return leaf
}

// kept reads the key and the certificate in the folder.
func (s *secured) kept(t *testing.T) (*ecdsa.PrivateKey, *x509.Certificate) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(s.Folder, domain))
	if err != nil {
		t.Fatal(err)
	}
	first, rest := pem.Decode(text)
	second, _ := pem.Decode(rest)
	key, err := x509.ParseECPrivateKey(first.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(second.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return key, leaf
}

// age puts in its place one of the same key that has had more than two thirds of its ninety days.
func (s *secured) age(t *testing.T) *x509.Certificate {
	t.Helper()
	key, leaf := s.kept(t)
	old := *leaf
	old.NotBefore, old.NotAfter = time.Now().AddDate(0, 0, -65), time.Now().AddDate(0, 0, 25)
	der, err := x509.CreateCertificate(rand.Reader, &old, &old, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	made, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	s.authority.roots.AddCert(made)
	secret, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	text := append(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: secret}), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
	if err := os.WriteFile(filepath.Join(s.Folder, domain), text, 0o600); err != nil {
		t.Fatal(err)
	}
	return made
}

func TestACMERefuses(t *testing.T) {
	t.Parallel()
	notPEM := filepath.Join(t.TempDir(), "x.pem")
	if err := os.WriteFile(notPEM, bytes.Repeat([]byte("x"), 9), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, a := range map[string]web.ACME{
		"no domain": {Folder: t.TempDir()}, "no such root": {Domains: []string{"a.example"}, Folder: t.TempDir(), Root: "/nowhere.pem"},
		"a root that is none": {Domains: []string{"a.example"}, Folder: t.TempDir(), Root: notPEM},
	} {
		if _, err := a.Open(); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
