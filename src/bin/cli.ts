#!/usr/bin/env node
import { parseArgs, type ParseArgsConfig } from 'node:util'
import { CorruptionError } from '../encoding/corruption.ts'
import type { FilesOptions } from '../fs.ts'
import { LockedError } from '../storage/rules.ts'
import { Refused } from './files.ts'
import { check, dump } from './inspect.ts'
import { load } from './load.ts'
import { terminal } from './output.ts'
import { serve, type ServeOptions } from './serve.ts'
import { usage } from './usage.ts'

// The `embedis` command. Codes it ends with: 0 all is well, 1 what was asked for has failed or files are damaged, 2 it was
// called wrongly or could not begin.

/** Put in by the build. */
declare const __VERSION__: string | undefined

type Options = NonNullable<ParseArgsConfig['options']>
type Values = Readonly<Record<string, string | boolean | readonly string[] | undefined>>

const text = { type: 'string' } as const
const yes = { type: 'boolean' } as const

const options: Readonly<Record<string, Options>> = {
  serve: {
    port: text,
    host: text,
    path: text,
    dir: text,
    fsync: text,
    target: text,
    recovery: text,
    password: text,
    user: { type: 'string', multiple: true },
    'tls-cert': text,
    'tls-key': text,
    'tls-ca': text,
    cluster: text,
    databases: text,
    'max-clients': text,
    timeout: text,
    notify: text,
    'redis-version': text,
    quiet: yes,
  },
  check: { databases: text, json: yes },
  dump: { databases: text },
  load: { dir: text, target: text, databases: text },
}

function number(values: Values, name: string, most: number): number | undefined {
  const given = values[name]
  if (given === undefined) return undefined
  const n = Number(given)
  if (!/^\d+$/.test(String(given)) || n > most) throw new Refused(`--${name} must be a whole number up to ${most}`)
  return n
}

const string = (values: Values, name: string): string | undefined => values[name] as string | undefined
const databasesOf = (values: Values): number => number(values, 'databases', 1 << 20) ?? 16

/** The values are checked where they are used, which names the choices. */
function filesOf(values: Values): FilesOptions {
  const { fsync, target, recovery } = values
  return { fsync, target, recovery } as FilesOptions
}

function usersOf(values: Values): Record<string, readonly string[]> | undefined {
  const given = values.user as readonly string[] | undefined
  if (given === undefined) return undefined
  const users: [string, readonly string[]][] = given.map(one => {
    const colon = one.indexOf(':')
    if (colon < 1 || colon === one.length - 1) throw new Refused('--user must be name:password')
    return [one.slice(0, colon), ['reset', 'on', `>${one.slice(colon + 1)}`, '+@all', '~*', '&*']]
  })
  return Object.fromEntries(users)
}

function serveOptions(values: Values): ServeOptions {
  const [cert, key] = [string(values, 'tls-cert'), string(values, 'tls-key')]
  if ((cert === undefined) !== (key === undefined)) throw new Refused('--tls-cert and --tls-key go together')
  if (string(values, 'path') !== undefined && values.port !== undefined) {
    throw new Refused('--port and --path exclude each other')
  }
  const dir = string(values, 'dir')
  for (const name of ['fsync', 'target', 'recovery']) {
    if (values[name] !== undefined && dir === undefined) throw new Refused(`--${name} needs --dir`)
  }
  const nodes = number(values, 'cluster', 1000)
  if (nodes === 0) throw new Refused('--cluster must be a whole number from 1 to 1000')
  return {
    store: {
      databases: databasesOf(values),
      notify: string(values, 'notify'),
      redisVersion: string(values, 'redis-version'),
    },
    dir,
    files: filesOf(values),
    listen: {
      port: number(values, 'port', 65_535) ?? 6379,
      host: string(values, 'host'),
      path: string(values, 'path'),
      password: string(values, 'password') ?? process.env.EMBEDIS_PASSWORD,
      users: usersOf(values),
      cluster: nodes === undefined ? undefined : { nodes },
      maxClients: number(values, 'max-clients', 1_000_000),
      timeout: number(values, 'timeout', 2 ** 31),
    },
    tls: cert === undefined || key === undefined ? undefined : { cert, key, ca: string(values, 'tls-ca') },
    quiet: values.quiet === true,
  }
}

function only(positionals: readonly string[], command: string, what: string): string {
  if (positionals.length !== 1)
    throw new Refused(`${command} takes one argument, ${what}: see embedis ${command} --help`)
  return positionals[0]
}

async function run(argv: readonly string[]): Promise<number> {
  const [command = '', ...args] = argv
  if (command === '' || command === 'help' || command === '--help' || command === '-h') {
    await terminal.print(usage[args[0]] ?? usage[''])
    return command === '' ? 2 : 0
  }
  if (command === '--version' || command === '-v') {
    await terminal.print(`${typeof __VERSION__ === 'string' ? __VERSION__ : 'unbuilt'}\n`)
    return 0
  }
  if (!Object.hasOwn(options, command)) throw new Refused(`there is no command ${command}: see embedis --help`)
  const known = { ...options[command], help: { type: 'boolean', short: 'h' } } satisfies Options
  const { values, positionals } = parseArgs({ args, options: known, allowPositionals: true }) as {
    values: Values
    positionals: string[]
  }
  if (values.help === true) {
    await terminal.print(usage[command])
    return 0
  }
  if (command === 'check') {
    const place = only(positionals, command, 'a file or a directory')
    return check(place, databasesOf(values), values.json === true, terminal)
  }
  if (command === 'dump')
    return dump(only(positionals, command, 'a file or a directory'), databasesOf(values), terminal)
  if (command === 'load') {
    const dir = string(values, 'dir')
    if (dir === undefined) throw new Refused('load needs --dir, where to')
    return load(only(positionals, command, 'a snapshot'), dir, databasesOf(values), filesOf(values), terminal)
  }
  if (positionals.length > 0) throw new Refused(`serve takes no argument ${positionals[0]}: see embedis serve --help`)
  return serve(serveOptions(values), terminal)
}

/** The end of an error: one line, and what it means for who called. */
function failed(error: unknown): number {
  if (!(error instanceof Error)) throw error
  const { code } = error as NodeJS.ErrnoException
  // Whoever read the output has read enough.
  if (code === 'EPIPE') return 0
  const expected =
    error instanceof Refused ||
    error instanceof CorruptionError ||
    error instanceof LockedError ||
    error instanceof TypeError ||
    error instanceof RangeError ||
    code !== undefined
  terminal.complain(`embedis: ${expected ? error.message : error.stack}\n`)
  return error instanceof CorruptionError ? 1 : 2
}

run(process.argv.slice(2))
  .catch(failed)
  .then(code => {
    process.exitCode = code
  })
