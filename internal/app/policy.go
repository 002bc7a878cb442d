// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"fmt"
	"slices"

	"approdo/internal/base/access"
	"approdo/internal/base/audit/inquiry"
	"approdo/internal/base/identity"
	"approdo/internal/base/network"
	"approdo/internal/base/notice"
	"approdo/internal/base/register"
	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/census"
	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/figure"
	"approdo/internal/domain/mediation/roster"
	"approdo/internal/domain/mediation/timesheet"
	"approdo/internal/kit/web"
)

// Policies are the files of every room that has one. A room that is not named here permits nothing.
func Policies() []access.Policy {
	return []access.Policy{
		access.Base(), inquiry.Policy(), network.Policy(), register.Policy(), directory.Policy(), census.Policy(), identity.Policy(), notice.Policy(), mediation.Policy(), roster.Policy(), timesheet.Policy(), figure.Policy(),
	}
}

// checkRules refuses a route whose rule asks for what no policy permits: it would be closed to all,
// and a misspelt action is found at start.
func (a *App) checkRules(rs *web.Routes) error {
	known := a.Guard.Actions()
	for _, route := range rs.List() {
		if action := route.Rule.Action(); action != "" && !slices.Contains(known, action) {
			return fmt.Errorf("the route %s is for those who may %q, which no policy permits", route.Name, action)
		}
	}
	return nil
}
