import type { Check } from '../../checks/define-check'
import { formatAge, formatBytes, formatCount } from '../../domain/format'
import { ok } from '../../server/problem'
import { countedLately } from '../counted'

interface Limits {
  /** Bytes of temporary files an hour. */
  warn: number
  bad: number
  /** So long it must have been counted, in seconds. */
  seconds: number
}

/**
 * Our choices: a gigabyte an hour is 300 kB a second of writes that more work_mem would have kept in memory, and ten times that is what a disk
 * of a small machine can do beside its work. One nightly report in an hour of samples is not yet a habit, but in a day it counts a 24th.
 */
const LIMITS: Limits = { warn: 1024 ** 3, bad: 10 * 1024 ** 3, seconds: 3_600 }

export const tempFilesAbove = ({ warn, bad, seconds: least }: Limits): Check => ({
  name: 'temp-files',
  about: 'Queries of this database write more than a gigabyte of temporary files an hour',
  look: async (target, past) => {
    const counted = await countedLately(target, past, least)
    if (!counted.ok) return counted
    if (counted.value === null) return ok([])
    const { tempFiles: files, tempBytes: bytes, seconds, sampled, row } = counted.value
    const hourly = (bytes / seconds) * 3_600
    if (files === 0 || hourly < warn) return ok([])
    return ok([
      {
        kind: 'server',
        name: row.datname,
        title: `${row.datname} writes ${formatBytes(Math.round(hourly))} of temporary files an hour`,
        evidence:
          `${formatCount(files, 'file')}, ${formatBytes(bytes)}, in ${formatAge(seconds)}${sampled ? ' that were sampled' : ' since the statistics were reset'}. ` +
          `work_mem is ${row.work_mem}; what does not fit is sorted and hashed on disk. The page Queries has the statements by their temporary blocks. Threshold: ${formatBytes(warn)} an hour.`,
        trust: { kind: 'exact' },
        severity: hourly >= bad ? 'warn' : 'info',
        fix: null,
        sql: null,
      },
    ])
  },
})

export const tempFiles = tempFilesAbove(LIMITS)
