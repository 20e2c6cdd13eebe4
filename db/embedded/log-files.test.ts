import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { Client } from 'pg'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { freePort } from './free-port'
import { type KeptCluster, keepRunning } from './keep-running'
import { setLogAside } from './log-files'

let folder: string
let file: string
let kept: KeptCluster | undefined
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'proctor-logs-'))
  await chmod(folder, 0o755)
  file = path.join(folder, 'server.log')
})
afterEach(async () => {
  await kept?.stop('immediate')
  kept = undefined
  await rm(folder, { recursive: true, force: true })
})

const logs = async (of = folder): Promise<string[]> => {
  const names = (await readdir(of)).filter((name) => name.startsWith('server.log')).sort()
  return Promise.all(names.map((name) => readFile(path.join(of, name), 'utf8')))
}

it('gathers short logs in one file, and keeps the last files of so many bytes', async () => {
  const limits = { bytes: 20, files: 3 }
  await setLogAside(file, limits)
  expect(await logs()).toEqual([])
  for (const text of ['first;', 'second;', 'third;']) {
    await writeFile(file, text)
    await setLogAside(file, limits)
  }
  expect(await logs()).toEqual(['', 'first;second;third;'])
  await writeFile(file, 'fourth;')
  await setLogAside(file, limits)
  expect(await logs()).toEqual(['', 'fourth;', 'first;second;third;'])
  await writeFile(file, 'a longer one than fits in one file')
  await setLogAside(file, limits)
  expect(await logs()).toEqual(['', 'than fits in one file'.slice(-20), 'fourth;'])
})

it('follows no link, in whatever place it stands', async () => {
  const victim = path.join(folder, 'victim')
  await writeFile(victim, 'as it was')
  await symlink(victim, file)
  await setLogAside(file, { bytes: 20, files: 3 })
  await rm(file)
  await writeFile(file, 'said')
  await symlink(victim, `${file}.1`)
  await expect(setLogAside(file, { bytes: 20, files: 3 })).rejects.toThrow(/ELOOP/)
  expect(await readFile(victim, 'utf8')).toBe('as it was')
})

const ask = async (sql: string) => {
  const client = new Client({ connectionString: kept?.url })
  client.on('error', () => undefined)
  await client.connect()
  await client.query(sql)
  await client.end()
}

it.each([14, 18] as const)(
  'keeps what a server said before it was killed, and bounds what one says while it runs, on %i',
  async (major) => {
    const place = path.join(folder, String(major))
    const limits = { bytes: 60_000, files: 3, everyMs: 20 }
    kept = await keepRunning({ major, folder: place, port: await freePort(), password: 'x', logs: limits }, { say: () => undefined })
    const first = Number((await readFile(path.join(kept.dataDir, 'postmaster.pid'), 'utf8')).split('\n')[0])
    await ask(`do $$ begin raise log 'last words of the first'; end $$`)
    process.kill(first, 'SIGKILL')
    await expect
      .poll(() =>
        ask('select 1').then(
          () => true,
          () => false,
        ),
      )
      .toBe(true)
    expect((await logs(place))[0]).not.toContain('last words')
    expect((await logs(place))[1]).toContain('last words of the first')

    for (let at = 0; at < 30; at++) {
      await ask(`do $$ begin for i in 1..20 loop raise log '${at}: %', repeat('x', 1000); end loop; end $$`)
      await expect.poll(async () => (await stat(path.join(place, 'server.log'))).size).toBeLessThanOrEqual(limits.bytes)
    }
    await ask(`do $$ begin raise log 'the very last'; end $$`)
    const found = await logs(place)
    expect(found).toHaveLength(limits.files)
    for (const text of found.slice(1)) expect(text.length).toBeLessThanOrEqual(limits.bytes)
    expect(found[0]).toContain('the very last')
    expect(found[0]).not.toContain('\0') // it goes on at the beginning of the emptied file
    expect((await stat(path.join(place, 'server.log.1'))).mode & 0o077).toBe(0)
  },
)
