import { afterEach, expect, it } from 'vitest'
import { isHttps, isOwnOrigin, onlyThisMachine } from './request-origin'

const before = { ...process.env }
afterEach(() => {
  process.env = { ...before }
})

const own = (headers: Record<string, string>) => isOwnOrigin(new Headers(headers))

it('takes any name of this machine, the same one in both headers, while it is meant for no other', () => {
  delete process.env.PROCTOR_ORIGIN
  expect(own({ host: '127.0.0.1:3000', origin: 'http://127.0.0.1:3000' })).toBe(true)
  expect(own({ host: 'localhost:3000', origin: 'http://localhost:3000' })).toBe(true)
  expect(own({ host: '[::1]:3000', origin: 'http://[::1]:3000' })).toBe(true)
  expect(own({ host: '127.0.0.1:3000', origin: 'http://127.0.0.1:4000' })).toBe(false)
  expect(own({ host: '127.0.0.1:3000', origin: 'http://evil.example' })).toBe(false)
  expect(own({ host: '127.0.0.1:3000', origin: 'null' })).toBe(false)
  expect(own({ host: 'evil.example:3000', origin: 'http://evil.example:3000' })).toBe(false) // DNS rebinding
  expect(own({ origin: 'http://127.0.0.1:3000' })).toBe(false)
})

it('takes its own address only, when it has one', () => {
  process.env.PROCTOR_ORIGIN = 'https://proctor.example.org'
  expect(own({ host: '127.0.0.1:3000', origin: 'https://proctor.example.org' })).toBe(true)
  expect(own({ host: 'proctor.example.org', origin: 'http://proctor.example.org' })).toBe(false)
  expect(own({ host: '127.0.0.1:3000', origin: 'http://127.0.0.1:3000' })).toBe(false)
  expect(isHttps()).toBe(true)
})

it('lets a client without Origin pass only without cookies', () => {
  expect(own({ host: '127.0.0.1:3000' })).toBe(true)
  expect(own({ host: '127.0.0.1:3000', cookie: 'proctor.session_token=x' })).toBe(false)
})

it.each([
  [{}, '127.0.0.1:3000', true],
  [{}, 'evil.example:3000', false],
  [{}, null, false],
  [{ HOST: '::1', PROCTOR_ORIGIN: 'http://[::1]:3000' }, '[::1]:3000', true],
  [{ HOST: '0.0.0.0' }, '127.0.0.1:3000', false],
  [{ HOST: '192.0.2.1' }, '127.0.0.1:3000', false],
  [{ PROCTOR_ORIGIN: 'https://proctor.example.org' }, '127.0.0.1:3000', false], // a proxy hands on what others ask
])('with %j and Host %s, only this machine can ask: %s', (settings, host, expected) => {
  delete process.env.HOST
  delete process.env.PROCTOR_ORIGIN
  Object.assign(process.env, settings)
  expect(onlyThisMachine(host)).toBe(expected)
})
