import { type Place, targetOf } from '@/app/place'
import type { StorageAnswer } from '@/components/storage/storage-answers'
import { typedVolume } from '@/db/console/server-volumes'
import { forecast } from '@/db/domain/forecast'
import { historyBegin, toldRange } from '@/db/history/begin'
import { dailySizes } from '@/db/history/storage'
import { volumeOf } from '@/db/server/local-disk'
import { ok, type Result } from '@/db/server/problem'
import { runRead } from '@/db/server/run-read'
import type { Target } from '@/db/server/target'
import { storageDatabases } from '@/db/storage/reads/storage-databases'
import { dataPlace, storageFiles } from '@/db/storage/reads/storage-files'
import { tablespaces } from '@/db/storage/reads/tablespaces'
import { walCauses } from '@/db/storage/reads/wal-causes'
import { type StorageMap, type StoragePlace, storageMap } from '@/db/storage/storage-map'
import { readGrowers } from './grown-tables'

const DAY_MS = 86_400_000
const back = (days: number) => ({ from: new Date(Date.now() - days * DAY_MS), to: new Date() })
const GROWTH_DAYS = 30
const FORECAST_DAYS = 90

/** What takes the space of a server, how that grew, and when the volume is full. Errors: as the list of databases. */
export async function readStorage({ server, database }: Place): Promise<Result<StorageAnswer>> {
  const target = await targetOf({ server, database })
  if (!target.ok) return target
  const begin = await historyBegin(server)
  const growth = toldRange(back(GROWTH_DAYS), begin).range
  const [databases, files, spaces, wal, volume, typed, days] = await Promise.all([
    runRead(target.value, storageDatabases, {}),
    runRead(target.value, storageFiles, {}),
    runRead(target.value, tablespaces, {}),
    runRead(target.value, walCauses, {}),
    localVolume(target.value),
    typedVolume(server),
    dailySizes(server, toldRange(back(FORECAST_DAYS), begin).range),
  ])
  if (!databases.ok) return databases
  const { growers, unseen } = await readGrowers(target.value, databases.value, growth)
  return ok({
    databases: databases.value,
    files,
    tablespaces: spaces,
    wal,
    volume,
    typed,
    days,
    forecast: forecast(days),
    growers,
    unseen,
    begin,
  })
}

/** By the file system, where the data directory is on this machine. */
async function localVolume(target: Target): Promise<StorageAnswer['volume']> {
  const read = await runRead(target, dataPlace, {})
  const [place] = read.ok ? read.value : []
  if (!place?.directory) return null
  return volumeOf({ dataDirectory: place.directory, postmasterStart: place.started })
}

/** One level of the map. */
export async function readStorageMap(place: Place, at: StoragePlace): Promise<Result<StorageMap>> {
  const target = await targetOf(place)
  return target.ok ? storageMap(target.value, at) : target
}
