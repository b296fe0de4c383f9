/**
 * Packs the package, installs the tarball in an empty folder and uses it there as a user would: compiled strict as ESM
 * and CJS with the libraries checked too, run in Node, Bun, Deno and workerd.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const bin = (name: string): string => path.join(root, 'node_modules/.bin', name)
const place = mkdtempSync(path.join(tmpdir(), 'embedis-smoke-'))

function run(command: string, args: readonly string[], cwd = place): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], timeout: 120_000 })
}

function json(name: string, value: unknown): void {
  writeFileSync(path.join(place, name), JSON.stringify(value))
}

const main = `import { program } from './program.js'
import { files } from './files.js'
console.log(await program(), '-', await files('./data'))
`
const mainCjs = `const { program } = require('./program.js')
const { files } = require('./files.js')
program().then(async text => console.log(text, '-', await files('./data')))
`
// A test of workerd is a worker with a \`test\` handler.
const worker = `import { program } from './esm/program.js'
export default { async test() { console.log(await program()) } }
`

try {
  const tarball = run('npm', ['pack', '--silent', '--pack-destination', place], root)
    .trim()
    .split('\n')
    .at(-1) as string
  json('package.json', { name: 'consumer', private: true })
  run('npm', ['install', '--silent', '--no-audit', '--no-fund', `./${tarball}`])

  for (const [kind, module] of [
    ['esm', 'module'],
    ['cjs', 'commonjs'],
  ] as const) {
    const folder = path.join(place, kind)
    mkdirSync(folder)
    cpSync(path.join(root, 'test/consumer'), folder, { recursive: true })
    json(`${kind}/package.json`, { type: module })
    json(`${kind}/tsconfig.json`, {
      compilerOptions: {
        strict: true,
        target: 'ES2022',
        lib: ['ES2023', 'ESNext.Disposable'],
        module: 'NodeNext',
        moduleResolution: 'NodeNext',
        skipLibCheck: false,
        types: [],
      },
      include: ['*.ts'],
    })
    run(bin('tsc'), ['-p', '.'], folder)
    writeFileSync(path.join(folder, 'main.js'), kind === 'esm' ? main : mainCjs)
    console.log(`node ${kind}:`, run('node', ['main.js'], folder).trim())
  }
  const esm = path.join(place, 'esm')
  console.log('bun:', run(bin('bun'), ['main.js'], esm).trim())
  console.log('deno:', run(bin('deno'), ['run', '--allow-all', '--quiet', 'main.js'], esm).trim())

  console.log('npx embedis:', run('npx', ['--no-install', 'embedis', '--version']).trim())

  const dist = path.join(place, 'node_modules/embedis/dist')
  // What knows Node; none of the others may come to import it.
  const forNode = ['fs.js', 'server.js', 'cli.js']
  const modules = readdirSync(dist).filter(name => name.endsWith('.js') && !forNode.includes(name))
  const importable: readonly [name: string, file: string][] = [
    ['worker.js', 'worker.js'],
    ['esm/program.js', 'esm/program.js'],
    ...modules.map(name => [`esm/${name}`, `node_modules/embedis/dist/${name}`] as [string, string]),
    ['esm/embedis', 'esm/embedis.js'],
    ['esm/embedis/lua', 'esm/embedis-lua.js'],
    ['esm/embedis/remote', 'esm/embedis-remote.js'],
    ['esm/embedis/testing', 'esm/embedis-testing.js'],
    ['esm/embedis/upstash', 'esm/embedis-upstash.js'],
  ]
  writeFileSync(path.join(esm, 'embedis.js'), `export * from './index.js'\n`)
  for (const name of ['lua', 'remote', 'testing', 'upstash']) {
    writeFileSync(path.join(esm, `embedis-${name}.js`), `export * from '../${name}.js'\n`)
  }
  writeFileSync(path.join(place, 'worker.js'), worker)
  writeFileSync(
    path.join(place, 'config.capnp'),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [(name = "main", worker = .worker)]);
const worker :Workerd.Worker = (
  compatibilityDate = "2026-10-01",
  modules = [${importable.map(([name, file]) => `(name = "${name}", esModule = embed "${file}")`).join(',\n    ')}],
);
`,
  )
  run(bin('workerd'), ['test', 'config.capnp'])
  console.log('workerd: embedis works')
} finally {
  rmSync(place, { recursive: true, force: true })
}
