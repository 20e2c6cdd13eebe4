import type { PlannedPhase } from '../work'
import { vacuumReports } from './report'

export const LAZY: PlannedPhase[] = [
  { name: 'Scan heap', covers: ['vacuum: initializing', 'vacuum: scanning heap'] },
  { name: 'Vacuum indexes', covers: ['vacuum: vacuuming indexes'], optional: true },
  { name: 'Vacuum heap', covers: ['vacuum: vacuuming heap'], optional: true },
  { name: 'Clean up indexes', covers: ['vacuum: cleaning up indexes'], optional: true },
  { name: 'Truncate', covers: ['vacuum: truncating heap'], optional: true },
  { name: 'Finish', covers: ['vacuum: performing final cleanup'] },
]

export const FULL: PlannedPhase[] = [
  { name: 'Lock' },
  { name: 'Copy rows', covers: ['initializing', 'seq scanning', 'index scanning', 'sorting', 'writing'].map((one) => `cluster: ${one}`) },
  { name: 'Swap files', covers: ['cluster: swapping'] },
  { name: 'Rebuild indexes', covers: ['cluster: rebuilding index'] },
  { name: 'Finish', covers: ['cluster: performing final cleanup'] },
]

export const phasesOf = (phases: PlannedPhase[], { analyze }: { analyze: boolean }): PlannedPhase[] =>
  analyze ? [...phases, { name: 'Analyze', covers: ['analyze:'] }] : phases

/**
 * By what the reports of VACUUM (VERBOSE) say in any language; of 14, whose lines differ by words alone, by what English ones say.
 * `said`: what the server told, one message an entry.
 */
export function happened(phase: string, said: string[]): boolean | null {
  if (phase === 'Truncate') return truncates(said)
  return phase === 'Clean up indexes' ? null : scansIndexes(said)
}

function scansIndexes(said: string[]): boolean | null {
  const scans = vacuumReports(said).flatMap(({ indexScans }) => indexScans ?? [])
  if (scans.length > 0) return scans.some((count) => count > 0)
  // 14 names each index that it scans, and else only what it found.
  return anyOf(said, /scanned index "/) ? true : anyOf(said, /: found \d+ removable/) ? false : null
}

function truncates(said: string[]): boolean | null {
  const removed = vacuumReports(said).flatMap(({ pagesRemoved }) => pagesRemoved ?? [])
  if (removed.length > 0) return removed.some((count) => count > 0)
  return anyOf(said, /truncated \d+ to \d+ pages/) ? true : anyOf(said, /: found \d+ removable/) ? false : null
}

const anyOf = (said: string[], pattern: RegExp): boolean => said.some((text) => pattern.test(text))
