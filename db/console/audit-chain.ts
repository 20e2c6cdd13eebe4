import { createHash } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { type AuditKey, macFits } from './audit-key'
import type { ConsoleDb } from './client'

/** Lines in a row that are vouched for in the same way. */
export interface ChainRange {
  from: string
  to: string
  entries: number
  /**
   * keyed: each carries the MAC of the present key. other key: of a key that is not here, a former PROCTOR_SECRET's.
   * unkeyed: from before lines had a key. not checked: they carry a key, and none was given to check them by.
   */
  by: 'keyed' | 'other key' | 'unkeyed' | 'not checked'
}

/** What looking at the whole audit found. */
export type ChainState =
  /** `head` is the newest line's hash: whoever keeps it elsewhere notices that the newest lines were cut off. */
  | { unbroken: true; entries: number; head: string; checkedAt: string; ranges: ChainRange[] }
  /** `id` is the first line that does not fit, `entries` how many before it do. */
  | { unbroken: false; id: string; why: string; entries: number; checkedAt: string; ranges: ChainRange[] }

const LINES_AT_ONCE = 2_000
const BEFORE_THE_FIRST = '0'.repeat(64)

const line = z.object({
  id: z.string(),
  at: z.string(),
  actor: z.string(),
  action: z.string(),
  serverId: z.string().nullable(),
  database: z.string().nullable(),
  runId: z.string().nullable(),
  detail: z.unknown(),
  prevHash: z.string(),
  hash: z.string(),
  mac: z.string().nullable(),
  macKey: z.string().nullable(),
  canonical: z.string(),
})

type Line = z.output<typeof line>

/** What is known outside of the console database. */
interface KnownElsewhere {
  /** Left out: only the hashes are followed, which the owner of the database could have made anew. */
  key?: AuditKey
  /** Hashes that once were the newest; each must still be there. */
  heads?: string[]
}

/**
 * Follows the audit from its first line and names the first that does not fit: changed since, put in, swapped, or standing
 * after one that was removed. Hashes and MACs are computed here, not by the functions of the database, which whoever
 * tampers might have changed as well. What a chain cannot show by itself is the loss of its newest lines: `heads` does.
 */
export const verifyAudit = (db: ConsoleDb, { key, heads = [] }: KnownElsewhere = {}): Promise<ChainState> =>
  db.transaction(
    async (tx) => {
      await tx.execute(sql`set local timezone = 'UTC'`)
      const checkedAt = new Date().toISOString()
      const missing = new Set(heads)
      const ranges: ChainRange[] = []
      let [previous, after, entries] = [BEFORE_THE_FIRST, '0', 0]
      for (;;) {
        const { rows } = await tx.execute(sql`
          select /* proctor:audit-chain */ id::text, to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, actor, action,
                 server_id as "serverId", database, run_id::text as "runId", detail, prev_hash as "prevHash", hash, mac,
                 mac_key as "macKey",
                 (select jsonb_object_agg(key, value)::text from jsonb_each(to_jsonb(a) - 'hash') where value <> 'null') as canonical
            from audit a where id > ${after}::bigint order by a.id limit ${LINES_AT_ONCE}`)
        for (const found of z.array(line).parse(rows)) {
          const why = misfit(found, previous, ranges, key)
          if (why) return { unbroken: false, id: found.id, why, entries, checkedAt, ranges }
          extend(ranges, found, key)
          missing.delete(found.hash)
          previous = found.hash
          after = found.id
          entries += 1
        }
        if (rows.length < LINES_AT_ONCE) {
          if (missing.size > 0) return { unbroken: false, id: after, why: CUT_OFF, entries, checkedAt, ranges }
          return { unbroken: true, entries, head: previous, checkedAt, ranges }
        }
      }
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  )

const CUT_OFF = 'the entry that was kept as the newest is not there: entries were cut off at the end, or an older state was restored'

const byOf = ({ mac, macKey }: Line, key: AuditKey | undefined): ChainRange['by'] =>
  mac === null ? 'unkeyed' : key === undefined ? 'not checked' : macKey === key.id ? 'keyed' : 'other key'

/** Why a line does not fit after those in `ranges`. */
function misfit(found: Line, previous: string, ranges: ChainRange[], key: AuditKey | undefined): string | undefined {
  const by = byOf(found, key)
  if (createHash('sha256').update(found.canonical).digest('hex') !== found.hash) return 'it was changed after it was written'
  if (found.prevHash !== previous) return 'a line before it was removed or put in'
  if (by === 'unkeyed' && ranges.some((range) => range.by !== 'unkeyed'))
    return 'it carries no key, and entries before it do: it was put in'
  if (by === 'other key' && ranges.some((range) => range.by === 'keyed')) {
    return 'it carries another key than entries before it: it was put in, a worker has another PROCTOR_SECRET than the console, or the secret that it is looked at with is a former one'
  }
  if (key && by === 'keyed' && !macFits(found.mac ?? '', found, key))
    return 'its hash fits, and its key does not: it, or what stands before it, was rewritten'
  return undefined
}

function extend(ranges: ChainRange[], found: Line, key: AuditKey | undefined): void {
  const by = byOf(found, key)
  const last = ranges.at(-1)
  if (last?.by === by) Object.assign(last, { to: found.id, entries: last.entries + 1 })
  else ranges.push({ from: found.id, to: found.id, entries: 1, by })
}
