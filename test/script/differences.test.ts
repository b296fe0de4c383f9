/** What scripts of Lua find otherwise than in Redis, as docs/differences.md lists it. */

import { describe, expect, it } from 'vitest'
import { Store } from '../../src/index.ts'
import { lua } from '../../src/lua.ts'

const store = new Store({ scripting: lua() })

function numbers(from: number, to: number): string {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i).join()
}

describe('scripts differ from those of Redis', () => {
  it('in the order of pairs, which is that of insertion', () => {
    expect(store.eval('local s = "" for k in pairs({a=1, b=2, c=3, zz=4, x=5}) do s = s .. k end return s')).toBe(
      'abczzx',
    )
    const put =
      'local t, s = {}, "" for _, k in ipairs(ARGV) do t[k] = 1 end for k in pairs(t) do s = s .. k end return s'
    expect(store.eval(put, [], ['z', 'a', 'm'])).toBe('zam')
  })

  it('in which end # finds of a table with holes', () => {
    // Redis: 3, and 4. Before an end there is something, and behind it nothing, in both.
    expect(store.eval('return #{n=1, nil, nil, 3}')).toBe(0)
    expect(store.eval('local t = {} t[1] = 1 t[2] = 2 t[4] = 4 return #t')).toBe(2)
  })

  it('in the sign of nan, which JavaScript does not tell', () => {
    expect(store.eval('return {tostring(0/0), tostring(-(0/0))}')).toEqual(['-nan', '-nan'])
  })

  it('in what string.dump gives, which is no code that loadstring takes, there or here', () => {
    expect(store.eval('return string.dump(function() return 1 end)')).toBe('\x1bLua')
    expect(() => store.eval('return loadstring(string.dump(function() return 1 end))()')).toThrow('attempt to call')
  })

  it('in how many arguments a call may have, because there are no registers', () => {
    expect(store.eval(`return select('#', ${numbers(1, 260)})`)).toBe(260)
  })

  it('in how deep functions may call themselves, within some thousands', () => {
    const deep = 'local function f(n) if n == 0 then return 0 end return 1 + f(n - 1) end return f(tonumber(ARGV[1]))'
    expect(store.eval(deep, [], [15_000])).toBe(15_000)
    expect(() => store.eval(deep, [], [30_000])).toThrow('stack overflow')
  })

  it('in collection of garbage, which is not theirs', () => {
    expect(store.eval("return {collectgarbage('step'), collectgarbage('setpause', 100)}")).toEqual([1, 0])
    expect(
      store.eval("local t = setmetatable({}, {__mode='k'}) t[{}] = 1 collectgarbage() return next(t) == nil"),
    ).toBe(null)
  })

  it('in errors of a reader that is given to load', () => {
    expect(store.eval("local _, e = load(function() error('x') end) return {type(e), e}")).toEqual([
      'string',
      'user_script:1: x',
    ])
  })

  it('in the place of errors of texts that were loaded under a name, or have several lines', () => {
    // Redis: on =named:1, and the whole text.
    expect(() => store.eval('loadstring(\'error("x")\', "=named")()')).toThrow(/, on @named:1\.$/)
    expect(() => store.eval("loadstring('local x = 1\\nerror(x)')()")).toThrow(/, on local x = 1\.\.\.:2\.$/)
  })

  it('in os, which 7.0 has not, and 7.4 has with a clock', () => {
    expect(store.eval('local names = "" for k in pairs(os) do names = names .. k end return names')).toBe('clock')
  })
})
