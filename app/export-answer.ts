import type { Place } from './place'

const TYPE = { csv: 'text/csv', json: 'application/json', md: 'text/markdown' }

/** A list as a file that the browser keeps: indexes-server-database.csv. */
export function exportAnswer(what: string, { server, database }: Place, format: keyof typeof TYPE, body: string): Response {
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
