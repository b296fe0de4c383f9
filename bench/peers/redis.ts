import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Redis } from 'ioredis'

/** A redis-server of our own on a Unix socket, and a client; undefined where there is none. */
export interface Server {
  readonly client: Redis
  readonly pid: number
  readonly directory: string
  close(): Promise<void>
}

let reported = false
/** Servers that a run which fails must not leave behind. */
const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill()
})

export async function startRedis(options: readonly string[] = []): Promise<Server | undefined> {
  if (spawnSync('redis-server', ['--version']).status !== 0) {
    if (!reported) console.error('redis-server is not installed: its rows are left out')
    reported = true
    return undefined
  }
  const directory = mkdtempSync(path.join(tmpdir(), 'embedis-bench-'))
  const socket = path.join(directory, 'redis.sock')
  const child: ChildProcess = spawn(
    'redis-server',
    ['--port', '0', '--unixsocket', socket, '--dir', directory, '--save', '', '--appendonly', 'no', ...options],
    { stdio: 'ignore' },
  )
  running.add(child)
  const client = new Redis({ path: socket, retryStrategy: () => 20, maxRetriesPerRequest: null })
  client.on('error', () => {})
  await client.ping()
  return {
    client,
    pid: child.pid as number,
    directory,
    close: async () => {
      client.disconnect()
      const gone = new Promise(resolve => child.once('exit', resolve))
      child.kill()
      await gone
      running.delete(child)
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
