/** Where scripts of embedis answer otherwise than those of the live judge (Debian's 7.0.15), each place with its reason. */

export interface ScriptDifference {
  readonly name: string
  readonly reason: string
  /** May embedis answer `got` where 7.0.15 answered `reply` to the snippet of this title? */
  readonly explains: (title: string, reply: string, got: string) => boolean
}

export const SCRIPT_DIFFERENCES: readonly ScriptDifference[] = [
  {
    name: 'sign of nan',
    reason: 'JavaScript does not tell the sign of nan, which printf writes and which each processor sets as it likes.',
    explains: (_, reply, got) => /\bnan\b/.test(reply) && withoutSign(reply) === withoutSign(got),
  },
  {
    name: 'os.clock',
    reason: 'Scripts have os, with clock alone, since 7.4.',
    explains: title => title === 'os has at most a clock' || title === 'os.execute',
  },
  {
    name: 'server',
    reason: 'The table redis has a second name, which scripts for Valkey use.',
    explains: (title, reply, got) => title === 'globals that exist' && got.replace(' server:table', '') === reply,
  },
  {
    name: 'shortest doubles',
    reason: '7.2 writes doubles with the fewest digits that read back (fpconv); 7.0 with %.17g.',
    explains: title => title === 'doubles of many kinds',
  },
  {
    name: 'registers',
    reason: 'Lua refuses calls of more arguments than a function has registers for, 250; embedis has no registers.',
    explains: (title, _, got) => title === 'too many arguments in one call' && got === ':260',
  },
  {
    name: 'errors of readers',
    reason:
      'An error of a reader given to load passes the error handler of Redis, when no pcall is between, and becomes a table.',
    explains: title => title === 'errors of a reader pass the error handler of Redis',
  },
]

const withoutSign = (text: string): string => text.replace(/-(nan)\b/gi, '$1')

export function explainReply(title: string, reply: string, got: string): ScriptDifference | undefined {
  return SCRIPT_DIFFERENCES.find(difference => difference.explains(title, reply, got))
}
