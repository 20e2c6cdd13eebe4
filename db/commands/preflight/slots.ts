import { z } from 'zod'
import { formatBytes, formatFirst } from '../../domain/format'
import { bytes } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { ok } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { PreflightCheck } from '../define-command'

/** Below this an idle slot is not worth a typed confirmation. */
const WORTH_BYTES = 64 * 1024 * 1024

const inactiveSlots = defineRead({
  name: 'inactive-slots',
  about: 'Replication slots that nobody reads, with the WAL that they retain',
  params: z.object({}),
  row: z.object({ slot_name: z.string(), retained: bytes, safe_wal_size: bytes.nullable(), wal_status: z.string().nullable() }),
  sql: /* sql */ `
select /* proctor:inactive-slots */ slot_name::text, pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::int8 as retained, safe_wal_size, wal_status
  from pg_replication_slots
 where not active and restart_lsn is not null
 order by 2 desc`,
})

/** WAL that a rebuild writes stays on disk for as long as a slot asks for it (manual, 26.2.6). */
export const slots: PreflightCheck = async (target, { server }, plan) => {
  if (server.inRecovery) return ok(null)
  const found = await runRead(target, inactiveSlots, {})
  if (!found.ok) return found
  const large = found.value.filter(({ retained, wal_status: status }) => retained >= WORTH_BYTES || status === 'unreserved')
  const adds = plan.prediction?.walBytes ?? plan.prediction?.bytesAfter ?? plan.prediction?.bytesBefore
  if (large.length === 0) {
    return ok({
      name: 'slots',
      status: 'pass',
      title: 'No replication slot retains WAL',
      detail: found.value.length === 0 ? 'No inactive slot' : `${found.value.length} inactive, with little WAL`,
    })
  }
  const names = large.map(
    ({ slot_name: name, retained, safe_wal_size: safe }) =>
      `${name} retains ${formatBytes(retained)}${safe === null ? '' : `, ${formatBytes(safe)} more until it is lost`}`,
  )
  return ok({
    name: 'slots',
    status: 'warn',
    title: large.length === 1 ? 'Inactive replication slot' : `${large.length} inactive replication slots`,
    detail: `${formatFirst(names)}. ${adds == null ? 'The WAL of this run is retained too.' : `This run adds up to ${formatBytes(adds)}.`}`,
  })
}
