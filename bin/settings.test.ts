import { describe, expect, it } from 'vitest'
import { readSettings } from './settings'

describe('settings', () => {
  it('has defaults for everything, and an empty variable is not set', () => {
    expect(readSettings({ PORT: '', DATABASE_URL: '' })).toEqual({
      PORT: 3000,
      HOST: '127.0.0.1',
      PROCTOR_SAMPLE: 'on',
      PROCTOR_SAMPLE_SCALE: 1,
    })
  })

  it.each([
    [{ PORT: 'web' }, 'PORT: must be a port number'],
    [{ PORT: '70000' }, /^PORT: /],
    [{ DATABASE_URL: 'mysql://x' }, /^DATABASE_URL: must be an address such as postgresql:/],
    [{ PROCTOR_SAMPLE: 'no' }, 'PROCTOR_SAMPLE: must be on or off'],
    [{ PROCTOR_SECRET: 'short' }, 'PROCTOR_SECRET: must have at least 32 characters'],
  ])('names what is wrong in %j', (environment, message) => {
    expect(() => readSettings(environment)).toThrow(message)
  })

  it('names every wrong variable at once', () => {
    expect(() => readSettings({ PORT: 'x', PROCTOR_SAMPLE: 'x' })).toThrow(/PORT: .*\n.*PROCTOR_SAMPLE: /)
  })
})
