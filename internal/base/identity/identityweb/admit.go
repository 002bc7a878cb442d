// SPDX-License-Identifier: EUPL-1.2

package identityweb

import (
	"context"
	"net/http"

	"approdo/internal/base/access"
	"approdo/internal/base/identity"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/web"
)

type sessionKey struct{}

// SessionFrom is the session in which a request runs, once Admit has let it in.
func SessionFrom(ctx context.Context) (identity.Session, bool) {
	s, ok := ctx.Value(sessionKey{}).(identity.Session)
	return s, ok
}

// Admit fits web.Options: it reads the session of a request and asks the guard whether its owner may
// do what the route is for on anything at all.
func Admit(u *identity.UseCases, guard *access.Guard) func(*http.Request, web.Rule) (context.Context, error) {
	return func(r *http.Request, rule web.Rule) (context.Context, error) {
		s, err := u.Authenticate(r.Context(), Token(r))
		if fault.Is(err, fault.KindForbidden) {
			return nil, web.Elsewhere{Path: "/login"}
		}
		if err != nil {
			return nil, err
		}
		if path := pathOf(s.Needs); path != "" {
			return nil, web.Elsewhere{Path: path}
		}
		actor := s.Actor()
		actor.Address = web.Visitor(r)
		if action := rule.Action(); action != "" && !guard.May(actor, action) {
			return nil, access.Refuse(actor, action, "")
		}
		if path := proofOf[guard.Wants(actor, rule.Action())]; path != "" {
			return nil, web.Elsewhere{Path: path}
		}
		return context.WithValue(access.With(r.Context(), actor), sessionKey{}, s), nil
	}
}

// proofOf is where what the policies want proved can be proved.
var proofOf = map[access.Proof]string{access.SecondFactor: "/login/factor", access.FreshProof: "/login/confirm"}

// pathOf is where what is lacking can be done, "" when nothing is.
func pathOf(n identity.Need) string {
	switch n {
	case identity.NeedsCode:
		return "/login/second"
	case identity.NeedsFactor:
		return "/login/factor"
	}
	return ""
}
