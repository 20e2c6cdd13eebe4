import { afterAll, beforeAll, expect, it } from 'vitest'
import { seal, unseal } from './sealing'

const before = process.env.PROCTOR_SECRET
beforeAll(() => {
  process.env.PROCTOR_SECRET = 'a secret for tests that is long enough'
})
afterAll(() => {
  process.env.PROCTOR_SECRET = before
})

const SECRET = 'pässword "with" \\ and 🐘'

it('opens what it sealed, and only for the same use', () => {
  const sealed = seal(SECRET, 'server a')
  expect(sealed).not.toContain('pässword')
  expect(unseal(sealed, 'server a')).toEqual({ ok: true, value: SECRET })
  expect(unseal(sealed, 'server b').ok).toBe(false)
})

it('never makes the same text twice', () => {
  expect(new Set(Array.from({ length: 50 }, () => seal(SECRET, 'x'))).size).toBe(50)
})

it('seals the empty password too', () => {
  expect(unseal(seal('', 'x'), 'x')).toEqual({ ok: true, value: '' })
})

it('notices every changed byte of nonce, text and tag', () => {
  const [version = '', nonce = '', sealed = ''] = seal(SECRET, 'x').split('.')
  for (const [part, text] of [nonce, sealed].entries()) {
    const bytes = Buffer.from(text, 'base64url')
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes)
      changed.writeUInt8((changed.readUInt8(at) + 1) % 256, at)
      const parts = part === 0 ? [version, changed.toString('base64url'), sealed] : [version, nonce, changed.toString('base64url')]
      expect(unseal(parts.join('.'), 'x').ok).toBe(false)
    }
  }
})

it.each(['', 'v1', 'v1..', 'v2.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAA', 'plain text'])('refuses %j', (text) => {
  expect(unseal(text, 'x').ok).toBe(false)
})

it('opens nothing under another PROCTOR_SECRET', () => {
  const sealed = seal(SECRET, 'x')
  process.env.PROCTOR_SECRET = 'another secret that is long enough too'
  const opened = unseal(sealed, 'x')
  process.env.PROCTOR_SECRET = 'a secret for tests that is long enough'
  expect(opened).toMatchObject({ ok: false, problem: { kind: 'invalid_input', message: expect.stringContaining('PROCTOR_SECRET') } })
})
