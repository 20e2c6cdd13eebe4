import type { Query } from './insert-rows'
import { SERIES, type Series, tableOf } from './series'

/**
 * Takes a series back to `now` where it has already been rolled up beyond: the clock was set back, or a former series goes on. Rows that
 * come now fall into buckets in which there are some already. Both stay, and each counts once: coarser buckets from `now` on are removed
 * where the finer rows that they were made of are still there, and are made anew of all finer rows when they are over by the new clock.
 * Where the finer rows are gone with their retention (a clock that went back by days), the coarser ones stay, and what comes now is added
 * beside them. In a range that was lived through twice there are the calls and the seconds of both times, so rates are means of both; of
 * values that do not sum up (sizes) the bucket keeps one of the two. Rows that lie beyond `now` are of before, and are shown when the clock
 * gets there. Runs within a transaction of the session that writes this series.
 */
export async function rewind(query: Query, server: number, now: Date, series: readonly Series[] = SERIES): Promise<void> {
  for (const one of series) {
    // The coarsest first: each is judged by the finer rows as they were.
    for (const [at, step] of [...one.steps.entries()].reverse()) {
      const finer = one.steps[at - 1]
      if (finer === undefined) continue
      const from = Math.floor(now.getTime() / 1000 / step) * step
      const { rows } = await query(
        `update rolled_up set until = to_timestamp($4) where server = $1 and series = $2 and step = $3 and until > to_timestamp($4) returning 1`,
        [server, one.name, step, from],
      )
      if (rows.length === 0) continue
      await query(
        `delete from ${tableOf(one, step)} where server = $1 and at >= to_timestamp($2) and at >= (
           select to_timestamp(floor(extract(epoch from min(at)) / ${step}) * ${step}) from ${tableOf(one, finer)}
            where server = $1 and at >= to_timestamp($2))`,
        [server, from],
      )
    }
  }
}
