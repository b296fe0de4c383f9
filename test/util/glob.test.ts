import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { glob, isLiteral } from '../../src/util/glob.ts'
import { fromLatin1 } from '../../src/util/text.ts'
import { type RedisClient, type RedisServer, startRedis } from '../support/redis.ts'
import { cases, pipeline, Random, seed } from './live.ts'

describe('glob', () => {
  it('matches as documented', () => {
    for (const text of ['hello', 'hallo', 'hxllo']) expect(glob('h?llo', text)).toBe(true)
    for (const text of ['hllo', 'heeeello']) expect(glob('h*llo', text)).toBe(true)
    expect(glob('h[ae]llo', 'hillo')).toBe(false)
    expect(glob('h[^e]llo', 'hello')).toBe(false)
    expect(glob('h[a-b]llo', 'hbllo')).toBe(true)
    expect(glob('h\\[a\\]', 'h[a]')).toBe(true)
    expect(glob('MAX*', 'maxmemory')).toBe(false)
    expect(glob('MAX*', 'maxmemory', true)).toBe(true)
    expect(isLiteral('user:1-2^]')).toBe(true)
    for (const special of ['*', '?', '[', '\\']) expect(isLiteral(`a${special}b`)).toBe(false)
  })

  it('takes bytes, not characters', () => {
    expect(glob('?', 'é')).toBe(false)
    expect(glob('??', 'é')).toBe(true)
    expect(glob('caf*', 'café')).toBe(true)
    expect(glob('*é', 'café')).toBe(true)
    expect(glob('é*', 'é€😀')).toBe(true)
    expect(glob('[é]?', 'é')).toBe(true)
    expect(glob('\udcc3*', 'é')).toBe(true)
  })

  it('is fast on patterns that blow up a recursive matcher', () => {
    const started = performance.now()
    expect(glob(`${'a*'.repeat(60)}b`, 'a'.repeat(4000))).toBe(false)
    expect(glob('*'.repeat(20_000), 'a')).toBe(true)
    expect(glob('*a'.repeat(20_000), 'a'.repeat(30_000))).toBe(false)
    expect(glob(`${'*?'.repeat(1000)}*`, 'a'.repeat(30_000))).toBe(true)
    expect(performance.now() - started).toBeLessThan(2000)
  })
})

describe('glob against a live server', () => {
  let server: RedisServer | undefined
  let client: RedisClient
  beforeAll(async () => {
    server = await startRedis()
    if (server !== undefined) client = await server.connect()
  })
  afterAll(async () => {
    if (server === undefined) return
    client.close()
    await server.stop()
  })

  const bytesOf = (binary: string): Uint8Array => Uint8Array.from(binary, char => char.charCodeAt(0))

  /** Whether each pattern matches its text, all as latin1 byte strings, by the server's word: a KEYS of one key. */
  async function compare(pairs: readonly (readonly [string, string])[]): Promise<void> {
    const replies = await pipeline(
      client,
      pairs.flatMap(([pattern, text]) => [['FLUSHDB'], ['SET', bytesOf(text), '1'], ['KEYS', bytesOf(pattern)]]),
    )
    const wrong: unknown[] = []
    pairs.forEach(([pattern, text], i) => {
      const reply = replies[3 * i + 2] as string
      // KEYS takes '*' alone as every key without asking the matcher, which finds no match in the empty one.
      const ours = pattern === '*' || glob(fromLatin1(pattern), fromLatin1(text))
      if (ours !== (reply !== '[]') && wrong.length < 20) wrong.push({ pattern, text, ours, reply })
    })
    expect(wrong, `seed ${seed}`).toEqual([])
  }

  const patternUnits = [
    ...'aabc**??[[]]^--\\\\z',
    '\x00',
    '\x80',
    '\xff',
    '\xc3',
    '\xa9',
    'A',
    '0',
    '*a',
    '[^',
    '[a-c]',
    '[^b]',
    '[c-a]',
  ]
  const textUnits = [...'aaabbc^-]\\[*?zA', '\x00', '\x80', '\xff', '\xc3', '\xa9', '\xc3\xa9', '~']

  const word = (random: Random, units: readonly string[], most: number): string => {
    let text = ''
    for (let left = random.int(0, most); left > 0; left--) text += random.pick(units)
    return text
  }

  it('agrees on the edges', async context => {
    if (server === undefined) return context.skip()
    const patterns = [
      '',
      '*',
      '**',
      '?',
      '[',
      '[]',
      '[]]',
      '[^',
      '[^]',
      '[^]]',
      '[a',
      '[a-',
      '[a-]',
      '[a-z',
      '[^a',
      '\\',
      'a\\',
      '[\\',
      '[\\]',
    ]
    patterns.push(
      '[\\]]',
      '[a\\]',
      '\\*',
      '\\\\',
      '[-a]',
      '[a-\\]',
      '[\\a-c]',
      '[--a]',
      '[z-a]',
      '[\x80-a]',
      '[a-\xff]',
      '[\xff-\x80]',
      '*[',
    )
    patterns.push(
      'a*',
      '*a',
      '*a*',
      'a*b',
      '*\\',
      '?*',
      '*?',
      '[^]*',
      '***a***',
      '\x00',
      'a\x00*',
      '[\x00]',
      ']',
      '-',
      '^',
    )
    const texts = [
      '',
      'a',
      'b',
      'z',
      ']',
      '[',
      '\\',
      '-',
      '^',
      '*',
      'aa',
      'ab',
      'a]',
      'a\\',
      '[]',
      'a\x00',
      '\x00',
      '\x80',
      '\xff',
      '\xc3\xa9',
      'aab',
      '[a',
    ]
    await compare(patterns.flatMap(pattern => texts.map(text => [pattern, text] as const)))
  })

  it("agrees that not even '*' matches the empty string", async context => {
    if (server === undefined) return context.skip()
    const other = await server.connect()
    await other.one('PSUBSCRIBE', '*')
    expect(await client.one('PUBLISH', '', 'x')).toBe(':0')
    expect(glob('*', '')).toBe(false)
    other.close()
  })

  it('agrees on the number of stars after which Redis gives up', async context => {
    if (server === undefined) return context.skip()
    const pairs: [string, string][] = []
    for (const count of [999, 1000, 1001, 1002]) {
      for (const tail of ['', '*', 'b', '*b']) {
        pairs.push(['*a'.repeat(count) + tail, 'a'.repeat(count + 5)])
        pairs.push(['a*'.repeat(count) + tail, `${'a'.repeat(count)}b`])
      }
    }
    await compare(pairs)
  })

  it('agrees on random patterns', { timeout: 600_000 }, async context => {
    if (server === undefined) return context.skip()
    const random = new Random(seed)
    const count = cases(20_000)
    for (let done = 0; done < count; done += 5000) {
      const pairs: [string, string][] = []
      for (let i = done; i < Math.min(count, done + 5000); i++) {
        // Half of the texts are the pattern with its stars and question marks filled in, so that many match.
        const pattern = word(random, patternUnits, random.pick([3, 6, 12]))
        let text = word(random, textUnits, random.pick([2, 6, 20]))
        if (random.int(0, 1) === 0) {
          text = ''
          for (const unit of pattern)
            text += unit === '*' ? word(random, textUnits, 4) : unit === '?' ? random.pick(['a', '\xff']) : unit
          text = text.replaceAll(/\[\^?([^\]])[^\]]*\]/g, random.pick(['$1', 'b']))
        }
        pairs.push([pattern, text])
      }
      await compare(pairs)
    }
  })

  it('agrees without case', async context => {
    if (server === undefined) return context.skip()
    // FUNCTION LIST LIBRARYNAME is a command that ignores case and whose texts, the names of libraries, can be chosen.
    const names = [
      'a',
      'A',
      'b',
      'Z',
      'z',
      'ab',
      'AB',
      'aB',
      'abc',
      'ABC',
      'a_1',
      'Zz9',
      '_',
      '0',
      'azAZ',
      'cab',
      'CABbage',
    ]
    const load = `redis.register_function(redis_name, function() return 1 end)`
    for (const name of names) {
      const reply = await client.one(
        'FUNCTION',
        'LOAD',
        `#!lua name=${name}\n${load.replace('redis_name', `'f${names.indexOf(name)}'`)}`,
      )
      expect(reply).toBe(JSON.stringify(name))
    }
    const random = new Random(seed)
    const units = [
      ...'aAbBcCzZ__0**??[[]]^--\\',
      '[a-c]',
      '[A-C]',
      '[Z-a]',
      '[^a]',
      '[c-A]',
      '\x80',
      '\xff',
      '[\x80-a]',
      '[\xff-a]',
      '[a-\xfe]',
      '\\A',
    ]
    const patterns = [
      '*',
      '[Z-a]',
      '[a-Z]',
      '[\\A]',
      '[\\a]',
      '\\A',
      '[\x80-z]',
      '[\xff-z]',
      '[z-\xff]',
      '[z-\x80]',
      '[\xfe-\xff]',
    ]
    for (let i = 0; i < 3000; i++) patterns.push(word(random, units, random.pick([2, 4, 8])))
    const replies = await pipeline(
      client,
      patterns.map(pattern => ['FUNCTION', 'LIST', 'LIBRARYNAME', bytesOf(pattern)]),
    )
    patterns.forEach((pattern, i) => {
      const theirs = [...(replies[i] as string).matchAll(/"library_name" "(\w+)"/g)].map(found => found[1])
      const ours = names.filter(name => glob(fromLatin1(pattern), name, true))
      expect(ours.sort(), JSON.stringify(pattern)).toEqual(theirs.sort())
    })
  })
})
