/** Blocks as PostgreSQL counts them: found in shared_buffers, and asked of the kernel. */
export interface Blocks {
  hit: number
  read: number
}

/** Below so many blocks a ratio tells of the first reads after a start, not of the cache: Dasha leaves fewer without a grade. */
export const LEAST_BLOCKS = 50_000

/** A ratio below is low: Dasha's first grade. PgHero asks for 99 %, which an analytic load never reaches and need not. */
export const LOW_RATIO = 0.95

/** few: there are not enough blocks to tell a ratio from. */
export type HitRatio = { kind: 'known'; ratio: number; low: boolean } | { kind: 'few'; blocks: number }

/** The share of blocks that were found in shared_buffers, 0 … 1, where there are enough of them. */
export function hitRatio({ hit, read }: Blocks): HitRatio {
  const blocks = hit + read
  if (blocks < LEAST_BLOCKS) return { kind: 'few', blocks }
  return { kind: 'known', ratio: hit / blocks, low: hit / blocks < LOW_RATIO }
}

/** The sum of some. */
export const sumBlocks = (all: readonly Blocks[]): Blocks =>
  all.reduce<Blocks>((sum, { hit, read }) => ({ hit: sum.hit + hit, read: sum.read + read }), { hit: 0, read: 0 })
