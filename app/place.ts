import { serverTarget } from '@/db/console/servers'
import { forgetBeforeLastRun } from '@/db/runs/run-ends'
import { failed, type Result } from '@/db/server/problem'
import type { Target } from '@/db/server/target'

/** The server and the database that an address names; segments of an address come encoded. */
export interface Place {
  server: string
  database: string
}

export async function placeOf(params: Promise<Place>): Promise<Place> {
  const { server, database } = await params
  return { server: decoded(server), database: decoded(database) }
}

function decoded(segment: string): string {
  // A stray % is no encoding: then the segment is the name.
  return /%(?![0-9a-f]{2})/i.test(segment) ? segment : decodeURIComponent(segment)
}

/** How the place is reached, for reads that are no older than its last run. Errors: invalid_input when there is no such server, or a name that no database can have. */
export async function targetOf({ server, database }: Place): Promise<Result<Target>> {
  // datname is of type name: one to 63 bytes, without NUL (manual, 8.3).
  if (database === '' || database.includes('\0') || Buffer.byteLength(database) > 63)
    return failed('invalid_input', 'No database can have this name')
  await forgetBeforeLastRun(server)
  return serverTarget(server, database)
}
