/** How fast a server uses up IDs, from two looks at its counter. */

/** The two looks are at least so far apart; a burst of a minute says nothing of a day. */
const LEAST_MS = 600_000
/** A look that is older no longer says how things go now. */
const MOST_MS = 7 * 86_400_000

interface Seen {
  at: number
  next: bigint
}

export interface IdPace {
  perSecond: number
  /** Over so many seconds. */
  over: number
}

/** The first look at each counter that still counts, kept for as long as the process lives. */
export class IdLooks {
  readonly #first = new Map<string, Seen>()

  /** Notes a look, `at` in ms by the server's clock. Null: this is the first, the last was moments ago, or another server answered. */
  pace(counter: string, at: number, next: bigint): IdPace | null {
    const first = this.#first.get(counter)
    if (!first || at - first.at > MOST_MS || at < first.at || next < first.next) {
      this.#first.set(counter, { at, next })
      return null
    }
    const over = (at - first.at) / 1000
    return over * 1000 < LEAST_MS ? null : { perSecond: Number(next - first.next) / over, over }
  }
}
