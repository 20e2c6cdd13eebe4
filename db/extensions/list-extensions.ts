import type { Row } from '../server/define-read'
import { ok, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { extensions } from './reads/extensions'

type Known = Row<typeof extensions>

/** One that the database has. */
export interface InstalledExtension {
  extname: string
  installed: string
  /** What the files on the server bring; null: they are gone, so whatever loads them fails. */
  default_version: string | null
  schemaname: string
  owner: string
  relocatable: boolean
  comment: string | null
  /** The files bring another version; whether a script leads there is said by the plan of the update. */
  differs: boolean
}

export interface ExtensionList {
  /** Those that want an update or lack their files first, then by name. */
  installed: InstalledExtension[]
  /** Only on the server's disk, by name. */
  available: { extname: string; default_version: string; comment: string | null }[]
}

const isInstalled = (row: Known): row is Known & Omit<InstalledExtension, 'differs'> =>
  row.installed !== null && row.schemaname !== null && row.owner !== null && row.relocatable !== null

/** Extensions of a database and of the files beside its server. Errors: as the read. */
export async function listExtensions(target: Target): Promise<Result<ExtensionList>> {
  const read = await runRead(target, extensions, {})
  if (!read.ok) return read
  const installed = read.value.filter(isInstalled).map((row) => ({ ...row, differs: row.default_version !== row.installed }))
  return ok({
    installed: installed.sort((a, b) => Number(b.differs) - Number(a.differs)),
    available: read.value.flatMap(({ installed: has, extname, default_version, comment }) =>
      has === null && default_version !== null ? [{ extname, default_version, comment }] : [],
    ),
  })
}
