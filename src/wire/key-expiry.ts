import type { ExpireOptions } from '../api/expiry.ts'
import type { expiry } from '../commands/expiry.ts'
import { inLine, ReplyError } from '../errors.ts'
import { type Codec, flag, integer, key, late, options } from './codec.ts'
import { integer as integerReply, yes } from './reply.ts'
import type { Rows } from './row.ts'

// The conditions are looked at before the time is read.
const time = late(integer())

const words = options<{ nx?: boolean; xx?: boolean; gt?: boolean; lt?: boolean }>(
  { nx: flag('NX'), xx: flag('XX'), gt: flag('GT'), lt: flag('LT') },
  true,
)
const conditions: Codec<ExpireOptions | undefined> = {
  ...(words as Codec<ExpireOptions | undefined>),
  read: args => {
    const given = words.read(args)
    if (args.left > 0) throw new ReplyError(`ERR Unsupported option ${inLine(args.next())}`)
    return given as ExpireOptions | undefined
  },
}

export const expiryRows: Rows<typeof expiry> = {
  expire: { name: 'EXPIRE', flags: ['write', 'fast'], args: [key, time, conditions], reply: yes },
  pexpire: { name: 'PEXPIRE', flags: ['write', 'fast'], args: [key, time, conditions], reply: yes },
  expireat: { name: 'EXPIREAT', flags: ['write', 'fast'], args: [key, time, conditions], reply: yes },
  pexpireat: { name: 'PEXPIREAT', flags: ['write', 'fast'], args: [key, time, conditions], reply: yes },
  ttl: { name: 'TTL', flags: ['readonly', 'fast'], args: [key], reply: integerReply },
  pttl: { name: 'PTTL', flags: ['readonly', 'fast'], args: [key], reply: integerReply },
  expiretime: { name: 'EXPIRETIME', flags: ['readonly', 'fast'], args: [key], reply: integerReply },
  pexpiretime: { name: 'PEXPIRETIME', flags: ['readonly', 'fast'], args: [key], reply: integerReply },
  persist: { name: 'PERSIST', flags: ['write', 'fast'], args: [key], reply: yes },
}
