// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// service is what every engine indexes: three texts in three languages, and tags.
type service struct {
	id       int
	texts    [3]texts // by language
	province string
	comune   string
	needs    []string
	spoken   []string
}

type texts struct{ name, summary, description string }

var languages = [3]string{"it", "en", "ar"}

// corpus is the same for the same number of services, on every machine.
type corpus struct {
	services []service
	words    [3]*vocabulary
}

const (
	wordsEach  = 40_000 // of each language
	provinces  = 107
	comuni     = 7_896
	needCount  = 95
	spokenMost = 30
)

func generate(services int) *corpus {
	r := rand.New(rand.NewPCG(20, 26))
	c := &corpus{services: make([]service, services)}
	for i := range c.words {
		c.words[i] = newVocabulary(i, r)
	}
	towns := rand.NewZipf(r, 1.1, 20, comuni-1)
	needs := rand.NewZipf(r, 1.05, 10, needCount-1)
	spoken := rand.NewZipf(r, 1.2, 3, spokenMost-1)
	for i := range c.services {
		s := &c.services[i]
		s.id = i
		town := towns.Uint64()
		s.comune = fmt.Sprintf("%06d", town)
		s.province = fmt.Sprintf("P%03d", town%provinces)
		s.needs = some(r, "n", needs, 3)
		s.spoken = some(r, "l", spoken, 4)
		for l := range s.texts {
			w := c.words[l]
			s.texts[l] = texts{w.text(r, 3+r.IntN(4)), w.text(r, 10+r.IntN(8)), w.text(r, 30+r.IntN(30))}
		}
	}
	return c
}

func some(r *rand.Rand, prefix string, of *rand.Zipf, most int) []string {
	var list []string
	for range 1 + r.IntN(most) {
		s := fmt.Sprintf("%s%02d", prefix, of.Uint64())
		if !strings.Contains(strings.Join(list, " "), s) {
			list = append(list, s)
		}
	}
	return list
}

// vocabulary is a list of words, the most frequent first: words of services,
// then words made of the syllables of the language. Function words stand
// between them as they do in texts.
type vocabulary struct {
	words    []string
	function []string
	zipf     *rand.Zipf
}

func newVocabulary(l int, r *rand.Rand) *vocabulary {
	v := &vocabulary{function: strings.Fields(functionWords[l])}
	seen := map[string]bool{}
	for _, w := range strings.Fields(serviceWords[l]) {
		if !seen[w] {
			seen[w] = true
			v.words = append(v.words, w)
		}
	}
	parts, ends := strings.Fields(syllables[l]), strings.Fields(endings[l])
	for len(v.words) < wordsEach {
		var b strings.Builder
		for range 1 + r.IntN(3) {
			b.WriteString(parts[r.IntN(len(parts))])
		}
		b.WriteString(ends[r.IntN(len(ends))])
		if w := b.String(); len([]rune(w)) > 3 && !seen[w] {
			seen[w] = true
			v.words = append(v.words, w)
		}
	}
	v.zipf = rand.NewZipf(r, 1.07, 12, uint64(len(v.words)-1))
	return v
}

func (v *vocabulary) text(r *rand.Rand, words int) string {
	var b strings.Builder
	for i := range words {
		if i > 0 {
			b.WriteByte(' ')
			if r.IntN(3) == 0 {
				b.WriteString(v.function[r.IntN(len(v.function))])
				b.WriteByte(' ')
			}
		}
		b.WriteString(v.words[v.zipf.Uint64()])
	}
	return b.String()
}

// What the texts are made of, by language.
var (
	serviceWords = [3]string{
		`permesso soggiorno rinnovo sportello immigrazione questura servizio scuola italiano corso lavoro casa medico salute assistenza legale minori donne famiglia accoglienza
		documenti residenza iscrizione ambulatorio farmaco ospedale consultorio mediazione linguistica culturale interprete orientamento formazione professionale tirocinio contratto affitto
		alloggio dormitorio mensa doccia vestiti violenza tratta asilo protezione internazionale avvocato tutela ricorso cittadinanza visto passaporto codice fiscale tessera sanitaria
		vaccinazione gravidanza bambini asilo nido doposcuola biblioteca patente trasporto autobus banca conto risparmio invalidità pensione sindacato patronato domanda appuntamento
		prenotazione telefono orario gratuito volontari associazione cooperativa comune prefettura provincia regione ufficio anagrafe ricongiungimento familiare studio titolo riconoscimento
		diploma università borsa sport musica quartiere anziani disabilità dipendenze psicologo supporto emergenza notte strada`,
		`permit residence renewal desk immigration police service school italian course work house doctor health assistance legal children women family reception documents registration
		clinic medicine hospital counselling mediation language cultural interpreter orientation training vocational internship contract rent housing shelter canteen shower clothes violence
		trafficking asylum protection international lawyer guardian appeal citizenship visa passport tax code card vaccination pregnancy kindergarten library driving licence transport bus bank
		account savings disability pension union application appointment booking phone hours free volunteers association cooperative municipality prefecture province region office registry
		reunification study qualification recognition diploma university scholarship sport music neighbourhood elderly addiction psychologist support emergency night street`,
		`تصريح إقامة تجديد مكتب هجرة شرطة خدمة مدرسة إيطالية دورة عمل بيت طبيب صحة مساعدة قانونية أطفال نساء عائلة استقبال وثائق تسجيل عيادة دواء مستشفى استشارة وساطة لغة ثقافية مترجم توجيه
		تدريب مهني عقد إيجار سكن مأوى مطعم ملابس عنف اتجار لجوء حماية دولية محامي وصي طعن جنسية تأشيرة جواز ضريبي بطاقة تطعيم حمل روضة مكتبة قيادة رخصة نقل حافلة بنك حساب توفير إعاقة معاش نقابة
		طلب موعد حجز هاتف ساعات مجاني متطوعون جمعية تعاونية بلدية محافظة مقاطعة منطقة سجل شمل دراسة مؤهل اعتراف شهادة جامعة منحة رياضة موسيقى حي مسنون إدمان نفسي دعم طوارئ ليل شارع`,
	}
	functionWords = [3]string{
		"di del della dei per il la le con in un una e o che da al nel sul",
		"of the for a an and or with in on at to from by is are",
		"في من على إلى عن مع أو هذا هذه التي",
	}
	syllables = [3]string{
		"ba be bi bo ca ce ci co cu da de di do du fa fe fi fo ga ge gi go la le li lo lu ma me mi mo mu na ne ni no pa pe pi po pu ra re ri ro ru sa se si so su ta te ti to tu va ve vi vo za ze zi stra pre tra con per spe gra pro bri cla sca scu mon ter por ven",
		"ab ac ad al am an ar as at ba be bo br ca ch cl co cr da de di dr ed el en er es fa fi fl fo fr ga gl gr ha he hi ho im in ir la le li lo ma me mi mo na ne no ob of on or pa pe pl po pr qua ra re ri ro sa se sh si so st su ta te th ti to tr un up va vi wa wi wo",
		"با بي تا تر تم ثق جا جم حا حر حس خا خد دا در دي را رب رس زا سا سب سر سم شا شر صا صح ضر طا طب طر عا عب عر عم غا فا فت قا قد قر كا كب كت لا لب لح ما مح مد مر مس مع مق مك من نا نب نت نس نظ نق ها هد وا وج ور وس وص يا يس",
	}
	endings = [3]string{
		"zione zioni mento menti tore tori trice ista isti ità anza ale ali ario aria ivo iva oso osa ere are ire ato ata ello etta",
		"tion tions ment ments er ers ing ity ness ance al ary ive ous able ist ed ship hood ful",
		"ة ات ون ين ي ية ان ار ال اد وب يم ير",
	}
)
