import { describe, expect, it } from 'vitest'
import { ReplyError, Store, VirtualHost } from '../../src/index.ts'
import { keyspaceOf } from '../../src/install.ts'
import type { EffectArg } from '../../src/keyspace.ts'
import type { Session } from '../../src/session/index.ts'

/*
 * No server at hand has it: what is expected here stands in the documents of Redis 8.10 (HIMPORT and its four commands) and in
 * the tests of that version.
 */

/** What a session answers to a line of words, errors as their text. */
async function say(session: Session, words: string): Promise<unknown> {
  try {
    return await session.call(...words.split(' ').map(word => (word === '""' ? '' : word)))
  } catch (error) {
    if (error instanceof ReplyError) return error.message
    throw error
  }
}

async function all(session: Session, ...lines: string[]): Promise<unknown[]> {
  const replies: unknown[] = []
  for (const line of lines) replies.push(await say(session, line))
  return replies
}

const missing = 'ERR no such fieldset'
const mismatch = 'ERR value count does not match fieldset field count'
const twice = 'ERR duplicate field name in fieldset'

describe('HIMPORT', () => {
  it('makes hashes of fields that were named once', async () => {
    const store = new Store()
    const session = store.session()
    expect(
      await all(
        session,
        'HIMPORT PREPARE u name email age',
        'himport set user:1 u ann a@x 30',
        'HIMPORT SET user:2 u "" b 1',
      ),
    ).toEqual(['OK', 'OK', 'OK'])
    expect(store.hkeys('user:1')).toEqual(['name', 'email', 'age'])
    expect(store.hgetall('user:1')).toEqual({ name: 'ann', email: 'a@x', age: '30' })
    expect(store.objectEncoding('user:1')).toBe('listpack')
    expect(store.hgetall('user:2')).toEqual({ name: '', email: 'b', age: '1' })
    // Another list of the same name takes its place; hashes that were made stay.
    expect(
      await all(session, 'HIMPORT PREPARE u "" b', 'HIMPORT SET user:3 u x y', 'HIMPORT SET user:4 u x y z'),
    ).toEqual(['OK', 'OK', mismatch])
    expect(store.hgetall('user:3')).toEqual({ '': 'x', b: 'y' })
    expect(store.exists('user:1', 'user:4')).toBe(1)
    // A name is any text.
    expect(await all(session, 'HIMPORT PREPARE "" f', 'HIMPORT SET k "" v', 'HIMPORT DISCARD ""')).toEqual([
      'OK',
      'OK',
      1,
    ])
    await session.call('HIMPORT', 'PREPARE', new Uint8Array([255]), new Uint8Array([254]))
    await session.call('HIMPORT', 'SET', 'bytes', '\udcff', new Uint8Array([253]))
    expect(store.hgetall('bytes')).toEqual({ '\udcfe': '\udcfd' })
  })

  it('discards one list, or all of them', async () => {
    const store = new Store()
    const session = store.session()
    await all(session, 'HIMPORT PREPARE a x', 'HIMPORT PREPARE b x y', 'HIMPORT PREPARE c z', 'HIMPORT SET k a 1')
    expect(await all(session, 'HIMPORT DISCARD a', 'HIMPORT DISCARD a', 'HIMPORT SET k a 2')).toEqual([1, 0, missing])
    expect(await all(session, 'HIMPORT DISCARDALL', 'HIMPORT DISCARDALL', 'HIMPORT SET k b 2 3')).toEqual([
      2,
      0,
      missing,
    ])
    expect(store.hgetall('k')).toEqual({ x: '1' })
  })

  it('refuses what is not right, and changes nothing then', async () => {
    const store = new Store()
    const session = store.session()
    store.set('text', 'x')
    expect(
      await all(
        session,
        'HIMPORT PREPARE f a b',
        'HIMPORT PREPARE f a b a',
        'HIMPORT PREPARE g a a',
        'HIMPORT SET k g 1 2',
      ),
    ).toEqual(['OK', twice, twice, missing])
    // The first one named f is still there.
    expect(await all(session, 'HIMPORT SET k f 1', 'HIMPORT SET k f 1 2 3', 'HIMPORT SET k f 1 2')).toEqual([
      mismatch,
      mismatch,
      'OK',
    ])
    const wrongType = 'WRONGTYPE Operation against a key holding the wrong kind of value'
    expect(await all(session, 'HIMPORT SET text f 1 2', 'HIMPORT SET text none 1')).toEqual([wrongType, wrongType])
    expect(store.get('text')).toBe('x')
    expect(
      await all(
        session,
        'HIMPORT',
        'HIMPORT NOSUCH',
        'HIMPORT PREPARE f',
        'HIMPORT SET k f',
        'HIMPORT DISCARD',
        'HIMPORT DISCARD a b',
        'HIMPORT DISCARDALL x',
      ),
    ).toEqual([
      "ERR wrong number of arguments for 'himport' command",
      "ERR unknown subcommand 'NOSUCH'. Try HIMPORT HELP.",
      "ERR wrong number of arguments for 'himport|prepare' command",
      "ERR wrong number of arguments for 'himport|set' command",
      "ERR wrong number of arguments for 'himport|discard' command",
      "ERR wrong number of arguments for 'himport|discard' command",
      "ERR wrong number of arguments for 'himport|discardall' command",
    ])
  })

  it('belongs to one connection until RESET; a call without one does not know it', async () => {
    const store = new Store()
    const [one, other] = [store.session(), store.session()]
    await say(one, 'HIMPORT PREPARE f a')
    expect(await all(other, 'HIMPORT SET k f 1', 'HIMPORT DISCARDALL')).toEqual([missing, 0])
    expect(await all(one, 'SELECT 1', 'HIMPORT SET k f 1', 'SELECT 0')).toEqual(['OK', 'OK', 'OK'])
    expect([store.exists('k'), store.db(1).hget('k', 'a')]).toEqual([0, '1'])
    await say(one, 'RESET')
    expect(await say(one, 'HIMPORT SET k f 1')).toBe(missing)
    expect(() => store.call('HIMPORT', 'PREPARE', 'f', 'a')).toThrow("'himport prepare' concerns a connection")
  })

  it('takes part in MULTI, and is undone by nothing', async () => {
    const store = new Store()
    const session = store.session()
    expect(
      await all(
        session,
        'MULTI',
        'HIMPORT PREPARE f a b',
        'HIMPORT SET k f 1 2',
        'HIMPORT SET k f 1',
        'HIMPORT DISCARD f',
      ),
    ).toEqual(['OK', 'QUEUED', 'QUEUED', 'QUEUED', 'QUEUED'])
    expect(store.exists('k')).toBe(0)
    const replies = (await say(session, 'EXEC')) as unknown[]
    expect(replies.map(reply => (reply instanceof Error ? reply.message : reply))).toEqual(['OK', 'OK', mismatch, 1])
    expect(store.hgetall('k')).toEqual({ a: '1', b: '2' })
    expect(await all(session, 'MULTI', 'HIMPORT PREPARE f a', 'DISCARD', 'HIMPORT SET k f 1')).toEqual([
      'OK',
      'QUEUED',
      'OK',
      missing,
    ])
    expect((await all(session, 'MULTI', 'HIMPORT NOSUCH', 'EXEC'))[2]).toBe(
      'EXECABORT Transaction discarded because of previous errors.',
    )
    // A client that watches the key hears of it.
    const other = store.session()
    await all(other, 'WATCH k', 'MULTI', 'PING')
    await all(session, 'HIMPORT PREPARE f a', 'HIMPORT SET k f 1')
    expect(await say(other, 'EXEC')).toBe(null)
  })

  it('replaces a hash with its times, in words that any Redis knows', async () => {
    const host = new VirtualHost()
    const store = new Store({ host, notify: 'KEA' })
    const session = store.session()
    store.hset('k', { old: 1, a: 0 })
    store.expire('k', 10)
    store.hexpire('k', 5, ['a'])
    const log: EffectArg[][] = []
    keyspaceOf(store).databases.attach({
      append: (_, argv) => void log.push([...argv]),
      commit() {},
      mark: () => ({}),
      rollback() {},
    })
    const events: string[] = []
    store.psubscribe('__keyevent@0__:*', (key, channel) => void events.push(`${channel.split(':')[1]} ${key}`))
    await all(session, 'HIMPORT PREPARE f b a', 'HIMPORT SET k f 1 2', 'HIMPORT SET new f 3 4')
    expect(log).toEqual([
      ['DEL', 'k'],
      ['HSET', 'k', 'b', '1', 'a', '2'],
      ['HSET', 'new', 'b', '3', 'a', '4'],
    ])
    expect(events).toEqual(['hset k', 'hset new'])
    expect([store.ttl('k'), store.httl('k', ['a'])]).toEqual([-1, [-1]])
    host.advance(20_000)
    expect(store.hgetall('k')).toEqual({ b: '1', a: '2' })
    // A hash whose time is over is none.
    store.pexpire('k', 1)
    host.advance(2)
    log.length = 0
    await say(session, 'HIMPORT SET k f 5 6')
    expect(log.map(([name]) => name).at(-1)).toBe('HSET')
    expect(store.hgetall('k')).toEqual({ b: '5', a: '6' })
  })
})
