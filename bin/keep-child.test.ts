import { type ChildProcess, spawn } from 'node:child_process'
import process from 'node:process'
import { expect, it } from 'vitest'
import { keepChild, PAUSES } from './keep-child'

/** Each start and end of children that live for so many ms, one after the other; the last one stays. */
function keepThrough(lives: number[], pauses: typeof PAUSES) {
  const children: ChildProcess[] = []
  const ends: number[] = []
  const waits: number[] = []
  const start = () => {
    const end = ends.at(-1)
    if (end !== undefined) waits.push(performance.now() - end)
    const life = lives[children.length] ?? 600_000
    const child = spawn(process.execPath, ['-e', `setTimeout(() => process.exit(1), ${life})`])
    children.push(child)
    return child
  }
  const stop = keepChild(start, () => ends.push(performance.now()), pauses)
  return { children, ends, waits, stop }
}

const PATIENT = { timeout: 60_000, interval: 20 }

it('waits longer after each end, and as at first once it has run for a good while', async () => {
  const pauses = { first: 200, longest: 800, goodWhile: 4_000 }
  const kept = keepThrough([0, 0, 0, 0, 5_000, 0], pauses)
  await expect.poll(() => kept.children.length, PATIENT).toBe(7)
  for (const [at, wanted] of [200, 400, 800, 800, 200, 400].entries()) expect(kept.waits[at]).toBeGreaterThanOrEqual(wanted - 5)
  expect(kept.waits[4]).toBeLessThan(800)
  await kept.stop()
  expect(kept.children.at(-1)?.signalCode).toBe('SIGTERM')
  expect(kept.ends).toHaveLength(6) // the end that was asked for is no surprise
})

it('starts nothing any more once it is stopped, also in a pause', async () => {
  const kept = keepThrough([0], { ...PAUSES, first: 60_000 })
  await expect.poll(() => kept.ends.length, PATIENT).toBe(1)
  const before = performance.now()
  await kept.stop()
  expect(performance.now() - before).toBeLessThan(10_000)
  expect(kept.children).toHaveLength(1)
})

it('goes on where a start fails', async () => {
  let started = 0
  const start = () => spawn(++started === 1 ? '/nonexistent' : process.execPath, ['-e', 'setTimeout(() => 0, 600000)'])
  const stop = keepChild(start, () => undefined, { ...PAUSES, first: 10 })
  await expect.poll(() => started, PATIENT).toBe(2)
  await stop()
})
