/** A queue that survives its workers: a job moves to the worker's own list and is removed only when it is done. */
import type { Store } from '../../src/index.ts'

export function queue(store: Store, name: string) {
  const waiting = `queue:${name}`
  const working = (worker: string): string => `queue:${name}:${worker}`
  return {
    add: (...jobs: string[]): number => store.lpush(waiting, jobs),
    /** The oldest job, now this worker's; null when there is none. */
    take: (worker: string): string | null => store.lmove(waiting, working(worker), 'RIGHT', 'LEFT'),
    done: (worker: string, job: string): boolean => store.lrem(working(worker), 1, job) === 1,
    /** Gives the jobs of a worker that died back, to the front of the queue; returns how many. */
    recover(worker: string): number {
      return store.transaction(() => {
        let count = 0
        while (store.lmove(working(worker), waiting, 'LEFT', 'RIGHT') !== null) count++
        return count
      })
    },
    waiting: (): number => store.llen(waiting),
  }
}
