/**
 * The first page for 1, 10, 100 and 1,000 servers: how long it takes to read the fleet, as the worker left it in the console database.
 *
 *   npm run -s bench:fleet
 *
 * The servers are registered, not real: the page asks none of them. What stands of each are a day of hourly samples, ten minutes of
 * samples of ten seconds, sizes of three databases by the hour for a month, and five open findings, as a worker writes them.
 * Printed: the median of five reads of each question. Exit status 1 when one takes more than 500 ms with 1,000 servers.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { Client } from 'pg'
import { closeConsole } from '../db/console/client'
import { migrateConsole } from '../db/console/migrate'
import type { FleetAsk } from '../db/domain/fleet-params'
import { startCluster } from '../db/embedded/cluster'
import { freePort } from '../db/embedded/free-port'
import { readFleet } from '../db/fleet/read-fleet'
import { keepPartitions } from '../db/history/partitions'
import { readRetention } from '../db/history/retention'

const SIZES = (process.env.BENCH_SERVERS ?? '1,10,100,1000').split(',').map(Number)
const LIMIT_MS = 500
const ROUNDS = 5
const DAY_MS = 86_400_000

const ALL: FleetAsk = { show: 'all', sort: 'worst', dir: 'desc', q: '', tags: [], major: null, page: 1 }
const QUESTIONS: [string, Partial<FleetAsk>][] = [
  ['the first page, worst first', {}],
  ['the last page', { page: 1_000 }],
  ['largest first', { sort: 'size' }],
  ['busiest first', { sort: 'active' }],
  ['one tag, High only', { tags: ['env:prod'], show: 'high' }],
  ['by a part of a name', { q: 'server-99' }],
]

const REGISTERED = /* sql */ `
insert into server (id, name, source, database, host, port, username, sslmode, system_identifier, tags)
select 's' || n, 'server-' || n, 'stored', 'app', 'db-' || n, 5432, 'proctor', 'verify-full', (n / 3)::text,
       array[(array['env:prod', 'env:test'])[1 + n % 2], (array['team:a', 'team:b', 'team:c'])[1 + n % 3]]
  from generate_series($1::int, $2::int) n`

/** All of servers that have none yet. */
const SAMPLED = [
  `insert into sampled_server (server_id, version, in_recovery, seen_at, system_identifier)
   select id, '18.4', substr(id, 2)::int % 3 > 0, now() + interval '1 hour', system_identifier from server s
    where not exists (select from sampled_server where server_id = s.id)`,
  `create temporary table fresh as select no from sampled_server where not exists (select from sampled_database where server = no)`,
  `insert into sampled_database select no, d, 'database ' || d from fresh, generate_series(1, 3) d`,
  `insert into sampling_turn (server, task, database, at, duration) select no, 'indexes', 'database ' || d, now(), 1 from fresh, generate_series(1, 3) d`,
  `insert into connection_sample_3600 (at, step, server, samples, active, max_connections)
   select date_trunc('hour', now()) - h * interval '1 hour', 3600, no, 360, 900, 100 from fresh, generate_series(1, 24) h`,
  `insert into connection_sample_10 (at, step, server, samples, active, max_connections)
   select now() - t * interval '10 s', 10, no, 1, 3, 100 from fresh, generate_series(0, 59) t`,
  `insert into server_delta_10 (at, step, server, seconds, wal_bytes) select now() - t * interval '10 s', 10, no, 10, 100000 from fresh, generate_series(0, 59) t`,
  `insert into database_delta_10 (at, step, server, datid, xact_commit, blks_hit, blks_read)
   select now() - t * interval '10 s', 10, no, d, 500, 90000, 300 from fresh, generate_series(0, 59) t, generate_series(1, 3) d`,
  `insert into database_size_3600 (at, step, server, datid, bytes)
   select date_trunc('hour', now()) - h * interval '1 hour', 3600, no, d, 1000000000 - h from fresh, generate_series(0, 720) h, generate_series(1, 3) d`,
  `insert into finding (server_id, cluster, database, check_name, subject, severity, found, opened_at, changed_at)
   select s.server_id, s.system_identifier, '', 'index-bloated', f, 'warn', jsonb_build_object('kind', 'server', 'name', null, 'title', 'A finding of some length',
          'evidence', repeat('evidence ', 20), 'severity', 'warn', 'trust', '{"kind": "exact"}'::jsonb, 'fix', null, 'sql', null), now(), now()
     from fresh join sampled_server s using (no), generate_series(1, 5) f`,
  'drop table fresh',
]

const median = (times: number[]): number => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN

const folder = await mkdtemp(path.join(tmpdir(), 'proctor-bench-fleet-'))
await chmod(folder, 0o755) // the account that the server runs as must get in
const cluster = await startCluster({
  major: 18,
  folder: path.join(folder, 'console'),
  binariesCopy: path.join(folder, 'binaries'),
  port: await freePort(),
  password: 'bench',
})
let failed = false
try {
  process.env.PROCTOR_CONSOLE_URL = cluster.url
  await migrateConsole(cluster.url)
  const client = new Client({ connectionString: cluster.url })
  await client.connect()
  for (let days = 31; days >= 0; days--)
    await keepPartitions((sql, values) => client.query(sql, values), new Date(Date.now() - days * DAY_MS), readRetention({}))
  let registered = 0
  for (const servers of SIZES) {
    await client.query(REGISTERED, [registered + 1, servers])
    for (const sql of SAMPLED) await client.query(sql)
    await client.query('analyze')
    registered = servers
    console.log(`${servers} ${servers === 1 ? 'server' : 'servers'}`)
    for (const [label, ask] of QUESTIONS) {
      const times: number[] = []
      for (let round = 0; round < ROUNDS; round++) {
        const started = performance.now()
        await readFleet({ ...ALL, ...ask })
        times.push(performance.now() - started)
      }
      const ms = median(times)
      const slow = servers >= 1_000 && ms > LIMIT_MS
      failed ||= slow
      console.log(`  ${label.padEnd(32)} ${ms.toFixed(0).padStart(5)} ms${slow ? '   too slow' : ''}`)
    }
  }
  await client.end()
} finally {
  await closeConsole()
  await cluster.stop('immediate')
  await rm(folder, { recursive: true, force: true })
}
process.exitCode = failed ? 1 : 0
