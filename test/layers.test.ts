import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'

/** Who may import whom: each layer the ones named after it. `types` marks layers of which only types are wanted. */
const graph: Record<string, readonly string[]> = {
  util: [],
  errors: [],
  host: [],
  api: [],
  structures: ['util'],
  encoding: ['structures', 'util'],
  stats: ['errors', 'util'],
  ports: ['keyspace'],
  undo: ['keyspace'],
  functions: ['errors', 'keyspace', 'ports', 'util'],
  libraries: ['encoding', 'errors', 'functions', 'util'],
  keyspace: ['structures', 'errors', 'databases'],
  events: ['keyspace', 'util'],
  notifications: ['events', 'pubsub', 'util'],
  pubsub: ['util'],
  waiting: ['host', 'events', 'keyspace'],
  databases: [
    'functions',
    'ports',
    'undo',
    'stats',
    'structures',
    'errors',
    'host',
    'keyspace',
    'util',
    'events',
    'notifications',
    'pubsub',
    'waiting',
  ],
  config: ['databases', 'notifications', 'structures', 'stats', 'util'],
  commands: [
    'functions',
    'libraries',
    'ports',
    'waiting',
    'api',
    'config',
    'stats',
    'keyspace',
    'databases',
    'structures',
    'encoding',
    'errors',
    'util',
  ],
  install: ['commands', 'keyspace'],
  subscribe: ['api', 'commands', 'install', 'pubsub'],
  session: [
    'ports',
    'api',
    'config',
    'commands',
    'databases',
    'errors',
    'events',
    'install',
    'keyspace',
    'pubsub',
    'util',
    'waiting',
    'wire',
  ],
  iterate: ['api', 'commands', 'install', 'keyspace'],
  store: [
    'functions',
    'ports',
    'events',
    'notifications',
    'subscribe',
    'api',
    'commands',
    'databases',
    'host',
    'install',
    'iterate',
    'keyspace',
    'errors',
    'util',
  ],
  wire: ['api', 'errors', 'util', 'commands', 'keyspace', 'stats'],
  resp: ['wire', 'util'],
  adapters: [
    'databases',
    'encoding',
    'errors',
    'host',
    'index',
    'install',
    'keyspace',
    'lua',
    'ports',
    'resp',
    'session',
    'util',
    'wire',
  ],
  script: [
    'api',
    'databases',
    'errors',
    'functions',
    'keyspace',
    'libraries',
    'ports',
    'session',
    'stats',
    'util',
    'wire',
  ],
  lua: ['ports', 'script'],
  persist: ['libraries', 'ports', 'databases', 'encoding', 'keyspace', 'structures', 'host', 'errors', 'util'],
  storage: ['persist'],
  remote: ['api', 'commands', 'install', 'wire', 'util'],
  // Composition roots.
  index: ['*'],
  testing: ['*'],
  bin: ['*'],
  core: ['events', 'api', 'store', 'errors', 'host', 'util'],
  fs: ['persist', 'encoding', 'storage'],
}

const src = path.resolve(import.meta.dirname, '../src')
const layerOf = (file: string): string => path.relative(src, file).split(path.sep)[0].replace(/\.ts$/, '')
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts'))
  .map(name => path.join(src, name))

interface Import {
  readonly from: string
  readonly to: string
  readonly typeOnly: boolean
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8')
  const found: Import[] = []
  for (const [, type, name] of text.matchAll(/^(?:import|export)\s+(type\s)?[^'"]*?from\s+'([^']+)'/gm)) {
    found.push({ from: file, to: name, typeOnly: type !== undefined })
  }
  for (const [, name] of text.matchAll(/^import\s+'([^']+)'/gm)) found.push({ from: file, to: name, typeOnly: false })
  return found
}

const imports = files.flatMap(importsOf)

it('each layer imports only what it may', () => {
  const wrong: string[] = []
  for (const { from, to, typeOnly } of imports) {
    if (!to.startsWith('.')) continue
    const layer = layerOf(from)
    const target = layerOf(path.resolve(path.dirname(from), to))
    const allowed = graph[layer]
    if (allowed === undefined) wrong.push(`${layer} is in no layer`)
    else if (
      target !== layer &&
      !allowed.includes('*') &&
      !allowed.includes(target) &&
      !(typeOnly && target === 'api')
    ) {
      wrong.push(`${path.relative(src, from)} imports ${to}`)
    }
  }
  expect(wrong).toEqual([])
})

/** Whose clients an adapter makes: the optional peers, each in one file. */
const peers: Record<string, string> = {
  'adapters/node/ioredis.ts': 'ioredis',
  'adapters/node/node-redis.ts': 'redis',
}

it('only the file system driver, the adapters for Node and the command know Node, and nobody a package but the client it makes', () => {
  const forNode = ['storage/fs', 'adapters/node', 'bin'].map(place => path.join(src, ...place.split('/')) + path.sep)
  const outside = imports.filter(({ to }) => !to.startsWith('.'))
  expect(outside.filter(({ from }) => !forNode.some(place => from.startsWith(place)))).toEqual([])
  const nameOf = (file: string): string => path.relative(src, file).split(path.sep).join('/')
  expect(outside.filter(({ from, to }) => !to.startsWith('node:') && peers[nameOf(from)] !== to)).toEqual([])
})
