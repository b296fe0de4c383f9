import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join as joinPath } from 'node:path'
import { describe, expect, it } from 'vitest'
import { LONG_HEADER, PREAMBLE_LENGTH, SHORT_HEADER } from '../../src/persist/aof/constants.ts'
import { AofEncoder, aofPreamble, type Arg } from '../../src/persist/aof/encoder.ts'
import { type AofEnd, type AofOptions, decodeAof, scanAof, scanAofFrom } from '../../src/persist/aof/scanner.ts'
import { join } from '../../src/encoding/bytes.ts'
import { CorruptionError, UnsupportedError } from '../../src/encoding/corruption.ts'
import { fromBytes, toBytes } from '../../src/util/text.ts'
import { anyText, ask, chance } from './model.ts'
import { hasRedis, temporary, withRedis } from './redis.ts'

type Command = { db: number; argv: Arg[] }
type Seen = { db: number; argv: string[] }[]

const SALT = 0x1a2b3c4d

/** A log and the offset after each of its batches. */
function logOf(
  batches: Command[][],
  options: { durable?: boolean; salt?: number } = {},
): { file: Uint8Array; ends: number[] } {
  const encoder = new AofEncoder(options.salt ?? SALT)
  const parts = [aofPreamble(options.salt ?? SALT)]
  let end = PREAMBLE_LENGTH
  const ends: number[] = []
  for (const batch of batches) {
    if (options.durable) encoder.markDurable(end)
    for (const { db, argv } of batch) encoder.command(db, argv)
    encoder.commit()
    end += encoder.pending
    ends.push(end)
    parts.push(encoder.closed().slice())
    encoder.release()
  }
  return { file: join(parts), ends }
}

function scan(file: Uint8Array, options: AofOptions = {}): AofEnd & { batches: Seen[] } {
  const batches: Seen[] = []
  let open: Seen = []
  const end = scanAof(
    file,
    {
      command: (db, argv) => open.push({ db, argv }),
      commit: () => {
        batches.push(open)
        open = []
      },
    },
    options,
  )
  expect(open).toEqual([])
  return { ...end, batches }
}

const asText = (batches: Command[][]): Seen[] =>
  batches.map(batch =>
    batch.map(({ db, argv }) => ({
      db,
      argv: argv.map(arg => (arg instanceof Uint8Array ? fromBytes(arg) : String(arg))),
    })),
  )

const few: Command[][] = [
  [{ db: 0, argv: ['SET', 'a', 'grüße'] }],
  [{ db: 0, argv: ['INCRBY', 'n', 5] }],
  [
    { db: 0, argv: ['RPUSH', 'l', 'x', 'y'] },
    { db: 3, argv: ['SET', 'b', Uint8Array.of(0, 255, 13, 10, 35)] },
  ],
  [{ db: 3, argv: ['DEL', 'b'] }],
  [{ db: 0, argv: ['SET', 'fake', '\r\n#B 00000000 00000000\r\n*1\r\n$4\r\nPING\r\n'] }],
]

const resp = (...argv: string[]): string =>
  `*${argv.length}\r\n${argv.map(arg => `$${toBytes(arg).length}\r\n${arg}\r\n`).join('')}`

describe('the encoder', () => {
  it('writes what docs/formats/aof.md shows', () => {
    const { file } = logOf([[{ db: 0, argv: ['SET', 'a', 1] }], [{ db: 0, argv: ['DEL', 'a'] }]])
    const doc = readFileSync(new URL('../../docs/formats/aof.md', import.meta.url), 'utf8')
    const example = /Example\n[\s\S]*?```\n([\s\S]*?)```/.exec(doc)?.[1] ?? ''
    expect(fromBytes(file).replaceAll('\r\n', '⏎')).toBe(example.replaceAll('\n', ''))
  })

  it('writes every kind of argument as Redis reads it', () => {
    const argv: Arg[] = [
      '',
      'é',
      0,
      -1,
      99,
      100,
      12_345,
      -(2 ** 53) + 1,
      2n ** 63n - 1n,
      1.5,
      1e21,
      5e-324,
      -0,
      Number.POSITIVE_INFINITY,
    ]
    argv.push(Number.NEGATIVE_INFINITY, 'x'.repeat(99), 'x'.repeat(100), 'ü'.repeat(70), '\udcff', Uint8Array.of(255))
    const { file } = logOf([[{ db: 0, argv: ['SET', ...argv] }]])
    const expected = argv.map(arg =>
      arg instanceof Uint8Array ? fromBytes(arg) : Object.is(arg, -0) ? '-0' : String(arg),
    )
    const read = scan(file).batches[0][0].argv.slice(1)
    expect(read).toEqual(expected.map(text => (text === 'Infinity' ? 'inf' : text === '-Infinity' ? '-inf' : text)))
    expect(() => new AofEncoder(1).command(0, ['SET', Number.NaN])).toThrow(RangeError)
  })

  it('forgets what is discarded, and keeps an open batch over a release', () => {
    const encoder = new AofEncoder(SALT)
    encoder.command(5, ['SET', 'a', 1])
    encoder.discard()
    expect(encoder.commit()).toBe(0)
    encoder.command(0, ['SET', 'b', 1])
    encoder.commit()
    const first = encoder.closed().slice()
    encoder.command(0, ['SET', 'c', 1])
    expect(encoder.closed()).toEqual(first)
    encoder.release()
    encoder.command(0, ['SET', 'd', 'x'.repeat(200_000)])
    encoder.commit()
    const { batches, state } = scan(join([aofPreamble(SALT), first, encoder.closed()]))
    expect(state).toBe('whole')
    expect(batches.map(batch => batch.map(({ argv }) => argv[1]))).toEqual([['b'], ['c', 'd']])
  })
})

describe('SELECT', () => {
  const first = (encoder: AofEncoder): string => {
    encoder.commit()
    return fromBytes(encoder.closed())
  }
  it('is written again after what selected was discarded, and in another file', () => {
    const encoder = new AofEncoder(SALT)
    encoder.command(0, ['PING'])
    encoder.commit()
    encoder.release()
    encoder.command(1, ['PING'])
    encoder.discard()
    encoder.command(1, ['PING'])
    expect(first(encoder)).toContain('SELECT')
    encoder.release()
    encoder.command(1, ['PING'])
    expect(first(encoder)).not.toContain('SELECT')
    encoder.reset(SALT)
    encoder.command(1, ['PING'])
    expect(first(encoder)).toContain('SELECT')
  })
})

describe('the scanner', () => {
  it('reads back what was written, whole or in windows', async () => {
    const random = chance(7)
    const batches: Command[][] = Array.from({ length: 1500 }, () =>
      Array.from({ length: 1 + random(random(5) === 0 ? 20 : 1) }, () => ({
        db: random(3),
        argv: ['SET', anyText(random), random(50) === 0 ? 'v'.repeat(3_000_000 >> random(8)) : anyText(random)],
      })),
    )
    const { file, ends } = logOf(batches)
    const read = scan(file)
    expect(read).toMatchObject({ salt: SALT, state: 'whole', good: file.length, foreign: undefined, commits: 1500 })
    expect(read.batches).toEqual(asText(batches))
    const commits: number[] = []
    let reads = 0
    const end = await scanAofFrom(
      {
        size: file.length,
        read: async (at, length) => {
          reads++
          return file.slice(at, at + length)
        },
      },
      { command() {}, commit: at => commits.push(at) },
    )
    expect(end.state).toBe('whole')
    expect(commits).toEqual(ends)
    expect(reads).toBeGreaterThan(3)
  })

  for (const durable of [false, true]) {
    it(`recovers exactly the complete batches of every truncation${durable ? ', with marks' : ''}`, () => {
      const { file, ends } = logOf(few, { durable })
      for (let length = 0; length <= file.length; length++) {
        const read = scan(file.subarray(0, length))
        const complete = ends.filter(end => end <= length).length
        const good = complete > 0 ? ends[complete - 1] : length >= PREAMBLE_LENGTH ? PREAMBLE_LENGTH : 0
        expect(read.batches).toEqual(asText(few.slice(0, complete)))
        expect(read.good).toBe(good)
        expect(read.state).toBe(length === good ? 'whole' : 'torn')
        expect(read.foreign).toBeUndefined()
        if (length !== good) {
          expect(() => scan(file.subarray(0, length), { mode: 'strict' })).toThrow(CorruptionError)
        }
      }
    })

    it(`detects every flipped bit${durable ? ', with marks' : ''}`, () => {
      const { file, ends } = logOf(few, { durable })
      const whole = asText(few)
      for (let bit = 0; bit < file.length * 8; bit++) {
        const damaged = file.slice()
        damaged[bit >> 3] ^= 1 << (bit & 7)
        expect(() => scan(damaged, { mode: 'strict' }), `bit ${bit}`).toThrow(CorruptionError)
        const inLast = bit >> 3 >= ends[few.length - 2]
        if (inLast) {
          // The last batch may be dropped, or refused when it looks like a server's commands; never changed.
          const { batches } = scan(damaged, { mode: 'pointInTime' })
          expect(batches).toEqual(whole.slice(0, few.length - 1))
        } else {
          // In the middle: an error that says where.
          const before = ends.filter(end => end <= bit >> 3).length
          try {
            scan(damaged, { file: 'x.aof' })
            expect.unreachable()
          } catch (error) {
            if (!(error instanceof CorruptionError)) throw error
            expect(error.file).toBe('x.aof')
            const start = before > 0 ? ends[before - 1] : bit >> 3 < PREAMBLE_LENGTH ? 0 : PREAMBLE_LENGTH
            // A first line that is not recognised makes plain commands of the rest, up to the first batch header.
            expect([start, PREAMBLE_LENGTH]).toContain(error.offset)
          }
        }
      }
    })
  }

  it('cuts what a power cut explains: zeros, garbage and holes after the last durable offset', () => {
    const { file, ends } = logOf(few)
    for (const tail of [new Uint8Array(512), Uint8Array.from({ length: 700 }, (_, i) => i * 7), toBytes('*x')]) {
      const read = scan(join([file, tail]))
      expect(read).toMatchObject({ state: 'damaged', good: file.length })
      expect(read.batches).toEqual(asText(few))
    }
    // One sync after the second batch, told by the fourth: a hole in the third is no surprise, one in the first is.
    const encoder = new AofEncoder(SALT)
    const parts = [aofPreamble(SALT)]
    few.forEach((batch, i) => {
      if (i === 3) encoder.markDurable(ends[1])
      for (const { db, argv } of batch) encoder.command(db, argv)
      encoder.commit()
      parts.push(encoder.closed().slice())
      encoder.release()
    })
    const marked = join(parts)
    expect(marked.length).toBe(file.length + LONG_HEADER - SHORT_HEADER)
    const hole = (at: number): Uint8Array => marked.slice().fill(0, at, at + 10)
    expect(scan(hole(ends[1] + 30))).toMatchObject({ state: 'damaged', good: ends[1], commits: 2 })
    expect(() => scan(hole(ends[0] + 30))).toThrow(/had been synced/)
    expect(scan(hole(ends[0] + 30), { mode: 'pointInTime' })).toMatchObject({
      state: 'broken',
      good: ends[0],
      commits: 1,
    })
  })

  it('takes a mark of its own, which seals all before it', () => {
    const { file, ends } = logOf(few)
    const encoder = new AofEncoder(SALT)
    encoder.markDurable(file.length)
    encoder.mark()
    const sealed = join([file, encoder.closed()])
    expect(scan(sealed)).toMatchObject({ state: 'whole', commits: few.length, good: sealed.length })
    sealed[ends[3] + 40] ^= 1
    expect(() => scan(sealed)).toThrow(/had been synced/)
  })

  it('refuses a batch of another file', () => {
    const { file, ends } = logOf(few)
    const other = logOf([[{ db: 0, argv: ['SET', 'a', 'b'] }]], { salt: 1 }).file.subarray(PREAMBLE_LENGTH)
    expect(scan(join([file.subarray(0, ends[1]), other]), { mode: 'pointInTime' })).toMatchObject({
      commits: 2,
      good: ends[1],
    })
  })

  it('refuses a later version of the format', () => {
    const line = fromBytes(aofPreamble(SALT)).replace('AOF 1', 'AOF 2')
    expect(() => scan(toBytes(line))).toThrow(UnsupportedError)
  })

  it('does not take what a value spells for a batch', () => {
    // The value holds a whole batch of another file, and the last write is cut off behind it.
    const inner = logOf([[{ db: 0, argv: ['FLUSHALL'] }]], { salt: 99 }).file
    const { file, ends } = logOf([few[0], [{ db: 0, argv: ['SET', 'v', inner] }]])
    const cut = file.slice(0, file.length - 3)
    expect(scan(cut)).toMatchObject({ state: 'torn', good: ends[0], commits: 1 })
    cut[ends[0] + 1] ^= 1
    expect(scan(cut)).toMatchObject({ state: 'damaged', good: ends[0], commits: 1 })
  })

  it('ends in bounded time on a file made of candidates', () => {
    const header = '#B 00100000 00000000\r\n'
    const file = join([aofPreamble(SALT), toBytes(header.repeat(100_000))])
    const started = process.cpuUsage().user
    expect(scan(file, { mode: 'pointInTime' }).state).toBe('broken')
    expect(process.cpuUsage().user - started).toBeLessThan(3_000_000)
  })

  it('asks for more as long as a command does not fit', () => {
    const file = toBytes(resp('SET', 'k', 'v'.repeat(5_000_000)) + resp('SET', 'l', 'w'))
    const decoding = decodeAof(file.length, { command() {} })
    let step = decoding.next()
    const lengths: number[] = []
    while (!step.done) {
      lengths.push(step.value.length)
      step = decoding.next(file.slice(step.value.at, step.value.at + step.value.length))
    }
    expect(step.value).toMatchObject({ state: 'whole', commands: 2, foreign: 0 })
    expect(lengths.length).toBeLessThan(8)
  })
})

describe('what a Redis server has written', () => {
  const plainLog =
    resp('SELECT', '2') +
    resp('set', 'a', '1') +
    '#TS:1700000000\r\n' +
    resp('MULTI') +
    resp('SET', 'b', '2') +
    resp('Del', 'a') +
    resp('EXEC')

  it('is read without checksums', () => {
    const read = scan(toBytes(plainLog))
    expect(read).toMatchObject({ salt: undefined, state: 'whole', foreign: 0, commits: 3, good: plainLog.length })
    expect(read.batches.slice(1)).toEqual([
      [{ db: 2, argv: ['set', 'a', '1'] }],
      [
        { db: 2, argv: ['SET', 'b', '2'] },
        { db: 2, argv: ['Del', 'a'] },
      ],
    ])
  })

  it('is cut at the last whole command or transaction', () => {
    const bytes = toBytes(plainLog)
    for (let length = 1; length < bytes.length; length++) {
      const { state, good, batches } = scan(bytes.subarray(0, length))
      expect(state).toBe(good === length ? 'whole' : 'torn')
      expect(good).toBeLessThanOrEqual(length)
      expect(batches.length).toBeLessThan(3)
    }
  })

  it('is refused when it is no RESP', () => {
    const bad = [
      '*0\r\n',
      '*-1\r\n',
      '*1\n$4\nPING\n',
      '*01\r\n$4\r\nPING\r\n',
      '*1\r\n$5\r\nPING\r\n*1\r\n',
      '*1\r\n:4\r\nPING\r\n',
      '*99999999\r\n$4\r\nPING\r\n',
      '*1\r\n$600000000\r\nPING\r\n',
      'PING\r\n',
      `${resp('SELECT', 'x')}`,
    ]
    for (const text of bad) expect(() => scan(toBytes(plainLog + text)), text).toThrow(CorruptionError)
    expect(scan(toBytes(`${plainLog}\0\0\0\0`))).toMatchObject({ state: 'damaged', good: plainLog.length })
  })

  it('may follow our batches', () => {
    const { file } = logOf(few)
    for (const theirs of [plainLog, `#TS:1700000000\r\n${plainLog}`]) {
      const read = scan(join([file, toBytes(theirs)]))
      expect(read).toMatchObject({ salt: SALT, state: 'whole', foreign: file.length, commits: few.length + 3 })
      const torn = scan(join([file, toBytes(theirs.slice(0, -4))]))
      expect(torn).toMatchObject({ state: 'torn', foreign: file.length, commits: few.length + 2 })
    }
    const again = logOf(few).file.subarray(PREAMBLE_LENGTH)
    expect(() => scan(join([file, toBytes(plainLog), again]))).toThrow(/follows plain commands/)
  })

  it('may follow a header of ours that was cut off, even in the same line', () => {
    for (const durable of [false, true]) {
      const { file, ends } = logOf(few, { durable })
      const from = ends[3]
      const header = durable ? LONG_HEADER : SHORT_HEADER
      for (let kept = 0; kept <= header; kept++) {
        const log = join([file.subarray(0, from + kept), toBytes(plainLog)])
        const read = scan(log)
        expect(read, `${kept}`).toMatchObject({ state: 'whole', foreign: from + kept, commits: 7, good: log.length })
      }
    }
  })

  it('is not cut off by mistake when a header of ours stands before it', () => {
    const { file, ends } = logOf(few)
    // It does not begin with SELECT, so it might as well be ours with a damaged header: nobody can tell.
    const log = join([file.subarray(0, ends[3] + SHORT_HEADER), toBytes(resp('SET', 'x', 'y').repeat(20))])
    expect(() => scan(log)).toThrow(/sound commands/)
  })
})

describe.runIf(hasRedis)('redis-server', () => {
  const manifest = 'file appendonly.aof.1.incr.aof seq 1 type i\n'
  // With everysec a server under load may answer before it writes, and these are killed.
  const options = [
    '--appendfsync',
    'always',
    '--appendonly',
    'yes',
    '--aof-use-rdb-preamble',
    'yes',
    '--auto-aof-rewrite-percentage',
    '0',
  ]

  function place(file: Uint8Array): { dir: string; log: string } {
    const dir = temporary()
    mkdirSync(joinPath(dir, 'appendonlydir'))
    writeFileSync(joinPath(dir, 'appendonlydir', 'appendonly.aof.manifest'), manifest)
    const log = joinPath(dir, 'appendonlydir', 'appendonly.aof.1.incr.aof')
    writeFileSync(log, file)
    return { dir, log }
  }

  const many = (): Command[][] => {
    const random = chance(3)
    return Array.from({ length: 400 }, (_, i) =>
      Array.from({ length: 1 + random(random(3) === 0 ? 6 : 1) }, () => {
        const key = `k${random(60)}`
        const argv: Arg[] = [
          ['SET', key, anyText(random)],
          ['DEL', key],
          ['SET', `n${random(9)}`, random(1e9)],
        ][random(3)]
        return { db: i % 40 === 0 ? random(10) : random(30) === 0 ? 1 : 0, argv }
      }),
    )
  }

  const replay = (batches: readonly Seen[]): Map<string, string> => {
    const state = new Map<string, string>()
    for (const batch of batches) {
      for (const { db, argv } of batch) {
        if (argv[0].toUpperCase() === 'SET') state.set(`${db}/${argv[1]}`, argv[2])
        else if (argv[0].toUpperCase() === 'DEL') state.delete(`${db}/${argv[1]}`)
      }
    }
    return state
  }

  const strings = async (server: Parameters<typeof ask>[0]): Promise<Map<string, string>> => {
    const model = await ask(server, 10)
    return new Map([...model].map(([key, { value }]) => [key, (value as { string: string }).string]))
  }

  it('loads our log, appends to it, and we read both', async () => {
    const batches = many()
    const { file } = logOf(batches, { durable: true })
    const { dir, log } = place(file)
    try {
      const directory = joinPath(dir, 'appendonlydir')
      execFileSync('redis-check-aof', [joinPath(directory, 'appendonly.aof.manifest')])
      await withRedis(
        options,
        async server => {
          expect(await strings(server)).toEqual(replay(asText(batches)))
          await server.call('SELECT', 4)
          await server.call('MULTI')
          await server.call('SET', 'theirs', 1)
          await server.call('SET', 'also', 2)
          await server.call('EXEC')
          await server.call('DEL', 'also')
        },
        dir,
      )
      const read = scan(readFileSync(log))
      expect(read).toMatchObject({ state: 'whole', foreign: file.length })
      const state = replay(asText(batches)).set('4/theirs', '1')
      expect(replay(read.batches)).toEqual(state)
      await withRedis(options, async server => expect(await strings(server)).toEqual(state), dir)
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  })

  it('recovers from a cut log what we recover', async () => {
    const batches = many().slice(0, 40)
    const { file, ends } = logOf(batches)
    const lengths = [0, 1, 5, 14, SHORT_HEADER - 1, SHORT_HEADER, SHORT_HEADER + 1, SHORT_HEADER + 16]
    const last = ends[30]
    for (const length of [...lengths.map(more => last + more), ends[31] - 1]) {
      const { dir, log } = place(file)
      try {
        truncateSync(log, length)
        const ours = replay(scan(file.subarray(0, length)).batches)
        await withRedis(
          [...options, '--aof-load-truncated', 'yes'],
          async server => {
            expect(await strings(server)).toEqual(ours)
            await server.call('SELECT', 0)
            await server.call('SET', 'theirs', 1)
          },
          dir,
        )
        // The server may have appended in the middle of our line, which it could not load itself any more.
        const read = scan(readFileSync(log))
        expect(read.state, `${length - last}`).toBe('whole')
        expect(replay(read.batches)).toEqual(ours.set('0/theirs', '1'))
      } finally {
        rmSync(dir, { recursive: true, force: true })
      }
    }
  })

  it('writes logs with timestamps and a base, which we read', async () => {
    const dir = temporary()
    try {
      await withRedis(
        [...options, '--aof-timestamp-enabled', 'yes'],
        async server => {
          await server.call('SET', 'a', 'grüße')
          await server.call('SELECT', 1)
          await server.call('SPOP', 'none')
          await server.call('EVAL', "redis.call('SET', 'b', 1) redis.call('SET', 'c', 2)", 0)
        },
        dir,
      )
      const log = readFileSync(joinPath(dir, 'appendonlydir', 'appendonly.aof.1.incr.aof'))
      expect(fromBytes(log)).toContain('#TS:')
      const read = scan(log)
      expect(read).toMatchObject({ state: 'whole', foreign: 0 })
      expect(replay(read.batches)).toEqual(
        new Map([
          ['0/a', 'grüße'],
          ['1/b', '1'],
          ['1/c', '2'],
        ]),
      )
      appendFileSync(joinPath(dir, 'appendonlydir', 'appendonly.aof.1.incr.aof'), '#TS')
      expect(scan(readFileSync(joinPath(dir, 'appendonlydir', 'appendonly.aof.1.incr.aof'))).state).toBe('torn')
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  })
})
