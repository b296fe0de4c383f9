import { installBase } from './base-library.ts'
import { cjsonLibrary } from './cjson.ts'
import { cmsgpackLibrary } from './cmsgpack.ts'
import { Machine } from './machine.ts'
import { index } from './runtime.ts'
import { stringLibrary } from './string-library.ts'
import { structLibrary } from './struct.ts'
import { Table } from './table.ts'

export { compile } from './compile.ts'

/** A machine with the libraries that scripts may use. */
export function newMachine(): Machine {
  const m = new Machine()
  const { globals } = m
  installBase(m)
  const strings = stringLibrary(m, (object, key) => index(m, object, key, m.site))
  m.strings = new Table()
  m.strings.setText('__index', strings)
  globals.setText('string', strings)
  globals.setText('cjson', cjsonLibrary(m))
  globals.setText('cmsgpack', cmsgpackLibrary(m))
  globals.setText('struct', structLibrary(m))
  return m
}
