import { describe, expect, it } from 'vitest'
import { statementNotices } from './statements-seen'

const fine = {
  loaded: true,
  extversion: '1.12',
  default_version: '1.12',
  track: 'top',
  track_utility: true,
  track_planning: false,
  max: 5000,
  save: true,
  track_io_timing: true,
  compute_query_id: 'auto',
  track_activity_query_size: 1024,
  block_size: 8192,
  shared_preload_libraries: '',
  sees_all: true,
  major: 18,
  inherits: true,
  dormant: [],
  role: 'Proctor',
}
const WHOLE = { evictions: { times: 0, seconds: 3600 }, hidden: 0 }
const kinds = (change: Partial<typeof fine> | Record<string, unknown>, seen = WHOLE) =>
  statementNotices({ ...fine, ...change } as typeof fine, seen).map(({ kind }) => kind)

describe('what keeps statements from being seen', () => {
  it('is nothing on a server that is set up', () => expect(kinds({})).toEqual([]))

  it.each([
    [{ default_version: null, extversion: null, loaded: false }, ['not-there']],
    [{ loaded: false }, ['not-preloaded']],
    [{ loaded: false, extversion: null }, ['not-preloaded', 'no-extension']],
    [{ extversion: null }, ['no-extension']],
    [{ track: 'none', compute_query_id: 'off' }, ['track-none', 'no-query-id']],
    [{ sees_all: false }, ['no-privilege']],
    [{ extversion: '1.9' }, ['old-extension']],
    [{ extversion: '1.9', track: 'all' }, ['old-extension']],
    [{ extversion: '1.8', track: 'all' }, ['nested-untold', 'old-extension']],
    [{ track_io_timing: false, save: false }, ['no-io-timing', 'not-saved']],
  ])('is told: %o', (change, expected) => expect(kinds(change)).toEqual(expected))

  it('comes with the statement that fixes it, quoted as PostgreSQL wants it', () => {
    const fixOf = (change: Record<string, unknown>) => statementNotices({ ...fine, ...change } as typeof fine, WHOLE)[0]?.fix
    expect(fixOf({ loaded: false, shared_preload_libraries: 'auto_explain, "my lib"' })).toContain(
      `shared_preload_libraries = 'auto_explain', 'my lib', 'pg_stat_statements';`,
    )
    expect(fixOf({ loaded: false, shared_preload_libraries: null })).not.toContain('ALTER SYSTEM')
    expect(fixOf({ sees_all: false })).toBe('GRANT pg_read_all_stats TO "Proctor";')
  })

  it('counts what was thrown out, and who is hidden', () => {
    const [evicting] = statementNotices(fine, { evictions: { times: 3, seconds: 7200 }, hidden: 0 })
    expect(evicting).toMatchObject({
      kind: 'evicting',
      text: expect.stringContaining('3 times within 2 h'),
      fix: expect.stringContaining('max = 10000'),
    })
    const [hidden] = statementNotices({ ...fine, sees_all: false }, { evictions: null, hidden: 12 })
    expect(hidden?.text).toContain('12 statements of others')
  })
})
