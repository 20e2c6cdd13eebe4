import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Profile } from '../domain/server-profile'
import { GB, MB, TB } from '../domain/setting-units'
import { MAJORS } from '../embedded/binaries'
import { startCluster } from '../embedded/cluster'
import { freePort } from '../embedded/free-port'
import type { Measured } from './measured'
import { linesOf } from './outputs'
import { settings } from './reads/settings'
import { ALSO_READ, recommend } from './recommend'
import { PARAMETER_NAMES } from './registry'
import { isSame, type ServerSetting, settingOf } from './server-setting'

const window = { from: 0, to: 0, seconds: 10 * 86_400, samples: 86_400 }
/** A server that was seen to have too little of everything. */
const SEEN: Measured = {
  spills: { files: 1e6, bytes: 1e12, statements: { statements: 9, calls: 1e6, blocks: 1e4 }, window },
  peak: { connections: 300, window },
  checkpoints: { timed: 100, requested: 10_000, walBytes: 1e13, window },
  backlog: { mean: 40, most: 90, deadRows: 1e9, window },
}
/** The ends, and what machines are like. */
const PROFILES: [string, Profile, Measured?][] = [
  ['the smallest machine, asked for the most', { ram: 512 * MB, cpus: 1, storage: 'hdd', workload: 'warehouse', connections: 10_000 }],
  ['many CPUs and no memory', { ram: 512 * MB, cpus: 1024, storage: 'network', workload: 'web', connections: 5 }],
  ['an ordinary machine', { ram: 16 * GB, cpus: 4, storage: 'ssd', workload: 'oltp', connections: 200 }],
  ['a machine whose history overrules the formulas', { ram: 16 * GB, cpus: 4, storage: 'ssd', workload: 'web', connections: 100 }, SEEN],
  ['a large machine', { ram: 64 * TB, cpus: 1024, storage: 'nvme', workload: 'mixed', connections: 10_000 }],
]
/** What is asked of the machine of the test: its memory is not that of the profile. Everything else holds as it is recommended. */
const MOST_BUFFERS = 2 * GB

describe.each(MAJORS)('PostgreSQL %i', (major) => {
  let folder: string
  let rows: ServerSetting[]
  const start = async () => startCluster({ major, folder: path.join(folder, 'server'), port: await freePort(), password: 'test' })
  const settingsOf = async (url: string): Promise<ServerSetting[]> => {
    const client = new Client({ connectionString: url })
    await client.connect()
    const { rows: found } = await client.query<ServerSetting>(typeof settings.sql === 'string' ? settings.sql : '', [
      [...PARAMETER_NAMES, ...ALSO_READ],
    ])
    await client.end()
    return found
  }
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'proctor-tuned-'))
    await chmod(folder, 0o755) // the account that the server runs as must get in
    const cluster = await start()
    rows = await settingsOf(cluster.url)
    await cluster.stop()
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it.each(PROFILES)('starts with the file for %s', async (_, profile, measured) => {
    const { recommendations } = recommend(rows, major, profile, measured)
    const changes = recommendations.map(({ name, recommended, takes, why }) => {
      const row = rows.find((one) => one.name === name)
      const tooMuch = name === 'shared_buffers' && row && Number(settingOf(recommended, row)) * 8192 > MOST_BUFFERS
      return { name, value: tooMuch ? '2GB' : recommended, takes, why }
    })
    const file = path.join(folder, 'server', 'data', 'postgresql.conf')
    const before = await readFile(file, 'utf8')
    const written = changes.flatMap((change) => rows.filter(({ name }) => name === change.name).map((row) => linesOf(change, row).conf))
    await writeFile(file, `${before}\n${written.join('')}`)
    const cluster = await start()
    const now = await settingsOf(cluster.url)
    await cluster.stop()
    await writeFile(file, before)
    const different = changes.flatMap(({ name, value }) => {
      const row = now.find((one) => one.name === name)
      const holds = row && (isSame(row.setting, settingOf(value, row) ?? '') || (name === 'wal_buffers' && Number(row.setting) > 0))
      return holds ? [] : [`${name}: ${row?.setting}, not ${value}`]
    })
    expect(different).toEqual([])
  })
})
