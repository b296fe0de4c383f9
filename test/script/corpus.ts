/**
 * The snippets of test/script/corpus: one file for each area, in each any number of
 *
 *     --@ title | KEYS k1 k2 | ARGV a1 a2       begins a snippet: the lines up to the next one are its script
 *     --> script                                a snippet of one line, or the script of the title above
 *     --" JSON of a script"                     the same for scripts that hold line ends and bytes that no file should
 */

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Snippet {
  readonly area: string
  readonly title: string
  readonly script: string
  readonly keys: readonly string[]
  readonly args: readonly string[]
}

const directory = new URL('./corpus/', import.meta.url).pathname

export const AREAS: readonly string[] = readdirSync(directory)
  .filter(name => name.endsWith('.lua'))
  .map(name => name.slice(0, -'.lua'.length))
  .sort()

export function readArea(area: string): Snippet[] {
  const snippets: Snippet[] = []
  let open: { head: string; lines: string[] } | undefined
  const add = (head: string, script: string): void => {
    const [title, ...lists] = head.split(' | ')
    const words = (name: string): string[] => {
      const list = lists.find(text => text.startsWith(`${name} `))
      return list === undefined ? [] : list.split(' ').slice(1)
    }
    snippets.push({ area, title: title as string, script, keys: words('KEYS'), args: words('ARGV') })
  }
  const close = (): void => {
    if (open !== undefined) add(open.head, open.lines.join('\n'))
    open = undefined
  }
  const alone = (script: string): void => {
    const title = open?.lines.length === 0 ? open.head : undefined
    if (title === undefined) close()
    open = undefined
    add(title ?? script.replaceAll(' | ', ' / '), script)
  }
  for (const line of readFileSync(join(directory, `${area}.lua`), 'utf8')
    .replace(/\n$/, '')
    .split('\n')) {
    if (line.startsWith('--@ ')) {
      close()
      open = { head: line.slice(4), lines: [] }
    } else if (line.startsWith('--> ')) {
      alone(line.slice(4))
    } else if (line.startsWith('--" ')) {
      alone(JSON.parse(line.slice(4)) as string)
    } else if (open !== undefined) {
      open.lines.push(line)
    } else {
      throw new Error(`${area}: a line that belongs to no snippet: ${line}`)
    }
  }
  close()
  return snippets
}

/** A line of test/script/recordings: digest of the snippet, title, the RESP2 reply, and the RESP3 one where it differs. */
type Recorded = readonly [string, string, string, string?]

export function recordingPath(area: string): string {
  return new URL(`./recordings/${area}.jsonl`, import.meta.url).pathname
}

/** What one recorded line says. */
export function recordLine(snippet: Snippet, resp2: string, resp3: string): string {
  const line: Recorded = [digest(snippet), snippet.title, resp2]
  return JSON.stringify(resp2 === resp3 ? line : [...line, resp3])
}

/** The recorded replies, undefined when they are of other snippets. */
export function readRecording(area: string, snippets: readonly Snippet[], resp: 2 | 3): string[] | undefined {
  const replies = new Map<string, string>()
  for (const line of readFileSync(recordingPath(area), 'utf8').split('\n')) {
    if (line === '') continue
    const [of, , resp2, resp3] = JSON.parse(line) as Recorded
    replies.set(of, resp === 3 ? (resp3 ?? resp2) : resp2)
  }
  const found = snippets.map(snippet => replies.get(digest(snippet)))
  return found.includes(undefined) ? undefined : (found as string[])
}

function digest({ script, keys, args }: Snippet): string {
  return createHash('sha1')
    .update(JSON.stringify([script, keys, args]))
    .digest('hex')
    .slice(0, 12)
}
