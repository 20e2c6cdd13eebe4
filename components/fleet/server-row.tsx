import Link from 'next/link'
import type { FleetFigures, FleetServer } from '@/db/fleet/fleet-types'
import { Sparkline } from '../charts/sparkline'
import { bytesShort, count, duration, share } from '../format'
import { ago, moment } from '../format-time'
import { classes } from '../ui/class-names'
import { Cell, Row } from '../ui/data-table'
import { worstLine } from './fleet-messages'

const PLACE = (server: FleetServer, database: string, page: string) =>
  `/${encodeURIComponent(server.id)}/db/${encodeURIComponent(database)}/${page}`

/** Where one looks at a server first. */
export const serverHref = (server: FleetServer): string => PLACE(server, server.database, 'overview')

const worstHref = (server: FleetServer): string => {
  if (server.standing === 'elsewhere' || server.standing === 'unreachable') return `/servers/${encodeURIComponent(server.id)}`
  return PLACE(server, server.worst?.database || server.database, 'overview')
}

const TONES = { bad: 'text-bad font-medium', warn: 'text-ink', plain: 'text-ink-2', quiet: 'text-ink-3' }

interface ServerRowProps {
  readAt: string
  server: FleetServer & FleetFigures
  compact: boolean
  /** Below the first of its cluster. */
  branch: 'middle' | 'last' | null
}

/** One server: does it answer, what is its worst problem, and a few figures with what they were when it does not. */
export function ServerRow({ server, readAt, compact, branch }: ServerRowProps) {
  const { name, tags, version, inRecovery, standing, sampledAt, active, activeByHour, hit, bytes, growth, lag } = server
  const { title, evidence, tone } = worstLine(server, readAt)
  const isOld = standing !== 'sampled'
  const figure = isOld ? 'text-ink-3' : undefined
  const known = activeByHour.some((value) => value !== null)
  const height = compact ? 'sm:h-[21px]! sm:py-0! leading-[18px]' : 'py-1'
  const cell = (className = '') => classes(height, className)
  return (
    <Row
      className="hover:bg-hover max-sm:grid max-sm:grid-cols-[minmax(0,1fr)_auto] max-sm:py-2"
      data-server={server.id}
      data-standing={standing}
    >
      <Cell className={cell('relative whitespace-nowrap max-sm:col-start-1 max-sm:row-start-1')}>
        {branch && (
          <i aria-hidden className={classes('absolute top-0 left-5 border-l border-line-2', branch === 'last' ? 'h-1/2' : 'h-full')}>
            <i className={classes('absolute w-2 border-b border-line-2', branch === 'last' ? 'bottom-0' : 'top-1/2')} />
          </i>
        )}
        <span className={classes('flex items-center gap-2', branch && 'pl-5')}>
          <Mark server={server} />
          <Link
            href={serverHref(server)}
            className={classes('truncate font-mono text-ink no-underline hover:underline', !branch && 'font-semibold')}
          >
            {name}
          </Link>
          {inRecovery && <span className="text-label text-ink-3">standby</span>}
        </span>
      </Cell>
      <Cell className={cell('max-w-96 min-w-44 max-sm:col-span-2 max-sm:h-auto max-sm:first:pl-4 max-sm:pl-9')}>
        {tone === 'quiet' ? (
          <span className="text-ink-3">{compact && title === 'No findings' ? '–' : title}</span>
        ) : (
          <Link
            href={worstHref(server)}
            className={classes('block no-underline hover:underline', compact ? 'truncate' : '[overflow-wrap:anywhere]', TONES[tone])}
          >
            {title}
          </Link>
        )}
        {!compact && evidence && <span className="line-clamp-1 text-label text-ink-3">{evidence}</span>}
      </Cell>
      <Cell numeric className={cell(classes('max-md:hidden', figure))}>
        {known && (
          <Sparkline values={[...activeByHour, active]} className="mr-2 h-4 w-16 align-middle" color={isOld ? 'var(--ink-3)' : undefined} />
        )}
        <span className="inline-block min-w-6">{active === null ? '–' : count(active)}</span>
      </Cell>
      <Cell numeric className={cell(classes('max-lg:hidden', figure))}>
        {hit === null ? '–' : share(hit)}
      </Cell>
      <Cell numeric className={cell(classes('max-md:hidden', figure))}>
        {bytes === null ? '–' : bytesShort(bytes)}
      </Cell>
      <Cell numeric className={cell('text-ink-3 max-lg:hidden')}>
        {growth === null ? '–' : `${growth < 0 ? '−' : '+'}${share(Math.abs(growth))}`}
      </Cell>
      <Cell numeric className={cell(classes('max-lg:hidden', figure))}>
        {lag === null ? '–' : duration(lag)}
      </Cell>
      <Cell className={cell('max-w-48 max-lg:hidden')}>
        <span className="flex flex-wrap gap-1 overflow-hidden">
          {tags.map((tag) => (
            <span key={tag} className="rounded-[4px] bg-sunken px-1.5 font-mono text-label text-ink-2">
              {tag}
            </span>
          ))}
        </span>
      </Cell>
      <Cell className={cell(classes('max-md:hidden', figure))}>{version ?? '–'}</Cell>
      <Cell
        numeric
        className={cell(classes('max-sm:col-start-2 max-sm:row-start-1 max-sm:pr-4', isOld ? 'text-bad' : 'text-ink-3'))}
        title={sampledAt ? moment(sampledAt) : undefined}
      >
        {sampledAt ? ago(sampledAt, readAt) : '–'}
      </Cell>
    </Row>
  )
}

/** Hollow: it does not answer, or nobody has looked; a diamond: high; amber: medium; green: nothing was found. */
function Mark({ server: { standing, needs, checked } }: { server: FleetServer }) {
  const look =
    standing === 'unreachable' || standing === 'elsewhere'
      ? 'rounded-full border-2 border-bad-fill'
      : needs.bad > 0
        ? 'rotate-45 bg-bad-fill size-2!'
        : needs.warn > 0
          ? 'rounded-full bg-warn-fill'
          : standing !== 'sampled' || !checked
            ? 'rounded-full border-2 border-line-2'
            : 'rounded-full bg-ok-fill'
  return <i aria-hidden className={classes('size-[9px] shrink-0', look)} />
}
