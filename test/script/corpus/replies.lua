--@ nil
return nil
--@ true
return true
--@ false
return false
--@ zero
return 0
--@ an integer
return 42
--@ a negative integer
return -42
--@ a string
return 'text'
--@ an empty string
return ''
--@ an empty table
return {}
--@ a table with false, true and nil inside
return {true, false, 1}
--@ a function
return function() end
--@ a coroutine
return coroutine.create(function() end)
--@ a function inside a table
return {1, function() end, 3}
--@ a table with a string key only
return {a = 1}
--@ nested empty tables
return {{}, {{}}, {{}, {}}}
--@ deep nesting
local t = {'end'}
for i = 1, 50 do t = {t} end
return t
--@ double
return {double = 3.25}
--@ double that is whole
return {double = 3}
--@ doubles of many kinds
return {{double = 0.1}, {double = 1e100}, {double = -1.5e-10}, {double = 1/0}, {double = -1/0}, {double = 1/3}, {double = 123456789}, {double = 0}}
--@ double with a text
return {double = 'x'}
--@ double as a text that spells a number
return {double = '3.5'}
--@ map
return {map = {a = 1}}
--@ map with a nested map
return {map = {a = {map = {b = 'c'}}}}
--@ map that is empty
return {map = {}}
--@ map that is no table
return {map = 5}
--@ map with number keys
return {map = {[1] = 'one'}}
--@ map with a boolean value
return {map = {yes = true}}
--@ set
return {set = {a = true}}
--@ set with any value
return {set = {a = 1}}
--@ set that is empty
return {set = {}}
--@ set that is no table
return {set = 'x'}
--@ set of a number
return {set = {[5] = true}}
--@ big number
return {big_number = '123456789012345678901234567890'}
--@ big number that is a number
return {big_number = 123}
--@ big number with line breaks
return {big_number = '1\r\n2'}
--@ verbatim string
return {verbatim_string = {string = 'text', format = 'txt'}}
--@ verbatim string with another format
return {verbatim_string = {string = '# x', format = 'mkd'}}
--@ verbatim string without format
return {verbatim_string = {string = 'text'}}
--@ verbatim string that is no table
return {verbatim_string = 'text'}
--@ verbatim string with a long format
return {verbatim_string = {string = 'text', format = 'long'}}
--@ kinds inside an array
return {{double = 1.5}, {map = {k = 'v'}}, {set = {m = true}}, {big_number = '99'}, {verbatim_string = {string = 's', format = 'txt'}}, {ok = 'fine'}, {err = 'ERR bad'}, true, false}
--@ kinds after setresp 3
redis.setresp(3)
return {{double = 1.5}, {map = {k = 'v'}}, {set = {m = true}}, {big_number = '99'}, true, false, 1.5, 'x'}
--@ true after setresp 3
redis.setresp(3)
return true
--@ false after setresp 3
redis.setresp(3)
return false
--@ nil after setresp 3
redis.setresp(3)
return nil
--@ a map with ok inside
return {map = {a = {ok = 'fine'}}}
--@ priorities of kinds: err before ok
return {err = 'E x', ok = 'y', double = 1}
--@ priorities of kinds: ok before double
return {ok = 'y', double = 1, map = {}}
--@ priorities of kinds: double before map
return {double = 1, map = {}, set = {}}
--@ priorities of kinds: map before set
return {map = {}, set = {a = true}}
--@ priorities of kinds: set before big number
return {set = {}, big_number = '1'}
--@ priorities of kinds: big number before verbatim
return {big_number = '1', verbatim_string = {string = 's', format = 'txt'}}
--@ a kind with elements
return {1, 2, double = 5}
--@ metatables do not count for replies
return setmetatable({}, {__index = function(t, i) if i == 1 then return 'x' end end})
--@ ok by a metatable
return setmetatable({}, {__index = {ok = 'meta'}})
--@ err by a metatable
return setmetatable({1}, {__index = {err = 'meta'}})
--@ __len and __tostring do not count for replies
return setmetatable({1, 2}, {__len = function() return 5 end, __tostring = function() return 'x' end})
--@ numbers of all sizes
return {0, -0.0, 0.9, -0.9, 1e9, 1e10, -1e10, 4294967296, 9007199254740992}
--@ numeric text
return {'1', '1.5', 'nan'}
--@ a long array
local t = {}
for i = 1, 1000 do t[i] = i end
return t
--@ a long string
return ('abc'):rep(1000)
--@ status with a long text
return {ok = ('x'):rep(200)}
--@ err with many words
return {err = 'CODE one two three'}
--@ err with line breaks
return {err = 'CODE one\r\ntwo'}
--@ ok with line breaks
return {ok = 'one\r\ntwo'}
--@ err of zero length
return {err = ''}
--@ ok with zero bytes
return {ok = 'a\0b'}
--@ ok of text beyond ASCII
return {ok = 'ä'}
--@ ok as a number in text
return {ok = '5'}
--@ the first value of several, which is nil
return nil, 1
--@ userdata as the reply
return {cjson.null}
--@ false inside nested arrays
return {{false}, {nil}, {true}}
--@ nesting of two hundred tables
local t = {'end'}
for i = 1, 200 do t = {t, i} end
return t
--@ the value of a call in parentheses
return (tostring(5))
--@ a reply through a vararg function
local function f(...) return ... end
return f('a', 'b')
