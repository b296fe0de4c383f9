import { readFileSync } from 'node:fs'
import { defineConfig } from 'tsup'

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    core: 'src/core.ts',
    fs: 'src/fs.ts',
    persist: 'src/persist/index.ts',
    lua: 'src/lua.ts',
    remote: 'src/remote/index.ts',
    server: 'src/adapters/node/server.ts',
    ioredis: 'src/adapters/node/ioredis.ts',
    'node-redis': 'src/adapters/node/node-redis.ts',
    upstash: 'src/adapters/upstash.ts',
    testing: 'src/testing/index.ts',
    cli: 'src/bin/cli.ts',
  },
  format: ['esm', 'cjs'],
  dts: { compilerOptions: { types: ['node'] } },
  platform: 'neutral',
  target: 'es2022',
  external: [/^node:/],
  define: { __VERSION__: JSON.stringify(version) },
  splitting: true,
  treeshake: true,
  clean: true,
  removeNodeProtocol: false,
})
