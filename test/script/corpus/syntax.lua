--@ an empty script answers nil
--@ a comment alone
-- nothing
--@ comments of all kinds
--[[ long
comment ]] local a = 1 --[==[ with ]] inside ]==] local b = 2
--- three dashes
--[ not long
return {a, b} -- at the end, without a line end
--@ a long comment of level one ends only at its own bracket
--[=[ ]] ]==] ]=] return 'after'
--@ semicolons
local a = 1; local b = 2;
do local c = 3; end;
return a + b;
--@ return without value
return
--@ return with semicolon
return 5;
--@ return in the middle of a block
do return 'early' end
return 'late'
--@ several values: only the first is the reply
return 1, 2, 3
--@ first line with # is not skipped
--> #!/usr/bin/lua
--@ assignment of several values
local a, b, c = 1, 2
local d, e = 3, 4, 5
return {tostring(a), tostring(b), tostring(c), tostring(d), tostring(e)}
--@ swap
local a, b = 1, 2
a, b = b, a
return {a, b}
--@ assignment evaluates the right side first
local i, t = 1, {}
i, t[i] = i + 1, 20
return {i, t[1], tostring(t[2])}
--@ order of assignment to the same table entry
local t = {}
t[1], t[1], t[1] = 'a', 'b', 'c'
return t[1]
--@ order of evaluation of the parts of an assignment
local log = {}
local function f(n, v) log[#log + 1] = n; return v end
local t = {}
f('t1', t)[f('k1', 1)], f('t2', t)[f('k2', 2)] = f('v1', 10), f('v2', 20)
return {table.concat(log, ' '), t[1], t[2]}
--@ order of newindex calls in a multiple assignment
local log = {}
local t = setmetatable({}, {__newindex = function(_, k, v) log[#log + 1] = k .. '=' .. v end})
t.a, t.b, t.c = 1, 2, 3
return log
--@ a local is not yet visible in its own initializer
local x = 'outer'
do
  local x = x .. ' inner'
  return x
end
--@ redeclaration of a local in one scope
local x = 1
local function get() return x end
local x = 2
return {get(), x}
--@ local function sees itself
local function f(n) if n == 0 then return 'done' end return f(n - 1) end
return f(5)
--@ local f = function does not see itself
local f = function(n) return f end
return pcall(f) and 'value' or 'error'
--@ nested blocks and shadowing
local out = {}
local v = 'a'
do local v = 'b'; out[#out + 1] = v; do local v = 'c'; out[#out + 1] = v end; out[#out + 1] = v end
out[#out + 1] = v
return out
--@ if elseif else
local function size(n)
  if n < 0 then return 'negative' elseif n == 0 then return 'zero' elseif n < 10 then return 'small' else return 'large' end
end
return {size(-1), size(0), size(9), size(10)}
--@ if with nil and false
local out = {}
for _, v in ipairs({0, '', 'false'}) do if v then out[#out + 1] = 'true' else out[#out + 1] = 'false' end end
if nil then out[#out + 1] = 'nil is true' end
if false then out[#out + 1] = 'false is true' end
return out
--@ empty if branches
if true then else return 1 end
if false then elseif true then return 'second' end
--@ while
local n, sum = 0, 0
while n < 10 do n = n + 1; sum = sum + n end
return sum
--@ while that never runs
local n = 0
while false do n = n + 1 end
while nil do n = n + 1 end
return n
--@ while with break
local n = 0
while true do n = n + 1 if n > 5 then break end end
return n
--@ repeat runs at least once
local n = 0
repeat n = n + 1 until true
return n
--@ repeat until sees the locals of its body
local n = 0
repeat local done = n >= 3; n = n + 1 until done
return n
--@ repeat until with closures over the body
local fs, i = {}, 0
repeat
  i = i + 1
  local j = i * 10
  fs[i] = function() j = j + 1; return j end
until j >= 30
return {fs[1](), fs[1](), fs[2](), fs[3](), #fs}
--@ repeat with break
local n = 0
repeat n = n + 1; if n == 3 then break end until false
return n
--@ repeat whose condition captures a local
local f
local n = 0
repeat n = n + 1; local k = n; f = function() return k end until f() == 4
return {n, f()}
--@ numeric for
local out = {}
for i = 1, 5 do out[#out + 1] = i end
for i = 5, 1, -2 do out[#out + 1] = i end
for i = 1, 0 do out[#out + 1] = 'never' end
for i = 1, 1 do out[#out + 1] = 'once' end
return out
--@ numeric for with fractions
local out = {}
for i = 0, 1, 0.1 do out[#out + 1] = tostring(i) end
return table.concat(out, ' ')
--@ numeric for with a negative fractional step
local out = {}
for i = 1, 0, -0.25 do out[#out + 1] = tostring(i) end
return table.concat(out, ' ')
--@ numeric for with strings as numbers
local out = {}
for i = '1', '3', '1' do out[#out + 1] = type(i) .. i end
return out
--@ numeric for evaluates its bounds once
local calls = 0
local function limit() calls = calls + 1; return 3 end
local n = 0
for i = 1, limit() do n = n + i end
return {calls, n}
--@ numeric for with step zero would not end downwards: break
local n = 0
for i = 1, 0, 0 do n = n + 1; if n > 4 then break end end
local m = 0
for i = 1, 2, 0 do m = m + 1; if m > 4 then break end end
return {n, m}
--@ assignment to the loop variable does not change the loop
local out = {}
for i = 1, 3 do local shown = i; i = i * 10; out[#out + 1] = shown .. ':' .. i end
return out
--@ numeric for up to infinity with break
local n = 0
for i = 1, math.huge do n = i; if i >= 7 then break end end
return n
--@ numeric for from nan
local n = 0
for i = 0/0, 10 do n = n + 1 end
for i = 1, 0/0 do n = n + 1 end
return n
--@ numeric for with large numbers
local out = {}
for i = 2^53 - 1, 2^53 do out[#out + 1] = string.format('%.0f', i); if #out > 5 then break end end
return out
--@ closures of numeric for are per iteration
local fs = {}
for i = 1, 3 do fs[i] = function(d) i = i + d; return i end end
return {fs[1](10), fs[1](10), fs[2](1), fs[3](0)}
--@ two closures share one iteration's variable
local get, set = {}, {}
for i = 1, 3 do get[i] = function() return i end; set[i] = function(v) i = v end end
set[2]('changed')
return {get[1](), get[2](), get[3]()}
--@ closures of generic for are per iteration
local fs = {}
for i, v in ipairs({'a', 'b', 'c'}) do fs[i] = function() v = v .. i; return v end end
return {fs[1](), fs[1](), fs[2](), fs[3]()}
--@ closures of while bodies are per iteration
local fs, i = {}, 0
while i < 3 do i = i + 1; local j = i; fs[i] = function() j = j * 2; return j end end
return {fs[1](), fs[1](), fs[2](), fs[3]()}
--@ closures capture the variable and not the value
local x = 1
local function get() return x end
x = 2
return get()
--@ counters do not share
local function counter() local n = 0; return function() n = n + 1; return n end end
local a, b = counter(), counter()
return {a(), a(), b(), a(), b()}
--@ closures through several levels
local function f(a) return function(b) return function(c) a = a + 1; return a .. b .. c end end end
local g = f(1)
local h, i = g('x'), g('y')
return {h('p'), i('q'), h('r')}
--@ a parameter captured and assigned
local function f(a, b) local function set(v) a = v end; set(b); return a end
return {f(1, 2), f('x', 'y')}
--@ upvalues after break
local f
for i = 1, 10 do local j = i; f = function() return i * j end; if i == 4 then break end end
return f()
--@ generic for with a stateless iterator
local function iter(limit, i) i = i + 1; if i <= limit then return i, i * i end end
local out = {}
for i, sq in iter, 4, 0 do out[#out + 1] = i .. '^2=' .. sq end
return out
--@ generic for with a stateful iterator
local function words(s) local at = 1; return function() local a, b, w = string.find(s, '(%a+)', at); if a then at = b + 1; return w end end end
local out = {}
for w in words('one two  three') do out[#out + 1] = w end
return out
--@ generic for ends at the first nil, not at false
local out, n = {}, 0
for v in function() n = n + 1; if n == 1 then return false elseif n < 4 then return n end end do out[#out + 1] = tostring(v) end
return out
--@ generic for with many variables
local out = {}
for a, b, c, d in function(s, v) if v < 2 then return v + 1, 'b', nil end end, nil, 0 do out[#out + 1] = a .. tostring(b) .. tostring(c) .. tostring(d) end
return out
--@ generic for with a callable table
local n = 0
local t = setmetatable({}, {__call = function(self, s, v) n = n + 1; if n <= 3 then return n * 2 end end})
local out = {}
for v in t do out[#out + 1] = v end
return out
--@ generic for hands over state and control
local seen = {}
for k in function(s, c) seen[#seen + 1] = s .. tostring(c); if #seen < 3 then return #seen end end, 'state', 'first' do end
return seen
--@ generic for keeps the control variable its own
local out = {}
for k in function(_, c) if c < 3 then return c + 1 end end, nil, 0 do out[#out + 1] = k; k = 100 end
return out
--@ ipairs stops at the first hole
local n = 0
for i in ipairs({1, 2, nil, 4}) do n = i end
return n
--@ pairs over an array is in order
local out = {}
for k, v in pairs({10, 20, 30}) do out[#out + 1] = k .. '=' .. v end
return out
--@ pairs over a hash part, sorted
local out = {}
for k, v in pairs({a = 1, b = 2, c = 3, [10] = 4, [1.5] = 5, [true] = 6}) do out[#out + 1] = tostring(k) .. '=' .. v end
table.sort(out)
return out
--@ fields may be removed while pairs runs
local t = {}
for i = 1, 20 do t['k' .. i] = i end
local n = 0
for k in pairs(t) do t[k] = nil; n = n + 1 end
return {n, tostring(next(t))}
--@ values may be changed while pairs runs
local t = {a = 1, b = 2, c = 3}
for k, v in pairs(t) do t[k] = v * 10 end
return {t.a, t.b, t.c}
--@ break leaves only the inner loop
local out = {}
for i = 1, 3 do for j = 1, 3 do if j == 2 then break end; out[#out + 1] = i .. j end end
return out
--@ break in the middle of a block is an error
--> while true do break; local x = 1 end
--@ break at the end of a do block
local n = 0
while true do n = n + 1; do break end end
return n
--@ a function with a table name
local t = {a = {b = {}}}
function t.f(x) return 'f' .. x end
function t.a.b.g(x) return 'g' .. x end
function t.a.b:h(x) return (self == t.a.b) and 'h' .. x end
return {t.f(1), t.a.b.g(2), t.a.b:h(3)}
--@ method calls pass self
local account = {balance = 10}
function account:add(n) self.balance = self.balance + n; return self end
return account:add(5):add(7).balance
--@ method calls evaluate the object once
local n = 0
local function get() n = n + 1; return {m = function(self, x) return x end} end
return {get():m('value'), n}
--@ method calls on strings
local s = 'hello'
return {s:upper(), ('x'):rep(3), s:len(), ('%d-%s'):format(5, 'a'), #s:sub(2)}
--@ calls without parentheses
local function f(x) return type(x) == 'table' and 'table' .. #x or 'text ' .. x end
return {f'quoted', f"double", f[[long]], f{1, 2, 3}, f[==[lev]]el]==]}
--@ calls without parentheses in a chain
local t = {f = function(s) return {g = function(self, x) return s .. x end} end}
return t.f'a':g'b'
--@ a call over a line break is ambiguous
local f = function(x) return x end
local a = f
(5)
return a
--@ functions with no, too few and too many arguments
local function f(a, b, c) return tostring(a) .. tostring(b) .. tostring(c) end
return {f(), f(1), f(1, 2), f(1, 2, 3), f(1, 2, 3, 4)}
--@ adjustment of results in the middle and at the end of a list
local function f() return 1, 2, 3 end
local t = {f(), f()}
local u = {f(), (f())}
local v = {(f())}
local w = {f(), nil}
return {#t, t[1], t[2], t[3], t[4], #u, #v, #w}
--@ parentheses keep one value
local function f() return 'a', 'b' end
local function none() end
local a, b = (f())
return {a, tostring(b), select('#', (none())), select('#', none()), select('#', f(), f()), select('#', f(), (f()))}
--@ results in arguments
local function f() return 1, 2 end
local function count(...) return select('#', ...) end
return {count(f()), count(f(), f()), count((f())), count(f(), 1), count(nil), count()}
--@ results in binary operators and indexes
local function f() return 5, 6 end
local t = {[5] = 'five', [6] = 'six'}
return {f() + f(), t[f()], #{f()}, -f()}
--@ varargs
local function f(...) return select('#', ...), ... end
return {f(), f(nil), f(1, nil, nil), (f(1, 2, 3))}
--@ varargs adjusted
local function f(...) local a, b = ...; return tostring(a) .. tostring(b) end
return {f(), f(1), f(1, 2), f(1, 2, 3)}
--@ varargs after named parameters
local function f(a, ...) return tostring(a) .. '|' .. table.concat({...}, ',') end
return {f(), f(1), f(1, 2), f(1, 2, 3)}
--@ varargs in the middle are cut to one
local function f(...) return {..., 'end'} end
local t = f(1, 2, 3)
return {#t, t[1], t[2]}
--@ varargs in parentheses
local function f(...) return (...) end
return {f(1, 2), select('#', f())}
--@ varargs in a loop
local function sum(...) local s = 0; for i, v in ipairs({...}) do s = s + v end; return s end
return {sum(), sum(1), sum(1, 2, 3, 4)}
--@ varargs passed on with nils
local function count(...) return select('#', ...) end
local function pass(...) return count(...) end
return {pass(nil, nil), pass(nil, 1, nil), pass()}
--@ the main chunk has varargs, none
return select('#', ...)
--@ varargs and arg table of old
local function f(...) return type(arg) end
return pcall(f)
--@ arg inside a vararg function without use of ...
local function f(...) return arg.n, arg[1], arg[2] end
local ok, a, b, c = pcall(f, 'x', 'y')
return {tostring(ok), tostring(a), tostring(b), tostring(c)}
--@ arg when ... is used as well
local function f(...) local n = select('#', ...); return type(arg) .. n end
local ok, a = pcall(f, 'x', 'y')
return {tostring(ok), tostring(a)}
--@ the inner function cannot use the outer varargs
--> local function f(...) return function() return ... end end
--@ many arguments
local t = {}
for i = 1, 200 do t[i] = i end
local function f(...) return select('#', ...), select(200, ...) end
local n, last = f(unpack(t))
return {n, last}
--@ many returned values
local t = {}
for i = 1, 250 do t[i] = i * 2 end
local function f() return unpack(t) end
local u = {f()}
return {#u, u[250]}
--@ table constructors
local t = {1, 2, x = 'x', ['y z'] = 'yz', [10] = 10, 3; 4, [1 + 1] = 'lost'}
return {t[1], t[2], t[3], t[4], t.x, t['y z'], t[10], #t}
--@ positional entries win over explicit ones
local t = {[1] = 'explicit', 'positional'}
local u = {'positional', [1] = 'explicit'}
return {t[1], u[1]}
--@ a constructor with trailing separators
local t = {1, 2, 3,}
local u = {1; 2; 3;}
return {#t, #u, #{}, #{nil}, #{n = 1}}
--@ nested constructors
local t = {{1, {2, {3}}}, {a = {b = {c = 'deep'}}}}
return {t[1][2][2][1], t[2].a.b.c}
--@ a constructor with many entries
local s = {}
for i = 1, 300 do s[i] = tostring(i) end
local t = loadstring('return {' .. table.concat(s, ',') .. '}')()
return {#t, t[1], t[51], t[100], t[300]}
--@ constructor values are evaluated in order
local log = {}
local function f(v) log[#log + 1] = v; return v end
local t = {f(1), [f('k')] = f('v'), f(2), x = f('x'), f(3)}
return table.concat(log, ' ')
--@ false and nil as values
local t = {false, nil, true, x = false}
return {tostring(t[1]), tostring(t[2]), tostring(t[3]), tostring(t.x), tostring(t.y)}
--@ long strings
local a = [[
first newline skipped]]
local b = [[

one newline kept]]
local c = [==[ ]] ]=] ]==]
local d = [[\n no escapes \]]
return {a, b, c, d, #[[]], #[==[
]==]}
--@ escapes
return {'\a\b\f\n\r\t\v', '\\ \' \"', "\\ \' \"", '\65\066\6\0001', '\z', '\q', 'a\
b', #'\0', ('\255'):byte()}
--@ decimal escapes take up to three digits
return {'\1234', '\0491', '\49a', '\9z', '\200' == string.char(200)}
--@ strings with zero bytes
local s = 'a\0b'
return {s, #s, s == 'a', s == 'a\0b', s .. '\0', s < 'a\0c'}
--@ quotes inside quotes
return {'"', "'", '\'', "\"", [["']]}
--@ numerals
return {tostring(3), tostring(3.0), tostring(3.1416), tostring(314.16e-2), tostring(0.31416E1), tostring(0xff), tostring(0x56), tostring(.5), tostring(5.), tostring(1e3), tostring(1E+2), tostring(3e-2), tostring(0Xa)}
--@ numerals that are large or small
return {tostring(1e308), tostring(1e309), tostring(-1e309), tostring(1e-320), tostring(1e-400), tostring(0xffffffffffff), tostring(123456789012345678)}
--@ numerals next to operators
local a = 5
return {a-1, a- -1, - - a, -2^2, 2^-1 == .5, 3-.5 == 2.5}
--@ identifiers
local _, __, _1, aB, ab, AB, andy, endx, nilx = 1, 2, 3, 4, 5, 6, 7, 8, 9
return {_, __, _1, aB, ab, AB, andy, endx, nilx}
--@ keywords as fields through brackets
local t = {['end'] = 1, ['and'] = 2, ['nil'] = 3}
return {t['end'], t['and'], t['nil']}
--@ goto is a name in 5.1
local goto = 5
return goto
--@ white space of all kinds
return{1,2,
	3,
4 }
--@ line ends count for positions, whichever kind
--" "local a = 1\r\nlocal b = 2\r\nlocal c = nil\r\nreturn c.x"
--@ a lone carriage return is a line end
--" "local a = 1\rlocal b = 2\rreturn nil .. 'x'"
--@ newline then carriage return is one line end
--" "local a\n\rlocal b\n\rerror('here')"
--@ vertical tab and form feed are white space
--" "return\u000b'a'\f..\t'b'"
--@ line ends in long strings become newlines
--" "return [[a\r\nb\rc\n\rd]]"
--@ a line end after a backslash
--" "return 'a\\\r\nb\\\nc'"
--@ a NUL in the source
--" "return 'a\u0000b'"
--@ text beyond ASCII in strings
return {'äöü', #'äöü', '日本', ('ß'):byte(1, -1)}
--@ text beyond ASCII in names
--> local ä = 1 return ä
--@ do blocks
do end
do local a = 1 end
do do do end end end
return 'ok'
--@ functions as values
local ops = {add = function(a, b) return a + b end, ['mul'] = function(a, b) return a * b end}
return {ops.add(2, 3), ops['mul'](2, 3), (function(x) return x * x end)(7)}
--@ immediately called function with several values
return {(function(...) return ... end)(1, 2, 3)}
--@ recursion
local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end
return fib(18)
--@ mutual recursion
local even, odd
function even(n) if n == 0 then return true end return odd(n - 1) end
function odd(n) if n == 0 then return false end return even(n - 1) end
return {tostring(even(10)), tostring(odd(10)), tostring(even(7))}
--@ tail calls do not grow the stack
local function loop(n, acc) if n == 0 then return acc end return loop(n - 1, acc + n) end
return loop(100000, 0)
--@ tail calls through a method
local t = {}
function t:loop(n) if n == 0 then return 'end' end return self:loop(n - 1) end
return t:loop(50000)
--@ mutual tail calls
local f, g
function f(n) if n <= 0 then return 'f' end return g(n - 1) end
function g(n) if n <= 0 then return 'g' end return f(n - 1) end
return {f(100001), f(100000)}
--@ deep recursion that is not a tail call
local function depth(n) if n == 0 then return 0 end return 1 + depth(n - 1) end
return depth(10000)
--@ Y combinator
local Y = function(f) return (function(x) return x(x) end)(function(x) return f(function(...) return x(x)(...) end) end) end
return Y(function(self) return function(n) if n == 0 then return 1 end return n * self(n - 1) end end)(10)
--@ 200 locals are allowed
local s = {}
for i = 1, 199 do s[i] = 'local v' .. i .. ' = ' .. i end
s[#s + 1] = 'return v1 + v199'
return loadstring(table.concat(s, ' '))()
--@ 60 upvalues are allowed
local s, n = {}, {}
for i = 1, 60 do s[i] = 'local v' .. i .. ' = ' .. i; n[i] = 'v' .. i end
return loadstring(table.concat(s, ' ') .. ' return (function() return ' .. table.concat(n, '+') .. ' end)()')()
--@ sieve
local n, out, composite = 60, {}, {}
for i = 2, n do if not composite[i] then out[#out + 1] = i; for j = i * i, n, i do composite[j] = true end end end
return out
--@ queens
local n, count = 6, 0
local function ok(b, r, c) for i = 1, r - 1 do if b[i] == c or b[i] - i == c - r or b[i] + i == c + r then return false end end return true end
local function place(b, r) if r > n then count = count + 1 else for c = 1, n do if ok(b, r, c) then b[r] = c; place(b, r + 1) end end end end
place({}, 1)
return count
--@ hanoi
local moves = 0
local function hanoi(n, a, b, c) if n > 0 then hanoi(n - 1, a, c, b); moves = moves + 1; hanoi(n - 1, c, b, a) end end
hanoi(8, 'a', 'b', 'c')
return moves
--@ quicksort
local function qs(t, lo, hi) if lo < hi then local p, i = t[hi], lo; for j = lo, hi - 1 do if t[j] < p then t[i], t[j] = t[j], t[i]; i = i + 1 end end; t[i], t[hi] = t[hi], t[i]; qs(t, lo, i - 1); qs(t, i + 1, hi) end; return t end
return qs({5, 2, 8, 1, 9, 3, 3, 7}, 1, 8)
--@ permutations by closures
local out = {}
local function perm(a, n) if n == 0 then out[#out + 1] = table.concat(a) else for i = 1, n do a[n], a[i] = a[i], a[n]; perm(a, n - 1); a[n], a[i] = a[i], a[n] end end end
perm({'a', 'b', 'c'}, 3)
return out
--@ memoize with a closure
local calls = 0
local function memo(f) local seen = {}; return function(n) local v = seen[n]; if v == nil then v = f(n); seen[n] = v end; return v end end
local fib
fib = memo(function(n) calls = calls + 1; if n < 2 then return n end return fib(n - 1) + fib(n - 2) end)
return {fib(50), calls}
--@ linked list
local list
for i = 1, 5 do list = {next = list, value = i} end
local out = {}
while list do out[#out + 1] = list.value; list = list.next end
return out
--@ KEYS and ARGV | KEYS a b c | ARGV 1 two 3.5
return {#KEYS, #ARGV, KEYS[1], KEYS[3], ARGV[1], ARGV[2], ARGV[3], type(ARGV[1]), tostring(KEYS[4])}
--@ KEYS and ARGV are empty tables without arguments
return {type(KEYS), type(ARGV), #KEYS, #ARGV}
--@ KEYS may be changed | KEYS a | ARGV b
KEYS[2] = 'more'
ARGV.x = 'field'
table.insert(ARGV, 'c')
return {KEYS[1], KEYS[2], ARGV[2], ARGV.x}
--@ arithmetic with ARGV | ARGV 10 0x10 1e2 -3
return {ARGV[1] + 1, ARGV[2] + 1, ARGV[3] + 1, ARGV[4] * 2, tonumber(ARGV[1]) == 10}
