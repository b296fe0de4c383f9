/** Bee-Queue, with the client that it brings, node_redis 3: it does not know ioredis 5 and later for what they are. */
import { once } from 'node:events'
import BeeQueue from 'bee-queue'
import { expect, it } from 'vitest'
import { library } from '../support/libraries.ts'

interface Sum {
  readonly a: number
  readonly b: number
}

const producing: BeeQueue.QueueSettings = { isWorker: false }
const working: BeeQueue.QueueSettings = { getEvents: false }

library('Bee-Queue', place => {
  const queue = async (settings: BeeQueue.QueueSettings): Promise<BeeQueue<Sum>> => {
    const one = new BeeQueue<Sum>('sums', {
      redis: { host: '127.0.0.1', port: place.port },
      activateDelayedJobs: true,
      delayedDebounce: 5,
      ...settings,
    })
    // One that was closed in the midst of a job says so each time.
    place.after(() => one.close().catch(() => {}))
    return one.ready()
  }

  it('does jobs elsewhere, and tells of progress and result', async () => {
    const [producer, worker] = [await queue(producing), await queue(working)]
    worker.process(async (job: BeeQueue.Job<Sum>) => {
      job.reportProgress({ half: true })
      return { sum: job.data.a + job.data.b, text: 'värld' }
    })
    const job = producer.createJob({ a: 1, b: 2 })
    const told: unknown[] = []
    job.on('progress', progress => told.push(progress))
    const done = once(job, 'succeeded')
    await job.save()
    expect(await done).toEqual([{ sum: 3, text: 'värld' }])
    expect(told).toEqual([{ half: true }])
    expect(await producer.getJob(job.id)).toMatchObject({ status: 'succeeded', data: { a: 1, b: 2 } })
  })

  it('does hundreds of jobs, each once, by several workers', async () => {
    const producer = await queue(producing)
    const done: number[] = []
    for (const worker of [await queue(working), await queue(working)]) {
      worker.process(10, async (job: BeeQueue.Job<Sum>) => {
        await new Promise(resolve => setImmediate(resolve))
        done.push(job.data.a)
      })
    }
    const jobs = Array.from({ length: 200 }, (_, a) => producer.createJob({ a, b: 0 }))
    expect(await producer.saveAll(jobs)).toEqual(new Map())
    await expect.poll(() => producer.checkHealth()).toMatchObject({ succeeded: 200, waiting: 0, active: 0 })
    expect(done.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, a) => a))
    expect(await producer.getJobs('succeeded', { size: 500 })).toHaveLength(200)
  })

  it('tries again after a while, and gives up', async () => {
    const [producer, worker] = [await queue(producing), await queue(working)]
    const began: number[] = []
    worker.process(async (job: BeeQueue.Job<Sum>) => {
      if (job.data.b < 0) throw new Error('negative')
      began.push(Date.now())
      if (began.length < 3) throw new Error('not yet')
      return began.length
    })
    const stubborn = producer.createJob({ a: 0, b: 0 }).retries(5).backoff('exponential', 20)
    const retried: string[] = []
    stubborn.on('retrying', error => retried.push(error.message))
    const done = once(stubborn, 'succeeded')
    await stubborn.save()
    expect(await done).toEqual([3])
    expect(retried).toEqual(['not yet', 'not yet'])
    // Doubled each time.
    expect((began[1] as number) - (began[0] as number)).toBeGreaterThanOrEqual(20)
    expect((began[2] as number) - (began[1] as number)).toBeGreaterThanOrEqual(40)
    const hopeless = producer.createJob({ a: 0, b: -1 })
    const failed = once(hopeless, 'failed')
    await hopeless.save()
    expect((await failed)[0]).toMatchObject({ message: 'negative' })
    const slow = producer.createJob({ a: 0, b: -1 }).retries(1)
    const again = once(slow, 'failed')
    await slow.save()
    await again
    expect(await producer.checkHealth()).toMatchObject({ succeeded: 1, failed: 2 })
  })

  it('begins jobs when their time has come, in that order', async () => {
    const [producer, worker] = [await queue(producing), await queue(working)]
    const done: number[] = []
    const now = Date.now()
    for (const [a, delay] of [
      [3, 150],
      [2, 90],
      [1, 30],
    ] as const) {
      await producer
        .createJob({ a, b: 0 })
        .delayUntil(now + delay)
        .save()
    }
    expect(await producer.checkHealth()).toMatchObject({ delayed: 3, waiting: 0 })
    worker.process(async (job: BeeQueue.Job<Sum>) => void done.push(job.data.a))
    await expect.poll(() => done).toEqual([1, 2, 3])
    expect(Date.now() - now).toBeGreaterThanOrEqual(150)
  })

  it('gives jobs of a worker that has gone to another one', async () => {
    const producer = await queue(producing)
    const lost = await queue({ ...working, stallInterval: 20 })
    const began = new Promise<void>(resolve => lost.process(() => new Promise(() => resolve())))
    const job = await producer.createJob({ a: 4, b: 2 }).setId('six').save()
    await began
    await expect(lost.close(1)).rejects.toThrow('timed out')
    const worker = await queue({ ...working, stallInterval: 20 })
    const done = once(job, 'succeeded')
    worker.process(async ({ data }: BeeQueue.Job<Sum>) => data.a + data.b)
    await expect.poll(() => worker.checkStalledJobs()).toBe(1)
    expect(await done).toEqual([6])
  })

  it('removes jobs, and queues', async () => {
    const producer = await queue(producing)
    const [kept, removed] = await Promise.all([
      producer.createJob({ a: 1, b: 1 }).setId('kept').save(),
      producer.createJob({ a: 1, b: 1 }).setId('removed').save(),
    ])
    await removed.remove()
    expect((await producer.getJobs('waiting', { start: 0, end: 10 })).map(({ id }) => id)).toEqual([kept.id])
    // An id that is taken is not taken twice.
    expect((await producer.createJob({ a: 2, b: 2 }).setId('kept').save()).id).toBeNull()
    await producer.destroy()
    expect(await place.ioredis().keys('bq:*')).toEqual([])
  })
})
