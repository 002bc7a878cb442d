// SPDX-License-Identifier: EUPL-1.2

package agendaweb

import (
	"bytes"
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"approdo/internal/kit/fault"
)

// Names of XML.
const (
	davSpace    = "DAV:"
	calSpace    = "urn:ietf:params:xml:ns:caldav"
	serverSpace = "http://calendarserver.org/ns/"
	appleSpace  = "http://apple.com/ns/ical/"
)

// prefixes are how names are written in answers.
var prefixes = map[string]string{davSpace: "d", calSpace: "c", serverSpace: "s", appleSpace: "a"}

const opening = `<?xml version="1.0" encoding="utf-8"?>` + "\n"

const spaces = ` xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:s="http://calendarserver.org/ns/" xmlns:a="http://apple.com/ns/ical/"`

// node is one element of what a program asks.
type node struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Nodes   []node     `xml:",any"`
	Text    string     `xml:",chardata"`
}

// child is the first child of a name, nil when there is none; nil has no children.
func (n *node) child(space, local string) *node {
	if n == nil {
		return nil
	}
	i := slices.IndexFunc(n.Nodes, func(c node) bool { return c.XMLName.Space == space && c.XMLName.Local == local })
	if i < 0 {
		return nil
	}
	return &n.Nodes[i]
}

func (n *node) attr(name string) string {
	for _, a := range n.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// readXML reads the body of a request; nil for an empty one. Entities other than those of XML itself are an
// error, so nothing is expanded and nothing fetched.
func readXML(r *http.Request) (*node, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, nil
	}
	var n node
	if err := xml.Unmarshal(body, &n); err != nil {
		return nil, fault.Invalid("", "agenda.xml").Because(err)
	}
	if asked, length := n.size(); asked > maxProps || length > maxNames {
		return nil, fault.Invalid("", "agenda.asked")
	}
	return &n, nil
}

// Every name that is asked for stands in the answer once for every entry, with its namespace: without bounds a
// few kilobytes of question make megabytes of answer. Programs ask for some thirty properties.
const (
	maxProps = 100
	maxNames = 8 << 10 // bytes of all their names
	maxName  = 200     // bytes of one name, and of one namespace
)

// size is how many properties are asked for below a node, and how long their names are.
func (n *node) size() (asked, length int) {
	for i := range n.Nodes {
		one := &n.Nodes[i]
		a, l := one.size()
		if n.XMLName.Space == davSpace && n.XMLName.Local == "prop" {
			a, l = a+1, l+len(one.XMLName.Space)+len(one.XMLName.Local)
		}
		if asked, length = asked+a, length+l; len(one.XMLName.Space) > maxName || len(one.XMLName.Local) > maxName {
			length += maxNames + 1
		}
	}
	return asked, length
}

func escaped(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		return "" // writing into memory does not fail
	}
	return b.String()
}

// element writes an element with what is inside as it is.
func element(name xml.Name, inside string) string {
	tag := prefixes[name.Space] + ":" + name.Local
	open := tag
	if prefixes[name.Space] == "" {
		tag, open = "x:"+name.Local, "x:"+name.Local+` xmlns:x="`+escaped(name.Space)+`"`
		if name.Space == "" {
			tag, open = name.Local, name.Local
		}
	}
	if inside == "" {
		return "<" + open + "/>"
	}
	return "<" + open + ">" + inside + "</" + tag + ">"
}

func dav(local, inside string) string {
	return element(xml.Name{Space: davSpace, Local: local}, inside)
}
func caldav(local, inside string) string {
	return element(xml.Name{Space: calSpace, Local: local}, inside)
}

func href(path string) string {
	return dav("href", escaped((&url.URL{Path: path}).EscapedPath()))
}

// response is what is said of one resource.
type response struct {
	path   string
	status int                 // of the resource as a whole; 0 when properties are told
	props  map[xml.Name]string // those that it has, with what is in them
	asked  []xml.Name          // nil for all that it has
	names  bool                // only the names are asked
}

// hidden are properties that are only told when they are asked for by name.
var hidden = []xml.Name{{Space: calSpace, Local: "calendar-data"}, {Space: calSpace, Local: "calendar-timezone"}}

func (a response) write(b *strings.Builder) {
	b.WriteString("<d:response>" + href(a.path))
	if a.status != 0 {
		b.WriteString(dav("status", statusLine(a.status)) + "</d:response>\n")
		return
	}
	var found, missing strings.Builder
	asked := a.asked
	if asked == nil {
		for name := range a.props {
			if !slices.Contains(hidden, name) {
				asked = append(asked, name)
			}
		}
		slices.SortFunc(asked, func(x, y xml.Name) int { return strings.Compare(x.Space+x.Local, y.Space+y.Local) })
	}
	for _, name := range asked {
		switch inside, has := a.props[name]; {
		case !has:
			missing.WriteString(element(name, ""))
		case a.names:
			found.WriteString(element(name, ""))
		default:
			found.WriteString(element(name, inside))
		}
	}
	if found.Len() > 0 || missing.Len() == 0 {
		b.WriteString(dav("propstat", dav("prop", found.String())+dav("status", statusLine(http.StatusOK))))
	}
	if missing.Len() > 0 {
		b.WriteString(dav("propstat", dav("prop", missing.String())+dav("status", statusLine(http.StatusNotFound))))
	}
	b.WriteString("</d:response>\n")
}

func statusLine(code int) string {
	return "HTTP/1.1 " + strings.TrimSpace(strings.Join([]string{itoa(code), http.StatusText(code)}, " "))
}

// multistatus answers about several resources; more is written after them.
func multistatus(w http.ResponseWriter, list []response, more string) error {
	var b strings.Builder
	b.WriteString(opening + "<d:multistatus" + spaces + ">\n")
	for _, one := range list {
		one.write(&b)
	}
	b.WriteString(more + "</d:multistatus>\n")
	return writeXML(w, http.StatusMultiStatus, b.String())
}

func writeXML(w http.ResponseWriter, status int, text string) error {
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text) // #nosec G705 -- XML for programs, its texts escaped; the program has gone: nothing to be done
	return nil
}

// wrong answers with the precondition that did not hold, and why in words.
func wrong(w http.ResponseWriter, status int, condition, words string) error {
	if words != "" {
		words = dav("responsedescription", escaped(words))
	}
	return writeXML(w, status, opening+"<d:error"+spaces+">"+condition+words+"</d:error>\n")
}
