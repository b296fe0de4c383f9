--@ arithmetic on nil, local
local a
return a + 1
--@ arithmetic on nil, by kinds of variable
local up
local t = {}
local out = {}
local function try(f) out[#out + 1] = select(2, pcall(f)) end
try(function() return up + 1 end)
try(function() local l; return l * 2 end)
try(function() return t.field - 1 end)
try(function() return t.a.b end)
try(function() return 1 + t.right end)
try(function() return -t.minus end)
try(function() return {} + 1 end)
try(function() return 1 / {} end)
try(function() return 'abc' + 1 end)
try(function() return 1 % 'x' end)
try(function() return true ^ 2 end)
try(function() return -'abc' end)
try(function() return -{} end)
try(function() return t + up end)
try(function() return up + t end)
try(function() local a, b = 1, 'x'; return a + b end)
try(function() return nil + nil end)
try(function() return (t.x) + 1 end)
try(function() return t['x y'] + 1 end)
try(function() return t[1] + 1 end)
try(function() return #up end)
try(function() return #5 end)
try(function() return #t.x end)
try(function() return #nil end)
return out
--@ arithmetic on results of calls
local function f() end
local out = {}
local function try(g) out[#out + 1] = select(2, pcall(g)) end
try(function() return f() + 1 end)
try(function() return 1 + f() end)
try(function() local t = {f()} return t[1] + 1 end)
try(function() return (f()) .. 'x' end)
return out
--@ concat errors
local up
local t = {}
local out = {}
local function try(f) out[#out + 1] = select(2, pcall(f)) end
try(function() return 'a' .. nil end)
try(function() return nil .. 'a' end)
try(function() return 'a' .. up end)
try(function() return up .. 'a' end)
try(function() local l; return 'a' .. l .. 'b' end)
try(function() return 'a' .. t.x end)
try(function() return t.x .. 'a' end)
try(function() return 'a' .. {} end)
try(function() return {} .. 'a' end)
try(function() return true .. 'x' end)
try(function() return 'a' .. 'b' .. t.c .. 'd' end)
try(function() return 1 .. {} end)
try(function() return 'x' .. function() end end)
try(function() return t .. t end)
try(function() local a, b = 'x', false; return a .. b end)
return out
--@ index errors
local up
local t = {}
local out = {}
local function try(f) out[#out + 1] = select(2, pcall(f)) end
try(function() return up.x end)
try(function() local l; return l.x end)
try(function() local l; return l[1] end)
try(function() return t.a.b end)
try(function() return t.a.b.c end)
try(function() return t[1][2] end)
try(function() return (nil).x end)
try(function() return (5).x end)
try(function() return (true).x end)
try(function() local f = function() end; return f.x end)
try(function() up.x = 1 end)
try(function() t.a.b = 1 end)
try(function() t[1][2] = 1 end)
try(function() local l = 5; l.x = 1 end)
try(function() return t:nomethod().x end)
try(function() return up:method() end)
try(function() return ('x').y.z end)
try(function() ('x').y = 1 end)
try(function() return t[up].x end)
return out
--@ call errors
local up
local t = {s = 'str'}
local out = {}
local function try(f) out[#out + 1] = select(2, pcall(f)) end
try(function() up() end)
try(function() local l; l() end)
try(function() local l = 5; l() end)
try(function() t.x() end)
try(function() t.s() end)
try(function() t.x.y() end)
try(function() t:method() end)
try(function() t:s() end)
try(function() (nil)() end)
try(function() ('x')() end)
try(function() ({})() end)
try(function() t[1]() end)
try(function() t['a b']() end)
try(function() (function() end)()() end)
try(function() ('x'):nomethod() end)
try(function() string.nofunction() end)
try(function() return up() end)
try(function() return t.x() end)
try(function() return t:method() end)
try(function() up{} end)
try(function() for x in up do end end)
try(function() for x in 5 do end end)
try(function() for x in t do end end)
return out
--@ call of an absent global function
nofunction()
--@ call of a builtin field that is absent
redis.nothing()
--@ compare errors
local out = {}
local t = {}
local function try(f) out[#out + 1] = select(2, pcall(f)) end
try(function() return 1 < 'x' end)
try(function() return 'x' < 1 end)
try(function() return 1 <= 'x' end)
try(function() return 1 > 'x' end)
try(function() return 1 >= 'x' end)
try(function() return nil < 1 end)
try(function() return 1 < nil end)
try(function() return nil < nil end)
try(function() return {} < {} end)
try(function() return {} < 1 end)
try(function() return {} <= {} end)
try(function() return true < false end)
try(function() return true < 1 end)
try(function() return tostring < tostring end)
try(function() return t.x > 1 end)
try(function() return 'a' < {} end)
try(function() return '10' < 9 end)
return out
--@ numeric for errors
local out = {}
local function try(f) out[#out + 1] = select(2, pcall(f)) end
try(function() for i = 'a', 2 do end end)
try(function() for i = 1, 'b' do end end)
try(function() for i = 1, 2, 'c' do end end)
try(function() for i = nil, 2 do end end)
try(function() for i = 1, nil do end end)
try(function() for i = 1, 2, nil do end end)
try(function() for i = {}, 2 do end end)
try(function() for i = 1, {} do end end)
return out
--@ table index errors
local out = {}
local function try(f) out[#out + 1] = select(2, pcall(f)) end
try(function() local t = {}; t[nil] = 1 end)
try(function() local t = {}; t[0/0] = 1 end)
try(function() return {[nil] = 1} end)
try(function() return {[0/0] = 1} end)
try(function() local t = {}; return tostring(t[nil]) end)
try(function() local t = {}; return tostring(t[0/0]) end)
try(function() rawset({}, nil, 1) end)
return out
--@ lines of errors in expressions over several lines
local out = {}
local function try(f) out[#out + 1] = select(2, pcall(f)) end
local t = {}
try(function()
  return 1 +
    t.x
end)
try(function()
  return t
    .x
    .y
end)
try(function()
  local s = 'a' ..
    'b' ..
    t.x
  return s
end)
try(function()
  t.f(
    1,
    2
  )
end)
try(function()
  tostring(
    1,
    t.x.y
  )
end)
try(function()
  local u = {
    1,
    t.x.y,
    3,
  }
end)
try(function()
  if 1 ==
    1 and
    t.x < 5 then
    return 1
  end
end)
return out
--@ line of an error in an elseif condition
local t = {}
if t.a then
  return 1
elseif t.b
  .c then
  return 2
end
--@ line of an error in a while condition
local n = 0
while n < 3 do
  n = n + 1
  if n == 2 then
    n = nil
  end
end
--@ line of an error in until
local n
repeat
  local m = 1
until n
  > m
--@ line of an error in a call with a function argument
pcall(function() end)
string.rep(
  'x',
  {}
)
--@ line of an error after a long string
local s = [[
one
two
]]
error('line 5')
--@ error with a message
error('message')
--@ error level 0
error('message', 0)
--@ error level 1
error('message', 1)
--@ error level 2 in a function
local function check(v)
  if v == nil then error('no value', 2) end
end
check(nil)
--@ error level 2 at the top
error('message', 2)
--@ error level 3
local function a() error('three', 3) end
local function b() a() end
local function c()
  b()
end
c()
--@ error levels collected
local out = {}
local function f(l) error('l', l) end
local function g(l) f(l) end
for l = 0, 6 do out[#out + 1] = tostring(select(2, pcall(g, l))) end
return out
--@ error levels through tail calls
local out = {}
local function f(l) error('l', l) end
local function g(l) return f(l) end
for l = 0, 4 do out[#out + 1] = tostring(select(2, pcall(g, l))) end
return out
--@ error with a number
error(42)
--@ error with a number is not given a position
return {type(select(2, pcall(error, 42))), tostring(select(2, pcall(error, 42))), tostring(select(2, pcall(function() error(42) end)))}
--@ error with a table, caught (uncaught it ends redis-server 7.0.15, as one without err does)
local ok, e = pcall(error, {a = 1})
return {tostring(ok), e.a}
--@ error with a table that has err
error({err = 'ERR custom'})
--@ error with a table that has err without code
error({err = 'custom'})
--@ error with a table that has ok, caught
local ok, e = pcall(error, {ok = 'fine'}, 2)
return e
--@ error with nil
error(nil)
--@ error without arguments
error()
--@ error with true
error(true)
--@ error with a boolean caught
return {tostring(select(2, pcall(error, true))), tostring(select(2, pcall(error, nil))), tostring(select(2, pcall(error)))}
--@ error with a function
return type(select(2, pcall(error, function() end)))
--@ error with a string that has line breaks
error('one\ntwo\r\nthree', 0)
--@ error with an empty string
error('')
--@ error with a long string
error(string.rep('x', 300), 0)
--@ error with zero bytes
error('a\0b', 0)
--@ error with a redis code
error('WRONGTYPE something', 0)
--@ error with a minus
error('-ERR something', 0)
--@ error with a level that is no number
return {select(2, pcall(error, 'x', 'y')), select(2, pcall(error, 'x', '2')), select(2, pcall(error, 'x', {}))}
--@ a table with __tostring as error, caught
return tostring(select(2, pcall(error, setmetatable({}, {__tostring = function() return 'as text' end}))))
--@ assert
return {assert(1, 'm'), assert('x'), select('#', assert(1, 2, 3)), tostring(select(2, pcall(assert, false))), tostring(select(2, pcall(assert, nil, 'message'))), tostring(select(2, pcall(assert, false, 42)))}
--@ assert without arguments
return select(2, pcall(assert))
--@ assert with a table as message
local ok, e = pcall(assert, false, {1})
return {tostring(ok), type(e)}
--@ assert with nil as message
return tostring(select(2, pcall(assert, false, nil)))
--@ assert is not given a position
assert(false, 'plain message')
--@ assert with the default message
assert(nil)
--@ assert of a table is an error reply
assert(false, {err = 'MYERR from assert'})
--@ pcall returns all values
return {select('#', pcall(function() return 1, nil, nil end)), select('#', pcall(function() end)), select('#', pcall(error))}
--@ pcall passes arguments
return {pcall(function(...) return select('#', ...), ... end, 'a', nil, 'c')}
--@ pcall of what is not a function
return {tostring(pcall(nil)), select(2, pcall(nil)), select(2, pcall(5)), select(2, pcall({})), select(2, pcall('x'))}
--@ nested pcall
local ok, e = pcall(function()
  local ok, e = pcall(function() error('inner', 0) end)
  error(tostring(ok) .. e .. ' outer', 0)
end)
return {tostring(ok), e}
--@ pcall of pcall of error
return {tostring((select(2, pcall(pcall, error, 'x')))), select(3, pcall(pcall, error, 'x'))}
--@ rethrown errors keep their position
local ok, e = pcall(function()
  local ok, e = pcall(function()
    error('first')
  end)
  error(e, 0)
end)
return e
--@ rethrown errors get a second position
local ok, e = pcall(function()
  local ok, e = pcall(function()
    error('first')
  end)
  error(e)
end)
return e
--@ xpcall with a handler
return {xpcall(function() error('x', 0) end, function(e) return 'handled ' .. e end)}
--@ xpcall without error
return {xpcall(function() return 1, 2 end, function(e) return 'never' end)}
--@ xpcall does not pass arguments in 5.1
return {xpcall(function(...) return select('#', ...) end, function(e) return e end, 1, 2, 3)}
--@ xpcall with a handler that gives several values
return {select('#', xpcall(function() error('x') end, function(e) return 1, 2, 3 end))}
--@ xpcall with a handler that gives nothing
local ok, e = xpcall(function() error('x') end, function(e) end)
return {tostring(ok), tostring(e)}
--@ xpcall with a handler that fails
local ok, e = xpcall(function() error('x') end, function(e) error('y') end)
return {tostring(ok), tostring(e)}
--@ xpcall with a handler that is not a function
local ok, e = xpcall(function() error('x') end, 5)
return {tostring(ok), tostring(e)}
--@ xpcall with a runtime error
local ok, e = xpcall(function() local x; return x.y end, function(e) return 'H:' .. e end)
return {tostring(ok), e}
--@ xpcall with a table as error
local ok, e = xpcall(function() error({v = 5}) end, function(e) return e.v + 1 end)
return {tostring(ok), e}
--@ xpcall without a handler
return select(2, pcall(xpcall, function() end))
--@ xpcall handler runs at the place of the error
local depth = 0
local function f(n) depth = n; if n == 3 then error('deep', 0) end f(n + 1) depth = n end
local seen
xpcall(function() f(1) end, function(e) seen = depth end)
return seen
--@ xpcall of what is not a function
return {xpcall(nil, function(e) return 'H:' .. tostring(e) end)}
--@ stack overflow in a message
local function f() return 1 + f() end
local ok, e = pcall(f)
return {tostring(ok), (e:match('stack overflow'))}
--@ stack overflow by mutual recursion with tables
local a, b
function a(t) return {b(t)} end
function b(t) return {a(t)} end
local ok, e = pcall(a, {})
return {tostring(ok), (e:match('stack overflow'))}
--@ stack overflow is caught and the script goes on
local function f() return 1 + f() end
local n = 0
for i = 1, 3 do if not pcall(f) then n = n + 1 end end
return n
--@ stack overflow, not caught, begins with its place
local function f() return 1 + f() end
local ok, e = pcall(f)
return (e:sub(1, 28))
--@ arguments of builtins
local out = {}
local function try(f, ...) out[#out + 1] = tostring(select(2, pcall(f, ...))) end
try(tostring)
try(tonumber)
try(tonumber, {}, 10)
try(type)
try(ipairs)
try(ipairs, 5)
try(pairs)
try(pairs, nil)
try(next)
try(next, {}, 'absent')
try(next, 5)
try(select)
try(select, 0)
try(select, 'x')
try(select, -1)
try(unpack)
try(unpack, 1)
try(rawget)
try(getmetatable)
try(setmetatable, {})
try(string.rep)
try(string.rep, 'x')
try(string.rep, 'x', 'y')
try(string.sub)
try(string.sub, 'x')
try(string.upper)
try(string.byte, {})
try(string.char, 256)
try(string.char, -1)
try(string.char, 'x')
try(string.format)
try(string.find, 'x')
try(string.len)
try(table.concat)
try(table.concat, 5)
try(table.insert, {})
try(table.insert, {}, 1, 2, 3)
try(table.insert, nil, 1)
try(table.remove)
try(table.sort, 5)
try(table.sort, {2, 1}, 5)
try(math.floor)
try(math.floor, 'x')
try(math.floor, {})
try(math.max)
try(math.random, 0)
try(math.random, 2, 1)
try(math.random, 1, 2, 3)
try(loadstring)
try(load, 5)
try(loadstring, nil)
return out
--@ arguments of builtins called from Lua code have positions
local out = {}
local function try(f) out[#out + 1] = tostring((select(2, pcall(f)))) end
try(function() tostring() end)
try(function() string.rep() end)
try(function() ('x'):rep() end)
try(function() ('x'):rep({}) end)
try(function() ('x'):bad() end)
try(function() string.sub() end)
try(function() local s = string.sub; s() end)
try(function() math.floor('x') end)
try(function() table.concat({{}}) end)
try(function() table.concat({1, {}, 3}) end)
try(function() setmetatable(1, 2) end)
try(function() local t = {sm = setmetatable}; t.sm(1, 2) end)
try(function() local t = {f = string.rep}; t:f() end)
try(function() return string.rep() end)
try(function() ipairs() end)
try(function() for k in pairs(nil) do end end)
try(function() for k in ipairs(nil) do end end)
try(function() for k in next, nil do end end)
try(function() tonumber('z', 99) end)
try(function() ('x'):format(1) end)
try(function() ('%d'):format('x') end)
try(function() ('%d'):format() end)
try(function() string.format('%d', 'x') end)
try(function() string.format('%d', nil) end)
try(function() string.format('%y', 1) end)
try(function() string.format('%', 1) end)
try(function() select(0) end)
try(function() select('#') select({}) end)
try(function() unpack() end)
try(function() next({}, 1) end)
return out
--@ positions in code of loadstring
local out = {}
local function try(s, n) local f, e = loadstring(s, n); out[#out + 1] = e or tostring(select(2, pcall(f))) end
try('error("x")')
try('error("x")', 'name')
try('error("x")', '@name')
try('error("x")', '=name')
try('\n\nerror("x")', '=name')
try('local x = nil; x()')
try('return +', '=name')
try('return +', '@name')
try('return +')
try('x = = 1', 'short')
try('a long script that is certainly more than the sixty bytes that a chunk name may have, so it is cut')
try('two\nlines')
try('\nbegins with a line')
try('x =', '@' .. string.rep('long/', 30))
try('x =', '=' .. string.rep('long/', 30))
try('x =', '')
try('x =', '=')
return out
--@ where a host error is
local t = {}
t.x.y = 1
--@ error in a nested function, not caught
local function outer()
  local function inner()
    local x
    x.y = 1
  end
  inner()
end
outer()
--@ error in a sort comparator
table.sort({3, 2, 1}, function(a, b) return a.x < b.x end)
--@ error in a gsub callback
string.gsub('abc', '.', function(c) error('at ' .. c) end)
--@ errors of redis.call | KEYS k
redis.call('SET', KEYS[1], 'text')
redis.call('INCR', KEYS[1])
--@ errors of redis.call caught | KEYS k
redis.call('SET', KEYS[1], 'text')
local ok, e = pcall(redis.call, 'INCR', KEYS[1])
return {tostring(ok), type(e), e}
--@ errors of redis.call caught in a function | KEYS k
redis.call('SET', KEYS[1], 'text')
local ok, e = pcall(function() return redis.call('LPUSH', KEYS[1], 'x') end)
return {tostring(ok), type(e), e}
--@ errors of redis.call thrown again | KEYS k
redis.call('SET', KEYS[1], 'text')
local ok, e = pcall(redis.call, 'INCR', KEYS[1])
error(e)
--@ errors of redis.call caught are texts: as the reply | KEYS k
redis.call('SET', KEYS[1], 'text')
local ok, e = pcall(redis.call, 'INCR', KEYS[1])
return e
--@ errors of redis.call in xpcall are tables | KEYS k
redis.call('SET', KEYS[1], 'text')
local ok, e = xpcall(function() return redis.call('INCR', KEYS[1]) end, function(e) return e end)
local out = {}
for k, v in pairs(e) do out[#out + 1] = k .. '=' .. tostring(v) end
table.sort(out)
return {tostring(ok), type(e), out}
--@ an error of redis.call out of xpcall thrown again | KEYS k
redis.call('SET', KEYS[1], 'text')
local ok, e = xpcall(function() return redis.call('INCR', KEYS[1]) end, function(e) return e end)
error(e)
--@ an error table of redis.pcall thrown | KEYS k
redis.call('SET', KEYS[1], 'text')
error(redis.pcall('INCR', KEYS[1]))
--@ an error table of redis.pcall thrown in a function on another line | KEYS k
redis.call('SET', KEYS[1], 'text')
local function f()
  error(redis.pcall('INCR', KEYS[1]))
end

f()
--@ pcall turns a table with err into its text
return {pcall(error, {err = 'MY text', other = 1})}
--@ pcall keeps a table with an err that is no text
local ok, e = pcall(error, {err = {}})
local ok2, e2 = pcall(error, {err = 5})
return {tostring(ok), type(e), type(e2), tostring(e2)}
--@ pcall of redis.error_reply thrown
return {pcall(function() error(redis.error_reply('CODE text')) end)}
--@ local in another function is not an upvalue name
local function f(arg1) return arg1.x.y end
return select(2, pcall(f, {}))
--@ names in errors of parameters and loop variables
local out = {}
local function try(f, ...) out[#out + 1] = tostring(select(2, pcall(f, ...))) end
try(function(p) return p.x end)
try(function(p) p() end)
try(function(...) local a, b = ...; return b.x end, 1)
try(function() for i = 1, 1 do return i.x.y end end)
try(function() for k, v in pairs({5}) do v() end end)
try(function() for k, v in pairs({5}) do return v.x.y end end)
try(function() local a = {}; local b = a.b; return b.c end)
try(function() local s = 'x'; s.y.z = 1 end)
try(function() local f = tostring; f.x.y = 1 end)
return out
--@ globals in errors of loadstring code
local out = {}
local function try(s) out[#out + 1] = tostring(select(2, pcall(loadstring(s, '=c')))) end
try('return redis.x.y')
try('return KEYS.x.y')
try('return string + 1')
try('return string .. 1')
try('return redis()')
try('return _VERSION.x.y')
try('return _VERSION()')
try('return -string')
try('return #tostring')
try('return ARGV < KEYS')
return out
--@ calls in an upvalue's field
local lib = {sub = {}}
local out = {}
local function try(f) out[#out + 1] = tostring((select(2, pcall(f)))) end
try(function() lib.sub.f() end)
try(function() lib.none.f() end)
try(function() lib.sub:m() end)
try(function() lib['sub']['x']() end)
try(function() local k = 'key'; lib[k]() end)
try(function() local k = 'key'; return lib[k].x end)
try(function() return lib[1].x end)
try(function() return lib[true].x end)
return out
