'use client'
import { type ReactNode, useId, useState } from 'react'
import type { PresentOption } from '@/db/commands/set-table-options/present-options'
import { setTableOptionsRequest } from '@/db/commands/set-table-options/request'
import type { CommandRequest } from '@/db/domain/command-request'
import type { TableFinding } from '@/db/tables/table-health'
import { plural } from '../format'
import { useLive } from '../live/use-live'
import { Button, TextButton } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { Input } from '../ui/field'
import { ProblemPanel } from '../ui/problem-panel'
import { SectionTitle } from '../ui/section-title'
import { Segmented } from '../ui/segmented'
import { Bar } from '../ui/skeleton'
import { changesOf, grouped, inheritedWords, type OptionEdits, optionProblem } from './option-form'
import { tableName } from './table-messages'

interface TableOptionsProps {
  server: string
  database: string
  /** Null: closed. */
  table: TableFinding | null
  onClose: () => void
  /** Leads to the confirmation. */
  onAsk: (request: CommandRequest) => void
}

/** A table's own settings of autovacuum and storage beside those that they override. Nothing changes before a confirmation. */
export function TableOptions({ server, database, table, onClose, onAsk }: TableOptionsProps) {
  const [shown, setShown] = useState(table)
  const [edits, setEdits] = useState<OptionEdits>({})
  if (table !== null && table !== shown) {
    setShown(table)
    setEdits({})
  }
  const { answer, pending } = useLive('table-options', { server, database, relid: shown?.relid }, { enabled: table !== null })
  const present = answer?.ok && !pending ? answer.value : undefined
  const all = present ? [...present.options, ...present.toast] : []
  const { set, reset } = changesOf(all, edits)
  const changes = Object.keys(set).length + reset.length
  const wrong = all.some((option) => optionProblem(option, edits[option.name] ?? '') !== null)
  const submit = () => {
    if (!shown || changes === 0 || wrong) return
    onClose()
    onAsk(setTableOptionsRequest({ oid: shown.relid, set, reset }))
  }
  const fields = (options: PresentOption[]) =>
    grouped(options).map(({ title, options: some }) => (
      <section key={title} className="mt-5 first-of-type:mt-0">
        <SectionTitle>{title}</SectionTitle>
        <div className="divide-y divide-grid border-y border-grid">
          {some.map((option) => (
            <OptionField
              key={option.name}
              option={option}
              value={edits[option.name] ?? option.own ?? ''}
              onChange={(value) => setEdits((before) => ({ ...before, [option.name]: value }))}
            />
          ))}
        </div>
      </section>
    ))
  return (
    <Dialog
      open={table !== null}
      onOpenChange={(open) => !open && onClose()}
      title={`Options of ${shown ? tableName(shown) : ''}`}
      description="The table's settings override the server's. Empty: the server's value applies."
      footer={
        <>
          <span role="status" className="text-label text-ink-3">
            {wrong ? 'A value is invalid.' : changes === 0 ? 'Nothing is changed yet.' : plural(changes, 'change', 'changes')}
          </span>
          <div className="ml-auto flex gap-3 max-sm:w-full max-sm:[&>button]:flex-1">
            <Button onClick={onClose}>Cancel</Button>
            <Button variant="primary" disabled={changes === 0 || wrong} onClick={submit}>
              Plan it…
            </Button>
          </div>
        </>
      }
    >
      <form
        className="px-5 py-4"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        {/* Enter in a field plans, as the button does. */}
        <button type="submit" hidden tabIndex={-1} aria-hidden />
        {answer && !answer.ok && <ProblemPanel title="The options could not be read" problem={answer.problem} />}
        {!present && !(answer && !answer.ok) && <Loading />}
        {present && fields(present.options)}
        {present && present.toast.length > 0 && (
          <details className="mt-5">
            <summary className="cursor-default text-cell font-semibold">
              TOAST table
              <span className="ml-2 font-normal text-ink-3">
                where long values are kept; {plural(present.toast.filter(({ own }) => own !== null).length, 'value', 'values')} of its own
              </span>
            </summary>
            {fields(present.toast)}
          </details>
        )}
      </form>
    </Dialog>
  )
}

interface OptionFieldProps {
  option: PresentOption
  value: string
  onChange: (value: string) => void
}

function OptionField({ option, value, onChange }: OptionFieldProps) {
  const id = useId()
  const { name, about, own, kind, unit } = option
  const problem = optionProblem(option, value)
  const changed = value.trim() !== (own ?? '')
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_212px_150px] items-start gap-x-4 gap-y-1 py-2 text-cell max-sm:grid-cols-1">
      <div className="min-w-0">
        <label htmlFor={kind === 'integer' || kind === 'real' ? id : undefined} className="font-mono [overflow-wrap:anywhere]">
          {name}
        </label>
        {changed && <span className="ml-2 text-tick text-accent">changed</span>}
        <p id={`${id}-about`} className="text-ink-3">
          {about}
        </p>
      </div>
      {kind === 'integer' || kind === 'real' ? (
        <div className="min-w-0">
          <span className="flex items-center gap-2">
            <Input
              id={id}
              mono
              inputMode="decimal"
              value={value}
              onChange={(event) => onChange(event.target.value)}
              placeholder={option.inherited}
              aria-invalid={problem !== null}
              aria-describedby={`${id}-about ${id}-problem`}
              autoComplete="off"
              maxLength={30}
              className="max-w-28 max-sm:max-w-none"
            />
            <span className="text-label whitespace-nowrap text-ink-3">{unit}</span>
          </span>
          <p id={`${id}-problem`} className="text-label text-bad">
            {problem}
          </p>
        </div>
      ) : (
        <Choice option={option} value={value} onChange={onChange} />
      )}
      <Inherited overridden={value.trim() !== ''} words={inheritedWords(option)}>
        <TextButton aria-label={`Reset ${name}`} onClick={() => onChange('')}>
          Reset
        </TextButton>
      </Inherited>
    </div>
  )
}

/** On, off, auto, or what is inherited. A value that was written as true or no stands as it is written. */
function Choice({ option: { name, kind, own }, value, onChange }: OptionFieldProps) {
  const values = [...(kind === 'auto' ? ['auto'] : []), 'on', 'off']
  const choices = own !== null && !values.includes(own) ? [own, ...values] : values
  return (
    <div className="justify-self-start">
      <Segmented
        label={name}
        value={value}
        choices={[{ value: '', label: 'inherited' }, ...choices.map((one) => ({ value: one, label: one }))]}
        onChange={onChange}
      />
    </div>
  )
}

const Inherited = ({ overridden, words, children }: { overridden: boolean; words: string; children: ReactNode }) => (
  <p className="flex flex-wrap items-baseline justify-between gap-x-2 text-label text-ink-3">
    <span className={overridden ? 'line-through decoration-line-2' : undefined}>{words}</span>
    {overridden && children}
  </p>
)

function Loading() {
  return (
    <div role="status" aria-label="Reading the options" className="grid gap-5 py-2">
      {['w-1/3', 'w-1/2', 'w-2/5', 'w-3/5', 'w-1/4', 'w-3/4'].map((width) => (
        <Bar key={width} className={width} />
      ))}
    </div>
  )
}
