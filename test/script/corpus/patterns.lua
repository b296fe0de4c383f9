--@ find plain words
return {{('hello world'):find('wor')}, {('hello'):find('l')}, {('hello'):find('xyz')}, {('hello'):find('')}, {(''):find('')}, {('hello'):find('', 10)}, {('hello'):find('', 6)}, {('hello'):find('h', 2)}}
--@ find from an offset
return {{('aXbXc'):find('X', 3)}, {('aXbXc'):find('X', -2)}, {('aXbXc'):find('X', -1)}, {('aXbXc'):find('a', 0)}, {('aXbXc'):find('a', -100)}, {('aXbXc'):find('c', 5)}, {('aXbXc'):find('X', 2.9)}}
--@ find with plain
return {{('a.b'):find('.', 1, true)}, {('a.b'):find('.', 1)}, {('a+b'):find('+', 1, true)}, {('a%b'):find('%b', 1, true)}, {('abc'):find('', 2, true)}, {('abc'):find('', 10, true)}, {('a.b.c'):find('.', 3, true)}, {('x'):find('(', 1, true)}}
--@ find with captures
return {{('key=value'):find('(%w+)=(%w+)')}, {('abc'):find('()b()')}, {('abc'):find('(b)(c)')}, {('  x'):find('^%s*(.*)$')}}
--@ match
return {('hello 123'):match('%d+'), ('key = value'):match('^(%w+)%s*=%s*(%w+)$'), tostring(('abc'):match('x')), ('abc'):match('.-'), ('abc'):match('.*'), ('2024-01-31'):match('(%d+)-(%d+)-(%d+)')}
--@ match from an offset
return {('abc abc'):match('%a+', 2), ('abc'):match('^b', 2), ('abc'):match('a', -3), tostring(('abc'):match('a', 2)), tostring(('abc'):match('$', 10)), ('abc'):match('()', 10) or 'nil'}
--@ character classes
local out = {}
for _, c in ipairs({'a', 'c', 'd', 'l', 'p', 's', 'u', 'w', 'x', 'z', 'A', 'C', 'D', 'L', 'P', 'S', 'U', 'W', 'X', 'Z'}) do local n = 0; for i = 0, 255 do if string.char(i):find('%' .. c) then n = n + 1 end end; out[#out + 1] = c .. n end
return table.concat(out, ' ')
--@ which bytes are in a class
local out = {}
for _, c in ipairs({'%p', '%s', '%c', '%x'}) do local t = {}; for i = 0, 255 do if string.char(i):find(c) then t[#t + 1] = i end end; out[#out + 1] = c .. ' ' .. table.concat(t, ',') end
return out
--@ dot matches everything, newline and zero as well
return {#('a\nb\0c\255'):match('.*'), ('\0'):find('.'), ('a\0b'):match('a.b') == 'a\0b' and 'yes' or 'no'}
--@ sets
return {('hello'):match('[aeiou]'), ('hello'):match('[^aeiou]+'), ('x-y'):match('[%-x]+'), ('a]b'):match('[]]'), ('a^b'):match('[%^]'), ('a^b'):match('[b^]'), ('abc123'):match('[%a%d]+'), ('f00d'):match('[0-9a-f]+'), ('A-Z'):match('[A%-Z]+'), ('-'):match('[a-]'), ('-'):match('[-a]')}
--@ sets with odd members
return {tostring(('b'):match('[a-]')), tostring(('%'):match('[%%]')), tostring((']'):match('[^]]')), ('a]'):match('[^]]'), tostring(('z'):match('[z-a]')), ('.'):match('[.]'), tostring(('x'):match('[.]')), ('a-c'):match('[a-c]+'), ('+'):match('[%+-]'), ('\\'):match('[\\]')}
--@ ranges of bytes
return {('\200\201'):match('[\200-\210]+') == '\200\201' and 'yes' or 'no', ('äö'):match('[\128-\255]+'), ('aäb'):match('[^\128-\255]+')}
--@ repetitions
return {('aaa'):match('a*'), ('aaa'):match('a+'), ('aaa'):match('a-'), ('aaa'):match('a?'), ('aaab'):match('a-b'), ('b'):match('a*b'), tostring(('b'):match('a+b')), ('ab'):match('a?b'), ('b'):match('a?b'), ('aab'):match('a?b')}
--@ greedy and lazy
return {('<a><b>'):match('<.*>'), ('<a><b>'):match('<.->'), ('"a" "b"'):match('"(.-)"'), ('"a" "b"'):match('"(.*)"'), ('a,b,c'):match('(.-),(.*)'), ('a,b,c'):match('(.*),(.*)')}
--@ backtracking
return {('aaab'):match('a*ab'), ('aaaa'):match('a*aa'), ('abcabc'):match('.*c'), ('abcabd'):match('.*b(.)$'), ('xyyz'):match('xy?y?y?z')}
--@ anchors
return {('hello'):match('^he'), tostring(('hello'):match('^el')), ('hello'):match('lo$'), tostring(('hello'):match('l$')), ('a^b'):match('a^b'), ('a$b'):match('a$b'), ('^a'):match('^^a'), ('a$'):match('a$$'), (''):match('^$')}
--@ an anchor inside is a plain character
return {('x^y'):find('x^y'), ('$5'):match('$%d'), ('a$'):find('$', 1, true), ('a'):find('$')}
--@ captures by position
return {{('hello'):match('()ll()')}, {('hello'):find('()')}, {('abc'):match('()a()b()c()')}, {(''):match('()')}}
--@ nested captures
return {{('hello world'):match('((%w+) (%w+))')}, {('abc'):match('((a)(b)(c))')}, {('a=1'):match('((%a)=(%d))()')}}
--@ empty captures and unmatched alternatives
return {{('abc'):match('(x*)(b*)')}, {('abc'):match('(a*)(.-)$')}, ('[]'):match('%[(.-)%]')}
--@ back references
return {('hello'):match('(l)%1'), tostring(('abc'):match('(.)%1')), ('"x" \'y\''):match('(["\'])(.-)%1'), ('abcabc'):match('(...)%1'), ('aa bb'):match('(%w)%1 (%w)%2')}
--@ balanced pairs
return {('f(a(b)c)d'):match('%b()'), ('x[[]]y'):match('%b[]'), tostring(('((a)'):match('^%b()')), ('((a)'):match('%b()'), ('aXbXc'):match('%bXX') or 'nil', ('<<a>>'):match('%b<>'), tostring((')('):match('%b()'))}
--@ frontier patterns
return {('THE (quick) fox'):find('%f[%a]%a+%f[%A]'), (('hello world'):gsub('%f[%w]%w+', string.upper)), ('foo.bar'):match('%f[%a]b%a+'), ('x'):find('%f[%z]'), ('abc'):find('%f[a]')}
--@ escapes in patterns
return {('a.b'):match('a%.b'), ('50%'):match('%d+%%'), ('(x)'):match('%((.-)%)'), ('a+b'):match('a%+b'), ('[x]'):match('%[x%]'), ('a-b'):match('a%-b'), ('^'):match('%^'), ('a?'):match('a%?'), ('*'):match('%*')}
--@ escapes of letters that are no classes
return {tostring(('y'):match('%y')), tostring(('q'):match('%q')), ('é'):match('%é') or 'nil'}
--@ zero bytes in patterns
return {('a\0b'):find('\0') or 'nil', ('a\0b'):find('%z'), ('a\0b'):match('[%z]') == '\0' and 'zero' or 'none', ('a\0b'):match('a[^%z]') or 'nil', (('a\0b\0'):gsub('%z', '.'))}
--@ a pattern ends at a zero byte
return {{('abc'):find('b\0c')}, {('ab\0c'):find('b\0c')}, {('abc'):find('b\0')}}
--@ gmatch
local out = {}
for w in ('one two three'):gmatch('%a+') do out[#out + 1] = w end
for k, v in ('a=1, b=2'):gmatch('(%w+)=(%w+)') do out[#out + 1] = k .. v end
for p in ('abc'):gmatch('()') do out[#out + 1] = p end
for e in ('ab'):gmatch('x*') do out[#out + 1] = '<' .. e .. '>' end
return out
--@ gmatch with an anchor
local out = {}
for w in ('aaa'):gmatch('^a') do out[#out + 1] = w end
return {#out, out[1] or 'none'}
--@ gmatch at empty matches
local out = {}
for a, b in ('abc'):gmatch('()(.-)') do out[#out + 1] = a .. ':' .. b end
for w in ('a,,b'):gmatch('[^,]*') do out[#out + 1] = '[' .. w .. ']' end
return out
--@ gmatch is a stateful iterator
local f = ('a b c'):gmatch('%a')
return {f(), f(), f(), tostring((f())), tostring((f())), select('#', f())}
--@ gsub with a string
return {{('hello'):gsub('l', 'L')}, {('hello'):gsub('l', 'L', 1)}, {('hello'):gsub('l', '')}, {('hello'):gsub('x', 'y')}, {('abc'):gsub('', '-')}, {(''):gsub('', 'x')}, {('hello'):gsub('l', 'L', 0)}, {('hello'):gsub('l', 'L', -1)}}
--@ gsub with captures in the replacement
return {('hello world'):gsub('(%w+)', '<%1>'), ('hello'):gsub('l', '%0%0'), ('ab'):gsub('(a)(b)', '%2%1'), ('x=1'):gsub('(%w)=(%w)', '%2=%1'), ('a'):gsub('a', '%%'), ('abc'):gsub('%w', '%0%0', 2), ('abc'):gsub('b', '%1')}
--@ gsub with position captures
return {('abc'):gsub('()b', '%1'), ('abc'):gsub('()', '%1'), ('hello'):gsub('()(l)', function(p, c) return p .. c end)}
--@ gsub with a table
return {('$name is $age'):gsub('%$(%w+)', {name = 'Bob', age = 42}), ('$x'):gsub('%$(%w+)', {}), ('abc'):gsub('%w', {a = '1', b = true and 'B', c = false}), ('a b'):gsub('%w', {a = 5.5})}
--@ gsub with a table and metatable
return (('abc'):gsub('%w', setmetatable({}, {__index = function(t, k) return k .. k end})))
--@ gsub with a function
return {('abc'):gsub('%w', function(c) return c:upper() end), ('abc'):gsub('%w', function(c) if c == 'b' then return nil end return '-' end), ('abc'):gsub('%w', function(c) return false end), ('a1b2'):gsub('(%a)(%d)', function(a, d) return d .. a end), ('abc'):gsub('b', function() return 5 end), ('abc'):gsub('', function() return '.' end)}
--@ gsub with anchors
return {{('aaa'):gsub('^a', 'b')}, {('aaa'):gsub('a$', 'b')}, {('aaa'):gsub('^a*', 'x')}, {('a\na'):gsub('^a', 'b')}, {('abc'):gsub('^', '>')}, {('abc'):gsub('$', '<')}}
--@ gsub of empty matches
return {{('abc'):gsub('x*', '-')}, {('abc'):gsub('b*', '-')}, {('aabaa'):gsub('a*', '-')}, {('abc'):gsub('.-', 'x')}, {('hello world'):gsub('o*', '0')}}
--@ gsub with a number as the replacement
return {('abc'):gsub('b', 5), ('abc'):gsub('b', 1.5)}
--@ gsub counts with strings and fractions
return {{('aaaa'):gsub('a', 'b', '2')}, {('aaaa'):gsub('a', 'b', 2.9)}, {('aaaa'):gsub('a', 'b', 1e10)}}
--@ gsub errors
local out = {}
for i, f in ipairs({function() ('abc'):gsub('b') end, function() ('abc'):gsub('b', nil) end, function() ('abc'):gsub('b', true) end, function() ('abc'):gsub('b', function() return {} end) end, function() ('abc'):gsub('b', function() return true end) end, function() ('abc'):gsub('b', {b = true}) end, function() ('abc'):gsub('b', {b = {}}) end, function() ('abc'):gsub('(b)', '%2') end, function() ('abc'):gsub('b', '%9') end, function() ('abc'):gsub() end, function() ('abc'):gsub({}, 'x') end, function() ('abc'):gsub('b', 'x', {}) end}) do out[i] = tostring(select(2, pcall(f))) end
return out
--@ a percent sign before other characters in the replacement
return {('abc'):gsub('b', '%x'), ('abc'):gsub('b', '%'), ('abc'):gsub('b', 'a%'), ('abc'):gsub('b', '%%1')}
--@ malformed patterns
local out = {}
for i, p in ipairs({'[', '[a', '[]', '[^', '[^]', '[a-', '[%', '%', 'a%', '(', '(a', 'a)', '(()', '%1', '(a)%2', '(a%1)', '%b', '%bx', '%f', '%fa', '%f[', '[a-%', ')', '*', '+', '?', '-', '^*', '(*)', '**', 'a**', '%g(', '[[:alpha:]]'}) do out[i] = p .. ' -> ' .. tostring(select(2, pcall(string.find, 'abc(*+?-', p))) end
return out
--@ too many captures
local out = {}
out[1] = select(2, pcall(string.find, 'x', ('()'):rep(33)))
out[2] = select('#', string.find('x', ('()'):rep(32)))
out[3] = select('#', string.match(('a'):rep(40), ('(a)'):rep(32)))
return out
--@ pattern special characters at odd places
return {('a*b'):match('a*b') or 'nil', ('*a'):match('*a'), ('+a'):match('^+a') or 'nil', ('?'):match('?'), ('-'):match('-'), ('a--b'):match('a--b') or 'nil', (')'):find('%)'), ('a$b'):match('$b'), ('x]'):match(']')}
--@ long strings with patterns
local s = ('ab'):rep(5000)
return {{s:find('ba$')}, select(2, s:gsub('a', 'b')), #s:match('.*b'), s:find('abb') or 'none', #(s:gsub('ab', 'abc'))}
--@ a long pattern of optional characters
return {#string.match(('a'):rep(200), ('a?'):rep(100)), tostring(string.match(('a'):rep(300), ('a?'):rep(10) .. '.-b'))}
--@ a pattern that is too complex
return tostring((select(2, pcall(string.find, ('x'):rep(10), ('x?'):rep(30) .. ('x'):rep(10)))))
--@ recursion on single characters with captures
return {#(('a'):rep(1000)):match('(a*)'), select('#', (('ab'):rep(50)):match('(ab)(ab)(ab)')), #(('a'):rep(150000)):match('^(.-)$')}
--@ match against numbers
return {string.match(12345, '3(%d)'), string.find(1.5, '.5', 1, true), (string.gsub(1234, '%d', {['1'] = 'one'}))}
--@ common date and email patterns
return {('2024-02-29T12:34:56Z'):match('^(%d%d%d%d)-(%d%d)-(%d%d)T(%d%d):(%d%d):(%d%d)Z$'), ('user.name@mail.example.org'):match('^[%w.]+@[%w.]+%.%a+$'), ('  key : value '):match('^%s*(%S+)%s*:%s*(.-)%s*$'), ('bull:queue:1:lock'):match('^(.-):(.-):(%d+)')}
--@ queue names out of keys
local prefix, queue, id = ('bull:{my queue}:42'):match('^([^:]+):(.+):(%d+)$')
return {prefix, queue, id}
--@ comma separated values
local function csv(line) local out, at = {}, 1; repeat if line:sub(at, at) == '"' then local a, b, s = line:find('"(.-)"', at); out[#out + 1] = s; at = b + 2 else local a, b, s = line:find('([^,]*),?', at); out[#out + 1] = s; at = b + 1 end until at > #line; return out end
return csv('a,"b,c",,d')
--@ template expansion
local function expand(s, v) return (s:gsub('{{(.-)}}', function(k) k = k:match('^%s*(.-)%s*$'); return tostring(v[k]) end)) end
return expand('Hi {{ name }}, {{n}} new, {{missing}}', {name = 'Ann', n = 3})
--@ a tokenizer
local out = {}
local s, at = 'x1 = (3.5+y)*-2', 1
while at <= #s do
  local a, b, t = s:find('^(%a%w*)', at)
  local kind = 'name'
  if not a then a, b, t = s:find('^(%d+%.?%d*)', at); kind = 'number' end
  if not a then a, b = s:find('^%s+', at); kind = nil end
  if not a then a, b, t = s:find('^(%p)', at); kind = 'sign' end
  if kind then out[#out + 1] = kind .. ':' .. t end
  at = b + 1
end
return table.concat(out, ' ')
