import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freePort } from '../db/embedded/free-port'
import { testServerUrl } from '../test/support/test-database'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'proctor-launch-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Runs the launcher until it ends by itself. */
function launch(environment: Record<string, string | undefined>): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, ['--import', './bin/modules.mjs', path.join(import.meta.dirname, 'launch.ts')], {
    env: { ...process.env, PROCTOR_DATA_DIR: folder, DATABASE_URL: '', PROCTOR_DATABASE_URL: '', ...environment },
  })
  const said = { stdout: '', stderr: '' }
  child.stdout.on('data', (text) => (said.stdout += text))
  child.stderr.on('data', (text) => (said.stderr += text))
  return new Promise((resolve) => child.once('exit', (code) => resolve({ code, ...said })))
}

it('ends with one sentence when the port is taken', async () => {
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  const { port } = taken.address() as { port: number }
  const result = await launch({ PORT: String(port) })
  taken.close()
  expect(result).toEqual({
    code: 1,
    stdout: '',
    stderr: `Port ${port} on 127.0.0.1 is taken; stop what listens there, or set PORT to another.\n`,
  })
})

it('ends with one sentence when a setting is wrong', async () => {
  expect(await launch({ PORT: 'x' })).toEqual({ code: 1, stdout: '', stderr: 'PORT: must be a port number\n' })
})

it('ends with one sentence when the monitored server refuses the password', async () => {
  const url = new URL(await testServerUrl(14))
  url.password = 'wrong'
  const result = await launch({ PORT: String(await freePort()), DATABASE_URL: url.href })
  expect(result.code).toBe(1)
  expect(result.stderr).toMatch(/^DATABASE_URL: The password of role "postgres" is wrong[^\n]+\n$/)
})

it('ends with one sentence when the binaries of the embedded servers are not there', async () => {
  const result = await launch({ PORT: String(await freePort()), PROCTOR_POSTGRES_BIN: folder })
  expect(result).toEqual({ code: 1, stdout: '', stderr: `PROCTOR_POSTGRES_BIN: no postgres and no initdb in ${folder}\n` })
})
