import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { expect, test } from '@playwright/test'
import { Client } from 'pg'
import { readSecrets } from '../bin/secrets'
import { type Launched, launch, processesOn } from '../test/support/launcher'

/** Whatever part of a console is killed comes back where it was, and the audit says so; nobody needs a new address. */

let folder: string
let launched: Launched
test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'proctor-restarts-'))
  await chmod(folder, 0o755)
  launched = await start()
  expect(await launched.says(/Proctor is ready/)).toBe(true)
})
test.afterAll(async () => {
  launched.child.kill('SIGKILL')
  await expect.poll(() => processesOn(folder), LONG).toEqual([])
  await rm(folder, { recursive: true, force: true })
})

const LONG = { timeout: 120_000 }
const start = (more: Record<string, string> = {}) => launch({ PROCTOR_DATA_DIR: folder, PROCTOR_SAMPLE_SCALE: '0.05', ...more })

const postmaster = async (server: 'console' | 'sample') => {
  const lines = (await readFile(path.join(folder, server, 'data', 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
  return { pid: Number(lines[0]), port: Number(lines[3]) }
}

const processOf = async (script: string): Promise<number> => {
  const found = (await processesOn(folder)).find((line) => new RegExp(`/bin/${script}\\.ts`).test(line) && !line.includes('proctor-guard'))
  return Number(found?.split(' ')[0] ?? 0)
}

/** What an address answers; 0 where nobody does. */
const status = (page: string): Promise<number> =>
  fetch(`http://127.0.0.1:${launched.port}${page}`, { redirect: 'manual', signal: AbortSignal.timeout(30_000) }).then(
    (answer) => answer.status,
    () => 0,
  )

/** Asks the console database, as its owner. */
async function ask<T extends object>(sql: string): Promise<T[]> {
  const kept = await readSecrets(folder)
  const { port } = await postmaster('console')
  const client = new Client({ host: '127.0.0.1', port, user: 'postgres', password: kept?.console, database: 'proctor' })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query<T>(sql)).rows
  } finally {
    await client.end()
  }
}

const parts = [
  { part: 'web server', pid: () => processOf('web') },
  { part: 'worker', pid: () => processOf('worker') },
  { part: 'sample server', pid: async () => (await postmaster('sample')).pid },
  { part: 'console database', pid: async () => (await postmaster('console')).pid },
]

for (const { part, pid } of parts)
  test(`the ${part} is started again when it is killed`, async () => {
    const servers = async () => [(await postmaster('console')).port, (await postmaster('sample')).port]
    const [former, ports] = [await pid(), await servers()]
    const [before] = await ask<{ at: Date }>('select now() as at')
    expect(former).toBeGreaterThan(0)
    process.kill(former, 'SIGKILL')
    await expect.poll(async () => [0, former].includes(await pid()), LONG).toBe(false)
    expect(await servers()).toEqual(ports)
    await expect.poll(() => status('/healthz'), LONG).toBe(200)
    await expect.poll(() => status('/sign-in'), LONG).toBe(200)
    const said = async () =>
      (await ask<{ detail: object }>(`select detail from audit where action = 'console.part-restarted' order by id desc limit 1`))[0]
        ?.detail
    await expect.poll(() => said().catch(() => undefined), LONG).toMatchObject({ part, ended: 'signal SIGKILL' })
    expect(launched.said.stderr).toContain(`The ${part} ended unexpectedly (signal SIGKILL); starting it again.\n`)
    // The worker samples again, whichever of them it was.
    const samples = `select count(*)::int as turns from sampling_turn where at > '${before?.at.toISOString()}' and problem is null`
    await expect.poll(async () => (await ask<{ turns: number }>(samples).catch(() => []))[0]?.turns ?? 0, LONG).toBeGreaterThan(0)
  })

test('keeps what a killed server said, and waits for no hung process without end', async () => {
  expect(await readFile(path.join(folder, 'console', 'server.log.1'), 'utf8')).toContain('database system is ready to accept connections')
  const web = await processOf('web')
  process.kill(web, 'SIGSTOP')
  process.kill((await postmaster('sample')).pid, 'SIGSTOP')
  launched.child.kill('SIGTERM')
  expect(await launched.ended).toEqual({ code: 0, signal: null })
  expect(await processesOn(folder)).toEqual([])
})

test('knows at its next start what the one before came to', async () => {
  const started = async () =>
    (await ask<{ detail: object }>(`select detail from audit where action = 'console.started' order by id desc limit 1`))[0]
  launched = await start()
  expect(await launched.says(/Proctor is ready/)).toBe(true)
  await expect
    .poll(async () => (await ask<{ n: number }>(`select count(*)::int as n from audit where action = 'console.started'`))[0]?.n)
    .toBe(2)
  expect(await started()).not.toHaveProperty('detail.formerEnd')
  expect((await ask<{ n: number }>(`select count(*)::int as n from audit where action = 'console.stopped'`))[0]?.n).toBe(1)
  launched.child.kill('SIGKILL')
  await launched.ended
  await expect.poll(() => processesOn(folder), LONG).toEqual([])
  launched = await start()
  expect(await launched.says(/Proctor is ready/)).toBe(true)
  await expect.poll(async () => (await started())?.detail, LONG).toMatchObject({ formerEnd: 'unexpected' })
})

test('a port that is taken between the look and the use is told in a sentence', async () => {
  launched.child.kill('SIGTERM')
  await launched.ended
  launched = await start()
  expect(await launched.says(/Starting PostgreSQL for the console/)).toBe(true)
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(launched.port, '127.0.0.1', resolve))
  expect(await launched.ended).toEqual({ code: 1, signal: null })
  taken.close()
  expect(launched.said.stderr).toBe(
    `Port ${launched.port} on 127.0.0.1 was taken meanwhile; stop what listens there, or set PORT to another.\n`,
  )
  expect(await processesOn(folder)).toEqual([])
})

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const)
  test(`${signal} while the web process starts leaves nothing running`, async () => {
    launched = await start()
    await expect.poll(() => processOf('web'), { ...LONG, intervals: [50] }).toBeGreaterThan(0)
    expect(launched.said.stdout).not.toContain('Proctor is ready')
    launched.child.kill(signal)
    expect(await launched.ended).toEqual(signal === 'SIGKILL' ? { code: null, signal } : { code: 0, signal: null })
    if (signal !== 'SIGKILL') expect(await processesOn(folder)).toEqual([])
    await expect.poll(() => processesOn(folder), LONG).toEqual([])
    expect(launched.said.stderr).toBe('')
  })

test('a start right after a kill waits until its predecessor has left the port', async () => {
  launched = await start()
  expect(await launched.says(/Proctor is ready/)).toBe(true)
  launched.child.kill('SIGKILL')
  const next = await start({ PORT: String(launched.port) })
  launched = next
  expect(await next.says(/Proctor is ready/)).toBe(true)
  await expect.poll(() => status('/healthz'), LONG).toBe(200)
})
