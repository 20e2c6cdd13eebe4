import type { CheckOutcome, Finding } from '@/db/checks/define-check'
import type { CommandRequest } from '@/db/domain/command-request'
import { keyOf } from '@/db/domain/statement-key'
import type { Problem } from '@/db/server/problem'
import { exactCount } from '../format'
import { clock } from '../format-time'

export type Severity = Finding['severity']

/** What one check found, as one row of the page. */
export interface FindingRow {
  check: string
  severity: Severity
  /** The worst of them. */
  first: Finding
  total: number
  /** The commands that mend them, as far as there are any. */
  mends: CommandRequest[]
}

const RANK: Record<Severity, number> = { bad: 0, warn: 1, info: 2 }

/** As many commands as one confirmation takes. */
const MOST_MENDS = 20

/** A row for each check that found something, worst first; within a severity in the order of the checks. */
export function findingRows(outcomes: CheckOutcome[]): FindingRow[] {
  const rows = outcomes.flatMap(({ name, findings, total }) => {
    const [first] = findings.toSorted((a, b) => RANK[a.severity] - RANK[b.severity])
    if (!first) return []
    const mends = findings.flatMap(({ mend }) => mend ?? []).slice(0, MOST_MENDS)
    return [{ check: name, severity: first.severity, first, total, mends }]
  })
  return rows.sort((a, b) => RANK[a.severity] - RANK[b.severity])
}

const needsSomebody = ({ severity }: FindingRow): boolean => severity !== 'info'

/** How many things want an action; a server that cannot be reached is one. */
export const needsOf = (rows: FindingRow[], outcomes: CheckOutcome[]): number =>
  rows.filter(needsSomebody).length + (unreachable(outcomes) ? 1 : 0)

/** Why the server could not be asked; what checks know from the samples says nothing of now. */
export const unreachable = (outcomes: CheckOutcome[]): Problem | undefined =>
  outcomes.flatMap(({ problem }) => (problem?.kind === 'unreachable' ? problem : []))[0]

/** Must I act? What is only worth knowing does not count, and nothing is well where nobody could look. */
export function overviewTitle(rows: FindingRow[], outcomes: CheckOutcome[]): string {
  if (unreachable(outcomes)) return 'The server cannot be reached.'
  const needs = rows.filter(needsSomebody).length
  const blind = outcomes.filter(({ problem }) => problem !== null).length
  if (needs > 0) return needs === 1 ? '1 problem needs attention.' : `${exactCount(needs)} problems need attention.`
  if (blind === 0) return 'No problems need attention.'
  return blind === outcomes.length
    ? 'No check could run.'
    : `No problems found, but ${exactCount(blind)} ${blind === 1 ? 'check' : 'checks'} failed to run.`
}

/** What was looked at, and what could not be. */
export function overviewEvidence(outcomes: CheckOutcome[], at: string): string {
  const blind = outcomes.filter(({ problem }) => problem !== null).length
  if (unreachable(outcomes)) return `${exactCount(blind)} of ${exactCount(outcomes.length)} checks failed to run at ${clock(at)} UTC.`
  const passed = outcomes.filter(({ total, problem }) => total === 0 && problem === null).length
  const others = passed < outcomes.length ? 'other ' : ''
  const said = `${exactCount(passed)} ${others}${passed === 1 ? 'check' : 'checks'} passed at ${clock(at)} UTC`
  return blind === 0 ? `${said}.` : `${said}; ${exactCount(blind)} failed to run, see below.`
}

/** reindex-index → Rebuild; of several commands with their number: Rebuild 3 indexes… */
export function mendLabel(mends: CommandRequest[]): string {
  const { verb, many } = mends[0]?.label ?? { verb: 'Review', many: 'changes' }
  return mends.length === 1 ? `${verb}…` : `${verb} ${mends.length} ${many}…`
}

/** Where a finding is shown with all that is known of it. */
export function placeOfFinding({ check, first }: FindingRow, { server, database }: { server: string; database: string }): string {
  const base = `/${encodeURIComponent(server)}/db/${encodeURIComponent(database)}`
  switch (first.kind) {
    case 'relation':
      return first.what === 'index' ? `${base}/indexes?index=${first.oid}` : `${base}/tables?${new URLSearchParams({ q: first.relname })}`
    case 'session':
      return `${base}/sessions?pid=${first.pid}`
    case 'statement':
      return `${base}/statements?${addressOf(first)}`
    case 'server':
      return check === 'which-cluster' ? `/servers/${encodeURIComponent(server)}` : base + (PLACE_OF_SERVER[check] ?? '/sessions')
  }
}

/** Where what a check says of the whole server is seen. */
const PLACE_OF_SERVER: Record<string, string> = {
  'autovacuum-off': '/settings',
  'collation-version': '/indexes',
  'extension-outdated': '/overview',
  'fsync-off': '/settings',
  'full-page-writes-off': '/settings',
  'log-settings-off': '/settings',
  'missing-security-fixes': '/settings',
  'multixact-wraparound': '/tables?sort=age',
  'password-expires': '/overview',
  'password-not-scram': '/overview',
  'prepared-transaction': '/sessions#xmin',
  'schema-open': '/overview',
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
export function listOfFindings({ check, first }: FindingRow, { server, database }: { server: string; database: string }): string {
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
      return base + (PLACE_OF_SERVER[check] ?? '/sessions')
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
