import type { Trigger } from '@/db/tables/autovacuum-triggers'
import type { TableDescription } from '@/db/tables/describe-table'
import type { VacuumAtWork, VacuumObstacle } from '@/db/tables/vacuum-obstacles'
import { bytesShort, count, exactCount, percent, plural } from '../format'
import { needWords, tableName, why } from './table-messages'

/** Tables of a page are told apart by it. */
export const holderName = ({ holder }: Extract<VacuumObstacle, { kind: 'held' }>): string =>
  holder.kind === 'session' ? `pid ${holder.name}` : `${holder.kind} ${holder.name}`

/** The page's sentence: must I act, and against what? */
export function tablePageTitle({ finding, autovacuum, partitions }: TableDescription): string {
  const acts = finding.needs.filter(({ act }) => act)
  const [obstacle] = autovacuum?.obstacles ?? []
  if (obstacle) return obstacleTitle(obstacle)
  if (acts.length > 0) return `${tableName(finding)} needs ${needWords(acts)}.`
  const held = finding.needs.find(({ heldBy }) => heldBy !== undefined)
  if (held) return `VACUUM cannot remove dead rows of ${tableName(finding)} yet.`
  if (finding.skipped !== null) return `A lock hides the size of ${tableName(finding)}.`
  if (finding.live === '0' && finding.dead === '0') return `${tableName(finding)} has no rows.`
  if (finding.kind === 'partitioned table') return `No problems in ${plural(partitions.length, 'partition', 'partitions')}.`
  if (finding.needs.length > 0) return `${tableName(finding)} is due for autovacuum.`
  return autovacuum && !autovacuum.on
    ? 'Autovacuum is off for this table; it needs no action yet.'
    : 'No problems: autovacuum keeps up with this table.'
}

function obstacleTitle(obstacle: VacuumObstacle): string {
  switch (obstacle.kind) {
    case 'held':
      return `Autovacuum cannot clean this table: ${holderName(obstacle)} holds back the xmin horizon.`
    case 'off':
      return obstacle.where === 'table'
        ? 'Autovacuum is off for this table, and it is due.'
        : 'Autovacuum is off on this server, and this table is due.'
    case 'locked':
      return `Autovacuum cannot lock this table: ${lockerName(obstacle.locker.pid)} holds a ${obstacle.locker.mode}.`
    case 'running':
      return `VACUUM of this table is running: ${obstacle.vacuum.phase ?? 'phase hidden from this role'}.`
    case 'workers':
      return `This table waits for an autovacuum worker: ${exactCount(obstacle.busy)} of ${exactCount(obstacle.most)} are busy.`
    case 'queued':
      return 'This table is due for autovacuum.'
  }
}

export const lockerName = (pid: number | null): string => (pid === null ? 'a prepared transaction' : `pid ${pid}`)

/** The line below: the numbers of the rule that decided. */
export function tablePageEvidence({ finding, autovacuum, detail }: TableDescription): string {
  const sentences: string[] = []
  const dead = autovacuum?.triggers.find(({ kind }) => kind === 'dead')
  if (dead && dead.at !== null)
    sentences.push(
      `${exactCount(dead.now)} dead rows are ${dead.now > dead.at ? 'over' : 'within'} the threshold of ${exactCount(Math.round(dead.at))}.`,
    )
  sentences.push(
    ...finding.needs
      .filter(({ reason }) => reason !== 'dead')
      .map((need) => `${capital(why({ ...finding }, { ...need, heldBy: undefined }))}.`),
  )
  if (finding.skipped !== null) sentences.push(`Not measured: ${finding.skipped}.`)
  if (detail.relpersistence === 'u') sentences.push('Unlogged: a crash empties it, and standbys do not have it.')
  if (sentences.length === 0) sentences.push(`${exactCount(finding.live)} live and ${exactCount(finding.dead)} dead rows.`)
  return sentences.join(' ')
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

export const TRIGGER_LABEL: Record<Trigger['kind'], string> = {
  dead: 'VACUUM, dead rows',
  inserts: 'VACUUM, inserts',
  analyze: 'ANALYZE',
  toast: 'VACUUM of TOAST',
  freeze: 'Freeze, transactions',
  multixacts: 'Freeze, multixacts',
}

const number = (value: number): string => (Number.isInteger(value) ? exactCount(value) : String(Number(value.toPrecision(6))))

/** 50 + 0.02 × 1,104,822; least(100,000,000, …) where 18 caps it; × 9% unfrozen where it counts only those pages. */
export function formulaText({ kind, formula, at }: Trigger): string {
  if (formula === null)
    return at === null
      ? 'threshold -1: never for inserts'
      : kind === 'freeze'
        ? 'autovacuum_freeze_max_age'
        : 'autovacuum_multixact_freeze_max_age'
  const { threshold, scale, reltuples, share, cap } = formula
  const unfrozen = share === null || share === 1 ? '' : ` × ${percent(share)} unfrozen`
  const sum = `${number(threshold)} + ${number(scale)} × ${exactCount(Math.round(reltuples))}${unfrozen}`
  return cap === null ? sum : `least(${exactCount(cap)}, ${sum})`
}

/** scanning heap, 44% scanned, 1 of 3 indexes, 12 s */
export function progressWords({
  phase,
  heap_bytes: total,
  scanned_bytes: scanned,
  indexes_total: all,
  indexes_processed: done,
  waits_for: blockers,
}: VacuumAtWork): string {
  const parts = [phase ?? 'phase hidden from this role']
  if (total !== null && scanned !== null && total > 0) parts.push(`${percent(scanned / total)} of ${bytesShort(total)} scanned`)
  if (all !== null && done !== null && all > 0) parts.push(`${count(done)} of ${plural(all, 'index', 'indexes')}`)
  if (blockers.length > 0) parts.push(`waits for pid ${blockers.join(', ')}`)
  return parts.join(', ')
}
