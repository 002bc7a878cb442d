// SPDX-License-Identifier: EUPL-1.2

package lang

import "strings"

// IsStop tells whether a folded word carries no content in a language. Words
// that name a need even though they are short ("casa", "non" is a stop, "no"
// too) are never in these lists.
func IsStop(word []byte, lang string) bool {
	return stopWords[lang].has(word)
}

// stopList is a set of words with a coarse sieve before it: most words of a
// text are not in it, and the sieve says so without hashing them.
type stopList struct {
	sieve [1 << 12]bool
	words map[string]struct{}
}

func sieve(word []byte) int {
	first, last := int(word[min(1, len(word)-1)]), int(word[len(word)-1])
	return (len(word)*331 + first*17 + last) & (1<<12 - 1)
}

func (s *stopList) has(word []byte) bool {
	if s == nil || len(word) == 0 || !s.sieve[sieve(word)] {
		return false
	}
	_, ok := s.words[string(word)]
	return ok
}

var stopWords = func() map[string]*stopList {
	lists := map[string]*stopList{}
	for lang, words := range stops {
		list := &stopList{words: words}
		for w := range words {
			list.sieve[sieve([]byte(w))] = true
		}
		lists[lang] = list
	}
	return lists
}()

// IsStopSomewhere tells whether a folded word is a stop word of any language:
// people mix languages in one question.
func IsStopSomewhere(word []byte) bool {
	_, ok := anyStop[string(word)]
	return ok
}

var anyStop = func() map[string]struct{} {
	all := map[string]struct{}{}
	for _, words := range stops {
		for w := range words {
			all[w] = struct{}{}
		}
	}
	return all
}()

func set(words string) map[string]struct{} {
	m := map[string]struct{}{}
	for _, w := range strings.Fields(words) {
		m[w] = struct{}{}
	}
	return m
}

// stopsOf folds a list, so that it can be written as people write.
func stopsOf(words string) map[string]struct{} { return set(Fold(words)) }

// stops are articles, prepositions, pronouns, auxiliaries and the words with
// which questions begin, for every language of the interface but Chinese,
// whose function words are cut off before words are made.
var stops = map[string]map[string]struct{}{
	"it": stopsOf(`a ad ai al alla alle allo agli anche ancora avere ha hai ho hanno abbiamo avete che chi ci cio coi col come con cosa cui
		da dal dalla dalle dallo dai dagli dei del della delle dello degli di dove e ed era essere e' è fa fare faccio gli ha i il in io la le lei li lo loro lui
		ma me mi mia mie miei mio ne nei nel nella nelle nello negli noi non nostra nostro o od per perche perché però piu più poi possiamo posso puo può puoi qual quale quali quando quanto quella quelle quelli quello questa queste questi questo qui
		se sei si sia siamo siete sono su sua sue sugli sui sul sulla sulle sullo suo suoi te ti tra fra tu tua tuo un una uno uno vi voglio vorrei voi devo dovrei sta sto c'è ce del ogni gia già così solo tutti tutto tutte`),
	"en": stopsOf(`a an and any are as at am be been being but by can could did do does doing for from get had has have how i if in into is it its me my
		need no not of off on or our shall she he him her his should so some than that the their them then there these they this those to too us was we were what when where which who whom why will with would you your want someone just about`),
	"fr": stopsOf(`à a ai as au aux avec avoir avons avez ce ces cet cette ça ceci cela chez comme comment dans de des du elle elles en est et être étais eu faire fait faut il ils je j la le les leur leurs lui ma mais me mes moi mon ne ni nos notre nous on ou où par pas peut peux pour pourquoi puis-je
		qu quand que quel quelle quelles quels qui sa sans sans se ses si sommes son sont suis sur ta te tes toi ton tu un une vos votre vous veux voudrais y est-ce dois doit`),
	"es": stopsOf(`a al algo ante aquí así como cómo con cual cuál cuales cuando cuándo cuanto de del desde donde dónde e el él ella ellas ellos en entre era es esa ese eso esta está estas este esto estos están estoy fue ha hay han he la las le les lo los me mi mis muy más ni no nos nosotros nuestra nuestro o para pero por porque puede puedo que qué quien quién quiero quisiera se ser si sí sin sobre son soy su sus también te tengo tiene tienen tu tú tus un una unas uno unos usted y ya yo debo hacer hago`),
	"ar": stopsOf(`في من على الى إلى عن مع هذا هذه ذلك تلك التي الذي الذين هو هي هم انا أنا انت أنت نحن ما ماذا لماذا متى اين أين كيف هل كم أي اي او أو و ثم قد لقد كان كانت يكون تكون ان أن إن لا لم لن ليس غير كل بعض عند لدي لي لك له لها لهم بعد قبل بين حتى اذا إذا يمكن يمكنني استطيع أستطيع اريد أريد احتاج أحتاج يجب ممكن ب ل ك`),
	"uk": stopsOf(`а або але без був була було були бути в вам вас ви від він вона вони воно все всі де для до є ж за з зі із і й їх його її як який яка яке які коли кому куди ми мені мене мій моя моє мої на над нам нас не ні про під при по та так також те ти то тут у хто це цей ця ці чи чому що щоб я можу можна треба потрібно хочу мати маю`),
	"sq": stopsOf(`a ai ajo ata ato të te e i u në ne nga me pa për per si s çfarë cfare çka kush ku kur sa pse dhe ose por po jo nuk mos është eshte janë jane jam je ishte një nje ky kjo këtë kete këto keto unë une ti ne ju mua më me im ime imja tim time së se që qe do duhet mund mundem dua kam ka keni kanë tek te deri mbi nën`),
	"bn": stopsOf(`আমি আমার আমাকে আমরা আমাদের তুমি আপনি আপনার সে তার তারা তাদের এই এটা এটি ওই সেই যে যা যদি কি কী কে কেন কোথায় কখন কিভাবে কীভাবে কেমন কত কোন এবং ও বা অথবা কিন্তু তবে জন্য থেকে দিয়ে সাথে সঙ্গে মধ্যে উপর কাছে পর্যন্ত হয় হবে হয়ে হলো আছে নেই না নয় করা করতে করে করব করবো পারি পারব পারবো পারেন চাই একটি একটা এক`),
	"ur": stopsOf(`میں میں مجھے میرا میری میرے ہم ہمارا ہماری آپ آپکا تم وہ یہ اس ان کا کی کے کو سے پر تک نے اور یا لیکن مگر اگر کہ جو کیا کیوں کہاں کب کیسے کون کونسا کتنا ہے ہیں ہوں تھا تھی تھے ہو ہوگا ہوتا کرنا کر کریں کرتا کروں سکتا سکتی سکتے چاہیے چاہئے چاہتا چاہتی لئے لیے بھی نہیں نہ ہی تو ایک ساتھ پاس بعد پہلے`),
}
