/** Why something expensive was not begun: so much of it is going on and waiting already. */
export class Busy extends Error {}

/** Lets so many work at the same time and so many more wait for them; whoever comes beyond that is told so at once. */
export class Slots {
  #free: number
  readonly #mostWaiting: number
  readonly #waiting: (() => void)[] = []

  constructor({ atOnce, waiting }: { atOnce: number; waiting: number }) {
    this.#free = atOnce
    this.#mostWaiting = waiting
  }

  /** Errors: throws Busy when all places are taken, those for waiting too; else whatever `work` throws. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--
    else if (this.#waiting.length < this.#mostWaiting) await new Promise<void>((begin) => this.#waiting.push(begin))
    else throw new Busy('Too many of these are running already.')
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#free++
    }
  }
}
