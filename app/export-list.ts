import { z } from 'zod'
import type { Result } from '@/db/server/problem'
import { noted } from './noted'
import { type Place, placeOf, targetOf } from './place'
import { requireUserOr401 } from './session'
import { toldByRoute } from './told'

const TYPE = { csv: 'text/csv', json: 'application/json', md: 'text/markdown' }
type Format = keyof typeof TYPE

interface ListExport<Asked extends { format: Format }, List> {
  /** What the file and the audit call it. */
  file: string
  what: string
  given: z.ZodType<Asked>
  /** All of it, as it is filtered and sorted. */
  read: (place: Place, asked: Omit<Asked, 'format'>) => Promise<Result<List>>
  rows: (list: List) => number
  /** The file's text; `about` names where it is from, and when. */
  text: (list: List, format: Asked['format'], about: Place & { at: string }) => string
}

/** The route that answers with a database's list as a file, and writes down who asked for it. Errors: 400, 401, 404, 502. */
export const exportList = <Asked extends { format: Format }, List>({ file, what, given, read, rows, text }: ListExport<Asked, List>) =>
  toldByRoute(async (request: Request, { params }: { params: Promise<Place> }): Promise<Response> => {
    const user = await requireUserOr401()
    if (user instanceof Response) return user
    const place = await placeOf(params)
    const asked = given.safeParse(Object.fromEntries(new URL(request.url).searchParams))
    if (!asked.success) return new Response(z.prettifyError(asked.error), { status: 400 })
    const target = await targetOf(place)
    if (!target.ok) return Response.json(target, { status: 404 })
    const { format, ...filter } = asked.data
    const list = await noted(
      { by: user, action: 'data.exported', serverId: place.server, database: place.database, detail: { what, format, filter } },
      await read(place, filter),
      (value) => ({ rows: rows(value) }),
    )
    // conflict: the database has no such list.
    if (!list.ok) return Response.json(list, { status: list.problem.kind === 'conflict' ? 404 : 502 })
    return asFile(file, place, format, text(list.value, format, { ...place, at: new Date().toISOString() }))
  })

/** A list as a file that the browser keeps: indexes-server-database.csv. */
function asFile(what: string, { server, database }: Place, format: Format, body: string): Response {
  const name = `${what}-${server}-${database}`.replace(/[^\w.-]+/g, '_')
  return new Response(body, {
    headers: {
      'content-type': `${TYPE[format]}; charset=utf-8`,
      'content-disposition': `attachment; filename="${name}.${format}"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}
