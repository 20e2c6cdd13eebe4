'use client'
import { RotateCw } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useQueryStates } from 'nuqs'
import { type ReactNode, useRef, useState } from 'react'
import { changeSettingsRequest } from '@/db/commands/change-settings/request'
import { restartServerRequest } from '@/db/commands/restart-server/request'
import type { CommandRequest } from '@/db/domain/command-request'
import { exactCount } from '../format'
import type { LiveAnswer } from '../live/fetch-live'
import { useLive } from '../live/use-live'
import { useMayAct, useNavCount, useReadAt } from '../shell/page-status'
import { WhyNot } from '../shell/why-not'
import { Button } from '../ui/button'
import { PageHead } from '../ui/page-head'
import { ProblemPanel } from '../ui/problem-panel'
import { SearchField } from '../ui/search-field'
import { FilterChips } from '../ui/segmented'
import { useShortcuts } from '../ui/use-shortcuts'
import { isTicked, isUnderChanges, searched, type Ticks, valueToWrite } from './choose-settings'
import { configurationEvidence, configurationTitle, emptyList, tableFooter } from './configuration-messages'
import { configurationParams, liveTuning, type TuningAnswer } from './configuration-params'
import { MemoryBudget } from './memory-budget'
import { ProfileBar } from './profile-bar'
import { ProfileCard } from './profile-card'
import { ScriptCard } from './script-card'
import { SettingTable } from './setting-table'

const ConfirmDialog = dynamic(() => import('../confirm/confirm-dialog').then((module) => module.ConfirmDialog), { ssr: false })

interface ConfigurationViewProps {
  server: string
  database: string
  mayRun: boolean
  initial: LiveAnswer<TuningAnswer>
  /** The server may be restarted from here: it is the sample that comes with the console. */
  restartable: boolean
  /** What sampling saw, below the table. */
  children: ReactNode
}

const REFRESH_MS = 30_000

/** Settings as they are and as they should be, for a machine that can be described in place. */
export function ConfigurationView({ server, database, mayRun: allowed, initial, restartable, children }: ConfigurationViewProps) {
  const mayRun = useMayAct(allowed)
  const [params, setParams] = useQueryStates(configurationParams)
  const asked = liveTuning(params)
  const [first] = useState(JSON.stringify(asked))
  const [ticks, tick] = useState<Ticks>(new Map())
  const [request, setRequest] = useState<CommandRequest>()
  const search = useRef<HTMLInputElement>(null)
  useShortcuts({ '/': () => search.current?.focus() })
  const { answer, failed, pending } = useLive(
    'tuning',
    { server, database, ...asked },
    { everyMs: REFRESH_MS, initial: JSON.stringify(asked) === first ? initial : undefined },
  )
  useReadAt(answer?.at ?? initial.at, failed)
  const tuning = answer?.ok ? answer.value : undefined
  useNavCount(`configuration of ${server}/${database}`, tuning?.settings.filter(({ changes }) => changes).length ?? 0)
  if (!tuning) {
    const problem = answer && !answer.ok ? answer.problem : undefined
    return (
      <>
        <PageHead eyebrow="Configuration" title={problem ? 'The settings could not be read.' : 'Reading the settings …'} />
        {problem && <ProblemPanel problem={problem} />}
      </>
    )
  }
  const { show, as, q, own, ram, cpus, storage, workload, connections } = params
  const profile = { ram, cpus, storage, workload, connections }
  const { settings, budget, version } = tuning
  const chosen = settings.filter((one) => isTicked(one, ticks))
  const found = searched(settings, q)
  const underChanges = found.filter(isUnderChanges)
  const type = (name: string, text: string | null) => {
    const { [name]: _, ...others } = own
    tick((before) => new Map([...before].filter(([of]) => of !== name))) // typed is chosen
    setParams({ own: text === null ? others : { ...others, [name]: text } })
  }
  const apply = () =>
    setRequest(changeSettingsRequest({ set: Object.fromEntries(chosen.map((one) => [one.name, valueToWrite(one) ?? one.recommended])) }))
  const waiting = settings.some(({ pendingRestart }) => pendingRestart)
  return (
    <>
      <PageHead
        eyebrow="Configuration"
        title={configurationTitle(settings)}
        actions={restartable && waiting && <RestartButton mayRun={mayRun} onClick={() => setRequest(restartServerRequest({}))} />}
      >
        {configurationEvidence(settings)}
      </PageHead>
      <div aria-busy={pending} className="grid grid-cols-[minmax(0,1fr)_310px] items-start gap-4 max-[1300px]:grid-cols-1">
        <div className="min-w-0">
          <ProfileCard tuning={tuning} chosen={profile} onChoose={(change) => setParams(change)} />
          <ProfileBar
            server={server}
            database={database}
            tuning={tuning}
            chosen={profile}
            pending={pending}
            mayRun={allowed}
            now={answer?.at ?? initial.at}
            onClear={() => setParams({ ram: null, cpus: null, storage: null, workload: null, connections: null })}
          />
          <MemoryBudget budget={budget} ram={tuning.profile.ram} own={settings.some((one) => one.own?.changes)} />
          <div className="mb-2.5 flex flex-wrap items-center justify-between gap-2">
            <FilterChips
              label="Show"
              value={show}
              choices={[
                { value: 'changes', label: 'Changes', count: exactCount(underChanges.length) },
                { value: 'all', label: 'All', count: exactCount(found.length) },
              ]}
              onChange={(value) => setParams({ show: value })}
            />
            <SearchField ref={search} label="Setting, topic or reason" shortcut="/" value={q} onChange={(text) => setParams({ q: text })} />
          </div>
          <SettingTable
            settings={show === 'all' ? found : underChanges}
            byRun={tuning.byRun}
            isChosen={(one) => isTicked(one, ticks)}
            onChoose={(names, on) => tick((before) => new Map([...before, ...names.map((name) => [name, on] as const)]))}
            onOwn={type}
            own={own}
            pending={pending}
            empty={emptyList(q, settings.length, found.length)}
            footer={tableFooter(settings, version)}
          />
          {children}
        </div>
        <ScriptCard
          tuning={tuning}
          chosen={chosen}
          format={as}
          onFormat={(format) => setParams({ as: format })}
          mayRun={mayRun}
          restartable={restartable}
          pending={pending}
          onApply={apply}
        />
      </div>
      {request && (
        <ConfirmDialog
          server={server}
          database={database}
          commands={[request]}
          open
          onOpenChange={(open) => !open && setRequest(undefined)}
        />
      )}
    </>
  )
}

/** Where settings wait for it; the sample alone has one. */
function RestartButton({ mayRun, onClick }: { mayRun: boolean; onClick: () => void }) {
  return (
    <>
      {!mayRun && (
        <span className="text-label text-ink-3">
          <WhyNot act="Restarting" />
        </span>
      )}
      <Button disabled={!mayRun} onClick={onClick}>
        <RotateCw aria-hidden />
        Restart the sample…
      </Button>
    </>
  )
}
