import * as fs from 'node:fs'
import path from 'node:path'
import { directory, type FilesOptions } from '../fs.ts'
import { Store } from '../index.ts'
import { keyspaceOf } from '../install.ts'
import { readRdbFrom } from '../persist/rdb/reader.ts'
import { Loader } from '../persist/snapshot.ts'
import { ReadOnlyFile, Refused } from './files.ts'
import type { Output } from './output.ts'

/** Makes a directory out of a snapshot. Nothing of it is written before all of it has been read. */
export async function load(
  file: string,
  to: string,
  databases: number,
  files: FilesOptions,
  output: Output,
): Promise<number> {
  if (!fs.existsSync(file)) throw new Refused(`${file} does not exist`)
  // Opening an empty directory would read a snapshot that lies in it.
  if (fs.existsSync(path.join(to, 'dump.rdb')) && !fs.existsSync(path.join(to, 'appendonlydir'))) {
    throw new Refused(`${to} holds a snapshot already, dump.rdb: a store opens it from there`)
  }
  const source = new ReadOnlyFile(file)
  const store = await Store.open({ databases, persistence: directory(to, files) })
  try {
    const { keys: held } = store.stats()
    if (held > 0) throw new Refused(`${to} holds ${held} keys already`)
    const keyspaces = keyspaceOf(store).databases
    let begun = 0
    const loader = new Loader(keyspaces, path.basename(file), source.size, keyspaces.now(), () => begun)
    const noting = {
      size: source.size,
      read: (at: number, length: number): Promise<Uint8Array> => {
        begun = at
        return source.read(at, length)
      },
    }
    await readRdbFrom(noting, loader, { file: path.basename(file) })
    await store.rewrite()
    await output.print(`${loader.keys} keys in ${to}, ${loader.expired} had expired\n`)
    return 0
  } finally {
    source.close()
    await store.close()
  }
}
