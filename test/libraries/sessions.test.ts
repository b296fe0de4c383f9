/** connect-redis behind express-session, in an Express application that is asked over HTTP. */
import { RedisStore } from 'connect-redis'
import express from 'express'
import session from 'express-session'
import { expect, it } from 'vitest'
import { library, type Place, serving } from '../support/libraries.ts'

declare module 'express-session' {
  interface SessionData {
    user: string
    views: number
    cart: string[]
  }
}

interface Shop {
  readonly store: RedisStore
  /** A browser: it keeps its cookie. */
  browser(): (method: string, path: string) => Promise<{ status: number; body: unknown }>
}

/** One process of a web shop. Several of them share their sessions. */
async function shop(place: Place): Promise<Shop> {
  const store = new RedisStore({ client: await place.nodeRedis(), prefix: 'shop:' })
  const app = express()
  app.use(
    session({
      store,
      secret: 'not so secret',
      name: 'sid',
      resave: false,
      saveUninitialized: false,
      rolling: true,
      cookie: { maxAge: 60_000 },
    }),
  )
  app.get('/', (req, res) => {
    req.session.views = (req.session.views ?? 0) + 1
    res.json({ user: req.session.user ?? null, views: req.session.views, cart: req.session.cart ?? [] })
  })
  app.get('/static', (_, res) => void res.json('no session'))
  app.post('/login/:user', (req, res, next) => {
    // A new id for who logs in, against fixation.
    req.session.regenerate(error => {
      if (error) return next(error)
      req.session.user = req.params.user
      res.json({ id: req.sessionID })
    })
  })
  app.post('/cart/:item', (req, res) => {
    if (req.session.user === undefined) return void res.sendStatus(403)
    req.session.cart = [...(req.session.cart ?? []), req.params.item]
    res.json(req.session.cart)
  })
  app.post('/remember', (req, res) => {
    req.session.cookie.maxAge = 3_600_000
    res.json(req.session.views ?? 0)
  })
  app.post('/logout', (req, res, next) => {
    req.session.destroy(error => {
      if (error) return next(error)
      res.clearCookie('sid').json('bye')
    })
  })
  const url = await serving(place, app)
  return {
    store,
    browser: () => {
      let cookie = ''
      return async (method, path) => {
        const response = await fetch(`${url}${path}`, { method, headers: { cookie } })
        const [set] = response.headers.getSetCookie()
        if (set !== undefined) cookie = (set.split(';')[0] as string).replace(/=$/, '')
        const text = await response.text()
        return { status: response.status, body: text.startsWith('F') ? text : (JSON.parse(text) as unknown) }
      }
    },
  }
}

library('connect-redis', place => {
  it('keeps who is logged in, and what is in the cart, from request to request', async () => {
    const { browser, store } = await shop(place)
    const ann = browser()
    const bob = browser()
    expect((await ann('GET', '/static')).body).toBe('no session')
    expect(await store.length()).toBe(0)
    expect((await ann('POST', '/cart/bread')).status).toBe(403)
    expect((await ann('GET', '/')).body).toEqual({ user: null, views: 1, cart: [] })
    expect((await ann('GET', '/')).body).toEqual({ user: null, views: 2, cart: [] })
    await ann('POST', '/login/ann')
    await bob('POST', '/login/bob')
    await ann('POST', '/cart/bread')
    expect((await ann('POST', '/cart/crème%20brûlée')).body).toEqual(['bread', 'crème brûlée'])
    expect((await ann('GET', '/')).body).toEqual({ user: 'ann', views: 1, cart: ['bread', 'crème brûlée'] })
    expect((await bob('GET', '/')).body).toEqual({ user: 'bob', views: 1, cart: [] })
    // The one before the login has gone.
    expect(await store.length()).toBe(2)
  })

  it('shares sessions between processes, and ends them', async () => {
    const one = await shop(place)
    const ann = one.browser()
    const { id } = (await ann('POST', '/login/ann')).body as { id: string }
    const other = await shop(place)
    const kept: unknown = await other.store.get(id)
    // express-session measures a new cookie's age by the clock: a millisecond may have gone.
    expect(kept).toMatchObject({ user: 'ann', cookie: { originalMaxAge: expect.closeTo(60_000, -3) as number } })
    await other.store.destroy(id)
    expect((await ann('GET', '/')).body).toMatchObject({ user: null })
    await ann('POST', '/login/ann')
    expect((await ann('POST', '/logout')).body).toBe('bye')
    expect((await ann('GET', '/')).body).toMatchObject({ user: null, views: 1 })
  })

  it('lets sessions expire with their cookies, and later when they are used', async () => {
    const { browser, store } = await shop(place)
    const client = place.ioredis()
    const ann = browser()
    const { id } = (await ann('POST', '/login/ann')).body as { id: string }
    expect(await client.ttl(`shop:${id}`)).toBeGreaterThan(50)
    await client.expire(`shop:${id}`, 5)
    // Changes nothing in the session: it is touched.
    await ann('GET', '/static')
    expect(await client.ttl(`shop:${id}`)).toBeGreaterThan(50)
    await ann('POST', '/remember')
    expect(await client.ttl(`shop:${id}`)).toBeGreaterThan(3000)
    await client.pexpire(`shop:${id}`, 1)
    await expect.poll(() => store.get(id)).toBeNull()
    expect((await ann('GET', '/')).body).toMatchObject({ user: null })
  })

  it('lists and clears hundreds of sessions, and only those', async () => {
    const { store } = await shop(place)
    const client = place.ioredis()
    await client.set('other', 'stays')
    const cookie = { originalMaxAge: 60_000, path: '/' }
    for (let i = 0; i < 300; i++) await store.set(`s${i}`, { cookie, user: `u${i}` } as session.SessionData)
    expect(await store.length()).toBe(300)
    const ids = (await store.ids()) as string[]
    expect(ids.toSorted()).toEqual(Array.from({ length: 300 }, (_, i) => `s${i}`).toSorted())
    const all = (await store.all()) as (session.SessionData & { id: string })[]
    expect(all.every(({ id, user }) => `s${user.slice(1)}` === id)).toBe(true)
    await store.clear()
    expect(await store.length()).toBe(0)
    expect(await client.keys('*')).toEqual(['other'])
  })
})
