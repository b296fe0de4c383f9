/**
 * The field list of a small hash, shared by all hashes that got the same fields in the same order, as the hidden
 * classes of JavaScript engines are: a record then costs one array of values. Shapes form a trie; a field list that
 * no other hash is likely to have (too long, or the trie is full) is a shape of its own, outside the trie.
 */
export class Shape {
  readonly fields: readonly string[]
  private readonly next: Map<string, Shape> | null
  private index: Map<string, number> | null

  constructor(fields: readonly string[], shared: boolean) {
    this.fields = fields
    this.next = shared ? new Map() : null
    this.index = null
  }

  /** The position of a field, -1 when absent. */
  find(field: string): number {
    const fields = this.fields
    if (fields.length <= LINEAR) {
      for (let i = 0; i < fields.length; i++) if (fields[i] === field) return i
      return -1
    }
    if (this.index === null) this.index = new Map(fields.map((name, i) => [name, i]))
    return this.index.get(field) ?? -1
  }

  /** This shape with one more field at the end. */
  with(field: string): Shape {
    const known = this.next?.get(field)
    if (known !== undefined) return known
    const fields = [...this.fields, field]
    if (this.next === null || fields.length > LONGEST || field.length > LONGEST) return new Shape(fields, false)
    if (++shapes > MOST_SHAPES) {
      // A program with ever new field names must not end the sharing for everybody: start a new trie. Hashes keep the
      // shapes they have.
      shapes = 0
      root = new Shape([], true)
      return shapeOf(fields)
    }
    const shape = new Shape(fields, true)
    this.next.set(field, shape)
    return shape
  }

  /** This shape without the field at `at`. */
  without(at: number): Shape {
    const fields = this.fields.slice()
    fields.splice(at, 1)
    return fields.length > LINEAR ? new Shape(fields, false) : shapeOf(fields)
  }
}

const LINEAR = 12
const LONGEST = 32
const MOST_SHAPES = 4096

let shapes = 0
let root = new Shape([], true)

/** The shape of an empty hash. */
export function emptyShape(): Shape {
  return root
}

/** The shape of these fields. One too long for the trie is not looked for there, each step of which copies a list. */
export function shapeOf(fields: readonly string[]): Shape {
  if (fields.length > LONGEST) return new Shape(fields, false)
  let shape = root
  for (const field of fields) shape = shape.with(field)
  return shape
}
