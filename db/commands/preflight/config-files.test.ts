import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { databaseOnOwnServer } from '../../../test/support/own-server'
import { KNOWN } from '../../../test/support/test-command'
import type { TestDatabase } from '../../../test/support/test-database'
import { serverFacts } from '../../server/facts'
import { SETTINGS_CHECKS } from '../change-settings/preflight'
import type { CommandFacts, PreflightCheck } from '../define-command'
import type { Plan } from '../plan'
import { RESTART_CHECKS } from '../restart-server/preflight'
import { soundForReload, soundForStart } from './config-files'

describe.each([14, 18] as const)('the files of the server, on PostgreSQL %i', (major) => {
  let db: TestDatabase
  const files: Record<'conf' | 'hba', { path: string; text: string }> = { conf: { path: '', text: '' }, hba: { path: '', text: '' } }
  beforeAll(async () => {
    db = await databaseOnOwnServer(major)
    for (const [key, name] of [
      ['conf', 'config_file'],
      ['hba', 'hba_file'],
    ] as const) {
      const { rows } = await db.client.query(`select current_setting('${name}') as path`)
      files[key] = { path: rows[0].path, text: await readFile(rows[0].path, 'utf8') }
    }
  })
  afterEach(async () => {
    for (const { path, text } of Object.values(files)) await writeFile(path, text)
  })
  afterAll(() => db.drop())
  const ask = async (check: PreflightCheck) => {
    const server = await serverFacts(db.target)
    if (!server.ok) throw new Error(server.problem.message)
    const facts = { server: server.value, object: {}, facts: {}, known: KNOWN } as CommandFacts<unknown>
    const said = await check(db.target, facts, {} as Plan)
    if (!said.ok) throw new Error(said.problem.message)
    return said.value
  }
  const lines = files
  const last = async () => (await readFile(lines.conf.path, 'utf8')).trimEnd().split('\n').length

  it('are asked for before a reload and before a restart', () => {
    expect(SETTINGS_CHECKS).toContain(soundForReload)
    expect(RESTART_CHECKS).toContain(soundForStart)
  })

  it('are sound, also when something waits for a restart', async () => {
    await appendFile(files.conf.path, '\nmax_connections = 51\nhuge_pages = off\n')
    expect(await ask(soundForReload)).toBeNull()
    expect(await ask(soundForStart)).toMatchObject({ status: 'pass' })
  })

  it.each([
    ['no_such_setting = 1', 'no_such_setting: unrecognized configuration parameter'],
    ['work_mem = = 4MB', 'syntax error'],
    ["include 'not_there.conf'", 'not_there.conf'],
  ])('stop a reload that would apply nothing: %s', async (text, why) => {
    await appendFile(files.conf.path, `\n${text}\n`)
    const at = `${files.conf.path}:${await last()}: `
    for (const check of [soundForReload, soundForStart])
      expect(await ask(check)).toMatchObject({ status: 'stop', detail: expect.stringContaining(at) })
    expect((await ask(soundForReload))?.detail).toContain(why)
    // And so it is: no line of any file would be applied.
    const { rows } = await db.client.query('select bool_or(applied) as some from pg_file_settings')
    expect(rows[0].some).toBe(false)
  })

  it.each(["work_mem = 'lots'", "max_connections = 'many'", 'max_connections = -3'])(
    'warn of a value that only a start fails on: %s',
    async (text) => {
      await appendFile(files.conf.path, `\n${text}\n`)
      expect(await ask(soundForReload)).toMatchObject({
        status: 'warn',
        detail: expect.stringContaining(`${files.conf.path}:${await last()}: `),
      })
      expect(await ask(soundForStart)).toMatchObject({ status: 'stop' })
    },
  )

  it('of its clients stop a restart alone', async () => {
    await appendFile(files.hba.path, '\nhost all all nowhere/99 nomethod\n')
    expect(await ask(soundForReload)).toBeNull()
    expect(await ask(soundForStart)).toMatchObject({ status: 'stop', detail: expect.stringContaining(`${files.hba.path}:`) })
  })
})
