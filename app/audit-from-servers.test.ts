import { afterAll, beforeAll } from 'vitest'
import type { Finding } from '@/db/checks/define-check'
import { consoleDb } from '@/db/console/client'
import { becomeCopy, consoleDoubt } from '@/db/console/console-id'
import { finding } from '@/db/console/schema-findings'
import { registerServer } from '@/db/console/servers'
import { policySentences } from '@/db/domain/policy-words'
import { GB } from '@/db/domain/setting-units'
import { meetCluster } from '@/db/runs/meet-cluster'
import { closeQueue } from '@/db/runs/run-queue'
import { closePools } from '@/db/server/pool'
import { type TestDatabase, testDatabase } from '@/test/support/test-database'
import { describeAuditFrom, type Step } from '../test/support/audit-from'
import { accountsForTests } from '../test/support/test-accounts'
import * as guide from './[server]/db/[database]/guide/workload/actions'
import * as indexes from './[server]/db/[database]/indexes/actions'
import * as maintenance from './[server]/db/[database]/maintenance/actions'
import * as overview from './[server]/db/[database]/overview/actions'
import * as configuration from './[server]/db/[database]/settings/actions'
import * as queries from './[server]/db/[database]/statements/actions'
import * as storage from './[server]/db/[database]/storage/actions'
import * as consoles from './console/actions'
import * as runs from './runs/actions'
import * as windows from './servers/[id]/actions'
import * as servers from './servers/actions'

/** Actions that only show, on the way to another one that is written down. */
const ONLY_SHOW = ['previewCommands', 'previewPolicy', 'previewWindow']

const accounts = accountsForTests()
let watched: TestDatabase
let place: [string, string]
/** What an action gave that a later one takes. */
const made = { run: '', window: '', policy: '', cluster: '', oid: 0 }

beforeAll(async () => {
  watched = await testDatabase(18)
  process.env.DATABASE_URL = watched.url
  const { serverId, database } = watched.target
  place = [serverId, database]
  await registerServer({ id: serverId, name: 'watched', source: 'environment', database })
  await meetCluster(watched.target) // which the console writes down by itself
  await watched.client.query('create table t (id int)')
  made.cluster = (await watched.client.query('select system_identifier::text as id from pg_control_system()')).rows[0].id
  made.oid = (await watched.client.query(`select 't'::regclass::oid as oid`)).rows[0].oid
})
afterAll(async () => {
  await closeQueue()
  await closePools()
  await watched.drop()
})

/** A finding of the server that is open. */
async function openFinding(serverId: string): Promise<number> {
  const found: Finding = {
    ...({ kind: 'server', name: null, severity: 'warn' } as const),
    ...{ title: 'A finding', evidence: '', trust: { kind: 'exact' }, fix: null, sql: null },
  }
  const row = {
    serverId,
    check: 'near-max-connections',
    subject: 'server',
    found,
    severity: 'warn',
    openedAt: new Date(),
    changedAt: new Date(),
  } as const
  const [kept] = await consoleDb().insert(finding).values(row).returning({ id: finding.id })
  return kept?.id ?? 0
}

const server = () => {
  const { host, port, user, password, database } = watched.target
  return { name: 'Own', readOnly: false, connection: { kind: 'fields', host, port, user, password, database, sslmode: 'prefer' } }
}
const TIMES = { cron: '0 2 * * *', timeZone: 'UTC', minutes: 60 }
const WINDOW = { name: 'Night', ...TIMES }
const LIMITS = { until: null, most: 1, mostBytes: GB, allowWarnings: true }
const RULE = { kind: 'rebuild-bloated', bloatPercent: 30, bloatBytes: 2 ** 20, trust: 'estimated', ...LIMITS } as const
const PROFILE = { ram: 16 * GB, cpus: 8, storage: 'nvme', workload: 'web', connections: 120 }

/** In this order: what is added is changed and taken away. */
const STEPS: Step<'operator' | 'admin'>[] = [
  ['saveProfile', 'operator', () => configuration.saveProfile(place[0], PROFILE)],
  [
    'explainAnalyze',
    'operator',
    () =>
      queries.explainAnalyze(
        { server: place[0], database: place[1], key: '1.1.1.1', rolname: 'postgres', datname: place[1] },
        { values: [], timeoutSeconds: 5, confirmed: [] },
      ),
  ],
  [
    'confirmCommands',
    'operator',
    async () => {
      const preview = await runs.previewCommands(...place, [{ command: 'analyze-table', input: { oid: made.oid } }])
      const { plan, cluster = null } = (preview.ok && preview.value.previews[0]) || {}
      const one = { command: 'analyze-table', input: { oid: made.oid }, statements: plan?.statements ?? [], cluster }
      const queued = await runs.confirmCommands(...place, [one], plan?.phrase ?? '', { giveUpMinutes: null, window: null })
      if (queued.ok) made.run = queued.value[0]?.id ?? ''
      return queued
    },
  ],
  [
    'explainPlan',
    'operator',
    () => queries.explainPlan({ server: place[0], database: place[1], key: '1.1.1.1', rolname: 'postgres', datname: place[1] }),
  ],
  [
    'runGuide',
    'operator',
    () =>
      guide.runGuide({
        ...{ server: place[0], database: place[1], schema: 'public', query: 'course_stats', form: 'corrected', scope: 'one' },
        ...{ student: null, since: null, role: 'student', rows: 50 },
      }),
  ],
  ['findGuideStudents', 'operator', () => guide.findGuideStudents({ server: place[0], database: place[1], schema: 'public', search: '' })],
  ['sampleNow', 'operator', () => queries.sampleNow(place[0])],
  ['checkNow', 'operator', () => overview.checkNow(...place)],
  ['sayOf', 'operator', async () => overview.sayOf(place[0], [await openFinding(place[0])], { kind: 'acknowledge', note: null })],
  ['indexScript', 'operator', () => indexes.indexScript(...place, 'drop', null)],
  ['healthCheck', 'operator', () => indexes.healthCheck(...place)],
  ['measureAgain', 'operator', () => indexes.measureAgain(...place, made.oid)],
  ['testServer', 'admin', () => servers.testServer(server(), undefined)],
  ['testStoredServer', 'admin', () => servers.testStoredServer(place[0])],
  ['cancelRun', 'operator', () => runs.cancelRun(made.run)],
  [
    'keepWindow',
    'admin',
    async () => {
      const kept = await windows.keepWindow(place[0], null, WINDOW)
      if (kept.ok) made.window = kept.value.id
      return kept
    },
  ],
  [
    'confirmPolicy',
    'operator',
    async () => {
      const shown = { window: { ...TIMES, id: made.window }, sentences: policySentences(RULE) }
      const kept = await maintenance.confirmPolicy(...place, null, RULE, shown, place[1])
      if (kept.ok) made.policy = kept.value.id
      return kept
    },
  ],
  ['pausePolicy', 'operator', () => maintenance.pausePolicy(place[0], made.policy)],
  ['resumePolicy', 'operator', () => maintenance.resumePolicy(place[0], made.policy)],
  ['removePolicy', 'operator', () => maintenance.removePolicy(place[0], made.policy)],
  ['saveVolume', 'operator', () => storage.saveVolume(place[0], 100 * GB)],
  ['takeWindowAway', 'admin', () => windows.takeWindowAway(place[0], made.window)],
  ['saveServer', 'admin', () => servers.saveServer(server())],
  ['markReadOnly', 'admin', () => servers.markReadOnly('own', true)],
  ['adoptOther', 'admin', () => servers.adoptOther(place[0], made.cluster)],
  ['keepUnusedAfter', 'admin', () => servers.keepUnusedAfter(place[0], 40)],
  ['keepTags', 'admin', () => servers.keepTags(place[0], 'env:prod')],
  ['takeServerAway', 'admin', () => servers.takeServerAway('own', 'Own')],
  [
    'answerPlace',
    'admin',
    async () => {
      await becomeCopy()
      return consoles.answerPlace('moved', (await consoleDoubt())?.at)
    },
  ],
]

describeAuditFrom('servers', ONLY_SHOW, STEPS, accounts)
