import { eq } from 'drizzle-orm'
import { type Profile, profileSchema } from '../domain/server-profile'
import { failed, ok, type Result } from '../server/problem'
import { writeAudit } from './audit'
import { consoleDb } from './client'
import type { By } from './roles'
import { server, serverProfile } from './schema'
import { present } from './servers'

/** The machine of a server and what is asked of it, as somebody saved it for everybody. */
export interface SavedProfile {
  profile: Profile
  changedBy: string
  /** ISO 8601. */
  changedAt: string
}

/** What was saved for a server; null where nobody did, or what was saved is out of today's bounds. */
export async function savedProfile(serverId: string): Promise<SavedProfile | null> {
  const [row] = await consoleDb().select().from(serverProfile).where(eq(serverProfile.serverId, serverId))
  const read = profileSchema.safeParse(row?.profile)
  return row && read.success ? { profile: read.data, changedBy: row.changedBy, changedAt: row.changedAt.toISOString() } : null
}

/** Saves a profile for everybody, or forgets the saved one (null). Errors: invalid_input when there is no such server. */
export async function saveProfile(serverId: string, profile: Profile | null, by: By): Promise<Result<null>> {
  return consoleDb().transaction(async (tx) => {
    const [known] = await tx.select({ id: server.id }).from(server).where(present(serverId)).for('update')
    if (!known) return failed('invalid_input', `There is no server "${serverId}"`)
    const [before] = await tx.select().from(serverProfile).where(eq(serverProfile.serverId, serverId))
    const entry = profile && { profile, changedBy: by.email, changedAt: new Date() }
    if (entry)
      await tx
        .insert(serverProfile)
        .values({ serverId, ...entry })
        .onConflictDoUpdate({ target: serverProfile.serverId, set: entry })
    else await tx.delete(serverProfile).where(eq(serverProfile.serverId, serverId))
    const detail = { before: before?.profile ?? null, after: profile }
    await writeAudit({ by, action: profile ? 'profile.saved' : 'profile.forgotten', serverId, detail }, tx)
    return ok(null)
  })
}
