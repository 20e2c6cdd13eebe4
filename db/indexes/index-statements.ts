import { qualified } from '../server/identifiers'

/** What decides which form of a statement PostgreSQL accepts for an index. */
interface IndexKind {
  schemaname: string
  indexrelname: string
  /** relkind I: it has no file of its own, but the indexes of partitions below it, or none. */
  partitioned: boolean
  /** Of an exclusion constraint, a key WITHOUT OVERLAPS (18) among them. */
  exclusion: boolean
}

/** DROP INDEX CONCURRENTLY refuses a partitioned index, with or without partitions (manual, DROP INDEX). */
export const dropIndexSql = ({ schemaname, indexrelname, partitioned }: Omit<IndexKind, 'exclusion'>): string =>
  `DROP INDEX ${partitioned ? '' : 'CONCURRENTLY '}${qualified(schemaname, indexrelname)};`

/** Whether PostgreSQL can rebuild it beside writers: system catalogs and exclusion constraints it cannot (manual, REINDEX). */
export const isRebuiltConcurrently = ({ schemaname, exclusion }: Pick<IndexKind, 'schemaname' | 'exclusion'>): boolean =>
  !exclusion && schemaname !== 'pg_catalog'

/** REINDEX INDEX in the form that shuts out least. */
export const reindexIndexSql = (index: Omit<IndexKind, 'partitioned'>): string =>
  `REINDEX INDEX ${isRebuiltConcurrently(index) ? 'CONCURRENTLY ' : ''}${qualified(index.schemaname, index.indexrelname)};`
