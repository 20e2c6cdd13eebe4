import { z } from 'zod'
import { exportAnswer } from '@/app/export-answer'
import { noted } from '@/app/noted'
import { placeOf, targetOf } from '@/app/place'
import { requireUserOr401 } from '@/app/session'
import { toldByRoute } from '@/app/told'
import { rowsShown } from '@/components/guide/catalogue-messages'
import { SHOWN } from '@/components/guide/catalogue-params'
import { catalogueCsv, catalogueJson, catalogueMarkdown } from '@/components/guide/export-catalogue'
import { EXPORT_FORMATS } from '@/components/indexes/export-rows'
import { readGuideCatalogue } from '../catalogue-reads'

const given = z.object({
  format: z.enum(EXPORT_FORMATS),
  show: z.enum(SHOWN).default('all'),
  schema: z.string().min(1).max(63).nullable().default(null),
})

/** The catalogue, filtered as it is shown, as a file. */
export const GET = toldByRoute(
  async (request: Request, { params }: RouteContext<'/[server]/db/[database]/guide/export'>): Promise<Response> => {
    const user = await requireUserOr401()
    if (user instanceof Response) return user
    const place = await placeOf(params)
    const asked = given.safeParse(Object.fromEntries(new URL(request.url).searchParams))
    if (!asked.success) return new Response(z.prettifyError(asked.error), { status: 400 })
    const target = await targetOf(place)
    if (!target.ok) return Response.json(target, { status: 404 })
    const { format, show, schema } = asked.data
    const detail = { what: 'guide indexes', format, filter: { show, schema } }
    const read = await noted(
      { by: user, action: 'data.exported', serverId: place.server, database: place.database, detail },
      await readGuideCatalogue(place, schema),
      ({ rows }) => ({ rows: rowsShown(rows, show).length }),
    )
    // conflict: the database does not hold the guide's tables.
    if (!read.ok) return Response.json(read, { status: read.problem.kind === 'conflict' ? 404 : 502 })
    const answer = { ...read.value, rows: rowsShown(read.value.rows, show) }
    const about = { ...place, at: new Date().toISOString() }
    const body =
      format === 'csv' ? catalogueCsv(answer) : format === 'json' ? catalogueJson(answer, about) : catalogueMarkdown(answer, about)
    return exportAnswer('guide-indexes', place, format, body)
  },
)
