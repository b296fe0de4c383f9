/** Runs random programs on two sides, and makes what differs small. */

import type { Side } from '../support/side.ts'
import { Generator, type Node, render, scriptOf } from './generate.ts'

export interface Failure {
  /** Seed of the batch that it was found in. */
  readonly seed: number
  readonly report: string
}

export interface Result {
  readonly probes: number
  /** How many of them were errors. */
  readonly errors: number
  readonly failures: readonly Failure[]
}

export interface Options {
  readonly judge: Side
  readonly subject: Side
  readonly seed: number
  /** How many probes. */
  readonly count: number
  /** Ends after so many. */
  readonly failures?: number
  readonly progress?: (done: number, failures: number) => void
}

/** Probes in one script. */
const BATCH = 25

export async function comparePrograms(options: Options): Promise<Result> {
  const { judge, subject, seed, count, failures: most = 1, progress } = options
  const failures: Failure[] = []
  const seen = new Set<string>()
  let probes = 0
  let errors = 0
  for (let at = seed; probes < count && failures.length < most; at++) {
    const generator = new Generator(at)
    const batch = Array.from({ length: BATCH }, () => generator.probe())
    if (probes % 5000 === 0) for (const side of [judge, subject]) await side.send([['FLUSHALL'], ['SCRIPT', 'FLUSH']])
    const [wanted, got] = await both(judge, subject, batch)
    if (wanted.startsWith('-')) throw new Error(`seed ${at} makes no program: ${wanted}`)
    probes += batch.length
    for (const text of elements(wanted)) if (text.startsWith('"false ')) errors++
    if (wanted !== got) {
      // Which one of them: alone, it may not differ, because what differed was the state of the store.
      const alone: Node[] = []
      for (const probe of batch) if (await differs(judge, subject, probe)) alone.push(probe)
      for (const probe of alone) {
        const { node, wanted, got } = await shrink(judge, subject, probe)
        // The same mistake is reported once, as far as that can be seen.
        const key = `${wanted}\n${got}`.replace(/\d+/g, '0')
        if (seen.has(key) || failures.length >= most) continue
        seen.add(key)
        failures.push({ seed: at, report: `seed ${at}:\n${render(node)}  expected ${wanted}\n  got      ${got}` })
      }
      if (alone.length === 0 && unnamed(wanted) !== unnamed(got)) {
        failures.push({
          seed: at,
          report: `seed ${at}: only all probes together differ\n  expected ${wanted}\n  got      ${got}`,
        })
      }
    }
    progress?.(probes, failures.length)
  }
  return { probes, errors, failures }
}

async function both(judge: Side, subject: Side, probes: readonly Node[]): Promise<[string, string]> {
  const argv = ['EVAL', scriptOf(probes), '0']
  const [[wanted], [got]] = (await Promise.all([judge.send([argv]), subject.send([argv])])) as [[string], [string]]
  return [canonical(wanted), canonical(got)]
}

/**
 * JavaScript does not tell the sign of nan, and addresses are told by nobody. Lua takes 0 and -0 for the same constant, so that
 * it depends on what else is in a function which of them comes out.
 */
function canonical(reply: string): string {
  return reply
    .replace(/-(nan)/gi, '$1')
    .replace(/ script: [0-9a-f]{40}, on /, ' script: …, on ')
    .replace(/(?<![\d.])-0(?![\d.xX])/g, '0')
    .replace(/\b(table|function|thread|userdata): (0x[0-9a-f]+|builtin[^"]*|\(nil\))/g, '$1: …')
}

/** The elements of an array of bulks, roughly. */
function elements(reply: string): string[] {
  return reply.split(/(?<=") (?=")/).map(text => text.replace(/^\[/, ''))
}

/** Lua names what it loaded last, which need not be what an operand of `and` or `or` gave. */
const unnamed = (text: string): string =>
  text.replace(/(local|global|upvalue|field|method) '[^']*' \((an? \w+ value)\)/g, '$2')

async function differs(judge: Side, subject: Side, probe: Node): Promise<boolean> {
  for (const side of [judge, subject]) await side.send([['FLUSHALL']])
  const [wanted, got] = await both(judge, subject, [probe])
  if (unnamed(wanted) === unnamed(got) && /\b(and|or)\b/.test(render(probe))) return false
  return wanted !== got && !wanted.includes('Error compiling') && !got.includes('Error compiling')
}

/** Replaces parts by smaller ones for as long as the sides differ. */
async function shrink(judge: Side, subject: Side, probe: Node): Promise<{ node: Node; wanted: string; got: string }> {
  let node = probe
  let tries = 0
  for (let changed = true; changed && tries < 2000; ) {
    changed = false
    for (const smaller of reductions(node)) {
      if (++tries > 2000) break
      if (!(await differs(judge, subject, smaller))) continue
      node = smaller
      changed = true
      break
    }
  }
  for (const side of [judge, subject]) await side.send([['FLUSHALL']])
  const [wanted, got] = await both(judge, subject, [node])
  return { node, wanted, got }
}

/** All trees with one part replaced, those first that lose most. */
function* reductions(node: Node): Iterable<Node> {
  if (node.kind === 'statement' && node.parts.length > 0) yield { kind: 'statement', parts: [] }
  if (node.kind === 'expression') {
    for (const text of ['nil', '1', "'a'", '{}']) {
      if (render(node).length > text.length) yield { kind: 'expression', parts: [text] }
    }
  }
  for (const part of node.parts) if (typeof part !== 'string' && part.kind === node.kind) yield part
  for (const [i, part] of node.parts.entries()) {
    if (typeof part === 'string') continue
    for (const smaller of reductions(part)) yield { ...node, parts: node.parts.with(i, smaller) }
  }
}
