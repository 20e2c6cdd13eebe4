import { type Given, manual, type Parameter, sameAsDefault } from './define-parameter'
import { isLong, sayWindow } from './measured'
import type { Profile } from './profile'
import { GB, MB, roundDown } from './units'

const PAGE = 'runtime-config-wal'

/** PGTune's amount of WAL between checkpoints, in GB; lms is a web application. */
const WAL: Record<Profile['workload'], number> = { web: 4, lms: 4, mixed: 4, oltp: 8, warehouse: 16 }

export const walBuffers: Parameter = {
  name: 'wal_buffers',
  source: manual(PAGE, 'wal_buffers'),
  value: () => ({ value: { number: -1 }, why: 'By itself it takes 1/32 of shared_buffers, up to one WAL segment of 16 MB.' }),
  guide: { value: '16MB', remark: () => 'Left alone it reaches 16MB as soon as shared_buffers is 512MB.' },
}

export const walCompression: Parameter = {
  name: 'wal_compression',
  source: manual(PAGE, 'wal_compression'),
  value: ({ major }) => ({
    value: { text: major >= 15 ? ['lz4', 'pglz'] : 'on' },
    why: 'Whole-page images after a checkpoint are most of the WAL, and compress well for little CPU. lz4 where it is compiled in, from 15 on.',
  }),
}

export const maxWalSize: Parameter = {
  name: 'max_wal_size',
  source: manual(PAGE, 'max_wal_size'),
  value: (given) => {
    const { bytes, ...words } = mostWal(given)
    return { value: { bytes }, ...words }
  },
  guide: { value: '1GB', remark: sameAsDefault },
}

/** Both sizes need two segments, which initdb may have made larger than 16 MB. */
const leastWal = ({ now }: Given): number => 2 * (now('wal_segment_size') ?? 16 * MB)

/** max_wal_size in bytes, and why. */
function mostWal(given: Given): { bytes: number; why: string; measured?: boolean } {
  const { profile, measured, now } = given
  const formula = Math.max(WAL[profile.workload] * GB, leastWal(given))
  const current = now('max_wal_size')
  const { timed = 0, requested = 0, seconds = 0, walBytes = null } = measured.checkpoints ?? {}
  const all = timed + requested
  if (current !== null && requested >= 5 && requested / all > 0.1) {
    // A checkpoint is forced when about half of max_wal_size was written: the one before is being spread out meanwhile.
    const perTimeout = walBytes === null ? 0 : (walBytes / seconds) * ((now('checkpoint_timeout') ?? 300_000) / 1000)
    const bytes = Math.max(current, Math.min(64 * GB, Math.max(2 * current, formula, roundDown(2.5 * perTimeout))))
    return {
      bytes,
      measured: true,
      why: `${Math.round((requested / all) * 100)} % of ${all} checkpoints in ${sayWindow(seconds)} were forced, not due by time.`,
    }
  }
  if (current !== null && current >= GB && isLong(seconds) && timed >= 20)
    return { bytes: current, measured: true, why: `${requested} of ${all} checkpoints in ${sayWindow(seconds)} were forced: it is enough.` }
  return {
    bytes: formula,
    why: 'Room for WAL between two checkpoints by time. pg_wal needs that much free disk, and recovery takes longer with more.',
  }
}

export const minWalSize: Parameter = {
  name: 'min_wal_size',
  source: manual(PAGE, 'min_wal_size'),
  value: (given) => ({
    value: { bytes: Math.max(roundDown(mostWal(given).bytes / 4), leastWal(given)) },
    why: 'A quarter of max_wal_size: so much WAL is kept to be written again, so that a burst makes no new files.',
  }),
  guide: { value: '80MB', remark: sameAsDefault },
}

export const WRITE_AHEAD_LOG = [walBuffers, walCompression, maxWalSize, minWalSize]
