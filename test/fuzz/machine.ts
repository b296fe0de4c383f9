/**
 * Runs random programs on two sides and compares every observation, and now and then everything that is stored. A
 * failing program is made small by leaving out parts and running it again.
 */

import { agrees, type Argv, observe, type Side, stateProgram } from '../support/side.ts'
import { Random } from '../util/live.ts'
import { COMMANDS, programOf } from './programs.ts'

export interface FuzzOptions {
  readonly judge: Side
  readonly subject: Side
  readonly seed: number
  /** Commands in all. */
  readonly count: number
  readonly families?: readonly string[]
  /** Commands before both sides are emptied and a new program begins: short programs are quick to make small. */
  readonly episode?: number
  /** Commands between two comparisons of the whole state. */
  readonly stateEvery?: number
  readonly progress?: (done: number, failures: number) => void
  /** Further programs after one failed, up to so many failures; 1 unless told. */
  readonly failures?: number
}

export interface Failure {
  readonly seed: number
  readonly program: readonly Argv[]
  readonly report: string
}

export interface FuzzResult {
  readonly commands: number
  readonly states: number
  readonly explained: ReadonlyMap<string, number>
  readonly failures: readonly Failure[]
}

interface Difference {
  /** Index of the command, or the program's length for a difference of state. */
  readonly at: number
  readonly argv: Argv
  readonly expected: string
  readonly got: string
}

export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  const { judge, subject, seed, count } = options
  const families = options.families ?? Object.keys(COMMANDS)
  const episode = options.episode ?? 1500
  const stateEvery = options.stateEvery ?? 250
  const explained = new Map<string, number>()
  const failures: Failure[] = []
  let states = 0
  let done = 0
  for (let number = 0; done < count && failures.length < (options.failures ?? 1); number++) {
    // Every program has a seed of its own, so that it can be run alone.
    const own = seed + number
    const generator = programOf(new Random(own), families)
    const program: string[][] = []
    await Promise.all([judge.fresh(), subject.fresh()])
    while (program.length < episode && done < count) {
      const batch = Array.from({ length: Math.min(stateEvery, episode - program.length, count - done) }, () =>
        generator.next(),
      )
      const start = program.length
      program.push(...batch)
      done += batch.length
      let difference = await compare(judge, subject, batch, explained)
      if (difference !== undefined) {
        difference = { ...difference, at: start + difference.at }
      } else {
        states++
        difference = await compareStates(judge, subject, program)
      }
      options.progress?.(done, failures.length)
      if (difference === undefined) continue
      const small = await shrink(judge, subject, program.slice(0, difference.at + 1))
      failures.push({ seed: own, program: small, report: await reportOf(judge, subject, small, own, families) })
      break
    }
  }
  return { commands: done, states, explained, failures }
}

async function compare(
  judge: Side,
  subject: Side,
  batch: readonly Argv[],
  explained?: Map<string, number>,
): Promise<Difference | undefined> {
  const expected = await observe(judge, batch)
  const got = await observe(subject, batch)
  for (const [at, argv] of batch.entries()) {
    const verdict = agrees(argv, expected[at] as string, got[at] as string)
    if (verdict === false) return { at, argv, expected: expected[at] as string, got: got[at] as string }
    if (typeof verdict === 'string') explained?.set(verdict, (explained.get(verdict) ?? 0) + 1)
  }
  return undefined
}

/** Both databases of the programs; the one selected by the program is selected again afterwards. */
async function compareStates(judge: Side, subject: Side, program: readonly Argv[]): Promise<Difference | undefined> {
  const selected = program.findLast(argv => argv[0]?.toUpperCase() === 'SELECT')?.[1] ?? '0'
  let difference: Difference | undefined
  for (const database of ['0', '1']) {
    await Promise.all([judge.send([['SELECT', database]]), subject.send([['SELECT', database]])])
    difference ??= await compare(judge, subject, await stateProgram(judge))
    // Keys that only the subject has show in KEYS, which both programs begin with.
  }
  await Promise.all([judge.send([['SELECT', selected]]), subject.send([['SELECT', selected]])])
  return difference === undefined ? undefined : { ...difference, at: program.length }
}

async function differenceOf(judge: Side, subject: Side, program: readonly Argv[]): Promise<Difference | undefined> {
  await Promise.all([judge.fresh(), subject.fresh()])
  return (await compare(judge, subject, program)) ?? (await compareStates(judge, subject, program))
}

/** Delta debugging: leaves out parts, halves first, as long as some difference remains. */
async function shrink(judge: Side, subject: Side, failing: readonly Argv[]): Promise<Argv[]> {
  let program = [...failing]
  const deadline = Date.now() + 20_000
  if ((await differenceOf(judge, subject, program)) === undefined) return program
  for (let size = Math.ceil(program.length / 2); ; size = Math.ceil(size / 2)) {
    let removed = false
    for (let end = program.length; end > 0 && Date.now() < deadline; end -= size) {
      const less = program.toSpliced(Math.max(0, end - size), Math.min(size, end))
      const difference = await differenceOf(judge, subject, less)
      if (difference === undefined) continue
      program = less.slice(0, difference.at + 1)
      removed = true
    }
    if (Date.now() >= deadline || (size === 1 && !removed)) return program
    if (removed && size === 1) size = 2
  }
}

async function reportOf(
  judge: Side,
  subject: Side,
  program: readonly Argv[],
  seed: number,
  families: readonly string[],
): Promise<string> {
  const difference = await differenceOf(judge, subject, program)
  const lines = [`seed ${seed} (npx tsx test/fuzz/run.ts --seed ${seed} --families ${families.join(',')}), made small:`]
  for (const argv of program) lines.push(`  ${JSON.stringify(argv)}`)
  if (difference === undefined) return `${lines.join('\n')}\nno difference when run again: it depends on time or chance`
  if (difference.at >= program.length) lines.push(`then the state differs: ${JSON.stringify(difference.argv)}`)
  else if (difference.at < program.length - 1) lines.push(`at ${JSON.stringify(difference.argv)}`)
  lines.push(`  ${judge.name}: ${clip(difference.expected)}`, `  ${subject.name}: ${clip(difference.got)}`)
  return lines.join('\n')
}

function clip(text: string): string {
  return text.length > 600 ? `${text.slice(0, 600)}… (${text.length} characters)` : text
}
