/*
 * A function of Lua as the parser leaves it: variables are resolved, and every expression and statement says whether it
 * makes calls, which are the only places where a coroutine can yield.
 */

/** A local variable. */
export interface Variable {
  readonly name: string
  /** Where it is in the frame of its function. */
  readonly slot: number
  /** True when a function within has it as an upvalue: then its place holds a box. */
  captured: boolean
}

/** Where a closure finds an upvalue when it is made: a variable of the function around it, or an upvalue of that. */
export type Origin = { readonly variable: Variable } | { readonly upvalue: number }

export interface FunctionBody {
  readonly line: number
  readonly parameters: readonly Variable[]
  readonly vararg: boolean
  /** True when the function uses `arg`, the table of the further arguments, which is its last parameter. */
  readonly argTable: Variable | undefined
  readonly upvalues: readonly Origin[]
  readonly block: Block
  /** The length of its frame. */
  readonly size: number
}

export type Block = readonly Statement[]

interface Node {
  /** True when a call is in it, not counting functions that are only made. */
  readonly calls: boolean
}

export type Operator = '+' | '-' | '*' | '/' | '%' | '^'
export type Comparison = '==' | '~=' | '<' | '<=' | '>' | '>='

export interface Call extends Node {
  readonly kind: 'call'
  readonly callee: Expression
  readonly args: readonly Expression[]
  readonly line: number
}
export interface MethodCall extends Node {
  readonly kind: 'method'
  readonly object: Expression
  readonly name: string
  readonly args: readonly Expression[]
  readonly line: number
}
export interface Index extends Node {
  readonly kind: 'index'
  readonly object: Expression
  readonly key: Expression
  readonly line: number
}
export type Literal = { readonly kind: 'literal'; readonly value: undefined | boolean | number | string } & Node
export type Local = { readonly kind: 'local'; readonly variable: Variable } & Node
export type Upvalue = { readonly kind: 'upvalue'; readonly index: number; readonly name: string } & Node
export type Global = { readonly kind: 'global'; readonly name: string; readonly line: number } & Node
export type TableItem =
  | { readonly kind: 'item'; readonly value: Expression }
  | { readonly kind: 'pair'; readonly key: Expression; readonly value: Expression }
export type TableMaker = { readonly kind: 'table'; readonly items: readonly TableItem[]; readonly line: number } & Node

export type Arithmetic = {
  readonly kind: 'arithmetic'
  readonly operator: Operator
  readonly left: Expression
  readonly right: Expression
  readonly line: number
} & Node
export type Comparing = {
  readonly kind: 'comparison'
  readonly operator: Comparison
  readonly left: Expression
  readonly right: Expression
  readonly line: number
} & Node
export type Logic = {
  readonly kind: 'and' | 'or'
  readonly left: Expression
  readonly right: Expression
} & Node
export type Concat = { readonly kind: 'concat'; readonly parts: readonly Expression[]; readonly line: number } & Node
export type Unary = {
  readonly kind: 'not' | 'minus' | 'length'
  readonly operand: Expression
  readonly line: number
} & Node

export type Expression =
  | Literal
  | Local
  | Upvalue
  | Global
  | Index
  | Call
  | MethodCall
  | Arithmetic
  | Comparing
  | Logic
  | Concat
  | Unary
  | TableMaker
  | ({ readonly kind: 'vararg' } & Node)
  | ({ readonly kind: 'function'; readonly body: FunctionBody } & Node)
  // What was evaluated before and put into the frame: all values when `open`. Functions in steps have it.
  | ({ readonly kind: 'kept'; readonly slot: number; readonly open: boolean } & Node)
  // Parentheses: of several values the first.
  | ({ readonly kind: 'one'; readonly inner: Expression } & Node)

export type Target = Local | Upvalue | Global | Index

export type Statement = Node &
  (
    | { readonly kind: 'locals'; readonly variables: readonly Variable[]; readonly values: readonly Expression[] }
    | { readonly kind: 'assign'; readonly targets: readonly Target[]; readonly values: readonly Expression[] }
    | { readonly kind: 'do'; readonly block: Block }
    | { readonly kind: 'evaluate'; readonly call: Call | MethodCall }
    | { readonly kind: 'while'; readonly condition: Expression; readonly block: Block }
    | { readonly kind: 'repeat'; readonly block: Block; readonly condition: Expression }
    | {
        readonly kind: 'if'
        readonly clauses: readonly { readonly condition: Expression; readonly block: Block }[]
        readonly otherwise: Block
      }
    | {
        readonly kind: 'count'
        readonly variable: Variable
        readonly from: Expression
        readonly to: Expression
        readonly step: Expression | undefined
        readonly block: Block
        readonly line: number
      }
    | {
        readonly kind: 'each'
        readonly variables: readonly Variable[]
        readonly values: readonly Expression[]
        /** Where the function, the state and the control value of the traversal are kept. */
        readonly slot: number
        readonly block: Block
        readonly line: number
      }
    | { readonly kind: 'function'; readonly variable: Variable; readonly body: FunctionBody }
    | { readonly kind: 'return'; readonly values: readonly Expression[] }
    | { readonly kind: 'break' }
  )
