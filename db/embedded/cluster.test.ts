import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startCluster } from './cluster'
import { freePort } from './free-port'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'proctor-cluster-'))
  await chmod(folder, 0o755)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const start = async () => startCluster({ major: 18, folder: path.join(folder, 'one'), port: await freePort(), password: 'secret' })

const answers = async (url: string, sql: string) => {
  const client = new Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query(sql)
  await client.end()
  return rows
}

it('keeps its data over a stop and a start', async () => {
  const first = await start()
  await answers(first.url, 'create table kept (id int)')
  await first.stop()
  const second = await start()
  expect(await answers(second.url, 'select * from kept')).toEqual([])
  await second.stop()
})

it('stops the server that an earlier console left running', async () => {
  const left = await start()
  const again = await start()
  await left.ended
  expect(await answers(again.url, 'select 1 as one')).toEqual([{ one: 1 }])
  await again.stop()
})

it('starts over a postmaster.pid whose server was killed, and whose number another program has', async () => {
  const killed = await start()
  process.kill(killed.pid, 'SIGKILL')
  await killed.ended
  const file = path.join(killed.dataDir, 'postmaster.pid')
  const lines = (await readFile(file, 'utf8')).split('\n')
  await writeFile(file, [String(process.pid), ...lines.slice(1)].join('\n'))
  const again = await start()
  expect(await answers(again.url, 'select * from kept')).toEqual([])
  await again.stop()
})

it('tells what the server said when it cannot start', async () => {
  const settings = { shared_buffers: 'much' }
  const options = { major: 18 as const, folder: path.join(folder, 'two'), port: await freePort(), password: 'secret', settings }
  await expect(startCluster(options)).rejects.toThrow(/invalid value for parameter "shared_buffers": "much"/)
})
