import { asc } from 'drizzle-orm'
import { beforeAll, expect, it } from 'vitest'
import { consoleForTests } from '../../test/support/test-console'
import type { Profile } from '../domain/server-profile'
import { GB } from '../domain/setting-units'
import { consoleDb } from './client'
import { audit, serverProfile } from './schema'
import { savedProfile, saveProfile } from './server-profiles'
import { registerServer } from './servers'

const ADA = { email: 'ada@example.org', from: '192.0.2.1' }
const PROFILE: Profile = { ram: 16 * GB, cpus: 8, storage: 'nvme', workload: 'web', connections: 120 }

consoleForTests()
beforeAll(() => registerServer({ id: 'sample', name: 'sample', source: 'embedded', database: 'lms' }))

it('is the same for everybody, says who changed it, and can be forgotten; the audit has each change', async () => {
  expect(await savedProfile('sample')).toBeNull()
  expect(await saveProfile('sample', PROFILE, ADA)).toMatchObject({ ok: true })
  expect(await saveProfile('sample', { ...PROFILE, storage: 'ssd' }, { ...ADA, email: 'bob@example.org' })).toMatchObject({ ok: true })
  expect(await savedProfile('sample')).toMatchObject({ profile: { ...PROFILE, storage: 'ssd' }, changedBy: 'bob@example.org' })
  expect(await saveProfile('sample', null, ADA)).toMatchObject({ ok: true })
  expect(await savedProfile('sample')).toBeNull()
  const lines = await consoleDb().select().from(audit).orderBy(asc(audit.id))
  expect(lines.map(({ actor, action, serverId, detail }) => ({ actor, action, serverId, detail }))).toEqual([
    { actor: ADA.email, action: 'profile.saved', serverId: 'sample', detail: { from: ADA.from, before: null, after: PROFILE } },
    {
      actor: 'bob@example.org',
      action: 'profile.saved',
      serverId: 'sample',
      detail: { from: ADA.from, before: PROFILE, after: { ...PROFILE, storage: 'ssd' } },
    },
    {
      actor: ADA.email,
      action: 'profile.forgotten',
      serverId: 'sample',
      detail: { from: ADA.from, before: { ...PROFILE, storage: 'ssd' }, after: null },
    },
  ])
})

it('is saved for a server that is there, and read within the bounds that hold now', async () => {
  expect(await saveProfile('nowhere', PROFILE, ADA)).toMatchObject({ ok: false, problem: { kind: 'invalid_input' } })
  await consoleDb()
    .insert(serverProfile)
    .values({ serverId: 'sample', profile: { ...PROFILE, cpus: 0 }, changedBy: ADA.email, changedAt: new Date() })
  expect(await savedProfile('sample')).toBeNull()
})
