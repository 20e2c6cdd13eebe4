import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { BENCH_ROLE } from './users-sessions'

const EVERY_MS = 20

/** The connections that Proctor uses for looking: all of its own but those that carry out runs. */
const LOOKING = /* sql */ `
select /* observer */ count(*)::int as n
  from pg_stat_activity
 where application_name like 'proctor%' and application_name not like 'proctor run %' and usename <> $1`

/** Asks the monitored server fifty times a second how many connections Proctor holds. */
export async function observe(url: string): Promise<{ most: () => number; stop: () => Promise<void> }> {
  const client = new Client({ connectionString: url, application_name: 'observer' })
  await client.connect()
  let most = 0
  let stopping = false
  const looking = (async () => {
    while (!stopping) {
      const { rows } = await client.query<{ n: number }>(LOOKING, [BENCH_ROLE])
      most = Math.max(most, rows[0]?.n ?? 0)
      await sleep(EVERY_MS)
    }
    await client.end()
  })()
  return {
    most: () => most,
    stop: () => {
      stopping = true
      return looking
    },
  }
}
