--@ pack integers of all sizes
local function hex(s) return (s:gsub('.', function(c) return ('%02x'):format(c:byte()) end)) end
return {hex(struct.pack('b', 1)), hex(struct.pack('B', 255)), hex(struct.pack('h', 1)), hex(struct.pack('H', 65535)), hex(struct.pack('i', 1)), hex(struct.pack('I', 2^32 - 1)), hex(struct.pack('l', 1)), hex(struct.pack('L', 2^53)), hex(struct.pack('T', 1))}
--@ pack with sizes
local function hex(s) return (s:gsub('.', function(c) return ('%02x'):format(c:byte()) end)) end
return {hex(struct.pack('i1', 1)), hex(struct.pack('i2', 258)), hex(struct.pack('i4', 1)), hex(struct.pack('i8', 1)), hex(struct.pack('I3', 66051)), hex(struct.pack('>I3', 66051)), hex(struct.pack('<I3', 66051)), hex(struct.pack('>i8', 2^40)), hex(struct.pack('i16', 5))}
--@ pack negative numbers
local function hex(s) return (s:gsub('.', function(c) return ('%02x'):format(c:byte()) end)) end
return {hex(struct.pack('b', -1)), hex(struct.pack('h', -2)), hex(struct.pack('>i4', -2)), hex(struct.pack('i8', -1)), hex(struct.pack('>i3', -5)), hex(struct.pack('B', -1)), hex(struct.pack('H', 65536 + 5)), hex(struct.pack('i16', -1)), hex(struct.pack('>I8', -1))}
--@ pack fractions are cut
local function hex(s) return (s:gsub('.', function(c) return ('%02x'):format(c:byte()) end)) end
return {hex(struct.pack('b', 1.9)), hex(struct.pack('b', -1.9)), hex(struct.pack('h', '7')), hex(struct.pack('>i4', 1e9 + 0.5))}
--@ byte order
local function hex(s) return (s:gsub('.', function(c) return ('%02x'):format(c:byte()) end)) end
return {hex(struct.pack('>h', 1)), hex(struct.pack('<h', 1)), hex(struct.pack('>h<h>i2', 1, 1, 1)), select(2, pcall(struct.pack, '=h', 1)), hex(struct.pack('>d', 1.5)), hex(struct.pack('<d', 1.5)), hex(struct.pack('>f', 1.5)), hex(struct.pack('f', 0.1))}
--@ floats
local function hex(s) return (s:gsub('.', function(c) return ('%02x'):format(c:byte()) end)) end
return {hex(struct.pack('>d', 0.1)), hex(struct.pack('>f', 1e39)), hex(struct.pack('>d', -1/0)), tostring(struct.unpack('>f', struct.pack('>f', 0.1))), tostring(struct.unpack('d', struct.pack('d', 1/3))), hex(struct.pack('>n' == '' and 'd' or '>d', 2))}
--@ strings
local function hex(s) return (s:gsub('.', function(c) return ('%02x'):format(c:byte()) end)) end
return {hex(struct.pack('s', 'abc')), hex(struct.pack('c3', 'abcdef')), hex(struct.pack('c0', 'abc')), hex(struct.pack('Bc0', 3, 'abc')), hex(struct.pack('c', 'xyz')), hex(struct.pack('sB', 'a', 1))}
--@ padding and x
local function hex(s) return (s:gsub('.', function(c) return ('%02x'):format(c:byte()) end)) end
return {hex(struct.pack('xB', 1)), hex(struct.pack('BxxB', 1, 2)), hex(struct.pack('x'))}
--@ alignment
local function hex(s) return (s:gsub('.', function(c) return ('%02x'):format(c:byte()) end)) end
return {hex(struct.pack('!4Bi4', 1, 2)), hex(struct.pack('!2Bi4', 1, 2)), hex(struct.pack('!Bd', 1, 2)), hex(struct.pack('!8Bh', 1, 2)), hex(struct.pack('Bi4', 1, 2)), hex(struct.pack('!4BBh', 1, 2, 3)), hex(struct.pack('!1Bi4', 1, 2)), hex(struct.pack('!16Bi16', 1, 2))}
--@ white space in formats
local function hex(s) return (s:gsub('.', function(c) return ('%02x'):format(c:byte()) end)) end
return hex(struct.pack('> h B', 1, 2))
--@ unpack
return {struct.unpack('>hBi4', struct.pack('>hBi4', -2, 255, 123456))}
--@ unpack gives the next position last
return {struct.unpack('B', '\1\2\3'), struct.unpack('BB', '\1\2\3'), struct.unpack('B', '\1\2\3', 2)}
--@ unpack with positions
local s = struct.pack('>hhh', 1, 2, 3)
local out, at = {}, 1
while at <= #s do local v; v, at = struct.unpack('>h', s, at); out[#out + 1] = v .. '@' .. at end
return out
--@ unpack signed and unsigned
return {struct.unpack('b', '\255'), struct.unpack('B', '\255'), struct.unpack('<h', '\254\255'), struct.unpack('<H', '\254\255'), struct.unpack('<i4', '\255\255\255\255'), struct.unpack('<I4', '\255\255\255\255'), struct.unpack('<i3', '\255\255\255'), struct.unpack('<I3', '\255\255\255')}
--@ unpack 8 bytes
return {tostring((struct.unpack('<i8', '\255\255\255\255\255\255\255\255'))), tostring((struct.unpack('<I8', '\255\255\255\255\255\255\255\255'))), tostring((struct.unpack('<L', '\0\0\0\0\0\0\32\0'))), tostring((struct.unpack('<l', '\0\0\0\0\0\0\0\128')))}
--@ unpack strings
return {struct.unpack('s', 'abc\0def'), struct.unpack('c3', 'abcdef'), struct.unpack('Bc0', '\3abcdef'), struct.unpack('Bc0s', '\2abxyz\0')}
--@ unpack errors
local out = {}
for i, f in ipairs({function() return struct.unpack('i4', '\1\2') end, function() return struct.unpack('s', 'abc') end, function() return struct.unpack('c5', 'abc') end, function() return struct.unpack('c0', 'abc') end, function() return struct.unpack('B', '') end, function() return struct.unpack('B', 'a', 2) end, function() return struct.unpack('B', 'a', 0) end, function() return struct.unpack('Z', 'a') end, function() return struct.unpack('B') end, function() return struct.unpack() end, function() return struct.unpack('Bc0', '\5ab') end, function() return struct.unpack('sc0', 'a\0b') end, function() return struct.unpack('B', 'abc', -1) end, function() return struct.unpack('B', 'abc', 100) end}) do out[i] = tostring(select(2, pcall(f))) end
return out
--@ pack errors
local out = {}
for i, f in ipairs({function() return struct.pack('B') end, function() return struct.pack('B', 'x') end, function() return struct.pack('B', nil) end, function() return struct.pack('s', nil) end, function() return struct.pack('c5', 'ab') end, function() return struct.pack('Z', 1) end, function() return struct.pack('i33', 1) end, function() return struct.pack('i0', 1) end, function() return struct.pack() end, function() return struct.pack('!3B', 1) end, function() return struct.pack('!64B', 1) end, function() return struct.pack('d', {}) end, function() return struct.pack('i17', 1) end, function() return struct.pack('i32', 1) end, function() return struct.pack('!i', 1) end, function() return struct.pack('i99999999999', 1) end, function() return struct.pack('c99999999999', 'x') end}) do local ok, e = pcall(f); out[i] = ok and 'ok ' .. #e or e end
return out
--@ pack error, not caught
return struct.pack('B', {})
--@ size
return {struct.size('b'), struct.size('h'), struct.size('i'), struct.size('l'), struct.size('T'), struct.size('f'), struct.size('d'), struct.size('i3'), struct.size('bhi'), struct.size('!bhi'), struct.size('x'), struct.size('c10'), struct.size('c'), struct.size('')}
--@ size errors
return {select(2, pcall(struct.size, 's')), select(2, pcall(struct.size, 'c0')), select(2, pcall(struct.size, 'Z')), select(2, pcall(struct.size)), select(2, pcall(struct.size, '!5b'))}
--@ round trips
local out = {}
for i, c in ipairs({{'>i8', 2^53}, {'<i8', -2^53}, {'d', 1/3}, {'s', 'text'}, {'>H', 65535}, {'b', -128}, {'>I4', 2^32 - 1}}) do out[i] = tostring((struct.unpack(c[1], struct.pack(c[1], c[2]))) == c[2]) end
return out
--@ names of struct
local t = {}
for k, v in pairs(struct) do t[#t + 1] = k .. ':' .. type(v) end
table.sort(t)
return table.concat(t, ' ')
--@ a record in a key | KEYS rec
redis.call('SET', KEYS[1], struct.pack('>I2Bc0d', 7, 5, 'hello', 2.5))
local id, name, score = struct.unpack('>I2Bc0d', redis.call('GET', KEYS[1]))
return {id, name, tostring(score), redis.call('STRLEN', KEYS[1])}
--@ many values
local f, v = ('B'):rep(100), {}
for i = 1, 100 do v[i] = i end
local s = struct.pack(f, unpack(v))
return {#s, select('#', struct.unpack(f, s)), (select(100, struct.unpack(f, s)))}
