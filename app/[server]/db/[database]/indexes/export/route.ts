import { z } from 'zod'
import { exportList } from '@/app/export-list'
import type { Place } from '@/app/place'
import { asCsv, asJson, asMarkdown, EXPORT_FORMATS } from '@/components/indexes/export-rows'
import { listIndexesParams } from '@/db/indexes/list-indexes'
import { readIndexList } from '../index-reads'

const given = listIndexesParams.pick({ verdict: true, q: true, sort: true, dir: true }).extend({ format: z.enum(EXPORT_FORMATS) })

const PAGE = 500
const TEXT = { csv: asCsv, json: asJson, md: asMarkdown }

/** The filtered and sorted list, all of it, as a file. */
export const GET = exportList({
  ...{ file: 'indexes', what: 'indexes', given },
  read: readAll,
  rows: ({ rows }) => rows.length,
  text: ({ rows, summary, missing, unused }, format, about) => TEXT[format](rows, { ...about, summary, missing, unused }),
})

/** Page by page, up to the end of the list. Errors: as readIndexList. */
async function readAll(place: Place, filter: Omit<z.output<typeof given>, 'format'>): ReturnType<typeof readIndexList> {
  const first = await readIndexList(place, { ...filter, limit: PAGE })
  if (!first.ok) return first
  const rows = [...first.value.rows]
  while (rows.length < first.value.total) {
    const next = await readIndexList(place, { ...filter, offset: rows.length, limit: PAGE })
    if (!next.ok) return next
    if (next.value.rows.length === 0) break
    rows.push(...next.value.rows)
  }
  return { ok: true, value: { ...first.value, rows } }
}
