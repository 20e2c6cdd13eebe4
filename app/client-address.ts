/** Set by bin/web.ts from the connection and what trusted proxies say, whatever the client wrote there. */
export const ADDRESS_HEADER = 'x-proctor-address'

/**
 * Where a request came from, for limits, sessions and the audit alike: the peer's address, which is a proxy's unless
 * PROCTOR_TRUSTED_PROXIES names it; null when it is not known.
 */
export const clientAddress = (headers: Headers): string | null => headers.get(ADDRESS_HEADER)
