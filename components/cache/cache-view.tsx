'use client'
import { useQueryStates } from 'nuqs'
import { useState } from 'react'
import { changeSettingsRequest } from '@/db/commands/change-settings/request'
import type { CommandRequest } from '@/db/domain/command-request'
import { ALL_DATABASES } from '@/db/domain/statement-params'
import { CommandDialog } from '../indexes/command-dialog'
import type { LiveAnswer } from '../live/fetch-live'
import { useLive } from '../live/use-live'
import { useMayAct, useReadAt } from '../shell/page-status'
import { useWhyNot } from '../shell/why-not'
import { historyWords } from '../time/history-words'
import { RangePicker } from '../time/range-picker'
import { timeRangeOf } from '../time/time-range'
import { Button } from '../ui/button'
import { PageHead } from '../ui/page-head'
import { ProblemPanel } from '../ui/problem-panel'
import { BuffersCard } from './buffers-card'
import type { CacheAnswer } from './cache-answer'
import { CacheKpis } from './cache-kpis'
import { cacheEvidence, cacheTitle } from './cache-messages'
import { cacheParams } from './cache-params'
import { HitCard } from './hit-card'
import { IoHeat } from './io-heat'
import { LargerCard } from './larger-card'
import { ReadingCard } from './reading-card'

interface CacheViewProps {
  server: string
  database: string
  mayRun: boolean
  initial: LiveAnswer<CacheAnswer>
}

const EVERY_MS = 30_000

/** The cache of a server: what is found in it, what is read, by whom, and whether more of it would help. */
export function CacheView({ server, database, mayRun: allowed, initial }: CacheViewProps) {
  const mayRun = useMayAct(allowed)
  const whyNot = useWhyNot('Changing a setting')
  const [params, setParams] = useQueryStates(cacheParams)
  const [rendered] = useState(params)
  const [asked, setAsked] = useState(false)
  const [commands, setCommands] = useState<CommandRequest[]>([])
  const sameRange = rendered.range === params.range && rendered.from === params.from && rendered.to === params.to
  const range = { range: params.range, from: params.from?.toISOString() ?? null, to: params.to?.toISOString() ?? null }
  const live = useLive('cache', { server, database, ...range }, { everyMs: EVERY_MS, initial: sameRange ? initial : undefined })
  const cached = useLive('cached-relations', { server, database }, { enabled: asked })
  const answer = live.answer ?? initial
  const { at } = answer
  useReadAt(at, live.failed || !answer.ok)
  const picker = <RangePicker range={timeRangeOf(params, Date.parse(at))} onChange={(next) => void setParams(next)} />
  if (!answer.ok)
    return (
      <>
        <PageHead eyebrow="Cache & I/O" title="The cache could not be read." actions={picker} />
        <ProblemPanel problem={answer.problem} />
      </>
    )
  const { value } = answer
  const base = `/${encodeURIComponent(server)}/db/${encodeURIComponent(database)}`
  const statementsHref = (key?: string) => {
    const query = new URLSearchParams({ sort: 'read', db: ALL_DATABASES, ...(key && { query: key }) })
    for (const [name, text] of Object.entries(range)) if (text !== null) query.set(name, text)
    return `${base}/statements?${query}`
  }
  const timing = !value.settings.track_io_timing && (
    <Button
      disabled={!mayRun}
      title={mayRun ? undefined : whyNot}
      onClick={() => setCommands([changeSettingsRequest({ set: { track_io_timing: 'on' } })])}
    >
      Turn on track_io_timing…
    </Button>
  )
  return (
    <>
      <PageHead
        eyebrow="Cache & I/O"
        title={cacheTitle(value)}
        actions={
          <>
            {picker}
            {timing}
          </>
        }
      >
        {cacheEvidence(value)}
        {value.begin !== null && ` Of the range, ${historyWords(value.begin, Date.parse(at))}.`}
      </PageHead>
      <CacheKpis answer={value} readAt={at} />
      <div className="grid grid-cols-[minmax(0,1.55fr)_minmax(0,1fr)] items-start gap-4 max-lg:grid-cols-1">
        <HitCard
          answer={value}
          readAt={at}
          database={database}
          cached={cached.answer?.ok ? cached.answer.value : undefined}
          by={params.by}
          onBy={(by) => void setParams({ by })}
          open={params.table}
          onOpen={(table) => void setParams({ table })}
        />
        <LargerCard answer={value} configurationHref={`${base}/settings?show=all&q=shared_buffers`} />
        <div className="col-span-full min-w-0">
          <IoHeat answer={value} readAt={at} />
        </div>
        <ReadingCard answer={value} statementsHref={statementsHref} />
        <BuffersCard answer={value} cached={cached} asked={asked} onAsk={() => setAsked(true)} />
      </div>
      <CommandDialog server={server} database={database} commands={commands} onClose={() => setCommands([])} />
    </>
  )
}
