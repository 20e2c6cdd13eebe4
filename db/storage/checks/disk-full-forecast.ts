import type { Check, Finding, Past } from '../../checks/define-check'
import { daysUntil, forecast, type Trend } from '../../domain/forecast'
import { formatBytes, formatDay } from '../../domain/format'
import { type VolumeFacts, volumeFacts } from '../../domain/volume'
import { ok, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import { storageDatabases } from '../reads/storage-databases'
import { dataPlace, storageFiles } from '../reads/storage-files'

const DAY_MS = 86_400_000
/** As far as the page Storage looks back. */
const LOOK_BACK_DAYS = 90
/** Our choice: within a month a disk is ordered or a table archived; within a week it is not. */
const WARN_DAYS = 30
const BAD_DAYS = 7
/** From an interval of 80 % to one of 95 %: quantiles of the normal distribution. */
const TO_95 = 1.96 / 1.2816

/**
 * By the size of all databases on each day. Silent where the volume's size is neither measured nor typed in, below 14 days of samples or of
 * days since a step (a load, a purge), and where the 80 % band has days without growth.
 */
export const diskFullForecast: Check = {
  name: 'disk-full-forecast',
  about: 'The volume of the data directory is full within 30 days, at the rate at which the databases grew',
  cadence: 'hour',
  scope: 'server',
  look: async (target, past) => {
    const now = Date.now()
    const days = (await past?.sizes?.(new Date(now - LOOK_BACK_DAYS * DAY_MS), new Date(now))) ?? []
    const told = forecast(days)
    if (told.kind === 'none' || told.trend.low <= 0) return ok([])
    const volume = await volumeKnown(target, past)
    if (!volume.ok) return volume
    if (volume.value === null) return ok([])
    const full = daysUntil(told.trend, told.trend.from.value + volume.value.free)
    return ok(
      full.median !== null && full.median <= WARN_DAYS ? [finding(told.trend, volume.value, { ...full, median: full.median }, now)] : [],
    )
  },
}

async function volumeKnown(target: Target, past: Past | undefined): Promise<Result<VolumeFacts | null>> {
  const place = await runRead(target, dataPlace, {})
  if (!place.ok) return place
  const known = await past?.volume?.(place.value[0] ?? null)
  if (!known || known.measured || known.typed === null) return ok(known?.measured ? volumeFacts(known.measured, null, 0) : null)
  const databases = await runRead(target, storageDatabases, {})
  if (!databases.ok) return databases
  const files = await runRead(target, storageFiles, {})
  const [beside] = files.ok ? files.value : []
  const used = databases.value.reduce((sum, { bytes }) => sum + (bytes ?? 0), (beside?.wal_bytes ?? 0) + (beside?.temp_bytes ?? 0))
  return ok(volumeFacts(null, known.typed, used))
}

function finding(
  { slope, low, high, days }: Trend,
  { bytes, free, measured }: VolumeFacts,
  full: { median: number; early: number | null; late: number | null },
  now: number,
): Finding {
  const day = (count: number) => formatDay(new Date(now + count * DAY_MS).toISOString())
  return {
    kind: 'server',
    name: null,
    title: `The volume of the data directory is full around ${day(full.median)}`,
    evidence:
      `${formatBytes(free)} of ${formatBytes(bytes)} are free${measured ? '' : ' at most: the size was typed in, and other files on the volume are not known'}. ` +
      `The databases grow by ${formatBytes(Math.round(slope))} a day (80% band ${formatBytes(Math.round(low))} to ${formatBytes(Math.round(high))}, from ${days} days): ` +
      `full between ${day(full.early ?? full.median)} and ${day(full.late ?? full.median)}. Threshold: ${WARN_DAYS} days. WAL and other files on the volume are not in the rate. ` +
      'A server whose volume is full stops. Enlarge the volume, or archive what grows: Storage lists it.',
    // Percent of the rate.
    trust: { kind: 'estimated', plusMinus: Math.round((((high - low) / 2) * TO_95 * 100) / slope) },
    severity: full.median <= BAD_DAYS ? 'bad' : 'warn',
    fix: null,
    sql: null,
  }
}
