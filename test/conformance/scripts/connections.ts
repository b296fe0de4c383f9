import { type Line, Script } from '../script.ts'

/**
 * What a client sees of its own connection, but for what differs between any two (its id) and what changes the protocol. A
 * fresh start empties the databases and leaves the connection as it is, so each part undoes what it did.
 */
export function connections(): Line[] {
  const s = new Script()
  s.arity('AUTH x', 'CLIENT ID', 'CLIENT GETNAME', 'CLIENT SETNAME x', 'SELECT 0', 'ECHO x')
  s.fresh().run('AUTH x', 'AUTH default x', 'AUTH nobody x', 'AUTH a b c', 'AUTH')
  s.run('HELLO x', 'HELLO 1', 'HELLO 4', 'HELLO 99999999999999999999', 'HELLO ""', 'HELLO 2x')
  for (const resp of ['2', '3']) {
    s.run(`HELLO ${resp} NOSUCH`, `HELLO ${resp} AUTH`, `HELLO ${resp} AUTH nobody x`, `HELLO ${resp} SETNAME`)
    // A good name before a wrong word is left out: 7.0 keeps it, 7.2 sets it when all words are right.
    s.run(`HELLO ${resp} SETNAME "a b"`, `HELLO ${resp} AUTH nobody x SETNAME "a b"`)
  }
  s.run('CLIENT GETNAME', 'CLIENT SETNAME ann', 'CLIENT GETNAME', 'client getname', 'CLIENT SETNAME "a b"')
  s.run('CLIENT SETNAME "a\\nb"', 'CLIENT SETNAME é', 'CLIENT GETNAME', 'CLIENT SETNAME ""', 'CLIENT GETNAME')
  s.run(
    'CLIENT',
    'CLIENT NOSUCH',
    'CLIENT NOSUCH x',
    'client nosuch',
    'CLIENT GETNAME x',
    'CLIENT SETNAME a b',
    'CLIENT ""',
  )
  s.run('SELECT x', 'SELECT 16', 'SELECT -1', 'SELECT 99999999999999999999', 'SELECT 0')
  // What cannot be queued spoils the transaction; what is only found when it runs does not.
  const bodies = [
    'CLIENT NOSUCH',
    'CLIENT',
    'CLIENT SETNAME',
    'CLIENT SETNAME "a b"',
    'HELLO 4',
    'HELLO x',
    'AUTH',
    'AUTH a b c',
  ]
  for (const body of bodies) s.fresh().run('MULTI', body, 'SET k 1', 'EXEC', 'GET k')
  // EXEC that cannot be run ends the transaction all the same.
  s.fresh().run('MULTI', 'SET k 1', 'EXEC x', 'EXEC', 'GET k')
  s.fresh().run('MULTI', 'SET k 1', 'DISCARD x', 'EXEC', 'GET k')
  s.fresh().run('MULTI', 'MULTI x', 'SET k 1', 'EXEC', 'MULTI', 'WATCH', 'EXEC')
  return s.lines
}
