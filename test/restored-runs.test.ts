import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBackup } from '../db/console/backup/backup-file'
import { restoreBackup } from '../db/console/backup/restore-backup'
import { writeBackup } from '../db/console/backup/write-backup'
import { closeConsole, consoleUrl } from '../db/console/client'
import { answerCopied, answerMoved, settlePlace } from '../db/console/which-console'
import { closeQueue } from '../db/runs/run-queue'
import { findRun } from '../db/runs/runs'
import { DBA } from './support/confirm-run'
import { benchForTests } from './support/run-bench'
import { testDatabase } from './support/test-database'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'proctor-restored-runs-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe.each([14, 18] as const)('a run that waited when the console was backed up, for a server of %i', (major) => {
  const bench = benchForTests(major)
  const use = async (url: string) => {
    await closeQueue()
    await closeConsole()
    process.env.PROCTOR_CONSOLE_URL = url
  }

  it.each([
    ['copied', () => answerCopied(DBA, null, null)],
    ['moved', () => answerMoved(DBA, null)],
  ] as const)('is touched by no worker of the restored console, and ends there once it was %s', async (answer, say) => {
    await bench.bloated(answer)
    const file = await bench.value<string>(`select pg_relation_filenode('${answer}_id')`)
    const { id } = await bench.confirmed('reindex-index', { oid: await bench.oidOf(`${answer}_id`) })
    const home = consoleUrl()
    await writeBackup({ url: home, path: path.join(folder, `${major}-${answer}`), replace: false, version: 'x', minutes: 5 })
    const restored = await testDatabase(18)
    const backup = await openBackup(path.join(folder, `${major}-${answer}`))
    await restoreBackup(restored.url, backup, async () => undefined)
    await backup.close()

    await use(restored.url)
    await settlePlace(null, restored.url)
    await bench.startWorker()
    const beats = async () => (await restored.client.query('select coalesce(max(beat), 0)::int as n from worker')).rows[0].n
    await expect.poll(beats).toBeGreaterThan(1) // it lives, and has looked
    expect(await findRun(id)).toMatchObject({ state: 'queued', startedAt: null })
    expect(await say()).toMatchObject({ ok: true })
    expect(await findRun(id)).toMatchObject({ state: 'cancelled' })
    await bench.stopWorkers()
    expect(await bench.value<string>(`select pg_relation_filenode('${answer}_id')`)).toBe(file)

    // The console that was backed up carries it out.
    await use(home)
    await restored.drop()
    await bench.startWorker()
    expect(await bench.over(id)).toMatchObject({ state: 'succeeded' })
  })
})
