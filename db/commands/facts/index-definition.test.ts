import { describe, expect, it } from 'vitest'
import { readDefinition } from './index-definition'

const read = async (definition: string, concurrently = true) => {
  const result = await readDefinition(definition, concurrently)
  return result.ok ? result.value : result.problem
}

describe('a typed CREATE INDEX', () => {
  it.each([
    ['create index a on s.t (b)', 'CREATE INDEX CONCURRENTLY a on s.t (b)'],
    ['  CREATE  unique\nINDEX "A b" ON s.t (b) ; ', 'CREATE UNIQUE INDEX CONCURRENTLY "A b" ON s.t (b)'],
    [
      'create index concurrently ä on "ß".t (lower(b) desc) where c > 1;',
      'CREATE INDEX CONCURRENTLY ä on "ß".t (lower(b) desc) where c > 1',
    ],
    [
      'create index index on s.t using gin (b) with (fastupdate = off) tablespace x',
      'CREATE INDEX CONCURRENTLY index on s.t using gin (b) with (fastupdate = off) tablespace x',
    ],
  ])('%j becomes %j', async (definition, statement) => {
    expect(await read(definition)).toMatchObject({ statement })
  })

  it('loses CONCURRENTLY where that was not asked for', async () => {
    expect(await read('create index concurrently a on s.t (b)', false)).toMatchObject({ statement: 'CREATE INDEX a on s.t (b)' })
  })

  it('says what it names', async () => {
    expect(await read('create unique index "x""; drop" on "S".T using btree (b) tablespace fast')).toMatchObject({
      idxname: 'x"; drop',
      schemaname: 'S',
      relname: 't',
      unique: true,
      accessMethod: 'btree',
      tablespace: 'fast',
    })
  })

  it.each<[string, RegExp]>([
    ['create index a on s.t (b); drop table users', /not 2 statements/],
    ['create index a on s.t (b);; select 1', /not 2/],
    ['drop table users', /not Drop/],
    ['create table a (b int)', /not Create/],
    ['create index if not exists a on s.t (b)', /IF NOT EXISTS/],
    ['create index on s.t (b)', /name/],
    ['create index a on t (b)', /schema/],
    ['create index a on d.s.t (b)', /without a database/],
    ['create index a on only s.t (b)', /ONLY/],
    ['create index a on s.t (b) -- where c', /Comments/],
    ['create index a /* ; */ on s.t (b)', /Comments/],
    ['create index a on s.t (b', /syntax error/],
    ['create index a on s.t (b)\0; drop table users', /NUL/],
    [`create index ${'ä'.repeat(32)} on s.t (b)`, /63 bytes/],
    ['', /no statement/],
    [';', /not 0/],
  ])('%j is refused', async (definition, message) => {
    expect(await read(definition)).toMatchObject({ kind: 'invalid_input', message: expect.stringMatching(message) })
  })

  it('is refused when it is nested deeply enough to break what reads it', async () => {
    expect(await read(`create index a on s.t ((${'- '.repeat(4_900)}b))`)).toMatchObject({ message: expect.stringMatching(/too deeply/) })
    expect(await read(`create index a on s.t ((${'- '.repeat(900)}b))`)).toMatchObject({ message: expect.stringMatching(/too deeply/) })
    expect(await read('create index a on s.t (b)')).toMatchObject({ idxname: 'a' })
  })
})
