import { z } from 'zod'
import { LinkFault } from './link-fault'

/** What a schema's first complaints are shortened to: a server may send as many wrong rows as it likes. */
const MOST = 500

/**
 * A row as it was declared. One that is not is the server's fault as long as it may be anybody's server, and a panel says so; on a real
 * one it is ours, and the tests of every read fail on it.
 * Errors: throws a LinkFault of kind wrong_answer.
 */
export function parseRow<T extends z.ZodType>(schema: T, row: unknown): z.output<T> {
  const parsed = schema.safeParse(row)
  if (parsed.success) return parsed.data
  const hint = z.prettifyError(parsed.error).slice(0, MOST)
  throw new LinkFault('wrong_answer', 'The server returned an unexpected result.', { hint })
}
