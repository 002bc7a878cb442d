// SPDX-License-Identifier: EUPL-1.2

package network_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"approdo/data"
	"approdo/internal/base/network"
)

// found writes what was found as "c:Marsala p:TP r:19 | rest".
func found(f network.Found) string {
	var parts []string
	for _, istat := range f.Comuni {
		c, _ := network.Territories().Comune(istat)
		parts = append(parts, "c:"+c.Name)
	}
	for _, sigla := range f.Provinces {
		parts = append(parts, "p:"+sigla)
	}
	for _, code := range f.Regions {
		parts = append(parts, "r:"+code)
	}
	return strings.Join(parts, " ") + " | " + f.Rest
}

var questions = []struct{ query, want string }{
	// A name alone, at the end, at the beginning, with small words.
	{"medico Marsala", "c:Marsala | medico"},
	{"medico marsala", "c:Marsala | medico"},
	{"MEDICO MARSALA", "c:Marsala | MEDICO"},
	{"Marsala medico", "c:Marsala | medico"},
	{"medico a Marsala", "c:Marsala | medico"},
	{"medico di base vicino a Marsala", "c:Marsala | medico di base"},
	{"medico, Marsala.", "c:Marsala | medico"},
	{"Palermo", "c:Palermo | "},
	{"corso di italiano mazara del vallo", "c:Mazara del Vallo | corso di italiano"},
	{"corso di italiano a mazara", "c:Mazara del Vallo | corso di italiano"},
	{"avvocato gratis Reggio Emilia", "c:Reggio nell'Emilia | avvocato gratis"},
	{"avvocato reggio calabria", "c:Reggio di Calabria | avvocato"},
	{"dormitorio L'Aquila", "c:L'Aquila | dormitorio"},
	{"dormitorio l’aquila", "c:L'Aquila | dormitorio"},
	{"mensa canicatti", "c:Canicattì | mensa"},
	{"sportello immigrazione a Forlì", "c:Forlì | sportello immigrazione"},
	{"medico Bozen", "c:Bolzano/Bozen | medico"},
	{"centro per l'impiego lampedusa", "c:Lampedusa e Linosa | centro per l'impiego"},
	{"dentista pantelleria", "c:Pantelleria | dentista"},
	{"dentista corleone", "c:Corleone | dentista"},
	{"lavoro a Desio e Cesena", "c:Desio c:Cesena | lavoro e"},
	{"questura di Palermo permesso", "c:Palermo | permesso"},
	// Provinces and regions.
	{"medico provincia di Trapani", "p:TP | medico"},
	{"medico in provincia di Palermo", "p:PA | medico"},
	{"Trapani e provincia: corsi", "p:TP | corsi"},
	{"casa Monza e Brianza", "p:MB | casa"},
	{"lavoro forlì-cesena", "p:FC | lavoro"},
	{"corsi di italiano in Sicilia", "r:19 | corsi di italiano"},
	{"corsi nelle Marche", "r:11 | corsi"},
	{"corsi marche", "r:11 | corsi"},
	{"avvocato lombardia", "r:03 | avvocato"},
	{"posto letto Romagna", "r:08 | posto letto"},
	{"lavoro valle d'aosta", "r:02 | lavoro"},
	// Homonyms.
	{"medico Castro (BG)", "c:Castro | medico"},
	{"medico Samone", "c:Samone c:Samone | medico"},
	{"medico Samone TN", "c:Samone | medico"},
	{"medico Samone in provincia di Trento", "c:Samone p:TN | medico"},
	// Names that are words.
	{"qualità della vita", " | qualità della vita"},
	{"la mia vita", " | la mia vita"},
	{"comune di Vita anagrafe", "c:Vita | anagrafe"},
	{"medico Vita (TP)", "c:Vita | medico"},
	{"medico a Vita", "c:Vita | medico"},
	{"sale e pepe", " | sale e pepe"},
	{"casa", " | casa"},
	{"lavoro", " | lavoro"},
	{"re", " | re"},
	{"Re", " | Re"},
	{"ora di chiusura", " | ora di chiusura"},
	{"tutte le ore, nove e cento", " | tutte le ore, nove e cento"},
	{"cento euro di multa", " | cento euro di multa"},
	{"comune di Cento", "c:Cento | "},
	{"stato di fermo", " | stato di fermo"},
	{"medico a Fermo", "c:Fermo | medico"},
	{"dormitorio prato", "c:Prato | dormitorio"},
	{"dormitorio como", "c:Como | dormitorio"},
	{"como renovar el permiso de residencia", " | como renovar el permiso de residencia"},
	{"no sé como pedir la residencia y como", " | no sé como pedir la residencia y como"},
	{"america latina", " | america latina"},
	{"comment ça marche le titre de séjour", " | comment ça marche le titre de séjour"},
	{"San Marino", " | San Marino"},
	{"come posso avere il codice fiscale", " | come posso avere il codice fiscale"},
	{"mi serve una posta", " | mi serve una posta"},
	// Streets are no places.
	{"ufficio via Palermo 12", " | ufficio via Palermo 12"},
	{"mensa piazza Roma", " | mensa piazza Roma"},
	{"corso italiano Roma", "c:Roma | corso italiano"},
	// Other languages and scripts.
	{"doctor near Palermo", "c:Palermo | doctor"},
	{"médecin à Palerme", "c:Palermo | médecin"},
	{"médico en Florencia", "c:Firenze | médico"},
	{"mjek në Milano", "c:Milano | mjek"},
	{"lawyer in Sicily", "r:19 | lawyer"},
	{"طبيب في باليرمو", "c:Palermo | طبيب"},
	{"طبيب بباليرمو", "c:Palermo | طبيب"},
	{"مستشفى مارسالا", "c:Marsala | مستشفى"},
	{"محامي في ميلانو", "c:Milano | محامي"},
	{"лікар у Палермо", "c:Palermo | лікар"},
	{"лікар в Мілані", "c:Milano | лікар"},
	{"врач в Риме", "c:Roma | врач"},
	{"робота в Сицилії", "r:19 | робота"},
	{"робота в Неаполі", "c:Napoli | робота"},
	{"巴勒莫医生", "c:Palermo | 医生"},
	{"在罗马找律师", "c:Roma | 在 找律师"},
	{"罗马尼亚护照", " | 罗马尼亚护照"},
	{"阿尔巴尼亚", " | 阿尔巴尼亚"},
	{"特拉帕尼省的医生", "p:TP | 的医生"},
	{"পালেরমোতে ডাক্তার", "c:Palermo | ডাক্তার"},
	{"রোমে উকিল", "c:Roma | উকিল"},
	{"মিলান ডাক্তার", "c:Milano | ডাক্তার"},
	{"پالرمو میں ڈاکٹر", "c:Palermo | ڈاکٹر"},
	{"میلان میں وکیل", "c:Milano | وکیل"},
	{"میری باری کب ہے", " | میری باری کب ہے"},
	{"سسلی میں کام", "r:19 | کام"},
	{"", " | "},
	{"   ", " |    "},
}

func TestFindInText(t *testing.T) {
	t.Parallel()
	for _, c := range questions {
		if got := found(network.Territories().FindInText(c.query)); got != c.want {
			t.Errorf("%q: %s, want %s", c.query, got, c.want)
		}
	}
}

func TestComuniNamed(t *testing.T) {
	t.Parallel()
	all := network.Territories()
	for name, want := range map[string]int{"Palermo": 1, "PALERMO": 1, "باليرمو": 1, "巴勒莫": 1, "Samone": 2, "Livo": 2, "Atlantide": 0, "": 0} {
		if got := all.ComuniNamed(name); len(got) != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}

// TestNeedsAreNoPlaces reads every word people use for a need, in ten languages: none may be taken
// for a comune, or its question would be asked of the wrong place. Cities with consulates, and
// Lampedusa, are named on purpose.
func TestNeedsAreNoPlaces(t *testing.T) {
	t.Parallel()
	files, err := data.FS.ReadDir("needs")
	if err != nil {
		t.Fatal(err)
	}
	meant := map[string]bool{"058091": true, "015146": true, "063049": true, "082053": true, "048017": true, "084020": true, "072006": true}
	phrases := 0
	for _, file := range files {
		if !strings.HasSuffix(file.Name(), ".json") {
			continue
		}
		text, err := data.FS.ReadFile("needs/" + file.Name())
		if err != nil {
			t.Fatal(err)
		}
		var all any
		if err := json.Unmarshal(text, &all); err != nil {
			t.Fatalf("%s: %v", file.Name(), err)
		}
		walk(all, func(phrase string) {
			phrases++
			f := network.Territories().FindInText(phrase)
			if slices.ContainsFunc(f.Comuni, func(istat string) bool { return !meant[istat] }) || len(f.Provinces)+len(f.Regions) > 0 {
				t.Errorf("%s: %q: %s", file.Name(), phrase, found(f))
			}
		})
	}
	if phrases < 1000 {
		t.Errorf("only %d phrases", phrases)
	}
}

func walk(value any, visit func(string)) {
	switch v := value.(type) {
	case string:
		visit(v)
	case []any:
		for _, one := range v {
			walk(one, visit)
		}
	case map[string]any:
		for _, one := range v {
			walk(one, visit)
		}
	}
}

// TestEveryComuneIsFoundByItsLabel is the way out for names that are words: "Vita (TP)".
func TestEveryComuneIsFoundByItsLabel(t *testing.T) {
	t.Parallel()
	all := network.Territories()
	for _, c := range all.Comuni() {
		for name := range strings.SplitSeq(c.Name, "/") {
			query := "medico " + name + " (" + c.Province + ")"
			f := all.FindInText(query)
			if !slices.Contains(f.Comuni, c.ISTAT) || f.Rest != "medico" {
				t.Errorf("%q: %s", query, found(f))
			}
		}
	}
}

func FuzzFindInText(f *testing.F) {
	for _, seed := range []string{"medico Marsala (TP)", "في باليرمو", "П'ємонт", "罗马尼亚", "е'", "San", "L'", "((", "provincia di", "roma roma roma", "\xff"} {
		f.Add(seed)
	}
	all := network.Territories()
	f.Fuzz(func(t *testing.T, text string) {
		got := all.FindInText(text)
		if utf8.ValidString(text) && !utf8.ValidString(got.Rest) {
			t.Fatalf("%q leaves %q", text, got.Rest)
		}
		if len(got.Matched) == 0 && len(text) <= 2000 && got.Rest != text {
			t.Fatalf("nothing found in %q, but %q is left", text, got.Rest)
		}
		for _, istat := range got.Comuni {
			if _, ok := all.Comune(istat); !ok {
				t.Fatalf("%q: no comune %s", text, istat)
			}
		}
	})
}
