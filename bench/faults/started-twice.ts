import { recordedTarget } from '../../db/console/servers'
import { planAndConfirm } from '../../test/support/confirm-run'
import { begin, type Case } from './case'
import { type Fault, type Scene, until } from './fault'
import { judge, type Verdict, verdictOf } from './judge'
import { variant, variants } from './works'

const KIND = 'worker started twice'
/** Beside the one of the case itself. */
const INDEXES = ['t_plain', 'u_id']
const ROUNDS = 3

interface Told {
  id: string
  state: string
  started_at: Date
  ended_at: Date
}

/** At one server heavy runs go one after the other, in the order of their confirmation, whoever carries them out. */
async function round(one: Case): Promise<Verdict[]> {
  const target = await recordedTarget(one.serverId, one.database)
  if (!target.ok) throw new Error(target.problem.message)
  const more: { id: string; index: string }[] = []
  for (const index of INDEXES) {
    const [row] = await one.server.query<{ oid: number }>(one.database, 'select $1::regclass::oid::int as oid', [index])
    more.push({ id: (await planAndConfirm(target.value, 'reindex-index', { oid: row?.oid })).id, index })
  }
  one.console.startWorker()
  one.console.startWorker()
  const ids = [one.run.id, ...more.map(({ id }) => id)]
  const sql = 'select id::text, state, started_at, ended_at from run where id = any($1) order by id'
  const now = () => one.console.query<Told>(sql, [ids])
  await until('the end of three runs', async () => (await now()).every(({ ended_at }) => ended_at !== null))
  const told = await now()
  const lines = (await one.server.log()).split('\n').filter((line) => line.includes(`@${one.database} `))
  return more.map(({ id, index }) => {
    const at = told.findIndex((row) => row.id === id)
    const [before, mine] = [told[at - 1], told[at]]
    const verdict = verdictOf(`rebuild of ${index}`, mine?.state ?? 'gone')
    const sent = lines.filter((line) => line.includes(`statement: REINDEX INDEX CONCURRENTLY public.${index}`)).length
    if (sent !== 1) verdict.doubled.push(`sent ${sent} times`)
    if (mine?.state !== 'succeeded') verdict.lost.push(`says ${mine?.state}`)
    if (before && mine && mine.started_at < before.ended_at) verdict.doubled.push('ran beside the one before it')
    return verdict
  })
}

export const STARTED_TWICE: (Fault | Scene)[] = [
  {
    kind: KIND,
    name: 'while runs wait at one server',
    injects: ROUNDS * (INDEXES.length + 1),
    play: async (house) => {
      const verdicts: Verdict[] = []
      for (let nth = 0; nth < ROUNDS; nth++) {
        await house.killWorkers()
        const one = await begin(house, variant('rebuild', 'unclaimed'))
        const others = await round(one)
        verdicts.push(await judge(house, one, Date.now()), ...others)
        await one.close()
      }
      return verdicts
    },
  },
  {
    kind: KIND,
    name: 'while runs wait at many servers',
    variants: variants(undefined, ({ queue }) => queue === 'unclaimed'),
    workers: 0,
    inject: async ({ main }) => {
      main.startWorker()
      main.startWorker()
    },
  },
]
