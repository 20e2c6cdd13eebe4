import { type Blocks, LEAST_BLOCKS, sumBlocks } from '../domain/hit-ratio'

/** What could be cached whole: a relation of this database, or another database. Blocks since its statistics were reset. */
export interface CacheUnit extends Blocks {
  name: string
  /** null: not known. */
  bytes: number | null
  /** Of the blocks of a table's heap, the share that Seq Scans asked for, 0 … 1; 0 for anything else. */
  seqShare: number
  /** How long its blocks were counted, in seconds. */
  seconds: number
}

/** One size of shared_buffers, and what it would avoid at most. */
export interface CacheSize {
  /** Of shared_buffers. */
  bytes: number
  /** Blocks that would not be read again, and the ratio with them. */
  avoided: number
  ratio: number
  /** Units that would be held whole, those with the most reads first; of the last one only a part may fit. */
  holds: string[]
  partly: string | null
}

export type LargerCache =
  | { kind: 'estimated'; read: number; hit: number; ratio: number; reread: number; sizes: CacheSize[] }
  /** unused: buffers have never been needed. fits: all data is smaller. few: too few blocks. once: hardly a block was read twice. ring: only Seq Scans of tables too large for any size read again. most: it is as large as the machine lets it be. */
  | { kind: 'none'; reason: 'unused' | 'fits' | 'few' | 'once' | 'ring' | 'most' }

interface Given {
  units: readonly CacheUnit[]
  sharedBuffers: number
  blockSize: number
  /** How long this database's blocks were counted; others are scaled to it. */
  seconds: number
  /** Bytes of shared_buffers that nothing was ever read into; null: not known. */
  unused: number | null
  /** Of all databases; null: not known. */
  dataBytes: number | null
  /** What Configuration recommends, and the RAM that it takes the machine to have; null: not known. */
  recommended: number | null
  ram: number | null
}

/** "It is unlikely that an allocation of more than 40% of RAM to shared_buffers will work better than a smaller amount" (manual, 19.4.1). */
const MOST_OF_RAM = 0.4
/** A Seq Scan of a table above this share of shared_buffers goes through a ring of 256 kB (src/backend/storage/buffer/README, heapam.c). */
const RING_SHARE = 0.25
/** So much of shared_buffers must lie idle before that counts: a DROP or TRUNCATE gives back buffers too. */
const IDLE_SHARE = 0.05
/** Sizes that are looked at, by the present one. */
const FACTORS = [2, 4, 8]
/** A size so near to another tells nothing of its own. */
const NEAR = 1.15
/** Of the blocks read, so many must have been read before. */
const LEAST_REREAD = 0.01

/** A unit whose reads again are no more than this share of all of them is not worth naming. */
const NAMED_SHARE = 0.01

/**
 * What a larger shared_buffers would avoid, at most. Each block of a relation is read once before it can be found: what was read beyond
 * the relation's size was read again, and a cache that holds the whole of it would have avoided that. A Seq Scan of a table above a
 * quarter of shared_buffers leaves nothing in it: what it reads counts as avoided only where the table is below a quarter of the new size.
 * The room that is added goes to whatever was read again most often by its size, as if the clock sweep chose best and what is cached
 * now stayed. So the truth is less; and what is read again may come from the kernel's page cache, which loses the RAM that is added.
 */
export function largerCache(given: Given): LargerCache {
  const { sharedBuffers, blockSize, seconds, unused, dataBytes, recommended } = given
  if (dataBytes !== null && dataBytes <= sharedBuffers) return { kind: 'none', reason: 'fits' }
  // Where buffers are left over nothing was pushed out: read again is what went through the ring, and what a restart forgot.
  const idle = unused !== null && unused > IDLE_SHARE * sharedBuffers
  const units = given.units.map((unit) => scaled(unit, blockSize, seconds, sharedBuffers))
  const { hit, read } = sumBlocks(units)
  if (hit + read < LEAST_BLOCKS) return { kind: 'none', reason: 'few' }
  const reread = units.reduce((sum, unit) => sum + (idle ? 0 : unit.evicted) + unit.ringed, 0)
  if (reread < LEAST_REREAD * read) return { kind: 'none', reason: idle ? 'unused' : 'once' }
  const room = (bytes: number) => bytes - sharedBuffers + (idle ? unused : 0)
  const wanted = sizesOf(given)
  if (wanted.length === 0) return { kind: 'none', reason: 'most' }
  const all = wanted.map((bytes) => sized(gainsAt(units, bytes, idle), room(bytes), bytes, { hit, read }))
  // One that avoids no more than a smaller one tells nothing.
  const sizes = all.filter(({ bytes, avoided }, at) => bytes === recommended || avoided > (all[at - 1]?.avoided ?? 0))
  if (sizes.every(({ avoided }) => avoided === 0)) return { kind: 'none', reason: idle ? 'unused' : 'ring' }
  return { kind: 'estimated', read, hit, ratio: hit / (hit + read), reread, sizes }
}

interface Scaled extends Blocks {
  name: string
  bytes: number
  /** Blocks that were read again because they had to leave, and because Seq Scans went through the ring. */
  evicted: number
  ringed: number
}

function scaled({ name, seqShare, hit, read, bytes, seconds: own }: CacheUnit, blockSize: number, seconds: number, now: number): Scaled {
  const by = own > 0 ? seconds / own : 1
  const again = bytes === null ? 0 : Math.max(0, read - bytes / blockSize) * by
  const ringed = (bytes ?? 0) > RING_SHARE * now ? again * seqShare : 0
  return { name, bytes: bytes ?? 0, hit: hit * by, read: read * by, evicted: again - ringed, ringed }
}

interface Gain {
  name: string
  bytes: number
  blocks: number
}

/** What holding each unit whole would avoid at a size, the most by its bytes first. */
const gainsAt = (units: Scaled[], size: number, idle: boolean): Gain[] =>
  units
    .map(({ name, bytes, evicted, ringed }) => ({
      name,
      bytes,
      blocks: (idle ? 0 : evicted) + (bytes <= RING_SHARE * size ? ringed : 0),
    }))
    .filter(({ blocks }) => blocks > 0)
    .sort((a, b) => b.blocks / b.bytes - a.blocks / a.bytes)

function sized(gains: Gain[], room: number, bytes: number, { hit, read }: Blocks): CacheSize {
  const holds: Gain[] = []
  let [left, avoided, partly] = [room, 0, null as string | null]
  for (const unit of gains) {
    if (left <= 0) break
    const part = Math.min(1, left / unit.bytes)
    avoided += part * unit.blocks
    left -= unit.bytes
    if (part === 1) holds.push(unit)
    else partly = unit.name
  }
  const named = holds.filter(({ blocks }) => blocks >= NAMED_SHARE * avoided).sort((a, b) => b.blocks - a.blocks)
  return { bytes, avoided, ratio: (hit + avoided) / (hit + read), holds: named.map(({ name }) => name), partly }
}

/** The recommended size and multiples of the present one, as far as the machine has RAM for them */
function sizesOf({ sharedBuffers, recommended, ram }: Given): number[] {
  const most = ram === null ? Number.POSITIVE_INFINITY : ram * MOST_OF_RAM
  const multiples = FACTORS.map((factor) => factor * sharedBuffers).filter(
    (bytes) => bytes <= most && (recommended === null || bytes > recommended * NEAR || bytes * NEAR < recommended),
  )
  const wanted = recommended !== null && recommended > sharedBuffers * NEAR ? [recommended] : []
  return [...wanted, ...multiples].sort((a, b) => a - b)
}
