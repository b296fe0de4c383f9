/** One suite at one size, in a process of its own: prints the rates as JSON on the last line. */
import { measure, type Suite } from './suite.ts'

const [name, size, rounds, only] = process.argv.slice(2)
const { suite } = (await import(`./${name}.ts`)) as { suite: Suite }
const rates = await measure(suite, Number(size), Number(rounds), only === '' ? undefined : only)
console.log(JSON.stringify(rates))
process.exit(0)
