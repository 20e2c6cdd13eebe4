import { setTimeout as sleep } from 'node:timers/promises'
import type { House } from './users-sessions'

export interface Visit {
  page: string
  ms: number
  error?: string
}

/** How long somebody looks at a page, in ms. */
export interface Looking {
  least: number
  most: number
}

interface Page {
  path: (house: House) => string | undefined
  /** What the open page asks for again, and how often; left out where that is longer than anybody looks. */
  live?: { path: (house: House) => string; everyMs: number }
}

const PLACE = '/sample/db/lms'

const PAGES: Record<string, Page> = {
  fleet: { path: () => '/' },
  overview: { path: () => `${PLACE}/overview` },
  activity: {
    path: () => `${PLACE}/sessions`,
    live: { path: () => '/api/live/activity?server=sample&database=lms', everyMs: 2_000 },
  },
  queries: { path: () => `${PLACE}/statements` },
  configuration: { path: () => `${PLACE}/settings` },
  indexes: { path: () => `${PLACE}/indexes` },
  'bloated indexes, by size': { path: () => `${PLACE}/indexes?verdict=bloated&sort=size` },
  tables: { path: () => `${PLACE}/tables` },
  maintenance: { path: () => `${PLACE}/maintenance` },
  runs: { path: () => '/runs' },
  run: {
    path: ({ run }) => run && `/runs/${run}`,
    live: { path: ({ run }) => `/api/live/run?id=${run}`, everyMs: 1_000 },
  },
  audit: { path: () => '/audit' },
  servers: { path: () => '/servers' },
  account: { path: () => '/account' },
}
const NAMES = Object.keys(PAGES)

/** A place in the list of pages that looks like chance, and is the same in every run of the bench. */
const chance = (seed: number): number => {
  const x = Math.sin(seed * 12.9898) * 43_758.5453
  return x - Math.floor(x)
}

/** Opens one page, looks at it for a while, and meanwhile refreshes it as the browser does. */
export async function visit(house: House, cookie: string, seed: number, looking: Looking): Promise<Visit[]> {
  const name = NAMES[Math.floor(chance(seed) * NAMES.length)] ?? 'fleet'
  const page = PAGES[name]
  const path = page?.path(house)
  if (!page || !path) return []
  const visits = [await ask(house, cookie, name, path)]
  const until = Date.now() + looking.least + chance(seed + 0.5) * (looking.most - looking.least)
  const { live } = page
  while (live && Date.now() + live.everyMs < until) {
    await sleep(live.everyMs)
    visits.push(await ask(house, cookie, `${name}, refreshed`, live.path(house)))
  }
  await sleep(Math.max(0, until - Date.now()))
  return visits
}

async function ask({ origin }: House, cookie: string, page: string, path: string): Promise<Visit> {
  const started = performance.now()
  try {
    const answer = await fetch(origin + path, { headers: { cookie }, redirect: 'manual', signal: AbortSignal.timeout(30_000) })
    const text = await answer.text()
    const ms = performance.now() - started
    return { page, ms, error: wrong(answer, text) }
  } catch (error) {
    return { page, ms: performance.now() - started, error: String(error) }
  }
}

function wrong({ status, headers }: Response, text: string): string | undefined {
  if (status !== 200) return `status ${status}`
  if (headers.get('content-type')?.includes('json')) return text.startsWith('{"ok":true') ? undefined : text.slice(0, 200)
  return /<\/html>/.test(text) && !/Something went wrong|NEXT_REDIRECT/.test(text) ? undefined : 'not the whole page'
}
