// SPDX-License-Identifier: EUPL-1.2

package identity

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Provider is somebody who vouches for people by OpenID Connect: a gateway to SPID and CIE, the
// directory of a body. The list of them is a JSON file.
type Provider struct {
	Name         string   `json:"name"`  // in addresses: "spid"
	Label        string   `json:"label"` // on the button: "SPID o CIE"
	Issuer       string   `json:"issuer"`
	ClientID     string   `json:"client_id"`
	ClientSecret string   `json:"client_secret,omitempty"` // "" for a public client; PKCE is always used
	Scopes       []string `json:"scopes,omitempty"`        // beside openid
	// Subject is the claim that names the person for good; default "sub". A gateway may promise a better one.
	Subject string `json:"subject_claim,omitempty"`
	// Ask are the levels of trust that are asked for (acr_values).
	Ask []string `json:"acr_values,omitempty"`
	// Strong are the values of acr, and StrongMethods those of amr (RFC 8176), that count as a second
	// factor. Without them a visit is worth a password.
	Strong        []string `json:"strong_acr,omitempty"`
	StrongMethods []string `json:"strong_amr,omitempty"`
}

var providerName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,30}$`)

// ReadProviders reads the list of providers.
func ReadProviders(text []byte) ([]Provider, error) {
	var list []Provider
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, fmt.Errorf("the list of providers can't be read: %w", err)
	}
	names := map[string]bool{}
	for _, p := range list {
		u, err := url.Parse(p.Issuer)
		local := err == nil && (u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1")
		switch {
		case !providerName.MatchString(p.Name) || names[p.Name]:
			return nil, fmt.Errorf("the provider %q needs a name of its own of small letters, digits and hyphens", p.Name)
		case p.Label == "" || p.ClientID == "":
			return nil, fmt.Errorf("the provider %s needs a label and a client_id", p.Name)
		case err != nil || u.Scheme != "https" && !local:
			return nil, fmt.Errorf("the issuer of the provider %s is not an https address", p.Name)
		}
		names[p.Name] = true
	}
	return list, nil
}

// providers are the providers with what was found out about them.
type providers struct {
	list []Provider
	mu   sync.Mutex
	met  map[string]*oidc.Provider
}

// Providers are those that one can log in with, in the order of the file.
func (u *UseCases) Providers() []Provider { return u.providers.list }

var errNoProvider = errors.New("identity: there is no such provider")

// discoverHolds is how long a provider may take to say who it is.
const discoverHolds = 10 * time.Second

// meet asks a provider for its addresses and keys, the first time.
func (p *providers) meet(ctx context.Context, name string) (Provider, *oidc.Provider, error) {
	at := slices.IndexFunc(p.list, func(one Provider) bool { return one.Name == name })
	if at < 0 {
		return Provider{}, nil, errNoProvider
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if met, ok := p.met[name]; ok {
		return p.list[at], met, nil
	}
	ctx, cancel := context.WithTimeout(ctx, discoverHolds)
	defer cancel()
	met, err := oidc.NewProvider(ctx, p.list[at].Issuer)
	if err != nil {
		return Provider{}, nil, err
	}
	p.met[name] = met
	return p.list[at], met, nil
}

// BackPath is where a provider sends people back to, without language: its address there must be
// this one exactly. Every provider has its own, so that one can't answer for another (RFC 9700, 4.4).
func BackPath(name string) string { return "/login/with/" + name + "/back" }

func (p Provider) client(met *oidc.Provider, origin string) *oauth2.Config {
	scopes := []string{oidc.ScopeOpenID}
	for _, s := range p.Scopes {
		if s != oidc.ScopeOpenID {
			scopes = append(scopes, s)
		}
	}
	return &oauth2.Config{
		ClientID: p.ClientID, ClientSecret: p.ClientSecret, Endpoint: met.Endpoint(), RedirectURL: origin + BackPath(p.Name), Scopes: scopes,
	}
}

// vouched is what a provider says of somebody.
type vouched struct {
	issuer, subject string
	strong          bool
	at              time.Time // when they proved it there; zero when it did not say
}

// redeem exchanges a code for what the provider says, and believes nothing that is not signed for us,
// now, for this visit.
func (p *providers) redeem(ctx context.Context, v visit, origin, code string) (vouched, error) {
	conf, met, err := p.meet(ctx, v.Provider)
	if err != nil {
		return vouched{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, discoverHolds)
	defer cancel()
	token, err := conf.client(met, origin).Exchange(ctx, code, oauth2.VerifierOption(v.Verifier))
	if err != nil {
		return vouched{}, err
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return vouched{}, errors.New("identity: the provider gave no id_token")
	}
	id, err := met.Verifier(&oidc.Config{ClientID: conf.ClientID}).Verify(ctx, raw)
	if err != nil {
		return vouched{}, err
	}
	if id.Nonce != v.Nonce {
		return vouched{}, errors.New("identity: the id_token is of another visit")
	}
	claims := map[string]any{}
	if err := id.Claims(&claims); err != nil {
		return vouched{}, err
	}
	return conf.read(id, claims)
}

// read takes from the claims what counts.
func (p Provider) read(id *oidc.IDToken, claims map[string]any) (vouched, error) {
	if azp, ok := claims["azp"].(string); ok && azp != p.ClientID || len(id.Audience) > 1 && !ok {
		return vouched{}, errors.New("identity: the id_token is for somebody else")
	}
	v := vouched{issuer: id.Issuer, subject: id.Subject}
	if p.Subject != "" {
		v.subject, _ = claims[p.Subject].(string)
		v.subject = strings.TrimSpace(v.subject)
	}
	if v.subject == "" {
		return vouched{}, errors.New("identity: the provider does not say who it is")
	}
	acr, _ := claims["acr"].(string)
	v.strong = slices.Contains(p.Strong, acr) && acr != ""
	methods, _ := claims["amr"].([]any)
	for _, m := range methods {
		if text, ok := m.(string); ok && slices.Contains(p.StrongMethods, text) {
			v.strong = true
		}
	}
	if at, ok := claims["auth_time"].(float64); ok {
		v.at = time.Unix(int64(at), 0)
	}
	return v, nil
}
