import type { Finding } from '@/db/checks/define-check'
import type { CommandRequest } from '@/db/domain/command-request'
import { keyOf } from '@/db/domain/statement-key'
import type { FindingState } from '@/db/findings/life'
import type { FindingLife } from '@/db/findings/read-findings'
import type { Problem } from '@/db/server/problem'
import { exactCount } from '../format'
import { clock } from '../format-time'
import type { ShownCheck, ShownFinding } from './shown-checks'

export type Severity = Finding['severity']

/** What one check found, as one row of the page; what is snoozed of it stands in a row of its own. */
export interface FindingRow {
  check: string
  severity: Severity
  /** The worst of them. */
  first: ShownFinding
  /** The rest of those that are kept. */
  others: ShownFinding[]
  total: number
  /** The commands that fix them, as far as there are any. */
  fixes: CommandRequest[]
  /** new where one of them is; acknowledged where all of them are. */
  state: FindingState
  /** When the oldest of them was opened (ISO 8601); null where that is not kept. */
  openedAt: string | null
  /** Whose acknowledgement, or snooze, is shown. */
  said: FindingLife | null
  /** The findings that somebody can say something of. */
  ids: number[]
}

const RANK: Record<Severity, number> = { bad: 0, warn: 1, info: 2 }

/** As many commands as one confirmation takes. */
const MOST_FIXES = 20

type Found = Pick<ShownCheck, 'name' | 'findings' | 'total'>

const isSnoozed = ({ life }: ShownFinding): boolean => life?.state === 'snoozed'

/** A row for each check that found something, worst first; within a severity in the order of the checks. */
export const findingRows = (checks: Found[]): FindingRow[] => rowsOf(checks, (finding) => !isSnoozed(finding))

/** The same of what is snoozed. */
export const snoozedRows = (checks: Found[]): FindingRow[] => rowsOf(checks, isSnoozed)

function rowsOf(checks: Found[], shows: (finding: ShownFinding) => boolean): FindingRow[] {
  const rows = checks.flatMap(({ name, findings: all, total }) => {
    const findings = all.filter(shows)
    const [first, ...others] = findings.toSorted((a, b) => RANK[a.severity] - RANK[b.severity])
    if (!first) return []
    const fixes = findings.flatMap(({ fix }) => fix ?? []).slice(0, MOST_FIXES)
    const lives = findings.flatMap(({ life }) => life ?? [])
    const row: FindingRow = {
      ...{ check: name, severity: first.severity, first, others, fixes },
      // What is beyond the number that is kept is not snoozed.
      total: isSnoozed(first) ? findings.length : findings.length + total - all.length,
      state: stateOfAll(lives),
      openedAt: lives.map(({ openedAt }) => openedAt).sort()[0] ?? null,
      said: lives.find(({ snoozed, acknowledged }) => snoozed ?? acknowledged) ?? null,
      ids: lives.map(({ id }) => id),
    }
    return [row]
  })
  return rows.sort((a, b) => RANK[a.severity] - RANK[b.severity])
}

const stateOfAll = (lives: FindingLife[]): FindingState =>
  (['new', 'open', 'acknowledged', 'snoozed'] as const).find((state) => lives.some((life) => life.state === state)) ?? 'open'

const needsSomebody = ({ severity }: FindingRow): boolean => severity !== 'info'

/** How many things want an action; a server that cannot be reached is one. */
export const needsOf = (rows: FindingRow[], outcomes: ShownCheck[]): number =>
  rows.filter(needsSomebody).length + (unreachable(outcomes) ? 1 : 0)

/** Why the server could not be asked; what checks know from the samples says nothing of now. */
export const unreachable = (outcomes: ShownCheck[]): Problem | undefined =>
  outcomes.flatMap(({ problem }) => (problem?.kind === 'unreachable' ? problem : []))[0]

/** Must I act? What is only worth knowing does not count, and nothing is well where nobody could look. */
export function overviewTitle(rows: FindingRow[], outcomes: ShownCheck[]): string {
  if (unreachable(outcomes)) return 'The server cannot be reached.'
  const needs = rows.filter(needsSomebody).length
  const blind = outcomes.filter(({ problem }) => problem !== null).length
  const fresh = rows.filter((row) => needsSomebody(row) && row.state === 'new').length
  const began = fresh > 0 && fresh < needs ? `, ${exactCount(fresh)} began in the last 24 h` : ''
  if (needs > 0) return `${needs === 1 ? '1 problem needs attention' : `${exactCount(needs)} problems need attention`}${began}.`
  if (outcomes.every(isUnseen)) return 'Not checked yet.'
  if (blind === 0) return 'No problems need attention.'
  return blind === outcomes.length
    ? 'No check could run.'
    : `No problems found, but ${exactCount(blind)} ${blind === 1 ? 'check' : 'checks'} failed to run.`
}

/** It has never looked, and nobody has tried. */
export const isUnseen = ({ lookedAt, problem, findings }: ShownCheck): boolean =>
  lookedAt === null && problem === null && findings.length === 0

/** What was looked at and when, and what could not be. */
export function overviewEvidence(outcomes: ShownCheck[], snoozed: number): string {
  const blind = outcomes.filter(({ problem }) => problem !== null).length
  const unseen = outcomes.filter(isUnseen).length
  if (unseen === outcomes.length) return 'The worker looks at a database when it first sees it; that takes a few seconds.'
  const last = (cadence: ShownCheck['cadence']) =>
    outcomes
      .flatMap((one) => (one.cadence === cadence ? (one.lookedAt ?? []) : []))
      .sort()
      .at(-1)
  const [minute, hour] = [last('minute'), last('hour')]
  const when = [minute && `server checked at ${clock(minute)} UTC`, hour && `database at ${clock(hour)} UTC`].filter(Boolean).join(', ')
  if (unreachable(outcomes)) return `${exactCount(blind)} of ${exactCount(outcomes.length)} checks failed to run${when && `; ${when}`}.`
  const passed = outcomes.filter((one) => one.total === 0 && one.problem === null && !isUnseen(one)).length
  const others = passed < outcomes.length ? 'other ' : ''
  const said = [
    `${exactCount(passed)} ${others}${passed === 1 ? 'check' : 'checks'} passed`,
    ...(snoozed > 0 ? [`${exactCount(snoozed)} ${snoozed === 1 ? 'is' : 'are'} snoozed`] : []),
    ...(unseen > 0 ? [`${exactCount(unseen)} not run yet`] : []),
    ...(blind > 0 ? [`${exactCount(blind)} failed to run, see below`] : []),
  ].join(', ')
  return `${said}${when && `; ${when}`}.`
}

/** reindex-index → Rebuild; of several commands with their number: Rebuild 3 indexes… */
export function fixLabel(fixes: CommandRequest[]): string {
  const { verb, many } = fixes[0]?.label ?? { verb: 'Review', many: 'changes' }
  return fixes.length === 1 ? `${verb}…` : `${verb} ${fixes.length} ${many}…`
}

/** Where a finding is shown with all that is known of it; null: no page tells more of it than the finding does. */
export function placeOfFinding(
  { check, first }: Pick<FindingRow, 'check' | 'first'>,
  { server, database }: { server: string; database: string },
): string | null {
  const base = `/${encodeURIComponent(server)}/db/${encodeURIComponent(database)}`
  switch (first.kind) {
    case 'relation':
      return first.what === 'index' ? `${base}/indexes?index=${first.oid}` : `${base}/tables/${first.oid}`
    case 'session':
      return `${base}/sessions?pid=${first.pid}`
    case 'statement':
      return `${base}/statements?${addressOf(first)}`
    case 'server':
      return check === 'which-cluster' ? `/servers/${encodeURIComponent(server)}` : placeOfServer(base, check)
  }
}

function placeOfServer(base: string, check: string): string | null {
  const place = PLACE_OF_SERVER[check]
  return place === null ? null : base + (place ?? '/sessions')
}

/** Where what a check says of the whole server is seen; null: nowhere else. */
const PLACE_OF_SERVER: Record<string, string | null> = {
  'autovacuum-off': '/settings',
  'collation-version': '/indexes',
  'disk-full-forecast': '/storage',
  'extension-outdated': '/extensions',
  'fsync-off': '/settings',
  'full-page-writes-off': '/settings',
  'growth-faster': '/storage',
  'log-settings-off': '/settings',
  'missing-security-fixes': '/settings',
  'multixact-members-full': '/tables?sort=age',
  'multixact-wraparound': '/tables?sort=age',
  'password-expires': null,
  'password-not-scram': '/settings?show=all&q=password_encryption',
  'policy-stopped': '/maintenance',
  'prepared-transaction': '/sessions#xmin',
  'schema-open': null,
  'sequence-near-end': '/tables',
  'settings-file': '/settings',
  'settings-pending-restart': '/settings',
  'statements-unseen': '/statements',
  'statistics-young': '/indexes',
  'transaction-wraparound': '/tables?sort=age',
  'archiver-behind': '/replication',
  'archiver-failing': '/replication',
  'checkpoints-requested': '/replication',
  'cache-hit-fallen': '/statements?sort=read',
  'checksum-failures': '/settings',
  'checksums-off': '/settings',
  deadlocks: '/sessions',
  'receiver-gone': '/replication',
  'recovery-conflicts': '/replication',
  'slot-inactive': '/replication',
  'slot-lost': '/replication',
  'standby-lag': '/replication',
  'sync-standby-missing': '/replication',
  'temp-files': '/statements?sort=temp',
  'xmin-held': '/sessions#xmin',
}

/** The list in which all that a check found stands together. */
export function listOfFindings(
  { check, first }: Pick<FindingRow, 'check' | 'first'>,
  { server, database }: { server: string; database: string },
): string | null {
  const base = `/${encodeURIComponent(server)}/db/${encodeURIComponent(database)}`
  switch (first.kind) {
    case 'relation':
      return first.what === 'index' ? `${base}/indexes?verdict=${VERDICT_OF[check] ?? check.replace(/^index-/, '')}` : `${base}/tables`
    case 'session':
      return `${base}/sessions${SHOW_OF[check] ?? ''}`
    case 'statement': {
      const address = addressOf(first)
      address.delete('query')
      if (check === 'statement-spills') address.set('sort', 'temp')
      return `${base}/statements?${address}`
    }
    case 'server':
      return placeOfServer(base, check)
  }
}

/** Where the verdict of an index is not called as its check. */
const VERDICT_OF: Record<string, string> = { 'index-leftover': 'invalid' }
/** Roots and those behind them stand on the page's first card. */
const SHOW_OF: Record<string, string> = { 'idle-in-transaction': '?show=idle-in-transaction' }

/** The drawer of a statement over the time in which it was found; beside it what it was compared with. */
function addressOf({ seen, ...entry }: Extract<Finding, { kind: 'statement' }>): URLSearchParams {
  const address = new URLSearchParams({ query: keyOf(entry) })
  const say = (given: Record<string, string>) => Object.entries(given).forEach(([name, value]) => void address.set(name, value))
  if (seen === null) say({ reset: 'true' })
  else say({ from: seen.from, to: seen.to })
  if (seen?.against) say({ show: 'changes', vs: 'range', vfrom: seen.against.from, vto: seen.against.to })
  return address
}
