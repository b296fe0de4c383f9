import type { ServerCommands, Tree } from '../api/server.ts'
import { IMMUTABLE, type Parameter, parameters } from '../config.ts'
import type { Databases } from '../databases.ts'
import { inLine, lines, ReplyError } from '../errors.ts'
import { glob, isLiteral } from '../util/glob.ts'
import type { Ops } from './op.ts'
import { ok, statuses } from './tree.ts'

const noFile = 'ERR The server is running without a config file'

function unknownParameter(name: string): string {
  return `ERR Unknown option or number of arguments for CONFIG SET - '${inLine(name)}'`
}

function refusedParameter(name: string, reason: string): string {
  return `ERR CONFIG SET failed (possibly related to argument '${inLine(name)}') - ${reason}`
}

const help = statuses(
  'CONFIG <subcommand> [<arg> [value] [opt] ...]. Subcommands are:',
  'GET <pattern>',
  '    Return parameters matching the glob-like <pattern> and their values.',
  'SET <directive> <value>',
  '    Set the configuration <directive> to <value>.',
  'RESETSTAT',
  '    Reset statistics reported by the INFO command.',
  'REWRITE',
  '    Rewrite the configuration file.',
  'HELP',
  '    Prints this help.',
)

/** Reads all of the values before the first is set; the first that is wrong decides the line. */
function changes(databases: Databases, pairs: readonly string[]): ((databases: Databases) => void)[] {
  const found: Parameter[] = []
  for (let i = 0; i < pairs.length; i += 2) {
    const parameter = parameters.get(pairs[i].toLowerCase())
    if (parameter === undefined) throw new ReplyError(unknownParameter(pairs[i]))
    if (parameter.read === undefined && parameter.get(databases) !== pairs[i + 1]) {
      throw new ReplyError(refusedParameter(pairs[i], IMMUTABLE))
    }
    if (found.includes(parameter)) throw new ReplyError(refusedParameter(pairs[i], 'duplicate parameter'))
    found.push(parameter)
  }
  const sets: ((databases: Databases) => void)[] = []
  for (const [i, parameter] of found.entries()) {
    const read = parameter.read?.(pairs[2 * i + 1])
    if (typeof read === 'string') throw new ReplyError(refusedParameter(pairs[2 * i], read))
    if (read !== undefined) sets.push(read)
  }
  return sets
}

export const config: Ops<
  Pick<ServerCommands, 'configGet' | 'configSet' | 'configResetstat' | 'configRewrite' | 'configHelp'>
> = {
  configGet(ks, patterns) {
    const found = new Map<string, Tree>()
    for (const pattern of patterns) {
      if (isLiteral(pattern)) {
        // As Redis, under the name that was asked for.
        const parameter = parameters.get(pattern.toLowerCase())
        if (parameter !== undefined) found.set(pattern, parameter.get(ks.databases))
        continue
      }
      for (const { name, get } of parameters.values()) if (glob(pattern, name, true)) found.set(name, get(ks.databases))
    }
    return found
  },
  configSet(ks, pairs) {
    if (pairs.length % 2 !== 0) throw new ReplyError(lines.syntax)
    for (const set of changes(ks.databases, pairs)) set(ks.databases)
    return ok
  },
  configResetstat({ databases }) {
    databases.hits = databases.misses = databases.expired = databases.evicted = 0
    databases.stats?.reset()
    return ok
  },
  configRewrite() {
    throw new ReplyError(noFile)
  },
  configHelp: () => help,
}
