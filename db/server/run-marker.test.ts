import { expect, it } from 'vitest'
import { formerMarker, isOthersRun, runMarker } from './run-marker'

const [ours, theirs] = ['0123456789ab', 'ba9876543210']

it('fits into an application_name, whatever the number of the run', () => {
  expect(Buffer.byteLength(runMarker('9223372036854775807', ours))).toBeLessThan(64)
})

it.each([
  [runMarker('42', theirs), ours, true],
  [runMarker('42', ours), ours, false],
  [runMarker('42', ours), undefined, false],
  [formerMarker('42'), ours, false],
  ['proctor', ours, false],
  [`proctor run 42 of ${theirs} or so`, ours, false],
  [`proctor run x of ${theirs}`, ours, false],
  [null, ours, false],
])('%j asked by %s: of another console is %s', (name, own, is) => {
  expect(isOthersRun(name, own)).toBe(is)
})
