// SPDX-License-Identifier: EUPL-1.2

package lang

// sounds gives the sound of folded letters of other scripts. Arabic waw and ya
// count as vowels, as they do in words taken from Italian.
var sounds = map[rune]string{
	// Cyrillic
	'а': "a", 'б': "b", 'в': "f", 'г': "g", 'д': "d", 'е': "i", 'ж': "Z", 'з': "z", 'и': "i", 'к': "k", 'л': "l", 'м': "m",
	'н': "n", 'о': "u", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f", 'х': "k", 'ц': "z", 'ч': "C", 'ш': "S", 'щ': "S", 'ю': "iu", 'я': "ia",

	// Arabic, Persian, Urdu
	'ا': "a", 'ب': "b", 'ت': "t", 'ث': "t", 'ج': "j", 'ح': "", 'خ': "k", 'د': "d", 'ذ': "z", 'ر': "r", 'ز': "z", 'س': "s", 'ش': "S", 'ص': "s",
	'ض': "d", 'ط': "t", 'ظ': "z", 'ع': "a", 'غ': "g", 'ف': "f", 'ق': "k", 'ك': "k", 'ل': "l", 'م': "m", 'ن': "n", 'ه': "", 'و': "u", 'ي': "i",
	'پ': "p", 'چ': "C", 'ژ': "Z", 'گ': "g", 'ٹ': "t", 'ڈ': "d", 'ڑ': "r", 'ڤ': "f", 'ڨ': "g", 'ڭ': "g",

	// Bengali: a consonant followed by nothing carries a short o, which loan words often write and often do not; it stays unwritten.
	'অ': "u", 'আ': "a", 'ই': "i", 'উ': "u", 'ঋ': "ri", 'এ': "i", 'ঐ': "ui", 'ও': "u", 'ঔ': "uu",
	'া': "a", 'ি': "i", 'ু': "u", 'ৃ': "ri", 'ে': "i", 'ৈ': "ui", 'ো': "u", 'ৌ': "uu",
	'ক': "k", 'খ': "k", 'গ': "g", 'ঘ': "g", 'ঙ': "n", 'চ': "C", 'ছ': "C", 'জ': "j", 'ঝ': "j", 'ঞ': "n", 'ট': "t", 'ঠ': "t", 'ড': "d", 'ঢ': "d",
	'ত': "t", 'থ': "t", 'দ': "d", 'ধ': "d", 'ন': "n", 'প': "p", 'ফ': "f", 'ব': "b", 'ভ': "f", 'ম': "m", 'য': "i", 'র': "r", 'ল': "l", 'স': "s", 'হ': "",
}
