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
    name: 'digits of doubles',
    reason: 'Doubles are answered with the shortest digits, as Redis 7.2 and later do, not with 17.',
    explains: (title, reply, got) => title === 'doubles of many kinds' && shortest(reply) === shortest(got),
  },
  {
    name: 'server',
    reason: 'Valkey calls `redis` by this name, too.',
    explains: (title, reply, got) => title === 'globals that exist' && reply === got.replace(' server:table', ''),
  },
]

const shortest = (text: string): string => text.replace(/\d+\.\d+(e[-+]\d+)?/g, digits => String(Number(digits)))

const withoutSign = (text: string): string => text.replace(/-(nan)\b/gi, '$1')

export function explainReply(title: string, reply: string, got: string): ScriptDifference | undefined {
  return SCRIPT_DIFFERENCES.find(difference => difference.explains(title, reply, got))
}
