/** The recorded replies of the 7.4 line, for the families that exist; test/support/vectors.ts says how. */

import { describe, expect, it } from 'vitest'
import { embedisSide } from '../support/side.ts'
import { readVectors, replayVectors } from '../support/vectors.ts'

const FAMILIES: ReadonlySet<string> = new Set([
  'string',
  'hash',
  'hashttl',
  'list',
  'set',
  'zset',
  'keys',
  'bit',
  'hll',
  'geo',
  'stream',
  'tx',
])
/** Families of the recordings that embedis does not have yet; move a name up when it does. */
const PENDING: ReadonlySet<string> = new Set(['script'])

/** LSET with this index answers OK in that build, which is a bug of its own. */
const LSET_BUG = '-9223372036854775808'

const vectors = readVectors()

describe.skipIf(vectors === undefined)('recorded replies of the 7.4 line', () => {
  const all = vectors ?? []

  it('knows every family of the recordings', () => {
    expect([...new Set(all.map(vector => vector.family))].filter(f => !FAMILIES.has(f) && !PENDING.has(f))).toEqual([])
  })

  it('answers as recorded', { timeout: 120_000 }, async () => {
    const commands = new Set(all.filter(v => FAMILIES.has(v.family)).map(v => (v.argv[0] as string).toUpperCase()))
    const side = embedisSide(2)
    const result = await replayVectors({
      vectors: all,
      side,
      supports: argv => commands.has((argv[0] as string).toUpperCase()),
      accepts: (argv, recorded, got) =>
        (argv[0] as string).toUpperCase() === 'LSET' &&
        argv[2] === LSET_BUG &&
        recorded === '+OK' &&
        got === '-ERR index out of range',
    })
    await side.close()
    const mismatches = result.mismatches.filter(({ vector, expected }) => !isOldMoment(vector.argv, expected))
    console.log(`vectors: ${result.compared} compared, ${result.skipped} left out, ${mismatches.length} different`)
    const report = mismatches
      .slice(0, 12)
      .map(({ vector, expected, got, before }) =>
        [
          ...before.map(text => `      ${text}`),
          `    line ${vector.line} ${JSON.stringify(vector.argv)}`,
          `      expected ${expected}`,
          `      got      ${got}`,
        ].join('\n'),
      )
      .join('\n')
    expect(report).toBe('')
    expect(result.compared).toBeGreaterThan(17_000)
  })
})

/** A moment relative to the day of the recording (October 2024), or the time left until a fixed one. */
function isOldMoment(argv: readonly string[], expected: string): boolean {
  const name = (argv[0] as string).toUpperCase()
  if (!expected.startsWith('~')) return false
  const bucket = Number(expected.slice(1))
  if (name === 'EXPIRETIME') return bucket < 100_000
  if (name === 'PEXPIRETIME') return bucket < 100_000_000
  // EXPIREAT 9999999999 leaves 8 thousand million seconds.
  return (name === 'TTL' && bucket > 300_000) || (name === 'PTTL' && bucket > 300_000_000)
}
