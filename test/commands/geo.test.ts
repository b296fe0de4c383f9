import { describe, expect, it } from 'vitest'
import { Store } from '../../src/index.ts'
import { keyspaceOf } from '../../src/install.ts'
import type { EffectArg } from '../../src/keyspace.ts'
import { distance } from '../../src/util/sphere.ts'
import { Random, seed } from '../util/live.ts'

const sicily = { longitude: 15, latitude: 37 }
const palermo = { member: 'Palermo', longitude: 13.361389, latitude: 38.115556 }
const catania = { member: 'Catania', longitude: 15.087269, latitude: 37.502669 }

function island(): Store {
  const store = new Store()
  store.geoadd('g', [palermo, catania])
  return store
}

describe('geo', () => {
  it('adds one and several, under conditions', () => {
    const store = island()
    expect(store.geoadd('g', 12.5, 38, 'Trapani')).toBe(1)
    expect(store.geoadd('g', 12.6, 38, 'Trapani')).toBe(0)
    expect(store.geoadd('g', 12.7, 38, 'Trapani', { ch: true })).toBe(1)
    expect(store.geoadd('g', [{ member: 'Trapani', longitude: 0, latitude: 0 }], { nx: true, ch: true })).toBe(0)
    expect(store.geoadd('g', 1, 1, 'new', { xx: true })).toBe(0)
    expect(store.zcard('g')).toBe(3)
    expect(store.zrem('g', 'Trapani')).toBe(1)
    expect(store.geopos('g', 'Trapani', 'Palermo')).toEqual([
      null,
      { longitude: expect.closeTo(palermo.longitude, 5), latitude: expect.closeTo(palermo.latitude, 5) },
    ])
  })

  it('tells distances and geohashes', () => {
    const store = island()
    expect(store.geodist('g', 'Palermo', 'Catania')).toBe(166274.1516)
    expect(store.geodist('g', 'Palermo', 'Catania', 'km')).toBe(166.2742)
    expect(store.geodist('g', 'Palermo', 'nowhere')).toBe(null)
    expect(store.geohash('g', 'Palermo', 'nowhere')).toEqual(['sqc8b49rny0', null])
    expect(store.bytes.geohash('g', ['Palermo'])).toEqual([new TextEncoder().encode('sqc8b49rny0')])
  })

  it('searches, and tells what is asked for', () => {
    const store = island()
    const by = { radius: 200, unit: 'km' } as const
    expect(store.geosearch('g', { from: sicily, by, asc: true })).toEqual(['Catania', 'Palermo'])
    expect(store.geosearch('g', { from: sicily, by, count: 1, withdist: true })).toEqual([
      { member: 'Catania', distance: 56.4413 },
    ])
    expect(
      store.geosearch('g', { from: { member: 'Palermo' }, by, desc: true, withhash: true, withcoord: true }),
    ).toEqual([
      { member: 'Catania', hash: 3479447370796909, coordinates: store.geopos('g', 'Catania')[0] },
      { member: 'Palermo', hash: 3479099956230698, coordinates: store.geopos('g', 'Palermo')[0] },
    ])
    expect(store.bytes.geosearch('g', { from: sicily, by: { width: 300, height: 300, unit: 'km' }, count: 1 })).toEqual(
      [new TextEncoder().encode('Catania')],
    )
    expect(store.geosearch('none', { from: { member: 'x' }, by })).toEqual([])
    expect(store.georadius('g', 15, 37, 200, 'km', { count: 1, withdist: true })[0]?.distance).toBe(56.4413)
    expect(store.georadiusbymember_ro('g', 'Catania', 1, 'm')).toEqual(['Catania'])
  })

  it('stores places and distances', () => {
    const store = island()
    store.set('to', 'x')
    const search = { from: sicily, by: { radius: 200, unit: 'km' } } as const
    expect(store.geosearchstore('to', 'g', search)).toBe(2)
    expect(store.geodist('to', 'Palermo', 'Catania')).toBe(166274.1516)
    expect(store.geosearchstore('to', 'g', { ...search, storedist: true, count: 1 })).toBe(1)
    expect(store.zscore('to', 'Catania')).toBeCloseTo(56.4413, 4)
    expect(store.georadius('g', 0, 0, 1, 'm', { store: 'to' })).toBe(0)
    expect(store.exists('to')).toBe(0)
  })

  it('finds what looking at everything finds, and the nearest first', () => {
    const r = new Random(seed)
    for (const size of [100, 3000]) {
      const store = new Store()
      const near = (): number => (r.next() < 0.5 ? 1 : 0.01)
      store.geoadd(
        'g',
        Array.from({ length: size }, (_, i) => ({
          member: `m${i}`,
          longitude: (r.next() * 360 - 180) * near(),
          latitude: (r.next() * 2 - 1) * 85 * near(),
        })),
      )
      const members = store.zrange('g', 0, -1)
      const points = store.geopos('g', members)
      for (let i = 0; i < 60; i++) {
        // Not so near to a pole that Redis' cells leave something out.
        const [longitude, latitude] = [(r.next() * 340 - 170) * near(), (r.next() * 2 - 1) * 60 * near()]
        const radius = 10 ** (r.next() * 3.3)
        const all = members
          .map((member, at) => {
            const point = points[at] as { longitude: number; latitude: number }
            return { member, far: distance(longitude, latitude, point.longitude, point.latitude) }
          })
          .filter(({ far }) => far <= radius * 1000)
          .sort((a, b) => a.far - b.far)
          .map(({ member }) => member)
        const search = { from: { longitude, latitude }, by: { radius, unit: 'km' } } as const
        expect(store.geosearch('g', search).sort()).toEqual([...all].sort())
        expect(store.geosearch('g', { ...search, asc: true })).toEqual(all)
        expect(store.geosearch('g', { ...search, desc: true })).toEqual([...all].reverse())
        const count = r.int(1, 20)
        expect(store.geosearch('g', { ...search, count })).toEqual(all.slice(0, count))
        expect(store.geosearch('g', { ...search, count, desc: true })).toEqual([...all].reverse().slice(0, count))
        const any = store.geosearch('g', { ...search, count, any: true })
        expect(any).toHaveLength(Math.min(count, all.length))
        for (const member of any) expect(all).toContain(member)
      }
    }
  })

  it('keeps members at one place in their order', () => {
    const store = new Store()
    const members = Array.from({ length: 300 }, (_, i) => `m${String(i).padStart(3, '0')}`)
    store.geoadd(
      'g',
      members.map(member => ({ member, longitude: 1, latitude: 2 })),
    )
    const search = { from: { member: 'm007' }, by: { radius: 0, unit: 'm' } } as const
    expect(store.geosearch('g', search)).toEqual(members)
    expect(store.geosearch('g', { ...search, count: 10 })).toEqual(members.slice(0, 10))
    expect(store.geosearch('g', { ...search, desc: true, count: 10 })).toEqual(members.slice(0, 10))
  })

  it('names what it cannot take', () => {
    const store = island()
    const by = { radius: 1, unit: 'km' } as const
    expect(() => store.geoadd('g', 181, 0, 'x')).toThrow('ERR invalid longitude,latitude pair 181.000000,0.000000')
    expect(() => store.geoadd('g', Number.NaN, 0, 'x')).toThrow('ERR value is not a valid float')
    expect(() => store.geoadd('g', [])).toThrow(TypeError)
    expect(() => store.geoadd('g', '1' as never, 2, 'x')).toThrow(TypeError)
    expect(() => store.geoadd('g', 1, 2, undefined as never)).toThrow(/member must be/)
    expect(() => store.geosearch('g', undefined as never)).toThrow(TypeError)
    expect(() => store.geosearch('g', { by } as never)).toThrow(/from must be/)
    expect(() => store.geosearch('g', { from: sicily } as never)).toThrow(/by must be/)
    expect(() => store.geosearch('g', { from: sicily, by: { radius: 1 } } as never)).toThrow(/unit must be/)
    expect(() => store.geosearch('g', { from: sicily, by, count: 1.5 })).toThrow(/count must be an integer/)
    expect(() => store.geosearch('g', { from: { member: 'x' }, by })).toThrow('ERR could not decode')
    expect(() => store.georadius('g', 1, 2, 3, 'km', { store: 'to', withdist: true })).toThrow('not compatible')
    store.set('s', 'x')
    expect(() => store.geosearch('s', {} as never)).toThrow('WRONGTYPE')
  })

  it('is rolled back, forked and logged', () => {
    const store = island()
    const log: EffectArg[][] = []
    keyspaceOf(store).databases.attach({
      append: (_, argv) => void log.push([...argv]),
      commit: () => {},
      mark: () => ({}),
      rollback: () => {},
    })
    const before = store.geopos('g', 'Palermo')
    expect(() =>
      store.transaction(tx => {
        tx.geoadd('g', 0, 0, 'Palermo')
        tx.geosearchstore('g', 'g', { from: sicily, by: { radius: 1, unit: 'm' } })
        throw new Error('back')
      }),
    ).toThrow('back')
    expect(store.geopos('g', 'Palermo')).toEqual(before)
    const fork = store.fork()
    fork.geoadd('g', 0, 0, 'Palermo')
    expect(store.geopos('g', 'Palermo')).toEqual(before)
    log.length = 0
    store.geoadd('g', 0, 0, 'zero')
    store.geosearchstore('g', 'g', { from: { member: 'zero' }, by: { radius: 1, unit: 'm' } })
    expect(log).toEqual([
      ['ZADD', 'g', 3377699720527872, 'zero'],
      ['DEL', 'g'],
      ['ZADD', 'g', 3377699720527872, 'zero'],
    ])
  })
})
