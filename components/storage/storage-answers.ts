import type { TypedVolume } from '@/db/console/server-volumes'
import type { DailyValue, Forecast } from '@/db/domain/forecast'
import type { Row } from '@/db/server/define-read'
import type { Volume } from '@/db/server/local-disk'
import type { Result } from '@/db/server/problem'
import type { storageDatabases } from '@/db/storage/reads/storage-databases'
import type { storageFiles } from '@/db/storage/reads/storage-files'
import type { tablespaces } from '@/db/storage/reads/tablespaces'
import type { walCauses } from '@/db/storage/reads/wal-causes'

/** A table that grew, bytes; `since` ms. */
export interface GrownTable {
  database: string
  relid: number
  schemaname: string
  relname: string
  bytes: number
  added: number
  since: number
}

export interface StorageAnswer {
  databases: Row<typeof storageDatabases>[]
  files: Result<Row<typeof storageFiles>[]>
  tablespaces: Result<Row<typeof tablespaces>[]>
  wal: Result<Row<typeof walCauses>[]>
  /** Of the data directory, where it is on the console's machine. */
  volume: Volume | null
  typed: TypedVolume | null
  /** All databases together, by day. */
  days: DailyValue[]
  forecast: Forecast
  /** Of all databases that the role may look into. */
  growers: Result<GrownTable[]>
  /** Databases with growers that were not looked into: the role may not connect, or there are too many. */
  unseen: string[]
  /** When sampling began, ms. */
  begin: number | null
}
