import process from 'node:process'
import { expect, it } from 'vitest'
import { childEnd, endChild, endChildren, startChild } from './child'
import { keep, PAUSES, type Part } from './keep'

/** Each start and end of programs that live for so many ms, one after the other; the last one stays. */
async function keepThrough(lives: number[], pauses: typeof PAUSES) {
  const started: Part[] = []
  const ends: { at: number; how: string; pause: number }[] = []
  const waits: number[] = []
  let back = 0
  const start = async (): Promise<Part> => {
    const end = ends.at(-1)
    if (end !== undefined) waits.push(performance.now() - end.at)
    const life = lives[started.length] ?? 600_000
    const child = startChild(process.execPath, ['-e', `setTimeout(() => process.exit(1), ${life})`], { stdio: 'ignore' })
    const part = { ended: childEnd(child), stop: () => endChild(child) }
    started.push(part)
    return part
  }
  const kept = await keep(start, {
    onEnd: (how, pause) => ends.push({ at: performance.now(), how, pause }),
    onBack: () => back++,
    pauses,
  })
  return { started, ends, waits, back: () => back, stop: kept.stop }
}

const PATIENT = { timeout: 60_000, interval: 20 }

it('waits longer after each end, and as at first once it has run for a good while', async () => {
  const pauses = { first: 200, longest: 800, goodWhile: 4_000 }
  const kept = await keepThrough([0, 0, 0, 0, 5_000, 0], pauses)
  await expect.poll(() => kept.back(), PATIENT).toBe(6)
  for (const [at, wanted] of [200, 400, 800, 800, 200, 400].entries()) {
    expect(kept.ends[at]).toMatchObject({ how: 'status 1', pause: wanted })
    expect(kept.waits[at]).toBeGreaterThanOrEqual(wanted - 5)
  }
  await kept.stop()
  expect(await kept.started.at(-1)?.ended).toBe('signal SIGTERM')
  expect(kept.ends).toHaveLength(6) // the end that was asked for is no surprise
})

it('starts six times in the first minute at most, then once a minute', () => {
  const starts = [0]
  for (let pause = PAUSES.first; starts.length < 12; pause = Math.min(pause * 2, PAUSES.longest)) starts.push((starts.at(-1) ?? 0) + pause)
  expect(starts.filter((at) => at > 0 && at < 60_000)).toHaveLength(5)
  for (const [at, start] of starts.entries()) if (at > 7) expect(start - (starts[at - 1] ?? 0)).toBe(60_000)
})

it('starts nothing any more once it is stopped, also in a pause', async () => {
  const kept = await keepThrough([0], { ...PAUSES, first: 60_000 })
  await expect.poll(() => kept.ends.length, PATIENT).toBe(1)
  const before = performance.now()
  await kept.stop()
  expect(performance.now() - before).toBeLessThan(10_000)
  expect(kept.started).toHaveLength(1)
})

it('goes on where a later start fails, and throws what the first one throws', async () => {
  let tries = 0
  const start = async (): Promise<Part> => {
    if (++tries === 2) throw new Error('no such program')
    const child = startChild(process.execPath, ['-e', tries === 1 ? '0' : 'setTimeout(() => 0, 600000)'], { stdio: 'ignore' })
    return { ended: childEnd(child), stop: () => endChild(child) }
  }
  const said: string[] = []
  const kept = await keep(start, { onEnd: (how) => said.push(how), pauses: { ...PAUSES, first: 10 } })
  await expect.poll(() => tries, PATIENT).toBe(3)
  expect(said).toEqual(['status 0', 'no such program'])
  await kept.stop()
  await expect(keep(() => Promise.reject(new Error('at once')), { onEnd: () => said.push('never') })).rejects.toThrow('at once')
  expect(said).not.toContain('never')
})

it('calls no end unexpected once everything is being ended', async () => {
  const kept = await keepThrough([600_000], { first: 1, longest: 1, goodWhile: 1 })
  await endChildren()
  expect(kept.ends).toEqual([])
  await kept.stop()
  expect(kept.started).toHaveLength(1)
})
