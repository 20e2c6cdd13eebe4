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
const TARGETS = { mean: 1, worst: 8, withheld: 0.08, within: 0.95 }

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
    more: measured.filter((one) => one.set === 'more'),
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
  const fresh = measured.filter((one) => one.reasons[OURS_CATALOG] !== 'stale statistics')
  tellReasons(fresh)
  const misses = [...missesOf(OURS_FULL, measured), ...missesOf(OURS_CATALOG, fresh)]
  for (const miss of misses) console.log(`MISSED: ${miss}`)
  if (misses.length === 0) console.log('Every target met')
  return misses.length > 0
}

/** Why the catalog alone does not say, most frequent reason first. */
function tellReasons(fresh: Measured[]): void {
  const withheld = Object.groupBy(fresh, (one) => one.reasons[OURS_CATALOG] ?? '')
  delete withheld['']
  const share = (few: Measured[]) => `${few.length} (${((100 * few.length) / fresh.length).toFixed(1)} %)`
  console.log(
    `${OURS_CATALOG}: of ${fresh.length} whose statistics are fresh, withheld ${share(Object.values(withheld).flatMap((few) => few ?? []))}`,
  )
  for (const [reason, few = []] of Object.entries(withheld).sort(([, a = []], [, b = []]) => b.length - a.length))
    console.log(`  ${share(few).padEnd(14)} ${reason}: ${[...new Set(few.map((one) => one.shape.name))].join('; ')}`)
}

function missesOf(way: string, measured: Measured[]): string[] {
  const s = score(way, measured)
  return [
    s.mean > TARGETS.mean && `${way}: mean error ${s.mean.toFixed(2)} points, at most ${TARGETS.mean}`,
    s.worst > TARGETS.worst && `${way}: an error of ${s.worst.toFixed(1)} points (${s.worstCase}), at most ${TARGETS.worst}`,
    s.withheld > TARGETS.withheld && `${way}: withheld for ${(100 * s.withheld).toFixed(0)} %, at most ${100 * TARGETS.withheld} %`,
    s.within < TARGETS.within && `${way}: ± true for ${(100 * s.within).toFixed(0)} %, at least ${100 * TARGETS.within} %`,
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
