// SPDX-License-Identifier: EUPL-1.2
// Lists the names of comuni that are also ordinary words, so that a search for
// "vita" or "como" is not taken for a place. A name of one word is listed with
// the languages in which a spelling dictionary knows it in small letters, or in which
// CLDR uses it in the name of a language or country. For review by hand:
// the program reads data/italy/ordinary.csv.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { readCSV, target, writeCSV } from './csv.mjs'

const require = createRequire(import.meta.url)
const fold = s => s.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/['’-]/g, ' ').trim()

// The words a dictionary lists in small letters, with the other endings that
// Italian, French and Spanish give them: the affix rules are left aside.
const words = {}
for (const code of ['it', 'en', 'fr', 'es']) {
  const file = path.join(path.dirname(require.resolve('dictionary-' + code)), 'index.dic')
  const listed = readFileSync(file, 'utf8').split('\n').slice(1).map(l => l.split(/[/\t ]/)[0].trim())
  words[code] = new Set(listed.filter(w => w && w === w.toLowerCase()).map(fold))
}
const endings = { it: ['o', 'a', 'e', 'i'], fr: ['e', 'es', 's'], es: ['o', 'a', 'os', 'as', 's'], en: ['s'] }
// verbForm knows "rubano" by "rubare" and "rende" by "rendere".
function verbForm(word) {
  const form = word.match(/^(.{2,}?)(ano|ono|iamo|ate|ete|ite|ato|ito|uto|o|i|a|e)$/)
  return form && ['are', 'ere', 'ire'].some(end => words.it.has(form[1] + end))
}
function ordinary(word, code) {
  if (words[code].has(word)) return true
  if (code === 'it' && verbForm(word)) return true
  return endings[code].some(end => word.endsWith(end) &&
    (code === 'it' ? endings.it : ['', ...endings[code]]).some(other => words[code].has(word.slice(0, -end.length) + other)))
}
const peoples = new Map()
for (const code of ['it', 'en', 'fr', 'es', 'sq']) {
  const names = file => Object.values(Object.values(require(`cldr-localenames-full/main/${code}/${file}.json`).main)[0].localeDisplayNames[file])
  for (const name of [...names('languages'), ...names('territories')]) {
    for (const word of fold(name).split(/[^a-z]+/)) peoples.set(word, (peoples.get(word) ?? new Set()).add(code))
  }
}

// Names that a dictionary lists although nobody uses them as a word.
const onlyPlaces = new Set(`acerra ancona aprilia ardea arona arzano asola asolo assisi ascrea aversa avola agira agliè aglie aprica
  amatrice bacoli bagheria balestrate barolo bardolino biella bisceglie bitonto bollate bologna brindisi buccheri besano bussoleno
  cagliari camerino carbonia carini carisio carpi casoria cassino cecina cerea cesena chiavari cingoli corato correggio crotone cuneo
  copertino desio dovera eboli enna ercolano erice favara ferrara frascati frosolone gallarate gangi gessate giarratana giarre giovinazzo
  gorgonzola goro imperia ischia itala lariano lentini lodi lucera macerata malnate maniace maranello milano mirano modica
  monopoli monreale montepulciano nardo naro nichelino nola novara novellara noceto nuoro orgosolo ortona orvieto otranto pantelleria
  pavia pesaro pescara pettineo pianoro piombino pisa pontremoli ribera robbio roma rovereto rosate salemi saponara sarno scafati sciacca
  seriate siena sirmione solferino statte taormina taranto teglio terlizzi termoli terni tortona travagliato trento triggiano tusa urbino
  rivoli cesate legnano rovato feltre cervia bracciano lanciano lecce marsala trapani lecco foggia conversano cardito tradate aviano asciano
  stazzano sorgono pulsano martano stigliano spello balocco lunano cantiano
  valenza velletri verona vigevano volla`.split(/\s+/))
// Names that are so common as words that a town hall, a province or a capital
// letter after "a" or "di" must speak for the place, however large it is.
const strict = new Set(`iglesias cento este fermo malo marino massa meda noto pagani quarto rosa sora arco erba mira paterno oria vasto veglie
  maglie noci solaro lavello signa`.split(/\s+/))

// Listed by the endings rule alone: no Italian word.
const notItalian = new Set(['como'])

// Names of several words, or missed by the dictionaries, that need the same care.
const alsoStrict = ['san vincenzo', 'parenti', 'palu', 'rubano', 'rende', 'vinci']

const found = new Map(alsoStrict.map(name => [name, new Set(['it'])]))
for (const c of readCSV(path.join(target, 'italy/comuni.csv'))) {
  for (const name of c.name.split('/')) {
    if (/[ '’-]/.test(name) || onlyPlaces.has(fold(name))) continue
    const languages = new Set(peoples.get(fold(name)) ?? [])
    for (const code in words) if (ordinary(fold(name), code)) languages.add(code)
    if (notItalian.has(fold(name))) languages.delete('it')
    if (languages.size) found.set(fold(name), new Set([...(found.get(fold(name)) ?? []), ...languages]))
  }
}
writeCSV('italy/ordinary.csv', ['name', 'languages', 'strict'], [...found].sort().map(([name, codes]) => [name, [...codes].sort().join(' '), strict.has(name) || alsoStrict.includes(name) ? 'yes' : '']))
console.log(found.size, 'names')
