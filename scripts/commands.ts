/**
 * Writes docs/commands.md: every command that Redis documents for the data families, with its typed method, complexity and
 * what stands in for it where it is missing. `--check` fails when the file is not what would be written.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import { commands } from '../src/wire/table.ts'

const root = path.resolve(import.meta.dirname, '..')
const file = path.join(root, 'docs/commands.md')

const families: readonly [title: string, ...sources: string[]][] = [
  ['Keys', 'keys', 'expiry', 'sort'],
  ['Strings', 'strings'],
  ['Hashes', 'hashes'],
  ['Lists', 'lists'],
  ['Sets', 'sets'],
  ['Sorted sets', 'sorted-sets'],
  ['Streams', 'streams'],
]

/** Method → the first sentence and the complexity of its documentation. */
function documented(source: string): Map<string, { text: string; complexity: string }> {
  const name = path.join(root, 'src/api', `${source}.ts`)
  const tree = ts.createSourceFile(name, readFileSync(name, 'utf8'), ts.ScriptTarget.Latest, true)
  const found = new Map<string, { text: string; complexity: string }>()
  for (const node of tree.statements) {
    if (!ts.isInterfaceDeclaration(node) || !node.name.text.endsWith('Commands')) continue
    for (const member of node.members) {
      if (!ts.isMethodSignature(member)) continue
      const method = member.name.getText()
      const doc = ts.getJSDocCommentsAndTags(member)[0]
      if (doc === undefined || found.has(method)) continue
      const text = ts.getTextOfJSDocComment(doc.comment)?.replace(/\s+/g, ' ').trim() ?? ''
      // `O(…)` with one level of parentheses inside, and what qualifies it up to the end of the sentence.
      const complexity = /O\((?:[^()]|\([^()]*\))*\)[^.;]*/.exec(text)?.[0].trim() ?? ''
      const first = /^.*?[.;](?=\s|$)/.exec(text)?.[0] ?? text
      found.set(method, { text: first.replace(/[.;]$/, ''), complexity })
    }
  }
  return found
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}

function page(): string {
  const lines = [
    '# Commands',
    '',
    '<!-- Written by `npm run docs` from the contracts and the table of commands. -->',
    '',
    `${commands.size} commands. Each is a method of \`Store\`, and can be sent by name: \`store.call('ZADD', 'key', 1, 'member')\`.`,
  ]
  const missing: string[] = []
  const left = new Set([...commands.values()].map(command => command.name))
  for (const [title, ...sources] of families) {
    const docs = new Map(sources.flatMap(source => [...documented(source)]))
    lines.push('', `## ${title}`, '', '| command | method | what it does | complexity |', '|---|---|---|---|')
    for (const command of [...commands.values()].sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const doc = docs.get(command.method)
      if (doc === undefined) continue
      left.delete(command.name)
      if (doc.complexity === '') missing.push(command.method)
      lines.push(`| ${command.name} | \`${command.method}\` | ${cell(doc.text)} | ${cell(doc.complexity)} |`)
    }
  }
  lines.push(
    '',
    '## Not yet',
    '',
    'Bitmaps, HyperLogLog, geo, hash field TTL, blocking commands, pub/sub, MULTI/EXEC and WATCH by name, scripting,',
    'INFO, CONFIG, CLIENT, ACL and the other commands about a server or a connection.',
    '',
  )
  if (left.size > 0) throw new Error(`not on the page: ${[...left].join(', ')}`)
  if (missing.length > 0) throw new Error(`no complexity documented: ${missing.join(', ')}`)
  return lines.join('\n')
}

const text = page()
if (process.argv.includes('--check')) {
  if (readFileSync(file, 'utf8') !== text) {
    console.error('docs/commands.md is out of date: npm run docs')
    process.exit(1)
  }
} else writeFileSync(file, text)
