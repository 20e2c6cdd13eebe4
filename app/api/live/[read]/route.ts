import { z } from 'zod'
import { requireUserOr401 } from '@/app/session'
import { toldByRoute } from '@/app/told'
import { failed } from '@/db/server/problem'
import { liveReadOf } from './reads'

/**
 * The one read endpoint: GET /api/live/<name>?server=…&database=…. Answers a Result with the moment of reading.
 * A problem of the monitored server is an answer (200); 401 without a session, 404 for a name that is not on the
 * list, 400 for parameters that do not fit.
 */
export const GET = toldByRoute(async (request: Request, { params }: RouteContext<'/api/live/[read]'>): Promise<Response> => {
  const user = await requireUserOr401()
  if (user instanceof Response) return user
  const { read } = await params
  const found = liveReadOf(read)
  if (!found) return answer(failed('invalid_input', 'There is no such read'), 404)
  const result = await found.answer(Object.fromEntries(new URL(request.url).searchParams))
  if (result instanceof z.ZodError) return answer(failed('invalid_input', z.prettifyError(result)), 400)
  return answer(result, 200)
})

const answer = (result: object, status: number) =>
  Response.json({ ...result, at: new Date().toISOString() }, { status, headers: { 'cache-control': 'no-store' } })
