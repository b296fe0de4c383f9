import { lastSave } from '../commands/info.ts'
import type { FilesPort } from '../ports.ts'
import { lines, ReplyError } from '../errors.ts'
import type { ConnectionRow } from '../wire/table.ts'
import { any, ok, row } from './row.ts'
import type { Argv, Session } from './session.ts'

// The files of a store, for clients: SAVE and its kin, and the end of the program that serves them. A snapshot and a rewrite
// are written while commands go on, in a row with those that the program itself asks for.

export const savingLines = {
  noFiles: 'ERR the store has no files: open it with Store.open({ persistence })',
  saving: 'ERR Background save already in progress',
  rewriting: 'ERR Background append only file rewriting already in progress',
  busy: "ERR Another child process is active (AOF?): can't BGSAVE right now. Use BGSAVE SCHEDULE in order to schedule a BGSAVE whenever possible.",
  noShutdown: 'ERR No shutdown in progress.',
  shutdownFailed: 'ERR Errors trying to SHUTDOWN. Check logs.',
  notOurs: 'ERR SHUTDOWN is not for clients of this store: listen(store, { onShutdown }) says what it does',
} as const

function notSaved(error: Error): string {
  return `ERR the snapshot could not be written: ${error.message}`
}

function filesOf(session: Session): FilesPort {
  const { files } = session.databases
  if (files === null) throw new ReplyError(savingLines.noFiles)
  return files
}

/** Begins what goes on in the background. That it failed INFO tells, as in Redis. */
function begin(work: Promise<unknown>): void {
  work.catch(() => {})
}

/** What SHUTDOWN is asked to do first: true to write a snapshot. */
function shutdownSaves(words: Argv): boolean | undefined | 'abort' {
  let save: boolean | undefined
  let abort = false
  let others = false
  for (const word of words.map(one => one.toUpperCase())) {
    if (word === 'ABORT') abort = true
    else if (word === 'NOW' || word === 'FORCE') others = true
    else if ((word === 'SAVE' && save !== false) || (word === 'NOSAVE' && save !== true)) save = word === 'SAVE'
    else throw new ReplyError(lines.syntax)
  }
  if (!abort) return save
  if (others || save !== undefined) throw new ReplyError(lines.syntax)
  return 'abort'
}

async function shutdown(session: Session, argv: Argv): Promise<void> {
  const saves = shutdownSaves(argv.slice(1))
  if (saves === 'abort') throw new ReplyError(savingLines.noShutdown)
  const end = session.clients.shutdown
  if (end === null) throw new ReplyError(savingLines.notOurs)
  const force = argv.some(word => word.toUpperCase() === 'FORCE')
  try {
    if (saves === true) await filesOf(session).save()
  } catch (error) {
    if (error instanceof ReplyError) throw error
    if (!force) throw new ReplyError(savingLines.shutdownFailed)
  }
  // No reply: that the connection ends is the answer.
  session.close()
  await end()
}

const admin = 'admin noscript no_async_loading'

export const savingRows: readonly ConnectionRow[] = [
  row('SAVE', `${admin} no_multi`, [], async (session, _, w) => {
    const files = filesOf(session)
    if (files.saves > 0) throw new ReplyError(savingLines.saving)
    try {
      await files.save()
    } catch (error) {
      throw new ReplyError(notSaved(error as Error))
    }
    ok(w)
  }),
  row('BGSAVE', admin, [any], (session, argv, w) => {
    const schedule = argv.length > 1
    if (schedule && (argv.length > 2 || argv[1].toUpperCase() !== 'SCHEDULE')) throw new ReplyError(lines.syntax)
    const files = filesOf(session)
    if (files.saves > 0) throw new ReplyError(savingLines.saving)
    const waits = files.rewrites > 0
    if (waits && !schedule) throw new ReplyError(savingLines.busy)
    begin(files.save())
    w.status(waits ? 'Background saving scheduled' : 'Background saving started')
  }),
  row('BGREWRITEAOF', admin, [], (session, _, w) => {
    const files = filesOf(session)
    if (files.rewrites > 0) throw new ReplyError(savingLines.rewriting)
    const waits = files.saves > 0
    begin(files.rewrite())
    w.status(`Background append only file rewriting ${waits ? 'scheduled' : 'started'}`)
  }),
  row('LASTSAVE', 'loading stale fast', [], ({ databases }, _, w) => w.integer(lastSave(databases))),
  row('SHUTDOWN', 'admin noscript loading stale no_multi allow_busy', [any], shutdown),
]
