/**
 * Whether advice on indexes can be followed without looking twice.
 *
 *   npm run -s bench:advice               all of it
 *   npm run -s bench:advice -- labelled   one part: labelled, or the name of a look-alike
 *   npm run -s bench:advice -- suite 18   the same on one major
 *
 * Labelled: a catalog whose right answers are known, on the oldest and the newest major. Precision and recall of each
 * verdict; then every drop is followed in copies of the database, in three random orders, and the planner is asked whether each
 * foreign key is still served and each statement still finds an index.
 * Look-alikes: generated schemas of large applications. Every statement that checks, lists and scripts propose is sent.
 *
 * Exit status 1 on one false drop, a recall below 0.95, one key unserved, one statement turned sequential, or one statement
 * that the server refused.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { Client } from 'pg'
import { tableText } from '../bin/print-table'
import type { Major } from '../db/embedded/binaries'
import { type Cluster, startCluster } from '../db/embedded/cluster'
import { freePort } from '../db/embedded/free-port'
import { closePools } from '../db/server/pool'
import { targetFromUrl } from '../db/server/target-url'
import { proposalsIn } from '../test/support/proposals'
import { tryAll } from '../test/support/try-proposals'
import { proposalsOn } from './advice/ask'
import { judge } from './advice/judge'
import { makeLabelled } from './advice/labelled'
import { LOOKALIKES } from './advice/schemas'
import { follow, type Trial } from './advice/trial'

const MAJORS: Major[] = [14, 18]
const ORDERS = [1, 2, 3]
const LEAST_RECALL = 0.95

/** A table that nobody reads is no evidence against its indexes. */
const READ_EVERY_TABLE = /* sql */ `
do $read$
declare
  t regclass;
begin
  for t in select oid from pg_class where relkind in ('r', 'm') and oid >= 16384 loop
    execute format('select from only %s limit 1', t);
  end loop;
end
$read$`

const [asked, only] = process.argv.slice(2)
const wanted = (name: string): boolean => asked === undefined || asked === name
const wrong: string[] = []

/** A client of a database of the cluster; makes the database when it is not there. */
async function connected(cluster: Cluster, database: string, template = 'template1'): Promise<{ client: Client; url: string }> {
  const admin = new Client({ connectionString: cluster.url })
  await admin.connect()
  await admin.query(`create database "${database}" template "${template}"`)
  await admin.end()
  const url = new URL(cluster.url)
  url.pathname = `/${database}`
  const client = new Client({ connectionString: url.href })
  client.on('error', () => undefined)
  await client.connect()
  return { client, url: url.href }
}

async function labelledOn(cluster: Cluster, major: Major): Promise<void> {
  const { client, url } = await connected(cluster, 'labelled')
  const labelled = await makeLabelled(client, major)
  await client.end()
  const proposals = await proposalsOn(targetFromUrl('labelled', url), labelled.began)
  await closePools()
  const { scores, falseDrops, missed } = judge(labelled, proposals)
  console.log(`\nPostgreSQL ${major}: ${labelled.labels.size} labelled indexes, ${labelled.keys.length} foreign keys`)
  const digits = (share: number) => share.toFixed(3)
  process.stdout.write(tableText(scores.map((score) => ({ ...score, precision: digits(score.precision), recall: digits(score.recall) }))))
  for (const miss of missed) console.log(`  missed: ${miss}`)
  wrong.push(...falseDrops.map((sentence) => `${major}: ${sentence}`))
  wrong.push(...scores.filter(({ recall }) => recall < LEAST_RECALL).map(({ verdict }) => `${major}: recall of ${verdict}`))

  const trials: (Omit<Trial, 'errors' | 'keysUnserved' | 'turnedSequential'> & Record<string, number>)[] = []
  for (const order of ORDERS) {
    const copy = await connected(cluster, `copy_${order}`, 'labelled')
    const trial = await follow(copy.client, labelled, proposals, order)
    await copy.client.end()
    trials.push({
      order,
      followed: trial.followed,
      errors: trial.errors.length,
      'keys unserved': trial.keysUnserved.length,
      'statements turned sequential': trial.turnedSequential.length,
    })
    wrong.push(
      ...[...trial.errors, ...trial.keysUnserved, ...trial.turnedSequential].map((what) => `${major}, drops in order ${order}: ${what}`),
    )
  }
  process.stdout.write(tableText(trials))
}

async function lookalikesOn(cluster: Cluster, major: Major): Promise<void> {
  for (const { name, about, sql } of LOOKALIKES.filter(({ name }) => wanted(name))) {
    const { client, url } = await connected(cluster, name)
    for (const statement of sql) await client.query(statement)
    await client.query(READ_EVERY_TABLE)
    await client.end()
    const { proposals, refused } = await proposalsIn(targetFromUrl(name, url))
    await closePools()
    const copy = await connected(cluster, `${name}_copy`, name)
    const refusals = [...refused, ...(await tryAll(copy.client, proposals))]
    await copy.client.end()
    console.log(`PostgreSQL ${major}, ${name} (${about}): ${proposals.length} statements proposed, ${refusals.length} refused`)
    wrong.push(...refusals.map(({ from, sql, says }) => `${major}, ${name}, ${from}: ${sql} – ${says}`))
  }
}

for (const major of MAJORS.filter((one) => only === undefined || only === String(one))) {
  const folder = await mkdtemp(path.join(tmpdir(), 'proctor-advice-'))
  await chmod(folder, 0o755) // the account that the server runs as must get in
  const settings = { autovacuum: 'off', fsync: 'off' }
  const cluster = await startCluster({ major, folder: path.join(folder, 'server'), port: await freePort(), password: 'bench', settings })
  try {
    if (wanted('labelled')) await labelledOn(cluster, major)
    await lookalikesOn(cluster, major)
  } finally {
    await closePools()
    await cluster.stop('immediate')
    await rm(folder, { recursive: true, force: true })
  }
}
for (const what of wrong) console.log(`WRONG  ${what.slice(0, 300)}`)
process.exitCode = wrong.length === 0 ? 0 : 1
