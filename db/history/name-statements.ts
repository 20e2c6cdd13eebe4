import type { Row } from '../server/define-read'
import type { Target } from '../server/target'
import { isTextRefused, readStatementTexts } from '../statements/read-statements'
import type { statements } from '../statements/reads/statements'
import type { Place } from './memory'

/** An entry of pg_stat_statements that the role may see. */
export type SeenStatement = Row<typeof statements> & { queryid: string }

/** As many texts travel at once: each may be long. */
const TEXTS_AT_ONCE = 2_000
/** Where the server refuses all texts, they are asked for again after so long. */
const AGAIN_AFTER_MS = 10 * 60_000

export const keyOf = ({ queryid, userid, dbid, toplevel }: Pick<SeenStatement, 'queryid' | 'userid' | 'dbid' | 'toplevel'>): string =>
  `${queryid} ${userid} ${dbid} ${toplevel ? 1 : 0}`

/** The numbers of all entries by their key; new ones are written down, with their text and whether they are Proctor's own. */
export async function nameStatements(place: Place, target: Target, seen: SeenStatement[]): Promise<Map<string, number>> {
  const { memory, no, session, now } = place
  const known = memory.statements
  const ids = known.ids ?? (await recall(place))
  const unknown = seen.filter((row) => !ids.has(keyOf(row)))
  if (unknown.length > 0) {
    const column = (pick: (row: SeenStatement) => unknown) => unknown.map(pick)
    const { rows } = await session.transaction((query) =>
      query<SeenStatement & { id: number; own: boolean }>(
        `insert into statement (server, first_seen, queryid, userid, dbid, toplevel, rolname, datname, own)
         select $1, $2, r.*, coalesce(t.own, false)
           from unnest($3::int8[], $4::int8[], $5::int8[], $6::bool[], $7::text[], $8::text[])
                  as r (queryid, userid, dbid, toplevel, rolname, datname)
           left join statement_text t on t.server = $1 and t.queryid = r.queryid and t.dbid = r.dbid
         on conflict on constraint statement_key do update set rolname = excluded.rolname, datname = excluded.datname
         returning id, queryid::text as queryid, userid::float8, dbid::float8, toplevel, own`,
        [
          no,
          now(),
          column((r) => r.queryid),
          column((r) => r.userid),
          column((r) => r.dbid),
          column((r) => r.toplevel),
          column((r) => r.rolname),
          column((r) => r.datname),
        ],
      ),
    )
    for (const row of rows) {
      ids.set(keyOf(row), row.id)
      if (row.own) known.own.add(row.id)
    }
  }
  await keepTexts(place, target, seen)
  return ids
}

/** What earlier workers wrote down. */
async function recall({ memory, no, session }: Place): Promise<Map<string, number>> {
  const known = memory.statements
  const ids = new Map<string, number>()
  await session.transaction(async (query) => {
    const { rows } = await query<SeenStatement & { id: number; own: boolean }>(
      'select id, queryid::text as queryid, userid::float8, dbid::float8, toplevel, own from statement where server = $1',
      [no],
    )
    for (const row of rows) {
      ids.set(keyOf(row), row.id)
      if (row.own) known.own.add(row.id)
    }
    const texts = await query<{ key: string }>(`select queryid || ' ' || dbid as key from statement_text where server = $1`, [no])
    known.texts = new Set(texts.rows.map(({ key }) => key))
  })
  known.ids = ids
  return ids
}

async function keepTexts({ memory, no, session, elapsed }: Place, target: Target, seen: SeenStatement[]): Promise<void> {
  const known = memory.statements
  const without = [...new Set(seen.filter((row) => !known.texts.has(`${row.queryid} ${row.dbid}`)).map(({ queryid }) => queryid))]
  if (elapsed() - known.textsRefusedAt < AGAIN_AFTER_MS) return
  for (let from = 0; from < without.length; from += TEXTS_AT_ONCE) {
    const read = await readStatementTexts(target, without.slice(from, from + TEXTS_AT_ONCE))
    if (!read.ok && isTextRefused(read.problem)) known.textsRefusedAt = elapsed()
    if (!read.ok) return // asked again with the next sample
    const texts = read.value
    const column = (pick: (row: (typeof texts)[number]) => unknown) => texts.map(pick)
    await session.transaction(async (query) => {
      await query(
        `insert into statement_text (server, queryid, dbid, query, cut, own)
         select $1, r.* from unnest($2::int8[], $3::int8[], $4::text[], $5::bool[], $6::bool[]) as r on conflict do nothing`,
        [no, column((t) => t.queryid), column((t) => t.dbid), column((t) => t.query), column((t) => t.cut), column((t) => t.own)],
      )
      const own = texts.filter((text) => text.own).map(({ queryid }) => queryid)
      if (own.length === 0) return
      const { rows } = await query<{ id: number }>(
        `update statement s set own = true from statement_text t
          where s.server = $1 and s.queryid = any ($2::int8[]) and t.server = s.server and t.queryid = s.queryid and t.dbid = s.dbid and t.own
         returning s.id`,
        [no, own],
      )
      for (const { id } of rows) known.own.add(id)
    })
  }
  // One without a text that may be seen is not asked for again: the server would read its whole file each time.
  for (const { queryid, dbid } of seen) known.texts.add(`${queryid} ${dbid}`)
}
