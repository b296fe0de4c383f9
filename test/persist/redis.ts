import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { freePort } from '../support/redis.ts'

/** Whether a real server is there to compare with. */
export const hasRedis: boolean = (() => {
  try {
    return execFileSync('redis-server', ['--version'], { encoding: 'utf8' }).includes('v=7.')
  } catch {
    return false
  }
})()

export interface Server {
  readonly dir: string
  readonly client: Redis
  /** Sends a command; text is sent as UTF-8, bytes as they are; replies hold bytes. */
  call(...argv: (string | number | Uint8Array)[]): Promise<unknown>
  stop(): Promise<void>
}

export function temporary(): string {
  return mkdtempSync(join(tmpdir(), 'embedis-persist-'))
}

/** Starts a server in `dir` and waits until it has loaded its files; rejects with its log when it refuses them. */
export async function startRedis(dir: string, ...options: string[]): Promise<Server> {
  const port = await freePort()
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    dir,
    '--save',
    '',
    '--enable-debug-command',
    'yes',
  ]
  const child: ChildProcess = spawn('redis-server', [...args, ...options], { stdio: ['ignore', 'pipe', 'pipe'] })
  let log = ''
  child.stdout?.on('data', (data: Buffer) => {
    log += data
  })
  child.stderr?.on('data', (data: Buffer) => {
    log += data
  })
  let exited = false
  const exit = new Promise<void>(done =>
    child.once('exit', () => {
      exited = true
      done()
    }),
  )
  for (let i = 0; i < 400 && !exited && !log.includes('Ready to accept connections'); i++) {
    await new Promise(done => setTimeout(done, 25))
  }
  if (exited || !log.includes('Ready to accept connections')) {
    child.kill('SIGKILL')
    throw new Error(`redis-server did not start:\n${log.slice(-3000)}`)
  }
  const client = new Redis({ port, host: '127.0.0.1', lazyConnect: true, maxRetriesPerRequest: 0 })
  client.on('error', () => {})
  await client.connect()
  return {
    dir,
    client,
    call: (name, ...argv) =>
      client.callBuffer(
        String(name),
        ...argv.map(arg => (arg instanceof Uint8Array ? Buffer.from(arg) : String(arg))),
      ) as Promise<unknown>,
    async stop() {
      client.disconnect()
      child.kill('SIGKILL')
      await exit
    },
  }
}

/** Runs `work` with a server in a directory of its own, and cleans up. */
export async function withRedis<T>(options: string[], work: (server: Server) => Promise<T>, dir?: string): Promise<T> {
  const place = dir ?? temporary()
  try {
    const server = await startRedis(place, ...options)
    try {
      return await work(server)
    } finally {
      await server.stop()
    }
  } finally {
    if (dir === undefined) rmSync(place, { recursive: true, force: true })
  }
}
