import { desc } from 'drizzle-orm'
import { lockAudit, writeAudit } from './audit'
import { auditKey } from './audit-key'
import { consoleDb } from './client'
import { PROCTOR } from './roles'
import { audit } from './schema'

/**
 * Where the newest line carries no key, or the one of a former PROCTOR_SECRET, writes a line under the present key, which
 * covers all before it: from then on that cannot be rewritten either. At each start.
 */
export const sealAudit = (): Promise<void> =>
  consoleDb().transaction(async (tx) => {
    await lockAudit(tx)
    const [newest] = await tx.select().from(audit).orderBy(desc(audit.id)).limit(1)
    if (!newest || newest.macKey === auditKey().id) return
    const detail = { upTo: String(newest.id), hash: newest.hash, formerKey: newest.macKey }
    await writeAudit({ by: PROCTOR, action: 'audit.sealed', detail }, tx)
  })
