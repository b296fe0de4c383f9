/** Where a format error was found. */
export interface Place {
  readonly file?: string
  /** In bytes from the start of the file, or of the payload. */
  readonly offset: number
}

/** Bytes that are not what they should be. The only error that reading a file or a payload throws by itself. */
export class CorruptionError extends Error {
  readonly code: 'CORRUPTION' | 'UNSUPPORTED'
  readonly file: string | undefined
  readonly offset: number

  constructor(what: string, place: Place, code: 'CORRUPTION' | 'UNSUPPORTED' = 'CORRUPTION') {
    super(`${what} (${place.file === undefined ? '' : `${place.file}, `}at byte ${place.offset})`)
    this.name = 'CorruptionError'
    this.code = code
    this.file = place.file
    this.offset = place.offset
  }
}

/** Sound as far as can be seen, but of a kind this version does not read; `what` names it. */
export class UnsupportedError extends CorruptionError {
  readonly what: string

  constructor(what: string, place: Place) {
    super(`${what} is not supported`, place, 'UNSUPPORTED')
    this.name = 'UnsupportedError'
    this.what = what
  }
}
