import { z } from 'zod'
import { inWords } from '../../domain/setting-units'
import { settingRow } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { askPoolMode, unfitForRuns } from '../../server/pooler'
import { ok } from '../../server/problem'
import { runRead } from '../../server/run-read'
import { RUN_SETTINGS } from '../../server/run-settings'
import type { Target } from '../../server/target'
import { line, type PreflightCheck } from '../define-command'

/** A run holds one session from beginning to end; asked again when its own session is there (session.ts). */
const pooler: PreflightCheck = async (target, { server }) => {
  if (!server.isPooled) return ok(null)
  const mode = await askPoolMode(target)
  const unfit = unfitForRuns(mode, target)
  if (unfit) return line('pooler', 'stop', 'A pooler is between Proctor and this server', `${unfit.message}. ${unfit.hint}`)
  return line('pooler', 'pass', 'A pooler is between, in session mode', 'It keeps one session of the server for the whole run.')
}

const sessionSettings = defineRead({
  name: 'session-settings',
  about: 'Settings by name that a new session of this role in this database starts with',
  params: z.object({ names: z.array(z.string()) }),
  row: settingRow({ name: z.string(), setting: z.string(), unit: z.string().nullable() }, ['setting']),
  // reset_val: what our own reads set for themselves is looked through.
  sql: /* sql */ `
select /* proctor:session-settings */ name, coalesce(reset_val, '') as setting, unit
  from pg_settings where name = any($1::text[]) order by name`,
})

const readSettings = (target: Target, names: string[]) => runRead(target, sessionSettings, { names })

/** What would end a run, or make something else of it; its session sets all of it. */
const settings: PreflightCheck = async (target, { server }) => {
  const found = await readSettings(
    target,
    RUN_SETTINGS.map(({ name }) => name),
  )
  if (!found.ok) return found
  const own = new Map(found.value.map((row) => [row.name, row]))
  const others = RUN_SETTINGS.flatMap((one) => {
    const row = own.get(one.name)
    return row && row.setting !== one.value ? [{ ...one, is: inWords(row.setting, row.unit) }] : []
  })
  if (others.length === 0) return ok(null)
  const title = others.length === 1 ? `${others[0]?.name} is set for the run` : `${others.length} settings are set for the run`
  const each = others.map(({ name, is, value, would, byPlan }) => {
    const to = `${value || "''"}${byPlan ? ' or to what its statements say' : ''}`
    return `${name} is ${is} for new sessions of ${server.role} and ${would}: the run sets it to ${to}`
  })
  return line('session-settings', 'pass', title, `${each.join('. ')}.`)
}

/** What slows a command down, and is left as it is: somebody may have wanted that. `boot`: the built-in default. */
const SLOWS: Record<string, { boot: number; how: string }> = {
  vacuum_cost_delay: { boot: 0, how: 'it rests for so long each time that vacuum_cost_limit is reached' },
  maintenance_work_mem: { boot: 65_536, how: 'with so little memory it sorts on disk, or reads indexes more than once' },
}

/** Told only; the settings that matter to a command by name. */
export const pace =
  (...names: (keyof typeof SLOWS)[]): PreflightCheck =>
  async (target) => {
    const found = await readSettings(target, names)
    if (!found.ok) return found
    const slow = found.value.filter(({ name, setting }) => {
      const boot = SLOWS[name]?.boot ?? 0
      return boot === 0 ? Number(setting) > 0 : Number(setting) < boot
    })
    if (slow.length === 0) return ok(null)
    const detail = slow.map(({ name, setting, unit }) => `${name} is ${inWords(setting, unit)}: ${SLOWS[name]?.how}`)
    return line('pace', 'pass', 'Slower than it could be', `${detail.join('. ')}.`)
  }

/** What holds for whatever is run. */
export const EVERY_RUN: PreflightCheck[] = [pooler, settings]
