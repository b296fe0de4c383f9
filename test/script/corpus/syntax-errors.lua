--> return +
--> return 1 +
--> x = = 1
--> local
--> local 1
--> local function
--> local function 5() end
--> function
--> function f
--> function f(
--> function f(a
--> function f(a,
--> function f(a,) end
--> function f(..., a) end
--> function f(1) end
--> function f() 
--> function f:g.h() end
--> function f.g:h:i() end
--> if
--> if x
--> if x then
--> if x then else
--> if x then else elseif
--> if x then end end
--> elseif
--> else
--> end
--> while
--> while x
--> while x do
--> do
--> repeat
--> repeat until
--> for
--> for i
--> for i =
--> for i = 1
--> for i = 1 do end
--> for i = 1, 2, 3, 4 do end
--> for i = 1, 2 end
--> for i, j = 1, 2 do end
--> for i in
--> for i in x
--> for in x do end
--> for 1 in x do end
--> for i.j in x do end
--> return return
--> return 1 2
--> return; return
--> return 1; x = 2
--> break
--> if true then break end
--> local function f() break end
--> do break end
--> x
--> x.y
--> x y
--> x.
--> x:y
--> x:
--> x[
--> x[1
--> x[1]
--> x[] = 1
--> (x) = 1
--> x() = 1
--> x, y() = 1, 2
--> x,
--> x, y
--> 5 = x
--> 'x' = 1
--> 'x'
--> 5
--> {}
--> nil = 1
--> true = 1
--> f() + 1
--> (1 + 2)
--> (f
--> f(
--> f(1
--> f(1,
--> f(1,)
--> f(1 2)
--> return (1
--> return )
--> return {
--> return {1
--> return {1,
--> return {1 2}
--> return {,}
--> return {;}
--> return {1,,2}
--> return {[1]}
--> return {[1] = }
--> return {[1 = 2}
--> return {a.b = 1}
--> return {1 = 2}
--> return }
--> return ]
--> return 'abc
--> return "abc
--> return 'abc\
--> return 'a\300b'
--> return 'a\999b'
--> return 'a\256'
--> return [[abc
--> return [==[abc]]
--> return [=abc
--> return [=[
--> --[[ open comment
--> --[==[ open ]] comment
--> return [==
--> return 3x
--> return 3..2
--> return 0x
--> return 0xg
--> return 1e
--> return 1e+
--> return 1.2.3
--> return 1..2
--> return 12abc
--> return 0x1.8
--> return 1ex
--> return ..
--> return ...
--> return a..b..
--> return @
--> return $x
--> return x ! y
--> return ~x
--> return a ~ b
--> return a & b
--> return a | b
--> return a // b
--> return a << 1
--> return a != b
--> return a && b
--> return !a
--> x += 1
--> x++
--> return a ? b : c
--> return `x`
--> return \
--> return #
--> return not
--> return -
--> return a or
--> return a and
--> return and a
--> return a == 
--> return a = b
--> return function
--> return function(
--> return function() 
--> return function f() end
--> local x = function end
--> local t = {function() end
--> local a.b = 1
--> local a[1] = 1
--> local a:b = 1
--> local x, = 1
--> local x = 
--> local x = 1,
--> local function a.b() end
--> goto x
--> ::label::
--> a::b
--> local x <const> = 1
--> end of the script
--> this is no lua
--> select * from x
--> redis.call('GET' 'x')
--> redis.call('GET', KEYS[1]
--> redis.call(GET x)
--> if KEYS[1] = 'x' then return 1 end
--> local x == 1
--> return KEYS[1]]
--> for (i = 0; i < 5; i++) {}
--> function() end
--> (function() end)
--> return function() return 1 end end
--> until x
--> then
--> in
--> x = 1 y 2
--> x = {a = 1, b}; z
--> x = 'a' 'b'
--> a.b:c = 1
--> a:b() = 1
--> a.1 = 2
--> a.end = 1
--> local end = 1
--> return a.and
--> not x
--> local a <close> = 1
--> ;
--> ;;
--> ; return 1
--> local a = 1;; return a
--@ an open block names the line where it began
local function f()
  if true then
    return 1
--@ an open function names the line where it began
local function f()
  return 1

return f()
--@ an open parenthesis names its line
return (1 +
  2
--@ an open table names its line
local t = {
  1,
  2

return t
--@ an open repeat
repeat
  local x = 1
--@ an open for
for i = 1, 2 do

  local x = i
--@ an open long string names the end
local x = 1
return [[
open
--@ an open string at a line end
local x = 'open
return x
--@ line of a wrong token
local x = 1
local y = 2
local z = = 3
--@ near a long token
return 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' x
--@ near a string token
x 'abc' 'def' 5
--@ near a string with quotes
local x 'it''s'
--@ near a control character
--" "return \u0001"
--@ near another control character
--" "x = \u001b"
--@ near a NUL
--" "x = \u0000"
--@ a NUL ends nothing
--" "return 1 \u0000 return 2"
--@ near a byte beyond ASCII
--" "return \u00e4"
--@ near an open string with a line break
--" "return 'abc\ndef'"
--@ near an open string with a carriage return
--" "return 'abc\rdef'"
--@ near an open long string with a break
--" "return [[abc\ndef"
--@ syntax errors of loadstring
local out = {}
for i, s in ipairs({'return +', 'x =', 'for', 'return "abc', 'return 1e', '\n\n)', 'x y', '(', 'a.b:c', 'break', 'return ...', 'local function f() return ... end', 'goto'}) do local f, e = loadstring(s); out[i] = f and 'compiles' or e end
return out
--@ more than 200 locals
local s = {}
for i = 1, 201 do s[i] = 'local v' .. i end
local f, e = loadstring(table.concat(s, '\n'), '=c')
return e
--@ more than 200 locals in a function
local s = {'function f()'}
for i = 1, 201 do s[#s + 1] = 'local v' .. i end
s[#s + 1] = 'end'
local f, e = loadstring(table.concat(s, '\n'), '=c')
return e
--@ more than 60 upvalues
local s, n = {}, {}
for i = 1, 61 do s[i] = 'local v' .. i .. ' = ' .. i; n[i] = 'v' .. i end
local f, e = loadstring(table.concat(s, '\n') .. '\nlocal function f()\n return ' .. table.concat(n, '+') .. ' end', '=c')
return e
--@ deep nesting of parentheses
local f, e = loadstring('return ' .. string.rep('(', 300) .. '1' .. string.rep(')', 300), '=c')
return e or f()
--@ nesting of parentheses that is allowed
local f, e = loadstring('return ' .. string.rep('(', 190) .. '1' .. string.rep(')', 190), '=c')
return e or f()
--@ deep nesting of tables
local f, e = loadstring('return ' .. string.rep('{', 300) .. string.rep('}', 300), '=c')
return e or type(f())
--@ deep nesting of functions
local f, e = loadstring(string.rep('return function() ', 300) .. string.rep(' end', 300), '=c')
return e or type(f())
--@ deep nesting of blocks
local f, e = loadstring(string.rep('do ', 300) .. string.rep(' end', 300), '=c')
return e or 'compiles'
--@ deep nesting of unary operators
local f, e = loadstring('return ' .. string.rep('- ', 300) .. '1', '=c')
return e or f()
--@ deep nesting of not
local f, e = loadstring('return ' .. string.rep('not ', 300) .. '1', '=c')
return e or tostring(f())
--@ deep nesting to the right
local f, e = loadstring('return ' .. string.rep('1 .. ', 300) .. '1', '=c')
return e or #f()
--@ a long chain of concat that is allowed
local f, e = loadstring('return ' .. string.rep('1 .. ', 150) .. '1', '=c')
return e or #f()
--@ a long chain of plus
local f, e = loadstring('return ' .. string.rep('1 + ', 3000) .. '1', '=c')
return e or f()
--@ a long chain of or
local f, e = loadstring('return ' .. string.rep('nil or ', 1000) .. '1', '=c')
return e or f()
--@ a long chain of elseif
local f, e = loadstring('local x = 1 if x == 0 then ' .. string.rep('elseif x == 2 then ', 500) .. 'else return "last" end', '=c')
return e or f()
--@ a long chain of calls and indexes
local f, e = loadstring('local t t = setmetatable({}, {__call = function() return t end, __index = function() return t end}) local r = t' .. string.rep('.x()', 500) .. ' return r == t', '=c')
return e or tostring(f())
--@ powers to the right, deeply
local f, e = loadstring('return ' .. string.rep('1 ^ ', 300) .. '1', '=c')
return e or f()
--@ a chunk with many constants
local s = {}
for i = 1, 3000 do s[i] = '"s' .. i .. '"' end
local f, e = loadstring('return #{' .. table.concat(s, ',') .. '}', '=c')
return e or f()
--@ many assignments in one statement
local n, v = {}, {}
for i = 1, 150 do n[i] = 't[' .. i .. ']'; v[i] = i end
local f, e = loadstring('local t = {} ' .. table.concat(n, ',') .. ' = ' .. table.concat(v, ',') .. ' return #t', '=c')
return e or f()
--@ too many assignments in one statement
local n = {}
for i = 1, 300 do n[i] = 't[' .. i .. ']' end
local f, e = loadstring('local t = {} ' .. table.concat(n, ',') .. ' = 1 return #t', '=c')
return e or f()
--@ many arguments in one call
local v = {}
for i = 1, 240 do v[i] = i end
local f, e = loadstring('return select("#", ' .. table.concat(v, ',') .. ')', '=c')
return e or f()
--@ too many arguments in one call
local v = {}
for i = 1, 260 do v[i] = i end
local f, e = loadstring('return select("#", ' .. table.concat(v, ',') .. ')', '=c')
return e or f()
--@ too many parameters
local v = {}
for i = 1, 201 do v[i] = 'p' .. i end
local f, e = loadstring('return function(' .. table.concat(v, ',') .. ') end', '=c')
return e or 'compiles'
--@ break in a function inside a loop
while true do local f = function() break end end
--@ an empty repeat until with break
repeat break until true
return 'ok'
