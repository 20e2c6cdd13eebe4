import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { consoleDb } from '@/db/console/client'
import { ROLES, reaches } from '@/db/console/roles'
import { audit } from '@/db/console/schema'
import { ACCESS, type Needed } from './access-registry'
import { accountsForTests, ORIGIN } from './test-accounts'
import { requestWith } from './test-request'

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
           (select json_agg(t) from two_factor t) as codes, (select json_agg(t) from server_profile t) as profiles,
           (select json_agg(t order by t.id) from run t) as runs, (select json_agg(t) from maintenance_window t) as windows, (select json_agg(t order by t.id) from health_check t) as checks`)
  return rows
}

const mayCall = (who: (typeof WHO)[number], needed: Needed): boolean => needed === 'anybody' || (who !== 'nobody' && reaches(who, needed))

/** Calls an action without arguments, a route with its plainest request. What an allowed call makes of that is its own affair. */
async function isRefused(file: string, name: string, call: Callable, who: (typeof WHO)[number]): Promise<boolean> {
  const cookie = accounts.cookies[who]
  requestWith({ cookie })
  const sent = new Request(`${ORIGIN}/${name}`, { method: name, headers: { cookie, host: '127.0.0.1:3000', origin: ORIGIN } })
  const params = Promise.resolve({ server: 'none', database: 'none', read: 'list-indexes', all: ['ok'] })
  if (file.endsWith('route.ts')) {
    const answer = (await call(sent, { params })) as Response
    return [401, 403].includes(answer.status)
  }
  const answer = (await call()) as { ok?: boolean; problem?: { kind: string } }
  return answer.ok === false && answer.problem?.kind === 'insufficient_privilege'
}

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
      expect(await isRefused(file, name, call, who).catch(() => false)).toBe(false)
      return
    }
    const before = await everything()
    const noted = await consoleDb().$count(audit)
    expect(await isRefused(file, name, call, who)).toBe(true)
    expect(await everything()).toEqual(before)
    // An action that somebody was refused is in the audit; whoever has no session leaves no name to note.
    const lines = file.endsWith('actions.ts') && who !== 'nobody' ? 1 : 0
    expect(await consoleDb().$count(audit)).toBe(noted + lines)
  })
})

it('routes that anybody may ask do not refuse', async () => {
  for (const [file, needs] of Object.entries(ACCESS)) {
    if (!file.endsWith('route.ts')) continue
    for (const [name, needed] of Object.entries(needs)) {
      const call = (await exportsOf(file))[name]
      if (needed === 'anybody' && call) expect(await isRefused(file, name, call, 'nobody'), file).toBe(false)
    }
  }
})
