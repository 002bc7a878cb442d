// SPDX-License-Identifier: EUPL-1.2

package lang

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"unicode"
)

// Catalogue holds the words of the interface: for every key a text in each
// language. It does not change after Open and is safe for concurrent use.
type Catalogue struct {
	texts map[string]map[string]entry // language, then key
}

// entry is a text, or one text for each plural category.
type entry struct {
	text  string
	forms map[string]string // nil for a plain text
}

// Office is where a file system keeps the words that only operators read: office/it.json
// and office/en.json. Every other language reads them in English.
const Office = "office"

// OfficeLanguages are the languages of operators' pages, the first one first.
var OfficeLanguages = []string{"it", "en"}

// Open reads {lang}.json from each file system, for every language of All, and
// Office/{lang}.json where there is such a folder; a file system may hold that alone. A key
// belongs to one package: meeting it in two file systems is an error, and so are
// a missing file and one that is not a flat object.
func Open(fsys ...fs.FS) (*Catalogue, error) {
	c := &Catalogue{texts: make(map[string]map[string]entry, len(All))}
	for _, code := range All {
		all := make(map[string]entry)
		for _, f := range fsys {
			for _, name := range filesFor(f, code) {
				texts, err := readTexts(f, name)
				if err != nil {
					return nil, err
				}
				for key, text := range texts {
					if _, twice := all[key]; twice {
						return nil, fmt.Errorf("lang: %s.json: the key %q stands in two catalogues", name, key)
					}
					all[key] = text
				}
			}
		}
		c.texts[code] = all
	}
	return c, nil
}

// filesFor names the files, without ending, in which a language finds its words.
func filesFor(fsys fs.FS, code string) []string {
	if _, err := fs.Stat(fsys, Office); err != nil {
		return []string{code}
	}
	office := Office + "/en"
	if code == Default {
		office = Office + "/" + Default
	}
	if !hasPublic(fsys) {
		return []string{office}
	}
	return []string{code, office}
}

// hasPublic says whether a file system has words for everybody, and not for operators alone.
func hasPublic(fsys fs.FS) bool {
	_, err := fs.Stat(fsys, Default+".json")
	return err == nil
}

// readTexts reads one file and refuses a key written twice, which encoding/json
// would pass over in silence.
func readTexts(fsys fs.FS, code string) (map[string]entry, error) {
	data, err := fs.ReadFile(fsys, code+".json")
	if err != nil {
		return nil, fmt.Errorf("lang: %w", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	if token, err := decoder.Token(); err != nil || token != json.Delim('{') {
		return nil, fmt.Errorf("lang: %s.json: want one object of keys and texts", code)
	}
	texts := make(map[string]entry)
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return nil, fmt.Errorf("lang: %s.json: %w", code, err)
		}
		key, _ := token.(string)
		var e entry
		if err := decoder.Decode(&e); err != nil {
			return nil, fmt.Errorf("lang: %s.json: %q: %w", code, key, err)
		}
		if _, twice := texts[key]; twice {
			return nil, fmt.Errorf("lang: %s.json: the key %q is written twice", code, key)
		}
		texts[key] = e
	}
	if _, err := decoder.Token(); err != nil {
		return nil, fmt.Errorf("lang: %s.json: %w", code, err)
	}
	return texts, nil
}

// UnmarshalJSON reads a string, or an object from plural category to string.
func (e *entry) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, &e.text)
	}
	return json.Unmarshal(data, &e.forms)
}

// Words gives the words of one language. An unknown code gives Italian.
func (c *Catalogue) Words(code string) Words {
	if !Known(code) {
		code = Default
	}
	return Words{Format: FormatFor(code), catalogue: c}
}

// Words are the texts of one language together with its way of writing dates and
// numbers. It is a small value: copy it freely. The zero Words speaks Italian and
// answers every key with the key.
type Words struct {
	Format
	catalogue *Catalogue
}

// In gives the words of another language from the same catalogue.
func (w Words) In(code string) Words {
	if !Known(code) {
		code = Default
	}
	return Words{Format: FormatFor(code), catalogue: w.catalogue}
}

// Has says whether the key has a text in this very language.
func (w Words) Has(key string) bool {
	_, ok := w.find(w.Lang(), key)
	return ok
}

// Text is the text of key with {name} replaced by the value that follows the
// name. What is missing in this language is said in Italian; what is missing
// there too is answered with the key, which CheckUse makes a failing test.
func (w Words) Text(key string, pairs ...any) string {
	e, from := w.lookup(key)
	text := e.text
	if e.forms != nil {
		text = e.forms["other"]
	}
	return from.fill(text, func(name string) (any, bool) { return pairValue(pairs, name) })
}

// Fill is Text with the values in a map, as fault.Message carries them.
func (w Words) Fill(key string, args map[string]any) string {
	e, from := w.lookup(key)
	text := e.text
	if e.forms != nil {
		n, _ := args["n"].(int)
		text = from.form(e, n)
	}
	return from.fill(text, func(name string) (any, bool) { value, ok := args[name]; return value, ok })
}

// Count is the text of key in the plural category of n; {n} is n written the way
// of the language.
func (w Words) Count(key string, n int, pairs ...any) string {
	e, from := w.lookup(key)
	text := e.text
	if e.forms != nil {
		text = from.form(e, n)
	}
	return from.fill(text, func(name string) (any, bool) {
		if name == "n" {
			return n, true
		}
		return pairValue(pairs, name)
	})
}

func (w Words) form(e entry, n int) string {
	if text, ok := e.forms[Plural(w.Lang(), n)]; ok {
		return text
	}
	return e.forms["other"]
}

func (w Words) find(code, key string) (entry, bool) {
	if w.catalogue == nil {
		return entry{}, false
	}
	e, ok := w.catalogue.texts[code][key]
	return e, ok
}

// lookup also says in which language the text was found, since plurals and
// numbers must follow it.
func (w Words) lookup(key string) (entry, Words) {
	if e, ok := w.find(w.Lang(), key); ok {
		return e, w
	}
	italian := w.In(Default)
	if e, ok := italian.find(Default, key); ok {
		return e, italian
	}
	return entry{text: key}, w
}

func pairValue(pairs []any, name string) (any, bool) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i] == name {
			return pairs[i+1], true
		}
	}
	return nil, false
}

// fill replaces {name}. A placeholder without value stays as it is, so that it is seen.
func (w Words) fill(text string, value func(string) (any, bool)) string {
	if !strings.Contains(text, "{") {
		return text
	}
	var b strings.Builder
	for {
		start := strings.IndexByte(text, '{')
		end := strings.IndexByte(text, '}')
		if start < 0 || end < start {
			b.WriteString(text)
			return b.String()
		}
		b.WriteString(text[:start])
		if v, ok := value(text[start+1 : end]); ok {
			b.WriteString(w.show(v))
		} else {
			b.WriteString(text[start : end+1])
		}
		text = text[end+1:]
	}
}

// show writes a value inside a sentence. A name in Latin letters inside an Arabic
// sentence is isolated (Unicode FSI … PDI), or punctuation beside it would jump.
func (w Words) show(value any) string {
	switch v := value.(type) {
	case int:
		return w.Number(v)
	case string:
		if w.Dir() == "rtl" && strings.ContainsFunc(v, isLeftToRight) {
			return "\u2068" + v + "\u2069"
		}
		return v
	}
	return fmt.Sprint(value)
}

func isLeftToRight(r rune) bool {
	return unicode.IsLetter(r) && !unicode.In(r, unicode.Arabic, unicode.Hebrew)
}
