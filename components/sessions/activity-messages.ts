import type { BlockingNode } from '@/db/sessions/blocking'
import type { AwaitedLock } from '@/db/sessions/reads/sessions'
import { duration, exactCount, numberWord, plural } from '../format'
import type { ActivityAnswer, Session } from './activity-types'

/** Seconds as an age; an en dash for null. */
export const age = (seconds: number | null): string =>
  seconds !== null && seconds < 1 ? '< 1 s' : duration(seconds === null ? null : Math.floor(seconds) * 1000)

/** metabase, else the role, else what it is. */
export const nameOf = ({ application_name: application, usename, backend_type: type }: Session): string =>
  type === 'autovacuum worker' ? 'autovacuum' : application || usename || type || 'unknown'

/** pid 4121, or what a prepared transaction was called. */
export const blockerName = ({ pid, gid }: Pick<BlockingNode, 'pid' | 'gid'>): string =>
  pid === 0 ? `prepared transaction ${gid ?? 'of another database'}` : `pid ${pid}`

/** What a lock is on: row of course, relation course, transaction 1234. */
export function lockObject({
  locktype,
  datname,
  schemaname,
  relname,
  relation,
  row,
  transactionid,
  virtualxid,
}: Omit<AwaitedLock, 'mode'>): string {
  const known = relname && (schemaname === null || schemaname === 'public' ? relname : `${schemaname}.${relname}`)
  const named = known ?? (relation === null ? null : `relation ${relation}${datname ? ` of database ${datname}` : ''}`)
  if (row && named) return `a row of ${named}`
  if (named) return locktype === 'relation' ? named : `${locktype} of ${named}`
  if (transactionid !== null) return `transaction ${transactionid}`
  if (virtualxid !== null) return `virtual transaction ${virtualxid}`
  return locktype === 'advisory' ? 'an advisory lock' : locktype
}

/** What ending one would give those behind it. */
export function releaseWords({ all, releases }: Pick<BlockingNode, 'all' | 'releases'>): string {
  if (all === 0) return ''
  const later = all - releases
  if (releases === 0) return 'Ending it unblocks no session: all of them wait for others too'
  const once = `Ending it unblocks ${plural(releases, 'session', 'sessions')} now`
  return later > 0 ? `${once}, ${later} later` : once
}

/** The page's sentence: must I act? */
export function activityTitle(activity: ActivityAnswer): string {
  const { trees, counts, sessions, limits } = activity
  const held = new Set(trees.flatMap(pidsBehind)).size
  const [first] = trees
  if (first && trees.length === 1) return `${capital(blockerName(first))} blocks ${plural(held, 'session', 'sessions')}.`
  if (trees.length > 1) return `${trees.length} sessions block ${held} others.`
  const usable = counts.max - counts.reserved
  if (counts.total >= usable * limits.nearShare) return `${exactCount(counts.total)} of ${exactCount(usable)} connections are in use.`
  const idle = sessions.filter((row) => isIdleInTransaction(row) && (row.state_seconds ?? 0) >= limits.idleSeconds)
  if (idle.length > 0)
    return `${numberWord(idle.length, true)} ${idle.length === 1 ? 'session is' : 'sessions are'} idle in transaction, for up to ${age(Math.max(...idle.map((row) => row.state_seconds ?? 0)))}.`
  const long = sessions.filter((row) => row.backend_type === 'client backend' && (row.xact_seconds ?? 0) >= limits.longSeconds)
  if (long.length > 0)
    return `${numberWord(long.length, true)} ${long.length === 1 ? 'transaction has' : 'transactions have'} been open for up to ${age(Math.max(...long.map((row) => row.xact_seconds ?? 0)))}.`
  if (counts.waitingForLock > 0)
    return `${numberWord(counts.waitingForLock, true)} ${counts.waitingForLock === 1 ? 'session waits' : 'sessions wait'} for a lock.`
  return counts.hidden > 0 ? 'No session visible to this role waits for a lock.' : 'No session waits for a lock.'
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

const pidsBehind = (node: BlockingNode): string[] => node.waiters.flatMap((waiter) => [waiter.key, ...pidsBehind(waiter)])

/** The line below: in numbers, and what cannot be seen. */
export function activityEvidence({ trees, counts, prepared, seesAll, role, grant, notAsked }: ActivityAnswer): string {
  const sentences = [
    `${exactCount(counts.active)} active, ${exactCount(counts.idleInTransaction)} idle in transaction, ${exactCount(counts.idle)} idle; Proctor itself has ${exactCount(counts.own)}.`,
  ]
  const [worst] = trees
  if (worst) sentences.unshift(`The longest has waited ${age(worst.longestWait)}.`)
  if (prepared.length > 0) sentences.push(`${plural(prepared.length, 'prepared transaction', 'prepared transactions')}.`)
  if (notAsked > 0) sentences.push(`The blockers of ${exactCount(notAsked)} more waiting sessions were not read.`)
  if (!seesAll && counts.hidden > 0)
    sentences.push(
      `What ${plural(counts.hidden, 'session of another role does', 'sessions of other roles do')} is hidden from ${role}, and so is whether it waits or holds up others; this shows it: ${grant}`,
    )
  return sentences.join(' ')
}

export const isIdleInTransaction = ({ state }: Pick<Session, 'state'>): boolean => state?.startsWith('idle in transaction') ?? false
