// SPDX-License-Identifier: EUPL-1.2

package censusweb

import (
	"cmp"
	"context"
	"net/http"

	"github.com/a-h/templ"

	"approdo/internal/base/access"
	"approdo/internal/domain/directory/census"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

type originView struct {
	Facts    []ui.Definition
	Edited   bool
	Conflict templ.SafeURL // "" when nobody has to choose
}

// Origin says to editors where an entry comes from: dataset, address or file, when, by whom.
func (p *Pages) Origin(r *http.Request, service string) (templ.Component, error) {
	ctx := r.Context()
	o, err := p.Census.OriginOf(ctx, access.From(ctx), service)
	if err != nil {
		return nil, err
	}
	words := web.Words(ctx)
	v := originView{Edited: o.Edited}
	if o.Dataset != "" {
		v.Facts = append(v.Facts, ui.Definition{Term: said(r, "origin.dataset"), Text: o.Dataset})
		if from := p.originFrom(ctx, o); from != nil {
			v.Facts = append(v.Facts, ui.Definition{Term: said(r, "origin.from"), Body: from})
		}
		if !o.At.IsZero() {
			v.Facts = append(v.Facts, ui.Definition{Term: said(r, "origin.when"), Text: momentOf(words, o.At)})
		}
		who := p.name(ctx, o.Account)
		if who == "" && o.Import != "" {
			who = byWhat(r, census.Import{Via: o.Via})
		}
		if who != "" {
			v.Facts = append(v.Facts, ui.Definition{Term: said(r, "origin.who"), Text: who})
		}
	}
	if o.Conflict {
		v.Conflict = ui.Href(ctx, "/office/conflicts/"+service)
	}
	return originPanel(v), nil
}

// originFrom is the address or file, with the way to the import for those who may see it.
func (p *Pages) originFrom(ctx context.Context, o census.Origin) templ.Component {
	name, href := cmp.Or(o.Name, o.Address), ""
	if name == "" {
		return nil
	}
	if o.Readable {
		href = web.Path(ctx, "/office/import/"+o.Import)
	}
	return nameAndWay(name, href)
}
