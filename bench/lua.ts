/**
 * Lua scripts: beside redis-server's EVAL, each script in one call so that the way to the server does not count, and beside
 * the two engines that npm has. It measures the package as it is built, because what runs TypeScript as it is gives each closure
 * a name when it is made, and scripts are made of closures: build it before, with `npm run build`.
 */
import path from 'node:path'
import fengari from 'fengari'
import { LuaFactory } from 'wasmoon'
import { startRedis } from './peers/redis.ts'
import { type Built, type Case, over, type Suite, uniform } from './suite.ts'

const built = (file: string): string => path.join(import.meta.dirname, '..', 'dist', file)
const { Store } = (await import(built('index.js'))) as typeof import('../src/index.ts')
const { lua } = (await import(built('lua.js'))) as typeof import('../src/lua.ts')

const scripts = {
  'loop of 1 M': [1_000_000, 'local s = 0 for i = 1, 1000000 do s = s + i end return s'],
  'fib(25)': [
    242_785,
    'local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end return fib(25)',
  ],
  '200 k table appends': [200_000, 'local t = {} for i = 1, 200000 do t[#t + 1] = i end return #t'],
  // By parts and table.concat, as one does who knows that `..` in a loop is quadratic in Lua.
  'string building': [
    100_000,
    'local t = {} for i = 1, 100000 do t[#t + 1] = "item:" .. i .. "," end return #table.concat(t)',
  ],
  // A function of the host with two arguments; in redis-server it is one of C.
  '100 k calls of the host': [
    100_000,
    'local band = bit.band local n = 0 for i = 1, 100000 do n = n + band(i, 255) end return n',
  ],
  '100 k redis.call': [
    100_000,
    'local n = 0 for i = 1, 100000 do n = n + redis.call("INCR", "count") end return n % 7',
  ],
} as const satisfies Record<string, readonly [number, string]>

type Eval = (script: string) => number | Promise<number>

function cases(evaluate: Eval): Record<string, Case> {
  return Object.fromEntries(
    Object.entries(scripts).map(([title, [ops, script]]) => [title, { ops, work: () => evaluate(script) }]),
  )
}

function withoutCommands(evaluate: Eval): Record<string, Case> {
  const { '100 k redis.call': _, ...rest } = cases(evaluate)
  return rest
}

const threeLines = `
  local old = redis.call('GET', KEYS[1])
  redis.call('SET', KEYS[1], ARGV[1])
  return old`

/** A hundred lines as scripts have them. */
function hundredLines(i: number): string {
  const lines = [`local key${i} = KEYS[1] .. ':${i}'`]
  for (let n = 0; lines.length < 98; n++) {
    lines.push(
      `local old${n} = redis.call('HGET', key${i}, 'field${n}')`,
      `if old${n} and tonumber(old${n}) > ${n} then`,
      `  redis.call('ZADD', KEYS[2], old${n} + ${n} * 2, ARGV[1] .. ':' .. ${n})`,
      '  return { old' + n + ', #ARGV, "kept" }',
      'end',
    )
  }
  return [...lines.slice(0, 96), `redis.call('DEL', key${i})`, 'return nil'].join('\n')
}

async function embedis(): Promise<Built> {
  const store = new Store({ scripting: lua() })
  const indexes = uniform(100_000, 200_000)
  for (let i = 0; i < 100_000; i++) store.set(`user:${i}`, 'value')
  const sha = store.call('SCRIPT', 'LOAD', threeLines) as string
  let compiled = 0
  return {
    cases: {
      ...cases(script => store.call('EVAL', script, 0) as number),
      'script of three lines': over(indexes, i => {
        const old = store.evalsha(sha, [`user:${i}`], ['value']) as string
        return old.length
      }),
      'its operations, called': over(indexes, i => {
        const old = store.get(`user:${i}`)
        store.set(`user:${i}`, 'value')
        return old?.length ?? 0
      }),
      'compiling 100 lines': {
        ops: 1,
        work: () => {
          // A program has tens of scripts, not thousands.
          if (compiled % 100 === 0) store.call('SCRIPT', 'FLUSH')
          return String(store.call('SCRIPT', 'LOAD', hundredLines(compiled++))).length
        },
      },
    },
  }
}

async function redisServer(): Promise<Built | undefined> {
  const server = await startRedis()
  if (server === undefined) return undefined
  return {
    cases: cases(async script => Number(await server.client.eval(script, 0))),
    close: server.close,
  }
}

function ofFengari(): Built {
  const { lua: api, lauxlib, lualib, to_luastring: bytes } = fengari
  const state = lauxlib.luaL_newstate()
  lualib.luaL_openlibs(state)
  api.lua_createtable(state, 0, 1)
  api.lua_pushcfunction(state, (inner: unknown) => {
    api.lua_pushnumber(inner, api.lua_tonumber(inner, 1) & api.lua_tonumber(inner, 2))
    return 1
  })
  api.lua_setfield(state, -2, bytes('band'))
  api.lua_setglobal(state, bytes('bit'))
  return {
    cases: withoutCommands(script => {
      lauxlib.luaL_loadstring(state, bytes(script))
      api.lua_call(state, 0, 1)
      const result = Number(api.lua_tonumber(state, -1))
      api.lua_pop(state, 1)
      return result
    }),
  }
}

async function ofWasmoon(): Promise<Built> {
  const engine = await new LuaFactory().createEngine()
  engine.global.set('bit', { band: (a: number, b: number) => a & b })
  return { cases: withoutCommands(script => Number(engine.doStringSync(script))), close: () => engine.global.close() }
}

export const suite: Suite = {
  name: 'Lua scripts',
  sizes: [1],
  subjects: { embedis, 'redis-server': redisServer, fengari: ofFengari, wasmoon: ofWasmoon },
  claims: () => ({
    ...Object.fromEntries(Object.keys(scripts).map(title => [title, { 'redis-server': 1 }])),
    '100 k calls of the host': { 'redis-server': 1, fengari: 10, wasmoon: 10 },
  }),
  microseconds: { 'compiling 100 lines': 1000 },
  differences: { 'script of three lines': { over: 'its operations, called', microseconds: 1 } },
}
