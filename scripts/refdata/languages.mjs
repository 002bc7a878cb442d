// SPDX-License-Identifier: EUPL-1.2
// Derives data/languages.json: the names, in the ten languages of the interface
// and in themselves, of the languages that people, mediators and services speak.
// Names come from Unicode CLDR; the few that CLDR lacks are written here.
import { createRequire } from 'node:module'
import { writeJSON } from './csv.mjs'

const require = createRequire(import.meta.url)
const interfaces = ['it', 'en', 'fr', 'es', 'ar', 'uk', 'sq', 'zh', 'bn', 'ur']
const names = Object.fromEntries(interfaces.map(l => [l, require(`cldr-localenames-full/main/${l}/languages.json`).main[l].localeDisplayNames.languages]))

// Codes whose name CLDR keeps under another code.
const under = { prs: 'fa-AF', tl: 'fil' }
const own = {
  ar: 'العربية', am: 'አማርኛ', bin: 'Ẹdo', bm: 'Bamanankan', bn: 'বাংলা', ckb: 'کوردیی ناوەندی', de: 'Deutsch', en: 'English', es: 'español',
  fa: 'فارسی', ff: 'Pulaar', fr: 'français', ha: 'Hausa', hi: 'हिन्दी', hy: 'հայերեն', id: 'Bahasa Indonesia', ig: 'Igbo', ise: 'lingua dei segni italiana (LIS)',
  it: 'italiano', ja: '日本語', ka: 'ქართული', ku: 'kurdî', ln: 'lingála', mnk: 'Mandinka', ne: 'नेपाली', nl: 'Nederlands', om: 'Oromoo', pa: 'ਪੰਜਾਬੀ', pcm: 'Naijíriá Píjin', pl: 'polski',
  pnb: 'پنجابی', prs: 'دری', ps: 'پښتو', pt: 'português', ro: 'română', ru: 'русский', rw: 'Kinyarwanda', si: 'සිංහල', snk: 'Sooninkanxanne', so: 'Soomaali', sq: 'shqip', sr: 'српски', sw: 'Kiswahili',
  ta: 'தமிழ்', ti: 'ትግርኛ', tl: 'Tagalog', tr: 'Türkçe', tw: 'Twi', uk: 'українська', ur: 'اردو', vi: 'Tiếng Việt', wo: 'Wolof', yo: 'Yorùbá', zh: '中文',
}
const lacking = {
  pnb: ['punjabi occidentale', 'Western Punjabi', 'pendjabi occidental', 'punyabí occidental', 'البنجابية الغربية', 'західна панджабська', 'punxhabishte perëndimore', '西旁遮普语', 'পশ্চিম পাঞ্জাবি', 'مغربی پنجابی'],
  mnk: ['mandinka', 'Mandinka', 'mandingue', 'mandinka', 'الماندينكا', 'мандинка', 'mandinkisht', '曼丁卡语', 'মান্দিনকা', 'ماندنکا'],
  ise: ['lingua dei segni italiana', 'Italian Sign Language', 'langue des signes italienne', 'lengua de signos italiana', 'لغة الإشارة الإيطالية', 'італійська жестова мова', 'gjuha italiane e shenjave', '意大利手语', 'ইতালীয় ইশারা ভাষা', 'اطالوی اشاروں کی زبان'],
}
const rtl = new Set(['ar', 'ckb', 'fa', 'pnb', 'prs', 'ps', 'ur'])

const result = {}
for (const code of Object.keys(own).sort()) {
  const row = {}
  interfaces.forEach((l, i) => {
    row[l] = lacking[code]?.[i] ?? names[l][under[code] ?? code] ?? names[l][code]
    if (!row[l]) throw new Error(`${code} has no name in ${l}`)
  })
  result[code] = { ...row, native: own[code], ...(rtl.has(code) ? { rtl: true } : {}) }
}
writeJSON('languages.json', result)
console.log(Object.keys(result).length, 'languages')
