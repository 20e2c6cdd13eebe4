import type { TableDescription } from '@/db/tables/describe-table'
import { windowStart } from '../indexes/overview-messages'
import { useLive } from '../live/use-live'

/** The indexes of a table and those that its foreign keys lack, as the page of indexes judges them. */
export function useTableIndexes(place: { server: string; database: string }, table: TableDescription | undefined) {
  const ids = [
    ...(table?.detail.indexes ?? []),
    // A missing index is listed under its foreign key's OID, negative.
    ...(table?.keys.filter(({ direction }) => direction === 'out').map(({ oid }) => -oid) ?? []),
  ].slice(0, 500)
  const { answer } = useLive('list-indexes', { ...place, ids: ids.join(','), limit: 500 }, { everyMs: 60_000, enabled: ids.length > 0 })
  const list = answer?.ok ? answer.value : undefined
  const rows = list?.rows ?? []
  return {
    rows,
    indexes: rows.filter((row) => row.verdict !== 'missing'),
    missing: rows.filter((row) => row.verdict === 'missing'),
    since: list ? windowStart(list.summary) : null,
  }
}
