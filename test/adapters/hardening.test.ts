/** What clients may do to a server that they should not: the checklist of docs' security notes, line 7, and then some. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server as NetServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { connect as connectTls } from 'node:tls'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { listen, type ListenOptions, type Server } from '../../src/adapters/node/server.ts'
import { Store } from '../../src/index.ts'
import { connectRedis, encodeCommands, RedisClient } from '../support/redis.ts'

vi.setConfig({ testTimeout: 60_000 })

// The collector, so that what is left is what somebody holds.
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

let store: Store
let server: Server
let place: string
const sockets: Socket[] = []

async function start(options: ListenOptions = {}): Promise<Server> {
  server = await listen(store, options)
  return server
}

/** A client that says what it got, and when the other side ended it. */
function raw(to: { port: number; host?: string } = { port: server.port }): {
  socket: Socket
  got: () => string
  ended: Promise<string>
} {
  const socket = connect({ host: '127.0.0.1', ...to })
  sockets.push(socket)
  let text = ''
  socket.on('data', data => (text += data.toString('latin1')))
  const ended = new Promise<string>(resolve => socket.on('close', () => resolve(text)))
  socket.on('error', () => {})
  return { socket, got: () => text, ended }
}

const soon = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

async function until(fact: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if (await fact()) return
    await soon(10)
  }
  expect.fail('it did not come about')
}

const clientsNow = (): number => Number(store.info('clients').clients.connected_clients)

beforeEach(() => {
  store = new Store()
  place = mkdtempSync(path.join(tmpdir(), 'embedis-hard-'))
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await server?.close()
  await store.close()
  rmSync(place, { recursive: true, force: true })
})

describe('input', () => {
  it('may come byte by byte', async () => {
    await start()
    const { socket, got } = raw()
    socket.setNoDelay(true)
    for (const byte of encodeCommands([
      ['SET', 'k', 'v'],
      ['GET', 'k'],
      ['ECHO', 'é\0'],
    ])) {
      socket.write(Buffer.of(byte))
      await new Promise(resolve => setImmediate(resolve))
    }
    await until(() => got() === '+OK\r\n$1\r\nv\r\n$3\r\n\xc3\xa9\0\r\n')
  })

  it('may end in the midst of a command, of which nothing is executed', async () => {
    await start()
    for (const half of [
      '*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1',
      '*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\nabc',
      'SET k v',
      '*',
    ]) {
      const { socket, ended } = raw()
      socket.end(half)
      expect(await ended).toBe('')
    }
    expect(store.exists('k')).toBe(0)
    await until(() => clientsNow() === 0)
  })

  it('that is too much, negative or no RESP ends the connection with an error', async () => {
    await start()
    const cases: readonly (readonly [string, string])[] = [
      ['*1048577\r\n', 'invalid multibulk length'],
      ['*9223372036854775807\r\n', 'invalid multibulk length'],
      ['*99999999999999999999999\r\n', 'invalid multibulk length'],
      ['*1\r\n$536870913\r\n', 'invalid bulk length'],
      ['*1\r\n$-1\r\n', 'invalid bulk length'],
      ['*1\r\n$-9223372036854775808\r\n', 'invalid bulk length'],
      ['*1\r\n$x\r\n', 'invalid bulk length'],
      ['*x\r\n', 'invalid multibulk length'],
      ['*1\r\n:1\r\n', "expected '$', got ':'"],
      ['x'.repeat(70_000), 'too big inline request'],
      [`*${'1'.repeat(70_000)}`, 'too big mbulk count string'],
      [`*1\r\n$${'1'.repeat(70_000)}`, 'too big bulk count string'],
      ['SET "k\r\n', 'unbalanced quotes in request'],
    ]
    for (const [bytes, reason] of cases) {
      const { socket, ended } = raw()
      socket.write(bytes)
      expect([bytes.slice(0, 30), await ended]).toEqual([bytes.slice(0, 30), `-ERR Protocol error: ${reason}\r\n`])
    }
    // Noise: whatever it is taken for, others are served.
    let state = 1
    for (let i = 0; i < 50; i++) {
      const noise = Buffer.alloc(3000)
      for (let at = 0; at < noise.length; at++) {
        state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
        noise[at] = state >>> 16
      }
      raw().socket.end(noise)
    }
    const client = await connectRedis({ port: server.port })
    expect(await client.one('PING')).toBe('+PONG')
    client.close()
  })

  it('by HTTP is cut without an answer, and nothing behind it is executed', async () => {
    await start()
    for (const request of [
      'POST / HTTP/1.1\r\nSET k v\r\n',
      'post /\r\nSET k v\r\n',
      'GET / HTTP/1.1\r\nHost: x\r\nSET k v\r\n',
    ]) {
      const { socket, ended } = raw()
      socket.write(request)
      const answer = await ended
      expect(answer.replace(/^-ERR wrong number of arguments for 'get' command\r\n/, '')).toBe('')
    }
    expect(store.exists('k')).toBe(0)
  })

  it('of those who have not said who they are must be small', async () => {
    await start({ password: 'secret' })
    const many = raw()
    many.socket.write('*11\r\n')
    expect(await many.ended).toBe('-ERR Protocol error: unauthenticated multibulk length\r\n')
    const long = raw()
    long.socket.write('*2\r\n$4\r\nAUTH\r\n$16385\r\n')
    expect(await long.ended).toBe('-ERR Protocol error: unauthenticated bulk length\r\n')
    const client = await connectRedis({ port: server.port })
    expect(await client.one('GET', 'k')).toBe('-NOAUTH Authentication required.')
    expect(await client.one('AUTH', 'secret')).toBe('+OK')
    expect(await client.one('SET', 'k', 'x'.repeat(20_000))).toBe('+OK')
    client.close()
  })
})

describe('clients', () => {
  it('beyond the limit are told so and cut, until another one goes', async () => {
    await start({ maxClients: 3 })
    const inside = await Promise.all([1, 2, 3].map(() => connectRedis({ port: server.port })))
    for (const client of inside) expect(await client.one('PING')).toBe('+PONG')
    const { socket, ended } = raw()
    socket.write('PING\r\n')
    expect(await ended).toBe('-ERR max number of clients reached\r\n')
    expect(store.info('clients').clients.maxclients).toBe(3)
    inside[0]?.close()
    await until(() => clientsNow() === 2)
    const next = await connectRedis({ port: server.port })
    expect(await next.one('PING')).toBe('+PONG')
    for (const client of [...inside, next]) client.close()
  })

  it('that never read their replies hold up nobody, and cost no more than they may', async () => {
    const maxUnread = 1 << 20
    await start({ maxUnread })
    store.set('big', 'x'.repeat(100_000))
    const before = process.memoryUsage()
    const { socket } = raw()
    socket.pause()
    // Five gigabytes of replies, asked for in a megabyte.
    const commands = Buffer.from('*2\r\n$3\r\nGET\r\n$3\r\nbig\r\n'.repeat(50_000))
    socket.write(commands)
    await soon(300)
    const client = await connectRedis({ port: server.port })
    for (let i = 0; i < 100; i++) expect(await client.one('PING')).toBe('+PONG')
    const after = process.memoryUsage()
    expect(after.rss - before.rss).toBeLessThan(150 << 20)
    client.close()
    // It is served when it reads: what it asked for was not lost.
    let read = 0
    socket.on('data', data => (read += data.length))
    socket.resume()
    await until(() => read > 200_000_000)
  })

  it('that never read their messages are cut, and others get theirs', async () => {
    await start({ maxUnreadMessages: 1 << 20 })
    const deaf = raw()
    deaf.socket.write('SUBSCRIBE news\r\n')
    await until(() => deaf.got().includes('subscribe'))
    deaf.socket.pause()
    const listener = await connectRedis({ port: server.port })
    listener.post([['SUBSCRIBE', 'news']])
    await until(() => listener.pushes.length === 1)
    const payload = 'x'.repeat(10_000)
    for (let i = 0; i < 2000; i++) {
      store.publish('news', payload)
      if (i % 20 === 0) await new Promise(resolve => setImmediate(resolve))
    }
    await until(() => listener.pushes.length === 2001)
    await until(() => clientsNow() === 1)
    listener.close()
  })

  it('that monitor and never read are cut, too', async () => {
    await start({ maxUnreadMessages: 1 << 20 })
    const deaf = raw()
    deaf.socket.write('MONITOR\r\n')
    await until(() => deaf.got() === '+OK\r\n')
    deaf.socket.pause()
    const client = await connectRedis({ port: server.port })
    for (let i = 0; i < 300; i++) await client.one('ECHO', 'x'.repeat(50_000))
    await until(() => clientsNow() === 1)
    client.close()
  })

  it('that are idle are cut when told so, but not those who wait for something', async () => {
    await start({ timeout: 1 })
    const idle = raw()
    idle.socket.write('PING\r\n')
    const listener = await connectRedis({ port: server.port })
    listener.post([['SUBSCRIBE', 'news']])
    const blocked = await connectRedis({ port: server.port })
    const popped = blocked.one('BLPOP', 'queue', '0')
    const began = Date.now()
    expect(await idle.ended).toBe('+PONG\r\n')
    expect(Date.now() - began).toBeGreaterThan(900)
    await soon(300)
    store.rpush('queue', 'job')
    expect(await popped).toBe('["queue" "job"]')
    store.publish('news', 'x')
    await until(() => listener.pushes.length === 2)
    listener.close()
    blocked.close()
  })

  it('may be very many, one after the other, and leave nothing behind', async () => {
    await start()
    const one = (): Promise<void> =>
      new Promise((resolve, reject) => {
        const socket = connect({ host: '127.0.0.1', port: server.port })
        socket.on('error', reject)
        socket.on('connect', () => socket.write('SUBSCRIBE a\r\nWATCH k\r\nPSUBSCRIBE b\r\n'))
        socket.once('data', () => {
          socket.destroy()
          resolve()
        })
      })
    const round = async (count: number): Promise<void> => {
      for (let done = 0; done < count; done += 100) await Promise.all(Array.from({ length: 100 }, one))
      await until(() => clientsNow() === 0)
    }
    const used = (): number => {
      collect()
      return process.memoryUsage().heapUsed
    }
    await round(2000)
    const before = used()
    await round(10_000)
    // Each one left behind would be some kilobytes.
    expect(used() - before).toBeLessThan(20 << 20)
    expect(store.call('PUBSUB', 'CHANNELS')).toEqual([])
    expect(store.call('PUBSUB', 'NUMPAT')).toBe(0)
  })
})

describe('listening', () => {
  it('speaks TLS, and does not bear with those who do not', async () => {
    const [key, cert] = [path.join(place, 'key.pem'), path.join(place, 'cert.pem')]
    const made = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -keyout ${key} -out ${cert}`
    execFileSync('openssl', made.split(' '), { stdio: 'ignore' })
    await start({ tls: { key: readFileSync(key), cert: readFileSync(cert) } })
    expect(server.url).toMatch(/^rediss:\/\/127\.0\.0\.1:\d+$/)
    const socket = connectTls({ port: server.port, host: '127.0.0.1', ca: readFileSync(cert), servername: 'localhost' })
    sockets.push(socket)
    await new Promise(resolve => socket.once('secureConnect', resolve))
    const client = new RedisClient(socket, false)
    expect(await client.one('SET', 'k', 'x'.repeat(300_000))).toBe('+OK')
    expect(await client.one('STRLEN', 'k')).toBe(':300000')
    const plain = raw()
    plain.socket.write('PING\r\n')
    expect(await plain.ended).not.toContain('PONG')
    expect(await client.one('PING')).toBe('+PONG')
  })

  it('takes a Unix socket, for its owner alone, and one that a dead process left behind', async () => {
    const file = path.join(place, 'socket')
    await start({ path: file })
    expect(server.url).toBe(`unix://${file}`)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const client = await connectRedis({ path: file })
    expect(await client.one('PING')).toBe('+PONG')
    client.close()
    const other = new Store()
    await expect(listen(other, { path: file })).rejects.toThrow('EADDRINUSE')
    await server.close()
    expect(existsSync(file)).toBe(false)
    // As after SIGKILL: the file is there, and nobody listens.
    const dies = `require('net').createServer().listen(${JSON.stringify(file)}, () => process.kill(process.pid, 'SIGKILL'))`
    spawnSync('node', ['-e', dies])
    expect(existsSync(file)).toBe(true)
    await start({ path: file })
    const again = await connectRedis({ path: file })
    expect(await again.one('PING')).toBe('+PONG')
    again.close()
    const plain = path.join(place, 'file')
    writeFileSync(plain, 'something')
    await expect(listen(other, { path: plain })).rejects.toThrow('EADDRINUSE')
    expect(readFileSync(plain, 'utf8')).toBe('something')
    await other.close()
  })

  it('refuses what others can reach without a password', async () => {
    for (const host of ['0.0.0.0', '::', '10.1.2.3']) {
      await expect(listen(store, { host })).rejects.toThrow(`${host} can be reached by others: give a password`)
    }
    await start({ host: '0.0.0.0', password: 'secret' })
    const client = await connectRedis({ port: server.port })
    expect(await client.one('GET', 'k')).toMatch(/^-NOAUTH/)
    client.close()
  })

  it('takes the loopback of IPv6', async () => {
    await start({ host: '::1' })
    expect(server.url).toBe(`redis://[::1]:${server.port}`)
    const client = await connectRedis({ host: '::1', port: server.port })
    expect(await client.one('PING')).toBe('+PONG')
    client.close()
  })

  it('rejects when the port is taken, and leaves nothing open', async () => {
    const bound = async (port: number): Promise<NetServer | undefined> => {
      const one = createServer()
      const took = await new Promise<boolean>(resolve => {
        one.once('error', () => resolve(false))
        one.listen(port, '127.0.0.1', () => resolve(true))
      })
      return took ? one : undefined
    }
    const end = (one: NetServer): Promise<void> => new Promise(resolve => void one.close(() => resolve()))
    // Two ports side by side of which the first is free: connections that have ended keep theirs for a minute.
    let other: NetServer | undefined
    let port = 0
    for (let tries = 0; other === undefined && tries < 500; tries++) {
      const second = (await bound(0)) as NetServer
      port = (second.address() as { port: number }).port
      const first = await bound(port - 1)
      if (first === undefined) await end(second)
      else {
        await end(first)
        other = second
      }
    }
    await expect(listen(store, { port })).rejects.toThrow('EADDRINUSE')
    // One node of a cluster that cannot be takes the others with it.
    await expect(listen(store, { port: port - 1, cluster: { nodes: 2 }, password: 'x' })).rejects.toThrow('EADDRINUSE')
    // Nor does it lock a store that nobody can reach.
    expect(await store.session().call('PING')).toBe('PONG')
    const free = await bound(port - 1)
    expect(free).toBeDefined()
    for (const one of [other, free]) if (one !== undefined) await end(one)
  })

  it('ends with its connections, blocked and listening ones too, and leaves no handle', async () => {
    const handles = (): number => process.getActiveResourcesInfo().filter(name => /TCP|Pipe/.test(name)).length
    const before = handles()
    await start()
    const clients = await Promise.all([1, 2, 3].map(() => connectRedis({ port: server.port })))
    const [blocked, listener, unread] = clients as [RedisClient, RedisClient, RedisClient]
    const popped = blocked.one('BLPOP', 'queue', '0')
    listener.post([['SUBSCRIBE', 'news']])
    expect(await unread.one('PING')).toBe('+PONG')
    const first = server.close()
    await expect(popped).rejects.toThrow('closed')
    await first
    await server.close()
    await until(() => handles() <= before)
    expect(clientsNow()).toBe(0)
    await expect(connectRedis({ port: server.port })).rejects.toThrow('ECONNREFUSED')
    // The store goes on.
    store.rpush('queue', 'x')
    expect(store.llen('queue')).toBe(1)
  })

  it('bears with a store that is closed under it', async () => {
    await start()
    const client = await connectRedis({ port: server.port })
    const popped = client.one('BLPOP', 'queue', '0')
    await until(() => store.info('clients').clients.blocked_clients === 1)
    await store.close()
    expect(await popped).toBe('-ERR the store was closed')
  })

  it('says which option cannot be', async () => {
    await expect(listen(store, { maxClients: -1 })).rejects.toThrow('maxClients must be a number that is not negative')
    await expect(listen(store, { cluster: { nodes: 0 } })).rejects.toThrow(
      'nodes must be a whole number from 1 to 1000',
    )
    await expect(listen(store, { cluster: true, path: '/x' })).rejects.toThrow('a cluster is reached by ports')
  })
})
