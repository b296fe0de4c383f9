/** Bars of characters, as LATENCY GRAPH draws them: a row has three levels, and below a bar it is full. */
const LEVELS = '_o#'

/**
 * Draws values as bars over so many rows, scaled to the least and the greatest of them, with a label down from each.
 *
 *      #
 *     _|
 *
 *     21
 *     ss
 */
export function sparkline(values: readonly number[], labels: readonly string[], columns: number, rows: number): string {
  const min = Math.min(...values)
  const range = Math.max(...values) - min || 1
  const most = LEVELS.length * rows
  const steps = values.map(value => Math.min(most - 1, Math.floor(((value - min) * most) / range)))
  const parts: string[] = []
  for (let from = 0; from < values.length; from += columns) {
    const here = steps.slice(from, from + columns)
    const names = labels.slice(from, from + columns)
    const lines: string[] = []
    for (let row = rows - 1; row >= 0; row--) {
      lines.push(here.map(step => bar(step - row * LEVELS.length)).join(''))
    }
    lines.push(' '.repeat(here.length))
    const longest = Math.max(...names.map(name => name.length))
    for (let i = 0; i < longest; i++) lines.push(names.map(name => name[i] ?? ' ').join(''))
    parts.push(`${lines.join('\n')}\n`)
  }
  return parts.join('\n')
}

function bar(level: number): string {
  if (level < 0) return ' '
  return LEVELS[level] ?? '|'
}
