/** Real data: the vega-datasets package. */
import { readFileSync } from 'node:fs'
import path from 'node:path'

const folder = path.join(import.meta.dirname, '../node_modules/vega-datasets/data')

export function json<T>(name: string): T {
  return JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as T
}

/** Rows of a CSV file, by the names of its first line; fields may be quoted. */
export function csv(name: string): Record<string, string>[] {
  const rows: string[][] = []
  let row: string[] = []
  for (const [, quoted, plain, end] of readFileSync(path.join(folder, name), 'utf8').matchAll(
    /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g,
  )) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === ',') continue
    if (row.length > 1 || row[0] !== '') rows.push(row)
    row = []
  }
  const [head, ...body] = rows
  return body.map(fields => Object.fromEntries(head.map((title, i) => [title, fields[i] ?? ''])))
}
