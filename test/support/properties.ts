/** fast-check with the seed that all random tests share: the same cases on each run, others by `EMBEDIS_SEED`. */
import fc from 'fast-check'
import { seed } from '../util/live.ts'

fc.configureGlobal({ seed })

export { fc }
