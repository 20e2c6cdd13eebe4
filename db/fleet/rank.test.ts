import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FleetServer, Standing } from './fleet-types'
import { byNeed, fits, groupClusters, pageOf, severityOf } from './rank'

const server = (name: string, part: Partial<FleetServer> = {}): FleetServer => ({
  ...{ id: name, name, database: 'd', tags: [], version: '18.4', inRecovery: false, standing: 'sampled', checked: true },
  ...{ sampledAt: null, failing: null, otherCluster: null, needs: { bad: 0, warn: 0, info: 0 }, worst: null },
  ...part,
})
const needs = (bad: number, warn = 0) => ({ needs: { bad, warn, info: 0 } })

describe('who needs somebody first', () => {
  it('puts an address that leads elsewhere before silence, silence before findings, high before many medium ones', () => {
    const all = [
      server('calm'),
      server('medium', needs(0, 9)),
      server('high', needs(1)),
      server('silent', { standing: 'unreachable' }),
      server('other', { standing: 'elsewhere' }),
    ]
    expect(all.sort(byNeed).map(({ name }) => name)).toEqual(['other', 'silent', 'high', 'medium', 'calm'])
  })

  it('calls no server fine that does not answer or has a finding of weight', () => {
    const standings = fc.constantFrom<Standing>('sampled', 'unreachable', 'elsewhere', 'stale', 'never')
    fc.assert(
      fc.property(standings, fc.nat(3), fc.nat(3), (standing, bad, warn) => {
        const calm = severityOf(server('a', { standing, ...needs(bad, warn) })) === 'none'
        expect(calm).toBe(bad === 0 && warn === 0 && standing !== 'unreachable' && standing !== 'elsewhere')
      }),
    )
  })
})

describe('what the list is narrowed to', () => {
  const one = server('Orders', { tags: ['env:prod', 'eu'], version: '17.10', ...needs(1) })
  const all = { q: '', tags: [], major: null, show: 'all' } as const
  it.each([
    [{ q: 'ord' }, true],
    [{ q: 'PROD' }, true],
    [{ q: 'billing' }, false],
    [{ tags: ['eu', 'env:prod'] }, true],
    [{ tags: ['eu', 'env:test'] }, false],
    [{ major: 17 }, true],
    [{ major: 1 }, false],
    [{ show: 'high' as const }, true],
    [{ show: 'none' as const }, false],
    [{ show: 'stale' as const }, false],
  ])('%j: %s', (ask, answer) => expect(fits(one, { ...all, ...ask })).toBe(answer))
})

describe('clusters and pages', () => {
  it('keeps what has no identifier apart, and puts the primary first', () => {
    const all = [server('b', { inRecovery: true }), server('x'), server('a'), server('y')]
    const groups = groupClusters(all, ({ name }) => (name === 'a' || name === 'b' ? '7' : ''))
    expect(groups.map((group) => group.map(({ name }) => name))).toEqual([['a', 'b'], ['x'], ['y']])
  })

  it('shows every cluster whole on exactly one page', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 40 }), fc.integer({ min: 1, max: 7 }), (sizes, size) => {
        const clusters = sizes.map((length, at) => Array.from({ length }, () => at))
        const { pages } = pageOf(clusters, 1, size)
        const shown = Array.from({ length: pages }, (_, at) => pageOf(clusters, at + 1, size).clusters).flat()
        expect(shown).toEqual(clusters)
        expect(pageOf(clusters, 99, size).page).toBe(pages)
      }),
    )
  })
})
