import { serverTarget } from '@/db/console/servers'
import { readGuide } from '@/db/guide/find-guide'
import type { Place } from './place'

/** How long an answer serves: a schema that has just got the guide's tables has its entry within a minute. */
const KEEP_MS = 60_000

const known = new Map<string, { at: number; here: Promise<boolean> }>()

/**
 * Whether a database holds the tables of the LMS guide: one look at the index on names a minute, however many pages are opened. Its
 * answer is streamed after the page, which never waits for it. Where the server does not answer, false until it does.
 */
export function guideHere(place: Place): Promise<boolean> {
  const key = JSON.stringify([place.server, place.database])
  const now = performance.now()
  const found = known.get(key)
  if (found && now - found.at < KEEP_MS) return found.here
  const here = look(place, () => known.delete(key))
  known.set(key, { at: now, here })
  setTimeout(() => known.get(key)?.here === here && known.delete(key), KEEP_MS).unref()
  return here
}

async function look({ server, database }: Place, forget: () => void): Promise<boolean> {
  const target = await serverTarget(server, database)
  const guide = target.ok ? await readGuide(target.value) : target
  if (!guide.ok) forget()
  return guide.ok && guide.value !== null
}
