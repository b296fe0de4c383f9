/** Runs a script on a side, and compares what was observed on two. */

import { existsSync, readFileSync } from 'node:fs'
import { agrees, observe, type Side } from '../support/side.ts'
import type { Line } from './script.ts'

/** One observation per line. */
export async function runScript(side: Side, lines: readonly Line[]): Promise<string[]> {
  const seen: string[] = []
  let program: (readonly string[])[] = []
  const flush = async (): Promise<void> => {
    for (const text of await observe(side, program)) seen.push(text)
    program = []
  }
  for (const line of lines) {
    if (line.fresh) {
      await flush()
      await side.fresh()
    }
    program.push(line.argv)
  }
  await flush()
  return seen
}

/** A line of test/recordings: fresh, family, argv, the RESP2 observation, and the RESP3 one where it differs. */
export type Recorded = readonly [string, string, readonly string[], string, string?]

export function recordingPath(family: string): string {
  return new URL(`../recordings/${family}.jsonl`, import.meta.url).pathname
}

/** What was observed on the live server, undefined when it was recorded for another script. */
export function readRecording(family: string, lines: readonly Line[], resp: 2 | 3): string[] | undefined {
  const path = recordingPath(family)
  if (!existsSync(path)) return undefined
  const recorded = readFileSync(path, 'utf8')
    .split('\n')
    .filter(text => text !== '')
    .map(text => JSON.parse(text) as Recorded)
  const same =
    recorded.length === lines.length &&
    recorded.every(
      ([fresh, , argv], i) =>
        (fresh === 'fresh') === lines[i]?.fresh && JSON.stringify(argv) === JSON.stringify(lines[i]?.argv),
    )
  if (!same) return undefined
  return recorded.map(([, , , resp2, resp3]) => (resp === 3 ? (resp3 ?? resp2) : resp2))
}

export interface Comparison {
  readonly lines: number
  /** How often each entry of test/support/differences.ts explained a line. */
  readonly explained: ReadonlyMap<string, number>
  readonly different: number
  /** The first differing lines, ready to print. */
  readonly report: string
}

export function compareScript(lines: readonly Line[], expected: readonly string[], got: readonly string[]): Comparison {
  const explained = new Map<string, number>()
  const reports: string[] = []
  let different = 0
  for (const [i, line] of lines.entries()) {
    const verdict = agrees(line.argv, expected[i] as string, got[i] as string)
    if (verdict === true) continue
    if (typeof verdict === 'string') {
      explained.set(verdict, (explained.get(verdict) ?? 0) + 1)
      continue
    }
    different++
    if (reports.length < SHOWN) reports.push(describe(lines, i, expected[i] as string, got[i] as string))
  }
  const report = different === 0 ? '' : `${different} of ${lines.length} lines differ\n${reports.join('\n')}`
  return { lines: lines.length, explained, different, report }
}

const SHOWN = 100

function describe(lines: readonly Line[], at: number, expected: string, got: string): string {
  const { argv } = lines[at] as Line
  let start = at
  while (start > 0 && !(lines[start] as Line).fresh) start--
  // What touched the same words: a key, or a whole database.
  const before = lines
    .slice(start, at)
    .filter(line => line.argv.length === 1 || line.argv.slice(1).some(word => argv.includes(word)))
    .slice(-6)
  return [
    ...before.map(line => `      ${clip(JSON.stringify(line.argv))}`),
    `    ${clip(JSON.stringify(argv))}  (line ${at + 1})`,
    `      expected ${clip(expected)}`,
    `      got      ${clip(got)}`,
  ].join('\n')
}

function clip(text: string): string {
  return text.length > 400 ? `${text.slice(0, 400)}… (${text.length} characters)` : text
}
