import { type Measured, OURS_CATALOG, OURS_FULL, OURS_STATINDEX } from './bloat-lab-measure'

interface Score {
  mean: number
  worst: number
  worstCase: string
  withheld: number
  /** Share of the truths inside the printed ±; NaN for a way that prints none. */
  within: number
}

/** What the console promises, in points and shares. */
const TARGETS = { mean: 1.5, worst: 10, withheld: 0.1, within: 0.9 }

/** A rebuild that makes an index larger gives back nothing: no way prints less than 0, so the truth is not less either. */
const truthOf = (one: Measured): number => Math.max(0, one.truth)

function score(way: string, measured: Measured[]): Score {
  const spoken = measured.flatMap((one) => {
    const said = one.says[way]
    return said ? [{ one, error: Math.abs(said.points - truthOf(one)), plusMinus: said.plusMinus }] : []
  })
  const worst = spoken.reduce<(typeof spoken)[number] | undefined>(
    (most, next) => (next.error > (most?.error ?? -1) ? next : most),
    undefined,
  )
  const printed = spoken.filter((entry) => entry.plusMinus !== undefined)
  return {
    mean: spoken.reduce((sum, entry) => sum + entry.error, 0) / Math.max(spoken.length, 1),
    worst: worst?.error ?? 0,
    worstCase: worst ? nameOf(worst.one) : '',
    withheld: 1 - spoken.length / measured.length,
    within: printed.filter((entry) => entry.error <= (entry.plusMinus ?? 0)).length / printed.length,
  }
}

const nameOf = (one: Measured): string => `${one.shape.name}, ${one.history.name}`

/** Prints the table; true when a target was missed. */
export function report(measured: Measured[], about: { rows: number; seed: string; details: boolean }): boolean {
  const version = measured[0]?.version
  console.log(`PostgreSQL ${version}, ${measured.length} b-trees of ${about.rows} rows, seed ${about.seed}`)
  console.log('Errors in percentage points of the index, against what REINDEX gave back\n')
  if (about.details) for (const one of measured) console.log(line(one))
  const ways = Object.keys(measured[0]?.says ?? {})
  const sets = {
    all: measured,
    ordinary: measured.filter((one) => one.set === 'ordinary'),
    hard: measured.filter((one) => one.set === 'hard'),
  }
  for (const [name, set] of Object.entries(sets)) {
    if (set.length === 0) continue
    console.log(
      `${name}: ${set.length} indexes`.padEnd(32),
      'mean'.padStart(6),
      'worst'.padStart(7),
      'withheld'.padStart(9),
      'in ±'.padStart(6),
      ' worst case',
    )
    for (const way of ways) {
      const s = score(way, set)
      const within = Number.isNaN(s.within) ? '–' : `${(100 * s.within).toFixed(0)} %`
      const withheld = `${(100 * s.withheld).toFixed(0)} %`
      console.log(
        way.padEnd(32),
        s.mean.toFixed(2).padStart(6),
        s.worst.toFixed(1).padStart(7),
        withheld.padStart(9),
        within.padStart(6),
        ` ${s.worstCase}`,
      )
    }
    console.log()
  }
  const times = measured.map((one) => one.milliseconds).sort((a, b) => a - b)
  console.log(`Page sample: median ${times[Math.floor(times.length / 2)]?.toFixed(0)} ms, slowest ${times.at(-1)?.toFixed(0)} ms`)
  const misses = [...missesOf(OURS_FULL, measured, true), ...missesOf(OURS_CATALOG, measured, false)]
  for (const miss of misses) console.log(`MISSED: ${miss}`)
  if (misses.length === 0) console.log('Every target met')
  return misses.length > 0
}

function missesOf(way: string, measured: Measured[], countWithheld: boolean): string[] {
  const s = score(way, measured)
  return [
    s.mean > TARGETS.mean && `${way}: mean error ${s.mean.toFixed(2)} points, at most ${TARGETS.mean}`,
    s.worst > TARGETS.worst && `${way}: an error of ${s.worst.toFixed(1)} points (${s.worstCase}), at most ${TARGETS.worst}`,
    countWithheld && s.withheld > TARGETS.withheld && `${way}: withheld for ${(100 * s.withheld).toFixed(0)} %, at most 10 %`,
    s.within < TARGETS.within && `${way}: ± true for ${(100 * s.within).toFixed(0)} %, at least 90 %`,
  ].filter((miss) => miss !== false)
}

function line(one: Measured): string {
  const cell = (way: string) => {
    const said = one.says[way]
    return (said ? `${said.points.toFixed(1)} ± ${(said.plusMinus ?? 0).toFixed(1)}` : (one.reasons[way] ?? '–').slice(0, 18)).padStart(19)
  }
  const size = `${Math.round(one.bytes / 8192)} pages`.padStart(12)
  return `${nameOf(one).padEnd(46)}${size}  truth ${one.truth.toFixed(1).padStart(6)} ${[OURS_FULL, OURS_STATINDEX, OURS_CATALOG].map(cell).join(' ')} ${one.milliseconds.toFixed(0)} ms`
}
