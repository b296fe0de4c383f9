/** SAVE and its kin, SHUTDOWN and WAIT, over a connection to a store with files. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { listen, type ListenOptions, type Server } from '../../src/adapters/node/server.ts'
import { directory } from '../../src/fs.ts'
import { Store, VirtualHost } from '../../src/index.ts'
import { connectRedis, type RedisClient } from '../support/redis.ts'

let place: string
let store: Store
let server: Server
let client: RedisClient

async function start(options: ListenOptions = {}): Promise<void> {
  store = await Store.open({ persistence: directory(place) })
  server = await listen(store, options)
  client = await connectRedis({ port: server.port })
}

beforeEach(() => {
  place = mkdtempSync(path.join(tmpdir(), 'embedis-saving-'))
})
afterEach(async () => {
  client?.close()
  await server?.close()
  await store?.close()
  rmSync(place, { recursive: true, force: true })
})

it('SAVE answers when the snapshot is on disk', async () => {
  await start()
  const before = Number((await client.one('LASTSAVE')).slice(1))
  store.set('k', 'v')
  expect(await client.send([['SAVE'], ['PING']])).toEqual(['+OK', '+PONG'])
  expect(existsSync(path.join(place, 'dump.rdb'))).toBe(true)
  expect(Number((await client.one('LASTSAVE')).slice(1))).toBeGreaterThanOrEqual(before)
  const copy = await Store.open({ persistence: directory(mkdtempSync(path.join(place, 'copy-'))) })
  await copy.close()
})

it('BGSAVE and BGREWRITEAOF go on in the background, one of each at a time', async () => {
  await start()
  for (let i = 0; i < 20_000; i++) store.set(`key:${i}`, 'x'.repeat(50))
  const replies = await client.send([['BGSAVE'], ['BGSAVE'], ['SAVE'], ['BGREWRITEAOF'], ['BGREWRITEAOF'], ['PING']])
  expect(replies).toEqual([
    '+Background saving started',
    '-ERR Background save already in progress',
    '-ERR Background save already in progress',
    '+Background append only file rewriting scheduled',
    '-ERR Background append only file rewriting already in progress',
    '+PONG',
  ])
  expect(await client.one('INFO', 'persistence')).toContain('rdb_bgsave_in_progress:1')
  while (/in_progress:1/.test(await client.one('INFO', 'persistence'))) await new Promise(r => setTimeout(r, 10))
  expect(existsSync(path.join(place, 'dump.rdb'))).toBe(true)
  expect(existsSync(path.join(place, 'appendonlydir/appendonly.aof.2.base.rdb'))).toBe(true)
  expect(await client.send([['BGREWRITEAOF'], ['BGSAVE'], ['BGSAVE', 'SCHEDULE']])).toEqual([
    '+Background append only file rewriting started',
    "-ERR Another child process is active (AOF?): can't BGSAVE right now. Use BGSAVE SCHEDULE in order to schedule a BGSAVE whenever possible.",
    '+Background saving scheduled',
  ])
  expect(await client.one('WAITAOF', '1', '0', '0')).toBe('[:1 :0]')
})

it('without files they say so', async () => {
  const bare = new Store()
  const session = bare.session()
  for (const name of ['SAVE', 'BGSAVE', 'BGREWRITEAOF']) {
    await expect(session.call(name)).rejects.toThrow('ERR the store has no files: open it with Store.open')
  }
  await expect(session.call('WAITAOF', 1, 0, 0)).rejects.toThrow('appendonly is disabled')
  await expect(session.call('SHUTDOWN')).rejects.toThrow('ERR SHUTDOWN is not for clients of this store')
  await bare.close()
})

it('SHUTDOWN ends the connection and does what the program says', async () => {
  let ended = 0
  await start({ onShutdown: () => void ended++ })
  const gone = client.one('SHUTDOWN', 'SAVE')
  await expect(gone).rejects.toThrow('closed')
  expect(ended).toBe(1)
  expect(existsSync(path.join(place, 'dump.rdb'))).toBe(true)
})

it('WAIT waits for replicas that will not come, as long as it is told', async () => {
  const host = new VirtualHost()
  const timed = new Store({ host })
  const session = timed.session()
  const answers: unknown[] = []
  void session.call('WAIT', 1, 1000).then(answer => answers.push(answer))
  const after = session.call('PING')
  host.advance(999)
  await new Promise(resolve => setImmediate(resolve))
  expect(answers).toEqual([])
  host.advance(2)
  expect(await after).toBe('PONG')
  expect(answers).toEqual([0])
  const forEver = session.call('WAIT', 1, 0)
  session.close()
  await expect(forEver).rejects.toThrow('the connection was closed')
  await timed.close()
})
