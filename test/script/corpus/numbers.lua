--@ tostring of integers
local out = {}
for i, n in ipairs({0, 1, -1, 10, 100, 1000, 99999, 123456, 1234567, 12345678901234, 99999999999999, 100000000000000, 123456789012345, 999999999999999, 1000000000000000, 2^31, 2^32, 2^53, 2^63, 2^64, -2^63}) do out[i] = tostring(n) end
return out
--@ tostring of fractions
local out = {}
for i, n in ipairs({0.1, 0.5, 1.5, 1/3, 2/3, 0.1 + 0.2, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 0.00012345678901234567, 0.000012345678901234567, 123.456, 99999.99999, 1.0000000000001, 1.00000000000001, 1.000000000000001, 3.14159265358979, 100.001}) do out[i] = tostring(n) end
return out
--@ tostring of exponents
local out = {}
for i, n in ipairs({1e14, 1e15, 1e16, 1e20, 1e21, 1e22, 1e99, 1e100, 1e101, 1e300, 1.5e300, 1e-5, 1e-10, 1e-99, 1e-100, 5e-324, 1.7976931348623157e308, 2.2250738585072014e-308, 123456789012345678}) do out[i] = tostring(n) end
return out
--@ tostring rounds to 14 digits
local out = {}
for i, n in ipairs({0.123456789012345, 0.12345678901234501, 1.23456789012345, 12.3456789012345, 123456789.012345, 1234567890123.45, 12345678901234.5, 12345678901235.5, 0.99999999999999, 0.999999999999999, 9.99999999999999, 9.999999999999999, 99999999999999.9, 1e14 + 0.5, 2.5e-5, 1/7, 22/7, 1e15/7}) do out[i] = tostring(n) end
return out
--@ tostring of halves at the 14th digit
local out = {}
for i, n in ipairs({1.000000000000050, 1.000000000000150, 0.5000000000000050, 2.00000000000005, 4.00000000000005, 8.00000000000005, 100000000000000.5, 10000000000000.05, 1000000000000.005, 1.5e-14, 2.5e14 + 0.5}) do out[i] = tostring(n) end
return out
--@ tostring of infinities
return {tostring(1/0), tostring(-1/0), tostring(math.huge), tostring(-math.huge), 1/0 .. '', tostring(1e999)}
--@ tonumber of strings
local out = {}
for i, s in ipairs({'0', '10', '-10', '+10', '3.14', '.5', '5.', '-.5', '1e5', '1E5', '1e+5', '1e-5', '0x10', '0XFF', '-0x10', '+0x1F', ' 12 ', '\t12\n', '12abc', 'abc', '', ' ', '.', '-', '+', 'e5', '1e', '0x', '1 2', '--1', '1-', '0b1', '1f', '0.1e1.5', '00012', '1,000', '\v5', '\f5', '5\r'}) do out[i] = tostring(tonumber(s)) end
return out
--@ tonumber of words for infinity and of hexadecimal fractions
local out = {}
for i, s in ipairs({'inf', 'INF', 'Infinity', '-infinity', 'nan', 'NaN', '-nan', 'nan()', 'nan(123)', 'infx', '0x1p4', '0x1P-2', '0x.8', '0x1.8', '0x1.8p1', '0xp1', '0x1p', '0x.p1', '1e400', '-1e400', '1e-400', '0xffffffffffffffffff'}) do out[i] = tostring(tonumber(s)) end
return out
--@ tonumber of strings with zero bytes
return {tostring(tonumber('5\0')), tostring(tonumber('\0' .. '5')), tostring(tonumber('5\0' .. '6'))}
--@ tonumber of other values
return {tostring(tonumber(5)), tostring(tonumber(5.5)), tostring(tonumber(nil)), tostring(tonumber(true)), tostring(tonumber({})), tostring(tonumber(tostring))}
--@ tonumber with bases
local out = {}
for i, c in ipairs({{'ff', 16}, {'FF', 16}, {'0xff', 16}, {'777', 8}, {'888', 8}, {'1010', 2}, {'1012', 2}, {'zz', 36}, {'ZZ', 36}, {'10', 10}, {'-ff', 16}, {' 11 ', 2}, {'', 10}, {'', 16}, {'1.5', 10}, {'1.5', 16}, {'1e1', 10}, {'1e1', 16}, {'7fffffff', 16}, {'ffffffff', 16}, {'100000000', 16}, {'+5', 6}, {'- 5', 6}, {'g', 16}, {'0x', 16}}) do out[i] = tostring(tonumber(c[1], c[2])) end
return out
--@ tonumber with bases and large or negative values
local out = {}
for i, c in ipairs({{'-1', 16}, {'-1', 2}, {'ffffffffffffffff', 16}, {'10000000000000000', 16}, {'fffffffffffffffff', 16}, {'-ffffffffffffffff', 16}, {'9007199254740993', 8}, {'zzzzzzzzzzzzzzzz', 36}, {'18446744073709551615', 10}, {'11111111111111111111111111111111111111111111111111111111111111111', 2}}) do out[i] = tostring(tonumber(c[1], c[2])) end
return out
--@ tonumber of a number with a base
return {tostring(tonumber(10, 16)), tostring(tonumber(10, 2)), tostring(tonumber(99, 8)), tostring(tonumber(1.5, 16))}
--@ tonumber with a wrong base
return {select(2, pcall(tonumber, '1', 1)), select(2, pcall(tonumber, '1', 37)), select(2, pcall(tonumber, '1', 0)), select(2, pcall(tonumber, {}, 16)), select(2, pcall(tonumber, '1', 'x')), tostring(tonumber('1', 2.9)), tostring(tonumber('11', '2'))}
--@ numbers as replies are cut to integers
return {3.99, -3.99, 0.5, -0.5, 1e3, 2^31, -2^31, 2^53, 1e15}
--@ numbers beyond integers as replies
return {2^62, -2^62, 2^63 - 1024, -2^63}
--@ a fraction as the reply
return 3.99
--@ a negative fraction as the reply
return -3.99
--@ numeric strings are kept as they are
return {'3.990', '007', '1e3'}
--@ numbers as table keys are normalised
local t = {}
t[1] = 'one'
t[1.0] = 'float one'
t['1'] = 'text one'
t[0] = 'zero'
t[-0] = 'minus zero'
t[2^53] = 'large'
return {t[1], t['1'], t[0], t[2^53], #t, t[10/10], tostring(t[1.5])}
--@ keys of fractions and infinity
local t = {[1.5] = 'a', [1/0] = 'b', [-1/0] = 'c', [1e300] = 'd'}
return {t[3/2], t[math.huge], t[-math.huge], t[1e300], tostring(t[0/0])}
--@ numbers in concat and keys
local t = {}
t['n' .. 1] = 1
t['n' .. 1.0] = 2
t['n' .. 1.5] = 3
return {t.n1, t['n1.5'], 1e15 .. '|' .. 1e14 .. '|' .. 0.1}
--@ counting with fractions drifts
local x = 0
for i = 1, 10 do x = x + 0.1 end
return {tostring(x), tostring(x == 1), string.format('%.17g', x)}
--@ doubles in full by format
return {string.format('%.17g', 0.1), string.format('%.17g', 1/3), string.format('%.17g', 2^53 + 2), string.format('%.17g', 1e23), string.format('%.17g', 5e-324)}
--@ large factorials
local f, out = 1, {}
for i = 1, 25 do f = f * i; if i % 5 == 0 then out[#out + 1] = tostring(f) end end
return out
--@ fibonacci numbers into doubles
local a, b = 0, 1
for i = 1, 100 do a, b = b, a + b end
return {tostring(a), string.format('%.0f', a)}
--@ integer checks
local function isint(x) return x == math.floor(x) end
return {tostring(isint(5)), tostring(isint(5.5)), tostring(isint(1e300)), tostring(isint(-0.0))}
--@ collatz
local n, steps = 27, 0
while n ~= 1 do if n % 2 == 0 then n = n / 2 else n = n * 3 + 1 end; steps = steps + 1 end
return steps
--@ gcd and powers modulo
local function gcd(a, b) while b ~= 0 do a, b = b, a % b end return a end
local function powmod(b, e, m) local r = 1; b = b % m; while e > 0 do if e % 2 == 1 then r = r * b % m end; b = b * b % m; e = math.floor(e / 2) end return r end
return {gcd(1071, 462), powmod(3, 200, 1009), powmod(7, 13, 11)}
--@ a linear congruential generator
local x, out = 42, {}
for i = 1, 6 do x = (x * 1103515245 + 12345) % 2^31; out[i] = x end
return out
