import type { Row } from '../server/define-read'
import { runRead } from '../server/run-read'
import { activitySample } from '../sessions/reads/activity-sample'
import type { Query } from './console-session'
import { insertRows } from './insert-rows'
import { failedWith, NEVER, nothing, type Place, type Task } from './memory'
import { CONNECTION_SAMPLE, WAIT_SAMPLE } from './series'

/** Of one statement an example is kept at most so often, and so many of them. */
const EXAMPLE_EVERY_MS = 60_000
const EXAMPLES_KEPT = 5
/** A holder that was out of sight for longer is a new episode, in seconds. */
const EPISODE_SECONDS = 120

type Activity = Row<typeof activitySample>

/** Sessions by state, what active ones wait for, examples of statements, and who holds the oldest xmin. */
export const sampleActivity: Task = async (place) => {
  const read = await runRead(place.target, activitySample, { console: place.target.consoleId ?? null })
  if (!read.ok) return failedWith(read.problem)
  const seen = read.value[0] as Activity
  const { no, session, now } = place
  await session.transaction(async (query) => {
    const at = now()
    const { waits, examples, holders, ...sessions } = seen
    const peaks = { samples: 1, peak: seen.total, peak_active: seen.active, peak_idle_in_transaction: seen.idle_in_transaction }
    await insertRows(query, CONNECTION_SAMPLE, no, at, [{ ...sessions, ...peaks }])
    await nameWaits(query, place, waits)
    await insertRows(
      query,
      WAIT_SAMPLE,
      no,
      at,
      waits.map(({ type, event, query_id, datid, sessions: n }) => ({
        wait: place.memory.waits.get(`${type} ${event}`),
        queryid: query_id,
        datid,
        sessions: n,
      })),
    )
    if (place.keepExamples) await keepExamples(query, place, examples, at)
    await keepApplications(query, place, examples, at)
    for (const holder of holders) await keepHolder(query, no, holder, at)
  })
  return nothing
}

async function nameWaits(query: Query, { memory }: Place, waits: Activity['waits']): Promise<void> {
  const unknown = waits.filter(({ type, event }) => !memory.waits.has(`${type} ${event}`))
  if (unknown.length === 0) return
  const values = [unknown.map(({ type }) => type), unknown.map(({ event }) => event)]
  await query('insert into wait_event (type, name) select distinct * from unnest($1::text[], $2::text[]) on conflict do nothing', values)
  const { rows } = await query<{ id: number; type: string; name: string }>('select id, type, name from wait_event')
  for (const { id, type, name } of rows) memory.waits.set(`${type} ${name}`, id)
}

async function keepExamples(query: Query, { no, memory, elapsed }: Place, examples: Activity['examples'], at: Date): Promise<void> {
  const due = examples.filter(
    ({ query_id, datid }) => elapsed() - (memory.examples.get(`${query_id} ${datid}`) ?? NEVER) >= EXAMPLE_EVERY_MS,
  )
  const one = [...new Map(due.map((example) => [`${example.query_id} ${example.datid}`, example])).entries()]
  if (one.length === 0) return
  const column = (pick: (example: Activity['examples'][number]) => unknown) => one.map(([, example]) => pick(example))
  await query(
    `insert into statement_example (server, at, queryid, dbid, query, running, application_name, rolname)
     select $1, $2, r.* from unnest($3::int8[], $4::int8[], $5::text[], $6::float4[], $7::text[], $8::text[]) as r`,
    [
      no,
      at,
      column((e) => e.query_id),
      column((e) => e.datid),
      column((e) => e.query),
      column((e) => e.running),
      column((e) => e.application_name),
      column((e) => e.rolname),
    ],
  )
  await query(
    `delete from statement_example e
      using (select id, row_number() over (partition by queryid, dbid order by at desc) as place from statement_example
              where server = $1 and queryid = any ($2::int8[])) old
      where e.id = old.id and old.place > ${EXAMPLES_KEPT}`,
    [no, column((e) => e.query_id)],
  )
  if (memory.examples.size > 20_000) memory.examples.clear()
  for (const [key] of one) memory.examples.set(key, elapsed())
}

async function keepApplications(query: Query, { no }: Place, examples: Activity['examples'], at: Date): Promise<void> {
  if (examples.length === 0) return
  await query(
    `insert into statement_application (server, last_seen, queryid, dbid, application_name, seen)
     select $1, $2, queryid, dbid, name, count(*) from unnest($3::int8[], $4::int8[], $5::text[]) as r (queryid, dbid, name)
      group by queryid, dbid, name order by queryid, dbid, name
     on conflict (server, queryid, dbid, application_name)
       do update set seen = statement_application.seen + excluded.seen, last_seen = excluded.last_seen`,
    [no, at, examples.map((e) => e.query_id), examples.map((e) => e.datid), examples.map((e) => e.application_name)],
  )
}

async function keepHolder(query: Query, no: number, holder: Activity['holders'][number], at: Date): Promise<void> {
  const { kind, identity, detail, since, age } = holder
  const { rowCount } = await query(
    `update xmin_holder set last_seen = $4, age = greatest(age, $5)
      where server = $1 and kind = $2 and identity = $3
        and last_seen between $4::timestamptz - interval '${EPISODE_SECONDS} seconds' and $4::timestamptz + interval '${EPISODE_SECONDS} seconds'
        and since is not distinct from $6::timestamptz`,
    [no, kind, identity, at, age, since],
  )
  if (rowCount) return
  await query(
    `insert into xmin_holder (server, kind, identity, detail, since, first_seen, last_seen, age)
     values ($1, $2, $3, $4, $5, $6, $6, $7) on conflict do nothing`,
    [no, kind, identity, detail, since, at, age],
  )
}
