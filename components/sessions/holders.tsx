'use client'
import type { CommandRequest } from '@/db/domain/command-request'
import type { XminHolder } from '@/db/sessions/activity'
import { exactCount } from '../format'
import { moment } from '../format-time'
import { EndSession } from '../run/end-session'
import { Card, CardHeader } from '../ui/card'
import { CopyButton } from '../ui/copy-button'
import { Identifier } from '../ui/identifier'
import { age } from './activity-messages'
import type { ActivityAnswer } from './activity-types'

/** A text as a literal of SQL; a backslash asks for the E form (manual, 4.1.2.1). */
const literal = (text: string): string =>
  text.includes('\\') ? `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'` : `'${text.replaceAll("'", "''")}'`

const line = 'flex items-start gap-3 border-t border-grid px-4 py-2 text-cell max-sm:flex-col max-sm:gap-1.5'

interface HoldersProps {
  activity: ActivityAnswer
  mayRun: boolean
  onOpen: (pid: number) => void
  onAsk: (request: CommandRequest) => void
}

/** Who keeps VACUUM from removing dead rows, the oldest first. One that blocks others has its button there, in the tree. */
export function XminHolders({ activity: { holders, seesAll, role, seenSince, trees }, mayRun, onOpen, onAsk }: HoldersProps) {
  const roots = new Set(trees.map(({ pid }) => pid))
  return (
    <Card label="xmin horizon" className="overflow-hidden">
      <div id="xmin">
        <CardHeader title="xmin horizon" sub="what keeps VACUUM from removing dead rows, oldest first" />
      </div>
      {holders.length === 0 ? (
        <p className="px-4 pt-1 pb-3 text-ink-3">
          No session, slot, prepared transaction or standby holds it{seesAll ? '.' : `, among those visible to ${role}.`}
        </p>
      ) : (
        <ul className="mt-2">
          {holders.map((holder) => (
            <li key={`${holder.kind} ${holder.name}`} className={line}>
              <div className="min-w-0 flex-1">
                <p>
                  <span className="text-ink-3">{holder.kind}</span>{' '}
                  {holder.pid === null ? (
                    <Identifier name={holder.name} className="font-medium" />
                  ) : (
                    <button type="button" className="font-medium text-accent hover:underline" onClick={() => onOpen(holder.pid ?? 0)}>
                      {holder.name}
                    </button>
                  )}
                </p>
                <p className="text-ink-2 [overflow-wrap:anywhere]">{detailOf(holder)}</p>
              </div>
              <p className="shrink-0 text-right max-sm:text-left">
                {exactCount(holder.age)} <span className="text-ink-3">transactions</span>
                <span className="block text-label text-ink-3">{sinceOf(holder, seenSince[`${holder.kind} ${holder.name}`])}</span>
              </p>
              {holder.kind === 'backend' && holder.backendStart !== null && holder.waitsFor === null && !roots.has(holder.pid ?? 0) && (
                <EndSession
                  blocker={{ pid: holder.pid ?? 0, backendStart: holder.backendStart ?? '', state: holder.state }}
                  mayRun={mayRun}
                  onAsk={onAsk}
                />
              )}
              {holder.pid !== null && roots.has(holder.pid) && (
                <a href="#blocking" className="shrink-0 text-label">
                  see Blocking
                </a>
              )}
              {holder.kind === 'replication slot' && (
                <CopyButton label="Copy drop" text={`SELECT pg_drop_replication_slot(${literal(holder.name)});`} />
              )}
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

const detailOf = ({ detail, state, datname, catalogOnly, waitsFor }: XminHolder): string =>
  [detail, state, waitsFor && `waits for ${waitsFor}`, datname && `in ${datname}`, catalogOnly && 'dead rows of the system catalogs only']
    .filter(Boolean)
    .join(', ')

function sinceOf({ kind, seconds }: XminHolder, seen: string | undefined): string {
  if (seconds !== null) return kind === 'replication slot' ? `no reader for ${age(seconds)}` : `for ${age(seconds)}`
  if (seen) return `sampled first ${moment(seen)}`
  return kind === 'standby' ? 'by hot_standby_feedback' : 'start not reported by the server'
}

/** Transactions that outlive their sessions; ending one is somebody's decision, so the statements are to take along. */
export function PreparedTransactions({ activity: { prepared, maxPrepared } }: { activity: ActivityAnswer }) {
  return (
    <Card label="Prepared transactions" className="overflow-hidden">
      <div id="prepared">
        <CardHeader title="Prepared transactions" sub={`${prepared.length} of ${exactCount(maxPrepared)}`} />
      </div>
      {prepared.length === 0 ? (
        <p className="px-4 pt-1 pb-3 text-ink-3">
          {maxPrepared === 0 ? 'Off: max_prepared_transactions is 0.' : 'No prepared transactions.'}
        </p>
      ) : (
        <ul className="mt-2">
          {prepared.map(({ gid, owner, database, prepared: at, seconds, age: transactions }) => (
            <li key={`${database} ${gid}`} className={line}>
              <div className="min-w-0 flex-1">
                <Identifier name={gid} className="font-medium" />
                <p className="text-ink-2">
                  of {owner} in {database}, {age(seconds)} old ({moment(at)}), {exactCount(transactions)} transactions. End it as {owner} in{' '}
                  {database}.
                </p>
              </div>
              <div className="flex shrink-0 flex-wrap gap-2">
                <CopyButton label="COMMIT PREPARED" text={`COMMIT PREPARED ${literal(gid)};`} />
                <CopyButton label="ROLLBACK PREPARED" text={`ROLLBACK PREPARED ${literal(gid)};`} />
              </div>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
