/** What a user writes, against the packed package: run in every runtime, compiled strict as ESM and as CJS. */
import { ReplyError, type Scored, type Script, Store, VirtualHost } from 'embedis'
import { lua } from 'embedis/lua'
import { RemoteStore } from 'embedis/remote'
import { createTestStore, type TestStore } from 'embedis/testing'
import { handler, requester } from 'embedis/upstash'

// What the web's standards have: a program of its own would have types for them.
declare const Request: new (url: string, init: { method: string; body: string; headers: object }) => object

function expect(what: string, got: unknown, wanted: unknown): void {
  const [a, b] = [JSON.stringify(got), JSON.stringify(wanted)]
  if (a !== b) throw new Error(`${what}: ${a} instead of ${b}`)
}

export async function program(): Promise<string> {
  const host = new VirtualHost()
  const store = new Store({ host })
  store.set('greeting', 'hello', { ex: 60 })
  const greeting: string | null = store.get('greeting')
  expect('get', greeting, 'hello')
  store.hset('user:1', { name: 'Ada', visits: 1 })
  expect('hincrby', store.hincrby('user:1', 'visits', 1), 2)
  store.zadd('board', { alice: 1500, bob: 1700 })
  const top: Scored[] = store.zrange('board', 0, 0, { rev: true, withscores: true })
  expect('zrange', top, [{ member: 'bob', score: 1700 }])
  store.rpush('queue', 'a', 'b')
  expect('lpop', store.lpop('queue'), 'a')
  expect('sadd', store.sadd('tags', 'x', 'y', 'x'), 2)
  const [first, second] = store.multi().incr('n').incr('n').exec()
  expect('multi', [first, second], [1, 2])
  try {
    store.transaction(tx => {
      tx.del('greeting')
      throw new Error('stop')
    })
  } catch {}
  expect('rollback', store.get('greeting'), 'hello')
  try {
    store.incr('greeting')
    throw new Error('no error')
  } catch (error) {
    expect('error', error instanceof ReplyError && error.message, 'ERR value is not an integer or out of range')
  }
  expect('call', store.call('TTL', 'greeting'), 60)
  host.advance(61_000)
  expect('expired', store.get('greeting'), null)
  expect('bytes', Array.from(store.bytes.get('n') ?? []), [50])
  const remote = new RemoteStore(async argv => store.call(...argv) as string)
  expect('remote', await remote.zrange('board', 0, -1), ['alice', 'bob'])
  expect('requester', await requester(store).request({ body: ['GET', 'n'] }), { result: '2' })
  const respond = handler(store, { token: 'secret' })
  const headers = { authorization: 'Bearer secret', 'upstash-encoding': 'base64' }
  const request = new Request('http://localhost/', { method: 'POST', body: '["INCRBY", "n", 40]', headers })
  const response = (await respond(request)) as { status: number; text(): Promise<string> }
  expect('handler', [response.status, await response.text()], [200, '{"result":42}'])
  const test: TestStore = createTestStore({ data: { a: '1' }, faults: [{ command: 'INCR', nth: 2, error: 'OOM' }] })
  expect('test store', test.fork().incr('a'), 2)
  expect(
    'fault',
    [test.incr('a'), await requester(test).request({ body: ['INCR', 'a'] })],
    [2, { error: "OOM command not allowed when used memory > 'maxmemory'." }],
  )
  test.log.assertRanTimes(2, 'INCR', 'a')
  await test.advanceAsync(5)
  expect('dump', test.dump(), '{\n  "a": "2"\n}\n')
  const scripted = new Store({ scripting: lua() })
  const add: Script = scripted.script("return redis.call('INCRBY', KEYS[1], ARGV[1])")
  expect('script', [add.run(['n'], [2]), scripted.eval('return {KEYS[1], 1}', ['k'])], [2, ['k', 1]])
  const twice = scripted.function('twice', (_, __, [n]) => 2 * Number(n))
  const four: number = twice([], [2])
  expect('function', [four, scripted.fcall('twice', [], [3])], [4, 6])
  store.close()
  return 'embedis works'
}
