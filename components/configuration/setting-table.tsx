import type { TunedSetting } from '@/db/settings/tune-server'
import { Badge } from '../ui/badge'
import { Checkbox } from '../ui/checkbox'
import { classes } from '../ui/class-names'
import { HeadCell, TableCard } from '../ui/data-table'
import { Identifier } from '../ui/identifier'

interface SettingTableProps {
  settings: TunedSetting[]
  isChosen: (name: string) => boolean
  onChoose: (names: string[], chosen: boolean) => void
  footer: string[]
}

const CELL = 'px-2 py-[7px] align-top text-cell max-sm:p-0'

/** One row a setting: current, recommended and the guide's value side by side, and why; below it what was measured, and what is wrong with the guide. */
export function SettingTable({ settings, isChosen, onChoose, footer }: SettingTableProps) {
  const changing = settings.filter(({ changes }) => changes).map(({ name }) => name)
  const chosen = changing.filter(isChosen)
  return (
    <TableCard label="Settings" footer={footer.map((words) => <span key={words}>{words}</span>)}>
      <table className="w-full border-collapse max-sm:block">
        <thead className="max-sm:hidden">
          <tr>
            <HeadCell className="w-8">
              <Checkbox
                aria-label="All changes"
                checked={changing.length > 0 && chosen.length === changing.length}
                indeterminate={chosen.length > 0 && chosen.length < changing.length}
                disabled={changing.length === 0}
                onCheckedChange={(checked) => onChoose(changing, checked)}
              />
            </HeadCell>
            <HeadCell>Setting and source</HeadCell>
            <HeadCell numeric>Current</HeadCell>
            <HeadCell numeric>Recommended</HeadCell>
            <HeadCell numeric>Guide</HeadCell>
            <HeadCell numeric>Change</HeadCell>
            <HeadCell className="w-[38%]">Why</HeadCell>
            <HeadCell>Takes</HeadCell>
          </tr>
        </thead>
        <tbody className="max-sm:block">
          {settings.map((setting) => (
            <SettingRow key={setting.name} setting={setting} chosen={isChosen(setting.name)} onChoose={onChoose} />
          ))}
        </tbody>
      </table>
    </TableCard>
  )
}

function SettingRow({ setting, chosen, onChoose }: { setting: TunedSetting; chosen: boolean } & Pick<SettingTableProps, 'onChoose'>) {
  const { name, changes, current, recommended, guide, difference, why, measured, evidence, order, takes, source, setBy, pendingRestart } =
    setting
  const notes = evidence !== null || order !== null || guide?.remark != null
  return (
    <>
      <tr
        data-setting={name}
        className={classes(
          !notes && 'border-b border-grid last:border-b-0',
          'max-sm:grid max-sm:grid-cols-[20px_minmax(0,1fr)_minmax(0,1fr)_minmax(0,1fr)] max-sm:gap-x-2 max-sm:gap-y-1.5 max-sm:px-3.5 max-sm:py-3',
        )}
      >
        <td className={`${CELL} pl-4`}>
          {changes && <Checkbox aria-label={`Change ${name}`} checked={chosen} onCheckedChange={(checked) => onChoose([name], checked)} />}
        </td>
        <td className={`${CELL} min-w-40 max-sm:col-span-3`}>
          <span className={changes ? 'font-mono text-ink' : 'font-mono text-ink-2'}>
            <Identifier name={name} />
          </span>
          <span className="block font-mono text-[11.5px] text-ink-3 [overflow-wrap:anywhere]" title={setBy.file ?? undefined}>
            {setBy.words}
          </span>
          {setBy.overriddenFor.length > 0 && (
            <span className="block text-label text-warn">own value: {setBy.overriddenFor.join(', ')}</span>
          )}
        </td>
        <Value label="Current" text={current} className="text-ink" cell="max-sm:col-start-2" />
        <Value label="Recommended" text={changes ? recommended : 'keep'} className={changes ? 'font-medium text-accent' : 'text-ink-3'} />
        <Value label="Guide" text={guide?.value ?? '–'} className="text-ink-3" />
        <td className={`${CELL} text-right whitespace-nowrap text-ink-2 max-sm:hidden`}>{changes ? (difference ?? '→') : '–'}</td>
        <td className={`${CELL} min-w-44 text-ink-2 max-sm:col-span-3 max-sm:col-start-2`}>
          {why}{' '}
          <a href={source.url} target="_blank" rel="noreferrer" className="whitespace-nowrap text-accent underline">
            {source.title.startsWith('PostgreSQL') ? 'manual' : source.title}
          </a>
        </td>
        <td className={`${CELL} pr-4 max-sm:col-span-3 max-sm:col-start-2`}>
          <span className="flex flex-wrap gap-1">
            {changes && <Badge tone={takes === 'restart' ? 'warn' : 'plain'}>{takes}</Badge>}
            {pendingRestart && <Badge tone="run">pending restart{setBy.waiting ? `: ${setBy.waiting}` : ''}</Badge>}
          </span>
        </td>
      </tr>
      {notes && (
        <tr className="border-b border-grid last:border-b-0 max-sm:block max-sm:px-3.5 max-sm:pb-3 max-sm:pl-[42px]">
          <td className="max-sm:hidden" />
          <td colSpan={7} className="px-2 pb-2 text-label text-ink-3 max-sm:block max-sm:p-0">
            {order !== null && <span className="block text-warn">{order}</span>}
            {evidence !== null && <span className={measured ? 'block text-ink-2' : 'block'}>{evidence}</span>}
            {guide?.remark != null && <span className="block">Guide: {guide.remark}</span>}
          </td>
        </tr>
      )}
    </>
  )
}

function Value({ label, text, className, cell }: { label: string; text: string; className: string; cell?: string }) {
  return (
    <td className={classes(CELL, 'text-right max-sm:text-left', cell)}>
      <span className="block text-[11px] text-ink-3 sm:hidden">{label}</span>
      <span
        className={classes(
          'font-mono',
          text.length > 14 ? 'ml-auto block min-w-20 max-w-28 [overflow-wrap:anywhere]' : 'whitespace-nowrap',
          className,
        )}
      >
        {text === '' ? "''" : text}
      </span>
    </td>
  )
}
