import { setTimeout as sleep } from 'node:timers/promises'
import { recordedTarget } from '../../db/console/servers'
import { isFinal } from '../../db/runs/run-states'
import type { RunState } from '../../db/runs/run-types'
import { planAndConfirm } from '../../test/support/confirm-run'
import type { House } from '../faults/house'
import type { Building } from './building'

/** So long an open transaction holds each rebuild, so that a fault meets one that is going on. */
const HELD_MS = 40_000
const PATIENCE_MS = 180_000
const MARK = `select to_regclass('t_id')::oid || '/' || pg_relation_filenode(to_regclass('t_id')) as mark`

/** One rebuild after the other until it is stopped. What cannot be confirmed in the midst of a fault is tried again. */
export function keepRebuilding(house: House, { server, database, serverId, launched }: Building) {
  let newest = ''
  let stopping = false
  let told = 0
  const wrong: string[] = []
  let begun = () => {}
  const first = new Promise<void>((resolve) => {
    begun = resolve
  })
  const mark = async () => (await server.query<{ mark: string }>(database, MARK))[0]?.mark
  const confirm = async () => {
    await launched.find()
    return house.as(launched.console, async () => {
      const target = await recordedTarget(serverId, database)
      if (!target.ok) throw new Error(target.problem.message)
      const [index] = await server.query<{ oid: number }>(database, `select 't_id'::regclass::oid::int as oid`)
      return planAndConfirm(target.value, 'reindex-index', { oid: index?.oid })
    })
  }

  const one = async (): Promise<void> => {
    const holder = await server.connect(database)
    await holder.query('begin; lock table t in row exclusive mode')
    const before = await mark()
    const run = await confirm().catch(() => null)
    if (run) {
      newest = run.id
      begun()
      await sleep(stopping ? 0 : HELD_MS)
    }
    await holder.query('rollback').catch(() => undefined)
    await holder.end().catch(() => undefined)
    if (run) await judge(run.id, before)
    else await sleep(2_000)
  }
  const judge = async (id: string, before: string | undefined): Promise<void> => {
    for (const until = Date.now() + PATIENCE_MS; ; await sleep(250)) {
      const sql = `select state, problem ->> 'message' as message from run where id = $1`
      const [row] = await launched.console.query<{ state: RunState; message: string | null }>(sql, [id]).catch(() => [])
      if (row && isFinal(row.state)) {
        const done = (await untilAnswered(mark)) !== before
        if ((row.state === 'succeeded') === done) told += 1
        else wrong.push(`run ${id} says ${row.state} (${row.message}), but it was ${done ? '' : 'not '}done`)
        return
      }
      if (Date.now() > until) return void wrong.push(`run ${id} is still ${row?.state}`)
    }
  }
  const going = (async () => {
    while (!stopping) await one().catch(() => sleep(1_000)) // the server is away for a moment
  })()
  return {
    first,
    newest: () => newest,
    stop: async () => {
      stopping = true
      await going
      return { told, wrong }
    },
  }
}

async function untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
  for (let tried = 0; ; tried++) {
    const answer = await ask().then(
      (value) => ({ value }),
      (error: Error) => (tried > 60 ? Promise.reject(error) : null),
    )
    if (answer) return answer.value
    await sleep(1_000)
  }
}
