/** A progress bar on the terminal; on anything else a line at the end. */
export function progressBar(title: string): (done: number, total: number) => void {
  const width = 30
  let shown = -1
  return (done, total) => {
    const share = total === 0 ? 1 : done / total
    const percent = Math.floor(share * 100)
    if (percent === shown) return
    shown = percent
    const full = Math.round(share * width)
    const line = `${title.padEnd(22)} ${'█'.repeat(full)}${'░'.repeat(width - full)} ${String(percent).padStart(3)} %`
    if (process.stderr.isTTY) process.stderr.write(`\r${line}${percent === 100 ? '\n' : ''}`)
    else if (percent === 100) process.stderr.write(`${line}\n`)
  }
}
