import type { FileReport } from '../persist/inspect.ts'
import { inspect } from './files.ts'
import { describe } from './describe.ts'
import type { Output } from './output.ts'

const number = (n: number): string => n.toLocaleString('en')
const counted = (n: number, what: string): string => `${number(n)} ${what}${n === 1 ? '' : 's'}`

function line(report: FileReport): string {
  const { file, kind, size, version, keys, checked, commits, commands, sealed, good, problem, torn } = report
  const facts: string[] = []
  if (kind === 'manifest') facts.push('manifest')
  if (kind === 'rdb') facts.push(version === undefined ? 'RDB' : `RDB version ${version}`)
  if (kind === 'aof') facts.push(sealed === true ? 'AOF with checksums' : 'AOF')
  if (kind === 'aof' && version !== undefined) facts.push(`begins with RDB version ${version}`)
  if (keys !== undefined) facts.push(counted(keys, 'key'))
  if (commands !== undefined) facts.push(`${counted(commands, 'command')} in ${counted(commits ?? 0, 'commit')}`)
  facts.push(counted(size, 'byte'))
  if (problem === undefined) facts.push(checked === false ? 'sound, without a checksum' : 'sound')
  else {
    const what = torn === true ? 'damaged at the end, which opening a store repairs' : 'damaged'
    facts.push(`${what}: ${problem.message}; sound up to byte ${number(good)}`)
  }
  return `${file}: ${facts.join(', ')}`
}

export async function check(place: string, databases: number, json: boolean, output: Output): Promise<number> {
  const { reports, sound, databases: found } = await inspect(place, databases)
  for (const report of reports) {
    const { problem, ...facts } = report
    const shown = { ...facts, sound: problem === undefined, ...(problem !== undefined && { problem: problem.message }) }
    await output.print(`${json ? JSON.stringify(shown) : line(report)}\n`)
  }
  if (!json) {
    const held = found.list.filter(ks => ks.size > 0)
    const keys = held.map(ks => `db${ks.index} ${counted(ks.size, 'key')}, ${number(ks.volatile)} of them expire`)
    await output.print(`${keys.length === 0 ? 'no keys' : keys.join('; ')}\n`)
  }
  return sound ? 0 : 1
}

export async function dump(place: string, databases: number, output: Output): Promise<number> {
  const { reports, sound, databases: found } = await inspect(place, databases)
  for (const one of describe(found)) await output.print(`${one}\n`)
  for (const report of reports) if (report.problem !== undefined) output.complain(`${line(report)}\n`)
  return sound ? 0 : 1
}
