import { stat } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { describe, expect, it, vi } from 'vitest'
import { databaseOnOwnServer } from '../../../test/support/own-server'
import { MAJORS } from '../../embedded/binaries'
import { forgetReads, runRead } from '../../server/run-read'
import { orphanFiles } from '../reads/orphan-files'
import { findOrphans, orphanFilesFound } from './orphan-files'

/** Each makes new files, and takes its time over them. A b-tree writes nothing until all is sorted, a hash index at once. */
const REWRITES = [
  'vacuum full t1',
  'cluster t2 using t2_slow',
  'refresh materialized view m3',
  'reindex index t4_hash',
  'create index on t5 using hash (slowly(a))',
]

const TABLES = [1, 2, 3, 4, 5].map(
  (n) => `
    create table t${n} (a int, note text);
    insert into t${n} select i, repeat(md5(i::text), 50) from generate_series(1, 500) i;
    create index t${n}_slow on t${n} (slowly(a));
    create index t${n}_hash on t${n} using hash (slowly(a));
    create materialized view m${n} as select a, note, slowly(a) from t${n};`,
)

describe.each(MAJORS)('orphan files on PostgreSQL %i', (major) => {
  it('are found after a crash in rewrites, and none of an open transaction', { timeout: 300_000 }, async () => {
    const db = await databaseOnOwnServer(major, { autovacuum: 'off' })
    const { client, target } = db
    client.on('error', () => undefined) // the crash ends it
    const orphans = async () => {
      forgetReads()
      const found = await findOrphans(target)
      if (!found.ok) throw new Error(found.problem.message)
      return found.value
    }
    try {
      await client.query(`
        create function slowly(int) returns int immutable language plpgsql as
          $$ begin perform pg_sleep(coalesce(current_setting('test.pause', true), '0')::float); return $1; end $$;
        ${TABLES.join('')}
        checkpoint`)
      const { data } = (await client.query(`select current_setting('data_directory') as data`)).rows[0]
      expect(await orphans()).toEqual({ files: [], undecided: 0 })
      const pids: number[] = []
      const going = REWRITES.map(async (rewrite) => {
        const session = await db.connect()
        pids.push((await session.query("select pg_backend_pid() as pid, set_config('test.pause', '0.5', false)")).rows[0].pid)
        return session.query(rewrite).then(
          () => 'done',
          () => 'cut',
        )
      })
      // Their files are there, under transactions that are open: none of them is told.
      const begun = await vi.waitFor(
        async () => {
          const { rowCount } = await client.query(`select from pg_stat_activity where wait_event = 'PgSleep'`)
          expect(rowCount).toBe(REWRITES.length)
          forgetReads()
          const read = await runRead(target, orphanFiles, {})
          const files = read.ok ? (read.value[0]?.files ?? []) : []
          expect(files.length).toBeGreaterThanOrEqual(REWRITES.length)
          return files
        },
        { timeout: 60_000 },
      )
      expect((await orphans()).files).toEqual([])
      process.kill(pids[0] ?? 0, 'SIGKILL')
      expect(await Promise.all(going)).toEqual(REWRITES.map(() => 'cut'))
      const { files } = await vi.waitFor(
        async () => {
          const now = await orphans()
          expect(now.files.map((file) => file.path)).toEqual(expect.arrayContaining(begun.map((file) => file.path)))
          return now
        },
        { timeout: 60_000, interval: 1_000 },
      )
      for (const file of files) {
        const { size } = await stat(path.join(data, file.path)).catch(() => ({ size: 0 })) // of some only the visibility map has pages
        expect(file.bytes).toBeGreaterThanOrEqual(size)
      }
      forgetReads()
      expect(await orphanFilesFound.look(target)).toMatchObject({
        ok: true,
        value: [{ kind: 'server', name: target.database, severity: 'warn', evidence: expect.stringContaining(files[0]?.path ?? 'none') }],
      })
      // What is thrown away in order leaves none.
      const again = await db.connect()
      await again.query('begin; create table u as select * from t1; rollback')
      for (const one of ['drop index t1_hash', 'vacuum full t1', 'checkpoint']) await again.query(one)
      expect((await orphans()).files).toHaveLength(files.length)
    } finally {
      await db.drop()
    }
  })

  it('are not looked for by a role that may not, and the way to it is told', async () => {
    const db = await databaseOnOwnServer(major)
    try {
      await db.client.query("create role plain login password 'plain'")
      const target = db.as('plain', 'plain')
      const may = { kind: 'insufficient_privilege', fix: expect.stringContaining('pg_ls_dir') }
      expect(await findOrphans(target)).toMatchObject({ ok: false, problem: may })
      expect(await orphanFilesFound.look(target)).toEqual({ ok: true, value: [] })
      await db.client.query(`
        grant execute on function pg_catalog.pg_ls_dir(text, boolean, boolean), pg_catalog.pg_stat_file(text, boolean) to plain`)
      forgetReads()
      expect(await findOrphans(target)).toMatchObject({ ok: false, problem: { fix: 'GRANT pg_read_all_stats TO plain' } })
      await db.client.query('grant pg_read_all_stats to plain')
      forgetReads()
      expect(await findOrphans(target)).toEqual({ ok: true, value: { files: [], undecided: 0 } })
    } finally {
      await db.drop()
    }
  })
})
