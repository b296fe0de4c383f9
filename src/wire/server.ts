import type { Tree } from '../api/server.ts'
import type { server } from '../commands/server.ts'
import { type Codec, rest, value } from './codec.ts'
import { type ReplyCodec, type ReplyWriter, unexpected } from './reply.ts'
import type { Flag, Rows } from './row.ts'

function writeTree(tree: Tree, w: ReplyWriter): void {
  if (tree === null) w.null()
  else if (typeof tree === 'string') w.bulk(tree)
  else if (typeof tree !== 'object') w.integer(tree)
  else if (tree instanceof Map) {
    w.map(tree.size)
    for (const [name, one] of tree as ReadonlyMap<string | number, Tree>) {
      writeTree(name, w)
      writeTree(one, w)
    }
  } else if (Array.isArray(tree)) {
    w.array(tree.length)
    for (const one of tree as readonly Tree[]) writeTree(one, w)
  } else if ('status' in tree) w.status(tree.status)
  else if ('double' in tree) w.double(tree.double)
  else if ('set' in tree) {
    w.set(tree.set.length)
    for (const one of tree.set) writeTree(one, w)
  } else if ('verbatim' in tree) {
    if (w.verbatim === undefined) w.bulk(tree.verbatim)
    else w.verbatim(tree.verbatim)
  }
}

/** A reply of a shape that is its own; nobody reads it back. */
export const treeReply: ReplyCodec<Tree> = {
  write: writeTree,
  read: unexpected,
}

const word = value as Codec<string>
const words = rest(word)
const anyWords = rest(word, 0)

/** The subcommand as it was spelled, for an error line, and all after it. */
export const spelledWords: Codec<readonly string[]> = {
  ...anyWords,
  read: args => [args.argv[1], ...anyWords.read(args)],
}

const admin: readonly Flag[] = ['admin', 'noscript', 'loading', 'stale']
const open: readonly Flag[] = ['loading', 'stale']

export const serverRows: Rows<typeof server> = {
  info: { name: 'INFO', flags: open, args: [anyWords], reply: treeReply },
  time: { name: 'TIME', flags: ['loading', 'stale', 'fast'], args: [], reply: treeReply },
  lolwut: { name: 'LOLWUT', flags: ['readonly', 'fast'], args: [anyWords], reply: treeReply },
  configGet: { name: 'CONFIG GET', flags: admin, args: [words], reply: treeReply },
  configSet: { name: 'CONFIG SET', flags: admin, args: [rest(word, 2)], reply: treeReply },
  configResetstat: { name: 'CONFIG RESETSTAT', flags: admin, args: [], reply: treeReply },
  configRewrite: { name: 'CONFIG REWRITE', flags: admin, args: [], reply: treeReply },
  configHelp: { name: 'CONFIG HELP', flags: open, args: [], reply: treeReply },
  slowlogGet: { name: 'SLOWLOG GET', flags: ['admin', 'loading', 'stale'], args: [spelledWords], reply: treeReply },
  slowlogLen: { name: 'SLOWLOG LEN', flags: ['admin', 'loading', 'stale'], args: [], reply: treeReply },
  slowlogReset: { name: 'SLOWLOG RESET', flags: ['admin', 'loading', 'stale'], args: [], reply: treeReply },
  slowlogHelp: { name: 'SLOWLOG HELP', flags: open, args: [], reply: treeReply },
  latencyLatest: { name: 'LATENCY LATEST', flags: admin, args: [], reply: treeReply },
  latencyHistory: { name: 'LATENCY HISTORY', flags: admin, args: [word], reply: treeReply },
  latencyGraph: { name: 'LATENCY GRAPH', flags: admin, args: [word], reply: treeReply },
  latencyReset: { name: 'LATENCY RESET', flags: admin, args: [anyWords], reply: treeReply },
  latencyHistogram: { name: 'LATENCY HISTOGRAM', flags: admin, args: [anyWords], reply: treeReply },
  latencyDoctor: { name: 'LATENCY DOCTOR', flags: admin, args: [], reply: treeReply },
  latencyHelp: { name: 'LATENCY HELP', flags: open, args: [], reply: treeReply },
  memoryStats: { name: 'MEMORY STATS', flags: [], args: [], reply: treeReply },
  memoryDoctor: { name: 'MEMORY DOCTOR', flags: [], args: [], reply: treeReply },
  memoryMallocStats: { name: 'MEMORY MALLOC-STATS', flags: [], args: [], reply: treeReply },
  memoryPurge: { name: 'MEMORY PURGE', flags: [], args: [], reply: treeReply },
  memoryHelp: { name: 'MEMORY HELP', flags: open, args: [], reply: treeReply },
  debug: {
    name: 'DEBUG',
    flags: admin,
    args: [words],
    later: ({ databases }, [, word]) => (word.toUpperCase() === 'LOADAOF' ? databases.reload() : undefined),
    reply: treeReply,
  },
}
