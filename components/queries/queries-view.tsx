'use client'
import { RefreshCw } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useQueryStates } from 'nuqs'
import { useRef, useState } from 'react'
import { duration, exactCount, percent, plural } from '../format'
import { moment } from '../format-time'
import type { LiveAnswer } from '../live/fetch-live'
import { useLive } from '../live/use-live'
import { useNavCount, useReadAt } from '../shell/page-status'
import { RangePicker } from '../time/range-picker'
import { fixedRange, timeRangeOf } from '../time/time-range'
import { Button } from '../ui/button'
import { PageHead } from '../ui/page-head'
import { EmptyState, ProblemPanel } from '../ui/problem-panel'
import { useShortcuts } from '../ui/use-shortcuts'
import { ChangesTable } from './changes-table'
import { queriesEvidence, queriesTitle, slowerCount } from './list-words'
import { Notices } from './notices'
import { colorsOf, QueryChart } from './query-chart'
import { QueryKpis } from './query-kpis'
import type { QueryList } from './query-list'
import { firstDirection, LIMITS, queryParams } from './query-params'
import { QueryTable } from './query-table'
import { AGAINST, QueryToolbar } from './query-toolbar'
import { sessions } from './query-words'
import { useSampleNow } from './use-sample-now'

// The drawer is fetched when a statement is first opened.
const QueryDrawer = dynamic(() => import('./query-drawer').then((module) => module.QueryDrawer), { ssr: false })

interface QueriesViewProps {
  server: string
  database: string
  mayRun: boolean
  initial: LiveAnswer<QueryList>
}

export const QUERY_LIST = 'list-queries'
const REFRESH_MS = 30_000

/** The page of a database's statements: what takes the time, since when, and why. */
export function QueriesView({ server, database, mayRun, initial }: QueriesViewProps) {
  const [params, setParams] = useQueryStates(queryParams)
  const [fresh] = useState(params)
  const { query: openKey, show, hide, from, to, ...rest } = params
  const fixed = { from: from?.toISOString(), to: to?.toISOString() }
  const ask = { server, database, ...rest, ...fixed }
  const asked = (of: typeof params) => JSON.stringify({ ...of, query: null, show: null, hide: null })
  // What lies between two fixed moments does not change any more.
  const { answer, failed, pending, refresh } = useLive<QueryList>(QUERY_LIST, ask, {
    everyMs: from && to && to.getTime() < Date.now() ? false : REFRESH_MS,
    initial: asked(params) === asked(fresh) ? initial : undefined,
  })
  const list = answer?.ok ? answer.value : undefined
  useReadAt(list?.lastSample ?? answer?.at ?? initial.at, failed)
  useNavCount(`queries of ${server}/${database}`, list ? slowerCount(list) : 0)
  const sampling = useSampleNow(server, list?.lastSample ?? null, refresh)
  const search = useRef<HTMLInputElement>(null)
  useShortcuts({ '/': () => search.current?.focus() })
  const [wasOpen, setWasOpen] = useState(false)
  if (openKey !== null && !wasOpen) setWasOpen(true)
  const open = (key: string) => void setParams({ query: key === openKey ? null : key })
  const range = timeRangeOf(params, Date.parse(answer?.at ?? initial.at))
  const actions = (
    <>
      <RangePicker range={range} onChange={(next) => void setParams({ ...next, reset: null })} />
      {mayRun && !params.reset && (
        <Button disabled={sampling.waiting} onClick={sampling.ask} title="Reads pg_stat_statements now instead of at the next turn">
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
  const context = { all: list.all, blockSize: list.blockSize, colors: colorsOf(list), trackPlanning: list.trackPlanning }
  const blind = list.rows.length === 0 && list.notices.some(({ weight }) => weight === 'none')
  const select = (first: number, last: number) => void setParams({ ...fixedRange(first, last), reset: null })
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
          <QueryChart list={list} onSelect={select} onOpen={open} />
          <QueryToolbar
            list={list}
            database={database}
            filter={params}
            hide={hide}
            onHide={(next) => void setParams({ hide: next })}
            searchRef={search}
            onChange={(next) =>
              void setParams(
                { ...next, ...(next.sort ? { dir: firstDirection(next.sort) } : {}) },
                next.q === undefined ? {} : { throttleMs: 300 },
              )
            }
          />
          {show === 'changes' && list.source === 'samples' ? (
            <ChangesTable changes={list.changes} against={AGAINST[params.vs]} openKey={openKey} onOpen={open} />
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
                <Footer
                  list={list}
                  reset={params.reset}
                  onReset={(reset) => void setParams({ reset })}
                  onMore={() => void setParams({ limit: LIMITS.more })}
                />
              }
              empty={
                <EmptyState title="No statement passes.">
                  {params.q || params.user || params.app || params.min > 0
                    ? 'Another filter or a longer range may show some.'
                    : `Nothing was called in ${database} in this range${list.firstSample ? `; samples begin at ${moment(list.firstSample)}` : ''}.`}
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

interface FooterProps {
  list: QueryList
  reset: boolean
  onReset: (reset: boolean | null) => void
  onMore: () => void
}

/** What the table covers, how, and what Proctor itself takes. */
function Footer({ list, reset, onReset, onMore }: FooterProps) {
  const { rows, count: all, source, from, to, sampled, ownTime } = list
  const shown = rows.reduce((sum, { total }) => sum + total, 0)
  const wanted = from ? (Date.parse(to) - Date.parse(from)) / 1000 : 0
  return (
    <>
      <span>
        {exactCount(rows.length)} of {plural(all, 'statement', 'statements')}
        {list.all.total > 0 && rows.length < all && `, ${percent(shown / list.all.total)} of time`}
      </span>
      {rows.length < all && rows.length < LIMITS.more && <TextButton onClick={onMore}>Show more</TextButton>}
      {source === 'samples' ? (
        sampled !== null && (
          <span>
            {duration(sampled * 1000)} of {duration(wanted * 1000)} sampled
          </span>
        )
      ) : (
        <span>{from ? `Counted since ${moment(from)}` : 'Counted since the last reset'}</span>
      )}
      {ownTime !== null && (
        <span>
          Proctor itself: {duration(ownTime)}
          {sampled ? `, ${sessions(ownTime / 1000 / sampled)} active` : ''}
        </span>
      )}
      {list.firstSample !== null && (
        <TextButton onClick={() => onReset(reset ? null : true)}>
          {reset ? 'Show samples' : "The server's own counts since its reset"}
        </TextButton>
      )}
    </>
  )
}

const TextButton = ({ onClick, children }: { onClick: () => void; children: string }) => (
  <button type="button" className="rounded-[3px] text-accent hover:underline" onClick={onClick}>
    {children}
  </button>
)
