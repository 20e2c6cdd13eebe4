import type { Labelled } from './labelled'

/** What Proctor proposed: by index name the verdict of the check that would drop it, and the keys called unserved. */
export interface Proposals {
  drops: Map<string, { verdict: Verdict; sql: string }>
  unserved: Set<string>
}

export type Verdict = 'unused' | 'redundant' | 'invalid'
export const VERDICTS: Verdict[] = ['redundant', 'unused', 'invalid']

export interface Score {
  verdict: string
  /** How many the catalog has. */
  labelled: number
  proposed: number
  right: number
  precision: number
  recall: number
}

/** What is wrong, one sentence each. */
export interface Judged {
  scores: Score[]
  falseDrops: string[]
  missed: string[]
}

const share = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole)

/** Compares what was proposed with the labels. A group of which one stays counts as its size less one. */
export function judge(labelled: Labelled, { drops, unserved }: Proposals): Judged {
  const falseDrops: string[] = []
  const missed: string[] = []
  const grouped = new Set(labelled.oneStays.flat())
  for (const some of [...labelled.oneStays, ...labelled.oneKept]) {
    if (some.every((name) => drops.has(name))) falseDrops.push(`all of ${some.join(', ')} are proposed`)
  }
  for (const some of labelled.oneStays) {
    const staying = some.filter((name) => !drops.has(name))
    for (const name of staying.slice(1)) missed.push(`${name} stands for the same as ${staying[0]}`)
  }
  for (const [name, label] of labelled.labels) {
    const drop = drops.get(name)
    if (drop && label === 'keep') falseDrops.push(`${name} is called ${drop.verdict}`)
    if (!drop && label !== 'keep' && label !== 'open' && !grouped.has(name)) missed.push(`${name} is ${label}`)
  }
  const scores = VERDICTS.map((verdict) => {
    const names = [...labelled.labels].filter(([name, label]) => label === verdict && !grouped.has(name)).map(([name]) => name)
    const groups = verdict === 'redundant' ? labelled.oneStays : []
    const wanted = names.length + groups.reduce((sum, some) => sum + some.length - 1, 0)
    const found =
      names.filter((name) => drops.has(name)).length +
      groups.reduce((sum, some) => sum + Math.min(some.length - 1, some.filter((name) => drops.has(name)).length), 0)
    const proposed = [...drops].filter(([name, drop]) => drop.verdict === verdict && labelled.labels.get(name) !== 'open')
    const wrong = proposed.filter(([name]) => labelled.labels.get(name) === 'keep').length
    return scored(verdict, wanted, proposed.length, proposed.length - wrong, found)
  })
  const keys = labelled.keys.filter(({ key }) => key === 'unserved')
  const rightly = keys.filter(({ name }) => unserved.has(name))
  for (const { name, key } of labelled.keys) {
    if (key !== 'unserved' && unserved.has(name)) falseDrops.push(`${name} is called unserved, it is ${key}`)
    if (key === 'unserved' && !unserved.has(name)) missed.push(`${name} is unserved`)
  }
  const told = labelled.keys.filter(({ name }) => unserved.has(name)).length
  scores.push(scored('foreign key without index', keys.length, told, rightly.length, rightly.length))
  return { scores, falseDrops, missed }
}

const scored = (verdict: string, labelled: number, proposed: number, right: number, found: number): Score => ({
  verdict,
  labelled,
  proposed,
  right,
  precision: share(right, proposed),
  recall: share(found, labelled),
})
