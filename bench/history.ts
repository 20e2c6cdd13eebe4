/**
 * 30 days of samples of 5,000 statements, and how long it takes to read any range of them.
 *
 *   npm run -s bench:history
 *
 * The rows are written, rolled up and dropped by the code that the worker runs, against a clock of the bench's own, on an
 * embedded server: every statement moves in every sample, which no real server does. Of the last day each minute is
 * written, of the days before one minute an hour, as only their roll-ups are left anyway.
 * Printed: bytes a day, by step; the time of each kind of question over ranges of an hour to 30 days, and over odd ones.
 * Exit status 1 when a question takes more than 300 ms in the median of three.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { Client } from 'pg'
import { closeConsole } from '../db/console/client'
import { migrateConsole } from '../db/console/migrate'
import { startCluster } from '../db/embedded/cluster'
import { freePort } from '../db/embedded/free-port'
import { insertRows } from '../db/history/insert-rows'
import { keepPartitions } from '../db/history/partitions'
import { readRetention } from '../db/history/retention'
import { rollUp } from '../db/history/roll-up'
import { STATEMENT_DELTA, STATEMENT_WINDOW } from '../db/history/series'
import { loadSeries, statementSeries, statementTotals } from '../db/history/statements'

const STATEMENTS = Number(process.env.BENCH_STATEMENTS ?? 5_000)
const DAYS = Number(process.env.BENCH_DAYS ?? 30)
/** Of so many hours each minute is written. */
const FINE_HOURS = Number(process.env.BENCH_FINE_HOURS ?? 24)
const LIMIT_MS = 300
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** A load that has heavy and light statements, and columns that most of them never touch. */
function sampleRows(round: number): Record<string, unknown>[] {
  return Array.from({ length: STATEMENTS }, (_, n) => {
    const calls = 1 + ((n * 7 + round) % 97)
    const time = (calls * (50 + ((n * 131) % 1000))) / (1 + n / 20)
    const writes = n % 4 === 0
    return {
      statement: n + 1,
      calls,
      total_exec_time: time,
      exec_time_squares: (time * time) / calls,
      rows: calls * (n % 13),
      shared_blks_hit: calls * 12,
      shared_blks_read: n % 3 === 0 ? calls : 0,
      shared_blks_dirtied: writes ? calls : 0,
      wal_records: writes ? calls * 2 : 0,
      wal_bytes: writes ? calls * 240 : 0,
      shared_blk_read_time: n % 3 === 0 ? time / 10 : 0,
      max_exec_time: 1000 + (n % 50),
    }
  })
}

async function write(client: Client): Promise<{ from: number; to: number }> {
  const query = (sql: string, values?: unknown[]) => client.query(sql, values)
  const inTransaction = async (work: () => Promise<unknown>) => {
    await client.query('begin')
    await work()
    await client.query('commit')
  }
  const retention = readRetention({})
  const to = Math.floor(Date.now() / MINUTE) * MINUTE
  const from = to - DAYS * DAY
  await query(`insert into server (id, name, source, database) values ('bench', 'bench', 'environment', 'bench')`)
  await query(`insert into sampled_server (server_id) values ('bench')`)
  await query(
    `insert into statement (server, queryid, userid, dbid, toplevel, rolname, datname, first_seen)
     select 1, n, 10, 5, true, 'app', 'bench', now() from generate_series(1, $1::int) n`,
    [STATEMENTS],
  )
  await query(
    `insert into statement_text select 1, n, 5, 'select * from orders_' || n || ' where customer_id = $1 and status = $2 order by id', false, false
       from generate_series(1, $1::int) n`,
    [STATEMENTS],
  )
  let round = 0
  let slowest = 0
  for (let at = from; at < to; round++) {
    const fine = at >= to - FINE_HOURS * HOUR
    const moment = new Date(at)
    await inTransaction(() => keepPartitions(query, moment, retention))
    const rows = sampleRows(round)
    const started = performance.now()
    await inTransaction(async () => {
      await insertRows(query, STATEMENT_DELTA, 1, moment, rows)
      const total = rows.reduce((sum, row) => sum + Number(row.total_exec_time), 0)
      await insertRows(query, STATEMENT_WINDOW, 1, moment, [{ seconds: 60, total_exec_time: total, calls: 1, statements: STATEMENTS }])
    })
    slowest = Math.max(slowest, performance.now() - started)
    if (round % 10 === 0) await inTransaction(() => rollUp(query, 1, moment))
    if (round % 240 === 0) console.log(`  ${moment.toISOString()} load ${loadavg()[0]?.toFixed(1)}`)
    at += fine ? MINUTE : HOUR
  }
  await inTransaction(() => rollUp(query, 1, new Date(to)))
  console.log(`  the slowest sample took ${slowest.toFixed(0)} ms to write`)
  return { from, to }
}

async function printSizes(client: Client): Promise<void> {
  for (const step of STATEMENT_DELTA.steps) {
    const { rows } = await client.query(
      `select coalesce(sum(pg_total_relation_size(c.oid)), 0)::float8 as bytes,
              (select count(*)::float8 from statement_delta_${step}) as n
         from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'statement_delta_${step}'::regclass`,
    )
    const perRow = rows[0].bytes / Math.max(1, rows[0].n)
    const perDay = (perRow * STATEMENTS * 86_400) / step
    console.log(
      `  step ${String(step).padStart(5)} s: ${perRow.toFixed(0)} bytes a row with its indexes, ${(perDay / 1e6).toFixed(1)} MB a day`,
    )
  }
}

const median = (times: number[]): number => times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN

async function timed(label: string, work: () => Promise<unknown>): Promise<boolean> {
  const times: number[] = []
  for (let n = 0; n < 3; n++) {
    const started = performance.now()
    await work()
    times.push(performance.now() - started)
  }
  const ms = median(times)
  console.log(`  ${label.padEnd(44)} ${ms.toFixed(0).padStart(5)} ms${ms > LIMIT_MS ? '   too slow' : ''}`)
  return ms <= LIMIT_MS
}

async function read({ to }: { from: number; to: number }): Promise<boolean> {
  const ranges: [string, number, number][] = [
    ['the last hour', to - HOUR, to],
    ['the last 3 hours', to - 3 * HOUR, to],
    ['the last 24 hours', to - DAY, to],
    ['odd hours within the last day', to - 22 * HOUR - 7 * MINUTE, to - 3 * HOUR - 13 * MINUTE],
    ['the last 2 days', to - 2 * DAY, to],
    ['the last 7 days', to - 7 * DAY, to],
    ['odd days', to - 19 * DAY - 5 * HOUR, to - 4 * DAY - 7 * HOUR],
    ['30 days', to - DAYS * DAY, to],
  ]
  let fine = true
  for (const [label, from, until] of ranges) {
    const range = { from: new Date(from), to: new Date(until) }
    const { statements } = await statementTotals('bench', range, { limit: 10 })
    const top = statements.map(({ statement }) => statement)
    fine = (await timed(`top 200 by total time, ${label}`, () => statementTotals('bench', range))) && fine
    fine = (await timed(`history of one statement, ${label}`, () => statementSeries('bench', range, [17]))) && fine
    fine = (await timed(`load of the top 10, ${label}`, () => loadSeries('bench', range, top))) && fine
  }
  return fine
}

const folder = await mkdtemp(path.join(tmpdir(), 'proctor-history-'))
await chmod(folder, 0o755) // the account that the server runs as must get in
const settings = { fsync: 'off', shared_buffers: '128MB', max_wal_size: '1GB' }
const cluster = await startCluster({ major: 18, folder: path.join(folder, 'server'), port: await freePort(), password: 'bench', settings })
try {
  await migrateConsole(cluster.url)
  process.env.PROCTOR_CONSOLE_URL = cluster.url
  const client = new Client({ connectionString: cluster.url })
  client.on('error', () => undefined)
  await client.connect()
  console.log(`Writing ${DAYS} days of ${STATEMENTS} statements …`)
  const range = await write(client)
  await printSizes(client)
  await client.end()
  console.log(`Reading, median of three; load ${loadavg()[0]?.toFixed(1)}`)
  process.exitCode = (await read(range)) ? 0 : 1
} finally {
  await closeConsole()
  await cluster.stop('immediate')
  await rm(folder, { recursive: true, force: true })
}
