--@ pack scalars
local function hex(s) return (s:gsub('.', function(c) return ('%02x'):format(c:byte()) end)) end
local out = {}
for i, v in ipairs({0, 1, 127, 128, 255, 256, 65535, 65536, 2^31, 2^32 - 1, 2^32, 2^53, -1, -32, -33, -128, -129, -32768, -32769, -2^31, -2^31 - 1, -2^53}) do out[i] = hex(cmsgpack.pack(v)) end
return out
--@ pack fractions
local function hex(s) return (s:gsub('.', function(c) return ('%02x'):format(c:byte()) end)) end
local out = {}
for i, v in ipairs({0.5, 1.5, 0.1, -0.1, 1e100, 1e300, 1/3, 3.4e38, 2^63, 2^64, -2^63, 1e15 + 0.5, 5e-324}) do out[i] = hex(cmsgpack.pack(v)) end
return out
--@ pack infinities and minus zero
local function hex(s) return (s:gsub('.', function(c) return ('%02x'):format(c:byte()) end)) end
return {hex(cmsgpack.pack(1/0)), hex(cmsgpack.pack(-1/0)), hex(cmsgpack.pack(0 * -1))}
--@ pack strings
local function hex(s) return (s:gsub('.', function(c) return ('%02x'):format(c:byte()) end)) end
return {hex(cmsgpack.pack('')), hex(cmsgpack.pack('a')), hex(cmsgpack.pack('\0\255')), hex(cmsgpack.pack(('x'):rep(31)):sub(1, 2)), hex(cmsgpack.pack(('x'):rep(32)):sub(1, 3)), hex(cmsgpack.pack(('x'):rep(255)):sub(1, 3)), hex(cmsgpack.pack(('x'):rep(256)):sub(1, 4)), hex(cmsgpack.pack(('x'):rep(65536)):sub(1, 6))}
--@ pack booleans and nil
local function hex(s) return (s:gsub('.', function(c) return ('%02x'):format(c:byte()) end)) end
return {hex(cmsgpack.pack(true)), hex(cmsgpack.pack(false)), hex(cmsgpack.pack(nil)), hex(cmsgpack.pack(nil, 1))}
--@ pack tables
local function hex(s) return (s:gsub('.', function(c) return ('%02x'):format(c:byte()) end)) end
return {hex(cmsgpack.pack({})), hex(cmsgpack.pack({1, 2, 3})), hex(cmsgpack.pack({a = 1})), hex(cmsgpack.pack({{}, {1}})), hex(cmsgpack.pack({[2] = 1})), hex(cmsgpack.pack({[1.5] = 1})), hex(cmsgpack.pack({1, nil, 3})), hex(cmsgpack.pack({[0] = 'x'}))}
--@ pack arrays of 15, 16 and 65536
local function hex(s) return (s:gsub('.', function(c) return ('%02x'):format(c:byte()) end)) end
local function array(n) local t = {}; for i = 1, n do t[i] = 1 end; return t end
return {hex(cmsgpack.pack(array(15)):sub(1, 3)), hex(cmsgpack.pack(array(16)):sub(1, 4)), hex(cmsgpack.pack(array(65536)):sub(1, 6))}
--@ pack maps of 15 and 16
local function hex(s) return (s:gsub('.', function(c) return ('%02x'):format(c:byte()) end)) end
local function map(n) local t = {}; for i = 1, n do t['k' .. i] = i end; return t end
return {hex(cmsgpack.pack(map(15)):sub(1, 1)), hex(cmsgpack.pack(map(16)):sub(1, 3)), #cmsgpack.pack(map(100))}
--@ pack several values
local function hex(s) return (s:gsub('.', function(c) return ('%02x'):format(c:byte()) end)) end
return {hex(cmsgpack.pack(1, 'a', true, nil, {2})), select(2, pcall(cmsgpack.pack))}
--@ pack what cannot be packed becomes nil
local function hex(s) return (s:gsub('.', function(c) return ('%02x'):format(c:byte()) end)) end
return {hex(cmsgpack.pack(tostring)), hex(cmsgpack.pack({tostring})), hex(cmsgpack.pack(coroutine.create(tostring == nil and tostring or function() end))), hex(cmsgpack.pack(cjson.null))}
--@ pack deep tables
local function nest(n) local t = {}; for i = 1, n do t = {t} end; return t end
local function hex(s) return (s:gsub('.', function(c) return ('%02x'):format(c:byte()) end)) end
return {hex(cmsgpack.pack(nest(14))), hex(cmsgpack.pack(nest(15))), hex(cmsgpack.pack(nest(16))), hex(cmsgpack.pack(nest(20)))}
--@ pack a cycle
local function hex(s) return (s:gsub('.', function(c) return ('%02x'):format(c:byte()) end)) end
local t = {}
t[1] = t
return hex(cmsgpack.pack(t))
--@ unpack scalars
local function u(h) return tostring(cmsgpack.unpack((h:gsub('%x%x', function(x) return string.char(tonumber(x, 16)) end)))) end
return {u('00'), u('7f'), u('ff'), u('e0'), u('cc80'), u('ccff'), u('cd0100'), u('ceffffffff'), u('cf0000000100000000'), u('cfffffffffffffffff'), u('d080'), u('d18000'), u('d280000000'), u('d38000000000000000'), u('ca3f800000'), u('cb3ff8000000000000'), u('c0'), u('c2'), u('c3')}
--@ unpack strings
local function b(h) return (h:gsub('%x%x', function(x) return string.char(tonumber(x, 16)) end)) end
return {cmsgpack.unpack(b('a0')), cmsgpack.unpack(b('a161')), cmsgpack.unpack(b('d90161')), cmsgpack.unpack(b('da000161')), cmsgpack.unpack(b('db0000000161')), select(2, pcall(cmsgpack.unpack, b('c40161'))), select(2, pcall(cmsgpack.unpack, b('c5000161'))), select(2, pcall(cmsgpack.unpack, b('c60000000161')))}
--@ unpack arrays and maps
local function b(h) return (h:gsub('%x%x', function(x) return string.char(tonumber(x, 16)) end)) end
local t = cmsgpack.unpack(b('93010203'))
local m = cmsgpack.unpack(b('82a161' .. '01' .. '02' .. 'a162'))
local n = cmsgpack.unpack(b('dc000201c0'))
local o = cmsgpack.unpack(b('de0001a161c3'))
local p = cmsgpack.unpack(b('dd0000000107'))
local q = cmsgpack.unpack(b('df00000001a178a179'))
return {#t, t[3], m.a, m[2], #n, tostring(o.a), p[1], q.x}
--@ unpack several values
local s = cmsgpack.pack(1, 'two', {3}, nil, false)
return {select('#', cmsgpack.unpack(s)), (select(2, cmsgpack.unpack(s))), (select(3, cmsgpack.unpack(s)))[1], tostring((select(5, cmsgpack.unpack(s))))}
--@ unpack errors
local function b(h) return (h:gsub('%x%x', function(x) return string.char(tonumber(x, 16)) end)) end
local out = {}
for i, h in ipairs({'cc', 'cd01', 'ce010203', 'a261', '92', '9201', '81', '81a161', 'cb0000', 'c1', 'd9', 'd905', 'dc', 'dc0005', 'c7', 'd401', 'd90261', 'dd7fffffff', 'df7fffffff', 'dbffffffff', 'dbffffffff61'}) do out[i] = h .. ' ' .. tostring(select(2, pcall(cmsgpack.unpack, b(h)))) end
return out
--@ unpack of nothing and of other values
return {select('#', cmsgpack.unpack('')), select(2, pcall(cmsgpack.unpack)), select(2, pcall(cmsgpack.unpack, nil)), select(2, pcall(cmsgpack.unpack, {})), tostring(cmsgpack.unpack(5))}
--@ unpack error, not caught
return cmsgpack.unpack('\146\1')
--@ unpack_one
local s = cmsgpack.pack(1, 'two', 3)
local at, out = 0, {}
while at ~= -1 do local v; at, v = cmsgpack.unpack_one(s, at); out[#out + 1] = at .. ':' .. tostring(v) end
return out
--@ unpack_limit
local s = cmsgpack.pack(1, 2, 3, 4)
return {{cmsgpack.unpack_limit(s, 2)}, {cmsgpack.unpack_limit(s, 2, 2)}, {cmsgpack.unpack_limit(s, 10)}, {cmsgpack.unpack_limit(s, 1, 3)}}
--@ unpack_limit and unpack_one with wrong arguments
local s = cmsgpack.pack(1, 2)
local out = {}
for i, f in ipairs({function() return cmsgpack.unpack_one(s, -1) end, function() return cmsgpack.unpack_one(s, 100) end, function() return cmsgpack.unpack_limit(s, -1) end, function() return cmsgpack.unpack_limit(s, 0) end, function() return cmsgpack.unpack_limit(s) end, function() return cmsgpack.unpack_one() end, function() return cmsgpack.unpack_one(s, 2) end, function() return cmsgpack.unpack_limit(s, 1, -5) end}) do local r = {pcall(f)}; for k = 1, #r do r[k] = tostring(r[k]) end; out[i] = table.concat(r, ' ') end
return out
--@ round trips
local function same(a, b) if type(a) ~= 'table' then return a == b end; for k, v in pairs(a) do if not same(v, b[k]) then return false end end; for k in pairs(b) do if a[k] == nil then return false end end; return true end
local out = {}
for i, v in ipairs({{1, 2, 3}, {a = 'b', c = {1, 'x', {y = 'z'}}}, {'', 'ä', '\0'}, {x = true, y = false}, {1.5, -1e10, 0, 2^53, 1e-10}, {[1] = 1, [3] = 3}, {[1.5] = 'f', [true] = 'b'}}) do out[i] = tostring(same(v, cmsgpack.unpack(cmsgpack.pack(v)))) end
return out
--@ round trips of integers at borders
local out = {}
for e = 0, 53 do for _, d in ipairs({-1, 0, 1}) do local v = 2^e + d; if cmsgpack.unpack(cmsgpack.pack(v)) ~= v or cmsgpack.unpack(cmsgpack.pack(-v)) ~= -v then out[#out + 1] = tostring(v) end end end
return #out
--@ integers of 64 bits
local function hex(s) return (s:gsub('.', function(c) return ('%02x'):format(c:byte()) end)) end
return {hex(cmsgpack.pack(2^62)), hex(cmsgpack.pack(-2^62)), tostring(cmsgpack.unpack(cmsgpack.pack(2^62)) == 2^62), hex(cmsgpack.pack(2^63 - 1024)), tostring(cmsgpack.unpack('\207\255\255\255\255\255\255\255\255'))}
--@ names of cmsgpack
local t = {}
for k, v in pairs(cmsgpack) do t[#t + 1] = k .. ':' .. type(v) end
table.sort(t)
return {table.concat(t, ' '), cmsgpack._NAME, cmsgpack._VERSION, cmsgpack._DESCRIPTION, cmsgpack._COPYRIGHT}
--@ options of a queue | ARGV opts
local packed = cmsgpack.pack({'bull:q:', 'id', 'name', 1700000000000, cjson.null, {delay = 5, attempts = 3}})
local args = cmsgpack.unpack(packed)
return {args[1], args[2], args[3], args[4], tostring(args[5]), args[6].delay}
--@ ext types are refused
return {select(2, pcall(cmsgpack.unpack, '\212\1\2')), select(2, pcall(cmsgpack.unpack, '\199\1\1\1'))}
--@ map keys of nil
return select(2, pcall(cmsgpack.unpack, '\129\192\1'))
--@ map keys of nan
return select(2, pcall(cmsgpack.unpack, '\129\203\127\248\0\0\0\0\0\0\1'))
