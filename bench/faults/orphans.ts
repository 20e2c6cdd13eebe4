import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Server } from './server'

/** A file of a relation that no catalog names. */
export interface Orphan {
  /** Its number, as the name of its file begins. */
  file: string
  bytes: number
}

/** As a relation's files begin: number, fork, segment. Temporary ones (t3_16384) the server removes itself. */
const RELATION = /^(\d+)(_(fsm|vm|init))?(\.\d+)?$/

/** Looks into the folder of a database, and of each of its tablespaces, past the server. */
export async function orphanFiles(server: Server, database: string): Promise<Orphan[]> {
  await server.query(database, 'checkpoint') // what was dropped keeps an empty file until then
  const [row] = await server.query<{ datid: number; named: string[] }>(
    database,
    `select (select oid::int from pg_database where datname = current_database()) as datid,
            array(select pg_relation_filenode(oid)::text from pg_class where pg_relation_filenode(oid) is not null) as named`,
  )
  if (!row) return []
  const named = new Set(row.named)
  const found = new Map<string, number>()
  for (const folder of await foldersOf(server, row.datid)) {
    for (const name of await readdir(folder).catch(() => [])) {
      const number = RELATION.exec(name)?.[1]
      const bytes = number === undefined ? 0 : ((await stat(path.join(folder, name)).catch(() => null))?.size ?? 0)
      if (number !== undefined && !named.has(number) && bytes > 0) found.set(number, (found.get(number) ?? 0) + bytes)
    }
  }
  return [...found].map(([file, bytes]) => ({ file, bytes }))
}

async function foldersOf({ dataDir }: Server, datid: number): Promise<string[]> {
  const spaces = path.join(dataDir, 'pg_tblspc')
  const folders = [path.join(dataDir, 'base', String(datid))]
  for (const space of await readdir(spaces).catch(() => []))
    for (const version of await readdir(path.join(spaces, space)).catch(() => []))
      folders.push(path.join(spaces, space, version, String(datid)))
  return folders
}
