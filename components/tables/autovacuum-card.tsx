import Link from 'next/link'
import type { ReactNode } from 'react'
import type { AutovacuumOfTable } from '@/db/tables/describe-table'
import type { VacuumObstacle } from '@/db/tables/vacuum-obstacles'
import { bytesShort, duration, exactCount } from '../format'
import { ago, clock } from '../format-time'
import { activityHref } from '../sessions/activity-params'
import { ButtonLink } from '../ui/button'
import { Card, CardHeader } from '../ui/card'
import { formulaText, holderName, lockerName, progressWords } from './table-page-messages'

interface AutovacuumCardProps {
  autovacuum: AutovacuumOfTable
  server: string
  database: string
  readAt: string
  /** The dead rows over time. */
  children: ReactNode
  /** Opens the options of the table. */
  onOptions?: () => void
}

/** The rule with its numbers, and what keeps autovacuum from its work on this table. */
export function AutovacuumCard({ autovacuum, server, database, readAt, children, onOptions }: AutovacuumCardProps) {
  const { triggers, obstacles, on, vacuum, runs, pace } = autovacuum
  const dead = triggers.find(({ kind }) => kind === 'dead')
  const state = vacuum
    ? `running now, ${vacuum.automatic ? 'autovacuum' : 'VACUUM'} pid ${vacuum.pid}`
    : on
      ? `${exactCount(runs)} ${runs === '1' ? 'run' : 'runs'} since the statistics began`
      : 'off: freezing alone brings it'
  return (
    <Card label="Autovacuum" className="pb-3">
      <CardHeader title="Autovacuum" sub={state} />
      <div className="px-4 pt-1.5">{children}</div>
      {dead && dead.at !== null && (
        <p className="mx-4 mt-2 rounded-control bg-sunken px-3 py-2 text-cell [overflow-wrap:anywhere]">
          <code>
            {formulaText(dead)} = <b className="font-semibold">{exactCount(Math.round(dead.at))}</b> {dead.now > dead.at ? '<' : '≥'}{' '}
            <span className={dead.now > dead.at ? 'font-semibold text-warn' : undefined}>{exactCount(dead.now)}</span> dead rows
          </code>
        </p>
      )}
      {obstacles.length === 0 ? (
        <p className="px-4 pt-2.5 text-cell text-ink-2">
          {dead && dead.at !== null && `It comes above ${exactCount(Math.round(dead.at))} dead rows, or for another trigger below. `}
          Nothing keeps it from this table.
        </p>
      ) : (
        <>
          <h3 className="px-4 pt-3 text-cell font-semibold">Why it does not keep up</h3>
          <ul className="px-4">
            {obstacles.map((obstacle) => (
              <li
                key={keyOf(obstacle)}
                className="flex flex-wrap items-center gap-x-3 gap-y-1.5 border-t border-grid py-2 text-cell text-ink-2 first:border-t-0"
              >
                <p className="min-w-0 flex-1 basis-64 [overflow-wrap:anywhere]">
                  <Obstacle obstacle={obstacle} readAt={readAt} server={server} database={database} />
                </p>
                <WayTo obstacle={obstacle} server={server} database={database} onOptions={onOptions} />
              </li>
            ))}
          </ul>
        </>
      )}
      <p className="px-4 pt-1.5 text-label text-ink-3">
        A round of this database starts every {duration(autovacuum.naptime * 1000)} (autovacuum_naptime).{' '}
        {pace
          ? `Cost-based delay lets all workers together read ${bytesShort(pace.read * 8192)} or dirty ${bytesShort(pace.dirtied * 8192)} a second at most.`
          : 'Cost-based delay is off.'}
      </p>
    </Card>
  )
}

const keyOf = (obstacle: VacuumObstacle): string => (obstacle.kind === 'held' ? holderName(obstacle) : obstacle.kind)

function Obstacle({ obstacle, readAt, server, database }: { obstacle: VacuumObstacle; readAt: string; server: string; database: string }) {
  switch (obstacle.kind) {
    case 'held':
      return (
        <>
          <b className="font-semibold text-ink">{obstacle.said}</b> holds the xmin horizon {exactCount(obstacle.holder.age)} transactions
          back. Rows that died after it began stay until it ends.
          {obstacle.since && ` A VACUUM ended ${ago(obstacle.since, readAt)} and had to keep them.`}
        </>
      )
    case 'off':
      return obstacle.where === 'table' ? (
        <>
          <code>autovacuum_enabled</code> is off for this table.
        </>
      ) : (
        <>
          <code>{obstacle.where}</code> is off on this server.
        </>
      )
    case 'locked':
      return (
        <>
          <b className="font-semibold text-ink">{lockerName(obstacle.locker.pid)}</b>
          {obstacle.locker.who && ` (${obstacle.locker.who}${obstacle.locker.state ? `, ${obstacle.locker.state}` : ''})`} holds a{' '}
          <code>{obstacle.locker.mode}</code>. Autovacuum skips a table that it cannot lock at once.
        </>
      )
    case 'running':
      return (
        <>
          <Link href={activityHref(server, database, obstacle.vacuum.pid)}>pid {obstacle.vacuum.pid}</Link> is at work:{' '}
          {progressWords(obstacle.vacuum)}
          {obstacle.vacuum.seconds !== null && `, since ${clock(Date.parse(readAt) - obstacle.vacuum.seconds * 1000)} UTC`}.
        </>
      )
    case 'workers':
      return (
        <>
          All {exactCount(obstacle.most)} workers (<code>autovacuum_max_workers</code>) are at work on other tables.
        </>
      )
    case 'queued':
      return <>Nothing stands in its way: the next round takes it, in {duration(obstacle.naptime * 1000)} at most if a worker is free.</>
  }
}

/** The way to what has to end or be changed. */
function WayTo({
  obstacle,
  server,
  database,
  onOptions,
}: {
  obstacle: VacuumObstacle
  server: string
  database: string
  onOptions?: () => void
}) {
  const small = { size: 'sm' } as const
  if (obstacle.kind === 'held') {
    const { kind, pid } = obstacle.holder
    if (kind === 'prepared transaction')
      return (
        <ButtonLink {...small} href={activityHref(server, database, 0)}>
          Review prepared transaction
        </ButtonLink>
      )
    if (kind === 'session' && pid !== null)
      return (
        <ButtonLink {...small} href={activityHref(server, database, pid)}>
          Review pid {pid}
        </ButtonLink>
      )
    return (
      <ButtonLink {...small} href={`/${encodeURIComponent(server)}/db/${encodeURIComponent(database)}/replication`}>
        Review {kind}
      </ButtonLink>
    )
  }
  if (obstacle.kind === 'locked')
    return (
      <ButtonLink {...small} href={activityHref(server, database, obstacle.locker.pid ?? 0)}>
        Review {lockerName(obstacle.locker.pid)}
      </ButtonLink>
    )
  if (obstacle.kind === 'off' && obstacle.where === 'table' && onOptions)
    return (
      <button type="button" className="text-label text-accent hover:underline" onClick={onOptions}>
        Table options…
      </button>
    )
  if (obstacle.kind === 'off' && obstacle.where !== 'table')
    return (
      <ButtonLink
        {...small}
        href={`/${encodeURIComponent(server)}/db/${encodeURIComponent(database)}/settings?show=all&q=${obstacle.where}`}
      >
        Show setting
      </ButtonLink>
    )
  return null
}
