/** One call of a typed method, after the commands of `setup`. */
export interface Case {
  readonly method: string
  readonly args: readonly unknown[]
  readonly setup?: readonly (readonly string[])[]
}
