import { consoleDb } from '../console/client'
import { CONNECTION_SAMPLE, DATABASE_DELTA, DATABASE_SIZE, SERVER_DELTA, STANDBY_SAMPLE, tableOf } from '../history/series'

/*
 * Figures of many servers at once, by the number of their series. A row of the finest step is a look of 10 s; what is older than
 * two minutes says nothing of now.
 */

const [LOOK, , HOUR] = CONNECTION_SAMPLE.steps as [number, number, number, number]
const [SIZE_HOUR, SIZE_DAY] = DATABASE_SIZE.steps as [number, number]
/** So many blocks are a hit ratio: of fewer, one more read would move it by more than it tells. */
const ENOUGH_BLOCKS = 1_000

const query = async <Row extends object>(sql: string, nos: readonly number[]): Promise<Map<number, Row>> => {
  const { rows } = await consoleDb().$client.query<Row & { server: number }>(sql, [nos])
  return new Map(rows.map((row) => [row.server, row]))
}

/** Sessions in the last look at each server. */
export const sessionsNow = (nos: readonly number[]) =>
  query<{ active: number; max_connections: number; at: Date }>(
    /* sql */ `
select distinct on (server) server, at, coalesce(active, 0)::float8 / greatest(samples, 1) as active, max_connections
  from ${tableOf(CONNECTION_SAMPLE, LOOK)} where server = any ($1) and at between now() - interval '2 minutes' and now()
 order by server, at desc`,
    nos,
  )

/** Transactions and WAL in the last two minutes, and how many seconds of them were sampled. */
export const ratesNow = (nos: readonly number[]) =>
  query<{ transactions: number; wal_bytes: number; seconds: number }>(
    /* sql */ `
select server, coalesce(d.transactions, 0) as transactions, s.wal_bytes, s.seconds
  from (select server, coalesce(sum(wal_bytes), 0)::float8 as wal_bytes, sum(seconds) as seconds
          from ${tableOf(SERVER_DELTA, LOOK)} where server = any ($1) and at between now() - interval '2 minutes' and now() group by server) s
  left join (select server, (coalesce(sum(xact_commit), 0) + coalesce(sum(xact_rollback), 0))::float8 as transactions
          from ${tableOf(DATABASE_DELTA, LOOK)} where server = any ($1) and at between now() - interval '2 minutes' and now() group by server) d
       using (server)
 where s.seconds > 0`,
    nos,
  )

/** The worst replay lag that each primary was told in the last two minutes, ms; 0 where its standbys had nothing left to replay. */
export const lagNow = (nos: readonly number[]) =>
  query<{ lag: number }>(
    `select server, coalesce(max(replay_time), 0)::float8 as lag from ${tableOf(STANDBY_SAMPLE, LOOK)}
      where server = any ($1) and at between now() - interval '2 minutes' and now() group by server`,
    nos,
  )

/** Share of blocks found in shared buffers in the last ten minutes. */
export const hitNow = (nos: readonly number[]) =>
  query<{ hit: number }>(
    /* sql */ `
select server, coalesce(sum(blks_hit), 0)::float8 / sum(coalesce(blks_hit, 0) + coalesce(blks_read, 0)) as hit
  from ${tableOf(DATABASE_DELTA, LOOK)} where server = any ($1) and at between now() - interval '10 minutes' and now()
 group by server having sum(coalesce(blks_hit, 0) + coalesce(blks_read, 0)) >= ${ENOUGH_BLOCKS}`,
    nos,
  )

/** The mean of active sessions in each whole hour of the last day: 24, the oldest first; null where nothing was sampled. */
export async function activeByHour(nos: readonly number[]): Promise<Map<number, (number | null)[]>> {
  const { rows } = await consoleDb().$client.query<{ server: number; ago: number; active: number }>(
    /* sql */ `
select server, (extract(epoch from date_trunc('hour', now()) - at) / ${HOUR})::int as ago, coalesce(active, 0)::float8 / greatest(samples, 1) as active
  from ${tableOf(CONNECTION_SAMPLE, HOUR)}
 where server = any ($1) and at >= date_trunc('hour', now()) - interval '24 hours' and at < date_trunc('hour', now())`,
    [nos],
  )
  const all = new Map(nos.map((no) => [no, Array<number | null>(24).fill(null)]))
  for (const { server, ago, active } of rows) {
    const hours = all.get(server)
    if (hours && ago >= 1 && ago <= 24) hours[24 - ago] = active
  }
  return all
}

/**
 * Bytes of the databases of each server, as last written, and as they were 30 days ago; `before` is null where any of them has no size
 * from then. A size is written where it changed; a database that the last hourly look at the server did not meet is gone.
 */
export const sizes = (nos: readonly number[]) =>
  query<{ bytes: number; before: number | null }>(
    /* sql */ `
with known as (
  select d.server, d.datid from sampled_database d join sampling_turn t on t.server = d.server and t.database = d.datname and t.task = 'indexes'
   where d.server = any ($1)
     and t.at > (select max(at) from sampling_turn m where m.server = d.server and m.task = 'indexes') - interval '2 hours'
)
select k.server, sum(newest.bytes)::float8 as bytes,
       case when bool_and(before.bytes is not null) then sum(before.bytes)::float8 end as before
  from known k
  cross join lateral (${newest('')}) newest
  left join lateral (${newest(`and at < now() - interval '30 days'`)}) before on true
 group by k.server`,
    nos,
  )

function newest(when: string): string {
  const of = (step: number) =>
    `(select at, bytes from ${tableOf(DATABASE_SIZE, step)} where server = k.server and datid = k.datid and bytes is not null ${when} order by at desc limit 1)`
  return `select bytes from (${of(SIZE_HOUR)} union all ${of(SIZE_DAY)}) s order by at desc limit 1`
}
