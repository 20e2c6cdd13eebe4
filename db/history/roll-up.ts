import type { Query } from './insert-rows'
import { SERIES, type Series, tableOf } from './series'

/**
 * Rolls one server's rows up into every coarser step, as far as buckets are over at `now`. Runs within a transaction of the
 * session that also writes this server's rows, so none can arrive for a bucket that has been rolled up.
 */
export async function rollUp(query: Query, server: number, now: Date, series: readonly Series[] = SERIES): Promise<void> {
  const { rows } = await query('select series, step, extract(epoch from until)::float8 as until from rolled_up where server = $1', [server])
  const known = new Map((rows as { series: string; step: number; until: number }[]).map((row) => [`${row.series} ${row.step}`, row.until]))
  for (const one of series) {
    let finerUntil = now.getTime() / 1000
    for (const [at, step] of one.steps.entries()) {
      const finer = one.steps[at - 1]
      if (finer === undefined) continue
      const until = Math.floor(finerUntil / step) * step
      const since = known.get(`${one.name} ${step}`) ?? (await firstBucket(query, one, finer, step, server))
      if (since === undefined) break // nothing finer is there yet
      if (until > since) await rollUpStep(query, one, finer, step, server, since, until)
      finerUntil = Math.max(since, until)
    }
  }
}

async function firstBucket(query: Query, series: Series, finer: number, step: number, server: number): Promise<number | undefined> {
  const { rows } = await query(`select extract(epoch from min(at))::float8 as first from ${tableOf(series, finer)} where server = $1`, [
    server,
  ])
  const first = (rows[0] as { first: number | null }).first
  return first === null ? undefined : Math.floor(first / step) * step
}

async function rollUpStep(query: Query, series: Series, finer: number, step: number, server: number, since: number, until: number) {
  const { keys, sum, max = [], min = [], last = [] } = series
  const columns = [
    ...sum.map((name) => [name, `sum(${name})`]),
    ...max.map((name) => [name, `max(${name})`]),
    ...min.map((name) => [name, `min(${name})`]),
    ...last.map((name) => [name, `(array_agg(${name} order by at desc) filter (where ${name} is not null))[1]`]),
  ]
  const bucket = `to_timestamp(floor(extract(epoch from at) / ${step}) * ${step})`
  await query(
    `insert into ${tableOf(series, step)} (at, step, server, ${[...keys, ...columns.map(([name]) => name)].join(', ')})
     select ${bucket}, ${step}, server, ${[...keys, ...columns.map(([, sql]) => sql)].join(', ')}
       from ${tableOf(series, finer)}
      where server = $1 and at >= to_timestamp($2) and at < to_timestamp($3)
      group by ${[bucket, 'server', ...keys].join(', ')}`,
    [server, since, until],
  )
  await query(
    `insert into rolled_up (server, series, step, until) values ($1, $2, $3, to_timestamp($4))
     on conflict (server, series, step) do update set until = excluded.until`,
    [server, series.name, step, until],
  )
}
