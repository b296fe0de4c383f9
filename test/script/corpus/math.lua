--@ abs, floor, ceil
return {tostring(math.abs(-5)), tostring(math.abs(5.5)), tostring(math.floor(5.7)), tostring(math.floor(-5.7)), tostring(math.ceil(5.2)), tostring(math.ceil(-5.2)), tostring(math.floor(1e300)), tostring(math.ceil(-0.5)), tostring(math.abs(-0.0)), tostring(math.floor(math.huge))}
--@ max and min
return {math.max(1, 5, 3), math.min(1, 5, 3), math.max(7), tostring(math.max(1.5, -1)), tostring(math.min(-math.huge, 0)), math.max('10', 9), select(2, pcall(math.max)), select(2, pcall(math.min)), select(2, pcall(math.max, 'x'))}
--@ max and min with nan
return {tostring(math.max(0/0, 1) ~= math.max(0/0, 1)), tostring(math.max(1, 0/0)), tostring(math.min(1, 0/0)), tostring(math.min(0/0, 1) ~= math.min(0/0, 1))}
--@ sqrt, exp, log, log10, pow
return {tostring(math.sqrt(2)), tostring(math.sqrt(16)), tostring(math.exp(1)), tostring(math.exp(0)), tostring(math.log(10)), tostring(math.log(1)), tostring(math.log10(1000)), tostring(math.log10(2)), tostring(math.pow(2, 10)), tostring(math.pow(2, 0.5)), tostring(math.log(0)), tostring(math.sqrt(-1) ~= math.sqrt(-1))}
--@ log takes one argument in 5.1
return tostring(math.log(8, 2))
--@ trigonometry
return {tostring(math.sin(1)), tostring(math.cos(1)), tostring(math.tan(1)), tostring(math.asin(0.5)), tostring(math.acos(0.5)), tostring(math.atan(1)), tostring(math.atan2(1, -1)), tostring(math.atan2(-1, -1)), tostring(math.sin(math.pi)), tostring(math.cos(math.pi))}
--@ hyperbolic functions
return {tostring(math.sinh(1)), tostring(math.cosh(1)), tostring(math.tanh(1)), tostring(math.sinh(0)), tostring(math.tanh(100))}
--@ deg and rad
return {tostring(math.deg(math.pi)), tostring(math.rad(180)), tostring(math.deg(1)), tostring(math.rad(1))}
--@ pi and huge
return {tostring(math.pi), ('%.17g'):format(math.pi), tostring(math.huge), tostring(-math.huge), tostring(math.huge == 1/0)}
--@ fmod and mod
return {tostring(math.fmod(7, 3)), tostring(math.fmod(-7, 3)), tostring(math.fmod(7, -3)), tostring(math.fmod(5.5, 2)), tostring(math.mod(7, 3)), tostring(math.fmod(1, 0) ~= math.fmod(1, 0)), tostring(math.fmod(-6, 2)), tostring(math.fmod(5, math.huge))}
--@ modf
local out = {}
for i, x in ipairs({3.7, -3.7, 5, 0, 0.5, -0.5, 1e20, math.huge, -math.huge}) do local a, b = math.modf(x); out[i] = tostring(a) .. ' ' .. tostring(b) end
return out
--@ frexp and ldexp
local out = {}
for i, x in ipairs({1, 8, 0.1, -3.5, 0, 1e300, 5e-324}) do local m, e = math.frexp(x); out[i] = tostring(m) .. ' ' .. tostring(e) .. ' ' .. tostring(math.ldexp(m, e) == x) end
out[#out + 1] = tostring(math.ldexp(1, 10)) .. ' ' .. tostring(math.ldexp(1, -1)) .. ' ' .. tostring(math.ldexp(1, 2000)) .. ' ' .. tostring(math.ldexp(3, 2.9))
return out
--@ frexp of infinity and nan
return {tostring((math.frexp(math.huge))), tostring((math.frexp(-math.huge)))}
--@ random without arguments is below one
local r = math.random()
return tostring(r >= 0 and r < 1)
--@ random with bounds
local ok = true
for i = 1, 100 do local r = math.random(10); if r < 1 or r > 10 or r ~= math.floor(r) then ok = false end; r = math.random(5, 7); if r < 5 or r > 7 then ok = false end end
return tostring(ok)
--@ random as fractions after a seed
math.randomseed(5)
return {tostring(math.random()), tostring(math.random()), math.random(100), math.random(100), math.random(-5, 5), ('%.17g'):format(math.random())}
--@ random after randomseed
math.randomseed(42)
local a = {math.random(1000), math.random(1000), math.random(1000)}
math.randomseed(42)
local b = {math.random(1000), math.random(1000), math.random(1000)}
return {table.concat(a, ','), table.concat(b, ','), tostring(math.random())}
--@ random after other seeds
local out = {}
for i, s in ipairs({0, 1, -1, 12345, 2^31, 2^32 + 5, 1.9, '7'}) do math.randomseed(s); out[i] = math.random(1000000) end
return out
--@ random with bounds that are fractions, negative, large
math.randomseed(1)
return {math.random(-10, -5), math.random(0, 0), math.random(1.9), math.random(1, 2^31 - 1), math.random(2.5, 3.9), math.random('5'), tostring(math.random(0, 2^40))}
--@ random errors
return {select(2, pcall(math.random, 0)), select(2, pcall(math.random, 2, 1)), select(2, pcall(math.random, 1, 2, 3)), select(2, pcall(math.random, 'x')), select(2, pcall(math.randomseed)), select(2, pcall(math.random, -5))}
--@ math of strings
return {tostring(math.floor('3.7')), tostring(math.sqrt('16')), tostring(math.max('3', '20')), tostring(math.abs('-0x10'))}
--@ math errors
local out = {}
for i, f in ipairs({math.floor, math.abs, math.sqrt, math.sin, math.log, math.fmod, math.pow, math.ldexp, math.atan2, math.modf, math.frexp, math.deg}) do out[i] = select(2, pcall(f)) .. ' | ' .. select(2, pcall(f, 'x')) .. ' | ' .. tostring(select(2, pcall(f, {}, 1))) end
return out
--@ what there is in math
local t = {}
for k, v in pairs(math) do t[#t + 1] = k end
table.sort(t)
return table.concat(t, ' ')
--@ absent functions of math
return {tostring(math.tointeger), tostring(math.ult), tostring(math.maxinteger), tostring(math.type)}
--@ bit.band, bor, bxor, bnot
return {bit.band(0xff, 0x0f), bit.bor(0xf0, 0x0f), bit.bxor(0xff, 0x0f), bit.bnot(0), bit.bnot(-1), bit.band(0xffffffff, 0xffffffff), bit.bor(0x80000000, 0), bit.band(1, 3, 5), bit.bor(1, 2, 4), bit.bxor(1, 2, 4, 1), bit.band(7), bit.bor(7)}
--@ bit shifts
return {bit.lshift(1, 4), bit.lshift(1, 31), bit.lshift(1, 32), bit.lshift(1, 33), bit.rshift(256, 4), bit.rshift(-1, 28), bit.rshift(-1, 0), bit.arshift(-256, 4), bit.arshift(256, 4), bit.arshift(-1, 31), bit.lshift(0xff, -4), bit.rshift(1, -1)}
--@ bit rotations
return {bit.rol(1, 1), bit.rol(0x80000000, 1), bit.rol(0x12345678, 12), bit.ror(1, 1), bit.ror(0x12345678, 12), bit.rol(1, 32), bit.ror(1, 33), bit.rol(1, -1)}
--@ bit.tobit
return {bit.tobit(0), bit.tobit(0xffffffff), bit.tobit(0x7fffffff), bit.tobit(0x80000000), bit.tobit(2^32), bit.tobit(2^32 + 1), bit.tobit(-1), bit.tobit(1.5), bit.tobit(2.5), bit.tobit(-1.5), bit.tobit(1e15)}
--@ bit.tobit of odd numbers
return {bit.tobit(2^51), bit.tobit(2^52), bit.tobit(2^53 + 2), bit.tobit(0.5), bit.tobit(1.4999), bit.tobit(3.5), bit.tobit(-0.5), bit.tobit(-2^31 - 1), bit.tobit(123456789012)}
--@ bit.tohex
return {bit.tohex(255), bit.tohex(255, 4), bit.tohex(255, 2), bit.tohex(255, 1), bit.tohex(-1), bit.tohex(0xabcdef, -8), bit.tohex(0xabcdef, -4), bit.tohex(1, 100), bit.tohex(0), bit.tohex(0x12345678, 3)}
--@ bit.tohex of zero digits
return {bit.tohex(255, 0), #bit.tohex(255, -100)}
--@ bit.bswap
return {bit.bswap(0x12345678), bit.tohex(bit.bswap(0x12345678)), bit.bswap(1), bit.bswap(-1), bit.bswap(0xff)}
--@ bit with strings
return {bit.band('255', '15'), bit.bor('0x10', 1), bit.tohex('16'), bit.lshift('1', '3')}
--@ bit errors
local out = {}
for i, f in ipairs({function() bit.band() end, function() bit.band('x') end, function() bit.bnot() end, function() bit.lshift(1) end, function() bit.tohex() end, function() bit.bor({}, 1) end, function() bit.band(1, nil) end, function() bit.rol(nil, 1) end}) do out[i] = tostring(select(2, pcall(f))) end
return out
--@ bit with large and infinite numbers
return {bit.band(2^40 + 5, 0xff), bit.bor(-2^31, 0), bit.bxor(2^32 - 1, 0)}
--@ popcount and parity
local function pop(x) local n = 0; while x ~= 0 do n = n + bit.band(x, 1); x = bit.rshift(x, 1) end; return n end
return {pop(255), pop(-1), pop(0x80000001), pop(0)}
--@ adler and fnv
local function adler(s) local a, b = 1, 0; for i = 1, #s do a = (a + s:byte(i)) % 65521; b = (b + a) % 65521 end; return bit.bor(bit.lshift(b, 16), a) end
local function fnv(s) local h = 2166136261; for i = 1, #s do h = bit.bxor(h, s:byte(i)) % 2^32; local lo, hi = h % 65536, math.floor(h / 65536); h = (lo * 16777619 + (hi * 16777619 % 65536) * 65536) % 2^32 end; return bit.tohex(h) end
return {adler('Wikipedia'), fnv('hello'), fnv('')}
--@ os has at most a clock
return rawget(_G, 'os') and type(os.clock()) or 'no os'
