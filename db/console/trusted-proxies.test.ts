import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { addressBehind, PROXIES_SHAPE, peerOf, trustedProxies } from './trusted-proxies'

const OURS = trustedProxies('127.0.0.1, 10.0.0.0/8 fd00::/8,::1')

describe('addressBehind', () => {
  it.each([
    // peer, X-Forwarded-For, whom it is from
    ['203.0.113.9', '198.51.100.1', '203.0.113.9'], // no proxy of ours: whatever it says is its own word
    ['127.0.0.1', undefined, '127.0.0.1'],
    ['127.0.0.1', '', '127.0.0.1'],
    ['127.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['::ffff:127.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['127.0.0.1', '192.0.2.66, 198.51.100.1', '198.51.100.1'], // what the visitor wrote stands on the left
    ['127.0.0.1', '192.0.2.66, 198.51.100.1, 10.1.2.3', '198.51.100.1'],
    ['127.0.0.1', '10.9.9.9, 10.1.2.3', '10.9.9.9'], // all of them ours: the first there is
    ['127.0.0.1', '198.51.100.1, unknown', '127.0.0.1'],
    ['127.0.0.1', '198.51.100.1, _hidden, 10.1.2.3', '10.1.2.3'],
    ['127.0.0.1', 'evil", "x, 10.1.2.3', '10.1.2.3'],
    ['127.0.0.1', '198.51.100.1:55123', '198.51.100.1'],
    ['127.0.0.1', '[2001:db8::7]:443', '2001:db8::7'],
    ['127.0.0.1', '2001:db8::7', '2001:db8::7'],
    ['127.0.0.1', '::ffff:198.51.100.1', '198.51.100.1'],
    ['fd12::1', '198.51.100.1', '198.51.100.1'],
    ['fe80::1%eth0', '198.51.100.1', 'fe80::1'],
    ['127.0.0.1', '198.51.100.1\n', '198.51.100.1'],
    ['127.0.0.1', '127.1', '127.0.0.1'], // an address to inet_aton alone
    ['127.0.0.1', '0x7f.1.1.1', '127.0.0.1'],
    [undefined, '198.51.100.1', undefined],
  ])('%s with %j is from %s', (peer, forwarded, expected) => {
    expect(addressBehind(peer, forwarded, OURS)).toBe(expected)
  })

  it('believes nobody without the setting', () => {
    for (const setting of [undefined, '', ' , ']) {
      expect(addressBehind('127.0.0.1', '198.51.100.1', trustedProxies(setting))).toBe('127.0.0.1')
    }
  })

  it('is moved by nothing that a visitor writes before what the proxy appends', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.ipV4(), (written, visitor) => {
        fc.pre(!OURS.check(visitor))
        expect(addressBehind('127.0.0.1', `${written}, ${visitor}`, OURS)).toBe(visitor)
        expect(addressBehind(visitor, written, OURS)).toBe(visitor)
      }),
    )
  })
})

describe('PROCTOR_TRUSTED_PROXIES', () => {
  const shape = z.object(PROXIES_SHAPE)
  it.each(['127.0.0.1', '10.0.0.0/8,fd00::/8', '::1 192.0.2.1/32', '0.0.0.0/0'])('takes %s', (setting) => {
    expect(shape.safeParse({ PROCTOR_TRUSTED_PROXIES: setting }).success).toBe(true)
  })
  it.each(['loopback', '10.0.0.0/33', '::/129', '10.0.0.0/-1', '10.0.0.0/8/8', '10.0.0/8', 'true', '*', '10.0.0.1-10.0.0.9', '10.0.0.0/'])(
    'refuses %s',
    (setting) => {
      expect(shape.safeParse({ PROCTOR_TRUSTED_PROXIES: setting }).success).toBe(false)
    },
  )
})

it.each([
  ['192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:0001:2::6', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['2001:db8:1:2:3:4:5::', '2001:db8:1:2::/64'],
  [null, 'unknown'],
])('counts %s as the peer %s', (address, peer) => {
  expect(peerOf(address)).toBe(peer)
})
