import type { Instrumentation } from 'next'

/** Writes what went wrong in a page, route or action to the log: where, never with headers or query. */
export const onRequestError: Instrumentation.onRequestError = async (error, request, context) => {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { log } = await import('./db/console/log')
  log().error({ err: error, path: request.path.split('?')[0], method: request.method, route: context.routePath }, 'request failed')
}
