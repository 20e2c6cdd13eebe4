import { BlockList, isIP, isIPv4 } from 'node:net'
import { z } from 'zod'

/** Addresses are compared as IPv4 where they are such; `::ffff:192.0.2.1` is how a socket for both families says 192.0.2.1. */
const MAPPED = /^(?:0*:)*:?ffff:(\d+\.\d+\.\d+\.\d+)$/i

const family = (address: string): 'ipv4' | 'ipv6' => (isIPv4(address) ? 'ipv4' : 'ipv6')

/** One spelling for each address, without the zone of a link-local one; undefined for what is no address. */
function plainAddress(text: string): string | undefined {
  const address = text.trim().replace(/%[^\]]*$/, '')
  const mapped = MAPPED.exec(address)?.[1] ?? address
  return isIP(mapped) ? mapped : undefined
}

/** As plainAddress, for an entry of X-Forwarded-For, where some proxies write the port too. */
function forwardedAddress(entry: string): string | undefined {
  const text = entry.trim()
  const [, inner] = /^\[([^\]]+)\](?::\d+)?$/.exec(text) ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(text) ?? []
  return plainAddress(inner ?? text)
}

function networkOf(text: string): { address: string; bits: number } | undefined {
  const [given = '', prefix, ...rest] = text.split('/')
  const address = plainAddress(given)
  if (!address || rest.length > 0 || given.includes('%')) return undefined
  const most = isIPv4(address) ? 32 : 128
  const bits = prefix === undefined ? most : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1
  return bits >= 0 && bits <= most ? { address, bits } : undefined
}

const words = (text: string): string[] => text.split(/[\s,]+/).filter((word) => word !== '')

/** The setting, by itself: addresses and networks of proxies whose X-Forwarded-For is believed. */
export const PROXIES_SHAPE = {
  PROCTOR_TRUSTED_PROXIES: z
    .string()
    .refine(
      (text) => words(text).every((word) => networkOf(word) !== undefined),
      'must be addresses or networks such as 127.0.0.1,10.0.0.0/8,fd00::/8',
    )
    .optional(),
}

/** The proxies that a setting names; none without it. Expects a setting that bin/settings.ts has let through. */
export function trustedProxies(setting: string | undefined): BlockList {
  const list = new BlockList()
  for (const network of words(setting ?? '').map(networkOf)) {
    if (network) list.addSubnet(network.address, network.bits, family(network.address))
  }
  return list
}

/**
 * Where a request came from. `peer` is the other end of the connection and always true; what stands in X-Forwarded-For is
 * believed from the right, as long as it was a trusted proxy that wrote it: each appends the address that it was asked from, and
 * what is further left may be written by anybody. An entry that is no address ends the walk at the proxy that handed it on.
 */
export function addressBehind(peer: string | undefined, forwarded: string | undefined, trusted: BlockList): string | undefined {
  let address = plainAddress(peer ?? '')
  const entries = forwarded?.split(',') ?? []
  while (address && trusted.check(address, family(address))) {
    const entry = entries.pop()
    const before = entry === undefined ? undefined : forwardedAddress(entry)
    if (before === undefined) break
    address = before
  }
  return address
}

/** What limits count as one peer: an IPv4 address, or the /64 network that one IPv6 customer has (RFC 6177). */
export function peerOf(address: string | null): string {
  if (!address || isIP(address) !== 6) return address ?? 'unknown'
  const [left = '', right] = address.toLowerCase().split('::')
  const head = left.split(':').filter((group) => group !== '')
  const tail = right?.split(':').filter((group) => group !== '') ?? []
  const missing = right === undefined ? 0 : Math.max(0, 8 - head.length - tail.length)
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...tail]
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`
}
