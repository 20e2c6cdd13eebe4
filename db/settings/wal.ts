import { formatRam, type Profile } from '../domain/server-profile'
import { GB, MB, roundDown } from '../domain/setting-units'
import { type Given, manual, type Parameter, sameAsDefault } from './define-parameter'
import { count, enough, formatFact } from './measured'

const PAGE = 'runtime-config-wal'

/** PGTune's amount of WAL between checkpoints, in GB; lms is a web application. */
const WAL: Record<Profile['workload'], number> = { web: 4, lms: 4, mixed: 4, oltp: 8, warehouse: 16 }

export const walBuffers: Parameter = {
  name: 'wal_buffers',
  source: manual(PAGE, 'wal_buffers'),
  primaryOnly: true,
  value: () => ({ value: { number: -1 }, why: 'By default it takes 1/32 of shared_buffers, up to one WAL segment of 16 MB.' }),
  guide: { value: '16MB', remark: () => 'By default it reaches 16MB as soon as shared_buffers is 512MB.' },
}

export const walCompression: Parameter = {
  name: 'wal_compression',
  source: manual(PAGE, 'wal_compression'),
  primaryOnly: true,
  value: ({ major }) => ({
    value: { text: major >= 15 ? ['lz4', 'pglz'] : 'on' },
    why: 'Full-page images after a checkpoint are most of the WAL, and compress well for little CPU. lz4 where it is compiled in, from 15 on.',
  }),
}

export const maxWalSize: Parameter = {
  name: 'max_wal_size',
  source: manual(PAGE, 'max_wal_size'),
  whenSet: 'raise',
  value: (given) => {
    const { bytes, ...words } = mostWal(given)
    return { value: { bytes }, ...words }
  },
  guide: { value: '1GB', remark: sameAsDefault },
}

/** Both sizes need two segments, which initdb may have made larger than 16 MB. */
const leastWal = ({ now }: Given): number => 2 * (now('wal_segment_size') ?? 16 * MB)

/** max_wal_size in bytes, and why. */
function mostWal(given: Given): { bytes: number; why: string; measured?: boolean; evidence?: string } {
  const { profile, measured, now } = given
  const formula = Math.max(WAL[profile.workload] * GB, leastWal(given))
  const current = now('max_wal_size')
  const seen = measured.checkpoints
  if (!seen || current === null) return { bytes: formula, why: BY_FORMULA }
  const { timed, requested, walBytes, window } = seen
  const all = timed + requested
  const forced = forcedBy(seen, current, now('checkpoint_completion_target') ?? 0.9)
  const others = requested - forced
  const words = [
    `${count(forced)} of ${count(all)} checkpoints were forced by ${formatRam(walBytes)} of WAL`,
    others > 0 && `${count(others)} asked for by CHECKPOINT, a backup or the like`,
  ]
  const evidence = formatFact(window, words.filter(Boolean).join(', '))
  if (!enough(seen)) return { bytes: formula, why: BY_FORMULA, evidence }
  if (comeEarly(forced, all)) {
    const perTimeout = (walBytes / window.seconds) * ((now('checkpoint_timeout') ?? 300_000) / 1000)
    const bytes = Math.max(formula, moreWal(current, perTimeout))
    return {
      bytes,
      measured: true,
      evidence,
      why: `${Math.round((forced / all) * 100)} % of the checkpoints came early, each with its full-page images.`,
    }
  }
  if (current >= GB && timed >= 20) return { bytes: current, measured: true, evidence, why: 'Checkpoints come by time: it is enough.' }
  return { bytes: formula, why: BY_FORMULA, evidence }
}

const BY_FORMULA = 'Room for WAL between two checkpoints by time. pg_wal needs that much free disk, and recovery takes longer with more.'

/** Whether so many forced ones among all checkpoints are a reason for more max_wal_size: a tenth of them, and no single burst. Our own choice. */
export const comeEarly = (forced: number, all: number): boolean => forced >= 5 && forced / all > 0.1

/** A max_wal_size that is more than the current one and lasts from one checkpoint by time to the next, in bytes; `perTimeout`: WAL of that time. */
export const moreWal = (current: number, perTimeout: number): number =>
  Math.max(current, Math.min(64 * GB, Math.max(2 * current, roundDown(2.5 * perTimeout))))

/**
 * How many of the requested checkpoints max_wal_size can have forced: one for each max_wal_size / (1 + completion target) of
 * WAL (CalculateCheckpointSegments in xlog.c). PostgreSQL counts those of CHECKPOINT and of backups with them.
 */
export function forcedBy({ requested, walBytes }: { requested: number; walBytes: number }, current: number, target: number): number {
  return Math.min(requested, Math.floor(walBytes / (current / (1 + target))))
}

export const minWalSize: Parameter = {
  name: 'min_wal_size',
  source: manual(PAGE, 'min_wal_size'),
  whenSet: 'raise',
  value: (given) => {
    const { bytes, measured, evidence } = mostWal(given)
    return {
      value: { bytes: Math.max(roundDown(bytes / 4), leastWal(given)) },
      ...(measured && { measured, evidence }),
      why: 'A quarter of what max_wal_size has to be: so much WAL is kept to be written again, so that a burst makes no new files.',
    }
  },
  guide: { value: '80MB', remark: sameAsDefault },
}

/** As it is: how long a reader may be away is for those who run it to say. A finding of a slot proposes a limit. */
export const maxSlotWalKeepSize: Parameter = {
  name: 'max_slot_wal_keep_size',
  source: manual('runtime-config-replication', 'max_slot_wal_keep_size'),
  primaryOnly: true,
  value: () => ({
    value: { number: -1 },
    why: 'By default a slot without a reader keeps WAL until the disk is full. How long a reader may be away is for you to say; a finding of such a slot proposes a limit.',
  }),
}

export const WRITE_AHEAD_LOG = [walBuffers, walCompression, maxWalSize, minWalSize, maxSlotWalKeepSize]
