/** Stands in for the console's own origin, which a path is resolved against; no name can end so (RFC 2606). */
const HERE = 'http://console.invalid'

/** No page of the console has a longer address. */
const LONGEST = 2_000

/**
 * A page of this console to go on to, from an address that anybody may have written (`next=` of a link): path, query and
 * fragment as the URL standard reads them. Whatever leads elsewhere, or would once it is resolved a second time, as `/.//host`
 * does, becomes the first page.
 */
export function ownPath(next: unknown): string {
  if (typeof next !== 'string' || next.length > LONGEST) return '/'
  const path = resolved(next)
  // What is handed on is resolved again, by the browser: only what stays as it is leads where it says.
  return path !== undefined && resolved(path) === path ? path : '/'
}

function resolved(address: string): string | undefined {
  if (!URL.canParse(address, HERE)) return undefined
  const { origin, username, password, pathname, search, hash } = new URL(address, HERE)
  return origin === HERE && username === '' && password === '' ? `${pathname}${search}${hash}` : undefined
}
