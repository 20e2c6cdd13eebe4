import { eq } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { consoleForTests } from '../../test/support/test-console'
import { consoleDb } from './client'
import { noteCluster as note, noteUnknown } from './note-cluster'
import { audit } from './schema'
import { findServer, recordedTarget, registerServer, serverTarget } from './servers'

consoleForTests()

const A = { systemIdentifier: '7000000000000000001', timeline: 1, inRecovery: false }
const B = { systemIdentifier: '7000000000000000002', timeline: 1, inRecovery: false }

const noteCluster = async (...given: Parameters<typeof note>) => (await note(...given)).noted

let number = 0
let id = ''
beforeEach(async () => {
  id = `server-${++number}`
  process.env.DATABASE_URL = 'postgresql://nobody@127.0.0.1:1/none'
  await registerServer({ id, name: id, source: 'environment', database: 'none' })
})

const actions = async (): Promise<string[]> =>
  (await consoleDb().select().from(audit).where(eq(audit.serverId, id)).orderBy(audit.id)).map(({ action }) => action)

describe('the record of a server', () => {
  it('takes the first cluster that is seen, and from then on nothing but that is expected', async () => {
    expect((await recordedTarget(id)).ok && (await recordedTarget(id))).toMatchObject({ value: { serverId: id } })
    expect(await noteCluster(id, A)).toBe('adopted')
    expect(await noteCluster(id, A)).toBe('same')
    expect(await findServer(id)).toMatchObject({ systemIdentifier: A.systemIdentifier, timeline: 1, otherIdentifier: null })
    expect(await recordedTarget(id)).toMatchObject({ value: { cluster: { systemIdentifier: A.systemIdentifier } } })
    expect(await serverTarget(id)).not.toHaveProperty('value.cluster')
    expect(await actions()).toEqual(['cluster.seen-first'])
  })

  it('keeps the first beside another, until that is gone', async () => {
    await noteCluster(id, A)
    const { changedAt } = (await findServer(id)) ?? {}
    expect(await noteCluster(id, B)).toBe('other')
    const noted = await findServer(id)
    expect(noted).toMatchObject({ systemIdentifier: A.systemIdentifier, otherIdentifier: B.systemIdentifier })
    expect(noted?.changedAt).not.toEqual(changedAt)
    expect(await noteCluster(id, B)).toBe('other')
    expect((await findServer(id))?.otherSince).toEqual(noted?.otherSince)
    expect(await noteCluster(id, A)).toBe('returned')
    expect(await findServer(id)).toMatchObject({ systemIdentifier: A.systemIdentifier, otherIdentifier: null, otherSince: null })
    expect(await actions()).toEqual(['cluster.seen-first', 'cluster.another-answers', 'cluster.answers-again'])
  })

  it('follows a promotion, and not what a standby says of its last restartpoint', async () => {
    await noteCluster(id, { ...A, timeline: 2 })
    expect(await noteCluster(id, { ...A, inRecovery: true })).toBe('standby')
    expect(await findServer(id)).toMatchObject({ timeline: 2, standbySince: expect.any(Date) })
    expect(await noteCluster(id, { ...A, timeline: 3 })).toBe('timeline')
    expect(await findServer(id)).toMatchObject({ timeline: 3, standbySince: null })
    expect(await noteCluster(id, { ...A, timeline: 3, inRecovery: true })).toBe('standby')
    expect(await noteCluster(id, { ...A, timeline: 3 })).toBe('primary')
    expect(await actions()).toEqual(['seen-first', 'is-standby', 'promoted', 'is-standby', 'is-primary'].map((name) => `cluster.${name}`))
  })

  it('says since when a recorded cluster cannot be told any more', async () => {
    expect(await noteUnknown(id)).toBe(false)
    await noteCluster(id, A)
    expect(await noteUnknown(id)).toBe(true)
    expect(await noteUnknown(id)).toBe(true)
    expect(await findServer(id)).toMatchObject({ systemIdentifier: A.systemIdentifier, unknownSince: expect.any(Date) })
    expect(await noteCluster(id, A)).toBe('same')
    expect(await findServer(id)).toMatchObject({ unknownSince: null })
    expect(await actions()).toEqual(['cluster.seen-first', 'cluster.unknown', 'cluster.known-again'])
  })

  it('is written once, however many look at the same moment', async () => {
    const seen = await Promise.all(Array.from({ length: 6 }, () => noteCluster(id, A)))
    expect(seen.filter((one) => one === 'adopted')).toHaveLength(1)
    expect(await actions()).toEqual(['cluster.seen-first'])
  })

  it('is of no server that is not there', async () => {
    expect(await noteCluster('nowhere', A)).toBe('gone')
  })
})
