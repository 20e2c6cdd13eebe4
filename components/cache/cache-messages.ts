import { hitRatio, sumBlocks } from '@/db/domain/hit-ratio'
import { bytesShort, count, duration, exactCount, percent } from '../format'
import { sinceWords, span } from '../format-time'
import type { CacheAnswer, RelationBlocks } from './cache-answer'

/** A ratio to two decimals, as its last points are what tells: 99.40%; never 100% where a block was read. */
export function ratioWords(ratio: number): string {
  if (ratio === 1) return '100%'
  return `${(Math.floor(ratio * 10_000) / 100).toFixed(2)}%`
}

/** So few reads that a share of them says nothing. */
const LEAST_READS = 1_000
/** A table with this much of all reads is named. */
const MUCH = 0.25

const readsOf = (table: RelationBlocks['tables'][number]): number => table.parts.reduce((sum, { read }) => sum + Number(read), 0)

/** The table with most of what its database read; undefined where none stands out, or too little was read. */
export function mostRead({ relations }: CacheAnswer): { relname: string; share: number } | undefined {
  if (!relations.ok) return undefined
  const all = Number(relations.value.user_read) + Number(relations.value.system_read)
  const [first] = relations.value.tables
  if (!first || all < LEAST_READS || readsOf(first) < MUCH * all) return undefined
  return { relname: first.relname, share: readsOf(first) / all }
}

/** Over what relations were counted: in 6 h; since 12 Nov. */
const relationsSpan = ({ relationsWindow: window, relationsSince }: CacheAnswer): string =>
  window ? `in ${duration(window.to - window.from)}` : `since ${sinceWords(relationsSince)}`

/** The same as the words beside a heading. */
export const relationsWords = ({ relationsWindow: window, relationsSince }: CacheAnswer, now: string): string =>
  window ? duration(window.to - window.from) : sinceReset(relationsSince, now)

/** Over what pg_stat_io was counted. */
export const ioWords = ({ io, ioWindow: window }: CacheAnswer, now: string): string =>
  window ? duration(window.to - window.from) : sinceReset(io.ok ? (io.value[0]?.stats_reset ?? null) : null, now)

/** Must I act? The ratio where it can be told, and who reads. */
export function cacheTitle(answer: CacheAnswer): string {
  const ratio = hitRatio(sumBlocks(answer.databases))
  const table = mostRead(answer)
  const causes = table ? `${table.relname} causes ${percent(table.share)} of all reads ${relationsSpan(answer)}` : ''
  if (ratio.kind === 'few') return causes ? `${causes}.` : `Only ${exactCount(ratio.blocks)} blocks were needed: too few for a hit ratio.`
  const found = `${ratioWords(ratio.ratio)} of blocks are found in shared_buffers`
  if (!ratio.low) return `${found}.`
  return causes ? `${found}; ${causes}.` : `${found}: less than 95%.`
}

/** What the ratio is of, and what a read costs. */
export function cacheEvidence(answer: CacheAnswer): string {
  const { settings, source, from, to } = answer
  const { read } = sumBlocks(answer.databases)
  const of =
    source === 'samples'
      ? `in ${duration(to - from)}`
      : 'since the statistics of each database were reset; nothing was sampled in this range'
  const table = mostRead(answer)
  const ratio = hitRatio(sumBlocks(answer.databases))
  const causes =
    table && ratio.kind === 'known' && !ratio.low
      ? ` ${table.relname} causes ${percent(table.share)} of the reads ${relationsSpan(answer)}.`
      : ''
  return `${bytesShort(settings.shared_buffers)} of shared_buffers; ${count(read)} blocks (${bytesShort(read * settings.block_size)}) read ${of}.${causes}`
}

/** Reads faster than this are answered from memory: an NVMe drive needs about as long for one block. */
const FROM_MEMORY_MS = 0.1

/** Where reads come from, as far as their time tells. */
export function pageCacheWords({ databases, settings }: CacheAnswer): string {
  const [read, ms] = databases.reduce(([blocks, time], one) => [blocks + one.read, time + one.readMs], [0, 0])
  const may = 'A read may be served by the page cache of the kernel'
  if (!settings.track_io_timing) return `${may}: track_io_timing is off, so nothing tells.`
  if (read < LEAST_READS || ms === 0) return `${may}; too few were timed to tell.`
  const mean = ms / read
  const shown = mean < 0.01 ? '< 0.01 ms' : `${mean.toFixed(2)} ms`
  return mean < FROM_MEMORY_MS
    ? `A block took ${shown} on average: below 0.1 ms most come from the page cache of the kernel, not from storage.`
    : `A block took ${shown} on average: above 0.1 ms most come from storage.`
}

/** The window of what counts since a reset: since 12 Nov, 17 days. */
export const sinceReset = (since: string | null, now: string): string =>
  since === null ? 'since the last reset' : `since ${sinceWords(since, now)}, ${span(since, now)}`

const REASONS = {
  unused: 'A part of shared_buffers was never used: nothing had to leave it, so more would avoid no read.',
  fits: 'All databases together are smaller than shared_buffers: more would avoid no read.',
  few: 'Fewer than 50,000 blocks were needed since the reset: too few to estimate from.',
  once: 'Hardly a block was read twice since the reset: more would avoid no read.',
  ring: 'What was read again are Seq Scans of tables that are above a quarter of any size that fits the RAM: they keep nothing in the cache.',
  most: 'Twice the present size would be more than 40% of the RAM, above which the manual expects no gain.',
} as const

/** Why there is nothing to estimate. */
export const noLarger = (reason: keyof typeof REASONS): string => REASONS[reason]

/** What would be held whole: orders, items and 3 more. */
export function holdsWords({ holds, partly }: { holds: string[]; partly: string | null }): string {
  const named = holds.slice(0, 2).join(', ')
  const more = holds.length > 2 ? ` and ${exactCount(holds.length - 2)} more` : ''
  if (holds.length === 0) return partly ? `a part of ${partly}` : 'nothing more'
  return partly ? `${named}${more}, a part of ${partly}` : `${named}${more}`
}
