import { reindexIndexRequest } from '../commands/reindex-index/request'
import { vacuumTableRequest } from '../commands/vacuum-table/request'
import type { CommandRequest } from '../domain/command-request'
import { formatCount, formatPercent } from '../domain/format'
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
  trust: Trust | null
}

/** What a policy looks at; each kind reads one of them. */
export interface PolicyReads {
  indexes: IndexFinding[]
  tables: TableFinding[]
}

interface PolicyKind<R> {
  reads: keyof PolicyReads
  /** Pure. In any order. */
  candidates: (rule: R, reads: PolicyReads) => Candidate[]
}

const KINDS: { [K in PolicyRule['kind']]: PolicyKind<PolicyRuleOf<K>> } = {
  'rebuild-bloated': { reads: 'indexes', candidates: (rule, { indexes }) => indexes.flatMap((index) => rebuild(rule, index)) },
  'vacuum-dead': { reads: 'tables', candidates: (rule, { tables }) => tables.flatMap((table) => vacuum(rule, table)) },
}

/** Which read a rule rests on. */
export const readsOf = ({ kind }: PolicyRule): keyof PolicyReads => KINDS[kind].reads

/** What a rule applies to, the largest gain first. Pure. */
export function candidatesOf(rule: PolicyRule, reads: PolicyReads): Candidate[] {
  const kind: PolicyKind<never> = KINDS[rule.kind]
  const found = kind.candidates(rule as never, reads)
  return found.sort((a, b) => b.gain - a.gain || (nameOf(a) < nameOf(b) ? -1 : 1))
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
