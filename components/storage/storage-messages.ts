import { daysUntil } from '@/db/domain/forecast'
import { volumeFacts as factsOf, type VolumeFacts } from '@/db/domain/volume'
import { bytesShort, plural } from '../format'
import { day } from '../format-time'
import type { StorageAnswer } from './storage-answers'

const DAY_MS = 86_400_000
/** A date so far away says nothing but that it is far away. */
const FAR_DAYS = 3 * 365

/** The volume of an answer; where its size was typed in, all that is not known to be used counts as free. */
export const volumeFacts = ({ volume, typed, databases, files }: StorageAnswer): VolumeFacts | null =>
  factsOf(
    volume,
    typed?.bytes ?? null,
    databaseBytes({ databases }) + (files.ok ? (files.value[0]?.wal_bytes ?? 0) + (files.value[0]?.temp_bytes ?? 0) : 0),
  )

export const databaseBytes = ({ databases }: Pick<StorageAnswer, 'databases'>): number =>
  databases.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0)

export interface FullBy {
  /** ms; null: not by this rate, or too far away. */
  median: number | null
  early: number | null
  late: number | null
}

/** When the free space is used up at the rate at which the databases grew; null without a forecast or a volume. */
export function fullBy(answer: StorageAnswer, now: number): FullBy | null {
  const volume = volumeFacts(answer)
  if (!volume || answer.forecast.kind !== 'trend') return null
  const { trend } = answer.forecast
  const days = daysUntil(trend, trend.from.value + volume.free)
  const at = (count: number | null) => (count === null || count > FAR_DAYS ? null : now + count * DAY_MS)
  return { median: at(days.median), early: at(days.early), late: at(days.late) }
}

/** The page's sentence: the date first. */
export function storageTitle(answer: StorageAnswer, now: number): string {
  const full = fullBy(answer, now)
  if (full?.median != null) return `The volume will be full around ${day(full.median, now)}.`
  const volume = volumeFacts(answer)
  if (full)
    return volume && answer.forecast.kind === 'trend' && answer.forecast.trend.slope > 0
      ? 'The volume will not be full within 3 years.'
      : 'The databases do not grow.'
  if (volume) return `${bytesShort(volume.free)} of ${bytesShort(volume.bytes)} ${volume.measured ? 'are free' : 'are free at most'}.`
  return `${plural(answer.databases.length, 'database', 'databases')} take ${bytesShort(databaseBytes(answer))}.`
}

/** The line below: the rate, its band, or why there is no date. */
export function storageEvidence(answer: StorageAnswer, now: number): string {
  const sentences: string[] = []
  const volume = volumeFacts(answer)
  // Without a date the title has said it.
  if (volume && fullBy(answer, now) !== null)
    sentences.push(
      `${bytesShort(volume.free)} of ${bytesShort(volume.bytes)} are free${volume.measured ? '' : ' at most: other files on the volume are not known'}.`,
    )
  sentences.push(forecastWords(answer, now))
  const largest = answer.growers.ok ? answer.growers.value[0] : undefined
  if (largest)
    sentences.push(`${largest.relname} of ${largest.database} grew most: ${bytesShort(largest.added)} since ${day(largest.since, now)}.`)
  return sentences.join(' ')
}

export function forecastWords(answer: StorageAnswer, now: number): string {
  const { forecast } = answer
  if (forecast.kind === 'none') {
    const had = forecast.days === 0 ? 'none is there yet' : `${plural(forecast.days, 'is', 'are')} there`
    return forecast.reason === 'step' && forecast.stepDay !== null
      ? `No forecast: the size changed by a step on ${day(forecast.stepDay * DAY_MS, now)}, and a forecast needs ${forecast.needs} days after it; ${had}.`
      : `No forecast: it needs ${forecast.needs} days of daily sizes; ${had}.`
  }
  const { slope, low, high, days } = forecast.trend
  const rate = `The databases ${slope < 0 ? 'shrink' : 'grow'} by ${bytesShort(Math.abs(slope))} a day (80% band ${signed(low)} to ${signed(high)}, from ${days} days).`
  const full = fullBy(answer, now)
  if (!full) return `${rate} Without the size of the volume there is no date.`
  if (full.median === null) return rate
  return `${rate} Full between ${day(full.early, now)} and ${full.late === null ? 'never, at the slowest rate of the band' : day(full.late, now)}.`
}

const signed = (bytes: number): string => `${bytes < 0 ? '−' : ''}${bytesShort(Math.abs(bytes))}`
