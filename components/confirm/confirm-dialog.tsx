'use client'
import { useRouter } from 'next/navigation'
import { useEffect, useState, useTransition } from 'react'
import { confirmCommands } from '@/app/runs/actions'
import type { CommandRequest } from '@/db/domain/command-request'
import type { Problem } from '@/db/server/problem'
import { Dialog } from '../ui/dialog'
import { notify } from '../ui/notify'
import { ProblemPanel } from '../ui/problem-panel'
import { ConfirmFooter } from './confirm-footer'
import { Options } from './options'
import { PlannedSql } from './planned-sql'
import { Prediction } from './prediction'
import { Preflight } from './preflight'
import { dialogTitle, mergePreflight, withChoice } from './preview'
import { headline } from './sentence'
import { usePreview } from './use-preview'
import { Waiting } from './waiting'
import { WhatItDoes } from './what-it-does'
import { type Chosen, termsOf, When, windowOf } from './when'

interface ConfirmDialogProps {
  /** The server's id. */
  server: string
  database: string
  /** What would be run, one after another. */
  commands: CommandRequest[]
  open: boolean
  onOpenChange: (open: boolean) => void
  /** The page shows the outcome by itself: it is not left for the run's. */
  stay?: boolean
  /** It was asked for as a plan, however many steps it has; several commands always are one. */
  plan?: boolean
  /** The runs that were queued, where the page tells of them by itself. */
  onQueued?: (runs: { id: string }[]) => void
}

/** One for each opening: after an answer that was lost the same confirmation can be sent again. Works without TLS, unlike randomUUID. */
const newKey = (): string => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')

/**
 * The one way to a changed server: exact SQL, effect, lock, prediction and preflight on one screen, then the
 * confirmation. The server plans again and refuses what was not shown here. Afterwards it leads to the run.
 */
export function ConfirmDialog({
  server,
  database,
  commands,
  open,
  onOpenChange,
  stay = false,
  plan = false,
  onQueued,
}: ConfirmDialogProps) {
  const router = useRouter()
  const planning = plan || commands.length > 1
  const [chosen, setChosen] = useState<Record<string, unknown>>({})
  const [terms, setTerms] = useState<Chosen>({})
  const [problem, setProblem] = useState<Problem>()
  const [sending, send] = useTransition()
  const [key, setKey] = useState(newKey)
  const requests = commands.map(({ command, input }) => ({ command, input: { ...input, ...chosen } }))
  const { result, busy, checkAgain } = usePreview(server, database, requests, open)
  useEffect(() => {
    if (open) return
    setChosen({})
    setTerms({})
    setProblem(undefined)
    setKey(newKey())
  }, [open])

  const shown = result?.ok && result.value.unplanned === null ? result.value : undefined
  const unplanned = result && (result.ok ? result.value.unplanned : result.problem)
  const options = result?.ok ? result.value.options : []
  const previews = shown?.previews ?? []
  const lines = mergePreflight(previews)
  const again = () => {
    setProblem(undefined)
    checkAgain()
  }
  const choose = (key: string, value: unknown) => setChosen((before) => withChoice(options, before, key, value))
  const run = (typed: string) =>
    send(async () => {
      const confirmed = previews.map(({ command, input, plan, cluster }) => ({ command, input, statements: plan.statements, cluster }))
      const answer = await confirmCommands(server, database, confirmed, typed, {
        ...termsOf(terms, previews, shown?.windows ?? [], planning),
        key,
      })
      if (!answer.ok) return setProblem(answer.problem)
      const [first] = answer.value
      onOpenChange(false)
      onQueued?.(answer.value)
      if (stay) return void notify('success', `${previews[0]?.plan.title}: run #${first?.id}`)
      router.push(answer.value.length === 1 ? `/runs/${first?.id}` : `/runs?batch=${first?.batchId}`)
    })

  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !sending && onOpenChange(next)}
      title={unplanned ? 'Nothing was run' : dialogTitle(previews, shown?.serverName, planning)}
      description={
        previews.length > 0 ? headline(previews) : unplanned ? 'Not planned yet.' : 'Planning, and running the preflight checks.'
      }
      footer={
        <ConfirmFooter
          key={open ? 'open' : 'closed'}
          previews={previews}
          database={database}
          lines={lines}
          busy={busy}
          sending={sending}
          later={windowOf(terms, previews, shown?.windows ?? [], planning) !== null}
          onCancel={() => onOpenChange(false)}
          onCheckAgain={again}
          onRun={run}
        />
      }
    >
      {!result && <Waiting />}
      {unplanned && (
        <div className="grid gap-4 p-5">
          <ProblemPanel title="This cannot be planned" problem={unplanned} />
          <Options options={options} requests={requests} onChange={choose} />
        </div>
      )}
      {shown && (
        <div className="grid grid-cols-[minmax(0,1fr)_452px] max-lg:grid-cols-1">
          <div className="grid content-start gap-4 px-5 py-4">
            {problem && <ProblemPanel title="Not run" problem={problem} />}
            <PlannedSql previews={previews} />
            <WhatItDoes previews={previews} />
            <Options options={options} requests={previews} onChange={choose} />
            <Prediction previews={previews} />
          </div>
          <div className="grid content-start gap-4 border-l border-line bg-canvas px-5 py-4 max-lg:border-t max-lg:border-l-0">
            <When previews={previews} windows={shown.windows} chosen={terms} planning={planning} onChange={setTerms} />
            <Preflight lines={lines} checkedAt={shown.checkedAt} busy={busy} onCheckAgain={again} commands={previews.length} />
          </div>
        </div>
      )}
    </Dialog>
  )
}
