--@ len
return {string.len(''), string.len('abc'), string.len('a\0b'), ('x'):len(), string.len(123), string.len(1.5)}
--@ sub
local s = 'hello'
return {s:sub(1), s:sub(2, 3), s:sub(-3), s:sub(-3, -2), s:sub(0), s:sub(10), s:sub(3, 2), s:sub(-100, 100), s:sub(2, -2), s:sub(0, 0), s:sub(5, 5), s:sub(6)}
--@ sub with fractions and strings
return {('hello'):sub('2', '3'), ('hello'):sub(2.9, 3.9), ('hello'):sub(-2.5), ('hello'):sub(1e10), ('hello'):sub(-1e10, 2)}
--@ sub with huge bounds
return {('hello'):sub(2, 2^31), ('hello'):sub(-2^31, 3), ('hello'):sub(2, 2^53), ('hello'):sub(2, 1e15)}
--@ upper and lower
return {('Hello World 123'):upper(), ('Hello World 123'):lower(), ('ÄöÜ'):upper(), ('ÄöÜ'):lower(), ('\200\220'):upper()}
--@ rep
return {('ab'):rep(3), ('ab'):rep(0), ('ab'):rep(-1), (''):rep(100), ('x'):rep(2.7), ('x'):rep('3'), #('abc'):rep(1000)}
--@ rep has no separator in 5.1
return ('ab'):rep(3, ',')
--@ reverse
return {('hello'):reverse(), (''):reverse(), ('a\0b'):reverse(), ('ab'):reverse():reverse()}
--@ byte
return {('A'):byte(), ('hello'):byte(2), {('hello'):byte(1, -1)}, select('#', (''):byte()), select('#', ('x'):byte(5)), ('x'):byte(-1), select('#', ('hello'):byte(4, 2)), ('\255'):byte(), ('\0'):byte()}
--@ byte with bounds beyond the string
return {{('abc'):byte(-10, 10)}, {('abc'):byte(0, 1)}, {('abc'):byte(2, 100)}, {('abc'):byte(0)}}
--@ char
return {string.char(), string.char(72, 105), string.char(0, 1, 255):byte(1, -1), string.char('65'), string.char(65.9)}
--@ char and byte are inverse
local s = ''
for i = 0, 255 do s = s .. string.char(i) end
local t = {s:byte(1, -1)}
local sum = 0
for i, b in ipairs(t) do if b == i - 1 then sum = sum + 1 end end
return {#s, sum}
--@ format %d
return {('%d'):format(5), ('%d'):format(-5), ('%5d|'):format(42), ('%-5d|'):format(42), ('%05d'):format(42), ('%+d'):format(42), ('% d'):format(42), ('%.3d'):format(5), ('%5.3d|'):format(5), ('%d'):format('10'), ('%d'):format(3.99), ('%d'):format(-3.99)}
--@ format %i and %u
return {('%i'):format(5), ('%u'):format(5), ('%i'):format(-7.5), ('%u'):format(2^32), ('%5u|'):format(3)}
--@ format %u of negative numbers
return {('%u'):format(-1), ('%x'):format(-1), ('%X'):format(-255), ('%o'):format(-8)}
--@ format %d of large numbers
return {('%d'):format(2^31), ('%d'):format(2^53), ('%d'):format(-2^53), ('%d'):format(2^62), ('%d'):format(-2^63)}
--@ format %c
return {('%c%c%c'):format(72, 105, 33), ('%c'):format(0), #('%c'):format(0), ('%5c|'):format(65), ('%-5c|'):format(65), ('%c'):format(256 + 65)}
--@ format %x %X %o
return {('%x'):format(255), ('%X'):format(255), ('%#x'):format(255), ('%#X'):format(255), ('%o'):format(8), ('%#o'):format(8), ('%08x'):format(48879), ('%.8x'):format(48879), ('%-8x|'):format(255), ('%#x'):format(0)}
--@ format %e %E
return {('%e'):format(1), ('%E'):format(12345.678), ('%.2e'):format(12345.678), ('%.0e'):format(12345.678), ('%#.0e'):format(1), ('%15e|'):format(1.5), ('%-15e|'):format(1.5), ('%+e'):format(0), ('%e'):format(1e100), ('%e'):format(1e-100), ('%.3e'):format(9.9996)}
--@ format %f
return {('%f'):format(1), ('%.2f'):format(3.14159), ('%.0f'):format(0.5), ('%.0f'):format(1.5), ('%.0f'):format(2.5), ('%10.2f|'):format(3.14159), ('%-10.2f|'):format(3.14159), ('%+.1f'):format(2), ('%010.3f'):format(-3.14159), ('%.10f'):format(1/3), ('%#.0f'):format(3), ('%.20f'):format(0.1), ('%f'):format(1e15)}
--@ format %f of large numbers
return {('%.0f'):format(2^53), ('%.0f'):format(1e22), ('%.0f'):format(1e23), ('%f'):format(2^70), ('%.3f'):format(1e100), #('%f'):format(1.7976931348623157e308)}
--@ format %f with many decimals
return {('%.30f'):format(1/3), ('%.99f'):format(0.1), ('%.50f'):format(2^-40), ('%.15f'):format(1e-10), ('%.1f'):format(0.25), ('%.1f'):format(0.35), ('%.2f'):format(1.005), ('%.2f'):format(2.675), ('%.3f'):format(-0.0005)}
--@ format %g %G
return {('%g'):format(1), ('%g'):format(0.1), ('%g'):format(1e20), ('%g'):format(1e-5), ('%g'):format(0.0001), ('%g'):format(123456), ('%g'):format(1234567), ('%G'):format(1e-10), ('%.3g'):format(3.14159), ('%.10g'):format(1/3), ('%#g'):format(1), ('%10g|'):format(1.5), ('%-10g|'):format(1.5), ('%010g'):format(-1.5), ('%.0g'):format(123)}
--@ format %g of many digits
return {('%.14g'):format(0.1), ('%.15g'):format(0.1), ('%.16g'):format(0.1), ('%.17g'):format(0.1), ('%.20g'):format(0.1), ('%.14g'):format(1e14), ('%.14g'):format(1e15), ('%.99g'):format(0.1), ('%#.5g'):format(100)}
--@ format of infinities and nan
return {('%d'):format(1) , ('%f'):format(1/0), ('%g'):format(-1/0), ('%e'):format(1/0), ('%5.1f|'):format(1/0), ('%-8g|'):format(-1/0), ('%G'):format(1/0), ('%E'):format(-1/0), ('%F' == '%F') and 'x', ('%08f'):format(1/0), ('%+f'):format(1/0)}
--@ format of minus zero
return {('%f'):format(-0.0), ('%g'):format(0 * -1), ('%d'):format(0 * -1), ('%e'):format(0 * -1), ('%+.1f'):format(0 * -1), ('%.0f'):format(-0.4)}
--@ format %s
return {('%s'):format('x'), ('%10s|'):format('abc'), ('%-10s|'):format('abc'), ('%.2s'):format('abc'), ('%5.1s|'):format('abc'), ('%s'):format(5), ('%s'):format(5.5), ('%s %s'):format('a', 'b'), ('%.0s'):format('abc'), ('%.99s'):format('abc'), ('%s'):format('')}
--@ format %s of other values
return {select(2, pcall(string.format, '%s', nil)), select(2, pcall(string.format, '%s', true)), select(2, pcall(string.format, '%s', {})), select(2, pcall(string.format, '%s'))}
--@ format %s with zero bytes and long strings
return {('%s'):format('a\0b'), #('%s'):format('a\0b'), #('%s'):format(('x'):rep(500)), #('%10s'):format('a\0b'), ('%-6s|'):format('ab'), #('%5s'):format(('x'):rep(200))}
--@ format %q
return {('%q'):format('hello'), ('%q'):format('say "hi"'), ('%q'):format('a\nb'), ('%q'):format('a\\b'), ('%q'):format('a\0b'), ('%q'):format('a\rb'), ('%q'):format('\t\1\200'), ('%q'):format(''), ('%q'):format(5)}
--@ format %q reads back
local s = 'line\nquote"back\\zero\0ret\rtab\tend'
return loadstring('return ' .. ('%q'):format(s))() == s and 'same' or 'different'
--@ format %%
return {('%%'):format(), ('100%%'):format(), ('%d%%'):format(50), ('a%%b%%'):format()}
--@ format ignores further arguments
return ('%d'):format(1, 2, 3)
--@ format errors
local out = {}
for i, f in ipairs({function() return ('%d'):format() end, function() return ('%d'):format('x') end, function() return ('%d'):format({}) end, function() return ('%y'):format(1) end, function() return ('%'):format(1) end, function() return ('%10'):format(1) end, function() return ('%123d'):format(1) end, function() return ('%.123d'):format(1) end, function() return ('%-+ #0-d'):format(1) end, function() return ('%s %s'):format('a') end, function() return ('%l'):format(1) end, function() return ('%5'):format() end, function() return ('% %'):format() end, function() return ('%c'):format('x') end, function() return ('%q'):format() end, function() return ('%a'):format(1) end, function() return ('%p'):format({}) end}) do out[i] = tostring(select(2, pcall(f))) end
return out
--@ format with widths up to two digits
return {#('%99d'):format(1), #('%99s'):format('x'), #('%-99s'):format('x'), #('%99.99f'):format(1), ('%1d'):format(12345), ('%00005d'):format(3)}
--@ format with all flags
return {('%-+5d|'):format(3), ('%+05d'):format(3), ('% 5d'):format(3), ('%#5x|'):format(10), ('%-#5x|'):format(10), ('%0-5d|'):format(3), ('%+-8.2f|'):format(3.14159), ('% .3e'):format(12.5)}
--@ format of numbers given as strings
return {('%d'):format('0x10'), ('%f'):format(' 1.5 '), ('%g'):format('1e3'), ('%x'):format('255'), ('%c'):format('65')}
--@ strings are compared and joined as bytes
local a = '\195\164'
return {a == 'ä' and 'same' or 'different', #a, a .. '!', a:byte(1), a:byte(2), a:reverse() == '\164\195' and 'reversed' or 'not'}
--@ building long strings
local t = {}
for i = 1, 1000 do t[#t + 1] = i end
local s = table.concat(t, ',')
return {#s, s:sub(1, 20), s:sub(-12)}
--@ building a string by concat
local s = ''
for i = 1, 200 do s = s .. i % 10 end
return {#s, s:sub(1, 30)}
--@ split
local function split(s, sep) local out = {}; for part in (s .. sep):gmatch('(.-)' .. sep:gsub('%p', '%%%0')) do out[#out + 1] = part end; return out end
return {split('a,b,,c', ','), split('1.2.3', '.'), split('', ',')}
--@ trim
local function trim(s) return (s:gsub('^%s*(.-)%s*$', '%1')) end
return {trim('  a b  '), trim(''), trim('   '), trim('x'), trim('\t\nx\r\n')}
--@ hex of a string
return {(('hello'):gsub('.', function(c) return ('%02x'):format(c:byte()) end)), (('68656c6c6f'):gsub('%x%x', function(h) return string.char(tonumber(h, 16)) end))}
--@ url encoding
local function enc(s) return (s:gsub('[^%w%-_%.~]', function(c) return ('%%%02X'):format(c:byte()) end)) end
local function dec(s) return (s:gsub('%+', ' '):gsub('%%(%x%x)', function(h) return string.char(tonumber(h, 16)) end)) end
return {enc('a b&c=d/ü'), dec('a+b%26c%3Dd%2F%C3%BC')}
--@ capitalize words
return (('hello wide world'):gsub('(%w)(%w*)', function(a, b) return a:upper() .. b end))
--@ caesar
return (('Hello, World'):gsub('%a', function(c) local base = c:byte() < 97 and 65 or 97; return string.char((c:byte() - base + 13) % 26 + base) end))
--@ run length
local function rle(s) local out, i = {}, 1; while i <= #s do local c, j = s:sub(i, i), i; while s:sub(j + 1, j + 1) == c do j = j + 1 end; out[#out + 1] = c .. (j - i + 1); i = j + 1 end; return table.concat(out) end
return rle('aaabccdddd')
--@ base64
local b = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
local function enc(data) return ((data:gsub('.', function(x) local r, c = '', x:byte(); for i = 8, 1, -1 do r = r .. (c % 2^i - c % 2^(i - 1) > 0 and '1' or '0') end; return r end) .. '0000'):gsub('%d%d%d?%d?%d?%d?', function(x) if #x < 6 then return '' end; local c = 0; for i = 1, 6 do c = c + (x:sub(i, i) == '1' and 2^(6 - i) or 0) end; return b:sub(c + 1, c + 1) end) .. ({'', '==', '='})[#data % 3 + 1]) end
return {enc('hello'), enc('hello!'), enc('a'), enc('')}
--@ crc of a key slot
local function crc16(s) local crc = 0; for i = 1, #s do crc = bit.bxor(crc, bit.lshift(s:byte(i), 8)); for _ = 1, 8 do if bit.band(crc, 0x8000) ~= 0 then crc = bit.bxor(bit.lshift(crc, 1), 0x1021) else crc = bit.lshift(crc, 1) end; crc = bit.band(crc, 0xffff) end end; return crc end
return {crc16('123456789'), crc16('foo') % 16384}
--@ levenshtein
local function lev(a, b) local d = {}; for i = 0, #a do d[i] = {[0] = i} end; for j = 0, #b do d[0][j] = j end; for i = 1, #a do for j = 1, #b do d[i][j] = math.min(d[i-1][j] + 1, d[i][j-1] + 1, d[i-1][j-1] + (a:byte(i) == b:byte(j) and 0 or 1)) end end; return d[#a][#b] end
return {lev('kitten', 'sitting'), lev('', 'abc'), lev('same', 'same')}
--@ string.dump gives a string
return {type(string.dump(function() return 1 end)), select(2, pcall(string.dump, 5)), select(2, pcall(string.dump, tostring))}
--@ string.gfind is the old name
local out = {}
for w in string.gfind('a b c', '%a') do out[#out + 1] = w end
return {out, tostring(string.gfind == string.gmatch)}
--@ numbers have no methods
return select(2, pcall(function() return (5):len() end))
--@ string functions take numbers
return {string.len(12345), string.upper(1.5), string.rep(7, 3), string.sub(12345, 2, 3), string.byte(9), string.reverse(123), string.find(12345, 34)}
