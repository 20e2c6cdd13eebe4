/** Set by bin/web.ts from the connection itself, whatever the client wrote there. */
export const ADDRESS_HEADER = 'x-proctor-address'

/** Where a request came from: the peer's address, of a proxy where there is one; null when it is not known. */
export const clientAddress = (headers: Headers): string | null => headers.get(ADDRESS_HEADER)
