import Link from 'next/link'
import type { IndexVerdict } from '@/db/indexes/index-finding'
import { bytes, bytesShort, count } from '../format'
import { clock, moment } from '../format-time'
import { Badge } from '../ui/badge'
import { Card } from '../ui/card'
import { classes } from '../ui/class-names'
import { Cell, HeadCell, Row } from '../ui/data-table'
import { ProblemPanel } from '../ui/problem-panel'
import { ScrollRegion } from '../ui/scroll-region'
import { asking, type FleetDatabase, type FleetServer } from './fleet'

const VERDICTS: [IndexVerdict, string][] = [
  ['bloated', 'Bloated'],
  ['unused', 'Unused'],
  ['redundant', 'Redundant'],
  ['invalid', 'Invalid'],
]

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
        {toDo > 0 && <span className="ml-auto text-label text-warn">{count(toDo)} to rebuild or drop</span>}
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
                <HeadCell numeric>Indexes</HeadCell>
                {VERDICTS.map(([verdict, label]) => (
                  <HeadCell key={verdict} numeric className="max-sm:hidden">
                    {label}
                  </HeadCell>
                ))}
                <HeadCell numeric>Reclaim</HeadCell>
              </tr>
            </thead>
            <tbody>
              {databases.map((database) => (
                <DatabaseRow key={database.datname} database={database} />
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
    </Card>
  )
}

function DatabaseRow({ database: { datname, bytes: size, href, summary } }: { database: FleetDatabase }) {
  const back = summary && VERDICTS.reduce((sum, [verdict]) => sum + summary.reclaim[verdict], 0)
  return (
    <Row className="hover:bg-hover">
      <Cell>
        <Link href={href} className="font-mono text-ink no-underline [overflow-wrap:anywhere] hover:underline">
          {datname}
        </Link>
      </Cell>
      <Cell numeric>{bytes(size)}</Cell>
      <Cell numeric>{summary ? count(summary.total) : <span className="text-ink-3">not looked at</span>}</Cell>
      {VERDICTS.map(([verdict]) => (
        <Cell key={verdict} numeric className={classes('max-sm:hidden', !summary?.counts[verdict] && 'text-ink-3')}>
          {summary ? count(summary.counts[verdict]) : '–'}
        </Cell>
      ))}
      <Cell numeric className="font-medium">
        {back === null ? '–' : back > 0 ? `${summary?.estimated ? '≈ ' : ''}${bytesShort(back)}` : '–'}
      </Cell>
    </Row>
  )
}
