/**
 * Writes docs/commands.md: every command of Redis (scripts/redis-commands.ts), with its typed method and complexity when it
 * is in the table of commands, and otherwise with what stands in its way. `--check` fails when the file is not what would
 * be written.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import { addServerCommands } from '../src/wire/by-name.ts'
import { type Command, commands } from '../src/wire/table.ts'
import { describedCommands } from '../src/session/described.ts'
import { namesOf, redis, spelled, whyNot } from './redis-commands.ts'

addServerCommands(describedCommands)

const root = path.resolve(import.meta.dirname, '..')
const file = path.join(root, 'docs/commands.md')

interface Doc {
  readonly text: string
  readonly complexity: string
}

/** Method → the first sentence and the complexity of its documentation. */
function documented(source: string): Map<string, Doc> {
  const tree = ts.createSourceFile(source, readFileSync(source, 'utf8'), ts.ScriptTarget.Latest, true)
  const found = new Map<string, Doc>()
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

const contracts = path.join(root, 'src/api')
const docs = new Map(readdirSync(contracts).flatMap(name => [...documented(path.join(contracts, name))]))
const missing: string[] = []

function row(command: Command): string {
  const doc = docs.get(command.method)
  if (doc === undefined || doc.complexity === '') missing.push(command.method)
  const method = command.typed ? `\`${command.method}\`` : 'by name'
  return `| ${command.name} | ${method} | ${cell(doc?.text ?? '')} | ${cell(doc?.complexity ?? '')} |`
}

function page(): string {
  const sections: string[] = []
  const left = new Set(commands.keys())
  for (const family of redis) {
    const rows: string[] = []
    for (const name of namesOf(family)) {
      const command = commands.get(spelled(name))
      left.delete(spelled(name))
      if (command !== undefined) rows.push(row(command))
      else if (describedCommands.has(spelled(name)))
        rows.push(`| ${spelled(name)} | \`session()\` | of a client: by name, to a session | O(1) |`)
      else rows.push(`| ${spelled(name)} | – | *${whyNot(family, name)}* | |`)
    }
    sections.push(
      '',
      `## ${family.title}`,
      '',
      '| command | method | what it does | complexity |',
      '|---|---|---|---|',
      ...rows,
    )
  }
  if (left.size > 0) throw new Error(`not in scripts/redis-commands.ts: ${[...left].join(', ')}`)
  if (missing.length > 0) throw new Error(`no complexity documented: ${missing.join(', ')}`)
  // A star stands for a module's commands.
  const all = redis.flatMap(namesOf).filter(name => !name.endsWith('*')).length
  return [
    '# Commands',
    '',
    '<!-- Written by `npm run docs` from the contracts, the table of commands and scripts/redis-commands.ts. -->',
    '',
    `All ${all} commands of Redis up to 8.10, subcommands counted, of which embedis has ${commands.size}. All but those about the store itself are\nmethods of \`Store\`, and each`,
    "can be sent by name: `store.call('ZADD', 'key', 1, 'member')`. Where there is no method, a few words say why.",
    ...sections,
    '',
  ].join('\n')
}

const text = page()
if (process.argv.includes('--check')) {
  if (readFileSync(file, 'utf8') !== text) {
    console.error('docs/commands.md is out of date: npm run docs')
    process.exit(1)
  }
} else writeFileSync(file, text)
