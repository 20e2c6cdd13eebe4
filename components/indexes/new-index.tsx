'use client'
import { type FormEvent, useId, useState, useTransition } from 'react'
import { previewCommands } from '@/app/runs/actions'
import { createIndexRequest } from '@/db/commands/create-index/request'
import type { CommandRequest } from '@/db/domain/command-request'
import type { Problem } from '@/db/server/problem'
import { useLive } from '../live/use-live'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { Field, TextArea } from '../ui/field'
import { SectionTitle } from '../ui/section-title'
import { Proposals } from './missing-indexes'

interface NewIndexProps {
  server: string
  database: string
  open: boolean
  onClose: () => void
  /** Leads to the confirmation. */
  onAsk: (request: CommandRequest) => void
}

/** More than anybody looks through. */
const MOST_PROPOSALS = 100

/** An index as somebody writes it, or as a foreign key asks for it. The server parses what was typed; nothing runs from here. */
export function NewIndex({ server, database, open, onClose, onAsk }: NewIndexProps) {
  const form = useId()
  const [definition, setDefinition] = useState('')
  const [problem, setProblem] = useState<Problem>()
  const [busy, look] = useTransition()
  const { answer } = useLive('missing-indexes', { server, database, limit: MOST_PROPOSALS }, { enabled: open })
  const proposals = answer?.ok ? answer.value : undefined
  const leave = () => {
    setProblem(undefined)
    onClose()
  }
  const ask = (request: CommandRequest) => {
    leave()
    onAsk(request)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const request = createIndexRequest({ definition, concurrently: true })
    look(async () => {
      const planned = await previewCommands(server, database, [request])
      const refused = planned.ok ? planned.value.unplanned : planned.problem
      // The confirmation offers other choices where this one conflicts with what is there.
      if (refused === null || refused.kind === 'conflict') ask(request)
      else setProblem(refused)
    })
  }
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && leave()}
      title="New index"
      description={`In ${database}. It is planned and checked first; nothing is built until you confirm.`}
      footer={
        <div className="ml-auto flex gap-3 max-sm:w-full max-sm:[&>button]:flex-1">
          <Button onClick={leave}>Cancel</Button>
          <Button variant="primary" type="submit" form={form} disabled={busy || definition.trim() === ''}>
            {busy ? 'Planning …' : 'Plan it…'}
          </Button>
        </div>
      }
    >
      <div className="grid gap-5 px-5 py-4">
        <form id={form} onSubmit={submit}>
          <Field
            label="Definition"
            error={problem?.message}
            hint="One CREATE INDEX with an index name and a schema-qualified table. CONCURRENTLY is chosen in the confirmation."
          >
            <TextArea
              mono
              rows={4}
              maxLength={10_000}
              value={definition}
              onChange={(event) => {
                setDefinition(event.target.value)
                setProblem(undefined)
              }}
              aria-invalid={problem !== undefined}
              placeholder="CREATE INDEX orders_buyer_idx ON public.orders (buyer)"
              autoCapitalize="off"
              autoComplete="off"
              spellCheck={false}
            />
          </Field>
        </form>
        {proposals && proposals.total > 0 && (
          <section>
            <SectionTitle
              sub={proposals.total > proposals.findings.length ? `the first ${proposals.findings.length} of ${proposals.total}` : undefined}
            >
              Foreign keys without an index
            </SectionTitle>
            <Proposals findings={proposals.findings} mayRun onAsk={ask} />
          </section>
        )}
      </div>
    </Dialog>
  )
}
