import Link from 'next/link'
import type { ByRun } from '@/db/history/setting-runs'
import type { TunedSetting } from '@/db/settings/tune-server'
import { Badge } from '../ui/badge'
import { Checkbox } from '../ui/checkbox'
import { classes } from '../ui/class-names'
import { HeadCell, TableCard } from '../ui/data-table'
import { Identifier } from '../ui/identifier'
import { isUnderChanges, valueToWrite } from './choose-settings'
import { OwnValue } from './own-value'

interface SettingTableProps {
  settings: TunedSetting[]
  /** The runs that wrote what holds, by name. */
  byRun: Record<string, ByRun>
  isChosen: (setting: TunedSetting) => boolean
  onChoose: (names: string[], chosen: boolean) => void
  /** A value of one's own, or null to take the recommendation again. */
  onOwn: (name: string, text: string | null) => void
  /** The values of one's own, as they were typed. */
  own: Readonly<Record<string, string>>
  /** The values typed here have not been checked yet. */
  pending: boolean
  /** What stands where no row does. */
  empty: string
  footer: string[]
}

const CELL = 'px-2 py-[7px] align-top text-cell max-sm:p-0'

/** One row a setting: current and recommended side by side, and why; below it what was measured. The guide's value stands there in its own database. */
export function SettingTable({ settings, byRun, isChosen, onChoose, onOwn, own, pending, empty, footer }: SettingTableProps) {
  const changing = settings.filter((one) => valueToWrite(one) !== null).map(({ name }) => name)
  const chosen = settings.filter(isChosen)
  const guided = settings.some(({ guide }) => guide !== null)
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
            {guided && <HeadCell numeric>Guide</HeadCell>}
            <HeadCell numeric>Change</HeadCell>
            <HeadCell className="w-[38%]">Why</HeadCell>
            <HeadCell>Takes</HeadCell>
          </tr>
        </thead>
        <tbody className="max-sm:block">
          {settings.map((setting) => (
            <SettingRow
              key={setting.name}
              setting={setting}
              run={byRun[setting.name]}
              guided={guided}
              chosen={isChosen(setting)}
              onChoose={onChoose}
              onOwn={onOwn}
              asked={own[setting.name]}
              pending={pending}
            />
          ))}
          {settings.length === 0 && (
            <tr className="max-sm:block">
              <td colSpan={7} className="px-4 py-6 text-cell text-ink-3 max-sm:block">
                {empty}
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </TableCard>
  )
}

interface SettingRowProps extends Pick<SettingTableProps, 'onChoose' | 'onOwn' | 'pending'> {
  setting: TunedSetting
  run: ByRun | undefined
  guided: boolean
  chosen: boolean
  asked: string | undefined
}

function SettingRow({ setting, run, guided, chosen, onChoose, onOwn, asked, pending }: SettingRowProps) {
  const { name, current, guide, why, measured, evidence, takes, source, setBy, pendingRestart, own } = setting
  const { difference, order } = own ?? setting
  const changes = isUnderChanges(setting)
  const writes = valueToWrite(setting) !== null
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
          {writes && <Checkbox aria-label={`Change ${name}`} checked={chosen} onCheckedChange={(checked) => onChoose([name], checked)} />}
        </td>
        <td className={`${CELL} min-w-40 max-sm:col-span-3`}>
          <span className={changes ? 'font-mono text-ink' : 'font-mono text-ink-2'}>
            <Identifier name={name} />
          </span>
          <span className="block font-mono text-[11.5px] text-ink-3 [overflow-wrap:anywhere]" title={setBy.file ?? undefined}>
            {setBy.words}
            {run && (
              <>
                {' by '}
                <Link href={`/runs/${run.id}`} title={`confirmed by ${run.by}`} className="text-accent hover:underline">
                  run {run.id}
                </Link>
              </>
            )}
          </span>
          {setBy.overriddenFor.length > 0 && (
            <span className="block text-label text-warn">own value: {setBy.overriddenFor.join(', ')}</span>
          )}
        </td>
        <Value label="Current" text={current} className="text-ink" cell="max-sm:col-start-2" />
        <td className={classes(CELL, 'min-w-28 text-right max-sm:text-left')}>
          <span className="block text-[11px] text-ink-3 sm:hidden">Recommended</span>
          <OwnValue setting={setting} asked={asked} onOwn={onOwn} pending={pending} />
        </td>
        {guided && <Value label="Guide" text={guide?.value ?? '–'} className="text-ink-3" />}
        <td className={`${CELL} text-right whitespace-nowrap text-ink-2 max-sm:hidden`}>{writes ? (difference ?? '→') : '–'}</td>
        <td className={`${CELL} min-w-44 text-ink-2 max-sm:col-span-3 max-sm:col-start-2`}>
          {why}{' '}
          <a href={source.url} target="_blank" rel="noreferrer" className="whitespace-nowrap text-accent underline">
            {source.title.startsWith('PostgreSQL') ? 'manual' : source.title}
          </a>
        </td>
        <td className={`${CELL} pr-4 max-sm:col-span-3 max-sm:col-start-2`}>
          <span className="flex flex-wrap gap-1">
            {writes && <Badge tone={takes === 'restart' ? 'warn' : 'plain'}>{takes}</Badge>}
            {pendingRestart && <Badge tone="run">pending restart{setBy.waiting ? `: ${setBy.waiting}` : ''}</Badge>}
          </span>
        </td>
      </tr>
      {notes && (
        <tr className="border-b border-grid last:border-b-0 max-sm:block max-sm:px-3.5 max-sm:pb-3 max-sm:pl-[42px]">
          <td className="max-sm:hidden" />
          <td colSpan={guided ? 7 : 6} className="px-2 pb-2 text-label text-ink-3 max-sm:block max-sm:p-0">
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
