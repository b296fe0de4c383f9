import type { ExpiryOptions } from '../commands/expiry-options.ts'
import { argument, flag, integer, late, type Option } from './codec.ts'

// How the options that say when something expires are spelled, to be spread into the options of a row. Every command
// reads the numbers after the last word, and some of them after they have looked at the key.

const time = late(integer())

export const timeWords: { readonly [K in 'ex' | 'px' | 'exat' | 'pxat']: Option<ExpiryOptions[K]> } = {
  ex: argument('EX', time),
  px: argument('PX', time),
  exat: argument('EXAT', time),
  pxat: argument('PXAT', time),
}

export const keepttlWord: { readonly keepttl: Option<boolean | undefined> } = { keepttl: flag('KEEPTTL') }

export const persistWord: { readonly persist: Option<boolean | undefined> } = { persist: flag('PERSIST') }
