/** The cookie that holds the place; it opens nothing, as each page asks for itself who may see it. */
export const PLACE_COOKIE = 'proctor-place'

interface ChosenPlace {
  server: string
  database: string
}

/** Both names as they stand in an address. */
export const placeText = ({ server, database }: ChosenPlace): string => `${encodeURIComponent(server)}/${encodeURIComponent(database)}`

/** The place of a cookie; undefined for anything that is none, and for a server that is not there. */
export function placeFrom(text: string | undefined, servers: readonly { id: string }[]): ChosenPlace | undefined {
  const [server, database, ...more] = (text ?? '').split('/').map(decoded)
  const known = servers.some(({ id }) => id === server)
  return server && database && more.length === 0 && known ? { server, database } : undefined
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}
