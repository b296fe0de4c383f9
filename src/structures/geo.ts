import {
  cellEnd,
  cellStart,
  edgeOf,
  FINEST,
  latitudeOf,
  longitudeOf,
  MAX_LATITUDE,
  MAX_LONGITUDE,
  partOf,
} from '../util/geohash.ts'
import { cosine, degrees, distance, EARTH_RADIUS, radians } from '../util/sphere.ts'
import type { SortedSet } from './sorted-set.ts'

/**
 * The members of a sorted set within an area, their scores being places (see util/geohash.ts).
 *
 * The area is covered by the cell that its centre lies in and the eight around it, in a grid as fine as possible. What is
 * in a cell has the scores of one range. Cells and members come in Redis' order, which is that of a reply that nobody
 * asked to sort.
 */

/** Around a place, in degrees: a circle, or a box if `radius` is undefined. Lengths are in units of so many metres. */
export interface Area {
  readonly longitude: number
  readonly latitude: number
  readonly radius: number | undefined
  readonly width: number
  readonly height: number
  readonly unit: number
}

/** What was found, in the order to be answered; distances in metres, when they were asked for or sorted by. */
export interface Found {
  readonly members: readonly string[]
  readonly scores: readonly number[]
  readonly distances: readonly number[]
}

export interface Wanted {
  /** Nearest first: 1, farthest first: -1, as they are found: 0. */
  readonly order: 1 | 0 | -1
  /** At most so many, of all those found first in that order. */
  readonly count: number
  /** Stop when there are `count`, wherever they lie. */
  readonly any: boolean
  /** Distances are to be told. */
  readonly distances: boolean
}

// ---- cells --------------------------------------------------------------------------------------------------------

interface Cell {
  readonly x: number
  readonly y: number
}

/** Half of the way round the equator in the projection that steps are estimated by. */
const MERCATOR_MAX = 20037726.37

/** How fine a grid can be whose cells reach as far as `metres`; cells are narrower towards the poles. */
function stepFor(metres: number, latitude: number): number {
  if (metres === 0) return FINEST
  let step = 1
  for (let reach = metres; reach < MERCATOR_MAX; reach *= 2) step++
  step -= 2
  if (latitude > 66 || latitude < -66) step--
  if (latitude > 80 || latitude < -80) step--
  return Math.min(Math.max(step, 1), FINEST)
}

/** The cells that cover an area, and the step of the grid. */
export function cellsOf(area: Area): { step: number; cells: Cell[] } {
  const { longitude, latitude, unit } = area
  const height = unit * (area.radius ?? area.height / 2)
  const width = unit * (area.radius ?? area.width / 2)
  const reach =
    unit * (area.radius ?? Math.sqrt((area.width / 2) * (area.width / 2) + (area.height / 2) * (area.height / 2)))

  // Meridians draw near each other towards the pole, so the side of the area that is nearer to one is the wider.
  const up = degrees(height / EARTH_RADIUS)
  const polar = latitude < 0 ? latitude - up : latitude + up
  const across = degrees(width / EARTH_RADIUS / cosine(radians(polar)))
  const west = longitude - across
  const east = longitude + across
  const south = latitude - up
  const north = latitude + up

  let step = stepFor(reach, latitude)
  const edgeX = (x: number): number => edgeOf(x, MAX_LONGITUDE, step)
  const edgeY = (y: number): number => edgeOf(y, MAX_LATITUDE, step)
  // Cells beyond an end of the grid are those at its other end.
  const beside = (part: number, by: number): number => (part + by) & (2 ** step - 1)
  let x = partOf(longitude, MAX_LONGITUDE, step)
  let y = partOf(latitude, MAX_LATITUDE, step)
  const isTooFine =
    edgeY(beside(y, 1) + 1) < north ||
    edgeY(beside(y, -1)) > south ||
    edgeX(beside(x, 1) + 1) < east ||
    edgeX(beside(x, -1)) > west
  if (step > 1 && isTooFine) {
    step--
    x = partOf(longitude, MAX_LONGITUDE, step)
    y = partOf(latitude, MAX_LATITUDE, step)
  }

  // Sides that the area does not reach are left out; in the coarsest grid nothing is.
  const all = step < 2
  const toSouth = all || !(edgeY(y) < south)
  const toNorth = all || !(edgeY(y + 1) > north)
  const toWest = all || !(edgeX(x) < west)
  const toEast = all || !(edgeX(x + 1) > east)
  const cells: Cell[] = [{ x, y }]
  const add = (is: boolean, dx: number, dy: number): void => {
    if (is) cells.push({ x: dx === 0 ? x : beside(x, dx), y: dy === 0 ? y : beside(y, dy) })
  }
  add(toNorth, 0, 1)
  add(toSouth, 0, -1)
  add(toEast, 1, 0)
  add(toWest, -1, 0)
  add(toNorth && toEast, 1, 1)
  add(toNorth && toWest, -1, 1)
  add(toSouth && toEast, 1, -1)
  add(toSouth && toWest, -1, -1)
  return { step, cells }
}

// ---- members ------------------------------------------------------------------------------------------------------

/**
 * How far what is computed by the engine's own functions may be from what `distance` says, relatively and generously:
 * within it, `distance` is asked.
 */
const DOUBT = 1e-12

/** The square of the sine of half the angle that a length in metres spans: what distances are compared by. */
function haversine(metres: number): number {
  const half = metres / (2 * EARTH_RADIUS)
  if (half >= Math.PI / 2) return Infinity
  const sin = Math.sin(half)
  return sin * sin
}

/**
 * Says of scores whether their places are within an area, and how far. Most are settled by what is less or more than the
 * sines and cosines in question, from the first terms of their series and the ends of the area.
 */
class Gauge {
  /** The haversine of the place that `includes` has last said yes to, if it is to be known. */
  haversine: number
  private readonly area: Area
  private readonly ordered: boolean
  private readonly angle: number
  private readonly turn: number
  private readonly cosine: number
  /** Half the height of a box, and for a circle the radius, in metres; no place is farther by its latitude alone. */
  private readonly height: number
  /** The haversines of the radius and of half the width, Infinity for what the area does not have. */
  private readonly radius: number
  private readonly width: number
  /** The least and the greatest cosine of a latitude in the area. */
  private readonly least: number
  private readonly most: number
  /** Places with a greater haversine are not wanted. */
  private limit: number

  constructor(area: Area, ordered: boolean) {
    const isBox = area.radius === undefined
    this.haversine = 0
    this.area = area
    this.ordered = ordered
    this.angle = radians(area.latitude)
    this.turn = radians(area.longitude)
    this.cosine = Math.cos(this.angle)
    this.height = isBox ? (area.height * area.unit) / 2 : (area.radius as number) * area.unit
    this.radius = isBox ? Infinity : haversine(this.height)
    this.width = isBox ? haversine((area.width * area.unit) / 2) : Infinity
    const reach = (this.height / EARTH_RADIUS) * (1 + DOUBT)
    const away = Math.abs(this.angle)
    this.least = away + reach < Math.PI / 2 ? Math.cos(away + reach) : 0
    this.most = away - reach > 0 ? Math.cos(away - reach) : 1
    this.limit = this.radius * (1 + DOUBT)
  }

  /** From now on nothing with a greater haversine is wanted. */
  narrow(farthest: number): void {
    this.limit = Math.min(this.radius, farthest) * (1 + DOUBT)
  }

  /** In metres, as it is told. */
  distance(score: number): number {
    return distance(this.area.longitude, this.area.latitude, longitudeOf(score), latitudeOf(score))
  }

  includes(score: number): boolean {
    const isBox = this.area.radius === undefined
    const latitude = latitudeOf(score)
    const angle = radians(latitude)
    const away = Math.abs(angle - this.angle)
    if (EARTH_RADIUS * away > (isBox ? this.height : this.height * (1 + DOUBT))) return false
    // A sine is at most its angle, and at least the first two terms of its series.
    const uMost = away / 2
    const uLeast = uMost - (uMost * uMost * uMost) / 6
    const longitude = longitudeOf(score)
    const turn = (radians(longitude) - this.turn) / 2
    let vMost = Math.abs(turn)
    let vLeast = vMost
    if (vMost > Math.PI / 2) {
      // The other way round the earth; what π lacks counts.
      vMost = Math.PI - vMost + 1e-15
      vLeast = Math.max(0, vMost - 2e-15)
    }
    vLeast -= (vLeast * vLeast * vLeast) / 6
    const { least, most } = this
    if (uLeast * uLeast + this.cosine * least * vLeast * vLeast > this.limit) return false
    if (isBox && least * least * vLeast * vLeast > this.width * (1 + DOUBT)) return false
    if (!this.ordered) {
      const within = isBox
        ? most * most * vMost * vMost < this.width * (1 - DOUBT)
        : uMost * uMost + this.cosine * most * vMost * vMost < this.radius * (1 - DOUBT)
      if (within) return true
    }

    const u = Math.sin(uMost)
    const v = Math.sin(turn)
    const cosine = Math.cos(angle)
    this.haversine = u * u + this.cosine * cosine * v * v
    if (isBox) {
      const along = cosine * cosine * v * v
      if (along < this.width * (1 - DOUBT)) return true
      if (along > this.width * (1 + DOUBT)) return false
      return !(distance(longitude, latitude, this.area.longitude, latitude) > (this.area.width * this.area.unit) / 2)
    }
    if (this.haversine < this.radius * (1 - DOUBT)) return true
    if (this.haversine > this.radius * (1 + DOUBT)) return false
    return !(this.distance(score) > this.height)
  }
}

/** The first `count` candidates in the order asked for, in a heap with the last of them on top. */
class Best {
  readonly members: string[]
  readonly scores: number[]
  private readonly haversines: number[]
  /** The place of each in the order of finding, which decides between equal distances. */
  private readonly turns: number[]
  private readonly count: number
  private readonly order: number
  private readonly gauge: Gauge
  private turn: number

  constructor(gauge: Gauge, count: number, order: number) {
    this.members = []
    this.scores = []
    this.haversines = []
    this.turns = []
    this.count = count
    this.order = order
    this.gauge = gauge
    this.turn = 0
  }

  add(member: string, score: number): void {
    const { haversines } = this
    const turn = this.turn++
    const size = haversines.length
    if (size < this.count) {
      this.put(size, member, score, this.gauge.haversine, turn)
      // From now on each candidate that comes in takes the place of another, and it is a heap.
      if (size + 1 === this.count) for (let i = this.count >> 1; i >= 0; i--) this.sink(i)
    } else {
      if (!this.precedes(this.gauge.haversine, score, turn, 0)) return
      this.put(0, member, score, this.gauge.haversine, turn)
      this.sink(0)
    }
    if (this.order > 0 && haversines.length === this.count) this.gauge.narrow(haversines[0])
  }

  /** Everything kept, in order. */
  sorted(): Found {
    const { members, scores, turns, order } = this
    const distances = scores.map(score => this.gauge.distance(score))
    const places = scores.map((_, i) => i)
    places.sort((a, b) => (distances[a] - distances[b]) * order || turns[a] - turns[b])
    return {
      members: places.map(i => members[i]),
      scores: places.map(i => scores[i]),
      distances: places.map(i => distances[i]),
    }
  }

  private put(i: number, member: string, score: number, haversine: number, turn: number): void {
    this.members[i] = member
    this.scores[i] = score
    this.haversines[i] = haversine
    this.turns[i] = turn
  }

  /** Whether a candidate comes before the one at `i`. */
  private precedes(haversine: number, score: number, turn: number, i: number): boolean {
    const other = this.haversines[i]
    const less = haversine - other
    if (Math.abs(less) > DOUBT * other) return less * this.order < 0
    const exact = score === this.scores[i] ? 0 : this.gauge.distance(score) - this.gauge.distance(this.scores[i])
    return exact === 0 ? turn < this.turns[i] : exact * this.order < 0
  }

  private isBefore(i: number, j: number): boolean {
    return this.precedes(this.haversines[i], this.scores[i], this.turns[i], j)
  }

  /** Takes the candidate at `i` down to where those below it come before it. */
  private sink(i: number): void {
    const size = this.haversines.length
    let at = i
    for (;;) {
      let last = at
      const left = 2 * at + 1
      if (left < size && this.isBefore(last, left)) last = left
      if (left + 1 < size && this.isBefore(last, left + 1)) last = left + 1
      if (last === at) return
      this.swap(at, last)
      at = last
    }
  }

  private swap(i: number, j: number): void {
    const { members, scores, haversines, turns } = this
    const [member, score, haversine, turn] = [members[i], scores[i], haversines[i], turns[i]]
    this.put(i, members[j], scores[j], haversines[j], turns[j])
    this.put(j, member, score, haversine, turn)
  }
}

/** The members within an area. O(log n + members in the cells around it). */
export function search(zset: SortedSet, area: Area, wanted: Wanted): Found {
  const { order, count, any } = wanted
  const gauge = new Gauge(area, order !== 0)
  const best = order === 0 ? null : new Best(gauge, any ? Infinity : count, order)
  const members: string[] = []
  const scores: number[] = []
  const { step, cells } = cellsOf(area)
  const enough = any ? count : Infinity
  let found = 0
  const visit = (member: string, score: number): boolean => {
    if (!gauge.includes(score)) return true
    if (best === null) {
      members.push(member)
      scores.push(score)
    } else best.add(member, score)
    return ++found < enough
  }
  let last = 0
  for (let i = 0; i < cells.length && found < enough; i++) {
    const { x, y } = cells[i]
    // In the coarsest grid the neighbours on both sides are the same.
    if (last > 0 && x === cells[last].x && y === cells[last].y) continue
    last = i
    const from = zset.rankOfScore(cellStart(step, x, y), false)
    const until = zset.rankOfScore(cellEnd(step, x, y), false)
    zset.forEach(from, until, false, visit)
  }
  if (best !== null) return best.sorted()
  return { members, scores, distances: wanted.distances ? scores.map(score => gauge.distance(score)) : [] }
}
