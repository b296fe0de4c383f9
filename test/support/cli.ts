/** The `embedis` command as a process of its own, from the sources. */
import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'

const cli = path.resolve(import.meta.dirname, '../../src/bin/cli.ts')

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface Process {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** Resolves with the first match in what is printed; rejects when the process ends without it. */
  prints(wanted: RegExp): Promise<RegExpExecArray>
}

export function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Process {
  const child = spawn('node', ['--import', 'tsx', cli, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  let out = ''
  let err = ''
  child.stderr?.on('data', data => (err += String(data)))
  child.stdout?.on('data', data => (out += String(data)))
  const ended = new Promise<Ended>(resolve => child.once('close', code => resolve({ code, out, err })))
  const prints = (wanted: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = wanted.exec(out)
        if (found !== null) resolve(found)
      }
      child.stdout?.on('data', look)
      look()
      void ended.then(({ code }) => reject(new Error(`ended with ${code}: ${out}${err}`)))
    })
  return { child, ended, prints }
}

export function embedis(...args: readonly string[]): Promise<Ended> {
  return start(args).ended
}

/** Starts `embedis serve` on a free port. */
export async function startServe(...args: readonly string[]): Promise<Process & { readonly port: number }> {
  const server = start(['serve', '--port', '0', ...args])
  const [, port] = await server.prints(/ready at rediss?:\/\/\S+:(\d+)/)
  return { ...server, port: Number(port) }
}
