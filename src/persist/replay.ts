import type { Databases } from '../databases.ts'
import { CorruptionError } from '../encoding/corruption.ts'
import { ReplyError } from '../errors.ts'
import type { AofSink } from './aof/scanner.ts'
import { isFunction, replayed } from '../libraries.ts'

/** Runs one command of the log; throws what the command throws. */
export type Apply = (db: number, argv: string[]) => void

/** Takes the commands of a log into databases. One that fails is damage of the file. */
export class Replay implements AofSink {
  /** Where the commit begins that is replayed, or the checksum lines before it: all before is sound. */
  good: number
  private readonly databases: Databases
  private readonly apply: Apply
  private readonly file: string

  /** `from` is where the log begins in its file. */
  constructor(databases: Databases, apply: Apply, file: string, from: number = 0) {
    this.good = from
    this.databases = databases
    this.apply = apply
    this.file = file
  }

  command(db: number, argv: string[]): void {
    const { databases } = this
    try {
      if (isFunction(argv)) databases.libraries = replayed(databases.libraries, argv)
      else this.apply(db, argv)
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error
      throw new CorruptionError(`the log holds a command that fails, ${argv[0]}: ${error.message}`, {
        file: this.file,
        offset: this.good,
      })
    }
  }

  commit(end: number): void {
    this.good = end
  }
}
