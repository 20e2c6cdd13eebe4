import { formatAge, formatBytes, formatCount } from './format'
import type { PolicyRule } from './policy-rule'

interface PolicyWords {
  /** Rebuild bloated indexes */
  name: string
  /** The form of its statements. */
  form: string
}

export const POLICY_WORDS: Record<PolicyRule['kind'], PolicyWords> = {
  'rebuild-bloated': { name: 'Rebuild bloated indexes', form: 'REINDEX INDEX CONCURRENTLY schema.index' },
  'vacuum-dead': { name: 'Vacuum tables with dead rows', form: 'VACUUM (ANALYZE, VERBOSE) schema.table' },
  'refresh-views': { name: 'Refresh materialized views', form: 'REFRESH MATERIALIZED VIEW CONCURRENTLY schema.view' },
}

/** The whole rule in sentences: which objects, in which order, within which limits, and what a warning does. */
export function policySentences(rule: PolicyRule): string[] {
  const things = THINGS[rule.kind]
  const until = rule.until === null ? 'until the window closes' : `until ${rule.until}, or until the window closes`
  return [
    whichObjects(rule),
    `${rule.kind === 'refresh-views' ? 'Oldest first' : 'Largest gain first'}: at most ${rule.most} ${rule.most === 1 ? things[0] : things[1]} and ${formatBytes(rule.mostBytes)} of them a night, one after another, ${until}.`,
    rule.allowWarnings
      ? 'A preflight check that warns is accepted; one that stops ends the night.'
      : 'A preflight check that warns or stops ends the night.',
    'A run that fails ends the night. Nothing begins that, by past runs, would not end in time.',
  ]
}

const THINGS: Record<PolicyRule['kind'], [string, string]> = {
  'rebuild-bloated': ['index', 'indexes'],
  'vacuum-dead': ['table', 'tables'],
  'refresh-views': ['view', 'views'],
}

function whichObjects(rule: PolicyRule): string {
  if (rule.kind === 'refresh-views')
    return `Refreshes materialized views whose last known refresh is older than ${formatAge(rule.olderMinutes * 60)}, or of which none is known. Views that are not populated or have no unique index are left out: refreshing them blocks their readers.`
  if (rule.kind === 'vacuum-dead')
    return `Vacuums and analyzes tables with at least ${formatCount(rule.deadRows, 'dead row')} and ${rule.deadPercent}% of their rows dead.`
  const sure = rule.trust === 'measured' ? 'Only measured bloat counts.' : 'An estimate counts if its low end is above the threshold.'
  return `Rebuilds indexes with at least ${rule.bloatPercent}% and ${formatBytes(rule.bloatBytes)} of bloat. ${sure}`
}
