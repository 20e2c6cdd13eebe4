'use client'
import Link from 'next/link'
import { useQueryStates } from 'nuqs'
import { Fragment, useRef, useState } from 'react'
import { FLEET_SHOWS, type FleetSort } from '@/db/domain/fleet-params'
import type { FleetAnswer } from '@/db/fleet/fleet-types'
import { exactCount } from '../format'
import type { LiveAnswer } from '../live/fetch-live'
import { useLive } from '../live/use-live'
import { useReadAt } from '../shell/page-status'
import { Button, ButtonLink } from '../ui/button'
import { PageHead } from '../ui/page-head'
import { EmptyState, ProblemPanel } from '../ui/problem-panel'
import { SearchField } from '../ui/search-field'
import { FilterChips, Segmented } from '../ui/segmented'
import { Select } from '../ui/select'
import { useShortcuts } from '../ui/use-shortcuts'
import { FleetKpis } from './fleet-kpis'
import { firstWords, fleetEvidence, fleetSentence } from './fleet-messages'
import { firstDirection, fleetParams } from './fleet-params'
import { FleetTable } from './fleet-table'
import { serverHref } from './server-row'
import { TagFilters } from './tag-filters'

const EVERY_MS = 10_000
const LABELS = { all: 'All', high: 'High', medium: 'Medium', none: 'No findings', stale: 'Stale' }

/** Every server, worst first, as the worker last saw it; read again while the page is open. */
export function FleetView({ initial, admin }: { initial: LiveAnswer<FleetAnswer>; admin: boolean }) {
  const [params, setParams] = useQueryStates(fleetParams)
  const [fresh] = useState(params)
  const { rows, ...ask } = params
  const { answer, failed } = useLive(
    'fleet',
    { ...ask, tags: ask.tags.join(' ') },
    { initial: params === fresh ? initial : undefined, everyMs: EVERY_MS },
  )
  useReadAt(answer?.at ?? initial.at, failed)
  const search = useRef<HTMLInputElement>(null)
  useShortcuts({ '/': () => search.current?.focus() })
  if (!answer?.ok)
    return (
      <>
        <PageHead eyebrow="Fleet" title={answer ? 'The fleet could not be read.' : 'Reading the fleet …'} />
        {answer && <ProblemPanel problem={answer.problem} />}
      </>
    )
  const fleet = answer.value
  const change = (next: Partial<typeof params>) => setParams({ page: 1, ...next })
  const onSort = (sort: FleetSort) =>
    change({ sort, dir: params.sort !== sort ? firstDirection(sort) : params.dir === 'asc' ? 'desc' : 'asc' })
  return (
    <>
      <PageHead
        eyebrow="Fleet"
        title={fleetSentence(fleet)}
        actions={
          admin && (
            <ButtonLink href="/servers/new" variant="primary">
              Add server…
            </ButtonLink>
          )
        }
      >
        {fleet.first.map((server, at) => (
          <Fragment key={server.id}>
            {at > 0 && ', '}
            <Link href={serverHref(server)} className="underline">
              {server.name}
            </Link>
            {server.worst && server.standing === 'sampled' ? firstWords(server) : ` ${firstWords(server)}`}
          </Fragment>
        ))}
        {fleet.first.length > 0 && '. '}
        {fleetEvidence(fleet)}
      </PageHead>
      {fleet.totals.servers > 0 && (
        <>
          <FleetKpis totals={fleet.totals} />
          <div className="mb-2.5 flex flex-wrap items-center gap-2">
            <FilterChips
              label="Severity"
              value={params.show}
              choices={FLEET_SHOWS.map((value) => ({ value, label: LABELS[value], count: exactCount(fleet.counts[value]) }))}
              onChange={(show) => change({ show })}
            />
            <div className="ml-auto flex flex-wrap items-center gap-2 max-sm:ml-0 max-sm:w-full">
              <TagFilters known={fleet.tags} chosen={params.tags} onChange={(tags) => change({ tags })} />
              {fleet.majors.length > 1 && (
                <Select
                  label="Version"
                  all="All versions"
                  value={params.major === null ? null : String(params.major)}
                  choices={fleet.majors.map(String)}
                  onChange={(major) => change({ major: major === null ? null : Number(major) })}
                />
              )}
              <SearchField ref={search} label="Server, tag or finding" shortcut="/" value={params.q} onChange={(q) => change({ q })} />
              <Segmented
                label="Rows"
                value={rows}
                choices={[
                  { value: 'detailed', label: 'Detailed' },
                  { value: 'compact', label: 'Compact' },
                ]}
                onChange={(value) => setParams({ rows: value })}
              />
            </div>
          </div>
          {fleet.found === 0 ? (
            <EmptyState title="No server fits the filters.">
              <Button onClick={() => change({ show: 'all', q: '', tags: [], major: null })}>Clear the filters</Button>
            </EmptyState>
          ) : (
            <FleetTable
              {...{ fleet, onSort }}
              readAt={answer.at}
              sort={params.sort}
              dir={params.dir}
              compact={rows === 'compact'}
              onPage={(page) => setParams({ page })}
            />
          )}
        </>
      )}
    </>
  )
}
