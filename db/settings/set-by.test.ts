import { describe, expect, it } from 'vitest'
import type { ServerSetting } from './server-setting'
import { type FileLine, type OwnValue, setBy } from './set-by'

const row = (source: string, sourcefile: string | null = null, sourceline: number | null = null): ServerSetting => ({
  name: 'work_mem',
  setting: '4096',
  unit: 'kB',
  vartype: 'integer',
  context: 'user',
  min_val: '64',
  max_val: '2147483647',
  enumvals: null,
  source,
  sourcefile,
  sourceline,
  pending_restart: false,
  boot_val: null,
})
const line = (sourcefile: string): FileLine => ({
  name: 'work_mem',
  setting: '8MB',
  sourcefile,
  sourceline: 7,
  applied: false,
  error: null,
  auto: null,
})

describe('who set a setting', () => {
  it.each([
    ['default', row('default'), undefined, 'built-in default'],
    ['a file', row('configuration file', '/data/postgresql.conf', 130), undefined, 'postgresql.conf:130'],
    ['ALTER SYSTEM', row('configuration file', '/data/postgresql.auto.conf', 4), undefined, 'ALTER SYSTEM'],
    ['a file that may not be seen', row('configuration file'), undefined, 'a configuration file'],
    ['a read of the console, and a file', row('session'), line('/data/a.conf'), 'a.conf:7'],
    ['a read of the console', row('session'), undefined, 'built-in default'],
    ['the command line', row('command line'), undefined, 'command line'],
  ])('%s', (_, of, from, words) => expect(setBy(of, from, []).words).toBe(words))

  it('is a role or a database where it has a value of its own', () => {
    const own = (datname: string | null, rolname: string | null) => [{ name: 'work_mem', setting: '1MB', datname, rolname }]
    expect(setBy(row('user'), undefined, own(null, 'app')).words).toBe('role app')
    expect(setBy(row('database'), undefined, own('lms', null))).toMatchObject({ words: 'database lms', overriddenFor: ['database lms'] })
    expect(setBy(row('global'), undefined, own(null, null)).words).toBe('all roles')
    const several = [...own(null, 'app'), ...own('shop', null), { ...own('lms', null)[0], setting: '4MB' } as OwnValue]
    expect(setBy(row('database'), undefined, several).words).toBe('database lms')
    expect(setBy(row('default'), undefined, own('lms', 'app'))).toMatchObject({
      words: 'built-in default',
      overriddenFor: ['role app in lms'],
    })
    expect(setBy(row('default'), undefined, [{ name: 'jit', setting: 'off', datname: null, rolname: 'app' }]).overriddenFor).toEqual([])
  })

  it('says what waits for a restart', () => {
    expect(setBy({ ...row('default'), pending_restart: true }, line('/data/postgresql.auto.conf'), []).waiting).toBe('8MB')
    expect(setBy(row('command line'), undefined, [])).toMatchObject({ fixed: true, waiting: null })
  })
})
