import { appendFileSync } from 'node:fs'
import { Directory } from '../../src/storage/fs/directory.ts'

/** Run by drivers.test.ts as a process of its own: `hold` takes the lock and stays; `loop` takes and leaves it. */
const [path, what, log] = process.argv.slice(2)
const driver = await Directory.at(path)
if (what === 'hold') {
  await driver.lock()
  process.stdout.write('held\n')
  setInterval(() => {}, 1000)
} else {
  process.stdout.write('ready\n')
  for (;;) {
    try {
      const lock = await driver.lock()
      appendFileSync(log, `${process.pid} in\n`)
      if (Math.random() < 0.5) await new Promise(done => setTimeout(done, Math.random() * 3))
      appendFileSync(log, `${process.pid} out\n`)
      await lock.release()
    } catch (error) {
      if ((error as { code?: string }).code !== 'LOCKED') throw error
    }
    await new Promise(done => setTimeout(done, Math.random() * 2))
  }
}
