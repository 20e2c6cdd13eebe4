import { describe, expect, it } from 'vitest'
import { failed, ok } from '../server/problem'
import { type AskedServer, type CountedUse, countedUse, type Scans, type StatisticsWindow } from './counted-use'
import type { WholeIndex } from './index-roll-up'
import { indexUse } from './index-use'
import { withInherited } from './read-uses'

const DAY = 86_400
const NOW = Date.parse('2026-11-29T00:00:00Z')
const ago = (days: number): string => new Date(NOW - days * DAY * 1000).toISOString()
const PEERS = 'Add it.'

const server = (name: string | null, days: number, more: Partial<StatisticsWindow> = {}, rest: Partial<AskedServer> = {}): AskedServer => ({
  name,
  window: {
    stats_reset: null,
    stats_since: ago(days),
    seconds: days * DAY,
    in_recovery: false,
    server_now: ago(0),
    datid: 5,
    timeline: 1,
    started: `${name} ${days}`,
    track_counts: true,
    standbys: 0,
    receives: false,
    commit_times: false,
    ...more,
  },
  promoted: null,
  scans: new Map(),
  ...rest,
})

const standby = (name: string, days: number, scans: [number, Scans][] = []): AskedServer =>
  server(name, days, { in_recovery: true, timeline: null, receives: true }, { scans: new Map(scans) })

const whole = (more: Partial<WholeIndex> = {}, index: Partial<WholeIndex['index']> = {}): WholeIndex =>
  ({
    index: { indexrelid: 1, extension: null, redundant_with: null, stands_in_for: [], ...index },
    parts: [index.indexrelid ?? 1],
    idxScan: 0n,
    lastIdxScan: null,
    tableScans: 1000n,
    tableSeqScans: 10n,
    tableIndexes: 2,
    ...more,
  }) as WholeIndex

const NONE: Scans = { scans: 0n, last: null }
const judge = (counted: CountedUse, existed: string | null, scans: Scans = NONE, one = whole()) =>
  indexUse(one, scans, counted, { unusedAfter: 35 * DAY, existed, remedy: 'Watch it.', readElsewhere: false })
const alone = (days: number) => countedUse([server(null, days)], [], PEERS)

describe('the use of an index', () => {
  it('is unused where its last scan is not told and a sample of long ago saw the counter where it stands', () => {
    const scanned = whole({ idxScan: 7n })
    const by = (counted: CountedUse, sampled?: { scans: string; at: string }, one = scanned, scans: Scans = { scans: 7n, last: null }) =>
      indexUse(one, scans, counted, { unusedAfter: 35 * DAY, existed: null, remedy: '', readElsewhere: false, sampled })
    expect(by(alone(60), { scans: '7', at: ago(40) })).toMatchObject({ kind: 'unused', sampled: true, since: ago(40), scans: 7n })
    // Nobody has sampled; it has moved since; it counts anew since; the scans are another's too; another server may have scanned it.
    expect(by(alone(60))).toEqual({ kind: 'used' })
    expect(by(alone(60), { scans: '6', at: ago(40) })).toEqual({ kind: 'used' })
    expect(by(alone(39), { scans: '7', at: ago(40) })).toEqual({ kind: 'used' })
    expect(by(alone(60), { scans: '7', at: ago(40) }, whole({ idxScan: 3n }))).toEqual({ kind: 'used' })
    expect(by(countedUse([server(null, 60), standby('s', 60)], [], PEERS), { scans: '7', at: ago(40) })).toEqual({ kind: 'used' })
    // The server tells its last scan: that counts.
    expect(by(alone(60), { scans: '7', at: ago(40) }, scanned, { scans: 7n, last: ago(1) })).toEqual({ kind: 'used' })
  })

  it('is unused only where its age is proved, and since the shorter of that and the statistics', () => {
    expect(judge(alone(60), ago(50))).toMatchObject({ kind: 'unused', seconds: 50 * DAY, since: ago(50) })
    expect(judge(alone(40), ago(50))).toMatchObject({ kind: 'unused', seconds: 40 * DAY })
    expect(judge(alone(60), null)).toEqual({
      kind: 'unproved',
      reason: 'its age is not known',
      remedy: 'Watch it.',
      settles: null,
    })
    expect(judge(alone(60), ago(10))).toMatchObject({ reason: 'it has been known for only 10 days, 35 days are needed', settles: ago(-25) })
    expect(judge(alone(10), ago(60))).toMatchObject({ reason: 'statistics are 10 days old, 35 days are needed', settles: ago(-25) })
  })

  it('is used by whoever of the cluster scans it, and by what it stands in for', () => {
    const counted = countedUse([server(null, 60, { standbys: 1 }), standby('replica', 60, [[1, { scans: 3n, last: null }]])], [], PEERS)
    const goes = whole({ idxScan: 500n }, { indexrelid: 2, redundant_with: 3 })
    const stays = whole({}, { indexrelid: 3, stands_in_for: [{ indexrelid: 2, indexrelname: 'goes' }] })
    const scans = withInherited([whole(), goes, stays], counted)
    expect([...scans].map(([oid, found]) => [oid, found.scans])).toEqual([
      [1, 3n],
      [2, 500n],
      [3, 500n],
    ])
    expect(judge(counted, ago(60), scans.get(1))).toEqual({ kind: 'used' })
    expect(judge(counted, ago(60))).toMatchObject({ kind: 'unused', servers: 2 })
  })

  it('is unused where its last scan is long ago, which proves that it was there', () => {
    const long = { scans: 12n, last: ago(47) }
    expect(judge(alone(400), null, long)).toMatchObject({ kind: 'unused', seconds: 47 * DAY, scans: 12n, last: ago(47) })
    expect(judge(alone(400), null, { scans: 12n, last: ago(34) })).toEqual({ kind: 'used' })
    expect(judge(alone(400), ago(400), { scans: 12n, last: null })).toEqual({ kind: 'used' })
    expect(judge(countedUse([server(null, 400, { standbys: 1 })], [], PEERS), null, long)).toEqual({ kind: 'used' })
  })

  it('is left alone where an extension made the table, or nobody reads it', () => {
    expect(judge(alone(60), ago(60), NONE, whole({}, { extension: 'postgis' }))).toMatchObject({
      reason: expect.stringContaining('postgis'),
    })
    const unread = whole({ tableScans: 6n, tableSeqScans: 6n })
    expect(judge(alone(60), ago(60), NONE, unread)).toMatchObject({ reason: expect.stringContaining('nothing reads its table') })
    expect(judge(alone(60), ago(60), NONE, whole({ tableScans: 7n, tableSeqScans: 7n }))).toMatchObject({ kind: 'unused' })
  })
})

describe('what the servers of a cluster count together', () => {
  const promoted = (at: string | null) => server(null, 60, { timeline: 2 }, { promoted: ok(at) })

  it('begins where the last of them began, a promotion among others', () => {
    expect(judge(countedUse([server(null, 60, { standbys: 1 }), standby('replica', 3)], [], PEERS), ago(60))).toMatchObject({
      reason: 'statistics of replica are 3 days old, 35 days are needed',
      settles: ago(-32),
    })
    expect(judge(countedUse([promoted(ago(2))], [], PEERS), ago(60))).toMatchObject({
      reason: 'this server was promoted 2 days ago and has no earlier statistics, 35 days are needed',
    })
    expect(judge(countedUse([promoted(ago(50))], [], PEERS), ago(60))).toMatchObject({ kind: 'unused', seconds: 50 * DAY })
    // A last scan before the promotion says nothing of what ran on the former primary.
    expect(judge(countedUse([promoted(ago(2))], [], PEERS), null, { scans: 1n, last: ago(50) })).toEqual({ kind: 'used' })
  })

  it.each([
    ['a standby that is not known', [server(null, 60, { standbys: 2 }), standby('replica', 60)], 'a connected standby was not read'],
    [
      'a standby that another feeds',
      [server(null, 60, { standbys: 1 }), { ...standby('replica', 60), window: { ...standby('replica', 60).window, standbys: 1 } }],
      'a connected standby was not read',
    ],
    [
      'one server under two names',
      [server(null, 60, { standbys: 2 }), standby('a', 60), { ...standby('a', 60), name: 'b' }],
      'a connected standby was not read',
    ],
    ['a standby without its primary', [server(null, 60, { in_recovery: true, timeline: null, receives: true })], 'this is a standby'],
    ['scans that are not counted', [server(null, 60, { track_counts: false })], 'track_counts is off on this server'],
    ['a promotion that nobody remembers', [promoted(null)], 'was promoted to timeline 2, at an unknown time'],
    [
      'a promotion that may not be seen',
      [{ ...promoted(null), promoted: failed('insufficient_privilege', 'no') }],
      'was promoted to timeline 2',
    ],
  ] as [string, AskedServer[], string][])('withholds with %s', (_case, servers, reason) => {
    expect(judge(countedUse(servers, [], PEERS), ago(60))).toMatchObject({
      kind: 'unproved',
      reason: expect.stringContaining(reason),
      settles: null,
    })
  })

  it('withholds with a server that cannot be asked', () => {
    const { problem } = failed('unreachable', 'connection refused')
    expect(judge(countedUse([server(null, 60)], [{ name: 'replica', problem }], PEERS), ago(60))).toMatchObject({
      reason: 'replica of the same cluster cannot be asked (connection refused)',
    })
  })
})
