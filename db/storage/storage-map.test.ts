import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { MAJORS } from '../embedded/binaries'
import { forgetReads, runRead } from '../server/run-read'
import { storageFiles } from './reads/storage-files'
import { tablespaces } from './reads/tablespaces'
import { walCauses } from './reads/wal-causes'
import { MOST_TILES, type StoragePlace, storageMap } from './storage-map'

describe.each(MAJORS)('the space of PostgreSQL %i', (major) => {
  let db: TestDatabase
  let place: StoragePlace
  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query(`
      create schema other;
      create table large (id int primary key, note text); insert into large select n, repeat('x', 100) from generate_series(1, 5000) n;
      create table other.small (id int);
      do $$ begin for n in 1..60 loop execute format('create table other.t_%s (id int)', n); execute format('insert into other.t_%s values (1)', n); end loop; end $$;
      create role storage_plain_${major} login password 'x'`)
    place = { database: db.target.database, schema: null, relid: null }
  })
  afterAll(async () => {
    await db.client.query(`drop role storage_plain_${major}`)
    await db.drop()
  })

  const level = async (at: StoragePlace, target = db.target) => {
    forgetReads()
    const read = await storageMap(target, at)
    if (!read.ok) throw new Error(read.problem.message)
    return read.value
  }
  const bytesOf = async (sql: string, ...values: unknown[]): Promise<number> =>
    Number((await db.client.query(`select ${sql} as bytes`, values)).rows[0].bytes)

  it('adds up from the files to the server', async () => {
    const server = await level({ database: null, schema: null, relid: null })
    const own = server.tiles.find(({ id }) => id === db.target.database)
    const inside = await level(place)
    if (own) expect(inside.bytes).toBe(own.bytes)
    expect(inside.bytes).toBe(await bytesOf('pg_database_size(current_database())'))
    const publicOnes = inside.tiles.find(({ id }) => id === 'public')
    expect(publicOnes?.bytes).toBe(await bytesOf(`pg_total_relation_size('large')`))
    const schema = await level({ ...place, schema: 'public' })
    expect(schema.bytes).toBe(publicOnes?.bytes)
    const [large] = schema.tiles
    // What is inside a tile adds up to it, at both levels.
    for (const { bytes, inside = [] } of [publicOnes, large].filter((tile) => tile !== undefined))
      expect(inside.reduce((sum, tile) => sum + tile.bytes, 0)).toBe(bytes)
    expect(large?.inside?.map(({ kind }) => kind)).toEqual(['heap', 'index', 'toast'])
    const table = await level({ ...place, schema: 'public', relid: Number(large?.id) })
    expect(table).toMatchObject({ relname: 'large', bytes: large?.bytes, unknown: [] })
    expect(table.tiles.map(({ kind }) => kind).sort()).toEqual(['heap', 'index', 'toast'])
  })

  it('has so many tiles at most, and puts the others together', async () => {
    const { tiles, bytes } = await level({ ...place, schema: 'other' })
    expect(tiles).toHaveLength(MOST_TILES + 1)
    expect(tiles.at(-1)).toMatchObject({ kind: 'others', id: String(61 - MOST_TILES), opens: false })
    expect(tiles.reduce((sum, tile) => sum + tile.bytes, 0)).toBe(bytes)
  })

  it('is not held up by a lock, and names what it hides', async () => {
    const locker = await db.connect()
    await locker.query('begin; lock table large in access exclusive mode')
    const relid = await bytesOf(`'large'::regclass::oid`)
    expect((await level({ ...place, schema: 'public' })).tiles).toEqual([])
    expect((await level({ ...place, schema: 'public', relid })).unknown).toContain('large')
    await locker.query('rollback')
  })

  it('shows a role without CONNECT a database as unknown, and says what else it lacks', async () => {
    await db.client.query(`revoke connect on database ${db.target.database} from public`)
    const server = await level(
      { database: null, schema: null, relid: null },
      { ...db.as(`storage_plain_${major}`, 'x'), database: 'postgres' },
    )
    expect(server.unknown).toContain(db.target.database)
    const files = await runRead({ ...db.as(`storage_plain_${major}`, 'x'), database: 'postgres' }, storageFiles, {})
    expect(files).toMatchObject({ ok: false, problem: { kind: 'insufficient_privilege' } })
    await db.client.query(`grant connect on database ${db.target.database} to public`)
  })

  it('tells WAL, temporary files and tablespaces', async () => {
    const files = await runRead(db.target, storageFiles, {})
    expect(files.ok && files.value[0]).toMatchObject({ temp_files: 0 })
    if (files.ok) expect(files.value[0]?.wal_bytes).toBeGreaterThanOrEqual(16 * 1024 ** 2)
    const spaces = await runRead(db.target, tablespaces, {})
    expect(spaces.ok && spaces.value.map(({ name }) => name)).toEqual(expect.arrayContaining(['pg_default', 'pg_global']))
    const wal = await runRead(db.target, walCauses, {})
    const [cause] = wal.ok ? wal.value : []
    expect(Number(cause?.wal_bytes)).toBeGreaterThan(0)
    if (major >= 18) expect(cause?.writers?.some(({ bytes }) => bytes > 0)).toBe(true)
    else expect(cause?.writers).toBeNull()
  })
})
