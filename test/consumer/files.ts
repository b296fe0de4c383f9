/** Files, where there is a file system. */
import { Store } from 'embedis'
import { directory } from 'embedis/fs'

export async function files(place: string): Promise<string> {
  const store = await Store.open({ persistence: directory(place, { fsync: 'always' }) })
  store.incr('runs')
  await store.close()
  const again = await Store.open({ persistence: directory(place) })
  const runs = again.get('runs')
  await again.save()
  await again.close()
  if (runs === null) throw new Error('nothing was kept')
  return `run ${runs}`
}
