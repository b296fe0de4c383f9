import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    core: 'src/core.ts',
    fs: 'src/fs.ts',
    persist: 'src/persist/index.ts',
    remote: 'src/remote/index.ts',
    server: 'src/adapters/node/server.ts',
    ioredis: 'src/adapters/node/ioredis.ts',
    'node-redis': 'src/adapters/node/node-redis.ts',
    upstash: 'src/adapters/upstash.ts',
  },
  format: ['esm', 'cjs'],
  dts: true,
  platform: 'neutral',
  target: 'es2022',
  external: [/^node:/],
  splitting: true,
  treeshake: true,
  clean: true,
  removeNodeProtocol: false,
})
