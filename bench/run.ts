/** `npm run bench -- [suite …] [--size N] [--only case] [--rounds N] [--json file]` */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { type Rates, spread, type Suite } from './suite.ts'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    size: { type: 'string' },
    only: { type: 'string' },
    rounds: { type: 'string', default: '9' },
    json: { type: 'string' },
  },
})

const names = [
  'strings',
  'hot',
  'bitmaps',
  'hyper-log-log',
  'hashes',
  'lists',
  'sets',
  'sorted-sets',
  'geo',
  'log',
  'clients',
  'testing',
  'lua',
]
/** Whole-process measurements, which print for themselves. */
const single = ['snapshot', 'memory', 'growth', 'field-ttl', 'redis-benchmark', 'server']

const chosen = positionals.length > 0 ? positionals : [...names, ...single]
const node = ['--expose-gc', '--import', 'tsx']
const here = import.meta.dirname
const all: Record<string, Rates> = {}
let kept = 0
let missed = 0

for (const name of chosen) {
  if (single.includes(name)) {
    execFileSync('node', [...node, path.join(here, `${name}.ts`)], { stdio: 'inherit' })
    continue
  }
  const { suite } = (await import(`./${name}.ts`)) as { suite: Suite }
  for (const size of options.size === undefined ? suite.sizes : [Number(options.size)]) {
    const args = [...node, path.join(here, 'child.ts'), name, String(size), options.rounds, options.only ?? '']
    const rates = JSON.parse(
      execFileSync('node', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 26 })
        .split('\n')
        .at(-2) as string,
    ) as Rates
    all[`${name} ${size}`] = rates
    report(suite, size, rates)
  }
}
console.log(`\nclaims: ${kept} hold, ${missed} do not`)
if (options.json !== undefined) writeFileSync(options.json, JSON.stringify(all, null, 1))

function report(suite: Suite, size: number, rates: Rates): void {
  console.log(`\n## ${suite.name}, ${size.toLocaleString('en')}\n`)
  console.log('| case | embedis, million/s | ratio to | median | quartiles | claim |')
  console.log('|---|---|---|---|---|---|')
  for (const [title, bySubject] of Object.entries(rates)) {
    const own = bySubject.embedis
    if (own === undefined) continue
    for (const [peer, theirs] of Object.entries(bySubject)) {
      if (peer === 'embedis') continue
      const ratio = spread(own.map((rate, round) => rate / theirs[round]))
      const claim = suite.claims?.(size)[title]?.[peer]
      const verdict =
        claim === undefined ? '' : ratio.lower >= claim ? `≥ ${claim}: holds` : `≥ ${claim}: does not hold`
      if (claim !== undefined && ratio.lower >= claim) kept++
      if (claim !== undefined && ratio.lower < claim) missed++
      const million = (spread(own).median / 1e6).toPrecision(3)
      const [median, lower, upper] = [ratio.median, ratio.lower, ratio.upper].map(n => n.toPrecision(3))
      console.log(`| ${title} | ${million} | ${peer} | ${median} | ${lower} – ${upper} | ${verdict} |`)
    }
  }
  for (const [title, most] of Object.entries(suite.microseconds ?? {})) {
    const own = rates[title]?.embedis
    if (own !== undefined) reportTime(title, own.map(microseconds), most)
  }
  for (const [title, { over, microseconds: most }] of Object.entries(suite.differences ?? {})) {
    const [own, base] = [rates[title]?.embedis, rates[over]?.embedis]
    if (own === undefined || base === undefined) continue
    reportTime(
      `${title}, over ${over}`,
      own.map((rate, round) => microseconds(rate) - microseconds(base[round])),
      most,
    )
  }
}

function microseconds(rate: number): number {
  return 1e6 / rate
}

function reportTime(title: string, times: readonly number[], most: number): void {
  const taken = spread(times)
  const [median, lower, upper] = [taken.median, taken.lower, taken.upper].map(n => n.toPrecision(3))
  if (taken.upper <= most) kept++
  else missed++
  const verdict = taken.upper <= most ? 'holds' : 'does not hold'
  console.log(`\n${title}: ${median} µs (${lower} – ${upper}), ≤ ${most}: ${verdict}`)
}
