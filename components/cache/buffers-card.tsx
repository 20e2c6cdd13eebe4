'use client'
import type { ReactNode } from 'react'
import { bytes, bytesShort, count, duration, exactCount, percent } from '../format'
import type { Live } from '../live/use-live'
import { Button } from '../ui/button'
import { Card, CardHeader } from '../ui/card'
import { Cell, HeadCell, Row } from '../ui/data-table'
import { Identifier } from '../ui/identifier'
import { ProblemPanel } from '../ui/problem-panel'
import { ScrollRegion } from '../ui/scroll-region'
import { Sql } from '../ui/sql'
import type { BufferSummary, CacheAnswer, CachedRelations } from './cache-answer'
import { UsageBar } from './usage-bar'

/** The read's own limit; db/cache/reads/cached-relations. */
const LIMIT = '30 s'

interface BuffersCardProps {
  answer: CacheAnswer
  /** The reading of every buffer, and whether somebody asked for it. */
  cached: Live<CachedRelations>
  asked: boolean
  onAsk: () => void
}

/** What shared_buffers holds: the summary at once, relation by relation when somebody asks. */
export function BuffersCard({ answer, cached, asked, onAsk }: BuffersCardProps) {
  const { settings, summary } = answer
  const buffers = settings.shared_buffers / settings.block_size
  const read = cached.answer?.ok ? cached.answer.value : undefined
  const isReading = asked && cached.answer === undefined && !cached.failed
  return (
    <Card label="What is in the cache" className="overflow-hidden">
      <CardHeader title="What is in the cache" sub={`${exactCount(buffers)} buffers${read ? `, read in ${duration(read.took)}` : ''}`}>
        {settings.buffercache_installed !== null && (
          <Button size="sm" disabled={isReading} onClick={asked ? cached.refresh : onAsk}>
            {isReading ? 'Reading …' : asked ? 'Read again' : 'Read every buffer'}
          </Button>
        )}
      </CardHeader>
      {settings.buffercache_installed === null ? (
        <Missing available={settings.buffercache_available} />
      ) : (
        <div className="px-4 pt-2 pb-3">
          {summary.ok ? (
            <Summary summary={summary.value} blockSize={settings.block_size} />
          ) : answer.major < 16 ? (
            <p className="text-cell text-ink-2">
              n/a before PostgreSQL 16: its summary without reading every buffer. This server is {answer.major}.
            </p>
          ) : (
            <ProblemPanel problem={summary.problem} />
          )}
          {!asked && (
            <p className="mt-2 text-label text-pretty text-ink-3">
              By relation: reads the headers of all {exactCount(buffers)} buffers ({bytesShort(settings.shared_buffers)}) one after another,
              with a short lock on each, and copies them into memory. It stops after {LIMIT}.
            </p>
          )}
          {cached.failed && <p className="mt-2 text-cell text-warn">The console did not answer. Read again.</p>}
          {asked && cached.answer && !cached.answer.ok && (
            <ProblemPanel className="mt-2" title="The buffers could not be read" problem={cached.answer.problem} />
          )}
        </div>
      )}
      {read && <Relations read={read} blockSize={settings.block_size} />}
      {settings.autoprewarm && (
        <p className="border-t border-line px-4 py-2 text-label text-ink-3">
          pg_prewarm.autoprewarm is on: what is cached is written down every few minutes and read in again after a restart.
        </p>
      )}
    </Card>
  )
}

function Missing({ available }: { available: string | null }) {
  return (
    <div className="px-4 py-3 text-cell text-ink-2">
      <p className="mb-2">
        n/a: the extension <code>pg_buffercache</code> is not installed in this database. It tells which relations shared_buffers holds and
        how often they are used.{' '}
        {available === null
          ? 'Its files are not on the server: install the package of contrib modules of this major (postgresql-contrib), then run this as a superuser:'
          : `Version ${available} is on the server. As a superuser:`}
      </p>
      <Sql sql="CREATE EXTENSION pg_buffercache;" />
    </div>
  )
}

function Summary({ summary, blockSize }: { summary: BufferSummary; blockSize: number }) {
  const { buffers_used: used, buffers_unused: unused, buffers_dirty: dirty, usage } = summary
  const often = usage.filter(({ usage_count }) => usage_count >= 3).reduce((sum, { buffers }) => sum + buffers, 0)
  // Unused buffers are counted among those of usage count 0.
  const counts = usage.map(({ usage_count, buffers }) => (usage_count === 0 ? Math.max(0, buffers - unused) : buffers))
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-1.5 text-cell">
      <Item name="In use">
        {bytesShort(used * blockSize)} <span className="text-ink-3">{percent(used / (used + unused))}</span>
      </Item>
      <Item name="Never used">{unused === 0 ? 'none' : bytesShort(unused * blockSize)}</Item>
      <Item name="Dirty">{bytesShort(dirty * blockSize)}</Item>
      <Item name="Usage count 3 to 5">
        {bytesShort(often * blockSize)} <span className="text-ink-3">{used === 0 ? '' : percent(often / used)}</span>
      </Item>
      <Item name="Usage 0 to 5">
        <UsageBar usage={counts} />
      </Item>
    </dl>
  )
}

const Item = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt className="text-label text-ink-3">{name}</dt>
    <dd className="flex h-5 items-center gap-1.5">{children}</dd>
  </div>
)

function Relations({ read, blockSize }: { read: CachedRelations; blockSize: number }) {
  const used = read.buffers - read.unused
  const elsewhere = read.elsewhere.map((one) => ({
    ...one,
    name: one.here ? 'without a name' : (one.datname ?? 'shared catalogs'),
    note: one.here ? 'dropped or rewritten just now' : one.datname === null ? '' : 'another database',
  }))
  return (
    <ScrollRegion label="Relations in the cache" className="relative max-h-[520px] border-t border-line -outline-offset-2">
      <table className="w-full border-collapse">
        <thead className="sticky top-0 z-1">
          <tr>
            <HeadCell>Relation</HeadCell>
            <HeadCell numeric sorted="desc">
              Cached
            </HeadCell>
            <HeadCell numeric>Of it</HeadCell>
            <HeadCell className="max-sm:hidden">Usage 0 to 5</HeadCell>
            <HeadCell numeric className="max-sm:hidden">
              Dirty
            </HeadCell>
          </tr>
        </thead>
        <tbody>
          {read.relations.map(({ oid, schemaname, relname, relkind, owner, bytes: size, buffers, dirty, usage }) => (
            <Held
              key={oid}
              name={
                <>
                  <Identifier name={['public', 'pg_toast', 'pg_catalog'].includes(schemaname) ? relname : `${schemaname}.${relname}`} />
                  {owner === null && schemaname === 'pg_catalog' && <span className="ml-1.5 text-ink-3">catalog</span>}
                  {owner !== null && <span className="ml-1.5 text-ink-3">{relkind === 't' ? `TOAST of ${owner}` : `of ${owner}`}</span>}
                </>
              }
              cached={buffers * blockSize}
              of={size}
              {...{ buffers, dirty, usage }}
            />
          ))}
          {read.others.relations > 0 && (
            <Held name={`${exactCount(read.others.relations)} others`} cached={read.others.buffers * blockSize} {...read.others} />
          )}
          {elsewhere.map(({ name, note, buffers, dirty, usage }) => (
            <Held
              key={name}
              name={
                <>
                  <Identifier name={name} /> <span className="text-ink-3">{note}</span>
                </>
              }
              cached={buffers * blockSize}
              {...{ buffers, dirty, usage }}
            />
          ))}
        </tbody>
      </table>
      <p className="border-t border-line px-4 py-2 text-label text-ink-3">
        {count(used)} of {count(read.buffers)} buffers are in use. The usage count rises with each use, up to 5, and falls whenever a victim
        is searched.
      </p>
    </ScrollRegion>
  )
}

interface HeldProps {
  name: ReactNode
  cached: number
  of?: number | null
  buffers: number
  dirty: number
  usage: readonly number[]
}

const Held = ({ name, cached, of, buffers, dirty, usage }: HeldProps) => (
  <Row>
    <Cell className="py-1">{name}</Cell>
    <Cell numeric title={`${exactCount(buffers)} buffers`}>
      {bytes(cached)}
    </Cell>
    <Cell numeric className="text-ink-3">
      {of ? percent(Math.min(1, cached / of)) : ''}
    </Cell>
    <Cell className="max-sm:hidden">
      <UsageBar usage={usage} />
    </Cell>
    <Cell numeric className="max-sm:hidden">
      {buffers === 0 ? '' : percent(dirty / buffers)}
    </Cell>
  </Row>
)
