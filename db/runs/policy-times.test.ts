import { expect, it } from 'vitest'
import type { PolicyRule } from '../domain/policy-rule'
import { judge } from './consider'
import type { PlannedCommand } from './planner'
import { nightAt } from './policy-times'

const WINDOW = { cron: '0 2 * * *', timeZone: 'Europe/Prague', minutes: 240 }

const until = (given: string | null, at: string, window = WINDOW) => {
  const night = nightAt(window, given, new Date(at))
  return [night.open, night.opensAt.toISOString(), night.until.toISOString()]
}

it('ends at its own time where that comes before the window closes, in the window’s time zone', () => {
  expect(until(null, '2026-11-24T02:30:00Z')).toEqual([true, '2026-11-24T01:00:00.000Z', '2026-11-24T05:00:00.000Z'])
  expect(until('04:00', '2026-11-24T02:30:00Z')).toEqual([true, '2026-11-24T01:00:00.000Z', '2026-11-24T03:00:00.000Z'])
  // After it the window is still open, and the night is over.
  expect(until('04:00', '2026-11-24T04:30:00Z')).toEqual([true, '2026-11-24T01:00:00.000Z', '2026-11-24T03:00:00.000Z'])
  for (const outside of ['02:00', '06:00', '12:00']) expect(until(outside, '2026-11-24T02:30:00Z')[2]).toBe('2026-11-24T05:00:00.000Z')
  // Over midnight, and in summer time.
  const late = { ...WINDOW, cron: '0 22 * * *', minutes: 480 }
  expect(until('03:30', '2026-07-01T23:00:00Z', late)).toEqual([true, '2026-07-01T20:00:00.000Z', '2026-07-02T01:30:00.000Z'])
})

const LIMITS = { until: null, most: 1, mostBytes: 2 ** 30, allowWarnings: false }
const RULE: PolicyRule = { kind: 'vacuum-dead', deadPercent: 20, deadRows: 1000, ...LIMITS }
const AT = new Date('2026-11-24T02:00:00Z')

/** As far as it is judged. */
const planned = (seconds: number | null, status: 'pass' | 'warn' | 'stop', alwaysTyped = false) =>
  ({
    plan: { title: 'Vacuum t', alwaysTyped, prediction: { seconds: seconds === null ? null : { from: 1, to: seconds } } },
    preflight: [{ name: 'check', status, title: 'A check', detail: 'It said so.' }],
  }) as unknown as PlannedCommand

const verdict = (rule: PolicyRule, plan: PlannedCommand, leftSeconds: number) => {
  const judged = judge(rule, plan, { count: 0, bytes: 0, at: AT, until: new Date(AT.getTime() + leftSeconds * 1000) })
  return judged.verdict === 'left' ? judged.because : judged.verdict
}

it('begins nothing that past runs say would not end in time, and judges time before the preflight', () => {
  expect(verdict(RULE, planned(60, 'pass'), 60)).toBe('runs')
  expect(verdict(RULE, planned(61, 'pass'), 60)).toBe('time')
  expect(verdict(RULE, planned(61, 'stop'), 60)).toBe('time')
  expect(verdict(RULE, planned(null, 'pass'), 1)).toBe('runs')
  expect(verdict(RULE, planned(null, 'pass'), 0)).toBe('time')
})

it('ends at a stop, at what asks for typing, and at a warning that is not accepted', () => {
  expect(verdict(RULE, planned(1, 'stop'), 60)).toBe('stops')
  expect(verdict(RULE, planned(1, 'warn'), 60)).toBe('stops')
  expect(verdict({ ...RULE, allowWarnings: true }, planned(1, 'warn'), 60)).toBe('runs')
  expect(verdict({ ...RULE, allowWarnings: true }, planned(1, 'stop'), 60)).toBe('stops')
  expect(verdict({ ...RULE, allowWarnings: true }, planned(1, 'warn', true), 60)).toBe('stops')
})
