/**
 * What the materialized views of the LMS guide and partitions by month are worth, on the sample.
 *
 *   npm run -s bench:analytics -- [scale …]     1 by default; 10 takes minutes, more takes hours and 40 GB
 *
 * Printed for each scale and view: the query live and from the view (time: the median of five warm runs of EXPLAIN ANALYZE; blocks), a refresh with and
 * without CONCURRENTLY, and after how many reads a refresh has paid. Then one month of quiz_results whole and partitioned. Then staleness: rows that the view does not show
 * after a thousand updates. And two readers during a refresh CONCURRENTLY: their longest read against that without a refresh.
 * Exit status 1: a view that is not faster than its query, or a reader that CONCURRENTLY kept waiting until its end.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { Client } from 'pg'
import { tablesIn } from '../db/commands/create-materialized-view/facts'
import { GUIDE_VIEW_NAMES, GUIDE_VIEWS, viewStatements } from '../db/domain/guide-views'
import { startCluster } from '../db/embedded/cluster'
import { freePort } from '../db/embedded/free-port'
import { migrateLms } from '../db/lms/migrate'
import { makeSample } from '../db/lms/sample'

const RUNS = 5
const UPDATES = 1_000

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined) // the server is stopped at the end, whoever is still connected
  await client.connect()
  return client
}

const median = (numbers: number[]): number => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN

interface Measured {
  ms: number
  blocks: number
}

async function measure(client: Client, sql: string): Promise<Measured> {
  const times: number[] = []
  let blocks = 0
  for (let run = 0; run <= RUNS; run++) {
    const { rows } = await client.query(`explain (analyze, buffers, timing off, format json) ${sql}`)
    const [{ Plan: plan, 'Execution Time': ms }] = rows[0]['QUERY PLAN']
    blocks = plan['Shared Hit Blocks'] + plan['Shared Read Blocks']
    if (run > 0) times.push(ms) // the first one warms the cache
  }
  return { ms: median(times), blocks }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

const tables = tablesIn('public')
const number = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 2 : 0 })
let failed = false

async function views(client: Client, url: string): Promise<void> {
  const { rows } = await client.query(`select to_regclass('analytics.activity_days') is null as missing`)
  if (rows[0].missing) for (const statement of viewStatements('activity_days', tables)) await client.query(statement)
  await client.query('refresh materialized view analytics.activity_days')
  await client.query('analyze')
  for (const name of GUIDE_VIEW_NAMES) {
    const { live, read } = GUIDE_VIEWS[name]
    const [asked, viewed] = [await measure(client, live(tables)), await measure(client, read)]
    const plain = await timed(() => client.query(`refresh materialized view analytics.${name}`))
    const concurrently = await timed(() => client.query(`refresh materialized view concurrently analytics.${name}`))
    if (viewed.ms >= asked.ms) failed = true
    console.log(
      `  ${name}: live ${number(asked.ms)} ms, ${number(asked.blocks)} blocks; view ${number(viewed.ms)} ms, ${number(viewed.blocks)} blocks; ` +
        `${number(asked.ms / viewed.ms)} times; refresh ${number(plain)} ms, CONCURRENTLY ${number(concurrently)} ms, paid after ${Math.ceil(concurrently / (asked.ms - viewed.ms))} reads`,
    )
  }
  await staleness(client)
  await readersGoOn(client, url)
}

async function staleness(client: Client): Promise<void> {
  await client.query(
    `update student_progress set completion_percentage = 100 - completion_percentage where id in (select id from student_progress order by id limit ${UPDATES})`,
  )
  const { live, read } = GUIDE_VIEWS.course_statistics
  const { rows } = await client.query(
    `select count(*)::int as n from (${live(tables)}) l join (${read}) v using (course_id) where l.completion_rate is distinct from v.completion_rate or l.avg_completion_percentage is distinct from v.avg_completion_percentage`,
  )
  const before = rows[0].n
  await client.query('refresh materialized view concurrently analytics.course_statistics')
  console.log(`  staleness: ${UPDATES} updates make ${before} courses of course_statistics wrong until the next refresh`)
  if (before === 0) failed = true
}

/** Readers ask the view without a pause, first alone, then while it is refreshed. */
async function readersGoOn(client: Client, url: string): Promise<void> {
  const readers = [await connect(url), await connect(url)]
  const longest = async (meanwhile: () => Promise<unknown>): Promise<[number, number]> => {
    let [going, most, reads] = [true, 0, 0]
    const loops = readers.map(async (reader) => {
      while (going) {
        most = Math.max(most, await timed(() => reader.query(GUIDE_VIEWS.leaderboard.read)))
        reads += 1
      }
    })
    await meanwhile()
    going = false
    await Promise.all(loops)
    return [most, reads]
  }
  const [alone] = await longest(() => client.query('select pg_sleep(2)'))
  let took = 0
  const [during, reads] = await longest(async () => {
    took = await timed(() => client.query('refresh materialized view concurrently analytics.leaderboard'))
  })
  console.log(
    `  readers of leaderboard: longest ${number(alone)} ms alone, ${number(during)} ms in ${reads} reads during a refresh CONCURRENTLY of ${number(took)} ms`,
  )
  if (during >= took) failed = true
  for (const reader of readers) await reader.end()
}

/** A month of quizzes, and the removal of the oldest month. */
async function month(client: Client, what: string): Promise<void> {
  const here = `created_at >= date_trunc('month', now() - interval '2 months') and created_at < date_trunc('month', now() - interval '1 month')`
  const { ms, blocks } = await measure(
    client,
    `select section_id, count(*), avg(score / max_score) from quiz_results where ${here} group by section_id`,
  )
  const oldest = `(select date_trunc('month', min(created_at)) + interval '1 month' from quiz_results)`
  const { rows } = await client.query(
    `select relid::regclass::text as name from pg_partition_tree('quiz_results') where isleaf order by 1 limit 1`,
  )
  const purge = await timed(() =>
    client.query(rows[0] ? `drop table ${rows[0].name}` : `delete from quiz_results where created_at < ${oldest}`),
  )
  console.log(
    `  quiz_results ${what}: one month ${number(ms)} ms, ${number(blocks)} blocks; its oldest month removed in ${number(purge)} ms`,
  )
}

const scales = process.argv.slice(2).map(Number)
const folder = await mkdtemp(path.join(tmpdir(), 'proctor-analytics-'))
await chmod(folder, 0o755) // the account that the server runs as must get in
const cluster = await startCluster({
  major: 18,
  folder: path.join(folder, 'server'),
  port: await freePort(),
  password: 'bench',
  settings: { fsync: 'off' },
})
try {
  const maker = await connect(cluster.url)
  for (const scale of scales.length > 0 ? scales : [1]) {
    for (const partitions of [false, true]) {
      const name = `lms_${String(scale).replace('.', '_')}_${partitions ? 'months' : 'whole'}`
      await maker.query(`create database ${name}`)
      const url = new URL(cluster.url)
      url.pathname = `/${name}`
      await migrateLms(url.href)
      const made = await timed(() => makeSample(url.href, { scale, partitions }))
      const client = await connect(url.href)
      console.log(`scale ${scale}, ${partitions ? 'by month' : 'whole'}: made in ${number(made / 1000)} s`)
      if (!partitions) await views(client, url.href)
      await month(client, partitions ? 'by month' : 'whole')
      await client.end()
      await maker.query(`drop database ${name}`)
    }
  }
  console.log(`load average ${loadavg()[0]?.toFixed(1)}`)
  await maker.end()
} finally {
  await cluster.stop()
  await rm(folder, { recursive: true, force: true })
}
process.exitCode = failed ? 1 : 0
