import { describe, expect, it } from 'vitest'
import { cellText, costOfRow, faultOf, printedText, rightText, verdictOf, workloadTitle } from './workload-messages'
import type { QueryLine, RunSummary } from './workload-model'

const RUN: RunSummary = {
  ...{ at: '2026-11-29T10:00:00Z', by: 'Ada', ms: 172.4, problem: null, indexes: [], given: 50, compared: null, figures: [] },
  chosen: { student: null, since: null, role: 'student', rows: 50 },
}
const TIMEOUT = { kind: 'timeout', message: 'canceling statement due to statement timeout', sqlstate: '57014' } as const
const REFUSED = { kind: 'sql_error', message: 'no set-returning function there', sqlstate: '0A000' } as const
const line = (corrected: RunSummary | null, printed: RunSummary | null): QueryLine => ({
  ...{ name: 'leaderboard', title: 'Leaderboard', takes: 'since', ranks: true, inPrint: [], forAll: false, missing: [], history: null },
  corrected,
  printed,
})

describe('what became of a printed form', () => {
  it.each([
    [null, null, /Not run/],
    [{ ...RUN, problem: TIMEOUT }, 'stopped', /60 s/],
    [{ ...RUN, problem: REFUSED }, 'fails', /^0A000: /],
    [{ ...RUN, compared: { rows: 180, same: 180 } }, 'right', /180 of 180/],
    [{ ...RUN, compared: { rows: 180, same: 3 } }, 'wrong', /177 of 180/],
    [RUN, 'not compared', /comparison/],
  ] as const)('%#', (printed, verdict, fault) => {
    expect(verdictOf(printed)).toBe(verdict)
    expect(faultOf({ printed }, 60)).toMatch(fault)
  })

  it('is said in one sentence with the slowest corrected form', () => {
    const wrong = { ...RUN, compared: { rows: 2, same: 1 } }
    const right = { ...RUN, compared: { rows: 2, same: 2 } }
    expect(workloadTitle([line(null, null)])).toMatchInlineSnapshot(`"The guide’s five queries have not been run here."`)
    expect(
      workloadTitle([line(RUN, wrong), line({ ...RUN, ms: 3 }, right), line(RUN, { ...RUN, problem: REFUSED })]),
    ).toMatchInlineSnapshot(`"Two of the guide’s three queries fail or are wrong as printed; corrected, all three take 172 ms or less."`)
    expect(workloadTitle([line(RUN, wrong), line(null, null)])).toMatchInlineSnapshot(
      `"One of the guide’s two queries fails or is wrong as printed; corrected, the one that ran takes 172 ms."`,
    )
  })
})

it('writes a place as an ordinal, and points without a sign of percent', () => {
  const place = { name: '', printed: 174, right: 1, unit: 'place', why: '' } as const
  expect([printedText(place), rightText(place)]).toEqual(['174th', '1st'])
  expect([22, 103, 11].map((printed) => printedText({ ...place, printed }))).toEqual(['22nd', '103rd', '11th'])
  const mean = { name: '', printed: 16.85, right: 43.6, unit: '%', why: '' } as const
  expect([printedText(mean), rightText(mean)]).toEqual(['16.9', '43.6%'])
  expect(printedText({ ...mean, printed: null })).toBe('NULL')
})

it('writes cells by their kind', () => {
  expect(cellText('1234.5', 'hours')).toBe('1,234.5')
  expect(cellText('66.333', 'percent')).toBe('66.3%')
  expect(cellText('12:34:56.789', 'interval')).toBe('12:34:56')
  expect(cellText(null, 'points')).toBe('–')
  expect(cellText('<b>', 'text')).toBe('<b>')
})

it('tells what a row costs from three sizes on', () => {
  const at = (...sizes: number[]) => sizes.map((x) => ({ x, y: 5 + x * 0.002 }))
  expect(costOfRow(at(10, 10, 20))).toBeNull()
  expect(costOfRow(at(10, 20, 40, 40))).toBeCloseTo(0.002, 9)
})
