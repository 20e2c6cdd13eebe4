import { z } from 'zod'
import { exportAnswer } from '@/app/export-answer'
import { noted } from '@/app/noted'
import { placeOf, targetOf } from '@/app/place'
import { requireUserOr401 } from '@/app/session'
import { toldByRoute } from '@/app/told'
import { asCsv, asJson, EXPORT_FORMATS } from '@/components/statements/export-rows'
import { queryLiveParams } from '../live-params'
import { readForExport } from '../query-reads'

const given = queryLiveParams.list
  .omit({ limit: true, vs: true, vfrom: true, vto: true, since: true })
  .extend({ format: z.enum(EXPORT_FORMATS) })

/** The filtered and sorted list of the range, all of it, as a file. */
export const GET = toldByRoute(
  async (request: Request, { params }: RouteContext<'/[server]/db/[database]/statements/export'>): Promise<Response> => {
    const user = await requireUserOr401()
    if (user instanceof Response) return user
    const place = await placeOf(params)
    const asked = given.safeParse(Object.fromEntries(new URL(request.url).searchParams))
    if (!asked.success) return new Response(z.prettifyError(asked.error), { status: 400 })
    const target = await targetOf(place)
    if (!target.ok) return Response.json(target, { status: 404 })
    const { format, ...filter } = asked.data
    const read = await noted(
      { by: user, action: 'data.exported', serverId: place.server, database: place.database, detail: { what: 'queries', format, filter } },
      await readForExport(place, filter),
      ({ queries }) => ({ rows: queries.length }),
    )
    if (!read.ok) return Response.json(read, { status: 502 })
    const { queries, about } = read.value
    return exportAnswer('queries', place, format, format === 'csv' ? asCsv(queries, about) : asJson(queries, about))
  },
)
