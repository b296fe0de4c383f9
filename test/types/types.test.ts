import path from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const root = path.resolve(import.meta.dirname, '../..')

/** A language service over the project with one more file in it, as an editor has. */
function service(source: string): { hover(marker: string): string; problems(): string[] } {
  const config = ts.readConfigFile(path.join(root, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root)
  const file = path.join(root, 'src/hover-probe.ts')
  const host: ts.LanguageServiceHost = {
    getCompilationSettings: () => options,
    getScriptFileNames: () => [file],
    getScriptVersion: () => '1',
    getScriptSnapshot: name => {
      const text = name === file ? source : ts.sys.readFile(name)
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text)
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: name => name === file || ts.sys.fileExists(name),
    readFile: ts.sys.readFile,
  }
  const languageService = ts.createLanguageService(host)
  return {
    hover(marker) {
      const info = languageService.getQuickInfoAtPosition(file, source.indexOf(marker))
      return ts.displayPartsToString(info?.displayParts)
    },
    problems: () =>
      languageService.getSemanticDiagnostics(file).map(one => ts.flattenDiagnosticMessageText(one.messageText, '\n')),
  }
}

describe('types', () => {
  it('show plain replies in an editor', () => {
    const { hover, problems } = service(`
      import { Store } from './index.ts'
      const store = new Store()
      store.zadd('z', 1, 'm')
      const reply = store.get('k')
      void reply
    `)
    expect(problems()).toEqual([])
    expect(hover('zadd')).toMatch(/zadd\(key: Key, score: number, member: Value, options\?: .*\): number/)
    expect(hover('reply')).toBe('const reply: string | null')
  })

  it('refuse what contracts.ts says they must', () => {
    const config = ts.readConfigFile(path.join(root, 'tsconfig.node.json'), ts.sys.readFile)
    const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root)
    const program = ts.createProgram([path.join(root, 'test/types/contracts.ts')], options)
    const problems = ts
      .getPreEmitDiagnostics(program)
      .map(one => `${one.file?.fileName}: ${ts.flattenDiagnosticMessageText(one.messageText, '\n')}`)
    expect(problems).toEqual([])
  })
})
