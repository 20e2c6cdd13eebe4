import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { consoleDb } from '@/db/console/client'
import { ROLES, reaches } from '@/db/console/roles'
import { audit } from '@/db/console/schema'
import type { Problem, Result } from '@/db/server/problem'
import { accountsForTests, ORIGIN } from '../test/support/test-accounts'
import { requestWith } from '../test/support/test-request'
import { ACCESS, type Needed } from './access-registry'

type Callable = (...given: unknown[]) => unknown

const APP = import.meta.dirname
const FILES = globSync('**/{actions,route}.ts', { cwd: APP }).sort()
const WHO = ['nobody', ...ROLES] as const

const accounts = accountsForTests()

const exportsOf = async (file: string): Promise<Record<string, Callable>> => import(/* @vite-ignore */ path.join(APP, file))

/** Every row of what can be changed here, to see that a refusal changed nothing. */
async function everything(): Promise<unknown> {
  const { rows } = await consoleDb().$client.query(`
    select (select json_agg(t order by t.id) from "user" t) as users, (select json_agg(t order by t.id) from server t) as servers,
           (select json_agg(t order by t.id) from session t) as sessions, (select json_agg(t order by t.id) from account t) as accounts,
           (select json_agg(t) from invitation t) as invitations, (select json_agg(t) from closed_account t) as closed,
           (select json_agg(t) from two_factor t) as codes, (select json_agg(t) from server_profile t) as profiles, (select json_agg(t) from console t) as console,
           (select json_agg(t order by t.id) from run t) as runs, (select json_agg(t) from maintenance_window t) as windows, (select json_agg(t order by t.id) from maintenance_policy t) as policies, (select json_agg(t order by t.id) from health_check t) as checks`)
  return rows
}

const mayCall = (who: (typeof WHO)[number], needed: Needed): boolean => needed === 'anybody' || (who !== 'nobody' && reaches(who, needed))

/** What a call came to: a route's status, a problem's kind, or ok. An exception is none of these: it fails the test. */
type Outcome = number | 'ok' | Problem['kind']

/** Calls an action without arguments, a route with its plainest request. */
async function outcomeOf(file: string, name: string, call: Callable, who: (typeof WHO)[number]): Promise<Outcome> {
  const cookie = accounts.cookies[who]
  requestWith({ cookie })
  const sent = new Request(`${ORIGIN}/${name}`, { method: name, headers: { cookie, host: '127.0.0.1:3000', origin: ORIGIN } })
  const params = Promise.resolve({ server: 'none', database: 'none', read: 'list-indexes', all: ['ok'] })
  if (file.endsWith('route.ts')) return ((await call(sent, { params })) as Response).status
  const answer = (await call()) as Result<unknown>
  return answer.ok ? 'ok' : answer.problem.kind
}

/** What is not refused answers that something is missing, but for those that need nothing. */
const NEEDS_NOTHING: Record<string, Outcome> = { 'audit/export/route.ts GET': 200 }

const whenAllowed = (file: string, name: string): Outcome =>
  file.endsWith('route.ts') ? (NEEDS_NOTHING[`${file} ${name}`] ?? 400) : 'invalid_input'

const whenRefused = (file: string, who: (typeof WHO)[number]): Outcome =>
  !file.endsWith('route.ts') ? 'insufficient_privilege' : who === 'nobody' ? 401 : 403

it('names every action and route that there is, and none besides', async () => {
  expect(FILES.length).toBeGreaterThan(5)
  expect(Object.keys(ACCESS).sort()).toEqual(FILES)
  for (const file of FILES) expect(Object.keys(await exportsOf(file)).sort(), file).toEqual(Object.keys(ACCESS[file] ?? {}).sort())
})

it('knows of no action outside of the files that it walks', () => {
  const root = path.dirname(APP)
  const sources = globSync('{app,components}/**/*.{ts,tsx}', { cwd: root })
  const others = sources.filter((file) => /^\s*['"]use server['"]/m.test(readFileSync(path.join(root, file), 'utf8')))
  expect(
    others.every((file) => file.startsWith('app/') && path.basename(file) === 'actions.ts'),
    others.join(),
  ).toBe(true)
})

const GUARDED = Object.entries(ACCESS).flatMap(([file, needs]) =>
  Object.entries(needs).flatMap(([name, needed]) => (needed === 'anybody' ? [] : [{ file, name, needed }])),
)

describe.each(GUARDED)('$name of $file, for $needed', ({ file, name, needed }) => {
  it.each(WHO)('called by %s', async (who) => {
    const call = (await exportsOf(file))[name]
    if (!call) throw new Error(`${file} exports no ${name}`)
    if (mayCall(who, needed)) {
      expect(await outcomeOf(file, name, call, who)).toBe(whenAllowed(file, name))
      return
    }
    const before = await everything()
    const noted = await consoleDb().$count(audit)
    expect(await outcomeOf(file, name, call, who)).toBe(whenRefused(file, who))
    expect(await everything()).toEqual(before)
    // An action that somebody was refused is in the audit; whoever has no session leaves no name to note.
    const lines = file.endsWith('actions.ts') && who !== 'nobody' ? 1 : 0
    expect(await consoleDb().$count(audit)).toBe(noted + lines)
  })
})

/** better-auth knows of no endpoint "ok" but its own; without a provider none is led to. */
const FOR_ANYBODY: Record<string, Outcome> = {
  '(auth)/sign-in/provider/route.ts GET': 404,
  'api/auth/[...all]/route.ts GET': 404,
  'api/auth/[...all]/route.ts POST': 404,
  'healthz/route.ts GET': 200,
  'metrics/route.ts GET': 200,
}

it('routes that anybody may ask do not refuse', async () => {
  const answers: Record<string, Outcome> = {}
  for (const [file, needs] of Object.entries(ACCESS)) {
    if (!file.endsWith('route.ts')) continue
    for (const [name, needed] of Object.entries(needs)) {
      const call = (await exportsOf(file))[name]
      if (needed === 'anybody' && call) answers[`${file} ${name}`] = await outcomeOf(file, name, call, 'nobody')
    }
  }
  expect(answers).toEqual(FOR_ANYBODY)
})
