import { appendFile, chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { Client } from 'pg'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { isKept, logLines, postmasterOf, shutDown } from '../server/postmaster'
import type { ClusterOptions } from './cluster'
import { freePort } from './free-port'
import { type KeptCluster, keepRunning } from './keep-running'

let folder: string
let options: ClusterOptions
let kept: KeptCluster | undefined
const said: string[] = []

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'proctor-kept-'))
  await chmod(folder, 0o755)
  options = { major: 18, folder: path.join(folder, 'one'), port: await freePort(), password: 'secret', settings: { max_connections: '60' } }
  said.length = 0
})
afterEach(async () => {
  await kept?.stop('immediate')
  kept = undefined
  await rm(folder, { recursive: true, force: true })
})

const keep = () => keepRunning(options, { say: (message) => said.push(message) })

async function ask(sql: string): Promise<unknown> {
  const client = new Client({ connectionString: kept?.url })
  client.on('error', () => undefined)
  await client.connect()
  const { rows } = await client.query(sql)
  await client.end()
  return Object.values(rows[0] ?? {})[0]
}

const postmaster = async () => {
  const found = await postmasterOf(kept?.dataDir ?? '')
  if (!found) throw new Error('no postmaster.pid')
  return found
}

/** Not the server that was there, and it answers. */
async function untilAgain(former: number): Promise<void> {
  await expect.poll(async () => (await postmasterOf(kept?.dataDir ?? ''))?.pid ?? former).not.toBe(former)
  await expect.poll(() => ask('select 1').catch(() => 0)).toBe(1)
}

it('is started again on its port when it is shut down, until it is stopped', async () => {
  kept = await keep()
  const first = await postmaster()
  expect(await isKept(kept.dataDir, first)).toBe(true)
  expect(await shutDown(kept.dataDir, first)).toMatchObject({ ok: true })
  await untilAgain(first.pid)
  expect(await shutDown(kept.dataDir, first)).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
  const again = await postmaster()
  expect(await isKept(kept.dataDir, again)).toBe(true)
  expect(await isKept(kept.dataDir, { ...again, pid: process.pid })).toBe(false)
  await kept.stop()
  expect(await postmasterOf(kept.dataDir)).toBeNull()
  expect(said).toEqual([])
})

it('is not started any more once it is stopped, whatever it was about to do', async () => {
  kept = await keep()
  await shutDown(kept.dataDir, await postmaster())
  await kept.stop()
  expect(await postmasterOf(kept.dataDir)).toBeNull()
  kept = await keep()
  const first = await postmaster()
  await shutDown(kept.dataDir, first)
  await expect.poll(async () => (await postmasterOf(kept?.dataDir ?? ''))?.pid ?? first.pid).not.toBe(first.pid)
  await kept.stop() // it starts at this moment
  expect(await postmasterOf(kept.dataDir)).toBeNull()
})

it('goes back to the settings of its last good start, whichever start is refused', async () => {
  kept = await keep()
  await ask('alter system set max_connections = 50')
  const first = await postmaster()
  await shutDown(kept.dataDir, first)
  await untilAgain(first.pid)
  expect(await ask('show max_connections')).toBe('50')

  await ask('alter system set superuser_reserved_connections = 55')
  const second = await postmaster()
  await shutDown(kept.dataDir, second)
  await untilAgain(second.pid)
  const now = () => ask(`select current_setting('max_connections') || ' ' || current_setting('superuser_reserved_connections')`)
  expect(await now()).toBe('50 3')
  const auto = path.join(kept.dataDir, 'postgresql.auto.conf')
  expect(await readFile(auto, 'utf8')).not.toContain('superuser_reserved_connections')
  expect(await readFile(`${auto}.refused`, 'utf8')).toContain('superuser_reserved_connections')
  expect((await logLines(kept.dataDir, 'refused')).join()).toContain('superuser_reserved_connections')
  expect(said.join()).toContain('put back')
  await ask('alter system set work_mem = 8192') // the server itself can still write the file

  await kept.stop()
  await appendFile(auto, 'superuser_reserved_connections = 60\n')
  kept = await keep()
  expect(await now()).toBe('50 3')
  await kept.stop()
  kept = await keep()
  expect(await logLines(kept.dataDir, 'refused')).toEqual([])
})

it('tells what the server said where there is no good start to go back to', async () => {
  options = { ...options, settings: { shared_buffers: 'much' } }
  await expect(keep()).rejects.toThrow(/invalid value for parameter "shared_buffers": "much"/)
})
