import type { IndexSummary, UnusedEvidence } from '@/db/indexes/index-finding'
import { exactCount, plural } from '../format'
import { EmptyState } from '../ui/problem-panel'
import { VERDICT_LABEL } from './verdict'

interface EmptyListProps {
  summary: IndexSummary
  unused: UnusedEvidence
  missing: number | null
  query: { verdict: keyof typeof VERDICT_LABEL | null; q: string }
  database: string
}

/** Says what was looked at and not found. */
export function EmptyList({ summary, unused, missing, query, database }: EmptyListProps) {
  const { verdict, q } = query
  const looked = `${exactCount(summary.total)} ${summary.total === 1 ? 'index' : 'indexes'} checked.`
  if (summary.total === 0 && !verdict && !q)
    return <EmptyState title={`${database} has no indexes`}>No table outside of the system schemas has one.</EmptyState>
  if (q) {
    return (
      <EmptyState title={`No ${verdict ? `${VERDICT_LABEL[verdict].toLowerCase()} ` : ''}index matches “${q}”`}>
        Names of indexes and tables were searched. {looked}
      </EmptyState>
    )
  }
  if (verdict === 'missing' && !q)
    return missing === null ? (
      <EmptyState title="Foreign keys could not be read">The error is shown above the list.</EmptyState>
    ) : (
      <EmptyState title="No index is missing">An index serves each foreign key of {database}.</EmptyState>
    )
  if (verdict === 'unused') {
    return (
      <EmptyState
        title={
          unused.withheld
            ? 'Unused is not judged yet'
            : `No index went unused for ${plural(Math.round(unused.after / 86_400), 'day', 'days')}`
        }
      >
        {unused.withheld ? `${unused.withheld.charAt(0).toUpperCase()}${unused.withheld.slice(1)}. ` : ''}
        {unused.notScanned.count > 0 && `${plural(unused.notScanned.count, 'index was', 'indexes were')} not scanned, without proof. `}
        {looked}
      </EmptyState>
    )
  }
  return <EmptyState title={`No ${verdict ? VERDICT_LABEL[verdict].toLowerCase() : ''} index`}>{looked}</EmptyState>
}
