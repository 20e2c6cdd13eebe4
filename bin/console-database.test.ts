import { spawn } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { writeAudit } from '../db/console/audit'
import { closeConsole, consoleDb } from '../db/console/client'
import { migrateConsole } from '../db/console/migrate'
import { PROCTOR } from '../db/console/roles'
import { processesOn } from '../test/support/launcher'
import { claimFolder } from './claim-folder'
import { type Secrets, secrets } from './secrets'
import { CONSOLE_DATABASE, ensureDatabase, startConsoleServer } from './servers'

let folder: string
let kept: Secrets
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'proctor-found-'))
  await chmod(folder, 0o755)
  kept = await secrets(folder)
  vi.stubEnv('PROCTOR_SECRET', kept.session)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await closeConsole()
  await rm(folder, { recursive: true, force: true })
})

const startServer = () => startConsoleServer(folder, kept, { onEnd: () => undefined })

/** A console with so many lines in its audit. */
async function fill(url: string, lines: number): Promise<void> {
  const home = await ensureDatabase(url, CONSOLE_DATABASE)
  await migrateConsole(home)
  vi.stubEnv('PROCTOR_CONSOLE_URL', home)
  for (let at = 0; at < lines; at++) await consoleDb().transaction((tx) => writeAudit({ by: PROCTOR, action: 'x', detail: { at } }, tx))
  await closeConsole()
}

function verify(...more: string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const command = ['--import', './bin/modules.mjs', path.join(import.meta.dirname, 'proctor.ts'), 'audit', 'verify', ...more]
  const env = { ...process.env, PROCTOR_DATA_DIR: folder, PROCTOR_SECRET: '', PROCTOR_DATABASE_URL: '', PROCTOR_CONSOLE_URL: '' }
  const child = spawn(process.execPath, command, { env })
  const said = { stdout: '', stderr: '' }
  child.stdout.on('data', (text) => (said.stdout += text))
  child.stderr.on('data', (text) => (said.stderr += text))
  return new Promise((resolve) => child.once('close', (status) => resolve({ status, ...said })))
}

it('verifies the audit of the data folder, whether its console runs, was stopped or was killed, and says which it was', async () => {
  const claim = await claimFolder(folder)
  let server = await startServer()
  await fill(server.url, 3)
  const running = await verify()
  expect(running).toMatchObject({ status: 0, stderr: '' })
  expect(running.stdout).toMatch(/^Chain unbroken, 3 entries, /)
  expect(running.stdout).toContain(`Verified 3 entries of the console of ${folder} (127.0.0.1:${server.port}/proctor).`)
  expect(running.stdout).not.toContain(kept.console)

  await server.stop()
  await claim.release()
  const stopped = await verify('--json')
  expect(stopped).toMatchObject({ status: 0, stderr: '' })
  expect(JSON.parse(stopped.stdout)).toMatchObject({ unbroken: true, entries: 3, console: expect.stringContaining(folder) })
  expect(await processesOn(folder)).toEqual([])

  server = await startServer()
  const pidFile = path.join(server.dataDir, 'postmaster.pid')
  const left = await readFile(pidFile, 'utf8')
  await server.stop()
  await writeFile(pidFile, left)
  await writeFile(path.join(folder, 'console.pid'), '999999')
  expect(await verify()).toMatchObject({ status: 0, stdout: expect.stringContaining('Verified 3 entries'), stderr: '' })
  expect(await processesOn(folder)).toEqual([])
  const next = await claimFolder(folder)
  expect(next.afterCrash).toBe(true) // who only looks is no console
  await next.release()
})

it('says what to do where no console was ever started, or its secrets are broken', async () => {
  await writeFile(path.join(folder, 'secrets.json'), '{')
  expect(await verify()).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringMatching(/^\S+secrets\.json is not whole: [^\n]+\n$/),
  })
  await rm(path.join(folder, 'secrets.json'))
  expect(await verify()).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringMatching(/^No console was ever started on [^\n]+\n$/),
  })
  expect(await processesOn(folder)).toEqual([])
})
