'use client'
import { CornerDownRight } from 'lucide-react'
import { useState } from 'react'
import type { CommandRequest } from '@/db/domain/command-request'
import type { BlockingNode } from '@/db/sessions/blocking'
import { exactCount, plural } from '../format'
import { EndSession } from '../run/end-session'
import { TextButton } from '../ui/button'
import { Card, CardHeader } from '../ui/card'
import { classes } from '../ui/class-names'
import { age, blockerName, lockObject, releaseWords } from './activity-messages'
import type { ActivityAnswer, Session } from './activity-types'
import { endsOf } from './session-actions'
import { State, whoWords } from './session-columns'
import { useHeldOrder } from './use-activity'

interface BlockingProps {
  activity: ActivityAnswer
  mayRun: boolean
  onOpen: (pid: number) => void
  onAsk: (request: CommandRequest) => void
}

/** A storm of waits must not push the rest of the page away. */
const FIRST_LINES = 30

/** Who waits for whom, root blockers first. */
export function Blocking({ activity, mayRun, onOpen, onAsk }: BlockingProps) {
  const { trees, sessions, limits } = activity
  const rows = new Map(sessions.map((row) => [row.pid, row]))
  const [all, setAll] = useState(false)
  const { lines, hold } = useHeldOrder(trees.flatMap((tree) => flat(tree)))
  const shown = all ? lines : lines.slice(0, FIRST_LINES)
  return (
    <Card label="Blocking" className="mb-4 overflow-hidden">
      <div id="blocking" />
      <CardHeader title="Blocking" sub={trees.length === 0 ? undefined : 'root blockers first'} />
      {lines.length === 0 ? (
        <p className="flex items-center gap-2 px-4 pt-1 pb-3 text-ink-3">
          <i aria-hidden className={classes('size-[7px] rounded-full', activity.counts.hidden > 0 ? 'bg-warn-fill' : 'bg-ok-fill')} />
          {activity.counts.hidden > 0
            ? `No session visible to ${activity.role} is blocked by a lock; ${exactCount(activity.counts.hidden)} are hidden.`
            : 'No session is blocked by a lock.'}
        </p>
      ) : (
        <ul className="mt-2" onPointerEnter={() => hold(true)} onPointerLeave={() => hold(false)}>
          {shown.map(({ node, depth, ended }) => (
            <Line
              key={node.key}
              ended={ended}
              node={node}
              depth={depth}
              row={rows.get(node.pid)}
              alone={trees.length === 1}
              limits={limits}
              mayRun={mayRun}
              onOpen={onOpen}
              onAsk={onAsk}
            />
          ))}
          {shown.length < lines.length && (
            <li className="border-t border-grid px-4 py-2 text-cell">
              <TextButton onClick={() => setAll(true)}>Show {lines.length - shown.length} more</TextButton>
            </li>
          )}
        </ul>
      )}
    </Card>
  )
}

interface TreeLine {
  key: string
  node: BlockingNode
  depth: number
  /** It was there when the pointer came, and neither waits nor blocks any more. */
  ended?: boolean
}

const flat = (node: BlockingNode, depth = 0): TreeLine[] => [
  { key: node.key, node, depth },
  ...node.waiters.flatMap((waiter) => flat(waiter, depth + 1)),
]

interface LineProps extends Omit<BlockingProps, 'activity'> {
  node: BlockingNode
  depth: number
  ended: boolean | undefined
  row: Session | undefined
  /** There is no other tree. */
  alone: boolean
  limits: ActivityAnswer['limits']
}

/** Deeper chains are told by their number, not by more white. */
const MOST_INDENT = 6

function Line({ node, depth, ended, row, alone, limits, mayRun, onOpen, onAsk }: LineProps) {
  const name = blockerName(node)
  // Whoever only waits is not the remedy: its end gives nothing back.
  const isRoot = depth === 0 && node.awaits === null
  const ends = ended || !isRoot || row === undefined || endsOf(row).length === 0 ? null : row
  return (
    <li
      className={classes(
        'flex items-start gap-3 border-t border-grid px-4 py-2 text-cell max-sm:flex-col max-sm:gap-1.5',
        depth === 0 && node.all > 0 && !ended && 'bg-warn-soft',
        ended && 'faded',
      )}
    >
      <div className="flex min-w-0 flex-1 gap-1.5" style={{ paddingLeft: Math.min(depth, MOST_INDENT) * 20 }}>
        {depth > 0 && <CornerDownRight aria-hidden className="mt-0.5 size-3.5 shrink-0 text-ink-3" />}
        <div className="min-w-0">
          <p className="flex flex-wrap items-center gap-x-2">
            {node.pid === 0 ? (
              <b className="font-semibold">{name}</b>
            ) : (
              <button type="button" className="font-semibold text-accent hover:underline" onClick={() => onOpen(node.pid)}>
                {name}
              </button>
            )}
            {row && (
              <>
                <span className="text-ink-2">{whoWords(row)}</span>
                <State row={row} limits={limits} />
              </>
            )}
          </p>
          <p className="text-ink-2 [overflow-wrap:anywhere]">
            {node.awaits && (
              <>
                {node.waitSeconds !== null && `Waiting ${age(node.waitSeconds)} for `}
                <code>{node.awaits.mode}</code> on {lockObject(node.awaits)}
                {node.heldBy && (
                  <>
                    {node.heldBy.granted ? '; held' : '; requested before it'}
                    {node.heldBy.mode && (
                      <>
                        {' as '}
                        <code>{node.heldBy.mode}</code>
                      </>
                    )}
                  </>
                )}
                {node.others.length > 0 &&
                  `; waits for ${node.others.map((other) => (/^\d+$/.test(other) ? `pid ${other}` : other)).join(', ')} too`}
                {'. '}
              </>
            )}
            {row?.query && <code className="text-ink-3">{row.query.replace(/\s+/g, ' ').trim().slice(0, 140)}</code>}
          </p>
        </div>
      </div>
      <div className="shrink-0 text-right max-sm:text-left">
        {ended && <p>No longer waiting or blocking</p>}
        {/* Of a single tree the page's title has the number already. */}
        {node.all > 0 && !ended && !(isRoot && alone) && (
          <p className={isRoot ? 'text-ink' : 'text-ink-3'}>Blocks {plural(node.all, 'session', 'sessions')}</p>
        )}
        {node.all > 0 && !ended && isRoot && <p className={alone ? 'text-ink-2' : 'text-label text-ink-3'}>{releaseWords(node)}</p>}
      </div>
      {ends && (
        <EndSession blocker={{ pid: ends.pid, backendStart: ends.backend_start ?? '', state: ends.state }} mayRun={mayRun} onAsk={onAsk} />
      )}
    </li>
  )
}
