import { createHash } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { z } from 'zod'
import type { ConsoleDb } from './client'

/** What looking at the whole audit found. */
export type ChainState =
  /** `head` is the newest line's hash: whoever keeps it elsewhere would notice that the newest lines were cut off. */
  | { unbroken: true; entries: number; head: string; checkedAt: string }
  /** `id` is the first line that does not fit, `entries` how many before it do. */
  | { unbroken: false; id: string; why: string; entries: number; checkedAt: string }

const LINES_AT_ONCE = 2_000
const BEFORE_THE_FIRST = '0'.repeat(64)

const line = z.object({ id: z.string(), prev_hash: z.string(), hash: z.string(), canonical: z.string() })

/**
 * Follows the chain of the audit from its first line (see drizzle/console/0004_audit_chain.sql) and names the first
 * that does not fit: changed since, or put in, or standing after one that was removed. The hashes are computed here, not
 * by the functions of the database, which whoever tampers might have changed as well. What a chain cannot show by itself
 * is the loss of its newest lines.
 */
export const verifyAudit = (db: ConsoleDb): Promise<ChainState> =>
  db.transaction(
    async (tx) => {
      await tx.execute(sql`set local timezone = 'UTC'`)
      const checkedAt = new Date().toISOString()
      let [previous, after, entries] = [BEFORE_THE_FIRST, '0', 0]
      for (;;) {
        const { rows } = await tx.execute(sql`
          select /* proctor:audit-chain */ id::text, prev_hash, hash,
                 (select jsonb_object_agg(key, value)::text from jsonb_each(to_jsonb(a) - 'hash') where value <> 'null') as canonical
            from audit a where id > ${after}::bigint order by a.id limit ${LINES_AT_ONCE}`)
        for (const { id, prev_hash, hash, canonical } of z.array(line).parse(rows)) {
          const broken = (why: string): ChainState => ({ unbroken: false, id, why, entries, checkedAt })
          if (createHash('sha256').update(canonical).digest('hex') !== hash) return broken('it was changed after it was written')
          if (prev_hash !== previous) return broken('a line before it was removed or put in')
          previous = hash
          after = id
          entries += 1
        }
        if (rows.length < LINES_AT_ONCE) return { unbroken: true, entries, head: previous, checkedAt }
      }
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  )

/** A long audit takes a second or two to follow; who reloads the page gets the same answer for a minute. */
const KEEP_MS = 60_000

const shared = globalThis as { proctorAuditChain?: { until: number; state: Promise<ChainState> } }

/** The same, at most once a minute for one process; the answer says when it looked. A broken chain is looked at again. */
export async function auditChain(db: ConsoleDb): Promise<ChainState> {
  const kept = shared.proctorAuditChain
  if (kept && Date.now() < kept.until) return kept.state
  const entry = { until: Date.now() + KEEP_MS, state: verifyAudit(db) }
  shared.proctorAuditChain = entry
  const forget = () => {
    entry.until = 0
  }
  entry.state.then(({ unbroken }) => unbroken || forget(), forget)
  return entry.state
}
