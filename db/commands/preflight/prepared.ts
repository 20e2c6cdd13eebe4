import { z } from 'zod'
import { formatAge, formatFirst } from '../../domain/format'
import { float, oid, serverText } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { ok } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { PreflightCheck } from '../define-command'

const preparedTransactions = defineRead({
  name: 'prepared-transactions',
  about: 'Prepared transactions of this database, and whether they hold a lock on one table',
  params: z.object({ relid: oid }),
  row: z.object({ gid: serverText, owner: z.string(), seconds: float, holds: z.boolean() }),
  keep: 0,
  sql: /* sql */ `
select /* proctor:prepared-transactions */ p.gid, p.owner::text, extract(epoch from clock_timestamp() - p.prepared)::float8 as seconds,
       -- its locks have no pid; the one on its own transactionid tells whose the others are
       exists (select from pg_locks x
                 join pg_locks l on l.virtualtransaction = x.virtualtransaction and l.pid is null
                where x.pid is null and x.locktype = 'transactionid' and x.transactionid = p.transaction
                  and l.locktype = 'relation' and l.relation = $1) as holds
  from pg_prepared_xacts p
 where p.database = current_database()
 order by p.prepared`,
})

/** Prepared transactions outlive their sessions: nobody may be there to end them. */
export const prepared: PreflightCheck = async (target, { object }, plan) => {
  const found = await runRead(target, preparedTransactions, { relid: object.relid })
  if (!found.ok) return found
  const rows = plan.form === 'concurrently' ? found.value.filter(({ holds }) => holds) : found.value
  if (rows.length === 0) {
    const others = found.value.length
    const detail = others === 0 ? 'There is none in this database' : `${others} in this database, none with a lock on the table`
    return ok({ name: 'prepared-transaction', status: 'pass', title: 'No prepared transaction in the way', detail })
  }
  const names = formatFirst(rows.map(({ gid, owner, seconds }) => `${gid} of ${owner}, ${formatAge(seconds)}`))
  return ok({
    name: 'prepared-transaction',
    status: 'warn',
    title: rows.length === 1 ? 'A prepared transaction' : `${rows.length} prepared transactions`,
    detail: `${names}. ${plan.form === 'concurrently' ? 'The run waits until COMMIT PREPARED or ROLLBACK PREPARED.' : 'Rows that died since stay.'}`,
  })
}
