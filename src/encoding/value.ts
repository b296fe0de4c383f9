import type { StreamData } from './stream-data.ts'

/** A value of a key as plain data. Pairs are flat: field, value, … and member, score, … */
export type RdbValue =
  | { type: 'string'; value: string | number | Uint8Array }
  | { type: 'list'; values: string[] }
  | { type: 'set'; members: string[] }
  | { type: 'hash'; pairs: string[] }
  | { type: 'zset'; pairs: (string | number)[] }
  | { type: 'stream'; stream: StreamData }
