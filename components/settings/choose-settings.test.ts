import { describe, expect, it } from 'vitest'
import { tunedSetting } from '@/test/support/tuned-setting'
import { isTicked, isUnderChanges, searched, valueToWrite } from './choose-settings'

const own = (text: string, change = {}) => ({ text, refused: null, changes: true, difference: null, order: null, ...change })

describe('what is chosen of the settings', () => {
  it('is every recommendation but those of logging, until somebody says otherwise', () => {
    const [work, log] = [tunedSetting('work_mem'), tunedSetting('log_connections', { onlyIfChosen: true })]
    expect([isTicked(work, new Map()), isTicked(log, new Map())]).toEqual([true, false])
    const said = new Map([
      ['work_mem', false],
      ['log_connections', true],
    ])
    expect([isTicked(work, said), isTicked(log, said)]).toEqual([false, true])
    expect(isTicked(tunedSetting('jit', { changes: false }), new Map([['jit', true]]))).toBe(false)
  })

  it('is the value of one’s own where the server takes it', () => {
    const typed = tunedSetting('work_mem', { changes: false, own: own('32MB') })
    expect([valueToWrite(typed), isTicked(typed, new Map()), isUnderChanges(typed)]).toEqual(['32MB', true, true])
    const log = tunedSetting('log_connections', { onlyIfChosen: true, own: own('off') })
    expect(isTicked(log, new Map())).toBe(true)
    const refused = tunedSetting('work_mem', { own: own('much', { refused: 'much is not an amount', changes: false }) })
    expect([valueToWrite(refused), isTicked(refused, new Map([['work_mem', true]])), isUnderChanges(refused)]).toEqual([null, false, true])
    expect(valueToWrite(tunedSetting('work_mem', { own: own('4MB', { changes: false }) }))).toBeNull()
  })
})

describe('a search', () => {
  const settings = [
    tunedSetting('work_mem', { why: 'Sorts spill' }),
    tunedSetting('wal_buffers', { topic: 'Write-ahead log' }),
    tunedSetting('jit', { topic: 'Planner' }),
  ]
  it.each([
    ['', ['work_mem', 'wal_buffers', 'jit']],
    ['MEM', ['work_mem']],
    ['ahead', ['wal_buffers']],
    ['sorts mem', ['work_mem']],
    ['sorts jit', []],
  ])('for "%s" finds names, topics and reasons', (search, names) => {
    expect(searched(settings, search).map(({ name }) => name)).toEqual(names)
  })
})
