import { and, desc, eq, isNotNull } from 'drizzle-orm'
import { changeSettingsRequest } from '../commands/change-settings/request'
import { consoleDb } from '../console/client'
import { run } from '../console/schema'
import { maybeOfSeenCluster } from '../console/seen-cluster'
import { inBaseUnits } from '../domain/setting-units'

/** A run of Proctor that wrote settings. */
export interface SettingRun {
  id: string
  /** Who confirmed it. */
  by: string
  /** ms since 1970, by the console's clock. */
  startedAt: number
  endedAt: number
  /** By name; null, like `reset`: its line in postgresql.auto.conf went. */
  set: Record<string, string | null>
  reset: string[]
}

/** A run, as a page names it. */
export type ByRun = Pick<SettingRun, 'id' | 'by'>

/** Further back no change is looked for. */
const MOST_RUNS = 500

/** Runs that are over and changed settings of a server, newest first; failed ones too, as they may have written some. */
export async function settingRuns(serverId: string): Promise<SettingRun[]> {
  const rows = await consoleDb()
    .select({ id: run.id, by: run.confirmedBy, startedAt: run.startedAt, endedAt: run.endedAt, input: run.input })
    .from(run)
    .where(
      and(
        eq(run.serverId, serverId),
        eq(run.command, changeSettingsRequest.command),
        maybeOfSeenCluster(run.systemIdentifier, serverId),
        isNotNull(run.startedAt),
        isNotNull(run.endedAt),
      ),
    )
    .orderBy(desc(run.id))
    .limit(MOST_RUNS)
  return rows.flatMap(({ id, by, startedAt, endedAt, input }) => {
    const { set = {}, reset = [] } = input as Partial<Pick<SettingRun, 'set' | 'reset'>>
    return startedAt && endedAt ? [{ id: String(id), by, startedAt: startedAt.getTime(), endedAt: endedAt.getTime(), set, reset }] : []
  })
}

interface Changed {
  name: string
  /** As pg_settings had it afterwards, in base units of `unit`. */
  new: string | null
  unit: string | null
  /** ms since 1970: it happened after the one and not later than the other. */
  after: number
  at: number
  /** The server was started anew between the two: what waited for that took effect then. */
  restarted: boolean
}

/**
 * The run that made a change which sampling saw; undefined where somebody else did. It names the setting, gave it the value that
 * was found, and was at work between the two looks, or before them where the server was restarted between them. `runs` newest first.
 */
export function runBehind(change: Changed, runs: readonly SettingRun[]): SettingRun | undefined {
  const last = runs.find((one) => one.startedAt <= change.at && names(one, change.name))
  if (!last || (last.endedAt <= change.after && !change.restarted)) return undefined
  const wanted = last.set[change.name]
  // What a reset leads back to is known to the files alone.
  if (wanted == null) return last
  return isSameValue(wanted, change.new, change.unit) ? last : undefined
}

/** The run whose value postgresql.auto.conf has: the newest that names the setting, where it wrote this. In PostgreSQL's own words. */
export function runThatWrote(name: string, words: string, runs: readonly SettingRun[]): SettingRun | undefined {
  const last = runs.find((one) => names(one, name))
  return last && last.set[name]?.trim() === words ? last : undefined
}

const names = ({ set, reset }: SettingRun, name: string): boolean => Object.hasOwn(set, name) || reset.includes(name)

function isSameValue(wanted: string, found: string | null, unit: string | null): boolean {
  if (found === null) return false
  if (wanted.trim() === found) return true
  const units = inBaseUnits(wanted, unit)
  // A whole number of base units is kept: 1500kB of a setting in MB is rounded.
  return units !== null && found !== '' && Math.abs(units - Number(found)) < 1
}
