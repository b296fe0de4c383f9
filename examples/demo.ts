/**
 * Real data into a store on disk, by a process that is then killed with SIGKILL in the middle of writing; and what is
 * there when the store is opened again. `npm run demo`
 */
import { fork } from 'node:child_process'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { directory } from '../src/fs.ts'
import { Store } from '../src/index.ts'
import { progressBar } from './progress.ts'

const place = path.resolve('data/demo')
rmSync(place, { recursive: true, force: true })

function title(text: string): void {
  console.log(`\n\x1b[1m${text}\x1b[0m`)
}

function show(store: Store): void {
  console.log(
    'best rated      ',
    store
      .zrange('movies:by-rating', 0, 4, { rev: true, withscores: true })
      .map(one => `${one.member} ${one.score}`)
      .join(' · '),
  )
  console.log('best at the till', store.zrange('movies:by-gross', 0, 2, { rev: true }).join(' · '))
  console.log(
    'comedies        ',
    store.scard('tag:Comedy'),
    'of them rated R:',
    store.sintercard(['tag:Comedy', 'tag:R']),
  )
  console.log(
    'drama, not R    ',
    store.sdiff('tag:Drama', 'tag:R').length,
    '· adventure or action:',
    store.sunion('tag:Adventure', 'tag:Action').length,
  )
  console.log(
    'busy directors  ',
    store
      .zrange('directors', 0, 2, { rev: true, withscores: true })
      .map(one => `${one.member} ${one.score}`)
      .join(' · '),
  )
  console.log(
    'airport SEA     ',
    Object.values(store.hgetall('airport:SEA')).join(', '),
    '· airports in WA:',
    store.scard('state:WA'),
  )
  console.log('AAPL            ', store.lrange('stock:AAPL', 0, 2).join(' · '), `(${store.llen('stock:AAPL')} kept)`)
  console.log('commits at noon ', store.hget('github:by-hour', '12'))
  console.log(
    'flights         ',
    store
      .zrange('flights:by-distance', 0, 1, { rev: true, withscores: true })
      .map(one => `${one.member}: ${one.score}`)
      .join(' · '),
    '· an hour late:',
    store.get('flights:an-hour-late'),
  )
  console.log('session         ', store.hgetall('session:ada').user, 'for another', store.ttl('session:ada'), 's')
  console.log('keys            ', store.dbsize())
}

title('A process writes …')
const child = fork(path.join(import.meta.dirname, 'demo-writer.ts'), [place], { execArgv: ['--import', 'tsx'] })
let told = 0
const killed = new Promise<void>((resolve, reject) => {
  child.on('message', (message: { ready?: boolean; transfer?: number }) => {
    told = message.transfer ?? told
    // Some time after the first transfers, and at no chosen point of the program.
    if (message.ready) setTimeout(() => child.kill('SIGKILL'), 700)
  })
  child.on('exit', (_code, signal) =>
    signal === 'SIGKILL' ? resolve() : reject(new Error('the writer ended by itself')),
  )
})
await killed
console.log(`… and is killed with SIGKILL. Its last word: transfer ${told} is made.`)

title('The store is opened again')
const bar = progressBar('reading the log')
const store = await Store.open({ persistence: directory(place, { onProgress: ({ read, total }) => bar(read, total) }) })
const { recovery } = store
if (recovery === undefined) throw new Error('nothing was recovered')
console.log(
  `${recovery.commands.toLocaleString('en')} commands and ${recovery.keys} keys from ${recovery.files.length} files in ${recovery.duration} ms;`,
  recovery.truncated === 0 ? 'the log was whole.' : `${recovery.truncated} bytes of a torn last batch were cut off.`,
)
show(store)

title('Was anything lost, or seen in half?')
const a = Number(store.get('account:a'))
const b = Number(store.get('account:b'))
console.log(
  `account a ${a} + account b ${b} = ${a + b}; the last transfers: ${store.lrange('transfers', 0, 1).join(', ')}`,
)
if (a + b !== 1_000_000) throw new Error('a transfer was recovered in half')
if (b < told) throw new Error(`transfer ${told} was reported and is lost`)
if (store.lindex('transfers', 0) !== `no. ${b}`) throw new Error('the list of transfers contradicts the accounts')
console.log(`No. All ${told} reported transfers are there, and ${b - told} that nobody had heard of yet.`)
await store.save()
await store.close()
console.log(`\nThe files are Redis' own: redis-server --dir ${path.relative('.', place)} --appendonly yes`)
