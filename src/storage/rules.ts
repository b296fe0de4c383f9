/** What every driver agrees on besides the interface: names and errors. */

/** Names that drivers use for themselves begin so. */
export const RESERVED = '.embedis-'

/** Refuses a name that is no base name, or one of the driver's own. Names come from manifests, too. */
export function checkName(name: string): void {
  const plain = name !== '' && name !== '.' && name !== '..' && name.length <= 255 && !/[/\\:\u0000-\u001f]/.test(name)
  if (!plain || name.startsWith(RESERVED)) throw new TypeError(`${JSON.stringify(name)} is no name for a file`)
}

/** Somebody else has the directory open. */
export class LockedError extends Error {
  readonly code = 'LOCKED' as const
  /** Who, as far as is known. */
  readonly holder: string

  constructor(place: string, holder: string) {
    super(`${place} is in use by ${holder}`)
    this.name = 'LockedError'
    this.holder = holder
  }
}

/** There is no such file: as Node's error of the same code. */
export class MissingFileError extends Error {
  readonly code = 'ENOENT' as const

  constructor(name: string) {
    super(`ENOENT: no such file, ${name}`)
    this.name = 'MissingFileError'
  }
}
