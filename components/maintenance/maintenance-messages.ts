import type { CommandRequest } from '@/db/domain/command-request'
import type { NextMaintenance, Step } from '@/db/maintenance/next-maintenance'
import { secondsWords } from '../confirm/prediction'
import { bytes, bytesShort, numberWord } from '../format'

/** The page's sentence: Three rebuilds return about 96 MB; two vacuums free 12 MB for reuse. */
export function maintenanceTitle({ steps }: NextMaintenance): string {
  const [rebuilds, vacuums] = [steps.filter(({ gives }) => gives === 'back'), steps.filter(({ gives }) => gives === 'for reuse')]
  const about = rebuilds.every(({ trust }) => trust?.kind === 'exact') ? '' : 'about '
  const parts: string[] = []
  if (rebuilds.length > 0) {
    const one = rebuilds.length === 1
    parts.push(`${numberWord(rebuilds.length)} ${one ? 'rebuild returns' : 'rebuilds return'} ${about}${bytesShort(sum(rebuilds))}`)
  }
  if (vacuums.length > 0) {
    const one = vacuums.length === 1
    parts.push(`${numberWord(vacuums.length)} ${one ? 'vacuum frees' : 'vacuums free'} about ${bytesShort(sum(vacuums))} for reuse`)
  }
  const words = parts.join('; ')
  return words === '' ? 'No maintenance is worth running now.' : `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
}

const sum = (steps: Step[]): number => steps.reduce((total, step) => total + step.bytes, 0)

/** 44 s, 54 MB WAL; what it reads and writes where no past run says how long that takes. */
export function costWords({ seconds, walBytes, readBytes, writeBytes }: Step): string {
  if (!seconds) return `reads ${bytesShort(readBytes)}, writes ${bytesShort(writeBytes)}`
  return [secondsWords(seconds), walBytes !== null && `${bytesShort(walBytes)} WAL`].filter(Boolean).join(', ')
}

/** 1.2 MB; 38% of the bytes that it moves. */
export function rateWords(rate: number, by: NextMaintenance['by']): string {
  if (by === 'seconds') return bytes(rate)
  const percent = rate * 100
  return percent > 0 && percent < 1 ? '< 1%' : `${Math.round(percent)}%`
}

export const requestOf = ({ command, input }: Step): CommandRequest => ({ command, input })

/** What a step is called in a list. */
export const verbOf = ({ label }: Step): string => label?.verb ?? 'Run'
