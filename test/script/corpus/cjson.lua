--@ encode scalars
return {cjson.encode(1), cjson.encode(1.5), cjson.encode('x'), cjson.encode(true), cjson.encode(false), cjson.encode(nil), cjson.encode(cjson.null), cjson.encode(-0.1), cjson.encode(1e100), cjson.encode(''), cjson.encode(0)}
--@ encode numbers
local out = {}
for i, n in ipairs({0.1, 1/3, 2/3, 1e14, 1e15, 1e16, 123456789012345, 12345678901234567, 1e-5, 1e-4, -1.5e300, 100, 5e-324, 2^53, 2^63, 3.14159265358979, -0.0}) do out[i] = cjson.encode(n) end
return out
--@ encode of nan and infinity
return {select(2, pcall(cjson.encode, 0/0)), select(2, pcall(cjson.encode, 1/0)), select(2, pcall(cjson.encode, -1/0)), select(2, pcall(cjson.encode, {1/0}))}
--@ encode arrays
return {cjson.encode({}), cjson.encode({1, 2, 3}), cjson.encode({'a', {1, {2}}}), cjson.encode({{}, {}}), cjson.encode({true, false, cjson.null}), cjson.encode({1, nil, 3})}
--@ encode objects
return {cjson.encode({a = 1}), cjson.encode({a = {b = {c = 'd'}}}), cjson.encode({['key with "quotes"'] = 1}), cjson.encode({[''] = 1}), cjson.encode({a = {1, 2}})}
--@ encode number keys
return {cjson.encode({[1] = 'a', [2] = 'b'}), cjson.encode({[1.5] = 'x'}), cjson.encode({[0] = 'x'}), cjson.encode({[-1] = 'x'})}
--@ encode mixed tables, sorted
local s = cjson.encode({1, 2, x = 3})
local t = {}
for part in s:sub(2, -2):gmatch('[^,]+') do t[#t + 1] = part end
table.sort(t)
return {s:sub(1, 1), table.concat(t, ',')}
--@ encode sparse arrays
return {cjson.encode({[1] = 1, [3] = 3}), cjson.encode({[3] = 3}), cjson.encode({[10] = 1}), select(2, pcall(cjson.encode, {[11] = 1})), select(2, pcall(cjson.encode, {[1000] = 1}))}
--@ encode sparse arrays by ratio
local t = {}
for i = 1, 20 do t[i * 2] = i end
local u = {}
for i = 1, 5 do u[i * 3] = i end
return {cjson.encode(t), select(2, pcall(cjson.encode, u))}
--@ encode_sparse_array
local a, b, c = cjson.encode_sparse_array()
local d, e, f = cjson.encode_sparse_array(true, 3, 15)
local s = cjson.encode({[1000] = 'x'})
cjson.encode_sparse_array(a, b, c)
return {tostring(a), b, c, tostring(d), e, f, s, select(2, pcall(cjson.encode, {[1000] = 'x'}))}
--@ encode_sparse_array with ratio zero and a limit
local a, b, c = cjson.encode_sparse_array()
cjson.encode_sparse_array(false, 0, 2)
local s = cjson.encode({[50] = 'x'}):len()
cjson.encode_sparse_array(false, 2, 3)
local ok, e = pcall(cjson.encode, {[4] = 1})
local t = cjson.encode({[3] = 1})
cjson.encode_sparse_array(a, b, c)
return {s, tostring(e), t}
--@ encode strings with escapes
return {cjson.encode('"'), cjson.encode('\\'), cjson.encode('/'), cjson.encode('\b\f\n\r\t'), cjson.encode('\0\1\31'), cjson.encode('\127'), cjson.encode('ä'), cjson.encode('\200'), cjson.encode('日本'), cjson.encode("it's")}
--@ encode all bytes
local s = ''
for i = 0, 255 do s = s .. string.char(i) end
local e = cjson.encode(s)
return {#e, e:sub(1, 60), tostring(cjson.decode(e) == s)}
--@ encode of what cannot be
return {select(2, pcall(cjson.encode, function() end)), select(2, pcall(cjson.encode, {f = function() end})), select(2, pcall(cjson.encode, coroutine.create(function() end))), select(2, pcall(cjson.encode, {[true] = 1})), select(2, pcall(cjson.encode, {[{}] = 1})), select(2, pcall(cjson.encode)), select(2, pcall(cjson.encode, 1, 2))}
--@ encode deeply
local function nest(n) local t = {}; for i = 1, n - 1 do t = {t} end; return t end
return {#cjson.encode(nest(100)), #cjson.encode(nest(1000)), select(2, pcall(cjson.encode, nest(1001)))}
--@ encode a cycle
local t = {}
t.self = t
return select(2, pcall(cjson.encode, t))
--@ encode_max_depth
local d = cjson.encode_max_depth()
cjson.encode_max_depth(2)
local a = cjson.encode({{}})
local ok, e = pcall(cjson.encode, {{{}}})
cjson.encode_max_depth(d)
return {d, a, e}
--@ encode_number_precision
local p = cjson.encode_number_precision()
local out = {p}
for _, n in ipairs({1, 3, 10, 14}) do cjson.encode_number_precision(n); out[#out + 1] = cjson.encode(1/3) end
cjson.encode_number_precision(p)
return out
--@ encode_number_precision out of range
return {select(2, pcall(cjson.encode_number_precision, 0)), select(2, pcall(cjson.encode_number_precision, 17)), select(2, pcall(cjson.encode_number_precision, 'x')), select(2, pcall(cjson.encode_number_precision, 1, 2))}
--@ encode_invalid_numbers
local d = cjson.encode_invalid_numbers()
local out = {tostring(d)}
cjson.encode_invalid_numbers(true)
out[#out + 1] = cjson.encode({1/0, -1/0})
cjson.encode_invalid_numbers('null')
out[#out + 1] = cjson.encode({1/0, 0/0})
cjson.encode_invalid_numbers('off')
out[#out + 1] = tostring((pcall(cjson.encode, 1/0)))
cjson.encode_invalid_numbers(d)
return out
--@ encode_keep_buffer
local k = cjson.encode_keep_buffer()
cjson.encode_keep_buffer(false)
local a = cjson.encode({1})
cjson.encode_keep_buffer(k)
return {tostring(k), a, cjson.encode({2})}
--@ options with wrong arguments
return {select(2, pcall(cjson.encode_invalid_numbers, 'what')), select(2, pcall(cjson.encode_max_depth, 0)), select(2, pcall(cjson.encode_sparse_array, true, -1)), select(2, pcall(cjson.encode_sparse_array, true, 1, 1, 1)), select(2, pcall(cjson.decode_max_depth, -1)), select(2, pcall(cjson.encode_keep_buffer, 5)), select(2, pcall(cjson.decode_invalid_numbers, 'null'))}
--@ decode scalars
return {tostring(cjson.decode('1')), tostring(cjson.decode('-1.5e3')), cjson.decode('"x"'), tostring(cjson.decode('true')), tostring(cjson.decode('false')), tostring(cjson.decode('null') == cjson.null), tostring(cjson.decode(' [ ] ')[1]), tostring(cjson.decode('0.1'))}
--@ decode arrays and objects
local t = cjson.decode('{"a":1,"b":[1,2,{"c":"d"}],"e":{},"f":null,"g":true}')
return {t.a, #t.b, t.b[3].c, type(t.e), tostring(t.f == cjson.null), tostring(t.g), tostring(t.h)}
--@ decode white space
local t = cjson.decode(' \t\r\n{ "a" : [ 1 , 2 ] } \n')
return t.a
--@ decode numbers
local out = {}
for i, s in ipairs({'0', '-0', '10', '1e5', '1E+5', '1e-5', '0.5', '123456789012345678', '1e400', '00', '01', '+1', '.5', '5.', '0x10', '1e', '-', '--1', '1.2.3', 'inf', '-inf', 'nan', 'Infinity', 'NaN', '-Infinity', '0x1p4', '-0x5'}) do out[i] = s .. ' ' .. tostring(select(2, pcall(cjson.decode, '[' .. s .. ']')) == nil or (function() local ok, v = pcall(cjson.decode, '[' .. s .. ']'); return ok and tostring(v[1]) or v end)()) end
return out
--@ decode strings with escapes
return {cjson.decode('"a\\nb"'), cjson.decode('"\\u0041"'), cjson.decode('"\\u00e4"'), cjson.decode('"\\u65e5"'), cjson.decode('"\\ud83d\\ude00"'), cjson.decode('"\\"\\\\\\/\\b\\f\\r\\t"'), #cjson.decode('"\\u0000"'), cjson.decode('""'), cjson.decode('"ä"')}
--@ decode wrong escapes
local out = {}
for i, s in ipairs({'"\\x"', '"\\u12"', '"\\u12g4"', '"\\ud83d"', '"\\ud83dx"', '"\\ude00"', '"\\ud83d\\u0041"', '"abc', '"a\nb"', '"\\', '"\\u', '"a\tb"', '"\\U0041"'}) do out[i] = tostring(select(2, pcall(cjson.decode, s))) end
return out
--@ decode with control characters and bytes
return {#cjson.decode('"a\1b"'), cjson.decode('"\200"'):byte(), #cjson.decode('"a\127b"')}
--@ decode errors
local out = {}
for i, s in ipairs({'', ' ', '{', '}', '[', ']', '[1', '[1,', '[1,]', '[,1]', '[1 2]', '{"a"', '{"a":', '{"a":1', '{"a":1,', '{"a":1,}', '{a:1}', '{1:2}', '{"a" 1}', '{"a":1 "b":2}', 'tru', 'nul', 'truex', 'abc', '1 2', '[] []', "'x'", '[1]x', '{,}', '{"a":}', ':', ',', '\\', '\0', '// c', '[1]\0'}) do local ok, e = pcall(cjson.decode, s); out[i] = ok and type(e) or e end
return out
--@ decode error, not caught
return cjson.decode('{"a":1,}')
--@ encode error, not caught
return cjson.encode({tostring})
--@ decode of other values
return {select(2, pcall(cjson.decode)), select(2, pcall(cjson.decode, nil)), select(2, pcall(cjson.decode, {})), tostring(cjson.decode(5)), select(2, pcall(cjson.decode, '1', 2)), select(2, pcall(cjson.decode, true))}
--@ decode deeply
local function nest(n) return ('['):rep(n) .. (']'):rep(n) end
return {type(cjson.decode(nest(1000))), select(2, pcall(cjson.decode, nest(1001))), select(2, pcall(cjson.decode, ('{"a":'):rep(1001) .. '1' .. ('}'):rep(1001)))}
--@ decode_max_depth
local d = cjson.decode_max_depth()
cjson.decode_max_depth(2)
local ok, e = pcall(cjson.decode, '[[[1]]]')
local fine = cjson.decode('[[1]]')[1][1]
cjson.decode_max_depth(d)
return {d, e, fine}
--@ decode_invalid_numbers
local d = cjson.decode_invalid_numbers()
local a = tostring(cjson.decode('[0x10]')[1])
cjson.decode_invalid_numbers(false)
local out = {}
for i, s in ipairs({'0x10', 'inf', '01', '-01', '1', 'Infinity', 'nan'}) do out[i] = tostring((select(2, pcall(cjson.decode, '[' .. s .. ']')))):gsub('table: .*', 'table') end
cjson.decode_invalid_numbers(d)
return {tostring(d), a, out}
--@ decode duplicate keys
local t = cjson.decode('{"a":1,"a":2}')
return t.a
--@ decode keys that look like numbers stay strings
local t = cjson.decode('{"1":"a","2":"b"}')
return {tostring(t[1]), t['1'], t['2'], #t}
--@ decode keys that look like prototypes
local t = cjson.decode('{"__proto__":{"x":1},"constructor":2,"toString":3,"hasOwnProperty":4}')
local n = 0
for _ in pairs(t) do n = n + 1 end
return {n, t.__proto__.x, t.constructor, t.toString, t.hasOwnProperty, tostring(t.valueOf)}
--@ decoded null is not nil
local t = cjson.decode('[1,null,3]')
return {#t, tostring(t[2] == cjson.null), type(t[2]), tostring(t[2] == nil), t[2] and 'true' or 'false'}
--@ cjson.null as the reply
return {1, cjson.null, 3}
--@ cjson.null alone as the reply
return cjson.null
--@ cjson.null has text
return {tostring(cjson.null), type(cjson.null), tostring(cjson.null == cjson.null)}
--@ round trips
local function same(a, b) if type(a) ~= 'table' then return a == b end; for k, v in pairs(a) do if not same(v, b[k]) then return false end end; for k in pairs(b) do if a[k] == nil then return false end end; return true end
local out = {}
for i, v in ipairs({{1, 2, 3}, {a = 'b', c = {1, 'x', {y = 'z'}}}, {'', 'ä', '\0', '"\\/'}, {x = true, y = false}, {1.5, -1e10, 0}}) do out[i] = tostring(same(v, cjson.decode(cjson.encode(v)))) end
return out
--@ an empty table becomes an object
return {cjson.encode({}), cjson.encode({list = {}}), cjson.encode(cjson.decode('[]')), cjson.encode(cjson.decode('{}')), cjson.encode(cjson.decode('{"a":[]}'))}
--@ a job as in queues | KEYS job | ARGV {"name":"send","data":{"to":"a@b.c"},"opts":{"attempts":3,"delay":0}}
local job = cjson.decode(ARGV[1])
redis.call('HSET', KEYS[1], 'name', job.name, 'data', cjson.encode(job.data), 'attempts', job.opts.attempts)
return redis.call('HMGET', KEYS[1], 'name', 'data', 'attempts', 'none')
--@ cjson.new
local c = cjson.new()
c.encode_max_depth(1)
return {tostring(c ~= cjson), c.encode({}), select(2, pcall(c.encode, {{}})), cjson.encode({{}}), c._NAME, c._VERSION}
--@ names and version of cjson
local t = {}
for k, v in pairs(cjson) do t[#t + 1] = k .. ':' .. type(v) end
table.sort(t)
return {table.concat(t, ' '), cjson._NAME, cjson._VERSION}
--@ encode uses no metamethods
local t = setmetatable({1, 2}, {__index = function() return 5 end, __len = function() return 10 end, __tostring = function() return 'x' end})
return cjson.encode(t)
--@ large documents
local t = {}
for i = 1, 500 do t[i] = {id = i, name = 'n' .. i} end
local s = cjson.encode(t)
local d = cjson.decode(s)
return {#s, #d, d[500].id, d[250].name}
--@ encode numbers with integers of doubles
return {cjson.encode(10 / 2), cjson.encode(3.0), cjson.encode(1e3), cjson.encode({10 / 2, 0.5})}
