import { describe, expect, it } from 'vitest'
import { type KeyEvent, Store, VirtualHost } from '../../src/index.ts'

describe('channels', () => {
  it('bring messages to handlers, before the call that publishes returns', () => {
    const store = new Store()
    const seen: string[] = []
    const news = store.subscribe(
      ['news', 'sport', 'news'],
      (message, channel) => void seen.push(`${channel} ${message}`),
    )
    const all = store.psubscribe(
      'n*',
      (message, channel, pattern) => void seen.push(`${pattern} ${channel} ${message}`),
    )
    expect(store.publish('news', 'one')).toBe(2)
    expect(seen).toEqual(['news one', 'n* news one'])
    expect(store.publish('none', 'two')).toBe(1)
    expect(store.publish('other', 'three')).toBe(0)
    expect(store.pubsubChannels().sort()).toEqual(['news', 'sport'])
    expect(store.pubsubNumsub('news', 'none')).toEqual([
      ['news', 1],
      ['none', 0],
    ])
    expect(store.pubsubNumpat()).toBe(1)
    news.unsubscribe()
    all[Symbol.dispose]()
    expect(store.publish('news', 'four')).toBe(0)
    expect(seen).toHaveLength(3)
    expect(store.pubsubChannels()).toEqual([])
  })

  it('are apart from those of ssubscribe, and know no databases', () => {
    const store = new Store()
    const seen: string[] = []
    store.db(3).ssubscribe('c', message => void seen.push(`s ${message}`))
    store.db(2).subscribe('c', message => void seen.push(message))
    expect([store.publish('c', 1), store.spublish('c', 2)]).toEqual([1, 1])
    expect(seen).toEqual(['1', 's 2'])
  })

  it('can be gone through, and give bytes', async () => {
    const store = new Store()
    const subscription = store.bytes.subscribe('c')
    store.publish('c', new Uint8Array([0, 255]))
    const later = subscription[Symbol.asyncIterator]()
    expect((await later.next()).value).toEqual({ channel: new Uint8Array([99]), message: new Uint8Array([0, 255]) })
    const seen: string[] = []
    const reading = (async () => {
      for await (const { message, pattern } of store.psubscribe('c*')) {
        seen.push(`${message} ${pattern}`)
        if (message === 'end') break
      }
    })()
    store.publish('c', 'a')
    await Promise.resolve()
    store.publish('cc', 'end')
    await reading
    expect(seen).toEqual(['a c*', 'end c*'])
    expect(store.pubsubNumpat()).toBe(0)
    subscription.unsubscribe()
    // What had come before is still to be had.
    expect(await later.next()).toMatchObject({ done: false })
    expect(await later.next()).toEqual({ done: true, value: undefined })
  })

  it('end by a signal', () => {
    const store = new Store()
    const controller = new AbortController()
    store.subscribe('c', () => {}, { signal: controller.signal })
    expect(store.publish('c', '')).toBe(1)
    controller.abort()
    expect(store.publish('c', '')).toBe(0)
    store.subscribe('c', () => {}, { signal: controller.signal })
    expect(store.publish('c', '')).toBe(0)
    expect(() => store.subscribe('c', 'no' as never)).toThrow(TypeError)
  })

  it('deliver what a transaction publishes at its commit, or not at all', () => {
    const store = new Store()
    const seen: string[] = []
    store.subscribe('c', message => void seen.push(message))
    store.transaction(tx => {
      expect(tx.publish('c', 'a')).toBe(1)
      expect(seen).toEqual([])
    })
    expect(seen).toEqual(['a'])
    expect(() =>
      store.transaction(tx => {
        tx.publish('c', 'b')
        throw new Error('back')
      }),
    ).toThrow('back')
    expect(seen).toEqual(['a'])
  })

  it('keep the order when a handler publishes', () => {
    const store = new Store()
    const seen: string[] = []
    store.subscribe('c', message => {
      seen.push(`first ${message}`)
      if (message === '1') store.publish('c', '2')
    })
    store.subscribe('c', message => void seen.push(`second ${message}`))
    store.publish('c', '1')
    expect(seen).toEqual(['first 1', 'second 1', 'first 2', 'second 2'])
  })
})

describe('events', () => {
  it('tell what happened to keys, expiry on time', () => {
    const host = new VirtualHost()
    const store = new Store({ host })
    const seen: KeyEvent[] = []
    const expired: string[] = []
    const stop = store.on('*', event => void seen.push(event))
    store.on('expired', ({ key }) => void expired.push(key))
    store.set('a', 'x', { ex: 10 })
    store.db(1).set('b', 'x')
    store.rpush('l', '1')
    store.lpop('l')
    host.advance(10_001)
    expect(seen.map(({ event, key, about }) => `${event} ${key} ${about}`)).toEqual([
      'set a string',
      'expire a key',
      'rpush l list',
      'lpop l list',
      'del l key',
      'expired a key',
    ])
    expect(expired).toEqual(['a'])
    stop()
    store.set('a', 'x')
    expect(seen).toHaveLength(6)
  })

  it('come as messages where notifications are on', () => {
    const host = new VirtualHost()
    const store = new Store({ host, notify: 'KEx$' })
    const seen: string[] = []
    store.psubscribe('__key*', (message, channel) => void seen.push(`${channel} ${message}`))
    store.set('a', 'x', { px: 5 })
    store.rpush('l', 'no')
    host.advance(6)
    expect(seen).toEqual([
      '__keyspace@0__:a set',
      '__keyevent@0__:set a',
      '__keyspace@0__:a expired',
      '__keyevent@0__:expired a',
    ])
  })
})

describe('notifications of fields', () => {
  it('tell them by key, by event, one by one, and by both', () => {
    const host = new VirtualHost()
    const store = new Store({ host, notify: 'STIVh' })
    const seen: string[] = []
    store.psubscribe('__*', (message, channel) => void seen.push(`${channel} ${message}`))
    store.hset('h', { a: 1, 'ü,': 2 })
    expect(seen).toEqual([
      '__subkeyspace@0__:h hset|1:a,3:ü,',
      '__subkeyevent@0__:hset 1:h|1:a,3:ü,',
      '__subkeyspaceitem@0__:h\na hset',
      '__subkeyspaceitem@0__:h\nü, hset',
      '__subkeyspaceevent@0__:hset|h 1:a,3:ü,',
    ])
    seen.length = 0
    store.hpexpire('h', 5, ['a'])
    host.advance(6)
    expect(seen.filter(text => text.startsWith('__subkeyspace@'))).toEqual([
      '__subkeyspace@0__:h hexpire|1:a',
      '__subkeyspace@0__:h hexpired|1:a',
    ])
    store.call('CONFIG', 'SET', 'notify-keyspace-events', '')
    seen.length = 0
    store.hset('h', 'a', 1)
    expect(seen).toEqual([])
  })
})

describe('a watch', () => {
  it('lets a transaction run unless a key has changed', () => {
    const store = new Store()
    store.set('balance', 10)
    const watch = store.watch('balance', 'none')
    expect(watch.changed).toBe(false)
    expect(watch.transaction(tx => tx.incrby('balance', 5))).toBe(15)
    const second = store.watch(['balance'])
    store.set('balance', 0)
    expect(second.changed).toBe(true)
    expect(second.exec(store.multi().incr('balance').get('balance'))).toBe(null)
    expect(store.get('balance')).toBe('0')
    const third = store.watch('balance')
    const replies: [number, string | null] | null = third.exec(store.multi().incr('balance').get('balance'))
    expect(replies).toEqual([1, '1'])
  })

  it('sees expiry, another database, and what is flushed', () => {
    const host = new VirtualHost()
    const store = new Store({ host })
    store.set('a', 'x', { px: 10 })
    const expiring = store.watch('a')
    host.advance(11)
    expect(expiring.changed).toBe(true)
    store.set('a', 'x')
    const flushed = store.watch('a')
    const absent = store.watch('none')
    store.flushall()
    expect([flushed.changed, absent.changed]).toEqual([true, false])
    const other = store.db(1).watch('a')
    store.set('a', 'x')
    expect(other.changed).toBe(false)
    store.swapdb(0, 1)
    expect(other.changed).toBe(true)
    for (const watch of [expiring, flushed, absent, other]) watch.unwatch()
  })
})

describe('a session', () => {
  it('has a database, a transaction and a protocol of its own', async () => {
    const store = new Store()
    const session = store.session()
    expect(await session.call('SELECT', 2)).toBe('OK')
    expect(await session.call('MULTI')).toBe('OK')
    expect(await session.call('SET', 'k', 'v')).toBe('QUEUED')
    expect(await session.call(['EXEC'])).toEqual(['OK'])
    expect([store.get('k'), store.db(2).get('k')]).toEqual([null, 'v'])
    await expect(session.call('NOSUCH')).rejects.toThrow('unknown command')
    await expect(session.call('GET')).rejects.toThrow('wrong number')
  })

  it('waits, one command after the other', async () => {
    const store = new Store()
    using session = store.session()
    const popped = session.call('BLPOP', 'q', 0)
    const after = session.call('LLEN', 'q')
    store.rpush('q', 'a', 'b')
    expect(await popped).toEqual(['q', 'a'])
    expect(await after).toBe(1)
  })

  it('gets messages, and every command as MONITOR shows it', async () => {
    const store = new Store({ host: new VirtualHost({ now: 1_700_000_000_123 }) })
    const pushed: unknown[] = []
    const session = store.session({ onPush: message => void pushed.push(message) })
    expect(await session.call('SUBSCRIBE', 'news')).toEqual(['subscribe', 'news', 1])
    store.publish('news', 'x')
    expect(pushed).toEqual([['message', 'news', 'x']])
    const monitored: unknown[] = []
    const monitor = store.session({ onPush: message => void monitored.push(message) })
    await monitor.call('MONITOR')
    await session.call('SET', 'k', 'a "b"\n\u{1}é')
    expect(monitored).toEqual(['1700000000.123000 [0 embedis] "SET" "k" "a \\"b\\"\\n\\x01\\xc3\\xa9"'])
    session.close()
    expect(store.publish('news', 'y')).toBe(0)
  })

  it('rejects what waits when it is closed', async () => {
    const session = new Store().session()
    const failed = expect(session.call('BLPOP', 'q', 0)).rejects.toThrow('the connection was closed')
    session.close()
    await failed
  })
})
