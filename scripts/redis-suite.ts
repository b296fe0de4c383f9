/**
 * Redis' own test suite against `embedis serve` and against redis-server, file by file:
 *
 *     npm run redis-suite -- [--time seconds] [--only embedis|redis] [unit/type/zset …]
 *
 * The suite is Debian's source package `redis`, fetched with `apt-get source` (a `deb-src` entry is needed) into `.tmp`, or
 * found where REDIS_SOURCE says; it is no part of this project. Prints how many tests of each file pass on both, and names
 * those that pass on redis-server alone. Exits with 1 when one of them does not stand in docs/differences.md.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { startServe } from '../test/support/cli.ts'
import { startRedis } from '../test/support/redis.ts'

const root = path.resolve(import.meta.dirname, '..')

/** The files that an external server can be asked, in the order of the suite; others start servers of their own. */
const files = `unit/dump unit/protocol unit/keyspace unit/scan unit/type/string unit/type/incr
  unit/type/list unit/type/list-2 unit/type/list-3 unit/type/set unit/type/zset unit/type/hash unit/type/stream
  unit/type/stream-cgroups unit/sort unit/expire unit/other unit/multi unit/quit unit/latency-monitor unit/pubsub
  unit/slowlog unit/introspection unit/introspection-2 unit/bitops unit/bitfield unit/geo
  unit/hyperloglog unit/lazyfree unit/pause unit/querybuf unit/tracking unit/networking unit/scripting unit/functions`.split(
  /\s+/,
)

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { time: { type: 'string', default: '120' }, only: { type: 'string' } },
})

function source(): string {
  const given = process.env.REDIS_SOURCE
  if (given !== undefined) return given
  const folder = path.join(root, '.tmp/redis-source')
  mkdirSync(folder, { recursive: true })
  const found = (): string | undefined => readdirSync(folder).find(name => existsSync(path.join(folder, name, 'tests')))
  if (found() === undefined) {
    execFileSync('apt-get', ['source', '-qq', '--download-only', 'redis'], { cwd: folder, stdio: 'inherit' })
    const archive = readdirSync(folder).find(name => name.includes('.orig.tar.'))
    if (archive !== undefined) execFileSync('tar', ['xf', archive], { cwd: folder })
  }
  const name = found()
  if (name === undefined) throw new Error('apt-get source redis brought no tests')
  return path.join(folder, name)
}

interface Served {
  readonly port: number
  end(): Promise<unknown>
}

/** A server with a directory of its own. */
async function serve(kind: Kind): Promise<Served> {
  if (kind === 'redis') {
    const server = await startRedis({ tcp: true })
    if (server === undefined) throw new Error('redis-server does not start')
    return { port: server.port, end: server.stop }
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'embedis-suite-'))
  const server = await startServe('--dir', folder)
  return {
    port: server.port,
    end: async () => {
      server.child.kill('SIGKILL')
      await server.ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

type Kind = 'embedis' | 'redis'
interface Outcome {
  readonly passed: Set<string>
  /** Why tests failed, by name. */
  readonly failed: Map<string, string>
  /** Why the file ended before its end. */
  readonly cut: string | undefined
}

function kill(child: ChildProcess): void {
  // The suite starts processes of its own, all in one group.
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
}

async function run(kind: Kind, file: string, folder: string): Promise<Outcome> {
  const server = await serve(kind)
  const tags = '-needs:repl -needs:config-maxmemory -large-memory'
  const args = ['tests/test_helper.tcl', '--host', '127.0.0.1', '--port', String(server.port), '--single', file]
  const child = spawn(
    'tclsh',
    [
      ...args,
      '--durable',
      '--clients',
      '1',
      '--ignore-encoding',
      ...waiting.flatMap(test => ['--skiptest', test]),
      '--tags',
      tags,
      '--timeout',
      String(Number(options.time) * 2),
    ],
    {
      cwd: folder,
      detached: true,
    },
  )
  let text = ''
  child.stdout.on('data', data => (text += String(data)))
  child.stderr.on('data', data => (text += String(data)))
  let cut: string | undefined
  const timer = setTimeout(() => {
    cut = `after ${options.time} s`
    kill(child)
  }, Number(options.time) * 1000)
  await new Promise(resolve => child.once('close', resolve))
  clearTimeout(timer)
  await server.end()
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the suite writes in colours
  const lines = text.replace(/\x1b\[[\d;]*m/g, '').split('\n')
  const passed = new Set<string>()
  const failed = new Map<string, string>()
  for (const [i, line] of lines.entries()) {
    const [, state, rest = ''] = /^\[(ok|err|exception)\]: (.*)$/.exec(line) ?? []
    if (state === 'ok') passed.add(rest.replace(/ \(\d+ ms\)$/, ''))
    if (state === 'err') failed.set(rest.replace(/ in tests\/\S+$/, ''), (lines[i + 1] ?? '').slice(0, 200))
    if (state === 'exception') cut ??= `${rest}: ${lines[i + 1] ?? ''}`.slice(0, 200)
  }
  return { passed, failed, cut }
}

/** Tests that wait for ever for what a script would do, until there are scripts. */
const waiting = ['/pause.*scripts|scripts.*pause|RO scripts']

/** The tests that differ on purpose: named in the documents between quotes, with a reason. */
function known(): string {
  return readFileSync(path.join(root, 'docs/differences.md'), 'utf8').replaceAll(/\s+/g, ' ')
}

const folder = source()
const listed = known()
let surprises = 0
let both = 0
for (const file of positionals.length > 0 ? positionals : files) {
  const outcome: Partial<Record<Kind, Outcome>> = {}
  for (const kind of ['redis', 'embedis'] as const) {
    if (options.only === undefined || options.only === kind) outcome[kind] = await run(kind, file, folder)
  }
  const theirs = outcome.redis
  const ours = outcome.embedis
  const differing = [...(theirs?.passed ?? [])].filter(name => ours !== undefined && !ours.passed.has(name))
  const same = [...(theirs?.passed ?? [])].length - differing.length
  both += same
  console.log(
    `${file.padEnd(26)} redis ${String(theirs?.passed.size ?? '').padStart(4)}   embedis ${String(ours?.passed.size ?? '').padStart(4)}   both ${String(same).padStart(4)}` +
      `${theirs?.cut === undefined ? '' : `   redis cut: ${theirs.cut}`}${ours?.cut === undefined ? '' : `   embedis cut: ${ours.cut}`}`,
  )
  for (const name of differing) {
    const why = listed.includes(`\`${name}\``)
    if (!why) surprises++
    console.log(`    ${why ? 'listed ' : 'DIFFERS'} ${name}${why ? '' : `: ${ours?.failed.get(name) ?? 'not run'}`}`)
  }
}
console.log(`${both} tests pass on both; ${surprises} pass on redis-server alone and are not listed`)
process.exitCode = surprises === 0 ? 0 : 1
