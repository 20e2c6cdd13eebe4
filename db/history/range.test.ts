import { describe, expect, it } from 'vitest'
import { finestStep, piecesOf } from './range'

const HOUR = 3_600
const DAY = 86_400
const STEPS = [60, 600, HOUR, DAY]
const range = (from: number, to: number) => ({ from: new Date(from * 1000), to: new Date(to * 1000) })
const all = (until: number) => Object.fromEntries(STEPS.map((step) => [step, Math.floor(until / step) * step]))

describe('a range taken apart', () => {
  it('uses the coarsest whole buckets, and finer ones at the edges', () => {
    const [from, to] = [DAY - 90 * 60, 3 * DAY + 70]
    expect(piecesOf(range(from, to), 60, STEPS, all(10 * DAY))).toEqual([
      { step: 600, from, to: DAY - HOUR },
      { step: HOUR, from: DAY - HOUR, to: DAY },
      { step: DAY, from: DAY, to: 3 * DAY },
      { step: 60, from: 3 * DAY, to: 3 * DAY + 120 },
    ])
  })

  it('covers every second once, wherever the roll-ups stand', () => {
    for (let n = 0; n < 300; n++) {
      const from = (n * 7_919) % (3 * DAY)
      const to = from + 1 + ((n * 104_729) % (5 * DAY))
      const finest = STEPS[n % 3] as number
      const rolled = Object.fromEntries(STEPS.map((step, at) => [step, Math.floor((6 * DAY - (n % 40) * 9_000 * at) / step) * step]))
      const pieces = piecesOf(range(from, to), finest, STEPS, rolled)
      expect(pieces[0]?.from).toBe(Math.floor(from / finest) * finest)
      expect(pieces.at(-1)?.to).toBe(Math.ceil(to / finest) * finest)
      for (const [at, piece] of pieces.entries()) {
        expect(piece.from).toBeLessThan(piece.to)
        if (at > 0) expect(piece.from).toBe(pieces[at - 1]?.to)
        if (piece.step !== 60) expect(piece.to).toBeLessThanOrEqual(rolled[piece.step] as number)
      }
    }
  })

  it('is told to a eight-hundredth of its length, and no finer than what is kept', () => {
    const now = 500 * DAY
    const retention = { 60: 3 * DAY, 600: 10 * DAY, 3600: 60 * DAY, 86400: 400 * DAY }
    expect(finestStep(range(now - HOUR, now), STEPS, now, retention)).toBe(60)
    expect(finestStep(range(now - 2 * DAY, now), STEPS, now, retention)).toBe(600)
    expect(finestStep(range(now - 5 * DAY, now - 5 * DAY + HOUR), STEPS, now, retention)).toBe(600)
    expect(finestStep(range(now - 30 * DAY, now), STEPS, now, retention)).toBe(HOUR)
    expect(finestStep(range(now - 300 * DAY, now), STEPS, now, retention)).toBe(DAY)
  })
})
