import { installBase } from './base-library.ts'
import { bitLibrary } from './bit-library.ts'
import { cjsonLibrary } from './cjson.ts'
import { cmsgpackLibrary } from './cmsgpack.ts'
import { Machine } from './machine.ts'
import { mathLibrary } from './math-library.ts'
import { osLibrary } from './os-library.ts'
import { index, less } from './runtime.ts'
import { stringLibrary } from './string-library.ts'
import { structLibrary } from './struct.ts'
import { Table } from './table.ts'
import { tableLibrary } from './table-library.ts'

export { compile } from './compile.ts'

/** A machine with the libraries that scripts may use. `seconds` tells `os.clock` the time, from any beginning. */
export function newMachine(seconds: () => number): Machine {
  const m = new Machine()
  const { globals } = m
  installBase(m)
  const strings = stringLibrary(m, (object, key) => index(m, object, key, m.site))
  m.strings = new Table()
  m.strings.setText('__index', strings)
  globals.setText('string', strings)
  globals.setText(
    'table',
    tableLibrary(m, (a, b) => less(m, a, b, m.site)),
  )
  globals.setText('math', mathLibrary(m).table)
  globals.setText('bit', bitLibrary(m))
  globals.setText('os', osLibrary(seconds))
  globals.setText('cjson', cjsonLibrary(m))
  globals.setText('cmsgpack', cmsgpackLibrary(m))
  globals.setText('struct', structLibrary(m))
  return m
}
