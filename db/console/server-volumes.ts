import { eq } from 'drizzle-orm'
import { failed, ok, type Result } from '../server/problem'
import { writeAudit } from './audit'
import { consoleDb } from './client'
import type { By } from './roles'
import { server, serverVolume } from './schema'
import { present } from './servers'

/** The size of a volume as somebody typed it in, bytes. */
export interface TypedVolume {
  bytes: number
  changedBy: string
  /** ISO 8601. */
  changedAt: string
}

/** What was typed in for a server; null where nothing was. */
export async function typedVolume(serverId: string): Promise<TypedVolume | null> {
  const [row] = await consoleDb().select().from(serverVolume).where(eq(serverVolume.serverId, serverId))
  return row ? { bytes: row.bytes, changedBy: row.changedBy, changedAt: row.changedAt.toISOString() } : null
}

/** Keeps the size of a server's volume, or forgets it (null). Errors: invalid_input when there is no such server. */
export async function keepVolume(serverId: string, bytes: number | null, by: By): Promise<Result<null>> {
  return consoleDb().transaction(async (tx) => {
    const [known] = await tx.select({ id: server.id }).from(server).where(present(serverId)).for('update')
    if (!known) return failed('invalid_input', `There is no server "${serverId}"`)
    const [before] = await tx.select().from(serverVolume).where(eq(serverVolume.serverId, serverId))
    const entry = bytes === null ? null : { bytes, changedBy: by.email, changedAt: new Date() }
    if (entry)
      await tx
        .insert(serverVolume)
        .values({ serverId, ...entry })
        .onConflictDoUpdate({ target: serverVolume.serverId, set: entry })
    else await tx.delete(serverVolume).where(eq(serverVolume.serverId, serverId))
    await writeAudit(
      {
        by,
        action: bytes === null ? 'volume.forgotten' : 'volume.saved',
        serverId,
        detail: { before: before?.bytes ?? null, after: bytes },
      },
      tx,
    )
    return ok(null)
  })
}
