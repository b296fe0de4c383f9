/** redlock: a lock on one Redis, and on three of which two are enough. */
import { createRequire } from 'node:module'
import type { Redis } from 'ioredis'
import { expect, it } from 'vitest'
import { library, type Place } from '../support/libraries.ts'

// Of version 5, `exports` leaves out the types; version 4 has none.
const require = createRequire(import.meta.url)
const { default: Redlock, ExecutionError, ResourceLockedError } = require('redlock') as Redlock5
const Redlock4 = require('redlock-4') as Redlock4

interface Lock {
  readonly value: string
  readonly expiration: number
  release(): Promise<{ readonly attempts: readonly Promise<{ readonly votesFor: ReadonlySet<Redis> }>[] }>
  extend(duration: number): Promise<Lock>
}

type Settings = Partial<Record<'retryCount' | 'retryDelay' | 'retryJitter' | 'automaticExtensionThreshold', number>>

interface Redlock5 {
  readonly default: new (
    clients: Iterable<Redis>,
    settings?: Settings,
  ) => {
    acquire(resources: readonly string[], duration: number, settings?: Settings): Promise<Lock>
    using<T>(resources: readonly string[], duration: number, routine: (signal: AbortSignal) => Promise<T>): Promise<T>
    on(event: 'error', listener: (error: Error) => void): void
  }
  readonly ExecutionError: new () => Error
  readonly ResourceLockedError: new () => Error
}

type Redlock4 = new (
  clients: readonly Redis[],
  settings?: Settings,
) => {
  lock(
    resource: string | readonly string[],
    ttl: number,
  ): Promise<{
    unlock(): Promise<void>
    extend(ttl: number): Promise<unknown>
  }>
}

const impatient = { retryCount: 0 }
const patient = { retryCount: 200, retryDelay: 5, retryJitter: 2, automaticExtensionThreshold: 200 }

/** Three that know nothing of each other: to a client, a database is a Redis of its own. */
const three = (place: Place): [Redis, Redis, Redis] =>
  [1, 2, 3].map(db => place.ioredis({ db })) as [Redis, Redis, Redis]

library('redlock', place => {
  it('locks what nobody else has locked, for a time', async () => {
    const redis = place.ioredis()
    const [mine, yours] = [new Redlock([redis], impatient), new Redlock([place.ioredis()], impatient)]
    yours.on('error', error => expect(error).toBeInstanceOf(ResourceLockedError))
    const lock = await mine.acquire(['{order}:1', '{order}:2'], 30_000)
    expect(await redis.get('{order}:2')).toBe(lock.value)
    expect(await redis.pttl('{order}:1')).toBeGreaterThan(20_000)
    await expect(yours.acquire(['{order}:2', '{order}:3'], 30_000)).rejects.toBeInstanceOf(ExecutionError)
    expect(await redis.exists('{order}:3')).toBe(0)
    const extended = await lock.extend(60_000)
    expect(await redis.pttl('{order}:1')).toBeGreaterThan(40_000)
    await extended.release()
    expect(await redis.dbsize()).toBe(0)
    const theirs = await yours.acquire(['{order}:2'], 30)
    await expect.poll(() => redis.exists('{order}:2')).toBe(0)
    await expect(theirs.release()).rejects.toBeInstanceOf(ExecutionError)
  })

  it('takes two of three for all, and not one of three', async () => {
    const nodes = three(place)
    const redlock = new Redlock(nodes, impatient)
    redlock.on('error', () => {})
    await nodes[0].set('resource', 'of somebody else')
    const lock = await redlock.acquire(['resource'], 30_000)
    expect(await Promise.all(nodes.map(node => node.get('resource')))).toEqual([
      'of somebody else',
      lock.value,
      lock.value,
    ])
    await lock.release()
    await nodes[1].set('resource', 'of somebody else')
    await expect(redlock.acquire(['resource'], 30_000)).rejects.toBeInstanceOf(ExecutionError)
    // The one that was to be had has been given back.
    await expect.poll(() => nodes[2].exists('resource')).toBe(0)
  })

  it('lets one at a time through, and holds the lock for as long as it takes', async () => {
    const nodes = three(place)
    let inside = 0
    let total = 0
    const work = Array.from({ length: 5 }, async (_, i) => {
      const redlock = new Redlock(nodes, patient)
      redlock.on('error', () => {})
      await redlock.using(['account'], i === 0 ? 400 : 5000, async signal => {
        expect(++inside).toBe(1)
        const before = total
        // The first one works for longer than its lock lasts.
        await new Promise(resolve => setTimeout(resolve, i === 0 ? 600 : 5))
        expect(signal.aborted).toBe(false)
        total = before + 1
        inside--
      })
    })
    await Promise.all(work)
    expect(total).toBe(5)
    expect(await nodes[0].dbsize()).toBe(0)
  })

  it('in its version 4', async () => {
    const nodes = three(place)
    const redlock = new Redlock4(nodes, impatient)
    const lock = await redlock.lock(['a', 'b'], 30_000)
    await expect(new Redlock4(nodes, impatient).lock('b', 1000)).rejects.toThrow('attempts to lock the resource')
    await lock.extend(60_000)
    expect(await nodes[2].pttl('a')).toBeGreaterThan(40_000)
    await lock.unlock()
    expect(await nodes[2].dbsize()).toBe(0)
  })
})
