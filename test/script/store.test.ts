import { describe, expect, it } from 'vitest'
import { Store as Core } from '../../src/core.ts'
import { Store, VirtualHost } from '../../src/index.ts'
import { type LuaOptions, lua } from '../../src/lua.ts'
import { persistence } from '../../src/persist/index.ts'
import { RemoteStore } from '../../src/remote/index.ts'
import { MemoryDriver } from '../../src/storage/memory.ts'
import { createTestStore } from '../../src/testing/index.ts'
import { keyspaceOf } from '../../src/install.ts'
import type { EffectArg } from '../../src/keyspace.ts'

const store = (options?: LuaOptions): Store => new Store({ scripting: lua(options) })

/** Attaches a log to a store, which can be taken back to a mark. */
function observed(s: Store): { log: EffectArg[][]; commits: () => number } {
  const log: EffectArg[][] = []
  let committed = 0
  let commits = 0
  keyspaceOf(s).databases.attach({
    append: (_, argv) => void log.push([...argv]),
    commit: () => {
      commits++
      committed = log.length
    },
    mark: () => ({ length: log.length }),
    rollback: mark => void (log.length = (mark as { length: number } | undefined)?.length ?? committed),
  })
  return { log, commits: () => commits }
}

const killed = /^ERR Script killed by user with SCRIPT KILL\.\.\./

describe('scripts, typed', () => {
  it('take keys and arguments, and answer values', () => {
    const s = store()
    expect(s.eval('return 1')).toBe(1)
    expect(s.eval('return {KEYS[1], ARGV[1], ARGV[2]}', ['k'], ['a', 2])).toEqual(['k', 'a', '2'])
    expect(s.eval("return redis.call('SET', KEYS[1], ARGV[1])", ['k'], ['v'])).toBe('OK')
    expect(s.eval('return {1, false, {2, "x"}, redis.error_reply("MY error")}')).toMatchObject([1, null, [2, 'x'], {}])
    expect(s.eval('redis.setresp(3) return {map={a=1}}')).toEqual(new Map([['a', 1]]))
    expect(s.eval('return {double=1.5}')).toBe(1.5)
    expect(s.eval('return {big_number="123456789012345678901"}')).toBe(123456789012345678901n)
    expect(s.eval('return 2^62')).toBe(2n ** 62n)
    expect(s.eval('return {set={x=true}}')).toEqual(['x'])
    expect(s.bytes.eval('return "\\255"')).toEqual(new Uint8Array([255]))
    expect(() => s.eval('return redis.error_reply("MY error")')).toThrow('MY error')
    expect(() => s.eval(1 as unknown as string, 'k' as unknown as string[])).toThrow('keys must be an array')
    expect(() => s.evalRo("redis.call('SET', KEYS[1], 1)", ['k'])).toThrow('Write commands are not allowed')
  })

  it('carry any bytes', () => {
    const s = store()
    const all = Uint8Array.from({ length: 256 }, (_, i) => i)
    s.set('bytes', all)
    expect(s.bytes.eval("local v = redis.call('GET', KEYS[1]) redis.call('SET', 'copy', v) return #v", ['bytes'])).toBe(
      256,
    )
    expect(s.bytes.get('copy')).toEqual(all)
    expect(s.eval("return redis.call('GET', KEYS[1])", ['grün'])).toBe(null)
    s.set('grün', 'väl')
    expect(s.eval("return {#KEYS[1], redis.call('GET', KEYS[1])}", ['grün'])).toEqual([5, 'väl'])
  })

  it('are kept by their SHA-1', () => {
    const s = store()
    expect(() => s.evalsha('e0e1f9fabfc9d4800c877a703b823ac0578ff8db')).toThrow('NOSCRIPT No matching script')
    const one = s.script('return 1')
    expect(one.sha1).toBe('e0e1f9fabfc9d4800c877a703b823ac0578ff8db')
    expect([one.run(), one.runRo(), s.evalsha(one.sha1), s.evalshaRo(one.sha1)]).toEqual([1, 1, 1, 1])
    expect(s.call('SCRIPT', 'SHOW', one.sha1)).toBe('return 1')
    s.call('SCRIPT', 'FLUSH')
    expect(() => s.evalsha(one.sha1)).toThrow('NOSCRIPT')
    expect(one.run()).toBe(1)
    expect(() => s.script('return (')).toThrow('ERR Error compiling script')
  })

  it('are run by a RemoteStore, by text once', async () => {
    const s = store()
    const sent: string[] = []
    const far = new RemoteStore(async ([name, ...args]) => {
      sent.push(name)
      return s.call(name, ...args)
    })
    const add = far.script("return redis.call('INCRBY', KEYS[1], ARGV[1])")
    expect([await add.run(['n'], [2]), await add.run(['n'], [3])]).toEqual([2, 5])
    expect(sent).toEqual(['EVALSHA', 'EVAL', 'EVALSHA'])
    expect(await far.eval('return {1, "x"}')).toEqual([1, 'x'])
  })

  it('wait for an engine, which the core has no need of', () => {
    const needs = 'ERR scripts need an engine: open the store with the option scripting: lua() of embedis/lua'
    expect(() => new Store().eval('return 1')).toThrow(needs)
    expect(() => new Store().script('return 1')).toThrow(needs)
    expect(new Core({ scripting: lua() }).eval("return redis.call('INCR', KEYS[1])", ['n'])).toBe(1)
  })

  it('are one of the commands of a queue, and of a transaction', () => {
    const s = store()
    expect(s.multi().set('a', 1).eval("return redis.call('INCR', KEYS[1])", ['a']).exec()).toEqual(['OK', 2])
    expect(() =>
      s.transaction(tx => {
        tx.eval("redis.call('SET', KEYS[1], 'x')", ['a'])
        throw new Error('back')
      }),
    ).toThrow('back')
    expect(s.get('a')).toBe('2')
  })
})

describe('scripts are atomic', () => {
  it('what one does before an error stays, as in Redis', () => {
    const s = store()
    expect(() => s.eval("redis.call('SET', 'a', 1) for i = 1, 2 do redis.call('INCR', 'n') end error('x')")).toThrow(
      'x',
    )
    expect([s.get('a'), s.get('n')]).toEqual(['1', '2'])
  })

  it('its effects are logged, and its events told, as one', () => {
    const s = store()
    const { commits, log } = observed(s)
    const events: string[] = []
    s.on('*', event => void events.push(`${event.event} ${event.key} ${s.get('b')}`))
    s.eval("redis.call('SET', 'a', 1) redis.call('SET', 'b', 2) return redis.call('GET', 'a')")
    expect(log).toEqual([
      ['SET', 'a', 1],
      ['SET', 'b', 2],
    ])
    expect(commits()).toBe(1)
    expect(events).toEqual(['set a 2', 'set b 2'])
  })

  it('set_repl keeps effects out of the log', () => {
    const s = store()
    const { log } = observed(s)
    s.eval(
      "redis.call('SET','a',1) redis.set_repl(redis.REPL_NONE) redis.call('SET','b',2) redis.set_repl(redis.REPL_ALL) redis.call('SET','c',3)",
    )
    s.eval("redis.set_repl(redis.REPL_REPLICA) redis.call('SET','x',1)")
    s.set('d', 4)
    expect(log.map(([, key]) => key)).toEqual(['a', 'c', 'd'])
  })

  it('time stands still, and SELECT ends with it', () => {
    const s = new Store({ scripting: lua(), host: new VirtualHost({ now: 5000 }) })
    expect(s.eval("return redis.call('TIME')")).toEqual(['5', '0'])
    expect(s.eval("redis.call('SELECT', 2) redis.call('SET', 'k', 'v') return redis.call('PING')")).toBe('PONG')
    expect([s.get('k'), s.db(2).get('k'), s.eval("return redis.call('GET', 'k')")]).toEqual([null, 'v', null])
  })
})

describe('a script that takes too long', () => {
  /** What comes before a function in the order of `string`. */
  const before = (name: string): string => {
    const all = store().eval('local t = {} for k in pairs(string) do t[#t + 1] = k end return t') as string[]
    return all[all.indexOf(name) - 1] as string
  }
  const limited = (): Store => store({ instructions: 200_000 })

  it('is stopped, and what it did is taken back', () => {
    const s = limited()
    s.set('a', 'before')
    s.rpush('l', 'x', 'y')
    const loop =
      "redis.call('SET','a','after') redis.call('LPOP','l') redis.call('HSET','h','f','v') while true do redis.call('INCR','n') end"
    expect(() => s.eval(loop)).toThrow(killed)
    expect([s.get('a'), s.lrange('l', 0, -1), s.exists('h', 'n')]).toEqual(['before', ['x', 'y'], 0])
    expect(s.eval('return 1')).toBe(1)
  })

  it('is taken back without a word that says it may take long', () => {
    const few = store({ instructions: 120 })
    expect(() => few.eval("redis.call('SET','a',1) redis.call('SET','b',1) redis.call('SET','c',1)")).toThrow(killed)
    expect(few.exists('a', 'b')).toBe(0)
    const s = store({ instructions: 1e6 })
    const search = `(('a'):rep(2000), ('a-'):rep(6) .. 'b')`
    for (const found of [
      `string['fi' .. 'nd']${search}`,
      `local s, t = 'fi', string s = s .. 'nd' t[s]${search}`,
      `string[ARGV[1]]${search}`,
      `select(2, next(string, ARGV[2]))${search}`,
    ]) {
      expect(() => s.eval(`redis.call('SET','a',1) ${found}`, [], ['find', before('find')]), found).toThrow(killed)
      expect(s.exists('a'), found).toBe(0)
    }
  })

  it('cannot catch that', () => {
    const s = limited()
    for (const body of [
      'while true do pcall(function() while true do end end) end',
      'local function f() return f() end f()',
      'repeat xpcall(function() while true do end end, function() end) until false',
      'local co = coroutine.wrap(function() while true do end end) while true do pcall(co) end',
      'while true do string.rep("x", 100) end',
    ]) {
      expect(() => s.eval(body)).toThrow(killed)
    }
  })

  it('takes back nothing of what a transaction or batch around it did', () => {
    const s = limited()
    const { log } = observed(s)
    const events: string[] = []
    s.on('*', ({ event, key }) => void events.push(`${event} ${key}`))
    s.batch(() => {
      s.set('a', 1)
      expect(() => s.eval("redis.call('SET','a','x') redis.call('SET','b','x') while true do end")).toThrow(killed)
      s.set('c', 1)
    })
    s.transaction(() => {
      s.incr('a')
      expect(() => s.eval("redis.call('SET','a','x') while true do end")).toThrow(killed)
      s.eval("for i = 1, 2 do redis.call('INCR', 'a') end")
    })
    expect([s.get('a'), s.get('b'), s.get('c')]).toEqual(['4', null, '1'])
    expect(events).toEqual(['set a', 'set c', 'incrby a', 'incrby a', 'incrby a'])
    expect(log.map(argv => argv.join(' '))).not.toContain('SET b x')
    expect(() =>
      s.transaction(() => {
        s.eval("for i = 1, 2 do redis.call('INCR', 'a') end redis.call('SET', 'new', 1)")
        throw new Error('back')
      }),
    ).toThrow('back')
    expect([s.get('a'), s.exists('new')]).toEqual(['4', 0])
  })

  it('may be one of MULTI', async () => {
    const s = limited()
    const session = s.session()
    await session.call('MULTI')
    await session.call('SET', 'a', 1)
    await session.call('EVAL', "redis.call('SET','a',2) while true do end", 0)
    await session.call('INCR', 'a')
    const replies = (await session.call('EXEC')) as unknown[]
    expect(replies).toMatchObject(['OK', { message: expect.stringMatching(killed) as string }, 2])
  })

  it('is stopped when it fills the memory, which it may catch', () => {
    const s = store({ memory: 1e6 })
    expect(() => s.eval('local t = {} while true do t[#t + 1] = {} end')).toThrow('not enough memory')
    expect(() => s.eval("local s = 'x' while true do s = s .. s end")).toThrow('not enough memory')
    expect(s.eval('return 1')).toBe(1)
  })
})

describe('libraries of functions', () => {
  const library = (name: string, body = `return {'${name}', keys, args}`): string =>
    `#!lua name=${name}\nredis.register_function('${name}_f', function(keys, args) ${body} end)`

  it('are there again when a store is opened', async () => {
    const driver = new MemoryDriver()
    const open = (): Promise<Store> => Store.open({ scripting: lua(), persistence: persistence(async () => driver) })
    const first = await open()
    first.call('FUNCTION', 'LOAD', library('a'))
    first.call('FUNCTION', 'LOAD', library('gone'))
    first.call('FUNCTION', 'DELETE', 'gone')
    first.call('FUNCTION', 'LOAD', library('b'))
    first.call('FUNCTION', 'LOAD', 'REPLACE', library('b', "return redis.call('INCR', keys[1])"))
    const payload = first.bytes.fcall === undefined ? '' : first.call('FUNCTION', 'DUMP')
    await first.close()
    const second = await open()
    expect(second.fcall('a_f', ['k'], ['v'])).toEqual(['a', ['k'], ['v']])
    expect(second.fcall('B_F', ['n'])).toBe(1)
    await second.rewrite()
    await second.close()
    const third = await open()
    expect(third.fcall('b_f', ['n'])).toBe(2)
    expect(() => third.fcall('gone_f')).toThrow('ERR Function not found')
    third.call('FUNCTION', 'FLUSH')
    third.call('FUNCTION', 'RESTORE', payload as string)
    expect(() => third.call('FUNCTION', 'RESTORE', payload as string)).toThrow(/^ERR Library [ab] already exists/)
    expect(third.call('FUNCTION', 'RESTORE', payload as string, 'REPLACE')).toBe('OK')
    expect(third.fcall('b_f', ['n'])).toBe(3)
    await third.close()
    const fourth = await open()
    expect(fourth.fcall('b_f', ['n'])).toBe(4)
    await fourth.close()
  })

  it('go with forks, and back with transactions', () => {
    const s = store()
    s.call('FUNCTION', 'LOAD', library('a'))
    const fork = s.fork()
    s.call('FUNCTION', 'FLUSH')
    expect(() => s.fcall('a_f')).toThrow('Function not found')
    expect(fork.fcall('a_f')).toEqual(['a', [], []])
    expect(() =>
      fork.transaction(() => {
        fork.call('FUNCTION', 'LOAD', library('b'))
        expect(fork.fcall('b_f')).toEqual(['b', [], []])
        fork.call('FUNCTION', 'DELETE', 'a')
        throw new Error('back')
      }),
    ).toThrow('back')
    expect(fork.fcall('a_f')).toEqual(['a', [], []])
    expect(() => fork.fcall('b_f')).toThrow('Function not found')
  })

  it('are counted by INFO', () => {
    const s = store()
    s.call('FUNCTION', 'LOAD', library('a'))
    s.eval('return 1')
    expect(s.info('memory').memory).toMatchObject({
      number_of_cached_scripts: 1,
      number_of_functions: 1,
      number_of_libraries: 1,
    })
  })
})

describe('functions of the program', () => {
  it('are called by whoever has the store', async () => {
    const s = store()
    const add = s.function('add', (tx, [key], [by]) => tx.incrby(key, Number(by)), { description: 'adds' })
    const sum: number = add(['n'], [2])
    expect(sum).toBe(2)
    expect(s.fcall('ADD', ['n'], [3])).toBe(5)
    expect(s.call('FCALL', 'add', 1, 'n', 4)).toBe(9)
    const session = s.session()
    await session.call('SELECT', 3)
    expect(await session.call('FCALL', 'add', 1, 'n', 1)).toBe(1)
    expect(s.db(3).get('n')).toBe('1')
    expect(s.fork().fcall('add', ['n'], [1])).toBe(10)
    expect(s.get('n')).toBe('9')
  })

  it('need no engine', () => {
    const s = new Store()
    const one = s.function('one', () => 1)
    expect([one(), one([], []), s.fcall('one'), s.call('FCALL', 'one', 0)]).toEqual([1, 1, 1, 1])
  })

  it('are taken back when they throw, and tell why', () => {
    const s = store()
    s.function('fails', (tx, [key]) => {
      tx.set(key, 1)
      throw new Error('no\nway')
    })
    s.function('refuses', tx => tx.lpush('text', 'x'))
    s.set('text', 'x')
    expect(() => s.call('FCALL', 'fails', 1, 'k')).toThrow('ERR no way')
    expect(() => s.call('FCALL', 'refuses', 0)).toThrow('WRONGTYPE')
    expect(s.get('k')).toBe(null)
    s.function('later', async () => 1)
    expect(() => s.call('FCALL', 'later', 0)).toThrow('must not return a promise')
  })

  it('answer what replies can hold', () => {
    const s = store()
    const replies: [unknown, unknown][] = [
      ['text', 'text'],
      [1, 1],
      [1.5, 1.5],
      [2n ** 60n, 2n ** 60n],
      [2n ** 70n, 2n ** 70n],
      [null, null],
      [undefined, null],
      [true, true],
      [
        ['a', [1]],
        ['a', [1]],
      ],
      [{ a: 1 }, new Map([['a', 1]])],
      [new Map([['a', [1]]]), new Map([['a', [1]]])],
      [new Set(['a']), ['a']],
      [new TextEncoder().encode('ä'), 'ä'],
    ]
    for (const [given, expected] of replies) {
      s.function('it', () => given)
      expect(s.fcall('it')).toEqual(expected)
    }
    s.function('it', () => Symbol('x'))
    expect(() => s.fcall('it')).toThrow('a symbol is no reply')
  })

  it('that only read write nothing', () => {
    const s = store()
    s.function('look', (tx, [key]) => tx.get(key), { readonly: true })
    s.function('write', (tx, [key]) => tx.set(key, 1), { readonly: true })
    s.function('both', () => 1)
    expect(s.fcallRo('look', ['k'])).toBe(null)
    expect(() => s.fcall('write', ['k'])).toThrow('Write commands are not allowed from read-only scripts.')
    expect(() => s.fcallRo('both')).toThrow('ERR Can not execute a script with write flag using *_ro command.')
    expect(s.set('k', 1)).toBe('OK')
  })

  it('are listed, but are in no dump', () => {
    const s = store()
    const empty = s.call('FUNCTION', 'DUMP')
    s.function('look', () => 1, { readonly: true, description: 'looks' })
    expect(s.call('FUNCTION', 'LIST')).toEqual([
      new Map<string, unknown>([
        ['library_name', 'javascript'],
        ['engine', 'JAVASCRIPT'],
        [
          'functions',
          [
            new Map<string, unknown>([
              ['name', 'look'],
              ['description', 'looks'],
              ['flags', ['no-writes']],
            ]),
          ],
        ],
      ]),
    ])
    expect(s.call('FUNCTION', 'DUMP')).toEqual(empty)
    s.call('FUNCTION', 'FLUSH')
    expect(s.fcall('look')).toBe(1)
    const library = "#!lua name=x\nredis.register_function('look', function() end)"
    expect(() => s.call('FUNCTION', 'LOAD', library)).toThrow('ERR Function look already exists')
    s.call('FUNCTION', 'LOAD', library.replace('look', 'other'))
    expect(() => s.function('Other', () => 1)).toThrow('a library has a function Other')
    expect(() => s.function('a b', () => 1)).toThrow(TypeError)
  })
})

describe('around scripts', () => {
  it('a strict store refuses keys that were not declared', () => {
    const s = createTestStore({ scripting: lua(), strict: true })
    expect(s.eval("return redis.call('SET', KEYS[1], 1)", ['a'])).toBe('OK')
    expect(() => s.eval("return redis.call('SET', 'b', 1)", ['a'])).toThrow("the script uses the key 'b'")
    const loose = createTestStore({ scripting: lua(), strict: { scripts: false } })
    expect(loose.eval("return redis.call('SET', 'b', 1)")).toBe('OK')
  })

  it('redis.log is heard', () => {
    const heard: unknown[] = []
    store({ onLog: (...args) => heard.push(args) }).eval("redis.log(redis.LOG_WARNING, 'a', 1, {}, 'ä')")
    expect(heard).toEqual([['warning', 'a 1 ä']])
  })

  it('scripts of one engine share nothing but what is compiled', () => {
    const scripting = lua()
    const [a, b] = [new Store({ scripting }), new Store({ scripting, redisVersion: '7.2.1' })]
    const sha = a.script('return 1').sha1
    expect(() => b.evalsha(sha)).toThrow('NOSCRIPT')
    expect([a.eval('return redis.REDIS_VERSION'), b.eval('return redis.REDIS_VERSION_NUM')]).toEqual([
      '7.4.0',
      0x070201,
    ])
  })

  it('what Redis has no words for has some', () => {
    const s = store({ instructions: 1e6 })
    expect(() => s.eval('error({})')).toThrow('ERR the error is a table without a text in its field err')
    expect(() => s.eval("return setmetatable({err='x'}, {__index=function() error('boo') end})")).toThrow(/^x$/)
    expect(() => s.call('SCRIPT', 'DEBUG', 'YES')).toThrow('ERR embedis has no debugger for scripts')
    expect(() => s.call('SCRIPT', 'DEBUG', 'x')).toThrow('ERR Use SCRIPT DEBUG YES/SYNC/NO')
    expect(s.call('SCRIPT', 'DEBUG', 'NO')).toBe('OK')
    expect(s.eval('return {redis == server, redis.breakpoint()}')).toEqual([1, null])
    expect(() => s.call('FUNCTION', 'LOAD', '#!lua name=x\nwhile true do end')).toThrow(
      'ERR Error registering functions: ERR FUNCTION LOAD timeout',
    )
    const session = s.session()
    return expect(session.call('EVAL', 'return {double=0.1}', 0)).resolves.toBe(0.1)
  })

  it('no script sees another, the host, or a prototype', () => {
    const s = store()
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype']) {
      expect(s.eval('local t = {} return t[KEYS[1]] == nil', [name])).toBe(1)
      expect(
        s.eval('local t = {} t[KEYS[1]] = 1 local n = 0 for k in pairs(t) do n = n + 1 end return {n, t[KEYS[1]]}', [
          name,
        ]),
      ).toEqual([1, 1])
      expect(() => s.eval(`return ${name}`)).toThrow('nonexistent global variable')
      expect(s.eval('return {map={[KEYS[1]]=1}}', [name])).toEqual(new Map([[name, 1]]))
    }
    s.eval('KEYS[1] = "changed" ARGV.x = 1', ['k'])
    expect(s.eval('return {#KEYS, ARGV.x == nil}')).toEqual([0, 1])
    for (const body of [
      'x = 1',
      '_G.x = 1',
      'redis.call = 1',
      'string.x = 1',
      'getmetatable("").__index = 1',
      'rawset(_G, "x", 1)',
      'setmetatable(_G, nil)',
      'table.insert(redis, 1)',
      'getmetatable(_G).__index = nil',
      'KEYS = 1',
    ]) {
      expect(() => s.eval(body), body).toThrow('Attempt to modify a readonly table')
    }
    for (const name of [
      'print',
      'dofile',
      'loadfile',
      'io',
      'debug',
      'require',
      'getfenv',
      'setfenv',
      'newproxy',
      'process',
      'globalThis',
    ]) {
      expect(() => s.eval(`return ${name}`), name).toThrow('nonexistent global variable')
    }
  })

  it('options are checked', () => {
    expect(() => lua({ instructions: -1 })).toThrow(TypeError)
    expect(() => lua({ memory: 'x' as unknown as number })).toThrow(TypeError)
  })
})
