import { describe, expect, it } from 'vitest'
import {
  baseName,
  formatManifest,
  incrementName,
  isBaseName,
  type Manifest,
  manifestName,
  parseManifest,
} from '../../src/persist/aof/manifest.ts'
import { CorruptionError } from '../../src/encoding/corruption.ts'
import { fromBytes, toBytes } from '../../src/util/text.ts'

const sample: Manifest = {
  base: { name: 'appendonly.aof.2.base.rdb', seq: 2 },
  history: [{ name: 'appendonly.aof.1.base.rdb', seq: 1 }],
  increments: [
    { name: 'appendonly.aof.3.incr.aof', seq: 3 },
    { name: 'appendonly.aof.7.incr.aof', seq: 7 },
  ],
}

describe('the manifest', () => {
  it('is written as Redis writes it, and read back', () => {
    const bytes = formatManifest(sample)
    expect(fromBytes(bytes)).toBe(
      'file appendonly.aof.2.base.rdb seq 2 type b\nfile appendonly.aof.1.base.rdb seq 1 type h\n' +
        'file appendonly.aof.3.incr.aof seq 3 type i\nfile appendonly.aof.7.incr.aof seq 7 type i\n',
    )
    expect(parseManifest(bytes)).toEqual(sample)
    expect([manifestName('a'), baseName('a', 1, 'rdb'), incrementName('a', 2)]).toEqual([
      'a.manifest',
      'a.1.base.rdb',
      'a.2.incr.aof',
    ])
  })

  it('carries any base name', () => {
    for (const name of ['a b', 'quo"te', "it's", 'grüße', 'tab\t', 'é\u00a0', '\udcff', '#x', '__proto__']) {
      const manifest: Manifest = { base: undefined, history: [], increments: [{ name, seq: 1 }] }
      expect(parseManifest(formatManifest(manifest))).toEqual(manifest)
    }
  })

  it('accepts comments, further pairs, any order and quotes', () => {
    const text =
      "# a comment\nseq 1 TYPE b File \"a\\x62c\" size 12\n#x\r\nfile 'it\\'s' startoffset 5 seq 3 type i \r\n"
    expect(parseManifest(toBytes(text))).toEqual({
      base: { name: 'abc', seq: 1 },
      history: [],
      increments: [{ name: "it's", seq: 3 }],
    })
  })

  it('refuses what Redis refuses, and says where', () => {
    const good = 'file a seq 1 type i\n'
    const bad = [
      '',
      'file a seq 1 type i',
      '\n',
      'file a seq 1\n',
      'file a seq 1 type\n',
      'file a seq 1 type x\n',
      'file a seq 0 type i\n',
      'file a seq -1 type i\n',
      'file a seq 1.5 type i\n',
      'file a seq 99999999999999999999 type i\n',
      'file a seq 1 type i file b\n',
      'file ../a seq 1 type i\n',
      'file /a seq 1 type i\n',
      'file .. seq 1 type i\n',
      'file a\\b seq 1 type i\n',
      'file "a seq 1 type i\n',
      'file "a"b seq 1 type i\n',
      'file "" seq 1 type i\n',
      `file ${'x'.repeat(1100)} seq 1 type i\n`,
      'file a seq 1 type b\nfile b seq 2 type b\n',
      `${good}file b seq 1 type i\n`,
      `${good}file a seq 2 type i\n`,
      'name a seq 1 type i\n',
    ]
    for (const text of bad) expect(() => parseManifest(toBytes(text)), JSON.stringify(text)).toThrow(CorruptionError)
    expect(() => parseManifest(toBytes(`${good}x\n`), 'm')).toThrow(/\(m, at byte 20\)/)
    expect(() => formatManifest({ base: { name: '../a', seq: 1 }, history: [], increments: [] })).toThrow(RangeError)
    expect(isBaseName('a/b')).toBe(false)
  })

  it('throws nothing else, whatever the bytes', () => {
    const bytes = formatManifest(sample)
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const damaged = bytes.slice()
      damaged[bit >> 3] ^= 1 << (bit & 7)
      try {
        parseManifest(damaged)
      } catch (error) {
        expect(error).toBeInstanceOf(CorruptionError)
      }
    }
  })
})
