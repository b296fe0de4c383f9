/** Placeholder, filled below. */
export interface Difference {
  readonly name: string
  readonly reason: string
  readonly vector?: string
  readonly answers: (argv: readonly string[], reply: string) => readonly string[]
}
export const DIFFERENCES: readonly Difference[] = []
