--@ reading an undeclared global
return undeclared
--@ writing an undeclared global
undeclared = 1
--@ declaring a global function
function f() return 1 end
return f()
--@ reading through _G
return tostring(_G.undeclared)
--@ writing through _G
_G.undeclared = 1
--@ rawget of an undeclared global
return tostring(rawget(_G, 'undeclared'))
--@ rawset of a global
rawset(_G, 'undeclared', 1)
--@ reading globals caught
return {select(2, pcall(function() return undeclared end)), select(2, pcall(function() undeclared = 1 end)), select(2, pcall(function() return _G.undeclared end)), select(2, pcall(function() _G['x y'] = 1 end)), select(2, pcall(rawset, _G, 'a', 1))}
--@ reading a global with a number as its name
return {select(2, pcall(function() return _G[1] end)), select(2, pcall(function() return _G[true] end)), select(2, pcall(function() return _G[{}] end))}
--@ readonly tables
local out = {}
for i, f in ipairs({function() string.x = 1 end, function() table.x = 1 end, function() math.pi = 3 end, function() redis.call = 1 end, function() redis.x = 1 end, function() cjson.x = 1 end, function() bit.x = 1 end, function() struct.x = 1 end, function() cmsgpack.x = 1 end, function() coroutine.x = 1 end, function() tostring = 1 end, function() rawset(string, 'x', 1) end, function() rawset(redis, 'call', 1) end, function() getmetatable('').__index = 1 end, function() setmetatable(string, {}) end, function() setmetatable(_G, {}) end, function() setmetatable(_G, nil) end, function() table.insert(redis, 1) end, function() table.sort(math) end, function() table.remove(string, 1) end}) do out[i] = tostring((select(2, pcall(f)))) end
return out
--@ the metatable of the globals
return {type(getmetatable(_G)), select(2, pcall(function() getmetatable(_G).__index = nil end)), select(2, pcall(rawset, getmetatable(_G) or {}, '__index', nil))}
--@ globals that exist
local t = {}
for k, v in pairs(_G) do if k ~= 'os' then t[#t + 1] = k .. ':' .. type(v) end end
table.sort(t)
return table.concat(t, ' ')
--@ absent functions
local out = {}
for i, n in ipairs({'print', 'dofile', 'loadfile', 'require', 'module', 'package', 'io', 'debug', 'setfenv', 'getfenv', 'newproxy', 'jit', 'ffi', 'utf8', 'bit32', 'table2', 'rawlen', 'warn', 'arg'}) do out[i] = n .. ' ' .. tostring(rawget(_G, n)) end
return out
--@ call of an absent function
print('hello')
--@ call of another absent function
require('x')
--@ use of the debug library
return debug.getinfo(1)
--@ use of io
return io.open('/etc/passwd')
--@ os.execute
return os.execute('ls')
--@ _VERSION
return {_VERSION, tostring(_G._G == _G), type(_G)}
--@ a local may hide a global
local redis, tostring = 5, function() return 'mine' end
return {redis, tostring(1)}
--@ loadstring
return {loadstring('return 1 + 1')(), (loadstring('return ...'))('arg'), type(loadstring('x =')), select(2, loadstring('x ='))}
--@ loadstring sees globals, not locals
local hidden = 5
return {select(2, pcall(loadstring('return hidden'))), loadstring('return type(redis)')(), select(2, pcall(loadstring('hidden = 1')))}
--@ loadstring sees KEYS and ARGV | KEYS k | ARGV a
return loadstring('return {KEYS[1], ARGV[1]}')()
--@ loadstring of nothing and of numbers
return {select('#', loadstring('')()), select(2, loadstring(5)), type(loadstring('--')), select('#', loadstring('')())}
--@ load with a function
local parts, i = {'return ', '1 ', '+ 2'}, 0
return load(function() i = i + 1; return parts[i] end)()
--@ load with a function that ends by an empty string
local parts, i = {'return 5', '', ' + 6'}, 0
return load(function() i = i + 1; return parts[i] end)()
--@ load with a function that gives something else
local done
return {type((load(function() if not done then done = true; return ' -- ' end end))), select(3, pcall(load, function() return {} end)), select(3, pcall(load, function() error('in reader', 0) end))}
--@ errors of a reader pass the error handler of Redis
local f, e = load(function() return {} end)
local g, h = load(function() error('in reader') end)
return {type(f), type(e), e.err, type(h), h.err, tostring(h.line), tostring(h.source)}
--@ errors of a reader in a coroutine pass no handler
return {select(3, coroutine.resume(coroutine.create(function() return load(function() return {} end) end)))}
--@ load with a chunk name
return {select(2, load(function() return nil end, 'n')) or 'empty', select(2, (function() local d; return load(function() if d then return nil end d = true; return 'x =' end, '=name') end)())}
--@ load of a string is not of 5.1
return select(2, pcall(load, 'return 1'))
--@ loadstring of bytecode
return {tostring((loadstring('\27Lua'))), tostring((loadstring(string.dump(function() return 1 end))))}
--@ loadstring of bytecode, its message
local f, e = loadstring('\27Lua\81\0\1\4\8\4\8\0', '=b')
return {type(f), tostring(e)}
--@ collectgarbage
return {type(collectgarbage('count')), collectgarbage(), collectgarbage('collect'), type(collectgarbage('step')), select(2, pcall(collectgarbage, 'what')), type(gcinfo())}
--@ collectgarbage stop and restart
return {collectgarbage('stop'), collectgarbage('restart'), type(collectgarbage('setpause', 100)), type(collectgarbage('setstepmul', 200))}
--@ type of everything
return {type(nil), type(1), type('x'), type(true), type({}), type(type), type(coroutine.create(function() end)), type(cjson.null)}
--@ tostring of everything
return {tostring(nil), tostring(1), tostring('x'), tostring(true), (tostring({}):gsub('0x%x+', 'ADDR')), (tostring(type):gsub('0x%x+', 'ADDR')), (tostring(function() end):gsub('0x%x+', 'ADDR'))}
--@ addresses differ and stay
local a, b = {}, {}
return {tostring(tostring(a) == tostring(a)), tostring(tostring(a) == tostring(b)), tostring(tostring(a):match('^table: 0x%x+$') ~= nil)}
--@ names of JavaScript are plain keys
local t = {}
local out = {}
for i, k in ipairs({'__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', '__defineGetter__', 'length', 'size', 'get', 'set', 'then'}) do out[#out + 1] = tostring(t[k]); t[k] = i; out[#out] = out[#out] .. t[k] end
return table.concat(out, ' ')
--@ names of JavaScript are no globals
local out = {}
for i, k in ipairs({'__proto__', 'constructor', 'toString', 'valueOf', 'hasOwnProperty', 'process', 'globalThis', 'window', 'Object', 'Function', 'eval', 'require', 'undefined'}) do out[i] = tostring(rawget(_G, k)) .. ' ' .. tostring(select(2, pcall(loadstring('return ' .. k)))) end
return out
--@ names of JavaScript are no methods of strings
local out = {}
for i, k in ipairs({'length', 'constructor', 'replace', 'charAt', 'toString', 'split', '__proto__', 'slice'}) do out[i] = tostring(('x')[k]) .. ' ' .. select(2, pcall(function() return ('x')[k]('x') end)) end
return out
--@ strings are not indexed by number
return {tostring(('abc')[1]), tostring(('abc')[0]), tostring(('abc')[-1]), tostring(('abc').x)}
--@ functions and booleans are not indexed
return {select(2, pcall(function() return tostring.name end)), select(2, pcall(function() return (true).x end)), select(2, pcall(function() return (1).toFixed end))}
--@ a script cannot keep a value for the next, part one
local ok = pcall(function() counter = (counter or 0) + 1 end)
return tostring(ok)
--@ a script cannot keep a value in a library
return {tostring(pcall(function() string.kept = 5 end)), tostring(string.kept)}
--@ KEYS and ARGV are not those of another script | KEYS only
return {#KEYS, #ARGV, KEYS[1]}
--@ KEYS may be replaced
KEYS = {'other'}
return KEYS[1]
--@ ARGV may be set to nil
ARGV = nil
return type(ARGV)
--@ the error handler of Redis is a global
return type(__redis__err__handler)
--@ setmetatable for own tables works
local t = setmetatable({}, {__index = function() return 'x' end})
return t.anything
--@ pcall cannot be replaced
return {tostring(pcall(function() pcall = nil end)), type(pcall)}
--@ a shebang
#!lua
return 'from lua'
--@ a shebang with flags | KEYS k
#!lua flags=no-writes
return tostring(redis.call('GET', KEYS[1]))
--@ a shebang that forbids writes | KEYS k
#!lua flags=no-writes
return redis.call('SET', KEYS[1], 'v')
--@ a shebang that forbids writes, with pcall | KEYS k
#!lua flags=no-writes
return redis.pcall('SET', KEYS[1], 'v')
--@ a shebang with several flags
#!lua flags=no-writes,allow-stale,allow-oom,no-cluster
return 'flags'
--@ a shebang with an unknown flag
#!lua flags=what
return 1
--@ a shebang with empty flags
#!lua flags=
return 1
--@ a shebang with an unknown option
#!lua name=x
return 1
--@ a shebang with an unknown engine
#!js
return 1
--@ a shebang without engine
#!
return 1
--@ a shebang keeps the lines
#!lua
error('line 2')
--@ a shebang and a syntax error
#!lua
return +
--@ a shebang without line end
--" "#!lua"
--@ allow-cross-slot-keys
#!lua flags=allow-cross-slot-keys
return 'x'
