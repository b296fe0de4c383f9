import { describe, expect, it } from 'vitest'
import { ProtocolError, RequestDecoder } from '../../src/resp/decoder.ts'
import { RespWriter } from '../../src/resp/writer.ts'
import { fromBytes, toBytes } from '../../src/util/text.ts'
import { fc } from '../support/properties.ts'
import { encodeCommands } from '../support/redis.ts'

/** All commands of some pieces, and the message of the error that ended it. */
function decode(pieces: readonly Uint8Array[], decoder: RequestDecoder = new RequestDecoder()): (string[] | string)[] {
  const found: (string[] | string)[] = []
  try {
    for (const piece of pieces) {
      // The same memory again for each piece, as a socket may have it.
      const borrowed = Uint8Array.from(piece)
      decoder.feed(borrowed)
      for (let argv = decoder.next(); argv !== undefined; argv = decoder.next()) found.push(argv)
      borrowed.fill(0xee)
    }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    found.push(error.message)
  }
  return found
}

function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = [...new Set(places.map(place => place % (bytes.length + 1)))].sort((a, b) => a - b)
  return [0, ...at].map((start, i) => bytes.subarray(start, at[i] ?? bytes.length))
}

const bytes = fc.uint8Array({ maxLength: 80 })
const places = fc.array(fc.nat(), { maxLength: 12 })

describe('requests', () => {
  it('are what was sent, however they are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.array(bytes, { minLength: 1, maxLength: 5 }), { maxLength: 8 }), places, (argvs, at) => {
        expect(decode(cut(encodeCommands(argvs), at))).toEqual(argvs.map(argv => argv.map(arg => fromBytes(arg))))
      }),
    )
  })

  it('of any bytes are the same whole and cut, and end in nothing but a protocol error', () => {
    const shard = fc.oneof(
      bytes,
      fc
        .constantFrom(
          '*1\r\n',
          '*2\r\n',
          '$3\r\n',
          '$0\r\n',
          '\r\n',
          'PING\r\n',
          '*',
          '$',
          '-1',
          '"',
          "'",
          '\\x',
          'abc',
        )
        .map(toBytes),
    )
    fc.assert(
      fc.property(fc.array(shard, { maxLength: 12 }), places, (parts, at) => {
        const all = Uint8Array.from(parts.flatMap(part => [...part]))
        expect(decode(cut(all, at))).toEqual(decode([all]))
      }),
    )
  })

  it('of somebody unknown are small', () => {
    const sent = (text: string): (string[] | string)[] => {
      const decoder = new RequestDecoder()
      decoder.trusted = false
      return decode([toBytes(text)], decoder)
    }
    expect(sent('*11\r\n')).toEqual(['ERR Protocol error: unauthenticated multibulk length'])
    expect(sent('*1\r\n$16385\r\n')).toEqual(['ERR Protocol error: unauthenticated bulk length'])
    expect(sent('*1\r\n$4\r\nPING\r\n')).toEqual([['PING']])
  })

  it('cannot make the decoder take memory for what has not come', () => {
    const decoder = new RequestDecoder()
    decoder.feed(toBytes('*1000000\r\n$536870912\r\nabc'))
    expect(decoder.next()).toBeUndefined()
    expect(decoder.waiting).toBe(3)
  })
})

describe('replies', () => {
  const written = (resp: 2 | 3, write: (w: RespWriter) => void): string => {
    const w = new RespWriter({ resp })
    write(w)
    return fromBytes(w.take())
  }

  it('have the bytes of both protocols', () => {
    const all = (w: RespWriter): void => {
      w.status('OK')
      w.error('ERR a\r\nb')
      w.integer(7)
      w.integer(-7)
      w.integer(2n ** 63n - 1n)
      w.bulk('é€')
      w.bulk('')
      w.bulk(12)
      w.null()
      w.nullArray()
      w.double(1.5)
      w.double(Infinity)
      w.boolean(true)
      w.array(10)
      w.set(1)
      w.map(12)
      w.push(3)
      w.verbatim('a')
    }
    expect(written(2, all)).toBe(
      '+OK\r\n-ERR a  b\r\n:7\r\n:-7\r\n:9223372036854775807\r\n$5\r\né€\r\n$0\r\n\r\n$2\r\n12\r\n$-1\r\n*-1\r\n$3\r\n1.5\r\n$3\r\ninf\r\n:1\r\n*10\r\n*1\r\n*24\r\n*3\r\n$1\r\na\r\n',
    )
    expect(written(3, all)).toBe(
      '+OK\r\n-ERR a  b\r\n:7\r\n:-7\r\n:9223372036854775807\r\n$5\r\né€\r\n$0\r\n\r\n$2\r\n12\r\n_\r\n_\r\n,1.5\r\n,inf\r\n#t\r\n*10\r\n~1\r\n%12\r\n>3\r\n=5\r\ntxt:a\r\n',
    )
  })

  it('of any text are its bytes, with their number before them', () => {
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 20 }), texts => {
        const w = new RespWriter({ resp: 2 })
        const expected: number[] = []
        for (const one of texts) {
          w.bulk(fromBytes(one))
          expected.push(...toBytes(`$${one.length}\r\n`), ...one, 13, 10)
        }
        expect([...w.take()]).toEqual(expected)
      }),
    )
  })

  it('that are many do not change those that were taken', () => {
    const w = new RespWriter({ resp: 2 })
    const long = 'x'.repeat(10_000)
    w.bulk(long)
    const first = w.take()
    w.bulk('y'.repeat(10_000))
    expect(fromBytes(first)).toBe(`$10000\r\n${long}\r\n`)
    expect(w.take().length).toBe(first.length)
    expect(w.size).toBe(0)
  })
})
