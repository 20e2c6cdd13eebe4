import Link from 'next/link'
import { bytes, count } from '../format'
import { clock, moment } from '../format-time'
import { Badge } from '../ui/badge'
import { Card } from '../ui/card'
import { classes } from '../ui/class-names'
import { Cell, HeadCell, Row } from '../ui/data-table'
import { ProblemPanel } from '../ui/problem-panel'
import { ScrollRegion } from '../ui/scroll-region'
import { asking, type FleetServer, type Needs } from './fleet'

const SEVERITIES = [
  ['bad', 'High'],
  ['warn', 'Medium'],
  ['info', 'Low'],
] as const

/** One server: does it answer, and what its databases ask for. */
export function ServerCard({ server }: { server: FleetServer }) {
  const { id, name, version, inRecovery, otherCluster, problem, databases, href, resting } = server
  const toDo = asking(server)
  return (
    <Card label={name} className="overflow-hidden">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-3">
        <i aria-hidden className={classes('size-[9px] shrink-0 rounded-full', version ? 'bg-ok-fill' : 'border-2 border-bad-fill')} />
        <h2 className="min-w-0 font-mono text-finding! font-semibold tracking-[-.02em]! [overflow-wrap:anywhere]">
          <Link href={href} className="text-ink no-underline hover:underline">
            {name}
          </Link>
        </h2>
        {version ? (
          <span className="text-ink-3">PostgreSQL {version}</span>
        ) : (
          <span className="font-medium text-bad">does not answer{resting?.failingSince && ` since ${moment(resting.failingSince)}`}</span>
        )}
        {inRecovery && <Badge>standby</Badge>}
        {toDo > 0 && (
          <span className="ml-auto text-label text-warn">
            {count(toDo)} {toDo === 1 ? 'problem' : 'problems'}
          </span>
        )}
      </div>
      {otherCluster && (
        <ProblemPanel
          title="The address leads to another cluster"
          problem={{
            message: `System identifier ${otherCluster} answers. Nothing is run there; runs that were confirmed for ${name} are held.`,
          }}
          action={<Link href={`/servers/${encodeURIComponent(id)}`}>What can be done</Link>}
          className="mx-4 mb-4"
        />
      )}
      {resting && (
        <p className="px-4 pb-3 text-label text-ink-3">
          Not sampled{version && resting.failingSince && ` since ${moment(resting.failingSince)}`}
          {resting.retryAt && `, tried again at ${clock(resting.retryAt)}`}.{' '}
          <Link href={`/servers/${encodeURIComponent(id)}`} className="underline">
            Sampling status
          </Link>
        </p>
      )}
      {problem && <ProblemPanel problem={problem} className="mx-4 mb-4" />}
      {databases.length > 0 && (
        <ScrollRegion label={`Databases of ${name}`} className="border-t border-line -outline-offset-2">
          <table className="w-full border-collapse">
            <thead>
              <tr>
                <HeadCell>Database</HeadCell>
                <HeadCell numeric>Size</HeadCell>
                {SEVERITIES.map(([severity, label]) => (
                  <HeadCell key={severity} numeric className="max-sm:hidden">
                    {label}
                  </HeadCell>
                ))}
                <HeadCell>Worst problem</HeadCell>
              </tr>
            </thead>
            <tbody>
              {server.needs && (
                <NeedsRow
                  name="the server as a whole"
                  href={server.overviewHref}
                  needs={server.needs}
                  checked
                  overviewHref={server.overviewHref}
                />
              )}
              {databases.map(({ datname, ...database }) => (
                <NeedsRow key={datname} name={datname} mono {...database} />
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
    </Card>
  )
}

interface NeedsRowProps {
  name: string
  /** It is the name of a database. */
  mono?: boolean
  bytes?: number | null
  href: string
  overviewHref: string
  needs: Needs | null
  checked: boolean
}

function NeedsRow({ name, mono, bytes: size, href, overviewHref, needs, checked }: NeedsRowProps) {
  return (
    <Row className="hover:bg-hover">
      <Cell>
        <Link href={href} className={classes('text-ink no-underline [overflow-wrap:anywhere] hover:underline', mono && 'font-mono')}>
          {name}
        </Link>
      </Cell>
      <Cell numeric>{size === undefined ? '' : bytes(size)}</Cell>
      {SEVERITIES.map(([severity]) => (
        <Cell key={severity} numeric className={classes('max-sm:hidden', !needs?.[severity] && 'text-ink-3')}>
          {checked ? count(needs?.[severity] ?? 0) : '–'}
        </Cell>
      ))}
      <Cell>
        {needs ? (
          <Link href={overviewHref} className="[overflow-wrap:anywhere]">
            {needs.worst}
          </Link>
        ) : (
          <span className="text-ink-3">{checked ? 'none' : 'not checked yet'}</span>
        )}
      </Cell>
    </Row>
  )
}
