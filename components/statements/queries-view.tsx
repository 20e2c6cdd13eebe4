'use client'
import { Download, RefreshCw } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useQueryStates } from 'nuqs'
import { useRef, useState } from 'react'
import { LIMITS } from '@/db/domain/statement-params'
import type { QueryList } from '@/db/history/statement-list'
import type { Problem } from '@/db/server/problem'
import { moment } from '../format-time'
import type { LiveAnswer } from '../live/fetch-live'
import { useLive } from '../live/use-live'
import { useMayAct, useNavCount, useReadAt } from '../shell/page-status'
import { RangePicker } from '../time/range-picker'
import { fixedRange, timeRangeOf } from '../time/time-range'
import { Button } from '../ui/button'
import { Menu, MenuLink } from '../ui/menu'
import { PageHead } from '../ui/page-head'
import { EmptyState, ProblemPanel } from '../ui/problem-panel'
import { useShortcuts } from '../ui/use-shortcuts'
import { ChangesTable } from './changes-table'
import { nothingWords } from './compare-messages'
import { ListFooter } from './list-footer'
import { freshness, queriesEvidence, queriesTitle, slowerCount } from './list-messages'
import { Notices } from './notices'
import { colorsOf, QueryChart } from './query-chart'
import { QueryKpis } from './query-kpis'
import { firstDirection, queryParams } from './query-params'
import { QueryTable } from './query-table'
import { QueryToolbar } from './query-toolbar'
import { useSampleNow } from './use-sample-now'

// The drawer is fetched when a statement is first opened.
const QueryDrawer = dynamic(() => import('./query-drawer').then((module) => module.QueryDrawer), { ssr: false })

interface QueriesViewProps {
  server: string
  database: string
  mayRun: boolean
  /** Why this person gets no plan here; null where he does. */
  noPlan: Problem | null
  initial: LiveAnswer<QueryList>
}

const REFRESH_MS = 30_000

/** The page of a database's statements: what takes the time, since when, and why. */
export function QueriesView({ server, database, mayRun: allowed, noPlan, initial }: QueriesViewProps) {
  const mayRun = useMayAct(allowed)
  const [params, setParams] = useQueryStates(queryParams)
  const [fresh] = useState(params)
  const { query: openKey, show, hide, from, to, vfrom, vto, since, ...rest } = params
  const fixed = { from: from?.toISOString(), to: to?.toISOString() }
  const compared = { vfrom: vfrom?.toISOString(), vto: vto?.toISOString(), since: since?.toISOString() }
  const ask = { server, database, ...rest, ...fixed, ...compared }
  const asked = (of: typeof params) => JSON.stringify({ ...of, query: null, show: null, hide: null })
  // What lies between two fixed moments does not change any more.
  const { answer, failed, pending, refresh } = useLive('list-queries', ask, {
    everyMs: from && to && to.getTime() < Date.now() ? false : REFRESH_MS,
    initial: asked(params) === asked(fresh) ? initial : undefined,
  })
  const list = answer?.ok ? answer.value : undefined
  const { readAt, stale } = freshness(list, answer?.at ?? initial.at)
  useReadAt(readAt, failed || stale)
  useNavCount(`queries of ${server}/${database}`, list ? slowerCount(list) : 0)
  const sampling = useSampleNow(server, list?.lastSample ?? null, refresh)
  const search = useRef<HTMLInputElement>(null)
  useShortcuts({ '/': () => search.current?.focus(), e: () => window.location.assign(exportHref('csv')) })
  const [wasOpen, setWasOpen] = useState(false)
  if (openKey !== null && !wasOpen) setWasOpen(true)
  const open = (key: string) => void setParams({ query: key === openKey ? null : key })
  const range = timeRangeOf(params, Date.parse(answer?.at ?? initial.at))
  const exportHref = (format: string) => {
    const { vs: _vs, limit: _limit, ...filter } = rest
    const given = Object.entries({ ...filter, ...fixed, format }).flatMap(([name, value]) =>
      value === null || value === undefined || value === '' ? [] : [[name, String(value)]],
    )
    return `/${encodeURIComponent(server)}/db/${encodeURIComponent(database)}/statements/export?${new URLSearchParams(given)}`
  }
  const actions = (
    <>
      <RangePicker range={range} onChange={(next) => void setParams({ ...next, reset: null })} />
      <Menu icon={<Download aria-hidden />} trigger="Export" align="end">
        <MenuLink href={exportHref('csv')} download note=".csv">
          CSV
        </MenuLink>
        <MenuLink href={exportHref('json')} download note=".json">
          JSON
        </MenuLink>
      </Menu>
      {mayRun && !params.reset && (
        <Button disabled={sampling.waiting} onClick={sampling.ask} title="Reads pg_stat_statements now instead of at the next sample">
          <RefreshCw aria-hidden />
          {sampling.waiting ? 'Sampling …' : 'Sample now'}
        </Button>
      )}
    </>
  )
  if (!list) {
    const problem = answer && !answer.ok ? answer.problem : undefined
    return (
      <>
        <PageHead eyebrow="Queries" title={problem ? 'The statements could not be read.' : 'Reading the statements …'} actions={actions} />
        {problem && <ProblemPanel problem={problem} action={<Button onClick={refresh}>Retry</Button>} />}
      </>
    )
  }
  const context = { databaseMs: list.databaseMs, blockSize: list.blockSize, colors: colorsOf(list), trackPlanning: list.trackPlanning }
  const blind = list.rows.length === 0 && list.notices.some(({ weight }) => weight === 'none')
  const select = (first: number, last: number) => void setParams({ ...fixedRange(first, last), reset: null })
  // An event stays within the range that it was picked in, and a link shows the same to another.
  const compareSince = (at: number) =>
    void setParams({ ...fixedRange(range.from, range.to), show: 'changes', vs: 'since', since: new Date(at), vfrom: null, vto: null })
  return (
    <div aria-busy={pending}>
      <PageHead eyebrow="Queries" title={queriesTitle(list)} actions={actions}>
        {queriesEvidence(list)}
      </PageHead>
      {sampling.problem && <ProblemPanel title="Not sampled" problem={sampling.problem} className="mb-3" />}
      {answer && failed && <ProblemPanel title="Not refreshed" problem={{ message: 'The console did not answer.' }} className="mb-3" />}
      <Notices notices={list.notices} />
      {!blind && (
        <>
          <QueryKpis list={list} />
          <QueryChart list={list} onSelect={select} onOpen={open} onSince={compareSince} />
          <QueryToolbar
            list={list}
            database={database}
            filter={params}
            range={range}
            hide={hide}
            onHide={(next) => void setParams({ hide: next })}
            searchRef={search}
            onChange={(next) =>
              void setParams(
                {
                  ...next,
                  ...(next.sort ? { dir: firstDirection(next.sort) } : {}),
                  ...(next.since || next.vfrom ? fixedRange(range.from, range.to) : {}),
                },
                next.q === undefined ? {} : { throttleMs: 300 },
              )
            }
          />
          {show === 'changes' && list.source === 'samples' ? (
            <ChangesTable
              changes={list.changes}
              compared={list.compared}
              nothing={nothingWords(params.vs, vfrom !== null && vto !== null)}
              openKey={openKey}
              onOpen={open}
            />
          ) : (
            <QueryTable
              rows={list.rows}
              sort={params.sort}
              dir={params.dir}
              hide={params.hide}
              onSort={(sort) =>
                void setParams({ sort, dir: params.sort === sort ? (params.dir === 'asc' ? 'desc' : 'asc') : firstDirection(sort) })
              }
              context={context}
              openKey={openKey}
              onOpen={open}
              footer={
                <ListFooter
                  list={list}
                  app={params.app}
                  reset={params.reset}
                  onReset={(reset) => void setParams({ reset })}
                  onMore={() => void setParams({ limit: LIMITS.more })}
                />
              }
              empty={
                <EmptyState title="No matching statements.">
                  {params.q || params.user || params.app || params.min > 0
                    ? 'Another filter or a longer range may show some.'
                    : `No calls in ${database} in this range${list.firstSample ? `; samples begin at ${moment(list.firstSample)}` : ''}.`}
                </EmptyState>
              }
            />
          )}
        </>
      )}
      {wasOpen && (
        <QueryDrawer
          server={server}
          database={database}
          openKey={openKey}
          range={{ range: params.range, ...fixed, reset: list.source === 'reset' }}
          blockSize={list.blockSize}
          mayRun={mayRun}
          noPlan={noPlan}
          position={positionOf(list, show, openKey)}
          onMove={(by) => {
            const keys = keysOf(list, show)
            const next = keys[keys.indexOf(openKey ?? '') + by]
            if (next) void setParams({ query: next })
          }}
          onClose={() => void setParams({ query: null })}
          onSelect={select}
        />
      )}
    </div>
  )
}

const keysOf = (list: QueryList, show: 'all' | 'changes'): string[] =>
  (show === 'changes' ? (list.changes ?? []) : list.rows).map(({ key }) => key)

function positionOf(list: QueryList, show: 'all' | 'changes', key: string | null) {
  const keys = keysOf(list, show)
  const at = keys.indexOf(key ?? '')
  return at < 0 ? null : { at, of: keys.length }
}
