import { describe, expect, it } from 'vitest'
import { databaseOnOwnServer } from '../../test/support/own-server'
import type { Profile } from '../domain/server-profile'
import { MAJORS } from '../embedded/binaries'
import { runRead } from '../server/run-read'
import { parseConf } from './conf-file'
import { settings } from './reads/settings'
import { ALSO_READ, type Recommendation, recommend } from './recommend'
import { PARAMETER_NAMES } from './registry'
import { tuneFile } from './tune-file'

const GB = 1024 ** 3
const PROFILE: Profile = { ram: 16 * GB, cpus: 4, storage: 'ssd', workload: 'oltp', connections: 200 }

describe('postgresql.conf', () => {
  it('is read as PostgreSQL reads it, the last line of a name counting', () => {
    const { lines, includes, refused } = parseConf(
      [
        '# work_mem = 1MB',
        'Work_Mem=8MB # eight',
        "work_mem '16MB'",
        "log_line_prefix = '%m ''q'' #%p '\t# prefix",
        'random_page_cost 1.1',
        "include_dir 'conf.d'",
        "bad = 'open",
        'alone',
        '',
        'timescaledb.max_background_workers = 8',
        'log_timezone=Europe/Berlin',
        "search_path'a, b'",
        'work_mem == 1MB',
        'search_path = a, b',
        'seq_page_cost = .5',
      ].join('\r\n'),
    )
    expect(Object.fromEntries([...lines].map(([name, { value, line }]) => [name, [value, line]]))).toEqual({
      work_mem: ['16MB', 3],
      log_line_prefix: ["%m 'q' #%p ", 4],
      random_page_cost: ['1.1', 5],
      'timescaledb.max_background_workers': ['8', 10],
      log_timezone: ['Europe/Berlin', 11],
      search_path: ['a, b', 12],
      seq_page_cost: ['.5', 15],
    })
    expect({ includes, refused }).toEqual({ includes: ["include_dir 'conf.d'"], refused: [7, 8, 13, 14] })
  })

  it('takes in what other builds have, and every spelling that a server takes', async () => {
    const current = async (text: string, major = 18) => {
      const { settings: found, notKnown } = await tuneFile(text, '/etc/postgresql.conf', major, PROFILE)
      const name = text.split(' ')[0]
      return [found.find((one) => one.name === name)?.current, notKnown.filter((sentence) => sentence.startsWith('Not understood')).length]
    }
    expect(await current('wal_compression = zstd')).toEqual(['zstd', 0])
    expect(await current('io_method = io_uring')).toEqual(['io_uring', 0])
    expect(await current('autovacuum = fal')).toEqual(['off', 0])
    expect(await current('huge_pages = yes')).toEqual(['on', 0])
    expect(await current('autovacuum = o')).toEqual(['on', 1])
    expect(await current('io_method = wish')).toEqual(['worker', 1])
  })

  it('gets no lower value than somebody wrote, and says what it cannot take in', async () => {
    const text =
      "max_worker_processes = 40\nmax_logical_replication_workers = 24\nshared_buffers = lots\ninclude 'more.conf'\nlog_min_duration_statement = 250"
    const { settings: found, notKnown } = await tuneFile(text, '/etc/postgresql.conf', 18, PROFILE)
    const of = (name: string) => found.find((one) => one.name === name)
    expect(of('max_worker_processes')).toMatchObject({ current: '40', changes: false, setBy: { words: 'postgresql.conf:1' } })
    expect(of('log_min_duration_statement')).toMatchObject({ current: '250ms', changes: false })
    expect(of('shared_buffers')).toMatchObject({ current: '128MB', changes: true, setBy: { words: 'built-in default' } })
    expect(notKnown).toEqual(
      expect.arrayContaining([
        expect.stringContaining("include 'more.conf'"),
        expect.stringContaining("shared_buffers = 'lots' in line 3"),
      ]),
    )
  })
})

describe.each(MAJORS)('the postgresql.conf of a PostgreSQL %i', (major) => {
  it('gets the recommendations that its server gets', async () => {
    const db = await databaseOnOwnServer(major)
    try {
      const { rows } = await db.client.query(`select setting from pg_settings where name = 'config_file'`)
      const written = await db.client.query('select name, setting from pg_file_settings where applied order by seqno')
      const text = written.rows.map(({ name, setting }) => `${name} = '${setting.replaceAll("'", "''")}'`).join('\n')
      const own = await runRead(db.target, settings, { names: [...PARAMETER_NAMES, ...ALSO_READ] })
      if (!own.ok) throw new Error(own.problem.message)
      const file = await tuneFile(text, rows[0].setting, major, PROFILE)
      const told = ({ name, current, recommended, changes }: Recommendation) => ({ name, current, recommended, changes })
      // wal_buffers shows what -1 came to. The test server's own data directory and ports are on its command line.
      const comparable = (all: Recommendation[]) => all.map(told).filter(({ name }) => name !== 'wal_buffers')
      expect(comparable(file.settings)).toEqual(comparable(recommend(own.value, major, PROFILE).recommendations))
    } finally {
      await db.drop()
    }
  })
})
