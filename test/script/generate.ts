/**
 * Random Lua programs that end, give text, and give the same text every time. A program is a list of probes: each is the
 * body of a function whose results, or whose error, become one line. A probe is a tree, so that one which fails can be
 * made smaller (test/script/compare-programs.ts).
 *
 * What Lua leaves open is not generated: the order of hash parts, the length of tables with holes, addresses. Loops and
 * functions call `tick`, which ends a probe that takes too long.
 */

import { Random } from '../util/live.ts'

/** An expression, a statement, or several: text with smaller ones inside. */
export interface Node {
  readonly kind: 'expression' | 'statement'
  readonly parts: readonly (string | Node)[]
}

export function render(node: Node): string {
  let text = ''
  for (const part of node.parts) text += typeof part === 'string' ? part : render(part)
  return text
}

/** The same for every program: `show` is the canonical text of a value, `probe` runs one body. */
const PRELUDE = `local out, steps = {}, 0
local function tick() steps = steps + 1; if steps > 400 then error('too many steps', 0) end end
local function str(v) local t = type(v); if t == 'table' or t == 'function' or t == 'thread' or t == 'userdata' then return t end return tostring(v) end
local function clip(v) if type(v) == 'string' and #v > 80 then return v:sub(1, 80) end return v end
local function solid(v) if v == nil then return false end return v end
local function show(v, d)
  local t = type(v)
  if t == 'string' then return string.format('%q', v) elseif t == 'number' then return v ~= v and 'nan' or string.format('%.17g', v) end
  if t ~= 'table' then return str(v) elseif d > 3 then return '{...}' end
  local parts, n = {}, 0
  for i, x in ipairs(v) do n = i; parts[i] = show(x, d + 1) end
  local rest = {}
  for k, x in pairs(v) do if type(k) ~= 'number' or k < 1 or k > n or k % 1 ~= 0 then rest[#rest + 1] = '[' .. show(k, d + 1) .. ']=' .. show(x, d + 1) end end
  table.sort(rest)
  for _, s in ipairs(rest) do parts[#parts + 1] = s end
  return '{' .. table.concat(parts, ',') .. '}'
end
local function keep(...) local t = {}; for i = 1, select('#', ...) do t[i] = show((select(i, ...)), 0) end; out[#out + 1] = table.concat(t, ' ') end
local function probe(f) steps = 0; keep(pcall(f, 1, 'two', 3.5)) end
`

/** The script of these probes: it answers one text for each. */
export function scriptOf(probes: readonly Node[]): string {
  return `${PRELUDE}${probes.map(probe => `probe(function(...)\n${render(probe)}end)\n`).join('')}return out`
}

type Kind = 'number' | 'string' | 'table' | 'function' | 'any'

interface Variable {
  readonly name: string
  readonly kind: Kind
  /**
   * May functions within assign to it? Lua reads a local when an operator needs it, embedis where it stands, so that `a + f()`
   * differs when f assigns to a. What may be assigned to is read by calls alone, which both do where they stand.
   */
  readonly shared?: boolean
}

interface Scope {
  readonly variables: readonly Variable[]
  /** May `...` be used? */
  readonly dots: boolean
  readonly loops: number
  /** Is this the body of a coroutine? */
  readonly yields: boolean
  /** How many of the variables are of functions around this one. */
  readonly outer: number
}

const NAMES = 'abcdefghijklmnpqrsuvwxyz'

export class Generator {
  readonly random: Random
  private names: number

  constructor(seed: number) {
    this.random = new Random(seed)
    this.names = 0
  }

  probe(): Node {
    this.names = 0
    const scope: Scope = { variables: [], dots: true, loops: 0, yields: false, outer: 0 }
    const pick = this.random.int(0, 9)
    if (pick === 0) return this.codecs()
    if (pick === 1) return this.strings()
    if (pick === 2) return this.commands()
    return this.block(scope, this.random.int(1, 5), 3, true)
  }

  // -- statements

  private block(outer: Scope, count: number, depth: number, ends: boolean): Node {
    let scope = outer
    const parts: (string | Node)[] = []
    for (let i = 0; i < count; i++) {
      const { node, variables } = this.statement(scope, depth)
      parts.push(node)
      if (variables.length > 0) scope = { ...scope, variables: [...scope.variables, ...variables] }
    }
    if (ends) parts.push(statement('return ', this.list(scope, depth, this.random.int(1, 3)), '\n'))
    return { kind: 'statement', parts }
  }

  private statement(scope: Scope, depth: number): { node: Node; variables: Variable[] } {
    const { random } = this
    const none: Variable[] = []
    const inner = (count: number): Node => this.block(scope, count, depth - 1, false)
    const pick = depth <= 0 ? random.int(0, 4) : random.int(0, 19)
    switch (pick) {
      case 0:
      case 1:
      case 2: {
        const kind = this.kind()
        const name = this.name()
        return {
          node: statement(`local ${name} = `, this.expression(scope, depth, kind), '\n'),
          variables: [{ name, kind, shared: random.int(0, 3) === 0 }],
        }
      }
      case 3:
        return { node: this.assignment(scope, depth), variables: none }
      case 4: {
        const table = this.variable(scope, 'table')
        if (table === undefined) return { node: this.assignment(scope, depth), variables: none }
        return { node: this.growth(scope, depth, table), variables: none }
      }
      case 5: {
        const names = [this.name(), this.name(), this.name()].slice(0, random.int(2, 3))
        const node = statement(`local ${names.join(', ')} = `, this.list(scope, depth, random.int(1, 4)), '\n')
        return { node, variables: names.map(name => ({ name, kind: 'any' })) }
      }
      case 6:
      case 7: {
        const condition = this.condition(scope, depth - 1)
        const second = random.int(0, 2) === 0
        return {
          node: statement(
            'if ',
            condition,
            ' then\n',
            inner(random.int(1, 2)),
            ...(second ? ['else\n', inner(1)] : []),
            'end\n',
          ),
          variables: none,
        }
      }
      case 8: {
        const name = this.name()
        const within: Scope = {
          ...scope,
          loops: scope.loops + 1,
          variables: [...scope.variables, { name, kind: 'number' }],
        }
        const step = random.pick(['', '', ', 1', ', 2', ', -1', ', 0.5', ", '1'"])
        const from = random.pick(['1', '0', '3', '-1', '0.25', "'1'"])
        return {
          node: statement(
            `for ${name} = ${from}, ${random.int(-1, 5)}${step} do tick()\n`,
            this.block(within, 2, depth - 1, false),
            'end\n',
          ),
          variables: none,
        }
      }
      case 9: {
        const [key, value] = [this.name(), this.name()]
        const within: Scope = {
          ...scope,
          loops: scope.loops + 1,
          variables: [...scope.variables, { name: key, kind: 'number' }, { name: value, kind: 'any' }],
        }
        return {
          node: statement(
            `for ${key}, ${value} in ipairs(`,
            this.expression(scope, depth - 1, 'table'),
            ') do tick()\n',
            this.block(within, 2, depth - 1, false),
            'end\n',
          ),
          variables: none,
        }
      }
      case 10: {
        const name = this.name()
        const within: Scope = {
          ...scope,
          loops: scope.loops + 1,
          variables: [...scope.variables, { name, kind: 'number' }],
        }
        const body = this.block(within, 1, depth - 1, false)
        const loop = random.pick([
          [`while ${name} < 3 do tick()\n`, body, `${name} = ${name} + 1\nend\n`],
          [`repeat tick()\nlocal z1 = ${name}\n`, body, `${name} = ${name} + 1\nuntil z1 >= 2\n`],
        ])
        return { node: statement(`local ${name} = 0\n`, ...loop), variables: [{ name, kind: 'number' }] }
      }
      case 11:
        if (scope.loops === 0) return { node: statement('do\n', inner(2), 'end\n'), variables: none }
        return { node: statement('if ', this.condition(scope, 0), ' then break end\n'), variables: none }
      case 12:
      case 13:
      case 14: {
        const name = this.name()
        return {
          node: statement(`local function ${name}`, this.body(scope, depth), '\n'),
          variables: [{ name, kind: 'function' }],
        }
      }
      case 15: {
        const [ok, value] = [this.name(), this.name()]
        return {
          node: statement(
            `local ${ok}, ${value} = pcall(function()\n`,
            this.block(
              { ...scope, dots: false, loops: 0, yields: false, outer: scope.variables.length },
              1,
              depth - 1,
              true,
            ),
            'end)\n',
          ),
          variables: [
            { name: ok, kind: 'any' },
            { name: value, kind: 'any' },
          ],
        }
      }
      case 16: {
        const [co, name, ok, value] = [this.name(), this.name(), this.name(), this.name()]
        const body = this.block(
          { ...scope, dots: true, loops: 0, yields: true, outer: scope.variables.length },
          random.int(1, 3),
          depth - 1,
          true,
        )
        return {
          node: statement(
            `local ${co} = coroutine.create(function(...)\n`,
            body,
            `end)\nlocal ${name} = {}\nfor z2 = 1, ${random.int(1, 5)} do tick()\nlocal ${ok}, ${value} = coroutine.resume(${co}, z2)\n`,
            `${name}[#${name} + 1] = str(${ok}) .. coroutine.status(${co}) .. show(${value}, 1)\nend\n`,
          ),
          variables: [
            { name: co, kind: 'any' },
            { name, kind: 'table' },
          ],
        }
      }
      case 17: {
        const name = this.name()
        return {
          node: statement(`local ${name} = `, this.withMetatable(scope, depth), '\n'),
          variables: [{ name, kind: 'table' }],
        }
      }
      case 18:
        if (scope.yields) {
          const name = this.name()
          return {
            node: statement(`local ${name} = coroutine.yield(`, this.list(scope, depth, 1), ')\n'),
            variables: [{ name, kind: 'any' }],
          }
        }
        return {
          node: statement(
            'if ',
            this.condition(scope, 0),
            ' then error(',
            this.expression(scope, 1, 'any'),
            `${random.pick(['', ', 0', ', 1', ', 2'])}) end\n`,
          ),
          variables: none,
        }
      default: {
        const called = this.variable(scope, 'function')
        if (called === undefined) return { node: this.assignment(scope, depth), variables: none }
        return { node: statement(`${called}(`, this.list(scope, depth - 1, random.int(0, 3)), ')\n'), variables: none }
      }
    }
  }

  private assignment(scope: Scope, depth: number): Node {
    const { random } = this
    const own = scope.variables.filter((variable, i) => i >= scope.outer || variable.shared === true)
    if (own.length === 0) return statement(`tick()\n`)
    const target = (): string | Node => {
      const table = this.variable(scope, 'table')
      if (table !== undefined && random.int(0, 2) === 0) {
        return random.pick([`${table}.x`, `${table}.y`, `${table}['k']`, `${table}[2.5]`, `${table}[true]`])
      }
      // A table or function stays what it is, mostly.
      return random.pick(own).name
    }
    if (random.int(0, 3) === 0) {
      return statement(
        target(),
        ', ',
        target(),
        ' = clip(',
        this.expression(scope, depth, 'any'),
        '), clip(',
        this.expression(scope, depth, 'any'),
        ')\n',
      )
    }
    return statement(target(), ' = clip(', this.expression(scope, depth, this.kind()), ')\n')
  }

  /** What keeps a table without holes. */
  private growth(scope: Scope, depth: number, table: string): Node {
    const value = (): Node => expression('solid(clip(', this.expression(scope, depth - 1, 'any'), '))')
    switch (this.random.int(0, 6)) {
      case 0:
      case 1:
        return statement(`${table}[#${table} + 1] = `, value(), '\n')
      case 2:
        return statement(`table.insert(${table}, `, value(), ')\n')
      case 3:
        return statement(`table.insert(${table}, 1, `, value(), ')\n')
      case 4:
        return statement(`table.remove(${table}${this.random.pick(['', ', 1'])})\n`)
      case 5:
        return statement(`if #${table} > 0 then ${table}[#${table}] = nil end\n`)
      default:
        return statement(
          `table.sort(${table}${this.random.pick(['', '', ', function(z3, z4) return z3 > z4 end', ', function(z3, z4) return str(z3) < str(z4) end'])})\n`,
        )
    }
  }

  /** Parameters and body of a function. */
  private body(scope: Scope, depth: number): Node {
    const { random } = this
    const names = [this.name(), this.name()].slice(0, random.int(0, 2))
    const dots = random.int(0, 2) === 0
    const parameters = [...names, ...(dots ? ['...'] : [])].join(', ')
    const within: Scope = {
      variables: [...scope.variables, ...names.map((name): Variable => ({ name, kind: 'any' }))],
      dots,
      loops: 0,
      yields: scope.yields,
      outer: scope.variables.length,
    }
    return expression(`(${parameters}) tick()\n`, this.block(within, random.int(0, 2), depth - 1, true), 'end')
  }

  private withMetatable(scope: Scope, depth: number): Node {
    const { random } = this
    const events: (string | Node)[] = []
    for (const event of [
      '__index',
      '__newindex',
      '__call',
      '__add',
      '__sub',
      '__mul',
      '__concat',
      '__eq',
      '__lt',
      '__le',
      '__unm',
      '__len',
      '__tostring',
      '__mod',
    ]) {
      if (random.int(0, 3) !== 0) continue
      if (event === '__index' && random.int(0, 1) === 0) events.push('__index = {x = 5, y = "why"}, ')
      else if (event === '__tostring') events.push('__tostring = function() return "text" end, ')
      else events.push(`${event} = function`, this.body({ ...scope, yields: false }, Math.min(depth - 1, 1)), ', ')
    }
    return expression('setmetatable(', this.constructorOf(scope, depth - 1), ', {', ...events, '})')
  }

  // -- expressions

  private list(scope: Scope, depth: number, count: number): Node {
    const parts: (string | Node)[] = []
    for (let i = 0; i < count; i++) {
      if (i > 0) parts.push(', ')
      if (i === count - 1 && scope.dots && this.random.int(0, 5) === 0) parts.push('...')
      else parts.push(this.expression(scope, depth - 1, this.kind()))
    }
    return { kind: 'expression', parts }
  }

  private kind(): Kind {
    return this.random.pick<Kind>(['number', 'number', 'string', 'string', 'table', 'function', 'any'])
  }

  private expression(scope: Scope, depth: number, wanted: Kind): Node {
    const { random } = this
    // One of ten is of another kind, so that there are errors.
    const kind = random.int(0, 11) === 0 ? this.kind() : wanted
    if (random.int(0, 2) === 0) {
      const name = this.variable(scope, kind)
      if (name !== undefined) return expression(name)
    }
    switch (kind) {
      case 'number':
        return this.number(scope, depth)
      case 'string':
        return this.string(scope, depth)
      case 'table':
        return this.constructorOf(scope, depth)
      case 'function':
        if (depth <= 0)
          return expression(random.pick(['tostring', 'type', 'string.upper', 'math.floor', 'select', 'tonumber']))
        return expression('function', this.body(scope, depth))
      case 'any':
        return this.any(scope, depth)
    }
  }

  private number(scope: Scope, depth: number): Node {
    const { random } = this
    if (depth <= 0) return expression(this.numeral())
    const n = (): Node => this.expression(scope, depth - 1, 'number')
    const s = (): Node => this.expression(scope, depth - 1, 'string')
    switch (random.int(0, 13)) {
      case 0:
      case 1:
        return expression(this.numeral())
      case 2:
      case 3:
      case 4:
        return expression('(', n(), random.pick([' + ', ' - ', ' * ']), n(), ')')
      case 5:
        return expression('(', n(), random.pick([' / ', ' % ']), random.pick(['2', '3', '-4', '0.5', '7', "'10'"]), ')')
      case 6:
        return expression('(', n(), ' ^ ', random.pick(['2', '3', '0', '-1', '1']), ')')
      case 7:
        return expression('- ', n())
      case 8:
        return expression('#', random.int(0, 1) === 0 ? s() : this.expression(scope, depth - 1, 'table'))
      case 9:
        return expression('tonumber(', s(), random.pick(['', '', ', 10', ', 16', ', 2', ', 36']), ')')
      case 10:
        return expression(random.pick(['math.floor', 'math.ceil', 'math.abs', 'bit.bnot', 'bit.tobit']), '(', n(), ')')
      case 11:
        return expression(
          random.pick(['math.max', 'math.min', 'bit.band', 'bit.bor', 'bit.bxor', 'math.fmod']),
          '(',
          n(),
          ', ',
          this.numeral(),
          ')',
        )
      case 12:
        return expression('string.byte(', s(), ', ', random.pick(['1', '-1', '2']), ')')
      default:
        return scope.dots ? expression("select('#', ...)") : expression(`(${this.numeral()} + `, n(), ')')
    }
  }

  private numeral(): string {
    return this.random.pick([
      '0',
      '1',
      '2',
      '3',
      '10',
      '-1',
      '-2',
      '0.5',
      '1.5',
      '-0.25',
      '100',
      '255',
      '256',
      '1e3',
      '0x10',
      '1e15',
      '1e100',
      '2147483647',
      '2147483648',
      '4294967296',
      '9007199254740993',
      '0.1',
      '1e-5',
      '123456.789',
      '.5',
      '5.',
      '3e-2',
      '1/3',
    ])
  }

  private string(scope: Scope, depth: number): Node {
    const { random } = this
    if (depth <= 0) return expression(this.literal())
    const n = (): Node => this.expression(scope, depth - 1, 'number')
    const s = (): Node => this.expression(scope, depth - 1, 'string')
    switch (random.int(0, 13)) {
      case 0:
      case 1:
        return expression(this.literal())
      case 2:
      case 3:
        return expression('(', s(), ' .. ', random.int(0, 1) === 0 ? s() : n(), ')')
      case 4:
        return expression('str(', this.any(scope, depth - 1), ')')
      case 5:
        return expression('string.sub(', s(), `, ${random.int(-4, 4)}, ${random.int(-4, 6)})`)
      case 6:
        return expression(random.pick(['string.upper', 'string.lower', 'string.reverse', 'type']), '(', s(), ')')
      case 7:
        return expression('string.rep(', s(), `, ${random.pick(['0', '1', '2', '3', '-1', '1.9', "'2'"])})`)
      case 8:
        return expression(
          `string.format(${random.pick(["'%d'", "'%5.1f|'", "'%x'", "'%g'", "'%-6d|'", "'%+.3e'", "'%05d'", "'%c'", "'%i'", "'%.14g'"])}, `,
          n(),
          ')',
        )
      case 9:
        return expression(
          `string.format(${random.pick(["'%s'", "'%q'", "'%5s|'", "'%-5s|'", "'%.2s'", "'<%s>%%'"])}, `,
          s(),
          ')',
        )
      case 10:
        return expression(
          '(string.gsub(',
          s(),
          `, ${this.pattern()}, ${this.replacement()}${random.pick(['', '', ', 1', ', 2'])}))`,
        )
      case 11:
        return expression('string.match(', s(), `, ${this.pattern()})`)
      case 12:
        return expression(
          'table.concat({',
          n(),
          ', ',
          s(),
          ', ',
          n(),
          `}${random.pick(['', ", ','", ", '', 2", ", '-', 1, 2"])})`,
        )
      default:
        return expression(
          'string.char(',
          random.pick(['65', '0', '255', '10', '92', '34']),
          ', ',
          random.pick(['66', '97', '49']),
          ')',
        )
    }
  }

  private literal(): string {
    return this.random.pick([
      "''",
      "'a'",
      "'abc'",
      "'hello world'",
      "'10'",
      "'0x1F'",
      "' 5 '",
      "'1e2'",
      "'-3.5'",
      "'a,b,,c'",
      "'k=v; x=y'",
      "'\\0z'",
      "'\\200\\255'",
      "'line\\nbreak'",
      "'%d'",
      "'(x)[y]'",
      "'aaa'",
      "'AbC123'",
      '"quo\\"te"',
      '[[long]]',
      "'ä'",
      "'nil'",
      "'inf'",
      "'x'",
      "'b'",
      "'2'",
    ])
  }

  private pattern(): string {
    const { random } = this
    if (random.int(0, 2) === 0) {
      return random.pick([
        "'%a+'",
        "'%d'",
        "'.'",
        "'(.)(.)'",
        "'^%s*(.-)%s*$'",
        "'%w-'",
        "'[^,]*'",
        "'(%w+)=(%w+)'",
        "'%b()'",
        "'%f[%w]%w+'",
        "''",
        "'x*'",
        "'()'",
        "'%z'",
        "'l+'",
        "'$'",
        "'^'",
      ])
    }
    let text = random.int(0, 5) === 0 ? '^' : ''
    let open = 0
    let closed = 0
    for (let i = random.int(1, 4); i > 0; i--) {
      if (random.int(0, 5) === 0) {
        text += '('
        open++
      }
      text += random.pick([
        'a',
        'b',
        '.',
        '%a',
        '%d',
        '%s',
        '%w',
        '%u',
        '[abc]',
        '[^a]',
        '[%d%s]',
        '[a-f]',
        '%.',
        ',',
        '%%',
        'l',
        '%A',
        '%p',
        '%x',
        '[0-9]',
        '%c',
        ' ',
        '=',
        '[%]]',
        '[a-]',
      ])
      text += random.pick(['', '', '', '*', '+', '-', '?'])
      if (open > 0 && random.int(0, 2) === 0) {
        text += ')'
        open--
        closed++
      }
      if (closed > 0 && random.int(0, 5) === 0) text += '%1'
    }
    // One of some is not closed, and so malformed.
    if (random.int(0, 9) !== 0) text += ')'.repeat(open)
    if (random.int(0, 7) === 0) text += '$'
    if (random.int(0, 29) === 0) text += random.pick(['%', '[', '[a', '%b', '%f', ')', '(', '[]', '[^', '%9', '[%'])
    return `'${text}'`
  }

  private replacement(): string {
    return this.random.pick([
      "''",
      "'-'",
      "'<%0>'",
      "'%1'",
      "'%1%1'",
      "'%%'",
      "'[%0%1]'",
      "{a = 'A', b = 1, l = false}",
      'function(z5) return z5 end',
      'function(z5, z6) return str(z5) .. str(z6) end',
      'function() end',
      "'%2'",
      'string.upper',
      'function(z5) return #str(z5) end',
      "setmetatable({}, {__index = function(_, k) return str(k) .. '!' end})",
    ])
  }

  private constructorOf(scope: Scope, depth: number): Node {
    const { random } = this
    const parts: (string | Node)[] = ['{']
    const count = depth <= 0 ? random.int(0, 2) : random.int(0, 4)
    for (let i = 0; i < count; i++) parts.push('solid(', this.expression(scope, depth - 1, this.kind()), '), ')
    if (random.int(0, 1) === 0)
      parts.push(
        `${random.pick(['x', 'y', "['k']", '[2.5]', '[-1]', '[true]'])} = `,
        this.expression(scope, depth - 1, 'any'),
        ', ',
      )
    parts.push('}')
    return { kind: 'expression', parts }
  }

  private condition(scope: Scope, depth: number): Node {
    const { random } = this
    const kind = random.pick<Kind>(['number', 'string', 'any'])
    const side = (): Node => this.expression(scope, depth, kind)
    switch (random.int(0, 5)) {
      case 0:
        return expression('not ', side())
      case 1:
        return side()
      case 2:
        return expression('(', side(), random.pick([' and ', ' or ']), side(), ')')
      default:
        return expression('(', side(), random.pick([' < ', ' <= ', ' > ', ' >= ', ' == ', ' ~= ', ' == ']), side(), ')')
    }
  }

  private any(scope: Scope, depth: number): Node {
    const { random } = this
    if (depth <= 0) return expression(random.pick(['nil', 'true', 'false', '1', "'a'", '{}']))
    const table = this.variable(scope, 'table')
    switch (random.int(0, 9)) {
      case 0:
        return expression(random.pick(['nil', 'true', 'false', '1', "'a'", '{}']))
      case 1:
        return this.condition(scope, depth - 1)
      case 2:
        return expression(
          '(',
          this.condition(scope, depth - 1),
          ' and ',
          this.expression(scope, depth - 1, 'any'),
          ' or ',
          this.expression(scope, depth - 1, 'any'),
          ')',
        )
      case 3:
      case 4: {
        const called = this.variable(scope, 'function')
        if (called === undefined)
          return expression(
            '(function',
            this.body(scope, depth - 1),
            ')(',
            this.list(scope, depth - 1, random.int(0, 2)),
            ')',
          )
        return expression(`${called}(`, this.list(scope, depth - 1, random.int(0, 3)), ')')
      }
      case 5:
        if (table !== undefined)
          return expression(
            `${table}${random.pick(['.x', '.y', '[1]', '[2]', "['k']", '[2.5]', '[-1]', '[#' + table + ']', ':m()', '.x.y', '[1][1]', "['']", '()'])}`,
          )
        return this.number(scope, depth)
      case 6:
        return scope.dots
          ? expression(random.pick(['(...)', '(select(2, ...))', "select('#', ...)"]))
          : this.string(scope, depth)
      case 7:
        return expression(
          'select(',
          random.pick(['1', '2', '-1', "'#'"]),
          ', ',
          this.list(scope, depth - 1, random.int(1, 3)),
          ')',
        )
      case 8:
        return expression(
          'unpack(',
          this.expression(scope, depth - 1, 'table'),
          random.pick(['', '', ', 1, 2', ', 2', ', 0, 1']),
          ')',
        )
      default:
        return expression(
          '(pcall(',
          this.expression(scope, depth - 1, 'function'),
          ', ',
          this.list(scope, depth - 1, random.int(1, 3)),
          '))',
        )
    }
  }

  // -- probes of one library

  /** Plain data, whose texts have one order. */
  private data(depth: number): string {
    const { random } = this
    const pick = depth <= 0 ? random.int(0, 3) : random.int(0, 6)
    if (pick === 0) return this.numeral()
    if (pick === 1) return this.literal()
    if (pick === 2) return random.pick(['true', 'false'])
    if (pick === 3) return random.pick(['cjson.null', '{}', '0', "''"])
    if (pick === 4) return `{${random.pick(['x', 'y', "['k k']", "['']"])} = ${this.data(depth - 1)}}`
    return `{${Array.from({ length: random.int(0, 3) }, () => this.data(depth - 1)).join(', ')}}`
  }

  private codecs(): Node {
    const { random } = this
    const value = this.data(3)
    switch (random.int(0, 7)) {
      case 0:
        return statement('return cjson.encode(', expression(value), ')\n')
      case 1:
        return statement('return cjson.decode(cjson.encode(', expression(value), '))\n')
      case 2:
        return statement('return cmsgpack.pack(', expression(value), ')\n')
      case 3:
        return statement(
          'return cmsgpack.unpack(cmsgpack.pack(',
          expression(value),
          ', ',
          expression(this.data(1)),
          '))\n',
        )
      case 4: {
        const json = `cjson.encode(${value})`
        const at = random.int(1, 12)
        const broken = random.pick([
          `${json}:sub(1, -2)`,
          `${json}:sub(2)`,
          `${json} .. ','`,
          `(${json}:gsub('.', '', ${random.int(1, 3)}))`,
          `${json}:sub(1, ${at}) .. '${random.pick([',', '{', ']', '"', '\\\\', 'x', '1', ' ', 'e', '-'])}' .. ${json}:sub(${at + 1})`,
        ])
        return statement('return cjson.decode(', expression(broken), ')\n')
      }
      case 5: {
        const packed = `cmsgpack.pack(${value})`
        const at = random.int(1, 6)
        return statement(
          'return cmsgpack.unpack(',
          expression(
            random.pick([
              `${packed}:sub(1, -2)`,
              `${packed}:sub(2)`,
              `${packed}:sub(1, ${at}) .. string.char(${random.int(0, 255)}) .. ${packed}:sub(${at + 1})`,
            ]),
          ),
          ')\n',
        )
      }
      case 6: {
        const format = this.structFormat()
        return statement(`return struct.pack('${format.text}', `, expression(format.values), ')\n')
      }
      default: {
        const format = this.structFormat()
        return statement(
          `return struct.unpack('${random.int(0, 5) === 0 ? this.structFormat().text : format.text}', struct.pack('${format.text}', `,
          expression(format.values),
          `)${random.pick(['', '', ':sub(2)', " .. '\\1\\2'"])})\n`,
        )
      }
    }
  }

  private structFormat(): { text: string; values: string } {
    const { random } = this
    let text = random.pick(['', '>', '<', '!4', '>!8'])
    const values: string[] = []
    for (let i = random.int(1, 4); i > 0; i--) {
      const option = random.pick([
        'b',
        'B',
        'h',
        'H',
        'i',
        'I',
        'l',
        'L',
        'd',
        'f',
        's',
        'i3',
        'I2',
        'i8',
        'c3',
        'x',
        'Bc0',
        '<',
        '>',
        'i16',
        'T',
      ])
      text += option
      if (option === 's') values.push(random.pick(["'abc'", "''", "'a\\0b'"]))
      else if (option === 'c3') values.push(random.pick(["'abc'", "'abcdef'", "'ab'"]))
      else if (option === 'Bc0') values.push('3', "'abcd'")
      else if (!['x', '<', '>'].includes(option))
        values.push(random.pick(['0', '1', '-1', '127', '255', '-128', '65535', '1e9', '2^40', '-2^40', '1.5', "'7'"]))
    }
    if (values.length === 0) values.push('0')
    return { text, values: values.join(', ') }
  }

  private strings(): Node {
    const { random } = this
    const subject = expression(
      random.pick([this.literal(), `${this.literal()} .. ${this.literal()}`, `(${this.literal()}):rep(3)`]),
    )
    switch (random.int(0, 5)) {
      case 0:
        return statement(
          'return string.find(',
          subject,
          `, ${this.pattern()}${random.pick(['', ', 2', ', -2', ', 1, true', ', 10'])})\n`,
        )
      case 1:
        return statement('return string.match(', subject, `, ${this.pattern()}${random.pick(['', ', 2', ', -1'])})\n`)
      case 2:
        return statement('return string.gsub(', subject, `, ${this.pattern()}, ${this.replacement()})\n`)
      case 3:
        return statement(
          `local r = {}\nfor x, y in string.gmatch(`,
          subject,
          `, ${this.pattern()}) do r[#r + 1] = str(x) .. '|' .. str(y) end\nreturn r\n`,
        )
      case 4:
        return statement(
          `return string.format('%${random.pick(['', '-', '+', '0', ' ', '#', '-+', '0+'])}${random.pick(['', '1', '5', '12'])}${random.pick(['', '.', '.0', '.3', '.10'])}${random.pick(['d', 'i', 'u', 'x', 'X', 'o', 'e', 'E', 'f', 'g', 'G', 'c', 's', 'q'])}', `,
          expression(
            random.pick([
              this.numeral(),
              `-${random.int(0, 99_999)}.${random.int(0, 999)}`,
              `${random.int(0, 99)}e${random.int(-20, 20)}`,
              this.literal(),
            ]),
          ),
          ')\n',
        )
      default:
        return statement(
          'return tonumber(',
          expression(
            random.pick([
              this.literal(),
              `'${random.pick(['', ' ', '-', '+'])}${random.pick(['', '0x', '0'])}${random.pick(['1', 'ff', '12.5', '.5', '7.', 'zz', ''])}${random.pick(['', '', 'e2', 'E-1', 'p1', ' ', 'x'])}'`,
            ]),
          ),
          random.pick(['', '', ', 16', ', 10', ', 8', ', 36']),
          ')\n',
        )
    }
  }

  /** Some commands on keys of this probe alone. */
  private commands(): Node {
    const { random } = this
    const mark = random.int(0, 1e9)
    const key = (): string => `'k${mark}:${random.int(1, 2)}'`
    const value = (): string =>
      random
        .pick([this.numeral(), this.literal()])
        .replace('1/3', '0.25')
        .replace('123456.789', '2.5')
        .replace('0.1', '0.5')
        .replace('3e-2', '0.125')
        .replace('1e-5', '4')
    const parts: (string | Node)[] = ['local r = {}\n']
    for (let i = random.int(2, 7); i > 0; i--) {
      const k = key()
      const call = random.pick([
        `'SET', ${k}, ${value()}`,
        `'GET', ${k}`,
        `'INCR', ${k}`,
        `'APPEND', ${k}, ${value()}`,
        `'RPUSH', ${k}, ${value()}, ${value()}`,
        `'LPOP', ${k}`,
        `'LRANGE', ${k}, 0, -1`,
        `'HSET', ${k}, 'f', ${value()}`,
        `'HGETALL', ${k}`,
        `'HGET', ${k}, 'f'`,
        `'SADD', ${k}, ${value()}`,
        `'SCARD', ${k}`,
        `'ZADD', ${k}, ${random.int(1, 9)}, 'm'`,
        `'ZRANGE', ${k}, 0, -1`,
        `'TYPE', ${k}`,
        `'DEL', ${k}`,
        `'EXISTS', ${k}`,
        `'STRLEN', ${k}`,
        `'SET', ${k}`,
        `'NOSUCH', ${k}`,
        `'GETRANGE', ${k}, 0, 2`,
        `'MGET', ${k}, 'none'`,
        `'SETNX', ${k}, ${value()}`,
        `'LLEN', ${k}`,
        `'SET', ${k}, {}`,
        `'INCRBY', ${k}, ${random.pick(['5', '-3', "'7'", '1.5', "'x'"])}`,
        `'PTTL', ${k}`,
        `'GETDEL', ${k}`,
        `'LINDEX', ${k}, 0`,
        `'HINCRBY', ${k}, 'f', 2`,
      ])
      parts.push(
        statement(
          random.int(0, 4) === 0
            ? `r[#r + 1] = {pcall(redis.call, ${call})}\n`
            : `r[#r + 1] = redis.${random.int(0, 9) === 0 ? '' : 'p'}call(${call})\n`,
        ),
      )
    }
    parts.push('return r\n')
    return { kind: 'statement', parts }
  }

  // -- names

  private name(): string {
    const n = this.names++
    return n < NAMES.length ? (NAMES[n] as string) : `v${n}`
  }

  private variable(scope: Scope, kind: Kind): string | undefined {
    const fitting = scope.variables.filter(variable => kind === 'any' || variable.kind === kind)
    const plain = fitting.filter(variable => variable.shared !== true)
    // Of tables and functions more is wanted than their value.
    const from = kind === 'table' || kind === 'function' ? plain : fitting
    if (from.length === 0) return undefined
    const { name, shared } = this.random.pick(from)
    return shared === true ? `clip(${name})` : name
  }
}

function expression(...parts: (string | Node)[]): Node {
  return { kind: 'expression', parts }
}

function statement(...parts: (string | Node)[]): Node {
  return { kind: 'statement', parts }
}
