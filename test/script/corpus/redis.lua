--@ call and its replies | KEYS k
return {redis.call('SET', KEYS[1], 'v'), redis.call('GET', KEYS[1]), redis.call('EXISTS', KEYS[1]), redis.call('STRLEN', KEYS[1])}
--@ a status comes as a table with ok | KEYS k
local r = redis.call('SET', KEYS[1], 'v')
local out = {}
for k, v in pairs(r) do out[#out + 1] = k .. '=' .. v end
return {type(r), unpack(out)}
--@ a bulk, an integer, and an absent value | KEYS k
redis.call('SET', KEYS[1], 'v')
return {type(redis.call('GET', KEYS[1])), type(redis.call('EXISTS', KEYS[1])), type(redis.call('GET', 'absent')), tostring(redis.call('GET', 'absent'))}
--@ an array with absent values | KEYS a b
redis.call('SET', KEYS[1], '1')
local r = redis.call('MGET', KEYS[1], KEYS[2], KEYS[1])
return {#r, r[1], tostring(r[2]), r[3]}
--@ an array with absent values as the reply | KEYS a b
redis.call('SET', KEYS[1], '1')
return redis.call('MGET', KEYS[1], KEYS[2], KEYS[1])
--@ an absent array is false | KEYS l
return {tostring(redis.call('LPOP', KEYS[1], 2)), tostring(redis.call('LPOP', KEYS[1])), tostring(redis.call('LRANGE', KEYS[1], 0, -1)[1])}
--@ nested arrays | KEYS s
redis.call('XADD', KEYS[1], '1-1', 'f', 'v')
local r = redis.call('XRANGE', KEYS[1], '-', '+')
return {r[1][1], r[1][2][1], r[1][2][2], #r}
--@ numbers as arguments | KEYS k
redis.call('SET', KEYS[1], 5)
redis.call('APPEND', KEYS[1], 1.5)
redis.call('APPEND', KEYS[1], 10 / 2)
redis.call('APPEND', KEYS[1], 1e15)
redis.call('APPEND', KEYS[1], -0.1)
redis.call('APPEND', KEYS[1], 1/3)
return redis.call('GET', KEYS[1])
--@ more numbers as arguments | KEYS l
for _, n in ipairs({2^53, 1e20, 0.1 + 0.2, 123456789012345678, 1e100, -1, 3.0, 1/0, -1/0, 1e-10, 2^31, 99999999999999999}) do redis.call('RPUSH', KEYS[1], n) end
return redis.call('LRANGE', KEYS[1], 0, -1)
--@ nan as an argument | KEYS k
redis.call('SET', KEYS[1], 0/0)
return (redis.call('GET', KEYS[1]):gsub('-', ''))
--@ arguments that are neither text nor number
local out = {}
for i, f in ipairs({function() return redis.call('SET', 'k', true) end, function() return redis.call('SET', 'k', {}) end, function() return redis.call('SET', 'k', nil) end, function() return redis.call('SET', 'k', tostring) end, function() return redis.call({}) end, function() return redis.call(nil) end, function() return redis.call() end, function() return redis.call(5) end, function() return redis.call('') end, function() return redis.call('SET', nil, 'x') end, function() return redis.call('GET', cjson.null) end}) do local ok, e = pcall(f); out[i] = type(e) == 'table' and (e.err or e.ok) or tostring(e) end
return out
--@ the same with pcall
local out = {}
for i, r in ipairs({redis.pcall('SET', 'k', true), redis.pcall('SET', 'k', {}), redis.pcall('SET', 'k', nil), redis.pcall({}), redis.pcall(5), redis.pcall('')}) do out[i] = type(r) == 'table' and r.err or tostring(r) end
return out
--@ call without arguments
return redis.call()
--@ pcall without arguments
return redis.pcall()
--@ call of an unknown command
return redis.call('NOSUCH', 'x')
--@ pcall of an unknown command
return redis.pcall('NOSUCH', 'x')
--@ call with the wrong number of arguments
return redis.call('GET')
--@ pcall with the wrong number of arguments
return redis.pcall('SET', 'x')
--@ commands in any case | KEYS k
return {redis.call('set', KEYS[1], 'v'), redis.call('GeT', KEYS[1])}
--@ pcall gives the error as a table | KEYS k
redis.call('LPUSH', KEYS[1], 'x')
local r = redis.pcall('GET', KEYS[1])
return {type(r), r.err, tostring(r.ok)}
--@ the fields of an error table | KEYS k
redis.call('LPUSH', KEYS[1], 'x')
local r = redis.pcall('GET', KEYS[1])
local out = {}
for k, v in pairs(r) do out[#out + 1] = k .. '=' .. tostring(v) end
table.sort(out)
return out
--@ an error table as the reply | KEYS k
redis.call('LPUSH', KEYS[1], 'x')
return redis.pcall('GET', KEYS[1])
--@ an error table inside an array | KEYS k
redis.call('LPUSH', KEYS[1], 'x')
return {1, redis.pcall('GET', KEYS[1]), 3}
--@ an error stops the script and earlier writes stay | KEYS k
redis.call('SET', KEYS[1], 'written')
redis.call('LPUSH', KEYS[1], 'x')
--@ the line of a failing call | KEYS k
local function f()
  return redis.call('LPUSH',
    KEYS[1],
    'x')
end
redis.call('SET', KEYS[1], 'v')
f()
--@ error_reply
return redis.error_reply('MYERR something')
--@ error_reply without a code
return redis.error_reply('something')
--@ error_reply with a minus
return redis.error_reply('-MYERR something')
--@ error_reply of an empty text
return redis.error_reply('')
--@ error_reply fields
local a, b = redis.error_reply('one two'), redis.error_reply('-three')
return {a.err, b.err, type(a), tostring(a.ok)}
--@ error_reply with line breaks
return redis.error_reply('a\r\nb\nc')
--@ error_reply with wrong arguments
return {redis.error_reply(5), redis.error_reply(), redis.error_reply('a', 'b'), redis.error_reply({})}
--@ wrong arguments of error_reply, their texts
return {redis.error_reply().err, redis.error_reply('a', 'b').err, redis.error_reply({}).err, redis.error_reply(5).err or 'nil', redis.status_reply().err, redis.status_reply({}).err}
--@ status_reply
return redis.status_reply('FINE')
--@ status_reply of an empty text
return redis.status_reply('')
--@ status_reply with line breaks
return redis.status_reply('a\r\nb')
--@ status_reply with wrong arguments
return {redis.status_reply().err, redis.status_reply('a', 'b').err, redis.status_reply('x').ok}
--@ a table with ok
return {ok = 'GREAT'}
--@ a table with err
return {err = 'MYERR text'}
--@ a table with err and a minus
return {err = '-MYERR text'}
--@ a table with both
return {ok = 'yes', err = 'no'}
--@ a table with ok that is no string
return {ok = 5}
--@ a table with err that is no string
return {err = {}}
--@ a table with ok and elements
return {1, 2, ok = 'x'}
--@ sha1hex
return {redis.sha1hex(''), redis.sha1hex('abc'), redis.sha1hex('a\0b'), redis.sha1hex(5), redis.sha1hex(('x'):rep(1000))}
--@ sha1hex with wrong arguments
return {tostring(select(2, pcall(redis.sha1hex))), tostring(select(2, pcall(redis.sha1hex, 'a', 'b'))), tostring(select(2, pcall(redis.sha1hex, nil)))}
--@ sha1hex with a table
return redis.sha1hex({})
--@ log
redis.log(redis.LOG_DEBUG, 'message')
redis.log(redis.LOG_WARNING, 'several', 'words', 5)
return {redis.LOG_DEBUG, redis.LOG_VERBOSE, redis.LOG_NOTICE, redis.LOG_WARNING}
--@ log with wrong arguments
local out = {}
for i, f in ipairs({function() redis.log() end, function() redis.log('x') end, function() redis.log('x', 'y') end, function() redis.log(9, 'y') end, function() redis.log(-1, 'y') end, function() redis.log(2) end, function() redis.log(2, {}) end, function() redis.log(2, nil) end}) do local ok, e = pcall(f); out[i] = tostring(ok) .. ' ' .. (type(e) == 'table' and e.err or tostring(e)) end
return out
--@ log with a level that is no number
redis.log('x', 'y')
--@ log with a level out of range
redis.log(10, 'y')
--@ setresp
redis.setresp(3)
redis.setresp(2)
return 'ok'
--@ setresp with wrong arguments
local out = {}
for i, f in ipairs({function() redis.setresp() end, function() redis.setresp(1) end, function() redis.setresp(4) end, function() redis.setresp('3') end, function() redis.setresp('x') end, function() redis.setresp(2, 3) end, function() redis.setresp({}) end}) do local ok, e = pcall(f); out[i] = tostring(ok) .. ' ' .. (type(e) == 'table' and e.err or tostring(e)) end
return out
--@ setresp of a wrong version
redis.setresp(5)
--@ set_repl
redis.set_repl(redis.REPL_ALL)
redis.set_repl(redis.REPL_NONE)
redis.set_repl(redis.REPL_AOF)
redis.set_repl(redis.REPL_REPLICA)
return {redis.REPL_ALL, redis.REPL_NONE, redis.REPL_AOF, redis.REPL_REPLICA, redis.REPL_SLAVE}
--@ set_repl with wrong arguments
local out = {}
for i, f in ipairs({function() redis.set_repl() end, function() redis.set_repl(99) end, function() redis.set_repl(-1) end, function() redis.set_repl('x') end, function() redis.set_repl(1, 2) end, function() redis.set_repl({}) end}) do local ok, e = pcall(f); out[i] = tostring(ok) .. ' ' .. (type(e) == 'table' and e.err or tostring(e)) end
return out
--@ replicate_commands
return tostring(redis.replicate_commands())
--@ breakpoint
return tostring(redis.breakpoint())
--@ debug
return select('#', redis.debug('x', {1}, nil))
--@ acl_check_cmd
return {tostring(redis.acl_check_cmd('GET', 'k')), tostring(redis.acl_check_cmd('SET', 'k', 'v')), tostring(redis.acl_check_cmd('FLUSHALL'))}
--@ acl_check_cmd with wrong arguments
local out = {}
for i, f in ipairs({function() return redis.acl_check_cmd() end, function() return redis.acl_check_cmd('NOSUCH') end, function() return redis.acl_check_cmd(nil) end, function() return redis.acl_check_cmd({}) end, function() return redis.acl_check_cmd('GET') end, function() return redis.acl_check_cmd('SET', 'k', {}) end}) do local ok, e = pcall(f); out[i] = tostring(ok) .. ' ' .. (type(e) == 'table' and e.err or tostring(e)) end
return out
--@ acl_check_cmd of an unknown command
return redis.acl_check_cmd('NOSUCH')
--@ register_function only when a library is loaded
return redis.register_function('f', function() end)
--@ register_function is absent in a script
return select(2, pcall(function() return redis.register_function end))
--@ version
return {type(redis.REDIS_VERSION), type(redis.REDIS_VERSION_NUM), redis.REDIS_VERSION:match('^%d+%.%d+%.%d+$') and 'version' or 'other', bit.rshift(redis.REDIS_VERSION_NUM, 16) == tonumber(redis.REDIS_VERSION:match('^(%d+)')) and 'same' or 'other'}
--@ names of redis
local t = {}
for k, v in pairs(redis) do t[#t + 1] = k .. ':' .. type(v) end
table.sort(t)
return table.concat(t, ' ')
--@ commands that scripts may not use
local out = {}
for i, c in ipairs({{'EVAL', 'return 1', '0'}, {'EVALSHA', ('a'):rep(40), '0'}, {'SCRIPT', 'FLUSH'}, {'MULTI'}, {'EXEC'}, {'DISCARD'}, {'WATCH', 'k'}, {'SUBSCRIBE', 'c'}, {'MONITOR'}, {'AUTH', 'x'}, {'HELLO', '3'}, {'SHUTDOWN'}, {'CONFIG', 'GET', 'x'}, {'CLIENT', 'ID'}, {'FCALL', 'f', '0'}, {'RESET'}, {'QUIT'}, {'UNWATCH'}, {'PSUBSCRIBE', 'x'}, {'ACL', 'WHOAMI'}, {'SAVE'}, {'DEBUG', 'SLEEP', '0'}, {'WAIT', '0', '0'}, {'FUNCTION', 'LIST'}}) do local r = redis.pcall(unpack(c)); out[i] = c[1] .. ': ' .. (type(r) == 'table' and (r.err or r.ok or 'table') or tostring(r)) end
return out
--@ blocking commands do not block | KEYS l
return {tostring(redis.call('BLPOP', KEYS[1], 0)), tostring(redis.call('BLMOVE', KEYS[1], KEYS[1], 'LEFT', 'RIGHT', 0)), tostring(redis.call('BZPOPMIN', KEYS[1], 0)), tostring(redis.call('XREAD', 'BLOCK', '0', 'STREAMS', KEYS[1], '0'))}
--@ a blocking command that has something | KEYS l
redis.call('RPUSH', KEYS[1], 'a', 'b')
return {redis.call('BLPOP', KEYS[1], 0), redis.call('LLEN', KEYS[1])}
--@ SELECT inside a script
redis.call('SELECT', '1')
redis.call('SET', 'k', 'in one')
redis.call('SELECT', '0')
return {tostring(redis.call('GET', 'k')), redis.call('SELECT', '1'), redis.call('GET', 'k'), redis.call('DEL', 'k')}
--@ SELECT of a wrong database
return redis.call('SELECT', '99')
--@ PING, ECHO and TIME
local t = redis.call('TIME')
return {redis.call('PING'), redis.call('PING', 'text'), redis.call('ECHO', 'e'), #t, type(t[1]), tonumber(t[1]) > 1600000000 and 'now' or 'then'}
--@ keys with a time to live | KEYS k
redis.call('SET', KEYS[1], 'v', 'PX', 100000)
local ttl = redis.call('PTTL', KEYS[1])
return {ttl > 90000 and ttl <= 100000 and 'alive' or ttl, redis.call('PERSIST', KEYS[1]), redis.call('TTL', KEYS[1])}
--@ hashes | KEYS h
redis.call('HSET', KEYS[1], 'a', 1, 'b', 2)
local all = redis.call('HGETALL', KEYS[1])
local t = {}
for i = 1, #all, 2 do t[all[i]] = all[i + 1] end
return {#all, t.a, t.b, redis.call('HINCRBY', KEYS[1], 'a', 5), redis.call('HGET', KEYS[1], 'a'), tostring(redis.call('HGET', KEYS[1], 'z'))}
--@ sorted sets | KEYS z
redis.call('ZADD', KEYS[1], 1, 'a', 2.5, 'b', 3, 'c')
return {redis.call('ZSCORE', KEYS[1], 'b'), redis.call('ZRANGE', KEYS[1], 0, -1), redis.call('ZRANGEBYSCORE', KEYS[1], 2, 3, 'WITHSCORES'), redis.call('ZRANK', KEYS[1], 'c'), tostring(redis.call('ZSCORE', KEYS[1], 'x')), redis.call('ZINCRBY', KEYS[1], 0.5, 'a')}
--@ sets | KEYS s
redis.call('SADD', KEYS[1], 'x', 'y', 'z')
local m = redis.call('SMEMBERS', KEYS[1])
table.sort(m)
return {m, redis.call('SISMEMBER', KEYS[1], 'x'), redis.call('SMISMEMBER', KEYS[1], 'x', 'q'), redis.call('SCARD', KEYS[1])}
--@ lists | KEYS l
redis.call('RPUSH', KEYS[1], 'a', 'b', 'c')
return {redis.call('LRANGE', KEYS[1], 0, -1), redis.call('LPOP', KEYS[1]), redis.call('LINDEX', KEYS[1], 0), redis.call('LLEN', KEYS[1]), redis.call('LPOS', KEYS[1], 'c'), tostring(redis.call('LPOS', KEYS[1], 'q'))}
--@ TYPE is a status | KEYS k
redis.call('LPUSH', KEYS[1], 'x')
return {redis.call('TYPE', KEYS[1]).ok, redis.call('TYPE', 'absent').ok}
--@ statuses compare as tables | KEYS k
local r = redis.call('SET', KEYS[1], 'v')
return {tostring(r == 'OK'), tostring(r.ok == 'OK'), tostring(r['ok'])}
--@ SET NX that fails is false | KEYS k
redis.call('SET', KEYS[1], 'v')
return {tostring(redis.call('SET', KEYS[1], 'w', 'NX')), redis.call('GET', KEYS[1])}
--@ binary values | KEYS k
local s = ''
for i = 0, 255 do s = s .. string.char(i) end
redis.call('SET', KEYS[1], s)
local r = redis.call('GET', KEYS[1])
return {#r, tostring(r == s), r:byte(256)}
--@ binary values as the reply
return '\0\1\r\n\255\254'
--@ binary arguments | ARGV ä 日本
return {#ARGV[1], ARGV[1]:byte(1, -1), ARGV[2]}
--@ keys that are not declared work
redis.call('SET', 'undeclared', 'v')
return redis.call('GET', 'undeclared')
--@ SCAN inside a script
for i = 1, 20 do redis.call('SET', 'scan:' .. i, i) end
local cursor, n = '0', 0
repeat local r = redis.call('SCAN', cursor, 'MATCH', 'scan:*', 'COUNT', 100); cursor = r[1]; n = n + #r[2] until cursor == '0'
return {n, type(cursor)}
--@ SORT inside a script | KEYS l
redis.call('RPUSH', KEYS[1], 3, 1, 2)
return redis.call('SORT', KEYS[1], 'DESC')
--@ many arguments | KEYS l
local t = {}
for i = 1, 3000 do t[i] = i end
redis.call('RPUSH', KEYS[1], unpack(t))
return {redis.call('LLEN', KEYS[1]), redis.call('LINDEX', KEYS[1], -1)}
--@ a compare and delete lock | KEYS lock | ARGV token
redis.call('SET', KEYS[1], ARGV[1])
local function release(t) if redis.call('get', KEYS[1]) == t then return redis.call('del', KEYS[1]) else return 0 end end
return {release('other'), release(ARGV[1]), release(ARGV[1])}
--@ a rate limiter | KEYS rate | ARGV 3 60
local out = {}
for i = 1, 5 do local n = redis.call('INCR', KEYS[1]); if n == 1 then redis.call('EXPIRE', KEYS[1], ARGV[2]) end; out[i] = n <= tonumber(ARGV[1]) and 1 or 0 end
return {out, redis.call('TTL', KEYS[1])}
--@ a sliding window | KEYS window
local out = {}
for i, at in ipairs({100, 200, 300, 400, 1150, 1160}) do redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', at - 1000); local n = redis.call('ZCARD', KEYS[1]); if n < 3 then redis.call('ZADD', KEYS[1], at, at .. ':' .. i); out[i] = 'allow' else out[i] = 'deny' end end
return out
--@ moving jobs | KEYS wait active
redis.call('RPUSH', KEYS[1], 'j1', 'j2', 'j3')
local a = redis.call('RPOPLPUSH', KEYS[1], KEYS[2])
local b = redis.call('LMOVE', KEYS[1], KEYS[2], 'RIGHT', 'LEFT')
return {a, b, redis.call('LRANGE', KEYS[1], 0, -1), redis.call('LRANGE', KEYS[2], 0, -1), tostring(redis.call('RPOPLPUSH', 'none', KEYS[2]))}
--@ streams | KEYS s
local id = redis.call('XADD', KEYS[1], '5-1', 'a', '1', 'b', '2')
redis.call('XGROUP', 'CREATE', KEYS[1], 'g', '0')
local r = redis.call('XREADGROUP', 'GROUP', 'g', 'c', 'COUNT', '1', 'STREAMS', KEYS[1], '>')
return {id, r[1][1], r[1][2][1][1], r[1][2][1][2], redis.call('XACK', KEYS[1], 'g', id), redis.call('XLEN', KEYS[1])}
--@ publish has no subscribers
return redis.call('PUBLISH', 'c', 'm')
--@ redis.call as a value
local c, out = redis.call, {}
for i, cmd in ipairs({'PING', 'DBSIZE'}) do local r = c(cmd); out[i] = type(r) == 'table' and r.ok or r end
return out
--@ redis.call in a tail position | KEYS k
local function get(k) return redis.call('GET', k) end
redis.call('SET', KEYS[1], 'v')
return get(KEYS[1])
--@ resp 3: a map | KEYS h
redis.call('HSET', KEYS[1], 'f', 'v')
redis.setresp(3)
local r = redis.call('HGETALL', KEYS[1])
return {type(r.map), r.map.f, #r}
--@ resp 3: a map as the reply | KEYS h
redis.call('HSET', KEYS[1], 'f', 'v')
redis.setresp(3)
return redis.call('HGETALL', KEYS[1])
--@ resp 3: a set | KEYS s
redis.call('SADD', KEYS[1], 'm')
redis.setresp(3)
local r = redis.call('SMEMBERS', KEYS[1])
return {type(r.set), tostring(r.set.m), #r}
--@ resp 3: a set as the reply | KEYS s
redis.call('SADD', KEYS[1], 'm')
redis.setresp(3)
return redis.call('SMEMBERS', KEYS[1])
--@ resp 3: a double | KEYS z
redis.call('ZADD', KEYS[1], 1.5, 'm')
redis.setresp(3)
local r = redis.call('ZSCORE', KEYS[1], 'm')
return {type(r), type(r.double), tostring(r.double)}
--@ resp 3: a double as the reply | KEYS z
redis.call('ZADD', KEYS[1], 1.5, 'm')
redis.setresp(3)
return redis.call('ZSCORE', KEYS[1], 'm')
--@ resp 3: scores of a range | KEYS z
redis.call('ZADD', KEYS[1], 1.5, 'm', 2, 'n')
redis.setresp(3)
local r = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
return {#r, r[1][1], tostring(r[1][2].double), r[2][1]}
--@ resp 3: null
redis.setresp(3)
return {tostring(redis.call('GET', 'absent')), type(redis.call('GET', 'absent')), tostring(redis.call('LPOP', 'absent', 1))}
--@ resp 3: null as the reply
redis.setresp(3)
return redis.call('GET', 'absent')
--@ resp 3: an error | KEYS k
redis.call('SET', KEYS[1], 'v')
redis.setresp(3)
local r = redis.pcall('LPOP', KEYS[1])
return {type(r), r.err}
--@ resp 3: other kinds, kept and given on | KEYS h
redis.call('HSET', KEYS[1], 'f', 'v')
redis.setresp(3)
local r = redis.call('HGETALL', KEYS[1])
r.map.g = {double = 2.5}
r.map.f = nil
return r
--@ resp 3 and back | KEYS h
redis.call('HSET', KEYS[1], 'f', 'v')
redis.setresp(3)
local a = redis.call('HGETALL', KEYS[1])
redis.setresp(2)
local b = redis.call('HGETALL', KEYS[1])
return {type(a.map), #a, type(b.map), #b, b[1]}
--@ redis.call in a table constructor and in arguments | KEYS k l
return {redis.call('RPUSH', KEYS[2], redis.call('INCR', KEYS[1]), redis.call('INCR', KEYS[1])), redis.call('LRANGE', KEYS[2], 0, -1)}
--@ replies of redis.call give one value | KEYS k
return {select('#', redis.call('SET', KEYS[1], 'v')), select('#', redis.call('GET', 'none')), select('#', redis.pcall('NOSUCH'))}
