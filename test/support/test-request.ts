/** In tests Next.js itself is not running: vitest.config.ts puts this in the place of next/headers and next/cache. */

let sent = new Headers()
const kept = new Map<string, string>()

export const headers = async (): Promise<Headers> => sent

export const cookies = async () => ({
  set: (name: string, value: string) => void kept.set(name, value),
  toString: () => sent.get('cookie') ?? '',
})

export const revalidatePath = (): void => undefined

/** What follows belongs to a request with these headers; its browser has kept no cookie yet. */
export function requestWith(given: Record<string, string>): void {
  sent = new Headers(given)
  kept.clear()
}

/** The cookies that went to the browser, as it sends them back. */
export const keptCookies = (): string => [...kept].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('; ')
