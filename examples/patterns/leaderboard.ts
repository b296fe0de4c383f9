/** A leaderboard: scores, the best, and who stands around a player. */
import type { Scored, Store } from '../../src/index.ts'

export function leaderboard(store: Store, name: string) {
  const key = `board:${name}`
  return {
    add: (player: string, points: number): number => store.zincrby(key, points, player),
    /** The best, best first. */
    top: (count: number): Scored[] => store.zrange(key, 0, count - 1, { rev: true, withscores: true }),
    /** 1 for the best; undefined for who never played. */
    place(player: string): number | undefined {
      const rank = store.zrevrank(key, player)
      return rank === null ? undefined : rank + 1
    },
    /** The player with up to `each` neighbours on both sides, best first. */
    around(player: string, each: number): Scored[] {
      const rank = store.zrevrank(key, player)
      if (rank === null) return []
      return store.zrange(key, Math.max(0, rank - each), rank + each, { rev: true, withscores: true })
    },
  }
}
