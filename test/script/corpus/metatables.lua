--@ __index function
local t = setmetatable({x = 1}, {__index = function(t, k) return k .. '!' end})
return {t.x, t.y, t['z z'], t[5]}
--@ __index table
local t = setmetatable({}, {__index = {a = 1, b = 2}})
t.b = 20
return {t.a, t.b, tostring(t.c), tostring(rawget(t, 'a'))}
--@ __index chain
local a = {v = 'a'}
local b = setmetatable({}, {__index = a})
local c = setmetatable({}, {__index = b})
local d = setmetatable({}, {__index = c})
return {d.v, tostring(d.w)}
--@ __index chain that ends in a function
local a = setmetatable({}, {__index = function(t, k) return 'made ' .. k end})
local b = setmetatable({}, {__index = a})
return b.thing
--@ __index gets the table that has the metatable
local a
a = setmetatable({}, {__index = function(t, k) return t == a end})
local b = setmetatable({}, {__index = a})
return tostring(b.x)
--@ __index with several results gives one
local t = setmetatable({}, {__index = function() return 1, 2 end})
return {#{t.x}, select('#', t.x)}
--@ __index on a string
local t = setmetatable({}, {__index = 'abc'})
return {type(t.len), t.upper('x')}
--@ __index of a number value
local t = setmetatable({}, {__index = 5})
return select(2, pcall(function() return t.x end))
--@ __index is not asked for present false values
local t = setmetatable({f = false}, {__index = function() return 'asked' end})
return {tostring(t.f), t.g}
--@ __index with numeric keys
local t = setmetatable({10, 20}, {__index = function(t, k) return k * 100 end})
return {t[1], t[2], t[3], t[0], t[-1], tostring(t[1.5])}
--@ __newindex function
local log = {}
local t = setmetatable({a = 1}, {__newindex = function(t, k, v) log[#log + 1] = tostring(k) .. '=' .. tostring(v) end})
t.a = 2
t.b = 3
t[1] = 4
t.c = nil
return {t.a, tostring(t.b), table.concat(log, ' ')}
--@ __newindex table
local store = {}
local t = setmetatable({}, {__newindex = store})
t.x = 5
return {tostring(rawget(t, 'x')), store.x}
--@ __newindex chain
local last = {}
local mid = setmetatable({}, {__newindex = last})
local t = setmetatable({}, {__newindex = mid})
t.x = 1
return {tostring(rawget(t, 'x')), tostring(rawget(mid, 'x')), last.x}
--@ __newindex asks again after the key is removed
local n = 0
local t = setmetatable({}, {__newindex = function(t, k, v) n = n + 1; rawset(t, k, v) end})
t.a = 1
t.a = 2
t.a = nil
t.a = 3
return {n, t.a}
--@ rawset and rawget go around
local t = setmetatable({}, {__index = function() return 'index' end, __newindex = function() error('newindex') end})
rawset(t, 'a', 1)
return {t.a, t.b, tostring(rawget(t, 'b'))}
--@ __newindex in a constructor is not called
local mt = {__newindex = function() error('called') end}
local t = setmetatable({a = 1, 2, 3}, mt)
return {t.a, #t}
--@ __newindex with table.insert
local n = 0
local t = setmetatable({}, {__newindex = function() n = n + 1 end})
table.insert(t, 'x')
return {n, #t}
--@ __call
local t = setmetatable({}, {__call = function(self, a, b) return a + b, type(self) end})
return {t(1, 2)}
--@ __call with varargs and no arguments
local t = setmetatable({}, {__call = function(self, ...) return select('#', ...) end})
return {t(), t(nil), t(1, 2, 3), t{}, t''}
--@ __call is not chained in 5.1
local inner = setmetatable({}, {__call = function() return 'inner' end})
local outer = setmetatable({}, {__call = inner})
return select(2, pcall(outer))
--@ __call through pcall and as a method
local t = setmetatable({}, {__call = function(self, x) return 'called ' .. tostring(x) end})
local o = {m = t}
return {select(2, pcall(t, 5)), (o:m() == 'called nil') and 'nil' or 'self'}
--@ __call in a tail position
local t = setmetatable({}, {__call = function(self, n) if n == 0 then return 'end' end return self(n - 1) end})
return t(1000)
--@ __add and friends
local mt = {}
for _, op in ipairs({'add', 'sub', 'mul', 'div', 'mod', 'pow', 'concat'}) do mt['__' .. op] = function(a, b) return op .. (type(a) == 'table' and 'T' or tostring(a)) .. (type(b) == 'table' and 'T' or tostring(b)) end end
local t = setmetatable({}, mt)
return {t + 1, 1 - t, t * t, t / 'x', 'y' % t, t ^ 2, t .. 'z', 'z' .. t, 5 .. t}
--@ __unm gets the operand twice
local t = setmetatable({}, {__unm = function(a, b) return tostring(a == b) end})
return -t
--@ the left metamethod wins
local a = setmetatable({}, {__add = function() return 'left' end})
local b = setmetatable({}, {__add = function() return 'right' end})
return {a + b, b + a, 1 + b, a + 1}
--@ metamethods of arithmetic with nil operands
local t = setmetatable({}, {__add = function(a, b) return tostring(b) end})
return {t + nil, t + false}
--@ metamethods give one value
local t = setmetatable({}, {__add = function() return 1, 2 end, __call = function() return 1, 2 end, __concat = function() return 'a', 'b' end, __unm = function() end})
return {#{t + 1}, #{t()}, #{t .. ''}, tostring(-t)}
--@ strings with numbers need no metamethod, others do
local t = setmetatable({}, {__add = function(a, b) return 'meta' end})
return {'1' + 2, t + '1', 'abc' + t}
--@ __concat with several operands goes from the right
local log = {}
local t = setmetatable({}, {__concat = function(a, b) log[#log + 1] = (type(a) == 'table' and 'T' or a) .. '+' .. (type(b) == 'table' and 'T' or b); return 'R' end})
local r = 'a' .. 'b' .. t .. 'c' .. 'd'
return {r, table.concat(log, ' ')}
--@ __concat with a table on both sides
local t = setmetatable({}, {__concat = function(a, b) return 'cat' end})
return {t .. t, 1 .. t, t .. 1, 'x' .. 'y' .. t}
--@ __eq only for two tables with the same metamethod
local eq = function(a, b) return a.v == b.v end
local a, b = setmetatable({v = 1}, {__eq = eq}), setmetatable({v = 1}, {__eq = eq})
local c = setmetatable({v = 1}, {__eq = function() return true end})
return {tostring(a == b), tostring(a == c), tostring(a ~= b), tostring(a == 1), tostring(rawequal(a, b))}
--@ __eq result becomes a boolean
local mt = {__eq = function() return 'yes' end}
local a, b = setmetatable({}, mt), setmetatable({}, mt)
mt.__eq = function() return nil end
local c = a == b
mt.__eq = function() return 0 end
return {tostring(c), tostring(a == b), tostring(a ~= b)}
--@ __eq is not called for the same table
local n = 0
local mt = {__eq = function() n = n + 1; return false end}
local a = setmetatable({}, mt)
return {tostring(a == a), n}
--@ __lt
local mt = {__lt = function(a, b) return a.v < b.v end}
local function N(v) return setmetatable({v = v}, mt) end
return {tostring(N(1) < N(2)), tostring(N(2) < N(1)), tostring(N(1) > N(2)), tostring(N(1) >= N(2)), tostring(N(1) <= N(2)), tostring(N(1) <= N(1))}
--@ __le is preferred, __lt is the fallback
local mt = {__lt = function(a, b) return 'lt' end, __le = function() return false end}
local a, b = setmetatable({}, mt), setmetatable({}, mt)
local r = {tostring(a <= b), tostring(a >= b), tostring(a < b)}
mt.__le = nil
r[4] = tostring(a <= b)
r[5] = tostring(a >= b)
return r
--@ __lt needs the same metamethod on both
local a = setmetatable({}, {__lt = function() return true end})
local b = setmetatable({}, {__lt = function() return false end})
return {select(2, pcall(function() return a < b end)), select(2, pcall(function() return a < 1 end)), select(2, pcall(function() return 'x' < a end))}
--@ __lt in table.sort
local mt = {__lt = function(a, b) return a.v > b.v end}
local t = {}
for i, v in ipairs({3, 1, 2}) do t[i] = setmetatable({v = v}, mt) end
table.sort(t)
return {t[1].v, t[2].v, t[3].v}
--@ __len of tables is ignored
local t = setmetatable({1, 2}, {__len = function() return 42 end})
return #t
--@ __tostring
local t = setmetatable({}, {__tostring = function(self) return 'me' end})
return {tostring(t), string.format('%s', 'x')}
--@ __tostring that gives no string
local out = {}
for i, v in ipairs({5, true, 'text'}) do out[i] = tostring(select(2, pcall(tostring, setmetatable({}, {__tostring = function() return v end})))) end
out[4] = tostring(select(2, pcall(tostring, setmetatable({}, {__tostring = function() end}))))
return out
--@ __tostring is not used by concat and format %s
local t = setmetatable({}, {__tostring = function(self) return 'me' end})
return {select(2, pcall(function() return t .. '' end)), select(2, pcall(string.format, '%s', t))}
--@ __name is not used in 5.1
local t = setmetatable({}, {__name = 'MyType'})
return {(tostring(t):gsub('0x%x+', 'ADDR')), select(2, pcall(function() return t + 1 end))}
--@ __metatable hides and protects
local t = setmetatable({}, {__metatable = 'locked'})
return {getmetatable(t), select(2, pcall(setmetatable, t, {}))}
--@ __metatable false protects as well
local t = setmetatable({}, {__metatable = false})
return {tostring(getmetatable(t)), select(2, pcall(setmetatable, t, nil))}
--@ setmetatable returns its table, and nil removes
local t = {}
local mt = {__index = {a = 1}}
local r = setmetatable(t, mt)
local before = t.a
setmetatable(t, nil)
return {tostring(r == t), before, tostring(t.a), tostring(getmetatable(t))}
--@ setmetatable checks its arguments
local out = {}
for i, f in ipairs({function() setmetatable(1, {}) end, function() setmetatable({}) end, function() setmetatable({}, 1) end, function() setmetatable() end, function() setmetatable('x', nil) end}) do out[i] = select(2, pcall(f)) end
return out
--@ getmetatable of values
return {tostring(getmetatable({})), tostring(getmetatable(1)), tostring(getmetatable(nil)), type(getmetatable('')), tostring(getmetatable(tostring)), tostring(getmetatable(true))}
--@ getmetatable without argument
return select(2, pcall(getmetatable))
--@ getmetatable of strings has only __index
local out = {}
for k, v in pairs(getmetatable('')) do out[#out + 1] = k .. type(v) end
return {table.concat(out, ' '), tostring(getmetatable('').__index == string)}
--@ metamethods are looked up raw
local mt = setmetatable({}, {__index = function(t, k) return function() return 'inherited' end end})
local t = setmetatable({}, mt)
return {tostring(t.x), select(2, pcall(function() return t + 1 end)), select(2, pcall(function() return t() end))}
--@ metatables may be changed later
local mt = {}
local t = setmetatable({}, mt)
local a = tostring(t.x)
mt.__index = {x = 'now'}
local b = t.x
mt.__index = nil
return {a, b, tostring(t.x)}
--@ a table as its own metatable
local t = {}
t.__index = t
t.v = 5
setmetatable(t, t)
return {t.v, select(2, pcall(function() return t.w end))}
--@ a loop of __index
local a, b = {}, {}
setmetatable(a, {__index = b})
setmetatable(b, {__index = a})
return select(2, pcall(function() return a.x end))
--@ a loop of __newindex
local a, b = {}, {}
setmetatable(a, {__newindex = b})
setmetatable(b, {__newindex = a})
return select(2, pcall(function() a.x = 1 end))
--@ classes
local Animal = {}
Animal.__index = Animal
function Animal.new(name) return setmetatable({name = name}, Animal) end
function Animal:speak() return self.name .. ' makes a sound' end
local Dog = setmetatable({}, {__index = Animal})
Dog.__index = Dog
function Dog.new(name) local d = Animal.new(name); return setmetatable(d, Dog) end
function Dog:speak() return Animal.speak(self) .. ': woof' end
return {Animal.new('cat'):speak(), Dog.new('rex'):speak()}
--@ a stack class with operators
local V = {}
V.__index = V
local function new(x, y) return setmetatable({x = x, y = y}, V) end
V.__add = function(a, b) return new(a.x + b.x, a.y + b.y) end
V.__mul = function(a, b) if type(a) == 'number' then return new(a * b.x, a * b.y) elseif type(b) == 'number' then return new(a.x * b, a.y * b) else return a.x * b.x + a.y * b.y end end
V.__eq = function(a, b) return a.x == b.x and a.y == b.y end
V.__lt = function(a, b) return a.x < b.x end
V.__unm = function(a) return new(-a.x, -a.y) end
V.__tostring = function(a) return '(' .. a.x .. ',' .. a.y .. ')' end
local a, b = new(1, 2), new(3, 4)
return {tostring(a + b), tostring(2 * a), tostring(a * 2), a * b, tostring(a == new(1, 2)), tostring(a < b), tostring(-a)}
--@ default values by __index
local function defaults(d) return {__index = function(t, k) local v = d[k]; t[k] = v; return v end} end
local t = setmetatable({}, defaults({a = 1}))
local x = t.a
return {x, rawget(t, 'a'), tostring(t.b)}
--@ a proxy
local function proxy(t, log) return setmetatable({}, {__index = function(_, k) log[#log + 1] = 'get ' .. k; return t[k] end, __newindex = function(_, k, v) log[#log + 1] = 'set ' .. k; t[k] = v end}) end
local log = {}
local p = proxy({a = 1}, log)
p.b = p.a + 1
p.a = nil
return {p.b, tostring(p.a), table.concat(log, ', ')}
--@ __mode and __gc are accepted
local t = setmetatable({}, {__mode = 'k', __gc = function() error('never') end})
t[{}] = 1
t = nil
collectgarbage()
return 'ok'
--@ weak values of kept objects stay
local kept = {}
local t = setmetatable({kept, 'text', 5}, {__mode = 'v'})
collectgarbage()
return {tostring(t[1] == kept), t[2], t[3]}
--@ errors in metamethods have positions
local t = setmetatable({}, {__index = function() error('in index') end, __add = function(a, b) return nil + 1 end})
return {select(2, pcall(function() return t.x end)), select(2, pcall(function() return t + 1 end))}
--@ metamethods and yields
local t = setmetatable({}, {__index = function(t, k) return coroutine.yield(k) end})
local co = coroutine.create(function() return t.x end)
local ok, e = coroutine.resume(co)
return {tostring(ok), tostring(e)}
--@ __index over an array and ipairs
local t = setmetatable({1, 2}, {__index = function(t, i) if i <= 4 then return i * 10 end end})
local out = {}
for i, v in ipairs(t) do out[#out + 1] = i .. '=' .. v end
return out
--@ ipairs and pairs do not use __pairs
local t = setmetatable({1}, {__pairs = function() error('no') end, __ipairs = function() error('no') end})
local n = 0
for _ in pairs(t) do n = n + 1 end
for _ in ipairs(t) do n = n + 1 end
return n
--@ unpack and concat do not use __index
local t = setmetatable({}, {__index = function(t, i) return 'i' .. i end})
return {tostring(unpack(t, 1, 2)), select(2, pcall(table.concat, t, ',', 1, 2))}
--@ rawequal
local t = setmetatable({}, {__eq = function() return true end})
return {tostring(rawequal(t, t)), tostring(rawequal(t, {})), tostring(rawequal(1, 1)), tostring(rawequal('a', 'a')), tostring(rawequal(1, '1')), tostring(rawequal(nil, nil))}
--@ rawget and rawset check their arguments
local out = {}
for i, f in ipairs({function() rawget(1, 1) end, function() rawget({}) end, function() rawset({}, 1) end, function() rawset({}, nil, 1) end, function() rawset(1, 2, 3) end, function() rawequal(1) end}) do out[i] = tostring(select(2, pcall(f))) end
return out
--@ rawset returns its table
local t = {}
return {tostring(rawset(t, 'k', 'v') == t), t.k}
