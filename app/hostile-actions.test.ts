import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROLES, reaches } from '@/db/console/roles'
import { registerServer } from '@/db/console/servers'
import { closeQueue } from '@/db/runs/run-queue'
import { closePools } from '@/db/server/pool'
import { STRANGE, UNSOUND, withEach } from '@/test/support/hostile-values'
import { type TestDatabase, testDatabase } from '@/test/support/test-database'
import { accountsForTests, nextAddress, ORIGIN, signIn } from '../test/support/test-accounts'
import { requestWith } from '../test/support/test-request'
import { ACCESS, type Needed } from './access-registry'
import { ADDRESS_HEADER } from './client-address'

type Action = (...given: unknown[]) => Promise<unknown>

const accounts = accountsForTests()
let watched: TestDatabase

beforeAll(async () => {
  watched = await testDatabase(18)
  process.env.DATABASE_URL = watched.url
  await registerServer({ id: 'watched', name: 'watched', source: 'environment', database: watched.target.database })
})
afterAll(async () => {
  await closeQueue()
  await closePools()
  await watched.drop()
})

const OF = { server: 'watched', database: 'd', key: '1.1.1.1', rolname: 'postgres', datname: 'd' }
const GUIDE = { server: 'watched', database: 'd', schema: 'public' }
const FIELDS = { kind: 'fields', host: '127.0.0.1', port: 1, user: 'u', password: 'p', database: 'd', sslmode: 'disable' }
const SERVER = { name: 'Other', readOnly: true, ca: '', connection: FIELDS }
const REQUEST = { command: 'analyze-table', input: { oid: 1 } }
const TIMES = { cron: '0 2 * * *', timeZone: 'UTC', minutes: 60 }

/**
 * What an action is called with where all is well, or nearly so: from here each place is tried. A number: as many texts, the
 * last of which is the form where it is one. A wrapped action does not tell how many it takes.
 */
const LIMITS = { until: '04:00', most: 1, mostBytes: 2 ** 30, allowWarnings: true }
const POLICY = { kind: 'rebuild-bloated', bloatPercent: 30, bloatBytes: 2 ** 20, trust: 'estimated', ...LIMITS }

const CALLED_WITH: Record<string, unknown[] | number> = {
  ...{ signIn: 2, enterCode: 2, setUp: 3, join: 3 },
  ...{ changeName: 1, changePassword: 2, endSession: 1, endOthers: 0, connectProvider: 2, disconnectProvider: 2 },
  ...{ startSecondFactor: 1, confirmSecondFactor: 1, endSecondFactor: 2, renewBackupCodes: 2 },
  ...{ invitePerson: 2, withdraw: 1, giveRole: 2, setClosed: 2, resetCode: 1, untie: 1, answerPlace: 2 },
  ...{
    healthCheck: 2,
    sampleNow: 1,
    cancelRun: 1,
    pausePolicy: 2,
    resumePolicy: 2,
    removePolicy: 2,
    takeWindowAway: 2,
    testStoredServer: 1,
    takeServerAway: 3,
  },
  checkNow: 2,
  saveVolume: ['watched', 2 ** 40],
  sayOf: ['watched', [1], { kind: 'snooze', until: '2099-01-01T00:00:00Z', reason: 'r' }],
  saveProfile: ['watched', { ram: 2 ** 34, cpus: 8, storage: 'nvme', workload: 'web', connections: 120 }],
  indexScript: ['watched', 'd', 'drop', [1]],
  measureAgain: ['watched', 'd', 1],
  runGuide: [
    {
      ...GUIDE,
      query: 'leaderboard',
      form: 'corrected',
      scope: 'one',
      student: null,
      since: { date: '2026-01-01' },
      role: 'student',
      rows: 50,
    },
  ],
  findGuideStudents: [{ ...GUIDE, search: 'a' }],
  explainPlan: [OF],
  explainAnalyze: [OF, { values: ['1'], timeoutSeconds: 1, confirmed: ['f()'] }],
  previewCommands: ['watched', 'd', [REQUEST]],
  confirmCommands: [
    'watched',
    'd',
    [{ ...REQUEST, statements: ['ANALYZE'], cluster: null }],
    't',
    { giveUpMinutes: 5, window: { id: crypto.randomUUID(), ...TIMES } },
  ],
  previewWindow: [TIMES],
  previewPolicy: ['watched', 'd', POLICY, crypto.randomUUID()],
  confirmPolicy: ['watched', 'd', null, POLICY, { window: { id: crypto.randomUUID(), ...TIMES }, sentences: ['s'] }, 'd'],
  keepWindow: ['watched', null, { name: 'Night', ...TIMES }],
  testServer: [SERVER, 'watched'],
  saveServer: [SERVER, 'watched', 'agreed'],
  markReadOnly: ['watched', true],
  adoptOther: ['watched', '7000000000000000001'],
  keepUnusedAfter: ['watched', 40],
  keepTags: ['watched', 'env:prod'],
}

const ACTIONS = Object.entries(ACCESS).flatMap(([file, needs]) =>
  file.endsWith('actions.ts')
    ? Object.entries(needs).flatMap(([name, needed]) => (name === 'signOut' ? [] : [{ file, name, needed }]))
    : [],
)

let peers = 0

/** What came back; an exception other than Next.js's way to redirect fails the test. */
async function answerOf(act: () => Promise<unknown>, cookie: string): Promise<unknown> {
  requestWith({ cookie, origin: ORIGIN, host: '127.0.0.1:3000', [ADDRESS_HEADER]: `2001:db8::${++peers}` })
  return act().catch((thrown: Error) => {
    if (!thrown.message.startsWith('NEXT_REDIRECT')) throw thrown
    return 'redirected'
  })
}

const REFUSED = { ok: false, problem: { kind: 'insufficient_privilege' } }
const UNFIT = { ok: false, problem: { kind: 'invalid_input', message: expect.stringMatching(/\w/) } }

const mayCall = (who: string, needed: Needed): boolean =>
  needed === 'anybody' || ROLES.some((role) => role === who && reaches(role, needed))

/** A form is refused in words; its values travel back. */
const asExpected = (needed: Needed, who: string): object =>
  needed === 'anybody' ? { message: expect.stringMatching(/\w/) } : mayCall(who, needed) ? UNFIT : REFUSED

function formOf(entries: Record<string, unknown>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(entries)) form.append(name, value instanceof File ? value : String(value))
  return form
}

const FORM = { name: 'Eve', email: 'eve@example.org', password: 'four plain words here', code: '123456', next: '/runs' }

/** All calls with `put` in one of the places. */
function callsWith(name: string, needed: Needed, put: unknown): unknown[][] {
  const given = CALLED_WITH[name]
  if (given === undefined) throw new Error(`CALLED_WITH does not say what ${name} takes`)
  const well = typeof given === 'number' ? Array<unknown>(given).fill('x') : given
  if (needed !== 'anybody') return withEach(well, put).slice(1) as unknown[][]
  const before = Array<unknown>(well.length - 1).fill({})
  if (name === 'setUp' || name === 'join') before[0] = 'token'
  // A form makes whole characters of halves by itself.
  const fits = put instanceof File || (typeof put === 'string' && put.isWellFormed())
  const texts = fits ? withEach(FORM, put).slice(1) : []
  return [...texts.map((entries) => [...before, formOf(Object(entries))]), [...before, put]]
}

describe.each(ACTIONS)('$name of $file', ({ file, name, needed }) => {
  const load = async (): Promise<Action> => (await import(/* @vite-ignore */ path.join(import.meta.dirname, file)))[name]

  it('refuses what is no text, at every place, whoever asks', async () => {
    const action = await load()
    for (const who of ['nobody', ...ROLES] as const)
      for (const [what, put] of mayCall(who, needed) ? UNSOUND : UNSOUND.slice(0, 3))
        for (const call of callsWith(name, needed, put))
          expect(await answerOf(() => action(...call), accounts.cookies[who]), `${what}, by ${who}`).toMatchObject(asExpected(needed, who))
  })

  it('answers whatever else it is called with', async () => {
    const action = await load()
    for (const [what, put] of STRANGE)
      for (const call of callsWith(name, needed, put)) {
        const answer = await answerOf(() => action(...call), accounts.cookies.admin)
        expect(typeof answer === 'object' || answer === 'redirected', `${what}: ${answer}`).toBe(true)
      }
  })
})

it('was asked by people who were signed in to the end', async () => {
  for (const role of ROLES) expect(await signIn(`${role}@example.org`, nextAddress())).toContain('session_token')
})

describe.each(['disable', 'prefer', 'require'])('a host that is no server, with sslmode %s', (sslmode) => {
  it.each([
    ...[
      '/etc/passwd',
      '/etc',
      '/',
      '/dev/null',
      '/proc/self/mem',
      '/root/.ssh',
      `/${'x'.repeat(90)}`,
      `/${'x/'.repeat(120)}`,
      '/no such/folder',
      '/\u202e',
    ],
    ...[
      'localhost\u200b',
      'a..b',
      '.',
      '-',
      '256.256.256.256',
      '1',
      '[::1',
      '::1%nosuch',
      'xn--',
      `${'a'.repeat(64)}.example`,
      '\u00ad',
      '%00',
      'a\\b',
      '@',
      '?',
    ],
  ])('is told in words: %s', async (host) => {
    const { testServer } = await import('./servers/actions')
    const connection = { ...FIELDS, host, sslmode }
    const answer = await answerOf(() => testServer({ ...SERVER, connection }, undefined), accounts.cookies.admin)
    expect(answer).toMatchObject({
      ok: false,
      problem: { kind: expect.stringMatching(/^(unreachable|invalid_input)$/), message: expect.any(String) },
    })
  })
})
