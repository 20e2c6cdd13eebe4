import { noted } from '@/app/noted'
import { requireUserOr401 } from '@/app/session'
import { toldByRoute } from '@/app/told'
import { auditCsv } from '@/components/audit/audit-csv'
import { auditFilter, countAudit, readAudit } from '@/db/console/read-audit'

const CHUNK = 1_000

/** Every entry that the filter lets through, as CSV, newest first; streamed, so that it may be long. */
export const GET = toldByRoute(async (request: Request): Promise<Response> => {
  const user = await requireUserOr401()
  if (user instanceof Response) return user
  const filter = auditFilter.parse(Object.fromEntries(new URL(request.url).searchParams))
  const rows = await countAudit(filter)
  await noted(
    { by: user, action: 'data.exported', detail: { what: 'audit', format: 'csv', filter } },
    { ok: true, value: { rows } },
    (value) => value,
  )
  const encoder = new TextEncoder()
  let before: string | undefined
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const entries = await readAudit(filter, CHUNK, before)
      controller.enqueue(encoder.encode(auditCsv(entries, before === undefined)))
      before = entries.at(-1)?.id
      if (entries.length < CHUNK) controller.close()
    },
  })
  return new Response(body, {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="proctor-audit-${new Date().toISOString().slice(0, 10)}.csv"`,
      'cache-control': 'no-store',
    },
  })
})
