import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { consoleForTests } from '../../test/support/test-console'
import { writeAudit } from './audit'
import { auditChain, keptHead } from './audit-head'
import { consoleDb } from './client'

const database = consoleForTests()
const before = { ...process.env }
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'proctor-head-'))
  process.env.PROCTOR_DATA_DIR = folder
})
afterAll(async () => {
  process.env.PROCTOR_DATA_DIR = before.PROCTOR_DATA_DIR
  if (before.PROCTOR_DATA_DIR === undefined) delete process.env.PROCTOR_DATA_DIR
  await rm(folder, { recursive: true })
})

/** As after a minute, or in another process. */
const lookAgain = () => {
  delete (globalThis as { proctorAuditChain?: unknown }).proctorAuditChain
  return auditChain(consoleDb())
}

it('keeps the newest hash beside the database, and notices when lines that it saw are gone', async () => {
  for (const email of ['ada', 'bob', 'eve']) await writeAudit({ by: { email, from: null }, action: 'x', detail: {} })
  const state = await lookAgain()
  expect(state).toMatchObject({ unbroken: true, entries: 3 })
  expect(await keptHead(folder, undefined)).toBe(state.unbroken && state.head)
  expect((await stat(path.join(folder, 'audit-heads.json'))).mode & 0o077).toBe(0)
  const kept = await readFile(path.join(folder, 'audit-heads.json'), 'utf8')
  await database.client.query('set session_replication_role = replica; delete from audit where id = 3; reset session_replication_role')
  expect(await lookAgain()).toMatchObject({ unbroken: false, id: '2', why: expect.stringContaining('cut off') })
  await writeAudit({ by: { email: 'tom', from: null }, action: 'x', detail: {} })
  expect(await lookAgain()).toMatchObject({ unbroken: false })
  expect(await readFile(path.join(folder, 'audit-heads.json'), 'utf8')).toBe(kept)
})

it('tells console databases apart', async () => {
  expect(await keptHead(folder, 'postgresql://u:p@elsewhere:5432/proctor')).toBeUndefined()
})

it.each(['', '{"embedded":{"ha', '[]', '{"embedded":{"hash":1}}'])(
  'refuses a file that is not whole, and keeps nothing over it: %j',
  async (broken) => {
    const file = path.join(folder, 'audit-heads.json')
    const whole = await readFile(file, 'utf8')
    await writeFile(file, broken)
    await expect(keptHead(folder, undefined)).rejects.toThrow(`${file} is not whole: put it back`)
    await expect(lookAgain()).rejects.toThrow(/is not whole/)
    expect(await readFile(file, 'utf8')).toBe(broken)
    await writeFile(file, whole)
  },
)
