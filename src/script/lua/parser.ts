import type {
  Arithmetic,
  Block,
  Call,
  Comparing,
  Expression,
  FunctionBody,
  MethodCall,
  Origin,
  Statement,
  TableItem,
  Target,
  Variable,
} from './ast.ts'
import { compute } from './power.ts'
import { END, Lexer, NAME, NUMBER, shown, STRING } from './lexer.ts'

/** As deep as Lua's own parser goes. */
const DEEPEST = 200
const MOST_LOCALS = 200
const MOST_UPVALUES = 60

/** Where frames have what no variable is: the upvalues, and the further arguments. */
export const UPVALUES = 0
export const VARARGS = 1
const FIRST_SLOT = 2

/** How tightly operators hold what is to their left and right: `^` and `..` group to the right. */
const binding: Readonly<Record<string, readonly [left: number, right: number]>> = {
  or: [1, 1],
  and: [2, 2],
  '<': [3, 3],
  '>': [3, 3],
  '<=': [3, 3],
  '>=': [3, 3],
  '~=': [3, 3],
  '==': [3, 3],
  '..': [5, 4],
  '+': [6, 6],
  '-': [6, 6],
  '*': [7, 7],
  '/': [7, 7],
  '%': [7, 7],
  '^': [10, 9],
}
const UNARY = 8

/** A function whose end has not been read. */
class Scope {
  readonly parent: Scope | undefined
  readonly line: number
  readonly vararg: boolean
  /** True once `...` stands in it. */
  spreads: boolean
  argTable: Variable | undefined
  /** The variables that can be seen, innermost last. */
  readonly visible: Variable[]
  readonly upvalues: { readonly name: string; readonly origin: Origin }[]
  /** The first free place of the frame, and the most that were taken. */
  free: number
  size: number
  loops: number

  constructor(parent: Scope | undefined, line: number, vararg: boolean) {
    this.parent = parent
    this.line = line
    this.vararg = vararg
    this.spreads = false
    this.argTable = undefined
    this.visible = []
    this.upvalues = []
    this.free = FIRST_SLOT
    this.size = FIRST_SLOT
    this.loops = 0
  }

  take(count: number): number {
    const slot = this.free
    this.free += count
    if (this.free > this.size) this.size = this.free
    return slot
  }

  find(name: string): Variable | undefined {
    return this.visible.findLast(variable => variable.name === name)
  }
}

function anyCalls(nodes: readonly { readonly calls: boolean }[]): boolean {
  return nodes.some(({ calls }) => calls)
}

/** Reads a chunk of Lua 5.1. Throws a `SyntaxFault`. */
export function parse(source: string, chunk: string): FunctionBody {
  return new Parser(source, chunk).chunk()
}

class Parser {
  private readonly lexer: Lexer
  private scope: Scope
  private depth: number

  constructor(source: string, chunk: string) {
    this.lexer = new Lexer(source, chunk)
    this.scope = new Scope(undefined, 0, true)
    this.depth = 0
  }

  chunk(): FunctionBody {
    const block = this.block()
    this.check(END)
    return this.bodyOf(this.scope, [], block)
  }

  private bodyOf(scope: Scope, parameters: readonly Variable[], block: Block): FunctionBody {
    const { line, argTable, size } = scope
    // Further arguments that nothing looks at need not be kept.
    const vararg = scope.spreads || argTable !== undefined
    return { line, vararg, argTable, size, parameters, block, upvalues: scope.upvalues.map(({ origin }) => origin) }
  }

  // ---- tokens -----------------------------------------------------------------------------------------------------

  private is(token: string): boolean {
    return this.lexer.token === token
  }

  private accept(token: string): boolean {
    if (this.lexer.token !== token) return false
    this.lexer.next()
    return true
  }

  private check(token: string): void {
    if (this.lexer.token !== token) throw this.lexer.fault(`'${shown(token)}' expected`)
  }

  private expect(token: string): void {
    this.check(token)
    this.lexer.next()
  }

  /** The end of what `opening` began. */
  private close(token: string, opening: string, line: number): void {
    if (this.accept(token)) return
    if (line === this.lexer.line) this.check(token)
    throw this.lexer.fault(`'${token}' expected (to close '${opening}' at line ${line})`)
  }

  private name(): string {
    this.check(NAME)
    const { text } = this.lexer
    this.lexer.next()
    return text
  }

  private enter(): void {
    if (++this.depth > DEEPEST) throw this.lexer.bareFault('chunk has too many syntax levels')
  }

  // ---- variables --------------------------------------------------------------------------------------------------

  /** A variable that is not to be seen yet. */
  private variable(name: string, pending: number = 0): Variable {
    const { scope } = this
    if (scope.visible.length + pending + 1 > MOST_LOCALS) throw this.limit(scope, MOST_LOCALS, 'local variables')
    return { name, slot: scope.take(1), captured: false }
  }

  private limit(scope: Scope, most: number, what: string): unknown {
    const where = scope.line === 0 ? 'main function' : `function at line ${scope.line}`
    return this.lexer.bareFault(`${where} has more than ${most} ${what}`)
  }

  private resolve(name: string): Expression & Target {
    const local = this.scope.find(name)
    if (local !== undefined) return { kind: 'local', variable: local, calls: false }
    const index = this.upvalue(this.scope, name)
    if (index !== undefined) return { kind: 'upvalue', index, name, calls: false }
    return { kind: 'global', name, line: this.lexer.lastLine, calls: false }
  }

  private upvalue(scope: Scope, name: string): number | undefined {
    const { parent, upvalues } = scope
    // While a function is read, a name always means the same variable around it.
    const known = upvalues.findIndex(upvalue => upvalue.name === name)
    if (known >= 0) return known
    if (parent === undefined) return undefined
    const variable = parent.find(name)
    let origin: Origin
    if (variable !== undefined) {
      variable.captured = true
      origin = { variable }
    } else {
      const index = this.upvalue(parent, name)
      if (index === undefined) return undefined
      origin = { upvalue: index }
    }
    if (upvalues.length + 1 > MOST_UPVALUES) throw this.limit(scope, MOST_UPVALUES, 'upvalues')
    upvalues.push({ name, origin })
    return upvalues.length - 1
  }

  /** Runs `read` in a block of its own, whose variables end with it. */
  private scoped<T>(read: () => T): T {
    const { scope } = this
    const { free } = scope
    const { length } = scope.visible
    const result = read()
    scope.visible.length = length
    scope.free = free
    return result
  }

  // ---- statements -------------------------------------------------------------------------------------------------

  private get blockEnds(): boolean {
    switch (this.lexer.token) {
      case 'else':
      case 'elseif':
      case 'end':
      case 'until':
      case END:
        return true
      default:
        return false
    }
  }

  private block(): Block {
    return this.scoped(() => this.statements())
  }

  private statements(): Statement[] {
    const statements: Statement[] = []
    this.enter()
    while (!this.blockEnds) {
      const last = this.is('return') || this.is('break')
      statements.push(this.statement())
      this.accept(';')
      if (last) break
    }
    this.depth--
    return statements
  }

  private statement(): Statement {
    const { lexer } = this
    const { line } = lexer
    switch (lexer.token) {
      case 'if':
        return this.ifStatement(line)
      case 'while': {
        lexer.next()
        const condition = this.expression()
        this.expect('do')
        const block = this.loop()
        this.close('end', 'while', line)
        return { kind: 'while', condition, block, calls: condition.calls || anyCalls(block) }
      }
      case 'do': {
        lexer.next()
        const block = this.block()
        this.close('end', 'do', line)
        return { kind: 'do', block, calls: anyCalls(block) }
      }
      case 'for':
        return this.scoped(() => this.forStatement(line))
      case 'repeat':
        return this.repeatStatement(line)
      case 'function':
        return this.functionStatement(line)
      case 'local':
        lexer.next()
        return this.accept('function') ? this.localFunction() : this.localStatement()
      case 'return':
        return this.returnStatement()
      case 'break':
        lexer.next()
        if (this.scope.loops === 0) throw lexer.fault('no loop to break')
        return { kind: 'break', calls: false }
      default:
        return this.expressionStatement()
    }
  }

  private loop(): Block {
    this.scope.loops++
    const block = this.block()
    this.scope.loops--
    return block
  }

  private ifStatement(line: number): Statement {
    const clauses: { condition: Expression; block: Block }[] = []
    do {
      this.lexer.next()
      const condition = this.expression()
      this.expect('then')
      clauses.push({ condition, block: this.block() })
    } while (this.is('elseif'))
    const otherwise = this.accept('else') ? this.block() : []
    this.close('end', 'if', line)
    const calls = anyCalls(otherwise) || clauses.some(({ condition, block }) => condition.calls || anyCalls(block))
    return { kind: 'if', clauses, otherwise, calls }
  }

  private forStatement(line: number): Statement {
    this.lexer.next()
    const name = this.name()
    switch (this.lexer.token) {
      case '=':
        return this.countStatement(name, line)
      case ',':
      case 'in':
        return this.eachStatement(name, line)
      default:
        throw this.lexer.fault("'=' or 'in' expected")
    }
  }

  private countStatement(name: string, line: number): Statement {
    const { scope } = this
    this.lexer.next()
    const from = this.expression()
    this.expect(',')
    const to = this.expression()
    const step = this.accept(',') ? this.expression() : undefined
    this.expect('do')
    // Lua keeps three values that no name stands for; they count among the variables.
    const variable = this.variable(name, 3)
    scope.visible.push(variable)
    const block = this.loop()
    this.close('end', 'for', line)
    const calls = from.calls || to.calls || step?.calls === true || anyCalls(block)
    return { kind: 'count', variable, from, to, step, block, line, calls }
  }

  private eachStatement(first: string, line: number): Statement {
    const { scope } = this
    const names = [first]
    while (this.accept(',')) names.push(this.name())
    this.expect('in')
    const { line: at } = this.lexer
    const values = this.expressions()
    this.expect('do')
    const slot = scope.take(3)
    const variables = names.map((name, i) => this.variable(name, 3 + i))
    scope.visible.push(...variables)
    const block = this.loop()
    this.close('end', 'for', line)
    return { kind: 'each', variables, values, slot, block, line: at, calls: anyCalls(values) || anyCalls(block) }
  }

  private repeatStatement(line: number): Statement {
    this.lexer.next()
    this.scope.loops++
    // The condition sees the variables of the block.
    const [block, condition] = this.scoped(() => {
      const inner = this.statements()
      this.scope.loops--
      this.close('until', 'repeat', line)
      return [inner, this.expression()] as const
    })
    return { kind: 'repeat', block, condition, calls: condition.calls || anyCalls(block) }
  }

  private functionStatement(line: number): Statement {
    const { lexer } = this
    lexer.next()
    let target: Target = this.resolve(this.name())
    let method = false
    while (this.is('.') || this.is(':')) {
      method = this.is(':')
      lexer.next()
      const key: Expression = { kind: 'literal', value: this.name(), calls: false }
      target = { kind: 'index', object: target, key, line: lexer.lastLine, calls: false }
      if (method) break
    }
    const value: Expression = { kind: 'function', body: this.functionBody(method, line), calls: false }
    return { kind: 'assign', targets: [target], values: [value], calls: false }
  }

  private localFunction(): Statement {
    const variable = this.variable(this.name())
    // It sees itself.
    this.scope.visible.push(variable)
    return { kind: 'function', variable, body: this.functionBody(false, this.lexer.line), calls: false }
  }

  private localStatement(): Statement {
    const names: string[] = []
    do names.push(this.name())
    while (this.accept(','))
    const values = this.accept('=') ? this.expressions() : []
    const variables = names.map((name, i) => this.variable(name, i))
    this.scope.visible.push(...variables)
    return { kind: 'locals', variables, values, calls: anyCalls(values) }
  }

  private returnStatement(): Statement {
    this.lexer.next()
    const values = this.blockEnds || this.is(';') ? [] : this.expressions()
    return { kind: 'return', values, calls: anyCalls(values) }
  }

  private expressionStatement(): Statement {
    const first = this.suffixed()
    if (first.kind === 'call' || first.kind === 'method') return { kind: 'evaluate', call: first, calls: true }
    const targets = [this.target(first)]
    while (this.accept(',')) {
      const most = DEEPEST - this.depth - 1
      if (targets.length > most) throw this.limit(this.scope, most, 'variables in assignment')
      targets.push(this.target(this.suffixed()))
    }
    this.expect('=')
    const values = this.expressions()
    // Lua stores where the statement ends.
    const { lastLine: line } = this.lexer
    const stores = targets.map((target): Target => ('line' in target ? { ...target, line } : target))
    return { kind: 'assign', targets: stores, values, calls: anyCalls(targets) || anyCalls(values) }
  }

  private target(expression: Expression): Target {
    switch (expression.kind) {
      case 'local':
      case 'upvalue':
      case 'global':
      case 'index':
        return expression
      default:
        throw this.lexer.fault('syntax error')
    }
  }

  // ---- expressions ------------------------------------------------------------------------------------------------

  private expressions(): Expression[] {
    const list = [this.expression()]
    while (this.accept(',')) {
      list.push(later(list.pop() as Expression, this.lexer.lastLine))
      list.push(this.expression())
    }
    return list
  }

  /** A name or something in parentheses, with what is behind it: fields, calls. */
  private suffixed(): Expression {
    const { lexer } = this
    let expression = this.primary()
    for (;;) {
      switch (lexer.token) {
        case '.': {
          lexer.next()
          const key: Expression = { kind: 'literal', value: this.name(), calls: false }
          expression = { kind: 'index', object: expression, key, line: lexer.lastLine, calls: expression.calls }
          break
        }
        case '[': {
          const key = this.bracketed()
          const { lastLine: line } = lexer
          expression = { kind: 'index', object: expression, key, line, calls: expression.calls || key.calls }
          break
        }
        case ':': {
          lexer.next()
          const name = this.name()
          expression = this.call(expression, name)
          break
        }
        case '(':
        case '{':
        case STRING:
          expression = this.call(expression, undefined)
          break
        default:
          return expression
      }
    }
  }

  private primary(): Expression {
    const { lexer } = this
    const { line } = lexer
    if (this.is(NAME)) return this.resolve(this.name())
    if (!this.is('(')) throw lexer.fault('unexpected symbol')
    lexer.next()
    const inner = this.expression()
    this.close(')', '(', line)
    return { kind: 'one', inner, calls: inner.calls }
  }

  private bracketed(): Expression {
    this.lexer.next()
    const key = this.expression()
    this.expect(']')
    return key
  }

  private call(object: Expression, name: string | undefined): Call | MethodCall {
    const { lexer } = this
    const { line } = lexer
    let args: Expression[]
    if (this.is('(')) {
      if (line !== lexer.lastLine) throw lexer.fault('ambiguous syntax (function call x new statement)')
      lexer.next()
      args = this.is(')') ? [] : this.expressions()
      this.close(')', '(', line)
      const last = args.pop()
      if (last !== undefined) args.push(later(last, lexer.lastLine))
    } else if (this.is('{')) args = [this.table()]
    else if (this.is(STRING)) args = [this.string()]
    else throw lexer.fault('function arguments expected')
    return name === undefined
      ? { kind: 'call', callee: object, args, line, calls: true }
      : { kind: 'method', object, name, args, line, calls: true }
  }

  private string(): Expression {
    const { text } = this.lexer
    this.lexer.next()
    return { kind: 'literal', value: text, calls: false }
  }

  private simple(): Expression {
    const { lexer } = this
    const { token, line } = lexer
    switch (token) {
      case NUMBER: {
        const { number } = lexer
        lexer.next()
        return { kind: 'literal', value: number, calls: false }
      }
      case STRING:
        return this.string()
      case 'nil':
        lexer.next()
        return { kind: 'literal', value: undefined, calls: false }
      case 'true':
      case 'false':
        lexer.next()
        return { kind: 'literal', value: token === 'true', calls: false }
      case '...':
        if (!this.scope.vararg) throw lexer.fault("cannot use '...' outside a vararg function")
        // Where `...` is used, Lua makes no table `arg`.
        this.scope.argTable = undefined
        this.scope.spreads = true
        lexer.next()
        return { kind: 'vararg', calls: false }
      case '{':
        return this.table()
      case 'function':
        lexer.next()
        return { kind: 'function', body: this.functionBody(false, line), calls: false }
      default:
        return this.suffixed()
    }
  }

  private expression(limit: number = 0): Expression {
    const { lexer } = this
    this.enter()
    let left: Expression
    if (this.is('not') || this.is('-') || this.is('#')) {
      const { token } = lexer
      lexer.next()
      const operand = this.expression(UNARY)
      const kind = token === 'not' ? 'not' : token === '-' ? 'minus' : 'length'
      if (kind === 'minus' && operand.kind === 'literal' && typeof operand.value === 'number') {
        left = { ...operand, value: -operand.value }
      } else left = { kind, operand, line: lexer.lastLine, calls: operand.calls }
    } else left = this.simple()
    for (;;) {
      const operator = lexer.token
      const strength = Object.hasOwn(binding, operator) ? binding[operator] : undefined
      if (strength === undefined || strength[0] <= limit) break
      lexer.next()
      const right = this.expression(strength[1])
      left = joined(operator, left, right, lexer.lastLine)
    }
    this.depth--
    return left
  }

  private table(): Expression {
    const { lexer } = this
    const { line } = lexer
    const items: TableItem[] = []
    this.expect('{')
    while (!this.is('}')) {
      if (this.is('[')) {
        const key = this.bracketed()
        this.expect('=')
        items.push({ kind: 'pair', key, value: this.expression() })
      } else if (this.is(NAME) && lexer.peek() === '=') {
        const key: Expression = { kind: 'literal', value: this.name(), calls: false }
        lexer.next()
        items.push({ kind: 'pair', key, value: this.expression() })
      } else items.push({ kind: 'item', value: this.expression() })
      if (!this.accept(',') && !this.accept(';')) break
    }
    this.close('}', '{', line)
    const calls = items.some(item => item.value.calls || (item.kind === 'pair' && item.key.calls))
    return { kind: 'table', items, line: lexer.lastLine, calls }
  }

  private functionBody(method: boolean, line: number): FunctionBody {
    const { lexer } = this
    const outer = this.scope
    const names: string[] = method ? ['self'] : []
    this.expect('(')
    let vararg = false
    if (!this.is(')')) {
      do {
        if (this.is(NAME)) names.push(this.name())
        else if (this.accept('...')) vararg = true
        else throw lexer.fault("<name> or '...' expected")
      } while (!vararg && this.accept(','))
    }
    const scope = new Scope(outer, line, vararg)
    this.scope = scope
    const parameters = names.map((name, i) => this.variable(name, i))
    scope.visible.push(...parameters)
    if (vararg) {
      scope.argTable = this.variable('arg')
      scope.visible.push(scope.argTable)
    }
    this.expect(')')
    const block = this.statements()
    this.close('end', 'function', line)
    this.scope = outer
    return this.bodyOf(scope, parameters, block)
  }
}

/** What is read from a table, or from the globals, is read when it is needed: after the next sign. */
function later(e: Expression, line: number): Expression {
  return e.kind === 'index' || e.kind === 'global' ? { ...e, line } : e
}

/** Arithmetic of numbers that stand in the source is done now, as Lua does, unless it gives no number or divides by 0. */
function folded({ operator, left, right }: Arithmetic): Expression | undefined {
  if (left.kind !== 'literal' || right.kind !== 'literal') return undefined
  const a = left.value
  const b = right.value
  if (typeof a !== 'number' || typeof b !== 'number') return undefined
  if (b === 0 && (operator === '/' || operator === '%')) return undefined
  const value = compute(operator, a, b)
  return value === value ? { kind: 'literal', value, calls: false } : undefined
}

function joined(operator: string, left: Expression, right: Expression, line: number): Expression {
  const calls = left.calls || right.calls
  switch (operator) {
    case 'and':
    case 'or':
      return { kind: operator, left, right, calls }
    case '..': {
      // All that is joined in one go, from the right.
      const parts = right.kind === 'concat' ? [left, ...right.parts] : [left, right]
      return { kind: 'concat', parts, line, calls }
    }
    case '==':
    case '~=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return { kind: 'comparison', operator: operator satisfies Comparing['operator'], left, right, line, calls }
    default: {
      const arithmetic = {
        kind: 'arithmetic',
        operator: operator as Arithmetic['operator'],
        left,
        right,
        line,
        calls,
      } as const
      return folded(arithmetic) ?? arithmetic
    }
  }
}
