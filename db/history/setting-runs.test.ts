import { describe, expect, it } from 'vitest'
import { runBehind, runThatWrote, type SettingRun } from './setting-runs'

const run = (id: string, at: number, set: SettingRun['set'], reset: string[] = []): SettingRun => ({
  id,
  by: 'ada@example.org',
  startedAt: at,
  endedAt: at + 5,
  set,
  reset,
})
const seen = (change: object = {}) => ({ name: 'work_mem', new: '16384', unit: 'kB', after: 100, at: 200, restarted: false, ...change })

describe('the run behind a change that sampling saw', () => {
  it('named the setting, gave it that value, and was at work between the two looks', () => {
    expect(runBehind(seen(), [run('7', 150, { work_mem: '16MB' })])?.id).toBe('7')
    expect(runBehind(seen(), [run('8', 98, { work_mem: '16MB' })])?.id).toBe('8') // ended after the first look
  })

  it.each([
    ['another setting', [run('1', 150, { jit: 'off' })]],
    ['another value', [run('1', 150, { work_mem: '32MB' })]],
    ['an earlier run', [run('1', 50, { work_mem: '16MB' })]],
    ['a later run', [run('1', 250, { work_mem: '16MB' })]],
    ['a newer run with another value', [run('2', 160, { work_mem: '8MB' }), run('1', 150, { work_mem: '16MB' })]],
  ])('is none for %s', (_, runs) => expect(runBehind(seen(), runs)).toBeUndefined())

  it('may be long over where the server was restarted between the looks', () => {
    const change = seen({ name: 'shared_buffers', new: '16384', unit: '8kB', restarted: true })
    expect(runBehind(change, [run('3', 10, { shared_buffers: '128MB' })])?.id).toBe('3')
    expect(runBehind(change, [run('3', 10, { shared_buffers: '256MB' })])).toBeUndefined()
  })

  it('is one that reset it, whatever it went back to, and may have set a text', () => {
    expect(runBehind(seen(), [run('4', 150, {}, ['work_mem'])])?.id).toBe('4')
    expect(runBehind(seen({ name: 'jit', new: 'off', unit: null }), [run('5', 150, { jit: 'off' })])?.id).toBe('5')
    expect(runBehind(seen({ name: 'jit', new: null, unit: null }), [run('5', 150, { jit: 'off' })])).toBeUndefined()
  })
})

describe('the run that wrote what holds', () => {
  it('is the newest that names the setting, where its value is there still', () => {
    const runs = [run('9', 300, { jit: 'off' }), run('7', 100, { work_mem: '16MB', jit: 'on' })]
    expect(runThatWrote('work_mem', '16MB', runs)?.id).toBe('7')
    expect(runThatWrote('work_mem', '17MB', runs)).toBeUndefined()
    expect(runThatWrote('jit', 'on', runs)).toBeUndefined()
    expect(runThatWrote('jit', 'off', runs)?.id).toBe('9')
  })
})
