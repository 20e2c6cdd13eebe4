'use client'
import { RotateCw } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useQueryStates } from 'nuqs'
import { type ReactNode, useState } from 'react'
import { changeSettingsRequest } from '@/db/commands/change-settings/request'
import { restartServerRequest } from '@/db/commands/restart-server/request'
import type { CommandRequest } from '@/db/domain/command-request'
import { exactCount } from '../format'
import type { LiveAnswer } from '../live/fetch-live'
import { useLive } from '../live/use-live'
import { useNavCount, useReadAt } from '../shell/page-status'
import { Button } from '../ui/button'
import { PageHead } from '../ui/page-head'
import { ProblemPanel } from '../ui/problem-panel'
import { FilterChips } from '../ui/segmented'
import { configurationEvidence, configurationTitle } from './configuration-messages'
import { configurationParams, type TuningAnswer } from './configuration-params'
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
export function ConfigurationView({ server, database, mayRun, initial, restartable, children }: ConfigurationViewProps) {
  const [params, setParams] = useQueryStates(configurationParams)
  const [fresh] = useState(params)
  const [left, leave] = useState<ReadonlySet<string>>(new Set())
  const [asked, setAsked] = useState<CommandRequest>()
  const { show, as, ...chosenProfile } = params
  const named = Object.fromEntries(Object.entries(chosenProfile).filter(([, value]) => value !== null)) as Record<string, string | number>
  const same = (Object.keys(chosenProfile) as (keyof typeof chosenProfile)[]).every((key) => params[key] === fresh[key])
  const { answer, failed, pending } = useLive<TuningAnswer>(
    'tuning',
    { server, database, ...named },
    { everyMs: REFRESH_MS, initial: same ? initial : undefined },
  )
  useReadAt(answer?.at ?? initial.at, failed)
  const tuning = answer?.ok ? answer.value : undefined
  const changing = tuning?.settings.filter(({ changes }) => changes) ?? []
  useNavCount(`configuration of ${server}/${database}`, changing.length)
  if (!tuning) {
    const problem = answer && !answer.ok ? answer.problem : undefined
    return (
      <>
        <PageHead eyebrow="Configuration" title={problem ? 'The settings could not be read.' : 'Reading the settings …'} />
        {problem && <ProblemPanel problem={problem} />}
      </>
    )
  }
  const chosen = changing.filter(({ name }) => !left.has(name))
  const choose = (names: string[], on: boolean) =>
    leave((before) => {
      const next = new Set(before)
      for (const name of names) on ? next.delete(name) : next.add(name)
      return next
    })
  const apply = () =>
    setAsked(changeSettingsRequest({ set: Object.fromEntries(chosen.map(({ name, recommended }) => [name, recommended])) }))
  const waiting = tuning.settings.some(({ pendingRestart }) => pendingRestart)
  const shown = show === 'all' ? tuning.settings : changing
  return (
    <>
      <PageHead
        eyebrow="Configuration"
        title={configurationTitle(tuning.settings)}
        actions={restartable && waiting && <RestartButton mayRun={mayRun} onClick={() => setAsked(restartServerRequest({}))} />}
      >
        {configurationEvidence(tuning.settings)}
      </PageHead>
      <ProfileCard tuning={tuning} chosen={chosenProfile} onChoose={(change) => setParams(change)} />
      <ProfileBar
        server={server}
        database={database}
        tuning={tuning}
        chosen={chosenProfile}
        pending={pending}
        mayRun={mayRun}
        now={answer?.at ?? initial.at}
        onClear={() => setParams({ ram: null, cpus: null, storage: null, workload: null, connections: null })}
      />
      <MemoryBudget budget={tuning.budget} ram={tuning.profile.ram} />
      <div className="mb-2.5">
        <FilterChips
          label="Show"
          value={show}
          choices={[
            { value: 'changes', label: 'Changes', count: exactCount(changing.length) },
            { value: 'all', label: 'All', count: exactCount(tuning.settings.length) },
          ]}
          onChange={(value) => setParams({ show: value })}
        />
      </div>
      <div aria-busy={pending} className="grid grid-cols-[minmax(0,1fr)_310px] items-start gap-4 max-[1300px]:grid-cols-1">
        <SettingTable
          settings={shown}
          isChosen={(name) => !left.has(name)}
          onChoose={choose}
          footer={[
            `${changing.length} change, ${tuning.settings.length - changing.length} kept`,
            'Guide: values of the LMS guide, the text that the sample database follows; the same for every machine',
            `PostgreSQL ${tuning.version}`,
          ]}
        />
        <ScriptCard
          tuning={tuning}
          chosen={chosen}
          format={as}
          onFormat={(format) => setParams({ as: format })}
          mayRun={mayRun}
          restartable={restartable}
          onApply={apply}
        />
      </div>
      {children}
      {asked && (
        <ConfirmDialog server={server} database={database} commands={[asked]} open onOpenChange={(open) => !open && setAsked(undefined)} />
      )}
    </>
  )
}

/** Where settings wait for it; the sample alone has one. */
function RestartButton({ mayRun, onClick }: { mayRun: boolean; onClick: () => void }) {
  return (
    <>
      {!mayRun && <span className="text-label text-ink-3">Restarting takes an operator</span>}
      <Button disabled={!mayRun} onClick={onClick}>
        <RotateCw aria-hidden />
        Restart the sample…
      </Button>
    </>
  )
}
