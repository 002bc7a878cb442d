// SPDX-License-Identifier: EUPL-1.2

package mediationweb

import (
	"net/http"
	"net/url"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/openapi"
)

const apiRoot = "/api/mediation/v1"

// APIRequest is a request as programs read it: nothing that is sealed, no code of a person.
type APIRequest struct {
	ID        string    `json:"id"`
	Kind      string    `json:"kind" enum:"on_call,scheduled,resident"`
	State     string    `json:"state" enum:"open,booked,done,unmet,cancelled"`
	Language  string    `json:"language" doc:"ISO 639 code."`
	Mode      string    `json:"mode" enum:"in_person,video,phone,written"`
	Start     time.Time `json:"start"`
	End       time.Time `json:"end"`
	Series    string    `json:"series,omitempty"`
	Mediators []string  `json:"mediators" doc:"Names of those who come."`
}

// APIRequests is a page of them.
type APIRequests struct {
	Total    int          `json:"total"`
	Requests []APIRequest `json:"requests"`
}

// APISlot is a time at which a request can be met.
type APISlot struct {
	Start    time.Time `json:"start"`
	End      time.Time `json:"end"`
	Able     int       `json:"able" doc:"How many mediators could come."`
	Mediator string    `json:"mediator" doc:"Identifier of the one who would."`
	Name     string    `json:"name"`
}

// APISlots are the times that were found.
type APISlots struct {
	Slots []APISlot `json:"slots"`
}

// APITaken is the answer when a time can't be had: problem details (RFC 9457) with the next best choices.
type APITaken struct {
	Title  string    `json:"title"`
	Status int       `json:"status"`
	Code   string    `json:"code"`
	Next   []APISlot `json:"next"`
}

var (
	paramKey  = openapi.Param{Name: "Idempotency-Key", In: "header", Required: true, Text: "A text of your own, up to 100 characters. The same key with the same request within 48 hours gives the same answer and books nothing twice; with another request it is refused."}
	paramID   = openapi.Param{Name: "id", In: "path", Text: "Identifier of the request."}
	bodyAsked = []openapi.Param{
		{Name: "language", Text: "ISO 639 code.", Required: true, Example: "ar"}, {Name: "mode", Enum: []string{"in_person", "video", "phone", "written"}, Required: true},
		{Name: "minutes", Type: "integer", Required: true}, {Name: "code", Text: "Code of the person: letters and digits, never a name.", Required: true},
		{Name: "comune", Text: "Name or ISTAT code; required in person."}, {Name: "where"}, {Name: "address"}, {Name: "link", Text: "https:// or tel: of the body's own service."},
		{Name: "gender", Enum: []string{"f", "m"}}, {Name: "skills", Many: true}, {Name: "written", Type: "boolean"}, {Name: "case", Text: "Code of a case, for continuity."},
		{Name: "seats", Type: "integer"}, {Name: "mediator", Text: "Identifiers, with commas, of those asked for by name."}, {Name: "prefer"}, {Name: "exclude", Many: true},
		{Name: "same", Type: "boolean", Text: "The same mediator as last time."}, {Name: "reason", Text: "Sealed."}, {Name: "nationality", Text: "Sealed."}, {Name: "contact"}, {Name: "present"},
	}
	refusals = []int{http.StatusBadRequest, http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity}
)

// registerAPI puts the same use cases into the route table for programs of whoever is logged in: the session is
// the proof, as on the pages, so a program acts for a person and never for a body.
func (p *Pages) registerAPI(rs *web.Routes) {
	info := openapi.Info{
		Title: "Approdo: mediation", Version: "1.0.0", License: "CC-BY-4.0", LicenseURL: "https://creativecommons.org/licenses/by/4.0/",
		Description: "Mediators for the body one acts for: the rules, the rights and the log are those of the pages. The session cookie of somebody who has logged in is the proof; requests from other sites are refused. Bodies are forms or one JSON object.",
	}
	create := rs.API("mediation-api", web.May("mediation.request.create"))
	doc := openapi.New(create, apiRoot, info)
	with := func(first openapi.Param, more ...openapi.Param) []openapi.Param {
		return append([]openapi.Param{first}, more...)
	}
	doc.Add(openapi.Operation{Method: http.MethodPost, Path: "/slots", ID: "findSlots", Summary: "Find times at which a request can be met", Answer: APISlots{}, Refusals: refusals,
		Details: "Nothing is held.", Params: with(openapi.Param{Name: "day", Format: "date", Text: "From which day on."}, bodyAsked...)}, p.apiSlots)
	doc.Add(openapi.Operation{Method: http.MethodPost, Path: "/requests", ID: "book", Summary: "Book a mediator at a time", Answer: mediation.Asked{}, Refusals: refusals,
		Details: "A series is booked whole or not at all. When the time can't be had the answer is 409 with the next best choices.",
		Params: with(paramKey, append(with(openapi.Param{Name: "start", Format: "date-time", Required: true}, openapi.Param{Name: "times", Type: "integer", Text: "How many meetings."},
			openapi.Param{Name: "every", Type: "integer", Enum: []string{"1", "7", "14"}, Text: "Days between two meetings."}, openapi.Param{Name: "wait", Type: "boolean", Text: "Wait when nobody can come."}), bodyAsked...)...)}, p.apiBook)
	doc.Add(openapi.Operation{Method: http.MethodPost, Path: "/calls", ID: "callNow", Summary: "Call a mediator now", Answer: mediation.Called{}, Refusals: refusals,
		Details: "The first wave of offers leaves with the answer.", Params: with(paramKey, bodyAsked...)}, p.apiCall)
	doc.Add(openapi.Operation{Method: http.MethodGet, Path: "/requests", ID: "listRequests", Summary: "List requests that have not ended", Answer: APIRequests{}, Refusals: []int{http.StatusBadRequest},
		Params: []openapi.Param{{Name: "state", Enum: []string{"open", "booked", "done", "unmet", "cancelled"}}, {Name: "page", Type: "integer"}}}, p.apiList)
	doc.Add(openapi.Operation{Method: http.MethodGet, Path: "/requests/{id}", ID: "readRequest", Summary: "Read a request without what is sealed", Answer: APIRequest{}, Refusals: []int{http.StatusNotFound}, Params: []openapi.Param{paramID}}, p.apiRead)
	doc.Add(openapi.Operation{Method: http.MethodPost, Path: "/requests/{id}/cancel", ID: "cancel", Summary: "Call a request off", Answer: APIRequest{}, Refusals: refusals,
		Details: "Called off already it is answered as it is: asking again changes nothing.", Params: []openapi.Param{paramID}}, p.apiCancel)
	doc.Add(openapi.Operation{Method: http.MethodPost, Path: "/requests/{id}/move", ID: "move", Summary: "Give a request another time", Answer: APIRequest{}, Refusals: refusals,
		Details: "All its mediators can come then, or nothing changes. At that time already it is answered as it is. When it is taken the answer is 409 with the next best choices.", Params: []openapi.Param{paramID, {Name: "start", Format: "date-time", Required: true}}}, p.apiMove)
	rs.API("mediation-openapi", web.SignedIn).Handle("GET "+apiRoot+"/openapi.json", doc.Serve)
}

// askedOf reads what a program asks for: the fields of the form, as a form or as JSON.
func askedOf(r *http.Request) (url.Values, error) {
	values, err := openapi.Asked(r)
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"written", "same", "wait"} { // a form sends what is ticked alone
		if values.Get(name) == "false" {
			values.Del(name)
		}
	}
	return values.Values, nil
}

// keyOf is the key with which a write can be repeated.
func keyOf(r *http.Request) (string, error) {
	key := r.Header.Get("Idempotency-Key")
	if key == "" {
		return "", fault.Invalid("Idempotency-Key", "mediation.key_missing")
	}
	return key, nil
}

func (p *Pages) apiSlots(w http.ResponseWriter, r *http.Request) error {
	typed, err := askedOf(r)
	if err != nil {
		return err
	}
	options, err := p.options(r.Context(), requestForm{typed: typed})
	if err != nil {
		return err
	}
	return web.JSON(w, r, http.StatusOK, APISlots{Slots: slotsOf(options)})
}

func slotsOf(options []mediation.Option) []APISlot {
	list := []APISlot{}
	for _, o := range options {
		m := o.Best.Candidate.Mediator
		list = append(list, APISlot{Start: o.Slot.Start.UTC(), End: o.Slot.End.UTC(), Able: o.Able, Mediator: m.ID, Name: m.Name})
	}
	return list
}

func (p *Pages) apiBook(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	typed, err := askedOf(r)
	if err != nil {
		return err
	}
	q, err := ReadAsk(typed)
	if err != nil {
		return err
	}
	if q.Key, err = keyOf(r); err != nil {
		return err
	}
	q.Wait = typed.Get("wait") != ""
	answer, _, err := p.Mediation.Ask(ctx, access.From(ctx), q)
	if !fault.Is(err, fault.KindConflict) {
		if err != nil {
			return err
		}
		return web.JSON(w, r, http.StatusOK, answer)
	}
	typed.Set("day", calendar.DayOf(q.Slots[0].Start, calendar.Rome()).String())
	options, bad := p.options(ctx, requestForm{typed: typed})
	if bad != nil {
		return bad
	}
	return sayTaken(w, r, err, options)
}

// sayTaken says that a time can't be had, with the next best choices.
func sayTaken(w http.ResponseWriter, r *http.Request, conflict error, next []mediation.Option) error {
	said := fault.All(conflict)[0].Message
	return web.JSON(w, r, http.StatusConflict, APITaken{Title: web.Words(r.Context()).Fill(said.Key, said.Args), Status: http.StatusConflict, Code: said.Key, Next: slotsOf(next)})
}

func (p *Pages) apiCall(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	typed, err := askedOf(r)
	if err != nil {
		return err
	}
	f := requestForm{typed: typed}
	request, err := f.request()
	if err != nil {
		return err
	}
	key, err := keyOf(r)
	if err != nil {
		return err
	}
	called, err := p.Mediation.CallNow(ctx, access.From(ctx), mediation.CallRequest{Request: request, Minutes: f.minutes(), Key: key})
	if err != nil {
		return err
	}
	return web.JSON(w, r, http.StatusOK, called)
}

func (p *Pages) apiList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	values, err := openapi.Asked(r)
	if err != nil {
		return err
	}
	page := requestForm{typed: values.Values}.number("page")
	list, total, err := p.Mediation.Requests(ctx, access.From(ctx), mediation.RequestQuery{State: mediation.RequestState(values.Get("state")), From: p.Clock(), Page: page, Size: 100})
	if err != nil {
		return err
	}
	answer := APIRequests{Total: total, Requests: []APIRequest{}}
	for _, one := range list {
		answer.Requests = append(answer.Requests, apiRequest(one))
	}
	return web.JSON(w, r, http.StatusOK, answer)
}

func apiRequest(r mediation.ListedRequest) APIRequest {
	return APIRequest{
		ID: r.ID, Kind: string(r.Kind), State: string(r.State), Language: r.Language, Mode: string(r.Mode), Start: r.Slot.Start.UTC(), End: r.Slot.End.UTC(),
		Series: r.Series, Mediators: append([]string{}, r.Mediators...),
	}
}

// one is a request as its list has it; access.Missing when it is not in the list.
func (p *Pages) one(r *http.Request) (mediation.ListedRequest, error) {
	ctx := r.Context()
	list, _, err := p.Mediation.Requests(ctx, access.From(ctx), mediation.RequestQuery{ID: r.PathValue("id"), Size: 1})
	if err != nil {
		return mediation.ListedRequest{}, err
	}
	if len(list) == 0 {
		return mediation.ListedRequest{}, access.Missing()
	}
	return list[0], nil
}

func (p *Pages) apiRead(w http.ResponseWriter, r *http.Request) error {
	one, err := p.one(r)
	if err != nil {
		return err
	}
	return web.JSON(w, r, http.StatusOK, apiRequest(one))
}

func (p *Pages) apiCancel(w http.ResponseWriter, r *http.Request) error {
	one, err := p.one(r)
	if err != nil {
		return err
	}
	if one.State != mediation.RequestCancelled {
		if err := p.Mediation.Cancel(r.Context(), access.From(r.Context()), one.ID); err != nil {
			return err
		}
	}
	return p.apiRead(w, r)
}

func (p *Pages) apiMove(w http.ResponseWriter, r *http.Request) error {
	one, err := p.one(r)
	if err != nil {
		return err
	}
	values, err := openapi.Asked(r)
	if err != nil {
		return err
	}
	start, err := time.Parse(time.RFC3339, values.Get("start"))
	if err != nil {
		return fault.Invalid("start", "mediation.slot.missing")
	}
	if !one.Slot.Start.Equal(start) {
		to := mediation.Slot{Start: start, End: start.Add(one.Slot.End.Sub(one.Slot.Start))}
		actor := access.From(r.Context())
		err := p.Mediation.Move(r.Context(), actor, one.ID, to)
		if fault.Is(err, fault.KindConflict) && fault.All(err)[0].Message.Key == "mediation.taken" {
			next, bad := p.Mediation.OtherTimes(r.Context(), actor, one.ID, calendar.Earliest(calendar.DayOf(start, calendar.Rome()), 0, calendar.Rome()), optionsShown)
			if bad != nil {
				return bad
			}
			return sayTaken(w, r, err, next)
		}
		if err != nil {
			return err
		}
	}
	return p.apiRead(w, r)
}
