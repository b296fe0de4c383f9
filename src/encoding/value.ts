import type { StreamData } from './stream-data.ts'

/**
 * A value of a key as plain data. Pairs are flat: field, value, … and member, score, … The times of a hash, when it has
 * any, are one for each field, in milliseconds since 1970, 0 for never.
 */
export type RdbValue =
  | { type: 'string'; value: string | number | Uint8Array }
  | { type: 'list'; values: string[] }
  | { type: 'set'; members: string[] }
  | { type: 'hash'; pairs: string[]; times?: number[] }
  | { type: 'zset'; pairs: (string | number)[] }
  | { type: 'stream'; stream: StreamData }
