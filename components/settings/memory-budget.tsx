import type { Memory } from '@/db/settings/budget'
import type { ServerTuning } from '@/db/settings/tune-server'
import { bytesShort } from '../format'
import { Card, CardHeader, Legend } from '../ui/card'
import { classes } from '../ui/class-names'

const PARTS: { key: keyof Memory; label: string; color: string }[] = [
  { key: 'sharedBuffers', label: 'shared_buffers', color: 'bg-q1' },
  { key: 'work', label: 'work_mem', color: 'bg-q2' },
  { key: 'maintenance', label: 'maintenance', color: 'bg-q3' },
  { key: 'backends', label: 'backends', color: 'bg-q4' },
  { key: 'otherShared', label: 'wal_buffers and locks', color: 'bg-q5' },
  { key: 'system', label: 'system', color: 'bg-q0' },
]

const sum = (memory: Memory): number => PARTS.reduce((all, { key }) => all + memory[key], 0)

/** What the settings may take of the RAM, now and as recommended (with values of one's `own`), at typical and at worst; what is left is page cache. */
export function MemoryBudget({ budget, ram, own }: { budget: ServerTuning['budget']; ram: number; own: boolean }) {
  const then = own ? 'Recommended and yours' : 'Recommended'
  const rows = [
    { label: 'Now, worst', memory: budget.now.worst },
    { label: `${then}, worst`, memory: budget.recommended.worst },
    { label: `${then}, typical`, memory: budget.recommended.typical },
  ]
  return (
    <Card label="Memory budget" className="mb-4 pb-3">
      <CardHeader title="Memory budget" sub={`against ${bytesShort(ram)}`}>
        {PARTS.map(({ key, label, color }) => (
          <Legend key={key} mark={<span aria-hidden className={classes('size-2 rounded-[2px]', color)} />}>
            {label}
          </Legend>
        ))}
        <Legend mark={<span aria-hidden className="size-2 rounded-[2px] border border-line-2 bg-sunken" />}>page cache</Legend>
      </CardHeader>
      <div className="mt-2 overflow-x-auto px-4">
        <table className="w-full border-collapse text-cell">
          <caption className="sr-only">Memory by use</caption>
          <thead className="sr-only">
            <tr>
              <th scope="col">Case</th>
              <th scope="col">Parts</th>
              <th scope="col">Committed</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ label, memory }) => (
              <BudgetRow key={label} label={label} memory={memory} ram={ram} />
            ))}
          </tbody>
        </table>
      </div>
      <p className="mt-1 px-4 text-label text-ink-3">
        Worst: every session and parallel worker at once with a hash and a sort at full work_mem, every autovacuum worker, and an index
        build. Typical: half of the sessions, twice as many busy as there are CPUs, one sort each. temp_buffers come on top where temporary
        tables are used.
      </p>
    </Card>
  )
}

function BudgetRow({ label, memory, ram }: { label: string; memory: Memory; ram: number }) {
  const total = sum(memory)
  const over = total > ram
  const scale = Math.max(total, ram)
  const parts = PARTS.map(({ key, label: name }) => `${name} ${bytesShort(memory[key])}`).join(', ')
  return (
    <tr className="max-sm:grid max-sm:pb-1.5">
      <th scope="row" className="w-44 py-1 pr-3 text-left font-medium whitespace-nowrap text-ink-2">
        {label}
      </th>
      <td className="py-1">
        <span className="sr-only">{parts}</span>
        <span aria-hidden title={parts} className="flex h-4 w-full gap-px overflow-hidden rounded-[3px] bg-sunken">
          {PARTS.map(({ key, color }) => (
            <span key={key} className={classes('h-full', color)} style={{ width: `${(memory[key] / scale) * 100}%` }} />
          ))}
        </span>
      </td>
      <td
        className={classes(
          'w-40 py-1 pl-3 text-right whitespace-nowrap max-sm:w-auto max-sm:pl-0 max-sm:text-left',
          over ? 'font-medium text-bad' : 'text-ink',
        )}
      >
        {bytesShort(total)} {over ? `of ${bytesShort(ram)}: too much` : 'committed'}
      </td>
    </tr>
  )
}
