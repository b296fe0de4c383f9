import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { xxh3 } from '../../src/util/xxh3.ts'
import { Random, seed } from './live.ts'

const data = Uint8Array.from({ length: 2001 }, (_, i) => (i * 131 + (i >> 8) * 17) & 255)

/** Made with xxhsum -H3 0.8.1 from the first bytes of `data`: both ends of every class of lengths. */
// biome-ignore format: a table
const recorded: [number, string][] = [
  [0, '2d06800538d394c2'], [1, 'c44bdff4074eecdb'], [2, '433ce72a5f67ae52'], [3, '6811538b444fc6dc'],
  [4, 'ed503340c589a28b'], [5, '2c6f87f3768f01f3'], [8, 'e5b43ab074c9c13b'], [9, '089b8d25b20fb877'],
  [16, '0a0ec5ae8679cb7f'], [17, '57c52d21ce492c1e'], [32, '8e62a5f67100f10d'], [33, 'bc16fc6b42571f75'],
  [64, '7714914b0d794113'], [65, 'dd1752f723801bbc'], [96, '7f316343f379455b'], [97, '0c5de55821283dde'],
  [128, '696069c4f1e6a91a'], [129, 'b1ada52285757beb'], [144, '8d313a4964e287f0'], [239, '8a1931b14a1bac40'],
  [240, 'b80284837259eee4'], [241, '44dbd3180a664e27'], [255, '942ab7e775f54aca'], [256, '266a2c816cbb31c5'],
  [257, '4fa4e79c081d39f5'], [1023, 'e4e56ae496223a91'], [1024, '7b3d0d5804231abc'], [1025, '863f46356e79e544'],
  [1088, 'f6ee2f5dd7b65375'], [1089, 'd7651ce94f0f05e8'], [2000, 'dec1e525f79920c8'],
]

function xxhsumIsInstalled(): boolean {
  try {
    execFileSync('xxhsum', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describe('xxh3', () => {
  it('gives the digest in the documents of DIGEST', () => {
    expect(xxh3(new TextEncoder().encode('Hello world'))).toBe('b6acb9d84a38ff74')
  })

  it('agrees with recorded digests at both ends of every class of lengths', () => {
    for (const [length, digest] of recorded) expect(xxh3(data.subarray(0, length)), String(length)).toBe(digest)
  })

  it('agrees on all lengths from 0 to 2000', () => {
    // The digest of all 2001 digests one after the other; the same number was made with xxhsum alone.
    let all = ''
    for (let length = 0; length <= 2000; length++) all += xxh3(data.subarray(0, length))
    expect(xxh3(new TextEncoder().encode(all))).toBe('eb313f73a76434a8')
  })

  it('does not care where in its buffer the input begins', () => {
    for (const length of [0, 3, 8, 16, 100, 200, 500, 1500]) {
      const moved = new Uint8Array(2010).fill(9)
      moved.set(data.subarray(0, length), 5)
      expect(xxh3(moved.subarray(5, 5 + length))).toBe(xxh3(data.slice(0, length)))
    }
  })

  it.skipIf(!xxhsumIsInstalled())('agrees with xxhsum, where it is installed, on random input', () => {
    const random = new Random(seed)
    const directory = mkdtempSync(join(tmpdir(), 'embedis-xxh3-'))
    try {
      const expected: string[] = []
      for (let i = 0; i < 200; i++) {
        const bytes = Uint8Array.from({ length: random.int(0, random.pick([20, 300, 3000, 70_000])) }, () =>
          random.int(0, 255),
        )
        writeFileSync(join(directory, String(1000 + i)), bytes)
        expected.push(xxh3(bytes))
      }
      const names = expected.map((_, i) => String(1000 + i))
      const output = execFileSync('xxhsum', ['-H3', ...names], {
        cwd: directory,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      expect([...output.matchAll(/= *([0-9a-f]{16})$/gm)].map(found => found[1])).toEqual(expected)
    } finally {
      rmSync(directory, { recursive: true })
    }
  })
})
