import { bytesShort } from '../format'
import { Badge } from '../ui/badge'
import { Card, CardHeader } from '../ui/card'
import { classes } from '../ui/class-names'
import { Identifier } from '../ui/identifier'
import { type Link, linksOf, type Tone } from './links'
import { settingSize } from './replication-messages'
import type { ReplicationAnswer } from './replication-types'

const TEXT: Record<Tone, string> = { ok: '', warn: 'text-warn', bad: 'text-bad', off: 'text-ink-3' }
const DOT: Record<Tone, string> = {
  ok: 'bg-ok-fill',
  warn: 'bg-warn-fill',
  bad: 'border-[1.5px] border-bad-fill',
  off: 'border-[1.5px] border-line-2',
}

/** This server, and who gets WAL of it or gives it WAL: a picture; on a narrow window a list. */
export function Topology({ server, now }: { server: string; now: ReplicationAnswer }) {
  const links = linksOf(now)
  return (
    <Card label="Topology" className="mb-4 pb-4">
      <CardHeader title="Topology" sub={now.state.in_recovery ? 'as this standby sees it' : 'who gets WAL, and how far they are'}>
        <Sign tone="ok">streaming</Sign>
        <Sign tone="bad">no reader</Sign>
      </CardHeader>
      <div className="mt-3 flex items-center px-4 max-lg:flex-col max-lg:items-stretch max-lg:gap-3">
        <Self server={server} now={now} />
        {links.length === 0 ? (
          <p className="min-w-0 flex-1 px-6 py-3 text-ink-3 max-lg:px-0">
            No standby, subscriber or slot, and archive_mode is off: this server is its only copy.
          </p>
        ) : (
          <ul className="min-w-0 flex-1 max-lg:flex max-lg:flex-col max-lg:gap-3">
            {links.map((link, at) => (
              <LinkLine key={link.key} link={link} first={at === 0} last={at === links.length - 1} />
            ))}
          </ul>
        )}
      </div>
    </Card>
  )
}

const Sign = ({ tone, children }: { tone: Tone; children: string }) => (
  <span className="inline-flex items-center gap-1.5">
    <i aria-hidden className={classes('size-2 rounded-full', DOT[tone])} />
    {children}
  </span>
)

function Self({ server, now: { state, walRate } }: { server: string; now: ReplicationAnswer }) {
  const facts: [string, string][] = [
    [state.in_recovery ? 'Replayed LSN' : 'Current LSN', state.lsn ?? '–'],
    ['WAL', walRate === null ? 'n/a under 1 h' : `${bytesShort(walRate * 3600)} an hour`],
    ...(state.timeline === null ? [] : ([['Timeline', String(state.timeline)]] as [string, string][])),
    ['synchronous_standby_names', state.synchronous_standby_names || 'none'],
    ['wal_level', state.wal_level],
    ['max_wal_size', settingSize(state.max_wal_bytes)],
  ]
  return (
    <div className="w-[300px] shrink-0 rounded-card border border-line-2 px-3 py-2.5 max-lg:w-full">
      <p className="flex items-center gap-2">
        <i aria-hidden className="size-2 shrink-0 rounded-full bg-ok-fill" />
        <Identifier name={server} className="font-medium" />
        <Badge className="ml-auto">{state.in_recovery ? 'standby' : 'primary'}</Badge>
      </p>
      <dl className="mt-1.5 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-0.5 text-label">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-ink-3">{name}</dt>
            <dd className={classes('text-right', value.length > 30 ? '[overflow-wrap:anywhere]' : 'whitespace-nowrap')}>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

function LinkLine({ link, first, last }: { link: Link; first: boolean; last: boolean }) {
  const { name, what, tone, over, under, broken, incoming, facts } = link
  const line = broken ? 'border-dashed border-bad-fill' : 'border-line-2'
  return (
    <li className="flex items-stretch">
      {/* The trunk from the first line to the last, and the line of this one. */}
      <div aria-hidden className="relative w-[216px] shrink-0 max-lg:hidden">
        {!(first && last) && (
          <span
            className={classes('absolute left-0 w-0 border-l border-line-2', first ? 'top-1/2' : 'top-0', last ? 'bottom-1/2' : 'bottom-0')}
          />
        )}
        <span className={classes('absolute inset-x-0 top-1/2 border-t', line)} />
        <span
          className={classes(
            'absolute top-1/2 size-0 -translate-y-1/2 border-y-[4px] border-y-transparent',
            incoming ? 'left-0 border-r-[6px]' : 'right-0 border-l-[6px]',
            broken ? (incoming ? 'border-r-bad-fill' : 'border-l-bad-fill') : incoming ? 'border-r-line-2' : 'border-l-line-2',
          )}
        />
        <p className="absolute inset-x-4 bottom-1/2 truncate pb-1 text-label text-ink">{over}</p>
        <p className="absolute inset-x-4 top-1/2 truncate pt-1 text-label text-ink-3">{under}</p>
      </div>
      <div className="my-1 flex min-w-0 flex-1 items-center gap-4 rounded-card border border-line-2 px-3 py-[7px] max-lg:my-0 max-sm:flex-col max-sm:items-stretch max-sm:gap-1.5">
        <div className="w-[200px] min-w-0 shrink-0 max-sm:w-full">
          <p className="flex items-center gap-2">
            <i aria-hidden className={classes('size-2 shrink-0 rounded-full', DOT[tone])} />
            <Identifier name={name} className="font-medium" />
          </p>
          <p className="pl-4 text-label text-ink-3 [overflow-wrap:anywhere]">{what}</p>
          <p className="pl-4 text-label text-ink-2 lg:sr-only">
            {over}; {under}
          </p>
        </div>
        <dl className="grid min-w-0 flex-1 auto-cols-fr grid-flow-col gap-3 max-sm:grid-flow-row max-sm:grid-cols-3 max-sm:gap-y-1 max-sm:pl-4">
          {facts.map(({ label, value, tone: of }) => (
            <div key={label} className="min-w-0">
              <dt className="text-label text-ink-3">{label}</dt>
              <dd className={classes('text-cell font-medium [overflow-wrap:anywhere]', of && TEXT[of])}>{value}</dd>
            </div>
          ))}
        </dl>
      </div>
    </li>
  )
}
