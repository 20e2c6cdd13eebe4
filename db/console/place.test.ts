import { describe, expect, it } from 'vitest'
import { differences, merged, type Place } from './place'

const HOME = { machine: 'a1', folder: '/srv/proctor', inode: '11', born: '1764366000000000001' }
const DATABASE = { systemIdentifier: '7', oid: 16_384, timeline: 1, addresses: ['db:5432/proctor'] }
const INSIDE: Place = { home: HOME, database: { ...DATABASE, addresses: [] } }
const OUTSIDE: Place = { home: null, database: DATABASE }
const homeWith = (home: Partial<typeof HOME>): Place => ({ ...INSIDE, home: { ...HOME, ...home } })
const outsideWith = (database: Partial<Place['database']>): Place => ({ ...OUTSIDE, database: { ...DATABASE, ...database } })
const what = (was: Place, is: Place) => differences(was, is).map((one) => one.what)

describe('a console in a data folder', () => {
  it.each<[string, Place, Place, string[]]>([
    ['at the same place', INSIDE, INSIDE, []],
    ['in a container, whose machine is not to be seen', INSIDE, homeWith({ machine: null } as object), []],
    ['that left a container', homeWith({ machine: null } as object), INSIDE, []],
    ['whose file system numbers its files anew', INSIDE, homeWith({ inode: '12' }), []],
    ['copied to another folder', INSIDE, homeWith({ folder: '/srv/copy', inode: '12', born: '2' }), ['folder', 'directory']],
    ['copied over its own path', INSIDE, homeWith({ inode: '12', born: '2' }), ['directory']],
    ['copied where no moment of making is kept', homeWith({ born: null } as object), homeWith({ inode: '12' }), ['directory']],
    ['renamed', INSIDE, homeWith({ folder: '/srv/other' }), ['folder']],
    ['on the disk of a copied machine', INSIDE, homeWith({ machine: 'b2' }), ['machine']],
    ['whose cluster was made anew', INSIDE, { ...INSIDE, database: { ...INSIDE.database, systemIdentifier: '8' } }, ['cluster']],
  ])('%s', (_name, was, is, expected) => {
    expect(what(was, is)).toEqual(expected)
  })
})

describe('a console in a database of the settings', () => {
  it.each<[string, Place, string[]]>([
    ['at the same place', OUTSIDE, []],
    ['reached under another name on the same timeline', outsideWith({ addresses: ['10.0.0.2:5432/proctor'] }), []],
    ['after a fail-over, under a name that it knows', outsideWith({ timeline: 2 }), []],
    [
      'on a promoted standby, under a name that it does not know',
      outsideWith({ timeline: 2, addresses: ['copy:5432/proctor'] }),
      ['promoted'],
    ],
    ['dumped and restored into another cluster', outsideWith({ systemIdentifier: '8', oid: 5 }), ['cluster', 'database']],
    ['made from itself as a template', outsideWith({ oid: 16_999 }), ['database']],
    [
      'whose role may not ask for the cluster',
      outsideWith({ systemIdentifier: null, timeline: null, addresses: ['copy:5432/proctor'] }),
      [],
    ],
  ])('%s', (_name, is, expected) => {
    expect(what(OUTSIDE, is)).toEqual(expected)
  })

  it('keeps the names of its timeline, and what is not to be seen now', () => {
    const second = merged(OUTSIDE, outsideWith({ addresses: ['vip:5432/proctor'], systemIdentifier: null }))
    expect(second.database).toEqual({ ...DATABASE, addresses: ['db:5432/proctor', 'vip:5432/proctor'] })
    expect(merged(second, outsideWith({ timeline: 2 })).database.addresses).toEqual(['db:5432/proctor'])
  })
})
