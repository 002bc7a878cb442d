// SPDX-License-Identifier: EUPL-1.2

package agendaweb

import (
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation/agenda"
	"approdo/internal/kit/calendar/ical"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/web"
)

// Where the server of calendars is.
const (
	davRoot      = "/caldav/"
	davPrincipal = "/caldav/principal/"
	davHome      = "/caldav/calendars/"
	davCalendar  = "/caldav/calendars/mediation/"
)

const (
	maxEntry   = 64 << 10  // bytes of an entry
	maxAsked   = 64 << 10  // bytes of a question about properties
	maxReport  = 512 << 10 // bytes of one that names entries
	maxHrefs   = 2000
	icsType    = "text/calendar; charset=utf-8"
	allowed    = "OPTIONS, GET, HEAD, PUT, DELETE, PROPFIND, PROPPATCH, REPORT"
	davClasses = "1, 3, calendar-access"
)

func itoa(n int) string { return strconv.Itoa(n) }

// caller is a program that was let in.
type caller struct {
	access.Actor
	agenda.Key
	voice agenda.Voice
}

type davHandler func(w http.ResponseWriter, r *http.Request, c caller) error

func (p *Pages) registerDAV(rs *web.Routes) {
	rs.Handle("/.well-known/caldav", "caldav-discovery", web.Public, func(w http.ResponseWriter, r *http.Request) error {
		http.Redirect(w, r, davRoot, http.StatusMovedPermanently)
		return nil
	})
	for _, place := range []struct{ path, name string }{
		{davRoot + "{$}", "caldav"}, {davPrincipal + "{$}", "caldav-principal"}, {davHome + "{$}", "caldav-home"}, {davCalendar + "{$}", "caldav-calendar"}, {davCalendar + "{name}", "caldav-entry"},
	} {
		for _, one := range []struct {
			method string
			do     davHandler
			most   int64
		}{{"OPTIONS", p.options, maxAsked}, {"PROPFIND", p.propfind, maxAsked}, {"PROPPATCH", p.proppatch, maxAsked}, {"REPORT", p.report, maxReport}} {
			rs.Handle(one.method+" "+place.path, place.name+"-"+strings.ToLower(one.method), web.AppToken, p.letIn(one.do), web.MaxBody(one.most))
		}
	}
	rs.Handle("GET "+davCalendar+"{$}", "caldav-calendar-get", web.AppToken, p.letIn(p.getCalendar))
	rs.Handle("GET "+davCalendar+"{name}", "caldav-entry-get", web.AppToken, p.letIn(p.getEntry))
	rs.Handle("PUT "+davCalendar+"{name}", "caldav-entry-put", web.AppToken, p.letIn(p.putEntry), web.MaxBody(maxEntry))
	rs.Handle("DELETE "+davCalendar+"{name}", "caldav-entry-delete", web.AppToken, p.letIn(p.deleteEntry))
}

// letIn asks for the password of a program. Wrong ones have a budget: they can't be guessed, but asking the
// database costs.
func (p *Pages) letIn(do davHandler) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("DAV", davClasses)
		_, secret, given := r.BasicAuth()
		if !given {
			return challenge(w)
		}
		actor, key, err := p.Agenda.Enter(r.Context(), secret)
		if fault.Is(err, fault.KindNotFound) {
			if err := p.wrong.Allow(w, r); err != nil {
				return writeXML(w, http.StatusTooManyRequests, opening+"<d:error"+spaces+"/>\n")
			}
			return challenge(w)
		}
		if err != nil {
			return err
		}
		actor.Address = web.Visitor(r)
		c := caller{actor, key, agenda.Voice{Language: key.Language, Origin: web.Absolute(r.Context(), "")}}
		return p.refuse(w, c, do(w, r, c))
	}
}

func challenge(w http.ResponseWriter) error {
	w.Header().Set("WWW-Authenticate", `Basic realm="Approdo", charset="UTF-8"`)
	return writeXML(w, http.StatusUnauthorized, opening+"<d:error"+spaces+"/>\n")
}

// refuse says why something was not done, as programs understand it.
func (p *Pages) refuse(w http.ResponseWriter, c caller, err error) error {
	if err == nil {
		return nil
	}
	words := ""
	if all := fault.All(err); len(all) > 0 {
		w, key := p.Agenda.Words(c.Language), all[0].Message.Key
		if !w.Has(key) {
			key = "agenda.rule" // what only desks are told otherwise, in their languages
		}
		words = w.Fill(key, all[0].Message.Args)
	}
	var no *agenda.RefusedError
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &no):
		switch no.Refusal {
		case agenda.RefusedStale:
			return wrong(w, http.StatusPreconditionFailed, "", words)
		case agenda.RefusedSame:
			return wrong(w, http.StatusConflict, caldav("no-uid-conflict", ""), words)
		case agenda.RefusedTaken:
			return wrong(w, http.StatusConflict, "", words)
		case agenda.RefusedText:
			return wrong(w, http.StatusUnsupportedMediaType, caldav("supported-calendar-data", ""), words)
		case agenda.RefusedData:
			// Not 403, which here says that something is there: what was sent can be put right (RFC 4918, 16).
			return wrong(w, http.StatusConflict, caldav("valid-calendar-object-resource", ""), words)
		case agenda.RefusedMissing:
			return wrong(w, http.StatusNotFound, "", "")
		}
		return wrong(w, http.StatusForbidden, dav("need-privileges", ""), words)
	case errors.As(err, &large):
		return wrong(w, http.StatusRequestEntityTooLarge, caldav("max-resource-size", ""), "")
	case fault.Is(err, fault.KindNotFound):
		return wrong(w, http.StatusNotFound, "", "")
	case fault.Is(err, fault.KindInvalid):
		return wrong(w, http.StatusBadRequest, "", words)
	}
	return err
}

func (p *Pages) options(w http.ResponseWriter, _ *http.Request, _ caller) error {
	w.Header().Set("Allow", allowed)
	w.WriteHeader(http.StatusOK)
	return nil
}

// proppatch names nothing: what a program wants to change is refused, one by one.
func (p *Pages) proppatch(w http.ResponseWriter, r *http.Request, _ caller) error {
	body, err := readXML(r)
	if err != nil {
		return err
	}
	var b strings.Builder
	if body != nil {
		for _, do := range body.Nodes {
			if props := do.child(davSpace, "prop"); props != nil {
				for _, one := range props.Nodes {
					b.WriteString(element(one.XMLName, ""))
				}
			}
		}
	}
	text := "<d:response>" + href(r.URL.Path) + dav("propstat", dav("prop", b.String())+dav("status", statusLine(http.StatusForbidden))) + "</d:response>"
	return writeXML(w, http.StatusMultiStatus, opening+"<d:multistatus"+spaces+">"+text+"</d:multistatus>\n")
}

func (p *Pages) getCalendar(w http.ResponseWriter, r *http.Request, c caller) error {
	list, err := p.Agenda.Items(r.Context(), c.Key, c.voice)
	if err != nil {
		return err
	}
	return serveICS(w, r, agenda.Whole(list), agenda.State(list), time.Time{})
}

func (p *Pages) getEntry(w http.ResponseWriter, r *http.Request, c caller) error {
	list, err := p.Agenda.Items(r.Context(), c.Key, c.voice)
	if err != nil {
		return err
	}
	i, ok := agenda.Find(list, r.PathValue("name"))
	if !ok {
		return access.Missing()
	}
	return serveICS(w, r, i.Text, i.Tag, i.Changed)
}

// serveICS answers with a calendar, or that it has not changed.
func serveICS(w http.ResponseWriter, r *http.Request, text, tag string, changed time.Time) error {
	h := w.Header()
	h.Set("Content-Type", icsType)
	h.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, "", changed, strings.NewReader(text))
	return nil
}

func (p *Pages) putEntry(w http.ResponseWriter, r *http.Request, c caller) error {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	created, err := p.Agenda.Put(r.Context(), c.Actor, c.Key, c.voice, r.PathValue("name"), data, condition(r))
	if err != nil {
		return err
	}
	status := http.StatusNoContent
	if created {
		status = http.StatusCreated
	}
	// No tag: what is kept is not what was sent, and the program has to read it (RFC 4791, 5.3.4).
	w.WriteHeader(status)
	return nil
}

func (p *Pages) deleteEntry(w http.ResponseWriter, r *http.Request, c caller) error {
	if err := p.Agenda.Delete(r.Context(), c.Actor, c.Key, c.voice, r.PathValue("name"), condition(r)); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// condition reads If-Match and If-None-Match.
func condition(r *http.Request) agenda.Condition {
	c := agenda.Condition{New: strings.TrimSpace(r.Header.Get("If-None-Match")) == "*"}
	if tag := strings.TrimSpace(r.Header.Get("If-Match")); tag != "" {
		if c.Tag = strings.Trim(strings.TrimPrefix(tag, "W/"), `"`); c.Tag == "" {
			c.Tag = "none"
		}
	}
	return c
}

// nameOf is the entry that an address of a report means, or its path when it means none here.
func nameOf(address string) (name string, ours bool) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return "/", false
	}
	return strings.CutPrefix(u.Path, davCalendar)
}

// propsOfItem are those of an entry.
func propsOfItem(i agenda.Item) map[xml.Name]string {
	return map[xml.Name]string{
		{Space: davSpace, Local: "resourcetype"}:               "",
		{Space: davSpace, Local: "getetag"}:                    escaped(`"` + i.Tag + `"`),
		{Space: davSpace, Local: "getcontenttype"}:             "text/calendar; charset=utf-8; component=VEVENT",
		{Space: davSpace, Local: "getcontentlength"}:           itoa(len(i.Text)),
		{Space: davSpace, Local: "getlastmodified"}:            i.Changed.UTC().Format(http.TimeFormat),
		{Space: davSpace, Local: "current-user-principal"}:     href(davPrincipal),
		{Space: davSpace, Local: "current-user-privilege-set"}: privileges,
		{Space: calSpace, Local: "calendar-data"}:              escaped(i.Text),
	}
}

var romeText = ical.New("").String()
