import { consoleDb } from '../console/client'
import type { ServerEventKind } from '../console/schema-sampling'
import { inWords } from '../domain/setting-units'
import type { TimeRange } from './range'
import { type ByRun, runBehind, settingRuns } from './setting-runs'

/** Something on a time axis that explains what a line does there. */
export interface TimeMark {
  /** When it was over; a run that goes on stands at its start. */
  at: number
  /** When it began, where it took time or is only known to lie between two samples. Left out for a run that goes on. */
  began?: number
  kind: 'run' | 'setting' | ServerEventKind
  label: string
  runId?: string
  /** Left out: the whole server. */
  database?: string
}

/** From here on counters began anew, or another server answers. */
const BREAKS = new Set<TimeMark['kind']>(['restart', 'another cluster', 'promotion', 'upgrade', 'clock'])

/** Whether a mark stands for something that parts what was before from what came after. */
export const isBreak = ({ kind }: Pick<TimeMark, 'kind'>): boolean => BREAKS.has(kind)

/** Runs, changed settings and events of a server's current series within a range, by time. A database leaves out what concerns others. */
export async function timeMarks(serverId: string, { from, to }: TimeRange, database?: string): Promise<TimeMark[]> {
  const { rows } = await consoleDb().$client.query(
    /* sql */ `
with series as (select no, system_identifier from sampled_server where server_id = $1 and current)
select extract(epoch from at)::float8 * 1000 as at, extract(epoch from began)::float8 * 1000 as began, kind, label,
       run_id as "runId", database, old, new, unit
  from (
    select coalesce(r.ended_at, r.started_at) as at, case when r.ended_at is not null then r.started_at end as began, 'run' as kind,
           r.command || coalesce(' ' || (r.object ->> 'relname'), '') as label, r.id::text as run_id, r.database,
           null as old, null as new, null as unit
      from run r left join series on true
     where r.server_id = $1 and r.started_at is not null and coalesce(r.system_identifier = series.system_identifier, true)
    union all
    select e.at, null, e.kind, coalesce(e.detail, e.kind), null, nullif(e.database, ''), null, null, null
      from server_event e where e.server = (select no from series)
    union all
    select c.at, c.after, 'setting', c.name, null, null, c.old, c.new, c.unit
      from setting_change c where c.server = (select no from series)
  ) marks
 where at >= $2 and at < $3 and ($4::text is null or database is null or database = $4)
 order by at limit 2000`,
    [serverId, from, to, database ?? null],
  )
  return rows.map(({ at, kind, label, runId, began, database: of, old, new: then, unit }) => ({
    at,
    kind,
    label: kind === 'setting' ? `${label}: ${valueWords(old, unit)} → ${valueWords(then, unit)}` : label,
    ...(began !== null && { began }),
    ...(runId && { runId }),
    ...(of && { database: of }),
  }))
}

/** As many characters of a value stand beside a mark. */
const MOST = 60

/** 128MB, 10min, ''; a long list is cut. */
function valueWords(value: string | null, unit: string | null): string {
  if (value === null) return 'not set'
  if (value === '') return "''"
  const words = inWords(value, unit)
  return words.length > MOST ? `${words.slice(0, MOST)}…` : words
}

export interface SettingChange {
  name: string
  /** In PostgreSQL's own words: 128MB; null: not there, or not to be seen. */
  old: string | null
  new: string | null
  oldSource: string | null
  newSource: string | null
  /** It happened after this moment and not later than `at`. */
  after: string
  at: string
  /** The run of Proctor that made it; null: somebody else, or it cannot be told. */
  run: ByRun | null
}

/** Changes of pg_settings that sampling saw, whoever made them, the newest first. */
export async function settingChanges(serverId: string, { from, to }: TimeRange): Promise<SettingChange[]> {
  const { rows } = await consoleDb().$client.query(
    /* sql */ `
select c.name, c.old, c.new, c.unit, c.old_source as "oldSource", c.new_source as "newSource", c.after, c.at,
       exists (select from server_event e where e.server = c.server and e.kind = 'restart' and e.at > c.after and e.at <= c.at) as restarted
  from setting_change c join sampled_server s on s.no = c.server
 where s.server_id = $1 and s.current and c.at >= $2 and c.at < $3 order by c.at desc, c.name limit 2000`,
    [serverId, from, to],
  )
  const runs = await settingRuns(serverId)
  const say = (value: string | null, unit: string | null) => (value === null ? null : inWords(value, unit))
  return rows.map(({ unit, restarted, ...row }) => {
    const by = runBehind({ ...row, unit, restarted, after: row.after.getTime(), at: row.at.getTime() }, runs)
    return {
      ...row,
      old: say(row.old, unit),
      new: say(row.new, unit),
      after: row.after.toISOString(),
      at: row.at.toISOString(),
      run: by ? { id: by.id, by: by.by } : null,
    }
  })
}
