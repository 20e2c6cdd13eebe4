import { refreshMaterializedViewRequest } from '../commands/refresh-materialized-view/request'
import { reindexIndexRequest } from '../commands/reindex-index/request'
import { vacuumTableRequest } from '../commands/vacuum-table/request'
import type { CommandRequest } from '../domain/command-request'
import { formatAge, formatCount, formatPercent } from '../domain/format'
import type { PolicyRule, PolicyRuleOf } from '../domain/policy-rule'
import type { IndexFinding } from '../indexes/index-finding'
import { isRebuiltConcurrently } from '../indexes/index-statements'
import type { Trust } from '../server/trust'
import type { TableFinding } from '../tables/table-health'

/** One object that a policy would work on, as the request of a command that stands by itself. */
export interface Candidate extends CommandRequest {
  schemaname: string
  relname: string
  /** In a few words: 49% bloat. */
  why: string
  /** Its size, in bytes: what counts against the limit of a night. */
  bytes: number
  /** What it gives, in bytes: to the file system, or for reuse. */
  gain: number
  /** What goes first, where that is not the gain: the greatest number. */
  rank?: number
  trust: Trust | null
}

/** What a policy looks at; each kind reads one of them. */
export interface PolicyReads {
  indexes: IndexFinding[]
  tables: TableFinding[]
  views: AgedView[]
}

/** A materialized view with the age of what it shows. */
export interface AgedView {
  relid: number
  schemaname: string
  relname: string
  bytes: number | null
  populated: boolean
  /** The unique index by which it can be refreshed CONCURRENTLY. */
  refreshIndex: string | null
  skipped: string | null
  /** Null: no refresh is known. */
  ageSeconds: number | null
}

interface PolicyKind<R> {
  reads: keyof PolicyReads
  /** Pure. In any order. */
  candidates: (rule: R, reads: PolicyReads) => Candidate[]
}

const KINDS: { [K in PolicyRule['kind']]: PolicyKind<PolicyRuleOf<K>> } = {
  'rebuild-bloated': { reads: 'indexes', candidates: (rule, { indexes }) => indexes.flatMap((index) => rebuild(rule, index)) },
  'vacuum-dead': { reads: 'tables', candidates: (rule, { tables }) => tables.flatMap((table) => vacuum(rule, table)) },
  'refresh-views': { reads: 'views', candidates: (rule, { views }) => views.flatMap((view) => refresh(rule, view)) },
}

/** Which read a rule rests on. */
export const readsOf = ({ kind }: PolicyRule): keyof PolicyReads => KINDS[kind].reads

/** What a rule applies to, the largest gain first. Pure. */
export function candidatesOf(rule: PolicyRule, reads: PolicyReads): Candidate[] {
  const kind: PolicyKind<never> = KINDS[rule.kind]
  const found = kind.candidates(rule as never, reads)
  return found.sort((a, b) => (b.rank ?? b.gain) - (a.rank ?? a.gain) || (nameOf(a) < nameOf(b) ? -1 : 1))
}

/** One name for an object over its rebuilds, which change its OID. */
export const nameOf = ({ schemaname, relname }: { schemaname: string; relname: string }): string => JSON.stringify([schemaname, relname])

/** Bloated already means: neither invalid, nor unused or redundant, which a person drops rather than rebuilds. */
function rebuild(rule: PolicyRuleOf<'rebuild-bloated'>, index: IndexFinding): Candidate[] {
  const { verdict, skipped, trust, bytes, bloatBytes, bloatRatio, schemaname, indexrelname: relname, indexrelid: oid } = index
  if (verdict !== 'bloated' || skipped !== null || bytes === null || bloatBytes === null || bloatRatio === null) return []
  if (trust.kind === 'withheld' || (trust.kind === 'estimated' && rule.trust === 'measured')) return []
  const error = trust.kind === 'estimated' ? trust.plusMinus / 100 : 0
  if (bloatRatio - error < rule.bloatPercent / 100 || bloatBytes - error * bytes < rule.bloatBytes) return []
  // In place it would shut others out, which is asked for each time.
  if (!isRebuiltConcurrently(index)) return []
  const why = `${formatPercent(bloatRatio)} bloat`
  return [{ ...reindexIndexRequest({ oid, concurrently: true }), schemaname, relname, why, bytes, gain: bloatBytes, trust }]
}

/** Of a partitioned table its partitions together; they are what VACUUM works on. */
function vacuum(rule: PolicyRuleOf<'vacuum-dead'>, table: TableFinding): Candidate[] {
  const { kind, relid: oid, schemaname, relname, bytes, indexBytes, dead, deadShare, skipped, vacuuming } = table
  if (kind === 'partition' || skipped !== null || vacuuming !== null || bytes === null || deadShare === null) return []
  if (BigInt(dead) < BigInt(rule.deadRows) || deadShare < rule.deadPercent / 100) return []
  const why = `${formatCount(dead, 'dead row')}, ${formatPercent(deadShare)}`
  const gain = Math.round(bytes * deadShare)
  return [{ ...vacuumTableRequest({ oid, analyze: true }), schemaname, relname, why, bytes: bytes + (indexBytes ?? 0), gain, trust: null }]
}

/** What never was populated, or has no unique index, would shut its readers out: a person decides that. */
function refresh(rule: PolicyRuleOf<'refresh-views'>, view: AgedView): Candidate[] {
  const { relid: oid, schemaname, relname, bytes, populated, refreshIndex, skipped, ageSeconds: age } = view
  if (!populated || refreshIndex === null || skipped !== null || bytes === null) return []
  if (age !== null && age < rule.olderMinutes * 60) return []
  const why = age === null ? 'no refresh is known' : `${formatAge(age)} old`
  const rank = age ?? Number.MAX_SAFE_INTEGER
  return [{ ...refreshMaterializedViewRequest({ oid, concurrently: true }), schemaname, relname, why, bytes, gain: 0, rank, trust: null }]
}
