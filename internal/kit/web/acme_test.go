// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"bytes"
	"context"
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

// authority starts a certificate authority of this machine. It gives its address, the file that its
// address is checked by, and the roots of its certificates.
func authority(t *testing.T, plainPort, tlsPort int) (directory, root string, roots *x509.CertPool) {
	t.Helper()
	quiet := log.New(io.Discard, "", 0)
	store := db.NewMemoryStore()
	issuer := ca.New(quiet, store, "", "ecdsa", 0, 1, map[string]ca.Profile{"default": {Description: "default"}})
	checker := va.New(quiet, plainPort, tlsPort, false, names(t), store)
	front := wfe.New(quiet, store, checker, issuer, []string{"authority.example"}, false, false, 1, 1)
	server := httptest.NewTLSServer(front.Handler())
	t.Cleanup(server.Close)
	root = filepath.Join(t.TempDir(), "authority.pem")
	if err := os.WriteFile(root, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	roots = x509.NewCertPool()
	roots.AddCert(issuer.GetRootCert(0).Cert)
	return server.URL + wfe.DirectoryPath, root, roots
}

// The authority waits at random before it looks, unless its environment says otherwise: so this test
// does not run beside others.
func TestCertificatesComeByThemselves(t *testing.T) {
	t.Setenv("PEBBLE_VA_NOSLEEP", "1")
	siteAddr, sitePort := freeAddress(t)
	plainAddr, plainPort := freeAddress(t)
	directory, root, roots := authority(t, plainPort, sitePort)
	const domain = "servizi.approdo.example"
	a := web.ACME{Domains: []string{domain}, Directory: directory, Root: root, Folder: filepath.Join(t.TempDir(), "acme")}
	certificates, err := a.Open()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	ready := make(chan struct{})
	go func() {
		done <- web.Serve(ctx, siteAddr, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Proto) }), web.ServeOptions{
			Log: slog.New(slog.DiscardHandler), Ready: func(net.Addr) { close(ready) }, TLS: certificates.TLS(),
			PlainAddr: plainAddr, Plain: certificates.Plain(strconv.Itoa(sitePort)),
		})
	}()
	<-ready
	client := &http.Client{
		Timeout:       time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
			DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				_, port, _ := net.SplitHostPort(address)
				return new(net.Dialer).DialContext(ctx, network, net.JoinHostPort("127.0.0.1", port))
			},
		},
	}
	secure := "https://" + net.JoinHostPort(domain, strconv.Itoa(sitePort)) + "/it/?a=b"
	answer, err := client.Get(secure)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	if string(body) != "HTTP/2.0" || answer.TLS.PeerCertificates[0].DNSNames[0] != domain {
		t.Errorf("%s for %v", body, answer.TLS.PeerCertificates[0].DNSNames)
	}
	if other, err := client.Get(strings.Replace(secure, domain, "other.approdo.example", 1)); err == nil {
		_ = other.Body.Close()
		t.Error("there is a certificate for a name that nobody configured")
	}
	answer, err = client.Get("http://" + net.JoinHostPort(domain, strconv.Itoa(plainPort)) + "/it/?a=b")
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusMovedPermanently || answer.Header.Get("Location") != secure {
		t.Errorf("without TLS: %d %s", answer.StatusCode, answer.Header.Get("Location"))
	}
	answer, err = client.Get("http://" + net.JoinHostPort("evil.example", strconv.Itoa(plainPort)) + "/")
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusBadRequest {
		t.Errorf("a redirect to a name that is not ours: %d", answer.StatusCode)
	}
	kept, err := os.ReadDir(a.Folder)
	if err != nil || len(kept) < 2 {
		t.Errorf("kept for the next start: %v, %v", kept, err)
	}
	for _, entry := range kept {
		if info, err := entry.Info(); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s can be read by others", entry.Name())
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
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
