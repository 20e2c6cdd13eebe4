import { describe, expect, it } from 'vitest'
import { type ServerSetting, settingOf } from '../settings/server-setting'
import { parseRam } from './server-profile'
import { GB, inBaseUnits, inWords, MB } from './setting-units'

describe('values of settings', () => {
  it.each([
    ['16384', '8kB', '128MB'],
    ['4096', 'kB', '4MB'],
    ['1024', 'MB', '1GB'],
    ['600', 's', '10min'],
    ['600000', 'ms', '10min'],
    ['100', null, '100'],
    ['-1', 'kB', '-1'],
    ['0', 'ms', '0'],
    ['5', 'kB', '5kB'],
  ])('%s of %s is %s', (setting, unit, words) => {
    expect(inWords(setting, unit)).toBe(words)
    expect(inBaseUnits(words, unit)).toBe(Number(setting))
  })

  it('are no number in a unit of another kind', () => {
    expect([inBaseUnits('5min', 'kB'), inBaseUnits('5MB', 'ms'), inBaseUnits('5MB', null), inBaseUnits('much', 'kB')]).toEqual([
      null,
      null,
      null,
      null,
    ])
  })

  it('are refused where the server would refuse them', () => {
    const row = { name: 'x', unit: 'kB', vartype: 'integer', min_val: '64', max_val: '2097151', enumvals: null } as ServerSetting
    expect([settingOf('4MB', row), settingOf('32kB', row), settingOf('2GB', row), settingOf("4MB'; drop", row)]).toEqual([
      '4096',
      null,
      null,
      null,
    ])
    expect(settingOf('LZ4', { ...row, vartype: 'enum', enumvals: ['lz4'] })).toBe('lz4')
    expect([settingOf('TRUE', { ...row, vartype: 'bool' }), settingOf('maybe', { ...row, vartype: 'bool' })]).toEqual(['on', null])
  })

  it.each([
    ['16GB', 16 * GB],
    ['16', 16 * GB],
    ['1.5 GiB', 1.5 * GB],
    ['512mb', 512 * MB],
    ['lots', null],
    ['', null],
  ])('%s of RAM is %s', (text, bytes) => expect(parseRam(text)).toBe(bytes))
})
