'use client'
import { useState } from 'react'
import { attachPartitionRequest } from '@/db/commands/attach-partition/request'
import type { CommandRequest } from '@/db/domain/command-request'
import type { TableFinding } from '@/db/tables/table-health'
import { useLive } from '../live/use-live'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { Field, Input } from '../ui/field'
import { EmptyState, ProblemPanel } from '../ui/problem-panel'
import { Select } from '../ui/select'
import { Bar } from '../ui/skeleton'
import { tableName } from './table-messages'

interface AttachPartitionProps {
  server: string
  database: string
  /** The partitioned table. */
  table: TableFinding
  open: boolean
  onClose: () => void
  /** Leads to the confirmation. */
  onAsk: (request: CommandRequest) => void
}

/** Which table becomes a partition, and for which rows. Nothing changes before a confirmation. */
export function AttachPartition({ server, database, table, open, onClose, onAsk }: AttachPartitionProps) {
  const [name, setName] = useState<string | null>(null)
  const [bound, setBound] = useState('')
  const { answer, pending } = useLive('attachable-tables', { server, database, relid: table.relid }, { enabled: open })
  const tables = answer?.ok && !pending ? answer.value : undefined
  const [first] = tables ?? []
  const chosen = tables?.find((row) => tableName(row) === name) ?? first
  const ready = chosen !== undefined && bound.trim() !== ''
  const submit = () => {
    if (!chosen || !ready) return
    onClose()
    onAsk(attachPartitionRequest({ oid: chosen.relid, parent: table.relid, bound: bound.trim() }))
  }
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={`Attach a partition to ${tableName(table)}`}
      description={`Tables with the same columns by name and type${first?.key ? `; partitioned by ${first.key}` : ''}.`}
      footer={
        <div className="ml-auto flex gap-3 max-sm:w-full max-sm:[&>button]:flex-1">
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" disabled={!ready} onClick={submit}>
            Plan it…
          </Button>
        </div>
      }
    >
      <form
        className="grid gap-4 px-5 py-4"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        {answer && !answer.ok && <ProblemPanel title="The tables could not be read" problem={answer.problem} />}
        {!tables && !(answer && !answer.ok) && (
          <div role="status" aria-label="Reading the tables">
            <Bar className="w-1/2" />
          </div>
        )}
        {tables?.length === 0 && (
          <EmptyState title="No table fits.">
            A partition has the very columns of {tableName(table)}: the same names and types, and NOT NULL where it is.
          </EmptyState>
        )}
        {tables && chosen && (
          <>
            <div className="grid justify-items-start gap-1">
              <span className="text-label font-medium text-ink-2">Table</span>
              <Select label="Table" value={tableName(chosen)} choices={tables.map(tableName)} onChange={setName} />
            </div>
            <Field label="Bound" hint="FOR VALUES FROM (…) TO (…), FOR VALUES IN (…), FOR VALUES WITH (…), or DEFAULT">
              <Input
                mono
                value={bound}
                onChange={(event) => setBound(event.target.value)}
                placeholder={chosen.last_bound ?? 'DEFAULT'}
                autoComplete="off"
                spellCheck={false}
                maxLength={10_000}
              />
            </Field>
          </>
        )}
      </form>
    </Dialog>
  )
}
