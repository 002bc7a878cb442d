// SPDX-License-Identifier: EUPL-1.2
// Reads and writes the small CSV files of the reference data (RFC 4180).
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const here = path.dirname(fileURLToPath(import.meta.url))
export const shared = process.env.APPRODO_SHARED ?? path.join(here, '../../../shared/data')
export const target = path.join(here, '../../data')

export function readCSV(file) {
  const text = readFileSync(file, 'utf8').replace(/^\ufeff/, '')
  const rows = []
  let row = [], cell = '', quoted = false
  for (let i = 0; i < text.length; i++) {
    const c = text[i]
    if (quoted) {
      if (c === '"' && text[i + 1] === '"') { cell += '"'; i++ }
      else if (c === '"') quoted = false
      else cell += c
    } else if (c === '"') quoted = true
    else if (c === ',') { row.push(cell); cell = '' }
    else if (c === '\n') { row.push(cell); rows.push(row); row = []; cell = '' }
    else if (c !== '\r') cell += c
  }
  if (cell || row.length) rows.push([...row, cell])
  const [header, ...body] = rows
  return body.map(r => Object.fromEntries(header.map((name, i) => [name, r[i] ?? ''])))
}

export function writeCSV(file, header, rows) {
  const quote = v => /[",\n]/.test(v) ? `"${String(v).replaceAll('"', '""')}"` : String(v)
  const text = [header, ...rows].map(r => r.map(quote).join(',')).join('\n') + '\n'
  writeFileSync(path.join(target, file), text)
}

export function writeJSON(file, value) {
  writeFileSync(path.join(target, file), JSON.stringify(value, null, 1) + '\n')
}
