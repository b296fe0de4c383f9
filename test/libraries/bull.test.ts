/** Bull, on clients of ioredis that it asks for. */
import Bull from 'bull'
import type { Redis } from 'ioredis'
import { expect, it, vi } from 'vitest'
import { library } from '../support/libraries.ts'

const eventually = <T>(check: () => T): Promise<T> => vi.waitFor(check, { interval: 5, timeout: 5000 })
const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i)

library('Bull', place => {
  async function queueOf(options: Bull.QueueOptions = {}): Promise<Bull.Queue> {
    const blocking: Redis[] = []
    const queue = new Bull('work', {
      createClient: (type, redis) => {
        if (type === 'client') return place.ioredis(redis)
        const client = place.ioredis({ ...redis, maxRetriesPerRequest: null, enableReadyCheck: false })
        if (type === 'bclient') blocking.push(client)
        return client
      },
      ...options,
      settings: { guardInterval: 50, ...options.settings },
    })
    place.after(async () => {
      // Bull itself says QUIT to a client that waits, and gives it half a second to answer.
      for (const client of blocking) client.disconnect()
      await queue.close()
    })
    queue.on('error', () => {})
    return queue.isReady()
  }

  it('does a job elsewhere, and tells of it step by step', async () => {
    const [producer, worker] = [await queueOf(), await queueOf()]
    const told: unknown[] = []
    producer.on('global:active', id => told.push(['active', id]))
    producer.on('global:progress', (id, progress) => told.push(['progress', id, progress]))
    producer.on('global:completed', (id, result) => told.push(['completed', id, JSON.parse(result)]))
    // One that waits for nothing: from now on, events are heard.
    await (await producer.add('none', {}, { jobId: 'none' })).remove()
    void worker.process('mail', async job => {
      await job.log('on its way')
      await job.progress(50)
      return { to: job.data.to }
    })
    const job = await producer.add('mail', { to: 'ännchen' }, { jobId: 'first' })
    expect(await job.finished()).toEqual({ to: 'ännchen' })
    await eventually(() =>
      expect(told).toEqual([
        ['active', 'first'],
        ['progress', 'first', 50],
        ['completed', 'first', { to: 'ännchen' }],
      ]),
    )
    const found = (await producer.getJob('first')) as Bull.Job
    expect(await found.getState()).toBe('completed')
    expect(found.returnvalue).toEqual({ to: 'ännchen' })
    expect((await producer.getJobLogs('first')).logs).toEqual(['on its way'])
  })

  it('does hundreds of jobs, each once, by several workers', async () => {
    const producer = await queueOf()
    const done: number[] = []
    for (const worker of [await queueOf(), await queueOf()]) {
      void worker.process(20, async job => void done.push((job.data as { n: number }).n))
    }
    await producer.addBulk(numbers(200).map(n => ({ data: { n }, opts: { removeOnComplete: n % 2 === 0 } })))
    await eventually(async () =>
      expect(await producer.getJobCounts()).toMatchObject({ completed: 100, waiting: 0, active: 0 }),
    )
    expect(done.toSorted((a, b) => a - b)).toEqual(numbers(200))
  })

  it('begins with the most urgent, and with what is due', async () => {
    const queue = await queueOf()
    const done: string[] = []
    const add = (name: string, options: Bull.JobOptions): Promise<Bull.Job> => queue.add({ name }, options)
    await add('low', { priority: 10 })
    await add('high', { priority: 1 })
    await add('high, too', { priority: 1 })
    await add('in front', { lifo: true })
    await add('later', { delay: 600 })
    await add('soon', { delay: 60 })
    const promoted = await add('now', { delay: 60_000 })
    expect(await queue.getJobCounts()).toMatchObject({ waiting: 4, delayed: 3 })
    void queue.process(async job => void done.push((job.data as { name: string }).name))
    await eventually(() => expect(done).toHaveLength(4))
    await promoted.promote()
    await eventually(() => expect(done).toHaveLength(7))
    expect(done).toEqual(['in front', 'high', 'high, too', 'low', 'now', 'soon', 'later'])
  })

  it('tries again after a while, and gives up', async () => {
    const queue = await queueOf()
    const began: number[] = []
    void queue.process('stubborn', async () => {
      began.push(Date.now())
      if (began.length < 3) throw new Error('not yet')
      return began.length
    })
    void queue.process('hopeless', async () => {
      throw new Error('never')
    })
    const stubborn = await queue.add('stubborn', {}, { attempts: 5, backoff: { type: 'exponential', delay: 20 } })
    expect(await stubborn.finished()).toBe(3)
    expect((began[1] as number) - (began[0] as number)).toBeGreaterThanOrEqual(20)
    expect((began[2] as number) - (began[1] as number)).toBeGreaterThanOrEqual(40)
    const hopeless = await queue.add('hopeless', {}, { attempts: 2, backoff: 5 })
    await expect(hopeless.finished()).rejects.toThrow('never')
    const [failed] = (await queue.getFailed()) as [Bull.Job]
    expect(failed).toMatchObject({ attemptsMade: 2, failedReason: 'never' })
    expect(failed.stacktrace).toHaveLength(2)
  })

  it('does no more in a time than the limit allows', async () => {
    const queue = await queueOf({ limiter: { max: 2, duration: 100 } })
    const done: number[] = []
    await queue.addBulk(numbers(6).map(data => ({ data })))
    const began = Date.now()
    void queue.process(async () => void done.push(Date.now()))
    await eventually(() => expect(done).toHaveLength(6))
    expect((done[2] as number) - began).toBeGreaterThanOrEqual(95)
    expect((done[4] as number) - began).toBeGreaterThanOrEqual(195)
  })

  it('repeats, by interval and by calendar', async () => {
    const queue = await queueOf()
    const done: unknown[] = []
    void queue.process('*', async job => void done.push(job.name))
    await queue.add('tick', {}, { repeat: { every: 30 } })
    await queue.add('report', {}, { repeat: { cron: '0 3 * * *', tz: 'Europe/Stockholm' } })
    await eventually(() => expect(done.length).toBeGreaterThanOrEqual(3))
    expect(new Set(done)).toEqual(new Set(['tick']))
    expect((await queue.getRepeatableJobs()).map(({ name }) => name).toSorted()).toEqual(['report', 'tick'])
    await queue.removeRepeatable('tick', { every: 30 })
    await pause(20)
    const { length } = done
    await pause(80)
    expect(done).toHaveLength(length)
  })

  it('takes up jobs of a worker that has gone', async () => {
    const lost = await queueOf({ settings: { lockDuration: 40, lockRenewTime: 1_000_000, stalledInterval: 0 } })
    void lost.process(() => new Promise(() => {}))
    const producer = await queueOf()
    const job = await producer.add({})
    await eventually(async () => expect(await job.getState()).toBe('active'))
    await lost.close(true)
    const worker = await queueOf({ settings: { stalledInterval: 20 } })
    const stalled: unknown[] = []
    worker.on('stalled', ({ id }: Bull.Job) => stalled.push(id))
    void worker.process(async () => 'done')
    expect(await job.finished()).toBe('done')
    // The two are told over different connections, in no order.
    await eventually(() => expect(stalled).toEqual([job.id]))
  })

  it('is paused, everywhere, and cleaned', async () => {
    const [producer, worker] = [await queueOf(), await queueOf()]
    const done: unknown[] = []
    void worker.process(async job => void done.push(job.id))
    await producer.pause()
    await producer.add({}, { jobId: 'one' })
    await producer.add({}, { jobId: 'one' })
    await pause(20)
    expect(done).toEqual([])
    expect(await producer.getJobCounts()).toMatchObject({ paused: 1 })
    await producer.resume()
    await eventually(async () => expect(await producer.getCompletedCount()).toBe(1))
    expect(done).toEqual(['one'])
    await pause(2)
    expect(await producer.clean(0, 'completed')).toEqual(['one'])
    await producer.add({}, { delay: 60_000 })
    await producer.obliterate({ force: true })
    expect(await place.ioredis().keys('bull:work:*')).toEqual([])
  })
})
