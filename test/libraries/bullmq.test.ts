/** BullMQ 6 and 5, on ioredis and, which 6 knows too, on node-redis. */
import * as bullmq6 from 'bullmq'
import * as bullmq5 from 'bullmq-5'
import type { ConnectionOptions, FlowProducer, Job, Processor, Queue, QueueEvents, Worker, WorkerOptions } from 'bullmq'
import { describe, expect, it, vi } from 'vitest'
import { library, type Place } from '../support/libraries.ts'

type Bullmq = typeof bullmq6
type Connect = (place: Place) => Promise<ConnectionOptions>

const ioredis: Connect = async place => place.ioredis({ maxRetriesPerRequest: null })

// The types differ in places that do not matter here; what is called is in both.
const versions: readonly (readonly [name: string, Bullmq, Connect])[] = [
  ['6, ioredis', bullmq6, ioredis],
  ['6, node-redis', bullmq6, place => place.nodeRedis()],
  ['5, ioredis', bullmq5 as unknown as Bullmq, ioredis],
]

const eventually = <T>(check: () => T): Promise<T> => vi.waitFor(check, { interval: 5, timeout: 5000 })
const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i)

library('BullMQ', place => {
  describe.each(versions)('%s', (_, { FlowProducer, Queue, QueueEvents, UnrecoverableError, Worker }, connect) => {
    interface Closed {
      close(): Promise<void>
    }
    function closed<T extends Closed>(one: T): T {
      place.after(() => one.close())
      return one
    }
    const queueOf = async (name = 'work'): Promise<Queue> =>
      closed(new Queue(name, { connection: await connect(place) }))
    const eventsOf = async (name = 'work'): Promise<QueueEvents> => {
      const events = closed(new QueueEvents(name, { connection: await connect(place), lastEventId: '0' }))
      await events.waitUntilReady()
      return events
    }
    const workerOf = async (
      process: Processor,
      options: Partial<WorkerOptions> = {},
      name = 'work',
    ): Promise<Worker> => {
      const worker = closed(new Worker(name, process, { connection: await connect(place), ...options }))
      worker.on('error', () => {})
      return worker
    }
    const flowsOf = async (): Promise<FlowProducer> => closed(new FlowProducer({ connection: await connect(place) }))

    it('does a job, and tells of it step by step', async () => {
      const [queue, events] = [await queueOf(), await eventsOf()]
      const told: unknown[] = []
      for (const event of ['added', 'waiting', 'active', 'progress', 'completed'] as const) {
        events.on(event, (about: { data?: unknown; returnvalue?: unknown }) =>
          told.push([event, about.data ?? about.returnvalue ?? null]),
        )
      }
      await workerOf(async (job: Job<{ to: string; tries?: number }>) => {
        await job.log(`to ${job.data.to}`)
        await job.updateProgress({ sent: 50 })
        await job.updateData({ ...job.data, tries: 1 })
        return { sent: true, to: job.data.to }
      })
      const job = await queue.add('mail', { to: 'ännchen' }, { jobId: 'first' })
      expect(await job.waitUntilFinished(events)).toEqual({ sent: true, to: 'ännchen' })
      const found = (await queue.getJob('first')) as Job
      expect(found).toMatchObject({ name: 'mail', data: { to: 'ännchen', tries: 1 }, progress: { sent: 50 } })
      expect(await found.getState()).toBe('completed')
      expect((await queue.getJobLogs('first')).logs).toEqual(['to ännchen'])
      await eventually(() =>
        expect(told).toEqual([
          ['added', null],
          ['waiting', null],
          ['active', null],
          ['progress', { sent: 50 }],
          ['completed', { sent: true, to: 'ännchen' }],
        ]),
      )
    })

    it('does hundreds of jobs, each once, by several workers', async () => {
      const queue = await queueOf()
      const done: number[] = []
      const work = async (job: Job<number>): Promise<void> => void done.push(job.data)
      for (let i = 0; i < 2; i++) await workerOf(work, { concurrency: 20 })
      await queue.addBulk(numbers(300).map(i => ({ name: 'one', data: i, opts: { removeOnComplete: i % 2 === 0 } })))
      await eventually(async () =>
        expect(await queue.getJobCounts()).toMatchObject({ completed: 150, waiting: 0, active: 0 }),
      )
      expect(done.toSorted((a, b) => a - b)).toEqual(numbers(300))
    })

    it('begins with the most urgent', async () => {
      const queue = await queueOf()
      const done: string[] = []
      for (const [name, opts] of [
        ['low', { priority: 10 }],
        ['high', { priority: 1 }],
        ['first', {}],
        ['high, too', { priority: 1 }],
        ['raised', { priority: 20 }],
        ['in front', { lifo: true }],
      ] as const) {
        await queue.add(name, {}, opts)
      }
      expect(await queue.getCountsPerPriority([0, 1, 10, 20])).toEqual({ '0': 2, '1': 2, '10': 1, '20': 1 })
      const [raised] = (await queue.getPrioritized()).filter(({ name }) => name === 'raised') as [Job]
      await raised.changePriority({ priority: 2 })
      await workerOf(async job => void done.push(job.name))
      await eventually(() => expect(done).toEqual(['in front', 'first', 'high', 'high, too', 'raised', 'low']))
    })

    it('waits until it is time', async () => {
      const queue = await queueOf()
      const done: string[] = []
      const began = Date.now()
      await queue.add('later', {}, { delay: 600 })
      await queue.add('soon', {}, { delay: 50 })
      const promoted = await queue.add('now', {}, { delay: 60_000 })
      const changed = await queue.add('changed', {}, { delay: 60_000 })
      expect(await queue.getJobCounts('delayed')).toEqual({ delayed: 4 })
      await workerOf(async job => void done.push(job.name))
      await promoted.promote()
      await changed.changeDelay(100)
      await eventually(() => expect(done).toEqual(['now', 'soon', 'changed', 'later']))
      expect(Date.now() - began).toBeGreaterThanOrEqual(150)
    })

    it('tries again after a while, and gives up', async () => {
      const [queue, events] = [await queueOf(), await eventsOf()]
      const began: number[] = []
      await workerOf(async job => {
        if (job.name === 'hopeless') throw new UnrecoverableError('never')
        if (job.name === 'failing') throw new Error('no')
        began.push(Date.now())
        if (job.attemptsMade < 2) throw new Error('not yet')
        return job.attemptsMade
      })
      const backoff = { type: 'exponential', delay: 20 }
      const stubborn = await queue.add('stubborn', {}, { attempts: 5, backoff })
      expect(await stubborn.waitUntilFinished(events)).toBe(2)
      expect((began[1] as number) - (began[0] as number)).toBeGreaterThanOrEqual(20)
      expect((began[2] as number) - (began[1] as number)).toBeGreaterThanOrEqual(40)
      const failing = await queue.add('failing', {}, { attempts: 3, backoff: { type: 'fixed', delay: 5 } })
      await expect(failing.waitUntilFinished(events)).rejects.toThrow('no')
      const hopeless = await queue.add('hopeless', {}, { attempts: 3 })
      await expect(hopeless.waitUntilFinished(events)).rejects.toThrow('never')
      const failed = await queue.getFailed()
      expect(failed.map(({ name, attemptsMade }) => [name, attemptsMade])).toEqual([
        ['hopeless', 1],
        ['failing', 3],
      ])
      expect(failed[1]?.stacktrace).toHaveLength(3)
      await (failed[1] as Job).retry('failed')
      await eventually(async () => expect((await queue.getJob(failing.id as string))?.attemptsMade).toBe(4))
    })

    it('does no more in a time than the limit allows', async () => {
      const queue = await queueOf()
      const done: number[] = []
      await queue.addBulk(numbers(6).map(data => ({ name: 'call', data })))
      const began = Date.now()
      await workerOf(async () => void done.push(Date.now()), { limiter: { max: 2, duration: 100 }, concurrency: 6 })
      await eventually(() => expect(done).toHaveLength(6))
      // Two at once, two a window later, two more a window after that.
      expect((done[2] as number) - began).toBeGreaterThanOrEqual(95)
      expect((done[4] as number) - began).toBeGreaterThanOrEqual(195)
    })

    it('repeats, by interval and by calendar', async () => {
      const queue = await queueOf()
      const done: unknown[] = []
      await workerOf(async job => void done.push([job.name, job.data]))
      await queue.upsertJobScheduler('tick', { every: 30 }, { name: 'tick', data: { n: 1 } })
      await queue.upsertJobScheduler('daily', { pattern: '0 0 3 * * *', tz: 'Europe/Stockholm' }, { name: 'report' })
      await eventually(() => expect(done.length).toBeGreaterThanOrEqual(3))
      expect(done[2]).toEqual(['tick', { n: 1 }])
      expect(await queue.getJobSchedulersCount()).toBe(2)
      expect(await queue.getJobScheduler('daily')).toMatchObject({ key: 'daily', pattern: '0 0 3 * * *' })
      expect((await queue.getDelayed()).map(({ name }) => name)).toContain('report')
      expect(await queue.removeJobScheduler('tick')).toBe(true)
      await pause(20)
      const { length } = done
      await pause(80)
      expect(done).toHaveLength(length)
      expect(await queue.getJobSchedulersCount()).toBe(1)
    })

    it('does the children of a flow before their parent, which gets what they answered', async () => {
      const flows = await flowsOf()
      const events = await eventsOf('assemble')
      await workerOf(async job => job.data as unknown, { concurrency: 3 }, 'parts')
      await workerOf(
        async job => Object.values(await job.getChildrenValues<number>()).reduce((a, b) => a + b, 0),
        {},
        'assemble',
      )
      const part = (data: number): { name: string; queueName: string; data: number } => ({
        name: 'part',
        queueName: 'parts',
        data,
      })
      const flow = await flows.add({
        name: 'car',
        queueName: 'assemble',
        children: [part(1), part(20), { name: 'engine', queueName: 'assemble', children: [part(300), part(4000)] }],
      })
      expect(await flow.job.waitUntilFinished(events)).toBe(4321)
      const tree = await flows.getFlow({ id: flow.job.id as string, queueName: 'assemble' })
      expect(tree.children?.map(({ job }) => job.returnvalue as number).toSorted((a, b) => a - b)).toEqual([
        1, 20, 4300,
      ])
    })

    it('fails the parent of a flow with its child', async () => {
      const flows = await flowsOf()
      await workerOf(async () => {
        throw new Error('broken')
      })
      const flow = await flows.add({
        name: 'parent',
        queueName: 'parents',
        children: [{ name: 'child', queueName: 'work', opts: { failParentOnFailure: true } }],
      })
      // Whoever would do the parent's work is who finds that it has failed.
      await workerOf(async () => 'never', {}, 'parents')
      await eventually(async () => expect(await flow.job.getState()).toBe('failed'))
    })

    it('takes up jobs of a worker that has gone', async () => {
      const queue = await queueOf()
      const stalling = { lockDuration: 40, stalledInterval: 20 }
      const lost = await workerOf(() => new Promise(() => {}), {
        ...stalling,
        skipStalledCheck: true,
        skipLockRenewal: true,
      })
      const job = await queue.add('job', {})
      await eventually(async () => expect(await job.getState()).toBe('active'))
      await lost.close(true)
      const stalled: string[] = []
      const worker = await workerOf(async () => 'done', { stalledInterval: 20 })
      worker.on('stalled', id => stalled.push(id))
      await eventually(async () => expect(await job.getState()).toBe('completed'))
      expect(stalled).toEqual([job.id])
    })

    it('is paused, drained, cleaned, and takes no job twice', async () => {
      const queue = await queueOf()
      const done: string[] = []
      await workerOf(async job => void done.push(job.name))
      await queue.pause()
      await queue.add('job', {}, { jobId: 'one' })
      await queue.add('job', {}, { jobId: 'one' })
      const kept = await queue.add('unique', {}, { deduplication: { id: 'u' } })
      expect((await queue.add('unique', {}, { deduplication: { id: 'u' } })).id).toBe(kept.id)
      await queue.add('removed', {}, { jobId: 'removed' })
      expect(await queue.remove('removed')).toBe(1)
      await pause(20)
      expect(done).toEqual([])
      expect(await queue.isPaused()).toBe(true)
      await queue.resume()
      await eventually(async () => expect(await queue.getJobCounts('completed')).toEqual({ completed: 2 }))
      expect(done).toEqual(['job', 'unique'])
      await pause(2)
      expect(await queue.clean(0, 10, 'completed')).toHaveLength(2)
      await queue.add('later', {}, { delay: 60_000 })
      await queue.drain(true)
      expect(await queue.getJobCounts('delayed', 'waiting', 'completed')).toMatchObject({
        delayed: 0,
        waiting: 0,
        completed: 0,
      })
      await queue.obliterate({ force: true })
    })
  })
})
