// SPDX-License-Identifier: EUPL-1.2

package lang

import (
	"slices"

	"golang.org/x/text/language"
)

// Default is the language of the texts that the bodies write first. What a
// language lacks is shown in it.
const Default = "it"

// All are the languages of the public interface, in the order they are shown.
// Read only.
var All = []string{"it", "en", "fr", "es", "ar", "uk", "sq", "zh", "bn", "ur"}

// rightToLeft holds every language a mediator may speak that is written from
// right to left, not only those of the interface: texts of services come in them too.
// Kurdish in Iraq and Iran is ckb; ku alone is Kurmanji in Latin letters.
var rightToLeft = []string{"ar", "arc", "arz", "azb", "ckb", "dv", "fa", "he", "ks", "lrc", "mzn", "pnb", "prs", "ps", "sd", "skr", "ug", "ur", "yi"}

// nativeNames are how people call their own language. The ten come first; the
// others are the languages that mediators and services declare most often.
var nativeNames = map[string]string{
	"it": "Italiano", "en": "English", "fr": "Français", "es": "Español", "ar": "العربية",
	"uk": "Українська", "sq": "Shqip", "zh": "中文", "bn": "বাংলা", "ur": "اردو",
	"am": "አማርኛ", "bin": "Ẹ̀dó", "bm": "Bamanankan", "ckb": "کوردیی ناوەندی", "de": "Deutsch",
	"fa": "فارسی", "ff": "Fulfulde", "ha": "Hausa", "hi": "हिन्दी", "ig": "Igbo", "ise": "Lingua dei segni italiana (LIS)",
	"ka": "ქართული", "ku": "Kurmancî", "mnk": "Mandinka", "pa": "ਪੰਜਾਬੀ", "pcm": "Naijá",
	"pl": "Polski", "pnb": "پنجابی", "prs": "دری", "ps": "پښتو", "pt": "Português", "ro": "Română", "ru": "Русский",
	"si": "සිංහල", "snk": "Sooninkanxanne", "so": "Soomaali", "ta": "தமிழ்", "ti": "ትግርኛ", "tl": "Tagalog",
	"tr": "Türkçe", "wo": "Wolof", "yo": "Yorùbá",
}

// matcher knows the languages in the order of All, so its index is ours. The tag
// it returns is of no use: for ar-EG it says "ar-u-rg-egzzzz".
var matcher = func() language.Matcher {
	tags := make([]language.Tag, len(All))
	for i, code := range All {
		tags[i] = language.Make(code)
	}
	return language.NewMatcher(tags)
}()

// Known says whether the interface exists in this language.
func Known(code string) bool { return slices.Contains(All, code) }

// Dir is "rtl" for languages written from right to left and "ltr" for all others,
// as the dir attribute of HTML wants it. Regions and scripts are heeded: "pa-Arab" is "rtl".
func Dir(code string) string {
	if slices.Contains(rightToLeft, code) {
		return "rtl"
	}
	tag, err := language.Parse(code)
	if err != nil {
		return "ltr"
	}
	base, _ := tag.Base()
	script, _ := tag.Script()
	switch script.String() {
	case "Arab", "Hebr", "Thaa", "Syrc":
		return "rtl"
	case "Latn", "Cyrl":
		return "ltr"
	}
	if slices.Contains(rightToLeft, base.String()) {
		return "rtl"
	}
	return "ltr"
}

// NativeName is what speakers call the language ("العربية"), or the code itself
// when we do not know.
func NativeName(code string) string {
	if name, ok := nativeNames[code]; ok {
		return name
	}
	if name := names()[code]["native"]; name != "" {
		return name
	}
	return code
}

// Match chooses the language of the interface: the first preferred code that we
// have (what somebody chose before), else the best for the Accept-Language header,
// else Italian.
func Match(acceptLanguage string, preferred ...string) string {
	for _, code := range preferred {
		if Known(code) {
			return code
		}
	}
	tags, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil || len(tags) == 0 {
		return Default
	}
	// A language that we have wins over a mere relative that stands before it:
	// who reads Tigrinya and Italian should not be sent to English.
	for _, tag := range tags {
		base, _ := tag.Base()
		if Known(base.String()) {
			return base.String()
		}
	}
	if _, index, confidence := matcher.Match(tags...); confidence > language.No {
		return All[index]
	}
	return Default
}
