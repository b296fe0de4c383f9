/** The tools that come with Redis, where they are installed, against a server of ours. */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { listen, type Server } from '../../src/adapters/node/server.ts'
import { Store } from '../../src/index.ts'
import { encodeCommands } from '../support/redis.ts'

vi.setConfig({ testTimeout: 60_000 })

const installed = spawnSync('redis-cli', ['--version']).status === 0
const benchmark = spawnSync('redis-benchmark', ['--version']).status === 0

let store: Store
let server: Server

beforeAll(async () => {
  store = new Store()
  server = await listen(store)
})
afterAll(async () => {
  await server.close()
  await store.close()
})

interface Run {
  readonly out: string
  readonly code: number | null
}

/** Runs a tool to its end, or for so long when it has none; the server is in this process, so nothing may block it. */
function tool(name: string, args: readonly string[], input?: string | Buffer, ms?: number): Promise<Run> {
  return new Promise(resolve => {
    const child = spawn(name, ['-p', String(server.port), ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
    let out = ''
    child.stdout.on('data', data => (out += String(data)))
    child.stderr.on('data', data => (out += String(data)))
    const timer = ms === undefined ? undefined : setTimeout(() => child.kill('SIGINT'), ms)
    child.on('close', code => {
      clearTimeout(timer)
      resolve({ out, code })
    })
    if (input !== undefined) child.stdin.write(input)
    if (ms === undefined || input !== undefined) child.stdin.end()
  })
}

const cli = (args: readonly string[], input?: string | Buffer, ms?: number): Promise<Run> =>
  tool('redis-cli', args, input, ms)

describe.skipIf(!installed)('redis-cli', () => {
  it('sends commands, in both protocols', async () => {
    expect((await cli(['SET', 'k', 'v'])).out).toBe('OK\n')
    expect((await cli(['GET', 'k'])).out).toBe('v\n')
    expect((await cli(['NOSUCH'])).out).toContain("ERR unknown command 'NOSUCH'")
    expect((await cli(['EVAL', "return redis.call('GET', KEYS[1])", '1', 'k'])).out).toBe('v\n')
    await cli(['HSET', 'h', 'a', '1', 'b', '2'])
    expect((await cli(['--no-raw', 'HGETALL', 'h'])).out).toBe('1) "a"\n2) "1"\n3) "b"\n4) "2"\n')
    expect((await cli(['-3', '--no-raw', 'HGETALL', 'h'])).out).toBe('1# "a" => "1"\n2# "b" => "2"\n')
    expect((await cli(['-3', '--json', 'HGETALL', 'h'])).out).toBe('{"a":"1","b":"2"}\n')
    expect((await cli([], 'SELECT 3\nSET x y\nDBSIZE\nMULTI\nGET x\nEXEC\n')).out).toBe('OK\nOK\n1\nOK\nQUEUED\ny\n')
    expect((await cli(['-n', '3', 'GET', 'x'])).out).toBe('y\n')
    expect((await cli(['INFO', 'server'])).out).toContain(`tcp_port:${server.port}`)
  })

  it('scans, and finds what is big', async () => {
    for (let i = 0; i < 500; i++) store.set(`scan:${i}`, i)
    store.rpush(
      'scan:list',
      Array.from({ length: 1000 }, (_, i) => `item ${i}`),
    )
    const { out } = await cli(['--scan', '--pattern', 'scan:*'])
    expect(new Set(out.trim().split('\n')).size).toBe(501)
    const big = await cli(['--bigkeys'])
    expect(big.out).toContain(`Biggest   list found '"scan:list"' has 1000 items`)
    expect((await cli(['--memkeys'])).out).toContain('Biggest   list found')
    expect(big.code).toBe(0)
  })

  it('monitors and listens', async () => {
    const [monitor, listener] = [cli(['MONITOR'], undefined, 1500), cli(['SUBSCRIBE', 'news'], undefined, 1500)]
    await new Promise(resolve => setTimeout(resolve, 600))
    await cli(['PUBLISH', 'news', 'hello'])
    const [seen, heard] = await Promise.all([monitor, listener])
    expect(seen.out).toMatch(/^OK\n.*\[0 127\.0\.0\.1:\d+\] "PUBLISH" "news" "hello"$/ms)
    expect(heard.out).toMatch(/message\nnews\nhello\n/)
  })

  it('pipes RESP', async () => {
    const commands = Array.from({ length: 20_000 }, (_, i) => ['SET', `piped:${i}`, String(i)])
    const { out } = await cli(['--pipe'], encodeCommands([...commands, ['NOSUCH']]))
    expect(out).toContain('errors: 1, replies: 20001')
    expect(store.get('piped:19999')).toBe('19999')
  })

  it('measures latency', async () => {
    const { out } = await cli(['--latency', '--csv'], undefined, 1500)
    expect(out).toMatch(/^\d+,\d+,\d+\.\d+,\d+/)
  })

  it('finds its way in a cluster', async () => {
    const other = new Store()
    const nodes = await listen(other, { cluster: { nodes: 3 } })
    const ask = (...args: string[]): Promise<Run> =>
      new Promise(resolve => {
        const child = spawn('redis-cli', ['-p', String(nodes.port), ...args])
        let out = ''
        child.stdout.on('data', data => (out += String(data)))
        child.on('close', code => resolve({ out, code }))
      })
    expect((await ask('-c', 'SET', 'a', '1')).out).toContain('OK')
    expect((await ask('--cluster', 'check', `127.0.0.1:${nodes.port}`)).out).toContain('All 16384 slots covered')
    await nodes.close()
    await other.close()
  })
})

describe.skipIf(!benchmark)('redis-benchmark', () => {
  it('runs its tests', async () => {
    const { out, code } = await tool('redis-benchmark', ['-n', '2000', '-c', '20', '-P', '4', '-q', '-r', '100'])
    expect(code).toBe(0)
    expect(out).not.toContain('Error')
    for (const test of ['SET', 'GET', 'ZADD', 'ZPOPMIN', 'LRANGE_600', 'MSET (10 keys)']) {
      expect(out).toMatch(new RegExp(`${test.replace(/[()]/g, '\\$&')}.*requests per second`))
    }
  })
})

if (!installed) {
  // Said once: which of the tools is missing shows in what was skipped.
  it('is not installed', () => expect(() => execFileSync('redis-cli')).toThrow())
}
