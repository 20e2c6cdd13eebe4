import { type Place, targetOf } from '@/app/place'
import type { GrownTable, StorageAnswer } from '@/components/storage/storage-answers'
import { typedVolume } from '@/db/console/server-volumes'
import { forecast } from '@/db/domain/forecast'
import { historyBegin, toldRange } from '@/db/history/begin'
import { dailySizes } from '@/db/history/storage'
import { tableGrowth } from '@/db/history/tables'
import { volumeOf } from '@/db/server/local-disk'
import { ok, type Result } from '@/db/server/problem'
import { runRead } from '@/db/server/run-read'
import type { Target } from '@/db/server/target'
import { storageDatabases } from '@/db/storage/reads/storage-databases'
import { dataPlace, storageFiles } from '@/db/storage/reads/storage-files'
import { tablespaces } from '@/db/storage/reads/tablespaces'
import { walCauses } from '@/db/storage/reads/wal-causes'
import { type StorageMap, type StoragePlace, storageMap } from '@/db/storage/storage-map'
import { tableSizes } from '@/db/tables/reads/table-sizes'

const DAY_MS = 86_400_000
const back = (days: number) => ({ from: new Date(Date.now() - days * DAY_MS), to: new Date() })
const GROWTH_DAYS = 30
const FORECAST_DAYS = 90
const MOST_GROWERS = 12

/** What takes the space of a server, how that grew, and when the volume is full. Errors: as the list of databases. */
export async function readStorage({ server, database }: Place): Promise<Result<StorageAnswer>> {
  const target = await targetOf({ server, database })
  if (!target.ok) return target
  const begin = await historyBegin(server)
  const growth = toldRange(back(GROWTH_DAYS), begin).range
  const [databases, files, spaces, wal, volume, typed, days, growers] = await Promise.all([
    runRead(target.value, storageDatabases, {}),
    runRead(target.value, storageFiles, {}),
    runRead(target.value, tablespaces, {}),
    runRead(target.value, walCauses, {}),
    localVolume(target.value),
    typedVolume(server),
    dailySizes(server, toldRange(back(FORECAST_DAYS), begin).range),
    readGrowers(target.value, { server, database }, growth),
  ])
  if (!databases.ok) return databases
  return ok({ databases: databases.value, files, tablespaces: spaces, wal, volume, typed, days, forecast: forecast(days), growers, begin })
}

/** By the file system, where the data directory is on this machine. */
async function localVolume(target: Target): Promise<StorageAnswer['volume']> {
  const read = await runRead(target, dataPlace, {})
  const [place] = read.ok ? read.value : []
  if (!place?.directory) return null
  return volumeOf({ dataDirectory: place.directory, postmasterStart: place.started })
}

/** The tables of this database that grew most, with their present names; those that are gone are left out. */
async function readGrowers(target: Target, { server, database }: Place, range: { from: Date; to: Date }): Promise<Result<GrownTable[]>> {
  const now = await runRead(target, tableSizes, {})
  if (!now.ok) return now
  const names = new Map(now.value.map((row) => [row.relid, row]))
  const grown = await tableGrowth(server, database, range, 4 * MOST_GROWERS)
  const told = grown.flatMap(({ relid, first, firstAt }) => {
    const row = names.get(relid)
    if (!row) return []
    const bytes = row.heap_bytes + row.toast_bytes + row.index_bytes
    return bytes > first ? [{ relid, schemaname: row.schemaname, relname: row.relname, bytes, added: bytes - first, since: firstAt }] : []
  })
  return ok(told.sort((a, b) => b.added - a.added).slice(0, MOST_GROWERS))
}

/** One level of the map. */
export async function readStorageMap(place: Place, at: StoragePlace): Promise<Result<StorageMap>> {
  const target = await targetOf(place)
  return target.ok ? storageMap(target.value, at) : target
}
