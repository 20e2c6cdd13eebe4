import { globSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { changeName } from '@/app/account/actions'
import { invitePerson } from '@/app/users/actions'
import { closeConsole, consoleDb, limitConsole } from '@/db/console/client'
import { consoleFault } from '@/db/console/console-fault'
import { invitation } from '@/db/console/schema'
import type { Result } from '@/db/server/problem'
import { type Network, networkTo } from '../test/support/network'
import { accountsForTests, ORIGIN, PASSWORD } from '../test/support/test-accounts'
import { requestWith } from '../test/support/test-request'
import { signIn } from './(auth)/actions'
import { ACCESS } from './access-registry'

const DOES_NOT_ANSWER = consoleFault('hanging').message
const READ_ONLY = consoleFault('read_only').message

/** A setting of the database is one of its sessions from their beginning on. */
const NEW_SESSIONS = `select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'proctor console'`

type Callable = (...given: unknown[]) => Promise<unknown>

const accounts = accountsForTests()
let network: Network | undefined

const exportsOf = async (file: string): Promise<Record<string, Callable>> => import(/* @vite-ignore */ path.join(import.meta.dirname, file))

const asAdmin = () => requestWith({ cookie: accounts.cookies.admin, host: '127.0.0.1:3000' })

const signInForm = (): FormData => {
  const form = new FormData()
  form.set('email', 'viewer@example.org')
  form.set('password', PASSWORD)
  return form
}

beforeEach(asAdmin)
afterAll(async () => {
  limitConsole({ connections: 8, answerMs: 30_000 })
  await network?.close()
})

describe('with a console database that swallows what it is asked', () => {
  it('tells it in every action and every route within a few seconds', async () => {
    network = await networkTo(accounts.database.url)
    await closeConsole()
    limitConsole({ connections: 3, answerMs: 1_500 })
    process.env.PROCTOR_CONSOLE_URL = network.url
    expect(await changeName('Ada')).toMatchObject({ ok: true })
    network.swallow()
    const files = globSync('**/{actions,route}.ts', { cwd: import.meta.dirname }).filter((file) => !/^(healthz|metrics)/.test(file))
    expect(files.length).toBeGreaterThan(10)
    for (const file of files) {
      for (const [name, needed] of Object.entries(ACCESS[file] ?? {})) {
        const call = (await exportsOf(file))[name] as Callable
        const started = performance.now()
        if (file.endsWith('route.ts')) {
          if (needed === 'anybody') continue // sign-in has a test of its own
          const params = Promise.resolve({ server: 'none', database: 'none', read: 'workers' })
          const answer = (await call(new Request(`${ORIGIN}/x`), { params })) as Response
          expect(answer.status, file).toBe(503)
          expect(((await answer.json()) as { problem: unknown }).problem, file).toMatchObject({
            kind: 'unreachable',
            message: DOES_NOT_ANSWER,
          })
        } else if (needed !== 'anybody') {
          expect(await call(), `${file} ${name}`).toMatchObject({ ok: false, problem: { kind: 'unreachable', message: DOES_NOT_ANSWER } })
        }
        expect(performance.now() - started, `${file} ${name}`).toBeLessThan(5_000)
      }
    }
    expect((await signIn({}, signInForm())).message).toContain(DOES_NOT_ANSWER)
    network.restore()
    await expect.poll(() => changeName('Ada'), { timeout: 10_000 }).toMatchObject({ ok: true })
  }, 60_000)
})

describe('with a console database that is read-only', () => {
  it('refuses what writes with that sentence, and reads on', async () => {
    const { client, target } = accounts.database
    await client.query(`alter database ${target.database} set default_transaction_read_only = on`)
    await client.query(NEW_SESSIONS)
    expect(await changeName('Ada L.')).toMatchObject({ ok: false, problem: { kind: 'unreachable', message: READ_ONLY } })
    expect(await invitePerson('new@example.org', 'viewer')).toMatchObject({ ok: false, problem: { message: READ_ONLY } })
    expect((await signIn({}, signInForm())).message).toContain(READ_ONLY)
    const live = (await exportsOf('api/live/[read]/route.ts')).GET as Callable
    const answer = (await live(new Request(`${ORIGIN}/api/live/workers`), { params: Promise.resolve({ read: 'workers' }) })) as Response
    expect(await answer.json()).toMatchObject({ ok: true } satisfies Partial<Result<unknown>>)
    await client.query(`alter database ${target.database} reset default_transaction_read_only`)
    await client.query(NEW_SESSIONS)
    expect(await changeName('Ada')).toMatchObject({ ok: true })
    expect(await consoleDb().$count(invitation)).toBe(0)
  })
})
