--@ arithmetic
return {7 + 3, 7 - 10, 7 * 3, tostring(7 / 2), 7 % 3, 2 ^ 10, -7, - -7}
--@ division
return {tostring(10 / 2), tostring(1 / 3), tostring(-1 / 3), tostring(1 / 0), tostring(-1 / 0), tostring(2 / 3 * 3)}
--@ nan is written with its sign
return {tostring(0 / 0), tostring(-(0 / 0)), tostring(math.huge - math.huge), tostring(0 * math.huge)}
--@ nan compares to nothing
local n = 0 / 0
return {tostring(n == n), tostring(n ~= n), tostring(n < n), tostring(n <= n), tostring(n > 1), tostring(n < 1), tostring(not (n < 1))}
--@ modulo follows the sign of the divisor
return {7 % 3, -7 % 3, 7 % -3, -7 % -3, tostring(5.5 % 2), tostring(-5.5 % 2), tostring(5.5 % -2), tostring(-0.5 % 1)}
--@ modulo by zero and infinity
return {tostring(5 % 0 ~= 5 % 0), tostring(5 % math.huge), tostring(-5 % math.huge), tostring(5 % -math.huge), tostring(math.huge % 5 ~= math.huge % 5)}
--@ modulo of large numbers
return {tostring(2 ^ 53 % 3), tostring(1e15 % 7), tostring(1e300 % 3), tostring(-1e15 % 7)}
--@ power
return {tostring(2 ^ 0.5), tostring(2 ^ -1), tostring((-2) ^ 2), tostring(-2 ^ 2), tostring((-8) ^ (1 / 3) ~= (-8) ^ (1 / 3)), tostring(0 ^ 0), tostring(2 ^ 3 ^ 2), tostring(2 ^ 1024)}
--@ precedence of power and unary
return {tostring(-2 ^ 2), tostring(2 ^ -2), tostring(-2 ^ -2), tostring(not 1 == 2), #'abc' + 1, -#'abc', tostring(2 ^ #'ab')}
--@ precedence of arithmetic
return {1 + 2 * 3, (1 + 2) * 3, 2 * 3 % 4, 10 - 2 - 3, 100 / 10 / 2, 2 + 3 .. '', 1 .. 2 + 3}
--@ concat is right associative and binds below plus
return {1 .. 2 .. 3, 'a' .. 1 + 2 .. 'b', 2 ^ 2 .. '', -1 .. ''}
--@ precedence of comparison and logic
return {tostring(1 < 2 == true), tostring(not nil == true), tostring(1 == 1 and 2 == 2), tostring(1 == 2 or 3 == 3), tostring('a' .. 'b' == 'ab')}
--@ and binds tighter than or
return {tostring(nil and 1 or 2), tostring(1 or nil and 2), tostring(false or nil), tostring(nil or false), tostring(1 and nil), tostring(false and nil)}
--@ and and or give operands
return {1 and 2, tostring(nil and 2), tostring(false and 2), 1 or 2, nil or 2, false or 2, tostring(false or nil), 0 and 'zero is true'}
--@ short circuits
local n = 0
local function f(v) n = n + 1; return v end
local a = f(false) and f(true)
local b = f(true) or f(true)
local c = f(nil) or f(1)
return {n, tostring(a), tostring(b), c}
--@ short circuits keep one value
local function two() return 1, 2 end
local a, b = true and two()
local c, d = nil or two()
return {a, tostring(b), c, tostring(d)}
--@ a chain of and or
local out = {}
for i = 1, 15 do out[i] = i % 15 == 0 and 'fizzbuzz' or i % 5 == 0 and 'buzz' or i % 3 == 0 and 'fizz' or i end
return out
--@ not
return {tostring(not nil), tostring(not false), tostring(not true), tostring(not 0), tostring(not ''), tostring(not {}), tostring(not not nil), tostring(not not 1)}
--@ equality does not convert
return {tostring(1 == '1'), tostring('1' == 1), tostring(0 == false), tostring(nil == false), tostring('' == false), tostring(1 == 1.0), tostring('a' == 'a')}
--@ equality of tables and functions is identity
local t, f = {}, function() end
return {tostring(t == t), tostring(t == {}), tostring(f == f), tostring(f == function() end), tostring(t ~= {})}
--@ minus zero
return {tostring(0 == -0), tostring(-0), tostring(0 * -1), tostring(1 / -0), tostring(1 / (0 * -1))}
--@ minus zero in a variable
local z = 0
local m = -z
return {tostring(m), tostring(1 / m), string.format('%g', m), string.format('%d', m)}
--@ comparison of numbers
return {tostring(1 < 2), tostring(2 < 1), tostring(1 <= 1), tostring(1 >= 1), tostring(1 > 1), tostring(-1 < 0), tostring(1e308 < math.huge)}
--@ comparison of strings
return {tostring('a' < 'b'), tostring('a' < 'B'), tostring('Z' < 'a'), tostring('' < 'a'), tostring('a' < 'aa'), tostring('10' < '9'), tostring('a' <= 'a'), tostring('b' > 'a')}
--@ comparison of strings by bytes
return {tostring('\200' > 'z'), tostring('\0' < '\1'), tostring('a\0b' < 'a\0c'), tostring('a\0' > 'a'), tostring('ä' > 'z')}
--@ comparison operators swap their operands in order
local log = {}
local function f(n) log[#log + 1] = n; return n end
local a = f(1) > f(2)
local b = f(3) >= f(4)
return log
--@ concat of numbers
return {1 .. '', 1.5 .. '', 1e100 .. '', -0.1 .. '', (10 / 2) .. '', 2 ^ 53 .. '', 0.1 + 0.2 .. '', 1e15 .. '', 1e14 .. '', 123456789012 .. ''}
--@ concat of many
local s = 'a' .. 'b' .. 'c' .. 1 .. 'd' .. 2.5 .. 'e'
return s
--@ length of strings and tables
return {#'', #'abc', #'a\0b', #{}, #{1, 2, 3}, #{1, 2, nil}, #{n = 1}, #'ü'}
--@ strings as numbers in arithmetic
return {'10' + 5, '10' * '2', 10 - '3', '2' ^ '3', '7' % '4', -'5', tostring('1' / '4')}
--@ strings as numbers with space and hex
return {' 10 ' + 1, '0x10' + 0, '1e1' + 0, '\t5\n' + 0, '-3' + 0, ' -0x10 ' + 0, '.5' + .5, '5.' + 0}
--@ strings that are no numbers
local out = {}
for i, s in ipairs({'abc', '', ' ', '1 2', '1a', '0x', '1e', '--1', '- 1', '1_000', '٣', '1,5', '0x1g'}) do out[i] = tostring(select(2, pcall(function() return s + 1 end))) end
return out
--@ strings spelled inf and nan
local out = {}
for i, s in ipairs({'inf', 'nan', 'Infinity', '-inf', 'NAN', 'nan(1)', 'infinit', '0x1p4', '0x.8', '1e400'}) do out[i] = tostring(tonumber(s)) end
return out
--@ arithmetic on results of functions
local t = {x = 3, f = function() return 4 end}
return {t.x * t.f() + t['x'] ^ 2 - #('ab') .. '', (t.x + t.f()) * 2}
--@ integers beyond 2^53
return {tostring(2 ^ 53), tostring(2 ^ 53 + 1), tostring(2 ^ 63), tostring(9007199254740993), string.format('%.0f', 2 ^ 53 + 1)}
--@ rounding of sums
return {tostring(0.1 + 0.2), tostring(0.1 + 0.2 == 0.3), tostring(1 - 0.9), tostring(1e16 + 1), tostring(0.1 * 3)}
--@ constant folding keeps division by zero
return {tostring(1 / 0 == math.huge), tostring(0 / 0 ~= 0 / 0), tostring(5 % 0 ~= 5 % 0)}
--@ unary minus on strings
return {-'2', -'0x10', - - '3', -' 4 '}
--@ chained comparison is an error of types
return pcall(function() return 1 < 2 < 3 end) and 'no error' or select(2, pcall(function() return 1 < 2 < 3 end))
--@ operators on upvalues and fields
local a, t = 5, {v = 7}
local function f() a = a + t.v; t.v = t.v * a; return a, t.v end
f()
local x, y = f()
return {x, y}
--@ compound conditions
local function between(a, x, b) return a <= x and x <= b end
return {tostring(between(1, 1, 3)), tostring(between(1, 3, 3)), tostring(between(1, 4, 3)), tostring(not between(1, 2, 3))}
--@ deep expression nesting
return ((((((((((1 + 2) * 3) - 4) / 5) + 6) * 7) - 8) % 9) + 10) .. '')
--@ left associativity of all binary operators but two
return {tostring(8 / 4 / 2), tostring(8 - 4 - 2), tostring(7 % 4 % 2), tostring(2 ^ 2 ^ 3), 'a' .. 'b' .. 'c', tostring(100 - 10 + 5), tostring(6 / 3 * 2)}
--@ large exponents of integers
return {tostring(3 ^ 40), tostring(7 ^ 20), tostring(10 ^ 15), tostring(10 ^ 22), tostring(1.1 ^ 100), tostring(2 ^ 0.1)}
--@ a variable that a closure shares is read late
local i = 0 local function inc(n) i = i + (n or 1) return i end
local t = {1,2,3} local u = t local function swap() t = {10,20,30} return 2 end
local out = {i + inc(), i - inc(), i < inc(), i == inc(), i .. inc(), t[swap()]}
t = u local function other() t = {} return 'v' end t.x = other() out[#out+1] = tostring(u.x) out[#out+1] = tostring(t.x)
local k = 'a' local function change() k = 'b' return 1 end local w = {} w[k] = change() for a, b in pairs(w) do out[#out+1] = a end
out[#out+1] = tostring(i * (inc() + i))
for n, v in ipairs(out) do out[n] = tostring(v) end
return table.concat(out, ' ')
--@ a variable that a closure shares is read late, in a coroutine
local co = coroutine.wrap(function()
local i = 0 local function inc(n) i = i + (n or 1) return i end
local t = {1,2,3} local u = t local function swap() t = {10,20,30} return 2 end
local out = {i + inc(), i - inc(), i < inc(), i == inc(), i .. inc(), t[swap()]}
t = u local function other() t = {} return 'v' end t.x = other() out[#out+1] = tostring(u.x) out[#out+1] = tostring(t.x)
local k = 'a' local function change() k = 'b' return 1 end local w = {} w[k] = change() for a, b in pairs(w) do out[#out+1] = a end
out[#out+1] = tostring(i * (inc() + i))
for n, v in ipairs(out) do out[n] = tostring(v) end
return table.concat(out, ' ')
end) return co()
--@ a function has one constant for 0 and -0, that of the key when it comes first
local t = {}
t[0] = -0
return {tostring(t[0])}
--@ a function has one constant for 0 and -0, that which comes first
local function f() local a, b = -0, 0 return tostring(a) .. tostring(b) end
local function g() local a, b = 0, -0 return tostring(a) .. tostring(b) end
return {f(), g()}
