/**
 * The cluster client of ioredis, over one node that has all slots and over several that share a store. Over ports: for its
 * subscribers it makes clients without the `Connector` that it is given, so it cannot stay in the process.
 */
import { once } from 'node:events'
import { Cluster as Cluster5, type ClusterNode, type ClusterOptions } from 'ioredis'
import { Cluster as Cluster6 } from 'ioredis-6'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { listen, type Server } from '../../src/adapters/node/server.ts'
import { Store } from '../../src/index.ts'
import { SLOTS, slotOf } from '../../src/util/slot.ts'

type MakeCluster = (nodes: ClusterNode[], options?: ClusterOptions) => Cluster5

const versions: readonly (readonly [name: string, MakeCluster])[] = [
  ['ioredis 5', (nodes, options) => new Cluster5(nodes, options)],
  ['ioredis 6', (nodes, options) => new Cluster6(nodes as never, options as never) as unknown as Cluster5],
]

/** A key for each of so many slots, which are spread over all there are. */
const spread: readonly string[] = (() => {
  const found = new Map<number, string>()
  for (let i = 0; found.size < 512; i++) {
    const part = Math.floor((slotOf(`key:${i}`) * 512) / SLOTS)
    if (!found.has(part)) found.set(part, `key:${i}`)
  }
  return [...found.values()]
})()

describe.each([1, 3])('a cluster of %i', count => {
  let store: Store
  let server: Server

  beforeAll(async () => {
    store = new Store()
    server = await listen(store, { cluster: count === 1 ? true : { nodes: count } })
  })
  beforeEach(() => store.flushall())
  afterAll(async () => {
    await server.close()
    await store.close()
  })

  const nodes = (): ClusterNode[] => server.nodes.map(node => ({ ...node }))

  describe.each(versions)('%s', (_, make) => {
    const clusters: Cluster5[] = []
    const clusterOf = (of: ClusterNode[] = nodes(), options: ClusterOptions = {}): Cluster5 => {
      const cluster = make(of, options)
      clusters.push(cluster)
      return cluster
    }
    afterEach(() => {
      for (const cluster of clusters.splice(0)) cluster.disconnect()
    })

    it('finds all nodes from one, and each key at its node', async () => {
      // Only the last is named: the others come from CLUSTER SLOTS.
      const cluster = clusterOf(nodes().slice(-1))
      await Promise.all(spread.map((key, i) => cluster.set(key, i)))
      expect(cluster.nodes('master')).toHaveLength(count)
      expect(await Promise.all(spread.map(key => cluster.get(key)))).toEqual(spread.map((_key, i) => String(i)))
      expect(spread.map(key => store.get(key))).toEqual(spread.map((_key, i) => String(i)))
      const sizes = await Promise.all(cluster.nodes('master').map(node => node.dbsize()))
      expect(sizes.reduce((sum, size) => sum + size)).toBe(spread.length)
      expect(Math.min(...sizes)).toBeGreaterThan(spread.length / count / 2)
      const keys = await Promise.all(cluster.nodes('master').map(node => node.keys('*')))
      expect(keys.flat().toSorted()).toEqual(spread.toSorted())
    })

    it('takes a pipeline for each node, and a transaction for each slot', async () => {
      const cluster = clusterOf()
      await once(cluster, 'ready')
      const { slots } = cluster as unknown as { slots: string[][] }
      const byNode = new Map<string, string[]>()
      for (const key of spread) {
        const [name] = slots[slotOf(key)] as [string]
        byNode.set(name, [...(byNode.get(name) ?? []), key])
      }
      expect(byNode.size).toBe(count)
      // Keys of one node, in many slots of it.
      const replies = await Promise.all(
        [...byNode.values()].map(async keys => {
          const pipeline = cluster.pipeline()
          for (const key of keys) pipeline.set(key, 1).incr(key)
          return (await pipeline.exec()) as [Error | null, unknown][]
        }),
      )
      expect(replies.flat()).toEqual(
        spread.flatMap(() => [
          [null, 'OK'],
          [null, 2],
        ]),
      )
      expect(await cluster.multi().incr('{user}:n').rpush('{user}:list', 'a').exec()).toEqual([
        [null, 1],
        [null, 1],
      ])
      await expect(cluster.mget('a', 'b')).rejects.toThrow('CROSSSLOT')
    })

    it.runIf(count > 1)('follows MOVED, alone and in a pipeline, and looks again', async () => {
      const cluster = clusterOf()
      await once(cluster, 'ready')
      const { slots } = cluster as unknown as { slots: string[][] }
      const right = slots.map(([name]) => name)
      // All it knows of the slots is wrong.
      const [first, second] = [...new Set(right)] as [string, string]
      const forget = (): void => slots.forEach((of, i) => void (of[0] = right[i] === first ? second : first))
      forget()
      const keys = spread.slice(0, 20)
      expect(await Promise.all(keys.map((key, i) => cluster.set(key, i)))).toEqual(keys.map(() => 'OK'))
      expect(keys.map(key => store.get(key))).toEqual(keys.map((_key, i) => String(i)))
      const { slots: learned } = cluster as unknown as { slots: string[][] }
      expect(learned[slotOf(keys[0] as string)]?.[0]).toBe(right[slotOf(keys[0] as string)])
      forget()
      const pipeline = cluster.pipeline()
      for (let i = 0; i < 10; i++) pipeline.incr(`{user}:${i}`)
      expect(await pipeline.exec()).toEqual(Array.from({ length: 10 }, () => [null, 1]))
    })

    it('subscribes, by channel and by shard', async () => {
      const cluster = clusterOf(nodes(), { shardedSubscribers: true } as ClusterOptions)
      const heard: string[] = []
      cluster.on('message', (channel: string, message: string) => heard.push(`${channel} ${message}`))
      await cluster.subscribe('news')
      const publisher = clusterOf()
      await publisher.publish('news', 'one')
      store.publish('news', 'two')
      await expect.poll(() => heard).toEqual(['news one', 'news two'])
      const shard: string[] = []
      cluster.on('smessage', (channel: string, message: string) => shard.push(`${channel} ${message}`))
      const channels = spread.slice(0, 10)
      for (const channel of channels) await cluster.ssubscribe(channel)
      for (const channel of channels) await publisher.spublish(channel, 'x')
      await expect.poll(() => shard.toSorted()).toEqual(channels.map(channel => `${channel} x`).toSorted())
    })

    it('waits at the node of a key for what comes by another way', async () => {
      const cluster = clusterOf()
      const popped = cluster.blpop('queue', 0)
      await expect.poll(() => store.info('clients').clients?.blocked_clients).toBe(1)
      store.rpush('queue', 'job')
      expect(await popped).toEqual(['queue', 'job'])
    })
  })
})
