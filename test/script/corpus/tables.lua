--@ insert at the end and in the middle
local t = {}
table.insert(t, 'b'); table.insert(t, 1, 'a'); table.insert(t, 3, 'd'); table.insert(t, 3, 'c')
return t
--@ insert beyond the end
local t = {1, 2}
table.insert(t, 5, 'x')
return {#t == 2 and 2 or #t, tostring(t[3]), tostring(t[4]), t[5]}
--@ insert at zero
local t = {1, 2}
table.insert(t, 0, 'zero')
return {tostring(t[-1]), t[0], tostring(t[1]), tostring(t[2]), tostring(t[3]), tostring(t[4])}
--@ insert at a negative position
local t = {'a'}
table.insert(t, -1, 'minus')
return {tostring(t[-1]), tostring(t[0]), tostring(t[1]), tostring(t[2])}
--@ insert with fractions and strings as positions
local t = {1, 2, 3}
table.insert(t, 2.9, 'x')
table.insert(t, '1', 'y')
return t
--@ insert nil
local t = {1}
table.insert(t, nil)
return {#t, tostring(t[2])}
--@ insert errors
local out = {}
for i, f in ipairs({function() table.insert({}) end, function() table.insert({}, 1, 2, 3) end, function() table.insert(1, 2) end, function() table.insert({}, 'x', 2) end, function() table.insert() end, function() table.insert({}, nil, 5) end}) do out[i] = tostring(select(2, pcall(f))) end
return out
--@ remove
local t = {'a', 'b', 'c', 'd'}
local r = {table.remove(t), table.remove(t, 1), table.remove(t, 2)}
return {r[1], r[2], r[3], #t, t[1]}
--@ remove from an empty table
local t = {}
return {tostring((table.remove(t))), select('#', table.remove(t)), select('#', table.remove(t, 1)), #t}
--@ remove outside
local t = {1, 2, 3}
return {tostring((table.remove(t, 5))), tostring((table.remove(t, 0))), tostring((table.remove(t, -1))), select('#', table.remove(t, 9)), #t}
--@ remove position len plus one
local t = {1, 2, 3, nil}
t[4] = nil
return {tostring((table.remove(t, 4))), #t}
--@ concat
return {table.concat({}), table.concat({1, 2, 3}), table.concat({'a', 'b'}, ', '), table.concat({1, 2, 3}, '-', 2), table.concat({1, 2, 3}, '-', 2, 2), table.concat({1, 2, 3}, '-', 3, 2), table.concat({1.5, 'x', 2}, ''), table.concat({}, 'x'), table.concat({'only'}, 'x')}
--@ concat with a number as separator
return {table.concat({'a', 'b', 'c'}, 0), table.concat({1, 2}, 1.5)}
--@ concat beyond the table
return {select(2, pcall(table.concat, {1, 2}, ',', 1, 3)), select(2, pcall(table.concat, {1, 2}, ',', 0)), table.concat({[0] = 'z', 'a'}, ',', 0)}
--@ concat errors
local out = {}
for i, f in ipairs({function() table.concat({1, {}, 3}) end, function() table.concat({true}) end, function() table.concat({1, nil, 3}, ',', 1, 3) end, function() table.concat(5) end, function() table.concat({}, {}) end, function() table.concat({1}, ',', 'x') end, function() table.concat({function() end}) end}) do out[i] = tostring(select(2, pcall(f))) end
return out
--@ sort numbers and strings
local a, b = {5, 2, 8, 1, 9, 3}, {'pear', 'apple', 'fig', 'Apple', ''}
table.sort(a)
table.sort(b)
return {a, b}
--@ sort with a comparator
local t = {5, 2, 8, 1, 9, 3}
table.sort(t, function(a, b) return a > b end)
return t
--@ sort by a field and then another
local t = {{n = 'b', v = 2}, {n = 'a', v = 2}, {n = 'c', v = 1}}
table.sort(t, function(x, y) if x.v ~= y.v then return x.v < y.v end return x.n < y.n end)
return {t[1].n, t[2].n, t[3].n}
--@ sort of empty, single and two
local a, b, c, d = {}, {1}, {2, 1}, {1, 2}
table.sort(a); table.sort(b); table.sort(c); table.sort(d)
return {a, b, c, d}
--@ sort with equal elements
local t = {3, 1, 3, 2, 1, 3, 2}
table.sort(t)
return t
--@ sort of many
local t, x = {}, 7
for i = 1, 500 do x = (x * 16807) % 2147483647; t[i] = x % 1000 end
table.sort(t)
local ok = true
for i = 2, #t do if t[i - 1] > t[i] then ok = false end end
return {tostring(ok), t[1], t[250], t[500]}
--@ sort the sorted and the reversed
local a, b = {}, {}
for i = 1, 100 do a[i] = i; b[i] = 101 - i end
table.sort(a); table.sort(b)
return {table.concat(a, ',') == table.concat(b, ',') and 'same' or 'different', a[50]}
--@ sort order of comparisons
local log = {}
table.sort({3, 1, 2}, function(a, b) log[#log + 1] = a .. '<' .. b; return a < b end)
return table.concat(log, ' ')
--@ sort order of comparisons for more elements
local log = {}
table.sort({5, 3, 8, 1, 9, 2, 7}, function(a, b) log[#log + 1] = a .. b; return a < b end)
return table.concat(log, ' ')
--@ sort is not stable, in a fixed way
local t = {}
for i = 1, 12 do t[i] = {k = i % 3, n = i} end
table.sort(t, function(a, b) return a.k < b.k end)
local out = {}
for i, e in ipairs(t) do out[i] = e.k .. ':' .. e.n end
return table.concat(out, ' ')
--@ sort of mixed types
return {select(2, pcall(table.sort, {1, 'x'})), select(2, pcall(table.sort, {1, 'x', 2})), select(2, pcall(table.sort, {{}, {}})), select(2, pcall(table.sort, {true, false}))}
--@ sort with a hole
return tostring(select(2, pcall(table.sort, {3, nil, 1})))
--@ sort with an inconsistent comparator
return {select(2, pcall(table.sort, {1, 2, 3, 4, 5}, function() return true end)), tostring((pcall(table.sort, {3, 1, 2}, function() return false end)))}
--@ sort comparator results are truth values
local t = {1, 2, 3}
table.sort(t, function(a, b) return a > b and 0 or nil end)
return t
--@ sort comparator that fails
return select(2, pcall(table.sort, {3, 2, 1}, function(a, b) error('cmp', 0) end))
--@ sort with a comparator that is not a function
return {select(2, pcall(table.sort, {1, 2}, 'x')), select(2, pcall(table.sort, {1, 2}, {})), tostring((pcall(table.sort, {2, 1}, nil)))}
--@ sort returns nothing
return select('#', table.sort({}))
--@ maxn
return {table.maxn({}), table.maxn({1, 2, 3}), table.maxn({1, nil, 3}), table.maxn({[10] = 1}), table.maxn({[1.5] = 1}), table.maxn({[-5] = 1}), table.maxn({a = 1}), table.maxn({[1e6] = true})}
--@ maxn of a fraction
return tostring(table.maxn({[2.5] = 1, 1}))
--@ getn
return {table.getn({}), table.getn({1, 2, 3}), table.getn({n = 5})}
--@ setn is obsolete
return select(2, pcall(table.setn, {}, 5))
--@ foreach and foreachi
local out = {}
table.foreach({10, 20}, function(k, v) out[#out + 1] = k .. '=' .. v end)
table.foreachi({'a', 'b', 'c'}, function(i, v) out[#out + 1] = i .. v end)
out[#out + 1] = tostring(table.foreachi({'a', 'b', 'c'}, function(i, v) if v == 'b' then return i end end))
out[#out + 1] = tostring(table.foreach({x = 'y'}, function(k, v) return k .. v end))
return out
--@ foreach errors
return {select(2, pcall(table.foreach, {}, 5)), select(2, pcall(table.foreachi, 5, function() end)), select(2, pcall(table.foreach))}
--@ absent functions of later versions
return {tostring(table.unpack), tostring(table.pack), tostring(table.move), tostring(table.create), tostring(string.pack), tostring(math.type), tostring(math.tointeger), tostring(coroutine.isyieldable), tostring(coroutine.close), tostring(string.split)}
--@ unpack
return {unpack({1, 2, 3})}
--@ unpack with bounds
return {{unpack({1, 2, 3}, 2)}, {unpack({1, 2, 3}, 2, 2)}, {unpack({1, 2, 3}, 3, 2)}, select('#', unpack({1, 2}, 1, 5)), select('#', unpack({}, -2, 2)), {unpack({1, 2, 3}, -1, 1)}}
--@ unpack with nils
return {select('#', unpack({1, nil, 3}, 1, 3)), select('#', unpack({nil, nil}, 1, 2)), select('#', unpack({}))}
--@ unpack of too many
return {select(2, pcall(unpack, {}, 1, 1e6)), select(2, pcall(unpack, {}, 1, 1e7)), select(2, pcall(unpack, {}, 1, 2^31 - 1)), select(2, pcall(unpack, {}, -2^31, 2^31 - 1))}
--@ unpack of some thousands
local t = {}
for i = 1, 7000 do t[i] = i end
return {select('#', unpack(t)), (select(7000, unpack(t)))}
--@ select
return {select(2, 'a', 'b', 'c'), select('#'), select('#', nil, nil), select(-1, 'a', 'b'), select(-2, 'a', 'b'), select(3, 'a', 'b') or 'nil', select('2', 'a', 'b'), select(1.9, 'a', 'b')}
--@ select errors
return {select(2, pcall(select, 0, 1)), select(2, pcall(select, -2, 1)), select(2, pcall(select, 'x')), select(2, pcall(select)), select(2, pcall(select, nil))}
--@ next
local t = {10}
return {next(t), tostring(next({})), tostring(next(t, 1)), next({x = 'y'})}
--@ next as an iterator
local out = {}
for k, v in next, {1, 2, 3} do out[#out + 1] = k * v end
return out
--@ next over all keys
local t, n, sum = {1, 2, 3, x = 4, y = 5}, 0, 0
local k, v = next(t)
while k ~= nil do n = n + 1; sum = sum + v; k, v = next(t, k) end
return {n, sum}
--@ next with an absent key
return {select(2, pcall(next, {}, 1)), select(2, pcall(next, {1}, 'x')), select(2, pcall(next, {}, {}))}
--@ length of arrays that grow and shrink
local t, out = {}, {}
for i = 1, 10 do t[i] = i; out[#out + 1] = #t end
for i = 10, 6, -1 do t[i] = nil; out[#out + 1] = #t end
return out
--@ length with assignment at the end
local t = {}
t[#t + 1] = 'a'; t[#t + 1] = 'b'; t[#t] = nil; t[#t + 1] = 'c'
return t
--@ length of a table filled from the end
local t = {}
for i = 10, 1, -1 do t[i] = i end
return {#t, t[1], t[10]}
--@ an array with holes as the reply ends at the first nil
return {1, 2, nil, 4}
--@ an array that begins with nil is an empty reply
return {nil, 2, 3}
--@ hash fields are not part of the reply
return {1, 2, x = 3}
--@ nested tables as the reply
return {1, {2, {3, {4}}}, {}}
--@ keys of all types
local f, t2 = function() end, {}
local t = {[1] = 'n', ['1'] = 's', [true] = 'b', [f] = 'f', [t2] = 't', [1.5] = 'd'}
return {t[1], t['1'], t[true], t[f], t[t2], t[1.5], tostring(t[false]), tostring(t[{}])}
--@ removal by nil and count
local t = {a = 1, b = 2, c = 3}
t.b = nil
local n = 0
for _ in pairs(t) do n = n + 1 end
return {n, tostring(t.b)}
--@ many keys
local t = {}
for i = 1, 2000 do t['key' .. i] = i end
for i = 1, 2000, 2 do t['key' .. i] = nil end
local n, sum = 0, 0
for k, v in pairs(t) do n = n + 1; sum = sum + v end
return {n, sum}
--@ sparse arrays
local t = {}
t[1] = 1; t[1000] = 2; t[1000000] = 3
local n = 0
for k in pairs(t) do n = n + 1 end
return {n, t[1000000], tostring(t[2])}
--@ negative and zero indices
local t = {[0] = 'zero', [-1] = 'minus', 'one'}
return {#t, t[0], t[-1], t[1]}
--@ tables are references
local a = {1}
local b = a
b[1] = 2
local function set(t) t[1] = t[1] + 1; t = {} end
set(a)
return {a[1], b[1], tostring(a == b)}
--@ a matrix
local m = {}
for i = 1, 3 do m[i] = {}; for j = 1, 3 do m[i][j] = i * j end end
return m
--@ a queue
local q = {first = 1, last = 0}
local function push(v) q.last = q.last + 1; q[q.last] = v end
local function pop() local v = q[q.first]; q[q.first] = nil; q.first = q.first + 1; return v end
push('a'); push('b'); push('c')
return {pop(), pop(), q.last - q.first + 1, pop(), tostring(pop())}
--@ sets
local function set(l) local s = {}; for _, v in ipairs(l) do s[v] = true end; return s end
local a, b, out = set({1, 2, 3}), set({2, 3, 4}), {}
for k in pairs(a) do if b[k] then out[#out + 1] = k end end
table.sort(out)
return out
--@ deep copy and comparison
local function copy(v) if type(v) ~= 'table' then return v end; local t = {}; for k, x in pairs(v) do t[copy(k)] = copy(x) end; return t end
local function same(a, b) if type(a) ~= 'table' or type(b) ~= 'table' then return a == b end; for k, v in pairs(a) do if not same(v, b[k]) then return false end end; for k in pairs(b) do if a[k] == nil then return false end end; return true end
local t = {1, {2, x = {3}}, y = 'z'}
local c = copy(t)
local before = same(t, c)
c[2].x[1] = 4
return {tostring(before), tostring(same(t, c)), t[2].x[1]}
--@ map, filter and reduce
local function map(t, f) local o = {}; for i, v in ipairs(t) do o[i] = f(v) end; return o end
local function filter(t, f) local o = {}; for _, v in ipairs(t) do if f(v) then o[#o + 1] = v end end; return o end
local function reduce(t, f, a) for _, v in ipairs(t) do a = f(a, v) end; return a end
return reduce(map(filter({1, 2, 3, 4, 5, 6}, function(x) return x % 2 == 0 end), function(x) return x * x end), function(a, b) return a + b end, 0)
--@ a heap
local h = {}
local function push(v) h[#h + 1] = v; local i = #h; while i > 1 do local p = math.floor(i / 2); if h[p] <= h[i] then break end; h[p], h[i] = h[i], h[p]; i = p end end
local function pop() local r, last = h[1], h[#h]; h[#h] = nil; if #h > 0 then h[1] = last; local i = 1; while true do local l, s = i * 2, i; if l <= #h and h[l] < h[s] then s = l end; if l + 1 <= #h and h[l + 1] < h[s] then s = l + 1 end; if s == i then break end; h[s], h[i] = h[i], h[s]; i = s end end; return r end
for _, v in ipairs({5, 3, 8, 1, 9, 2}) do push(v) end
local out = {}
while #h > 0 do out[#out + 1] = pop() end
return out
--@ binary search
local t = {}
for i = 1, 100 do t[i] = i * 3 end
local function find(v) local lo, hi = 1, #t; while lo <= hi do local m = math.floor((lo + hi) / 2); if t[m] == v then return m elseif t[m] < v then lo = m + 1 else hi = m - 1 end end end
return {find(150), find(3), find(300), tostring((find(4)))}
--@ game of life
local g = {'.....', '..#..', '..#..', '..#..', '.....'}
local function at(y, x) return g[y] and g[y]:sub(x, x) == '#' and 1 or 0 end
local out = {}
for y = 1, 5 do local row = {}; for x = 1, 5 do local n = 0; for dy = -1, 1 do for dx = -1, 1 do if dy ~= 0 or dx ~= 0 then n = n + at(y + dy, x + dx) end end end; row[x] = (n == 3 or n == 2 and at(y, x) == 1) and '#' or '.' end; out[y] = table.concat(row) end
return out
--@ topological order
local deps = {a = {'b', 'c'}, b = {'d'}, c = {'d'}, d = {}}
local out, seen = {}, {}
local function visit(n) if seen[n] then return end; seen[n] = true; for _, d in ipairs(deps[n]) do visit(d) end; out[#out + 1] = n end
visit('a')
return out
