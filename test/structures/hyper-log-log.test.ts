import { describe, expect, it } from 'vitest'
import { Bytes } from '../../src/structures/bytes.ts'
import {
  addElement,
  cacheCount,
  cachedCount,
  checkHyperLogLog,
  countOf,
  countRegisters,
  emptyHyperLogLog,
  isDense,
  isHyperLogLog,
  mergeInto,
  raiseAll,
  REGISTERS,
} from '../../src/structures/hyper-log-log.ts'
import { newVersion } from '../../src/structures/version.ts'
import { toBytes } from '../../src/util/text.ts'
import { Random, seed } from '../util/live.ts'

const make = (bytes = emptyHyperLogLog()): Bytes => new Bytes(newVersion(), bytes)

function add(hll: Bytes, element: string): number {
  const bytes = toBytes(element)
  return addElement(hll, bytes, bytes.length)
}

describe('a HyperLogLog', () => {
  it('holds its invariants from empty to dense, and counts within its error', () => {
    const hll = make()
    checkHyperLogLog(hll)
    let added = 0
    let wasDense = false
    for (const until of [1, 2, 10, 100, 500, 1000, 1500, 2000, 5000, 30_000, 100_000]) {
      while (added < until) {
        add(hll, `e${added++}`)
        if (added < 1500 && added % 10 === 0) checkHyperLogLog(hll)
      }
      checkHyperLogLog(hll)
      const count = countOf(hll.view()) as number
      expect(Math.abs(count - added) / added).toBeLessThan(0.04)
      cacheCount(hll.view(), count)
      expect(cachedCount(hll.view())).toBe(count)
      expect(add(hll, 'e0')).toBe(0)
      expect(cachedCount(hll.view())).toBe(count)
      wasDense ||= isDense(hll.view())
    }
    expect(wasDense).toBe(true)
    expect(hll.length).toBe(12_304)
  })

  it('has the registers of its elements, whichever way it is kept', () => {
    const r = new Random(seed)
    for (let run = 0; run < 30; run++) {
      const sparse = make()
      const other = make()
      const dense = make()
      raiseAll(dense, new Uint8Array(REGISTERS), true)
      for (let i = r.int(0, 900); i > 0; i--) {
        const element = `e${r.int(0, 5000)}`
        for (const one of [dense, r.next() < 0.5 ? sparse : other]) add(one, element)
        if (i % 8 === 0) checkHyperLogLog(other)
      }
      const registers = [new Uint8Array(REGISTERS), new Uint8Array(REGISTERS)]
      for (const one of [sparse, other]) expect(mergeInto(registers[0], one.view())).toBe(true)
      expect(mergeInto(registers[1], dense.view())).toBe(true)
      expect(registers[0]).toEqual(registers[1])
      raiseAll(sparse, registers[0], false)
      checkHyperLogLog(sparse)
      expect(countOf(sparse.view())).toBe(countRegisters(registers[1]))
      expect(countOf(dense.view())).toBe(countRegisters(registers[1]))
    }
  })

  it('takes any bytes without looking outside', () => {
    const r = new Random(seed)
    for (let run = 0; run < 3000; run++) {
      const bytes = new Uint8Array(16 + r.int(0, 40)).map(() => r.pick([0x7f, 0xff, 0x40, r.int(0, 255)]))
      bytes.set(emptyHyperLogLog().subarray(0, 8))
      expect(isHyperLogLog(bytes)).toBe(true)
      const hll = make(bytes)
      for (let i = 0; i < 8; i++) add(hll, `e${i}`)
      const view = hll.view()
      expect(view.every(byte => byte !== undefined)).toBe(true)
      const count = countOf(view)
      expect(mergeInto(new Uint8Array(REGISTERS), view)).toBe(count !== undefined)
    }
    for (const bytes of [new Uint8Array(0), toBytes('HYLL'), emptyHyperLogLog().subarray(0, 15)]) {
      expect(isHyperLogLog(bytes)).toBe(false)
    }
    const dense = new Uint8Array(12_304)
    dense.set(toBytes('HYLL'))
    expect(isHyperLogLog(dense)).toBe(true)
    expect([isHyperLogLog(dense.subarray(1)), isHyperLogLog(dense.subarray(0, 12_303))]).toEqual([false, false])
    expect(cachedCount(dense.fill(0xff, 8, 15).fill(0x7f, 15, 16))).toBe(2n ** 63n - 1n)
  })
})
