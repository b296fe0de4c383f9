import { Store } from '../src/index.ts'
import { startRedis } from './peers/redis.ts'
import { awaited, type Built, chance, over, type Suite, uniform } from './suite.ts'

const COUNT = 20_000

/** Places over a country of some 1000 km, which every subject gets. */
function places(size: number): Float64Array {
  const random = chance(11)
  return Float64Array.from({ length: size * 2 }, (_, i) => (i % 2 === 0 ? 5 + random() * 10 : 45 + random() * 10))
}

const member = (index: number): string => `place:${index}`

async function viaClient(size: number, server: Awaited<ReturnType<typeof startRedis>>): Promise<Built | undefined> {
  if (server === undefined) return undefined
  const { client } = server
  const given = places(size)
  for (let from = 0; from < size; from += 1000) {
    const args: (string | number)[] = []
    for (let i = from; i < Math.min(from + 1000, size); i++) args.push(given[i * 2], given[i * 2 + 1], member(i))
    await client.call('GEOADD', 'map', ...args)
  }
  const at = uniform(size, COUNT)
  const search = (i: number, reach: number, ...more: (string | number)[]): Promise<unknown[]> =>
    client.call(
      'GEOSEARCH',
      'map',
      'FROMLONLAT',
      given[i * 2],
      given[i * 2 + 1],
      'BYRADIUS',
      reach,
      'km',
      ...more,
    ) as Promise<unknown[]>
  return {
    cases: {
      'the 10 nearest of 50 km': awaited(at, async i => (await search(i, 50, 'ASC', 'COUNT', 10)).length, 20),
      'the 10 nearest of 5 km': awaited(at, async i => (await search(i, 5, 'ASC', 'COUNT', 10)).length, 20),
      'any 10 of 50 km': awaited(at, async i => (await search(i, 50, 'COUNT', 10, 'ANY')).length, 20),
      'all within 5 km': awaited(at, async i => (await search(i, 5)).length, 20),
      geodist: awaited(at, async i => Number(await client.call('GEODIST', 'map', member(i), member(0))), 20),
      'geoadd, move': awaited(
        at,
        async i => Number(await client.call('GEOADD', 'map', given[i * 2], given[i * 2 + 1], member(i))),
        20,
      ),
    },
    close: () => server.close(),
  }
}

export const suite: Suite = {
  name: 'Places',
  sizes: [10_000, 1_000_000],
  subjects: {
    embedis: size => {
      const store = new Store()
      const given = places(size)
      store.geoadd(
        'map',
        Array.from({ length: size }, (_, i) => ({
          member: member(i),
          longitude: given[i * 2],
          latitude: given[i * 2 + 1],
        })),
      )
      const at = uniform(size, COUNT)
      const around = (i: number, radius: number) => ({
        from: { longitude: given[i * 2], latitude: given[i * 2 + 1] },
        by: { radius, unit: 'km' as const },
      })
      return {
        cases: {
          'the 10 nearest of 50 km': over(
            at,
            i => store.geosearch('map', { ...around(i, 50), asc: true, count: 10 }).length,
            20,
          ),
          'the 10 nearest of 5 km': over(
            at,
            i => store.geosearch('map', { ...around(i, 5), asc: true, count: 10 }).length,
            20,
          ),
          'any 10 of 50 km': over(
            at,
            i => store.geosearch('map', { ...around(i, 50), count: 10, any: true }).length,
            20,
          ),
          'all within 5 km': over(at, i => store.geosearch('map', around(i, 5)).length, 20),
          geodist: over(at, i => store.geodist('map', member(i), member(0)) as number, 20),
          'geoadd, move': over(at, i => store.geoadd('map', given[i * 2], given[i * 2 + 1], member(i)), 20),
        },
      }
    },
    redis: async size => viaClient(size, await startRedis()),
  },
  claims: () => ({
    'the 10 nearest of 50 km': { redis: 1 },
    'the 10 nearest of 5 km': { redis: 1 },
  }),
}
