import { formatFirst } from '../../domain/format'
import { ok, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import type { Before, Done } from '../define-command'
import { indexesNow, nameKey } from '../facts/replaced'
import { relationStates } from '../facts/state'
import { collationNow } from './facts'

interface Seen {
  /** Names of indexes that lie in the file that they lay in before. */
  kept: string[]
  /** Names that lead to no valid index any more. */
  gone: string[]
  /** As they are written down now, of those that are there. */
  versions: string[]
  /** How many of them the library has otherwise, or that are gone. */
  outdated: number
}

async function seen(target: Target, { files, input }: Before): Promise<Result<Seen>> {
  const oids = (input?.oids as number[] | undefined) ?? []
  const database = input?.database === true
  const [states, there, now] = await Promise.all([
    runRead(target, relationStates, { oids: files.map(({ oid }) => oid) }),
    indexesNow(target, files),
    runRead(target, collationNow, { oids, database }),
  ])
  if (!states.ok) return states
  if (!there.ok) return there
  if (!now.ok) return now
  const former = new Map(files.map(({ oid, relfilenode }) => [oid, relfilenode]))
  const kept = states.value.filter(({ oid, relfilenode }) => former.get(oid) === relfilenode)
  const keptOids = new Set(kept.map(({ oid }) => oid))
  const gone = files.filter((file) => !keptOids.has(file.oid) && !there.value.has(nameKey(file)))
  const fresh = now.value.filter(({ stored, actual }) => stored === actual).length
  return ok({
    kept: kept.map(({ relname }) => relname).sort(),
    gone: gone.map(({ relname }) => relname ?? '').sort(),
    versions: [...new Set(now.value.flatMap(({ stored }) => stored ?? []))],
    outdated: new Set(oids).size + (database ? 1 : 0) - fresh,
  })
}

/** Rebuilt is what lies in another file than before, under its name; a version is refreshed when it is the one of the library. */
export async function refreshed(target: Target, before: Before): Promise<Result<Done>> {
  const found = await seen(target, before)
  if (!found.ok) return found
  const { kept, gone, outdated } = found.value
  if (kept.length === 0 && outdated === 0) return ok('yes')
  const all = new Set(before.input?.oids as number[]).size + (before.input?.database === true ? 1 : 0)
  return ok(kept.length + gone.length === before.files.length && outdated === all ? 'no' : 'partly')
}

/** How many indexes were rebuilt, and which version was written down before and is now. */
export async function formatRefreshed(target: Target, before: Before): Promise<string> {
  const found = await seen(target, before)
  if (!found.ok) return `could not look: ${found.problem.message}`
  const { kept, gone, versions, outdated } = found.value
  const all = before.files.length
  const rebuilt = `${all - kept.length - gone.length} of ${all} ${all === 1 ? 'index' : 'indexes'} rebuilt`
  const rest = [
    ...(kept.length === 0 ? [] : [`not rebuilt: ${formatFirst(kept)}`]),
    ...(gone.length === 0 ? [] : [`dropped meanwhile: ${formatFirst(gone)}`]),
  ]
  const version =
    outdated === 0 ? `version before: ${before.object.definition}; now: ${formatFirst(versions)}` : 'the version is not refreshed'
  return [...(all === 0 ? [] : [rebuilt]), ...rest, version].join('; ')
}
