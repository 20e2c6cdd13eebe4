import { formatFirst } from '../domain/format'
import { ok, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import type { Before, Done } from './define-command'
import { indexesSince } from './done'
import { relationStates } from './facts/state'

/**
 * How many indexes lie in another file than before, and why the others do not: 2 of 3 indexes rebuilt; … was skipped: … What was dropped
 * or detached meanwhile, or came with a new partition, is no rebuild.
 */
export async function countRebuilt(target: Target, before: Before): Promise<Result<string>> {
  const since = await indexesSince(target, before)
  if (!since.ok) return since
  const { kept, gone, come } = since.value
  const all = before.files.length
  if (kept.length + gone.length + come.length === 0) return ok(all === 1 ? 'the index was rebuilt' : 'every index rebuilt')
  const rebuilt = all - kept.length - gone.length
  const reasons = [...new Set(kept.map(({ why }) => why))]
  const rest = reasons.map((why) => {
    const names = kept.filter((one) => one.why === why).map(({ relname }) => relname)
    return `${formatFirst(names)} ${were(names)} ${why === null ? 'not rebuilt' : `skipped: ${why}`}`
  })
  if (gone.length > 0) rest.push(`${formatFirst(gone)} ${were(gone)} dropped or detached meanwhile`)
  if (come.length > 0) rest.push(`${formatFirst(come)} came meanwhile and ${were(come)} not rebuilt`)
  return ok([`${rebuilt === 0 ? 'none' : rebuilt} of ${all} ${all === 1 ? 'index' : 'indexes'} rebuilt`, ...rest].join('; '))
}

const were = (names: string[]): string => (names.length === 1 ? 'was' : 'were')

const BUILT: Record<Done, string> = { yes: 'valid', partly: 'invalid', no: 'not there' }

/** Of an index that a command makes: whether it is valid. */
export const formatBuilt =
  (done: (target: Target, before: Before) => Promise<Result<Done>>) =>
  async (target: Target, before: Before): Promise<Result<string>> => {
    const found = await done(target, before)
    return found.ok ? ok(BUILT[found.value]) : found
  }

/** Which tables VACUUM or ANALYZE has left out, by what pg_stat_all_tables says of each, and what the server told of them. */
export const countMaintained =
  (verb: 'vacuumed' | 'analyzed', noted: 'last_vacuum' | 'last_analyze') =>
  async (target: Target, { at, files }: Before, said: string[]): Promise<Result<string>> => {
    const states = await runRead(target, relationStates, { oids: files.map(({ oid }) => oid) })
    if (!states.ok) return states
    const former = new Map(files.map(({ oid, relfilenode }) => [oid, relfilenode]))
    const left = states.value.filter(
      (state) => (state[noted] ?? 0) < at && (noted === 'last_analyze' || former.get(state.oid) === state.relfilenode),
    )
    if (left.length === 0) return ok(`${verb}, says pg_stat_all_tables`)
    const names = left.map(({ relname }) => relname).sort()
    const told = said.filter((line) => /^WARNING/.test(line) && names.some((name) => line.includes(`"${name}"`)))
    const why = told.length > 0 ? `: ${formatFirst(told.map((line) => line.replace(/^WARNING: +/, '')))}` : ''
    if (files.length === 1) return ok(`not ${verb}, says pg_stat_all_tables${why}`)
    const done = files.length - left.length
    const rest = `${formatFirst(names)} ${names.length === 1 ? 'was' : 'were'} not${why}`
    return ok(`${done === 0 ? 'none' : done} of ${files.length} tables ${verb}, says pg_stat_all_tables; ${rest}`)
  }
