--@ create, resume, yield
local co = coroutine.create(function(a, b) local c = coroutine.yield(a + b); local d, e = coroutine.yield(c * 2); return d + e end)
local out = {}
for _, args in ipairs({{1, 2}, {10}, {3, 4}, {}}) do local r = {coroutine.resume(co, unpack(args))}; out[#out + 1] = tostring(r[1]) .. ' ' .. tostring(r[2]) end
return out
--@ status
local co
local out = {}
co = coroutine.create(function() out[#out + 1] = coroutine.status(co); coroutine.yield(); out[#out + 1] = coroutine.status(co) end)
out[#out + 1] = coroutine.status(co)
coroutine.resume(co)
out[#out + 1] = coroutine.status(co)
coroutine.resume(co)
out[#out + 1] = coroutine.status(co)
return out
--@ status normal
local outer, inner
local seen
outer = coroutine.create(function() inner = coroutine.create(function() seen = coroutine.status(outer) end); coroutine.resume(inner) end)
coroutine.resume(outer)
return {seen, coroutine.status(outer), coroutine.status(inner)}
--@ status dead after an error
local co = coroutine.create(function() error('x') end)
coroutine.resume(co)
return {coroutine.status(co), select(2, coroutine.resume(co))}
--@ resume of a finished coroutine
local co = coroutine.create(function() return 1 end)
coroutine.resume(co)
local ok, e = coroutine.resume(co)
return {tostring(ok), e}
--@ resume of itself
local co
co = coroutine.create(function() return coroutine.resume(co) end)
local a, b, c = coroutine.resume(co)
return {tostring(a), tostring(b), c}
--@ resume of the one that resumed
local a, b, r
a = coroutine.create(function() coroutine.resume(b) end)
b = coroutine.create(function() r = {coroutine.resume(a)} end)
coroutine.resume(a)
return {tostring(r[1]), r[2]}
--@ values of yield and resume
local co = coroutine.create(function(...)
  local n = select('#', ...)
  local function pass(...) return select('#', ...) end
  n = n * 10 + pass(coroutine.yield(1, nil, 3))
  n = n * 10 + pass(coroutine.yield())
  return n, nil
end)
local out = {}
local function r(...) out[#out + 1] = select('#', coroutine.resume(co, ...)) end
r(nil, nil)
r(1, 2, 3, nil)
local ok, n = coroutine.resume(co)
return {out[1], out[2], n}
--@ wrap
local gen = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end)
return {gen(), gen(), gen(), select('#', gen())}
--@ wrap of a dead coroutine
local f = coroutine.wrap(function() return 1 end)
f()
return select(2, pcall(f))
--@ wrap passes errors on with position
local f = coroutine.wrap(function() error('inside') end)
return select(2, pcall(f))
--@ wrap passes tables as errors on
local f = coroutine.wrap(function() error({code = 5}) end)
local ok, e = pcall(f)
return {tostring(ok), type(e), e.code}
--@ wrap in a generic for
local function range(n) return coroutine.wrap(function() for i = 1, n do coroutine.yield(i, i * i) end end) end
local out = {}
for i, sq in range(4) do out[#out + 1] = i .. ':' .. sq end
return out
--@ yield from deep calls
local function walk(t) if type(t) == 'table' then for _, v in ipairs(t) do walk(v) end else coroutine.yield(t) end end
local out = {}
for v in coroutine.wrap(function() walk({1, {2, {3, 4}}, {{5}}}) end) do out[#out + 1] = v end
return out
--@ yield in arguments, constructors and conditions
local co = coroutine.wrap(function()
  local t = {coroutine.yield('a'), coroutine.yield('b') + 1, [coroutine.yield('c')] = coroutine.yield('d')}
  if coroutine.yield('e') then t.e = coroutine.yield('f') .. coroutine.yield('g') end
  while coroutine.yield('w') do t.n = (t.n or 0) + 1 end
  return t[1], t[2], t.key, t.e, t.n
end)
local seen = {}
local function r(v) local x = co(v); seen[#seen + 1] = tostring(x) end
r(); r(1); r(2); r('key'); r('value'); r(true); r('x'); r('y'); r(true); r(true)
local a, b, c, d, e = co(false)
return {table.concat(seen, ' '), a, b, c, d, e}
--@ yield in and, or, not, unary and comparison
local co = coroutine.wrap(function()
  local a = coroutine.yield(1) and coroutine.yield(2)
  local b = coroutine.yield(3) or coroutine.yield(4)
  local c = not coroutine.yield(5)
  local d = -coroutine.yield(6)
  local e = #coroutine.yield(7)
  local f = coroutine.yield(8) < coroutine.yield(9)
  return tostring(a), tostring(b), tostring(c), d, e, tostring(f)
end)
local seen = {}
local function r(v) seen[#seen + 1] = co(v) end
r(); r(true); r('A'); r(false); r('B'); r(false); r(5); r('four'); r(1)
local res = {co(2)}
return {table.concat(seen, ' '), unpack(res)}
--@ yield in an assignment with several targets
local t = {}
local co = coroutine.wrap(function() t[coroutine.yield('k1')], t[coroutine.yield('k2')] = coroutine.yield('v1'), coroutine.yield('v2'); return 'end' end)
co(); co('a'); co('b'); co(1)
return {co(2), t.a, t.b}
--@ yield in numeric for bounds and generic for
local out = {}
local co = coroutine.wrap(function() for i = coroutine.yield('from'), coroutine.yield('to'), coroutine.yield('step') do out[#out + 1] = i; coroutine.yield('in' .. i) end; for k, v in coroutine.yield('iter') do out[#out + 1] = v end; return 'end' end)
local seen = {co(), co(1), co(5), co(2), co(), co(), co()}
seen[#seen + 1] = co(ipairs({}))
return {table.concat(seen, ' '), table.concat(out, ' ')}
--@ yield in an iterator of generic for is refused
local co = coroutine.wrap(function() local out = {}; for v in function() return coroutine.yield('next') end do out[#out + 1] = v end; return table.concat(out, ',') end)
co(); co('a'); co('b')
return co(nil)
--@ yield in a return and a tail call
local function y(...) return coroutine.yield(...) end
local co = coroutine.wrap(function(a) return y(a) end)
local a = co('first')
local b, c = co('x', 'y')
return {a, b, c}
--@ yield in a method call
local o = {}
function o:m(x) self.v = x; return coroutine.yield(x) end
local co = coroutine.wrap(function() return o:m(coroutine.yield('arg')) .. '!' end)
return {co(), co('given'), co('back'), o.v}
--@ yield keeps locals and upvalues
local co = coroutine.wrap(function() local a, b = 1, 2; local function inc() a = a + 1; b = b * 2 end; while true do coroutine.yield(a .. '/' .. b); inc() end end)
return {co(), co(), co(), co()}
--@ yield per iteration closures
local fs = {}
local co = coroutine.wrap(function() for i = 1, 3 do fs[i] = function() i = i + 10; return i end; coroutine.yield(i) end end)
co(); co(); co()
return {fs[1](), fs[1](), fs[2](), fs[3]()}
--@ yield in a repeat condition
local n = 0
local co = coroutine.wrap(function() repeat local x = coroutine.yield(n); n = n + 1 until x == 'stop'; return 'stopped' end)
co(); co(1); co(2)
return {co('stop'), n}
--@ yield with varargs
local co = coroutine.wrap(function(...) local n = select('#', ...); local t = {coroutine.yield(...)}; return n, #t, ... end)
local a = {co(1, 2, 3)}
local b = {co('x', 'y')}
return {#a, unpack(b)}
--@ yield with many values
local t = {}
for i = 1, 150 do t[i] = i end
local co = coroutine.wrap(function(...) return select('#', coroutine.yield(...)) end)
return {select('#', co(unpack(t))), co(unpack(t, 1, 120))}
--@ yield across pcall is refused in 5.1
local co = coroutine.create(function() return pcall(function() coroutine.yield(1) end) end)
local a, b, c = coroutine.resume(co)
return {tostring(a), tostring(b), tostring(c), coroutine.status(co)}
--@ yield directly through pcall
local co = coroutine.create(function() return pcall(coroutine.yield, 1) end)
local a, b, c = coroutine.resume(co)
return {tostring(a), tostring(b), tostring(c), coroutine.status(co)}
--@ yield across table.sort, gsub and metamethods
local function try(f) local co = coroutine.create(f); local ok, e = coroutine.resume(co); return tostring(ok) .. ' ' .. tostring(e) end
return {
  try(function() table.sort({3, 2, 1}, function(a, b) coroutine.yield() end) end),
  try(function() ('abc'):gsub('.', function() coroutine.yield() end) end),
  try(function() return setmetatable({}, {__add = function() coroutine.yield() end}) + 1 end),
  try(function() return setmetatable({}, {__concat = function() coroutine.yield() end}) .. 1 end),
  try(function() local mt = {__lt = function() coroutine.yield() end}; return setmetatable({}, mt) < setmetatable({}, mt) end),
  try(function() setmetatable({}, {__newindex = function() coroutine.yield() end}).x = 1 end),
  try(function() for _ in setmetatable({}, {__call = function() coroutine.yield('called') end}) do end end),
  try(function() setmetatable({}, {__call = function() coroutine.yield('called') end})() end),
  try(function() tostring(setmetatable({}, {__tostring = function() coroutine.yield() end})) end),
  try(function() xpcall(function() coroutine.yield() end, function(e) return e end) return 'after' end),
  try(function() loadstring('coroutine.yield("in chunk")')() end),
}
--@ yield outside
return {select(2, pcall(coroutine.yield, 1)), select(2, pcall(function() coroutine.yield() end))}
--@ yield outside, not caught
coroutine.yield(1)
--@ running
local co
co = coroutine.create(function() return coroutine.running() == co end)
local _, same = coroutine.resume(co)
return {tostring(coroutine.running()), tostring(same)}
--@ errors inside with positions
local co = coroutine.create(function()
  local t = nil
  return t.x
end)
return select(2, coroutine.resume(co))
--@ errors inside nested calls
local function bad() error('deep', 2) end
local co = coroutine.create(function()
  bad()
end)
local ok, e = coroutine.resume(co)
return {tostring(ok), e}
--@ error levels at the base of a coroutine
local out = {}
for l = 0, 4 do out[#out + 1] = select(2, coroutine.resume(coroutine.create(function() error('l' .. l, l) end))) end
return out
--@ errors after a yield
local co = coroutine.create(function() coroutine.yield(); error({'table'}) end)
coroutine.resume(co)
local ok, e = coroutine.resume(co)
return {tostring(ok), type(e), e[1]}
--@ error nil inside
local ok, e = coroutine.resume(coroutine.create(function() error() end))
return {tostring(ok), tostring(e)}
--@ pcall inside a coroutine without yield
local co = coroutine.wrap(function() local ok, e = pcall(error, 'caught', 0); coroutine.yield(e); return 'end' end)
return {co(), co()}
--@ coroutines inside coroutines
local function gen(n) return coroutine.wrap(function() for i = 1, n do coroutine.yield(i) end end) end
local outer = coroutine.wrap(function() for i in gen(3) do for j in gen(i) do coroutine.yield(i * 10 + j) end end end)
local out = {}
for v in outer do out[#out + 1] = v end
return out
--@ producer, filter and consumer
local function producer() return coroutine.create(function() for _, l in ipairs({'one', 'two', 'three'}) do coroutine.yield(l) end end) end
local function filter(p) return coroutine.create(function() local n = 1; while true do local _, x = coroutine.resume(p); if x == nil then return nil end; coroutine.yield(n .. ' ' .. x); n = n + 1 end end) end
local f, out = filter(producer()), {}
while true do local _, v = coroutine.resume(f); if v == nil then break end; out[#out + 1] = v end
return out
--@ permutations
local function permgen(a, n) n = n or #a; if n <= 1 then coroutine.yield(table.concat(a)) else for i = 1, n do a[n], a[i] = a[i], a[n]; permgen(a, n - 1); a[n], a[i] = a[i], a[n] end end end
local out = {}
for p in coroutine.wrap(function() permgen({'a', 'b', 'c'}) end) do out[#out + 1] = p end
return out
--@ a scheduler
local log = {}
local function task(name, n) return coroutine.create(function() for i = 1, n do log[#log + 1] = name .. i; coroutine.yield() end end) end
local tasks = {task('a', 2), task('b', 3), task('c', 1)}
while #tasks > 0 do for i = #tasks, 1, -1 do coroutine.resume(tasks[i]); if coroutine.status(tasks[i]) == 'dead' then table.remove(tasks, i) end end end
return table.concat(log, ' ')
--@ primes by a chain of filters
local function numbers(n) return coroutine.wrap(function() for i = 2, n do coroutine.yield(i) end end) end
local function filter(p, g) return coroutine.wrap(function() for n in g do if n % p ~= 0 then coroutine.yield(n) end end end) end
local out, g = {}, numbers(40)
while true do local p = g(); if p == nil then break end; out[#out + 1] = p; g = filter(p, g) end
return out
--@ many coroutines
local cos, sum = {}, 0
for i = 1, 300 do cos[i] = coroutine.wrap(function() local n = i; while true do coroutine.yield(n); n = n + 1 end end) end
for round = 1, 3 do for i = 1, 300 do sum = sum + cos[i]() end end
return sum
--@ many yields of one coroutine
local co = coroutine.wrap(function() local s = 0; for i = 1, 5000 do s = s + coroutine.yield(i) end; return 'sum ' .. s end)
local v = co()
while type(v) == 'number' do v = co(v) end
return v
--@ recursion with yields
local function tree(d) if d == 0 then return nil end; return {left = tree(d - 1), value = d, right = tree(d - 1)} end
local function walk(t) if t then walk(t.left); coroutine.yield(t.value); walk(t.right) end end
local out = {}
for v in coroutine.wrap(function() walk(tree(4)) end) do out[#out + 1] = v end
return table.concat(out)
--@ a function runs inside and outside of coroutines
local function double(x) return x * 2 end
local function twice(f, x) return f(f(x)) end
local co = coroutine.wrap(function(x) coroutine.yield(twice(double, x)); return twice(function(v) return coroutine.yield(v) end, x) end)
return {twice(double, 1), co(2), co(), co(7), co(8)}
--@ arguments of the coroutine library
local out = {}
for i, f in ipairs({function() coroutine.create(1) end, function() coroutine.create() end, function() coroutine.resume(1) end, function() coroutine.status({}) end, function() coroutine.wrap('x') end, function() coroutine.resume() end, function() coroutine.create(tostring) return error('builtin', 0) end}) do out[i] = tostring(select(2, pcall(f))) end
return out
--@ a builtin as the body
local co = coroutine.create(tostring)
local ok, e = coroutine.resume(co, 5)
return {tostring(ok), e or 'nil'}
--@ wrap of a builtin
local ok, e = pcall(coroutine.wrap(math.max), 3, 9, 2)
return {tostring(ok), tostring(e)}
--@ yield as the body
local ok, e = pcall(coroutine.wrap, coroutine.yield)
return {tostring(ok), type(e)}
--@ type of a coroutine
local co = coroutine.create(function() end)
return {type(co), (tostring(co):gsub('0x%x+', 'ADDR'))}
--@ coroutines as table keys
local a, b = coroutine.create(function() end), coroutine.create(function() end)
local t = {[a] = 1, [b] = 2}
return {t[a], t[b]}
--@ resume passes the values of an error handler through
local co = coroutine.create(function(...) return ... end)
return {select('#', coroutine.resume(co, 1, nil, nil)), select('#', coroutine.resume(co))}
--@ redis.call inside a coroutine | KEYS co:k
local co = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(redis.call('INCR', KEYS[1])) end end)
return {co(), co(), co(), redis.call('GET', KEYS[1])}
--@ redis.call that fails inside a coroutine | KEYS co:k
redis.call('SET', KEYS[1], 'text')
local ok, e = coroutine.resume(coroutine.create(function() redis.call('INCR', KEYS[1]) end))
return {tostring(ok), type(e), type(e) == 'table' and e.err or tostring(e)}
--@ undeclared global inside a coroutine
return {select(2, coroutine.resume(coroutine.create(function() return nothing_here end))), select(2, coroutine.resume(coroutine.create(function() nothing_here = 1 end)))}
--@ a dead coroutine after a failed resume of nested ones
local inner = coroutine.create(function() error('inner') end)
local outer = coroutine.create(function() local ok, e = coroutine.resume(inner); coroutine.yield(tostring(ok) .. e); error('outer') end)
local _, a = coroutine.resume(outer)
local _, b = coroutine.resume(outer)
return {a, b, coroutine.status(inner), coroutine.status(outer)}
