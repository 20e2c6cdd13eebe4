import { z } from 'zod'
import { exportAnswer } from '@/app/export-answer'
import { noted } from '@/app/noted'
import { type Place, placeOf, targetOf } from '@/app/place'
import { requireUserOr401 } from '@/app/session'
import { toldByRoute } from '@/app/told'
import { asCsv, asJson, asMarkdown, EXPORT_FORMATS } from '@/components/indexes/export-rows'
import { listIndexesParams } from '@/db/indexes/list-indexes'
import { readIndexList } from '../index-reads'

const given = listIndexesParams.pick({ verdict: true, q: true, sort: true, dir: true }).extend({ format: z.enum(EXPORT_FORMATS) })

const PAGE = 500

/** The filtered and sorted list, all of it, as a file. */
export const GET = toldByRoute(
  async (request: Request, { params }: RouteContext<'/[server]/db/[database]/indexes/export'>): Promise<Response> => {
    const user = await requireUserOr401()
    if (user instanceof Response) return user
    const place = await placeOf(params)
    const asked = given.safeParse(Object.fromEntries(new URL(request.url).searchParams))
    if (!asked.success) return new Response(z.prettifyError(asked.error), { status: 400 })
    const target = await targetOf(place)
    if (!target.ok) return Response.json(target, { status: 404 })
    const { format, ...filter } = asked.data
    const read = await noted(
      { by: user, action: 'data.exported', serverId: place.server, database: place.database, detail: { what: 'indexes', format, filter } },
      await readAll(place, filter),
      ({ rows }) => ({ rows: rows.length }),
    )
    if (!read.ok) return Response.json(read, { status: 502 })
    const { rows, summary, missing, unused } = read.value
    const about = { ...place, at: new Date().toISOString(), summary, missing, unused }
    const body = format === 'csv' ? asCsv(rows) : format === 'json' ? asJson(rows, about) : asMarkdown(rows, about)
    return exportAnswer('indexes', place, format, body)
  },
)

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
