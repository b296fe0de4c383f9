import { dumpPayload } from '../../../src/encoding/dump.ts'
import type { RdbValue } from '../../../src/encoding/value.ts'
import { Crc64 } from '../../../src/util/crc64.ts'
import { fromBytes } from '../../../src/util/text.ts'
import { ALL_INTEGERS, type Line, Script } from '../script.ts'

const values: Readonly<Record<string, RdbValue>> = {
  string: { type: 'string', value: 'text' },
  number: { type: 'string', value: -70_000 },
  empty: { type: 'string', value: '' },
  bytes: { type: 'string', value: Uint8Array.from([255, 0, 13, 10, 97]) },
  list: { type: 'list', values: ['a', '', '1', '-5000000000', 'é\u0000'] },
  set: { type: 'set', members: ['a', '', '1'] },
  ints: { type: 'set', members: ['1', '-2', '300'] },
  hash: { type: 'hash', pairs: ['__proto__', '1', 'f', '', '7', 'x'.repeat(70)] },
  zset: { type: 'zset', pairs: ['a', 1.5, 'b', Infinity, 'c', -3] },
}

/** The payload as an argument. */
const payloads = Object.fromEntries(
  Object.entries(values).map(([name, value]) => [name, fromBytes(dumpPayload(value))]),
) as Readonly<Record<keyof typeof values, string>>

/** Any bytes as a payload whose version and checksum are right. */
function sealed(version: number, ...bytes: number[]): string {
  const end = bytes.length + 2
  const payload = new Uint8Array(end + 8)
  payload.set([...bytes, version & 255, version >> 8])
  new Crc64().update(payload, 0, end).write(payload, end)
  return fromBytes(payload)
}

function dumping(s: Script): void {
  const { string, list, zset } = payloads
  for (const payload of Object.values(payloads)) {
    s.fresh().run(['RESTORE', 'k', '0', payload], 'TYPE k', 'PTTL k', 'OBJECT ENCODING k', 'STRLEN k', 'LRANGE k 0 -1')
    s.run('SMEMBERS k', 'HGETALL k', 'ZRANGE k 0 -1 WITHSCORES', 'GET k')
  }
  s.arity('DUMP k', `RESTORE k 0 x REPLACE`)
  s.fresh().run('DUMP none', 'SET k v', ['RESTORE', 'k', '0', string], ['RESTORE', 'k', 'x', 'y'])
  s.run(['RESTORE', 'k', '0', list, 'REPLACE'], 'TYPE k', ['RESTORE', 'k', '0', zset, 'replace', 'absttl'], 'TYPE k')
  s.run(['RESTORE', 'k', '100000', string, 'REPLACE'], 'PTTL k')
  s.run(['RESTORE', 'k', '9999999999999', string, 'REPLACE', 'ABSTTL'], 'PEXPIRETIME k')
  s.run(['RESTORE', 'k', '1', string, 'REPLACE', 'ABSTTL'], 'EXISTS k', ['RESTORE', 'k', '1', string, 'ABSTTL'])
  s.run('EXISTS k', ['RESTORE', 'k', '0', string, 'ABSTTL'], 'PTTL k')
  for (const ttl of ALL_INTEGERS) {
    s.fresh().run(
      ['RESTORE', 'k', ttl, string],
      'EXISTS k',
      'DEL k',
      ['RESTORE', 'k', ttl, string, 'ABSTTL'],
      'EXISTS k',
    )
  }
  for (const n of ALL_INTEGERS) {
    s.fresh().run(['RESTORE', 'a', '0', string, 'IDLETIME', n], ['RESTORE', 'b', '0', string, 'FREQ', n])
    s.run('EXISTS a b')
  }
  const words = [
    'FOO',
    'IDLETIME',
    'FREQ',
    'IDLETIME 1 FREQ',
    'FREQ 1 IDLETIME',
    'IDLETIME 1 FREQ x',
    'FREQ 1 IDLETIME x',
  ]
  words.push(
    'IDLETIME 1 IDLETIME 2',
    'FREQ 1 FREQ 2',
    'REPLACE REPLACE ABSTTL ABSTTL',
    'idletime 5 replace',
    'REPLACE x',
  )
  for (const word of words) {
    s.fresh().run(['RESTORE', 'k', '0', string, ...word.split(' ')], ['RESTORE', 'k', 'x', 'y', ...word.split(' ')])
  }
  const broken = [
    '',
    'x',
    '123456789',
    '1234567890',
    string.slice(1),
    string.slice(0, -1),
    `${string}x`,
    sealed(10),
    sealed(10, 0),
    sealed(10, 99, 1),
    sealed(300, 0, 1, 97),
    sealed(65535, 0, 1, 97),
    sealed(1, 0, 1, 97),
    sealed(10, 1, 0),
    sealed(10, 2, 0),
    sealed(10, 4, 0),
    sealed(10, 5, 0),
    sealed(10, 2, 2, 1, 97, 1, 97),
    sealed(10, 5, 1, 1, 97, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f),
    sealed(10, 5, 1, 1, 97, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f),
    sealed(10, 11, 8, 4, 0, 0, 0, 0, 0, 0, 0),
    sealed(10, 0, 0xc3, 1, 200, 0),
    sealed(10, 18, 1, 2, 7, 7, 0, 0, 0, 0, 0, 0xff),
  ]
  for (const payload of broken) s.fresh().run(['RESTORE', 'k', '0', payload], 'EXISTS k')
  s.fresh().run(['RESTORE', 'k', '0', sealed(11, 0, 1, 97)])
}

export function introspection(): Line[] {
  const s = new Script()
  dumping(s)
  return s.lines
}
