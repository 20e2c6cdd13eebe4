import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { type MovedAddress, moveableAddress } from '../../test/support/moved-address'
import { testServerUrl } from '../../test/support/test-database'
import { countersSample } from '../databases/reads/counters-sample'
import { serverFacts } from './facts'
import { closePools } from './pool'
import { forgetReads, runRead } from './run-read'
import type { Target } from './target'

let address: MovedAddress
let target: Target
const ports = { old: 0, new: 0 }
beforeAll(async () => {
  const [from, to] = [new URL(await testServerUrl(14)), new URL(await testServerUrl(18))]
  Object.assign(ports, { old: Number(from.port), new: Number(to.port) })
  address = await moveableAddress(ports.old)
  target = { serverId: 'upgraded', host: '127.0.0.1', port: address.port, user: 'postgres', password: from.password, database: 'postgres' }
})
afterAll(async () => {
  await closePools(target.serverId)
  await address.close()
})

afterEach(() => vi.restoreAllMocks())

it('a read serves at once after the major at an address has changed, either way', async () => {
  for (const [port, major] of [
    [ports.old, 14],
    [ports.new, 18],
    [ports.old, 14],
  ] as const) {
    address.leadTo(port, { cut: true })
    await closePools(target.serverId)
    forgetReads()
    expect([major, await runRead(target, countersSample, {})]).toMatchObject([major, { ok: true }])
    expect(await serverFacts(target)).toMatchObject({ ok: true, value: { major } })
  }
})

it('what is known of a server grows old by a clock that nobody sets', async () => {
  const first = await serverFacts(target)
  vi.spyOn(Date, 'now').mockReturnValue(Date.now() - 7_200_000)
  expect(await serverFacts(target)).toBe(first)
  vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 11_000)
  expect(await serverFacts(target)).not.toBe(first)
})
