import { databaseAges } from '../databases/reads/database-ages'
import { multixactMembers } from '../databases/reads/multixact-members'
import type { Row } from '../server/define-read'
import { runRead } from '../server/run-read'
import { insertRows } from './insert-rows'
import { failedWith, nothing, type Task } from './memory'
import { ID_SAMPLE } from './series-of-use'

/** How far transaction and multixact IDs are. The space of members only for a role that may see it. */
export const sampleIds: Task = async ({ no, now, session, target }) => {
  const read = await runRead(target, databaseAges, {})
  if (!read.ok) return failedWith(read.problem)
  const [row] = read.value
  if (!row) return nothing
  const members = await runRead(target, multixactMembers, {})
  const { value: all } = read
  const most = (of: (age: Row<typeof databaseAges>) => number) => Math.max(...all.map(of))
  const sample = {
    xid_age: most(({ xid_age: age }) => age),
    mxid_age: most(({ mxid_age: age }) => age),
    next_xid: row.next_xid,
    next_mxid: row.next_mxid,
    members: members.ok ? (members.value[0]?.members ?? null) : null,
  }
  await session.transaction((query) => insertRows(query, ID_SAMPLE, no, now(), [sample]))
  return nothing
}
