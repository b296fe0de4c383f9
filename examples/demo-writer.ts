/** The process that the demo kills: fills a store with real data, then writes without end. */
import { directory } from '../src/fs.ts'
import { Store } from '../src/index.ts'
import { csv, json } from './data.ts'
import { progressBar } from './progress.ts'

interface Movie {
  Title: string | null
  Director: string | null
  'Major Genre': string | null
  'IMDB Rating': number | null
  'IMDB Votes': number | null
  'Worldwide Gross': number | null
  'MPAA Rating': string | null
}

const place = process.argv[2]
const store = await Store.open({ persistence: directory(place, { fsync: 'everysec' }) })

// A leaderboard and a tag index of movies.
const movies = json<Movie[]>('movies.json').filter(movie => movie.Title !== null)
let show = progressBar('movies')
for (const [i, movie] of movies.entries()) {
  const title = String(movie.Title)
  store.batch(() => {
    if (movie['IMDB Rating'] !== null && (movie['IMDB Votes'] ?? 0) > 50_000) {
      store.zadd('movies:by-rating', movie['IMDB Rating'], title)
    }
    if (movie['Worldwide Gross'] !== null) store.zadd('movies:by-gross', movie['Worldwide Gross'], title)
    for (const tag of [movie['Major Genre'], movie['MPAA Rating']]) if (tag !== null) store.sadd(`tag:${tag}`, title)
    if (movie.Director !== null) store.zincrby('directors', 1, movie.Director)
  })
  show(i + 1, movies.length)
}

// Airports as hashes, and who is where.
const airports = csv('airports.csv')
show = progressBar('airports')
for (const [i, { iata, ...airport }] of airports.entries()) {
  store.hset(`airport:${iata}`, airport)
  store.sadd(`state:${airport.state}`, iata)
  show(i + 1, airports.length)
}

// Stocks: the last twelve prices of each, newest first.
for (const { symbol, date, price } of csv('stocks.csv')) {
  store.lpush(`stock:${symbol}`, `${date} ${price}`)
  store.ltrim(`stock:${symbol}`, 0, 11)
}

// Counters of activity by hour of day.
for (const { time, count } of csv('github.csv')) store.hincrby('github:by-hour', time.slice(11, 13), Number(count))

// Flights: many small increments.
const flights = json<{ delay: number; distance: number }[]>('flights-200k.json')
show = progressBar('flights')
for (let i = 0; i < flights.length; i++) {
  const bucket = Math.floor(flights[i].distance / 250) * 250
  store.zincrby('flights:by-distance', 1, `${String(bucket).padStart(4, '0')} miles`)
  if (flights[i].delay > 60) store.incr('flights:an-hour-late')
  if (i % 2000 === 0) {
    show(i, flights.length)
    await new Promise(resolve => setImmediate(resolve))
  }
}
show(1, 1)

store.hset('session:ada', { user: 'Ada', cart: 'The Godfather' })
store.expire('session:ada', 1800)
await store.flush()
process.send?.({ ready: true })

// Money between two accounts, each transfer a transaction: its two halves must never be seen apart. The parent is told
// of transfers when they are on disk, and others are under way by then.
store.mset({ 'account:a': 1_000_000, 'account:b': 0 })
for (let transfer = 1; ; transfer++) {
  store.transaction(tx => {
    tx.decr('account:a')
    tx.incr('account:b')
    tx.lpush('transfers', `no. ${transfer}`)
    tx.ltrim('transfers', 0, 4)
  })
  if (transfer % 50 === 0) {
    await store.flush()
    process.send?.({ transfer })
  }
}
