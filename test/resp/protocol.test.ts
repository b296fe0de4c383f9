/** Bytes that are no ordinary commands, sent to a live server and to the endpoint: both must answer, and end, alike. */
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listen, type Server } from '../../src/adapters/node/server.ts'
import { Store } from '../../src/index.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'

interface Exchange {
  readonly answer: string
  /** True when the other side ended the connection. */
  readonly ended: boolean
}

/** Sends bytes, and then a PING when the connection stands, so that there is an end to wait for. */
function exchange(path: string, pieces: readonly (string | Buffer)[]): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path })
    let answer = ''
    const done = (ended: boolean): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve({ answer, ended })
    }
    // What waits for more bytes answers nothing at all.
    const timer = setTimeout(() => done(false), 1500)
    socket.on('data', data => {
      answer += data.toString('latin1')
      if (answer.includes('the-end')) done(false)
    })
    socket.on('end', () => done(true))
    socket.on('error', error => ('code' in error && error.code === 'EPIPE' ? done(true) : reject(error)))
    for (const piece of pieces) socket.write(typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece)
  })
}

const END = '*2\r\n$4\r\nECHO\r\n$7\r\nthe-end\r\n'
const long = 'x'.repeat(70_000)

/** What is sent, with whether anything can follow it. */
const cases: Readonly<Record<string, readonly string[]>> = {
  'a line': ['PING\r\n', END],
  'a line without a carriage return': ['PING\n', END],
  'words in quotes': ['SET "a key" "\\x41\\n\\t\\"\\\\"\r\nGET "a key"\r\n', END],
  'words in single quotes': ["SET k 'it\\'s \\n'\r\nGET k\r\n", END],
  'escapes that are none': ['SET k "\\q\\xzz\\x4"\r\nGET k\r\n', END],
  'empty quotes': ['SET k ""\r\nGET k\r\n', END],
  'empty lines': ['\r\n\r\n\n', END],
  'spaces and tabs': ['  SET \t k   v \v\f \r\nGET k\r\n', END],
  'quotes in the middle of a word': ['SET k a"b c"\r\nGET k\r\n', END],
  'quotes that do not close': ['SET k "abc\r\n'],
  'quotes with something behind': ['SET k "abc"d\r\n'],
  'single quotes that do not close': ["SET k 'abc\r\n"],
  'a line that is too long': [long],
  'a long line, whole': [`ECHO ${'y'.repeat(60_000)}\r\n`, END],
  'no arguments': ['*0\r\n', END],
  'a negative number of arguments': ['*-1\r\n', END],
  'a far too negative number of arguments': ['*-9223372036854775808\r\n', END],
  'too many arguments': ['*2147483648\r\n'],
  'a number of arguments that is none': ['*abc\r\n'],
  'no number of arguments': ['*\r\n'],
  'a number with zeros before it': ['*01\r\n'],
  'a number with a sign': ['*+1\r\n'],
  'a number with a space': ['* 1\r\n'],
  'a number that is too long': [`*${'1'.repeat(70_000)}`],
  'a bulk without its dollar': ['*1\r\nPING\r\n'],
  'a bulk of a letter': ['*1\r\n$a\r\n'],
  'a negative length': ['*1\r\n$-1\r\n'],
  'a length beyond 512 MB': ['*1\r\n$536870913\r\n'],
  'a length beyond 64 bits': ['*1\r\n$99999999999999999999\r\n'],
  'a length that does not end': [`*1\r\n$${'1'.repeat(70_000)}`],
  'an empty bulk': ['*2\r\n$4\r\nECHO\r\n$0\r\n\r\n', END],
  'an empty command name': ['*1\r\n$0\r\n\r\n', END],
  'line breaks in a name': ['*1\r\n$6\r\nfo\r\nba\r\n', END],
  'line breaks in an argument': ['*2\r\n$6\r\nfoobar\r\n$4\r\na\r\nb\r\n', END],
  'bytes that are not UTF-8': [
    '*3\r\n$3\r\nSET\r\n$2\r\n\xff\x00\r\n$3\r\n\xc3\x28\x80\r\n*2\r\n$3\r\nGET\r\n$2\r\n\xff\x00\r\n',
    END,
  ],
  'not looked at: what stands behind a bulk': ['*2\r\n$4\r\nECHOxx$2\r\nhixx', END],
  'lines and arrays mixed': ['PING\r\n*1\r\n$4\r\nPING\r\nECHO a\r\n', END],
  'a byte at a time': [...'*2\r\n$4\r\nECHO\r\n$3\r\nabc\r\nPING\r\n', END],
  'half a command': ['*2\r\n$4\r\nECHO\r\n$3\r\nab'],
  'quit in the middle': ['PING\r\nQUIT\r\nPING\r\n'],
  'quit with words': ['QUIT now please\r\n'],
  'a protocol error after commands': ['PING\r\nSET k v\r\n*1\r\n+OK\r\n'],
  'hello with nothing': ['HELLO 4\r\nHELLO abc\r\nHELLO 3 SETNAME\r\nHELLO 3 AUTH a\r\n', END],
  'a transaction, cut by a protocol error': ['MULTI\r\nSET k v\r\n*1\r\n$x\r\n'],
}

let theirs: RedisServer | undefined
let ours: Server
let directory: string
let path: string
beforeAll(async () => {
  theirs = await startRedis()
  directory = mkdtempSync(join(tmpdir(), 'embedis-protocol-'))
  path = join(directory, 'socket')
  ours = await listen(new Store(), { path })
})
afterAll(async () => {
  await theirs?.stop()
  await ours.close()
  rmSync(directory, { recursive: true, force: true })
})

describe.concurrent('what is sent', () => {
  it.each(Object.keys(cases))('%s', async name => {
    const pieces = cases[name] as string[]
    const got = await exchange(path, pieces)
    if (theirs !== undefined) expect(got).toEqual(await exchange(theirs.path, pieces))
    else if (pieces.includes(END)) expect(got.answer).toContain('the-end')
    else expect(got.answer === '' || got.answer.includes('-ERR') || got.ended).toBe(true)
  })
})

it('an argument of 40 MB in pieces comes back whole', async () => {
  const size = 40 << 20
  const value = Buffer.alloc(size, 'embedis!')
  const head = Buffer.from(`*2\r\n$4\r\nECHO\r\n$${size}\r\n`)
  const got = await new Promise<Buffer>((resolve, reject) => {
    const socket = connect({ path })
    const parts: Buffer[] = []
    let length = 0
    socket.on('error', reject)
    socket.on('data', data => {
      parts.push(data)
      length += data.length
      if (length >= size + 13) {
        socket.destroy()
        resolve(Buffer.concat(parts))
      }
    })
    socket.write(head)
    socket.write(value)
    socket.write('\r\n')
  })
  expect(got.subarray(0, 11).toString()).toBe(`$${size}\r\n`)
  expect(got.subarray(11, 11 + size).equals(value)).toBe(true)
})
