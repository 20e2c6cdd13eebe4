import { z } from 'zod'
import { serverText, settingRow } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { isKept, type Postmaster, postmasterOf } from '../../server/postmaster'
import { failed, ok, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import { settingOf, wordsOf } from '../../settings/server-setting'
import type { Found, PendingSetting, Restart } from '../define-command'

const commandPostmaster = defineRead({
  name: 'command-postmaster',
  about: 'When the server was started, and where its data are',
  params: z.object({}),
  row: z.object({
    /** Microseconds since 1970. */
    started_micros: z.coerce.number(),
    /** null where this role may not see it. */
    data_directory: z.string().nullable(),
  }),
  keep: 0,
  sql: /* sql */ `
select /* proctor:command-postmaster */ (extract(epoch from pg_postmaster_start_time()) * 1000000)::int8 as started_micros,
       (select setting from pg_settings where name = 'data_directory') as data_directory`,
})

/** What a start reads and a reload does not (manual, 54.24): what was reloaded and waits, and what was only written (54.10). */
export const pendingSettings = defineRead({
  name: 'pending-settings',
  about: 'Settings that wait for a restart: the value now, and the value to come',
  calls: ['pg_file_settings', 'pg_show_all_file_settings()'],
  params: z.object({}),
  row: settingRow(
    {
      name: z.string(),
      setting: z.string(),
      unit: z.string().nullable(),
      vartype: z.string(),
      min_val: z.string().nullable(),
      max_val: z.string().nullable(),
      enumvals: z.array(z.string()).nullable(),
      /** As a file has it; the built-in default, in base units, where none names it any more. */
      wanted: z.string(),
    },
    ['setting', 'wanted'],
  ),
  keep: 0,
  sql: /* sql */ `
with /* proctor:pending-settings */ files as (
  select distinct on (name) name, setting, applied from pg_file_settings where name is not null order by name, seqno desc
)
select s.name, s.setting, s.unit, s.vartype, s.min_val, s.max_val, s.enumvals, coalesce(f.setting, s.boot_val, '') as wanted
  from pg_settings s
  left join files f on f.name = s.name
 where s.context = 'postmaster' and (s.pending_restart or not f.applied)
 order by s.name`,
})

const sessionsCut = defineRead({
  name: 'sessions-cut',
  about: 'Client sessions by who they are, those in a transaction counted; without those of the console that asks',
  params: z.object({ console: z.string().nullable() }),
  row: z.object({ who: serverText, sessions: z.number(), in_transaction: z.number() }),
  keep: 0,
  sql: /* sql */ `
select /* proctor:sessions-cut */ coalesce(nullif(application_name, ''), 'no application name') || ' as ' || coalesce(usename, 'unknown') as who,
       count(*)::int as sessions, count(*) filter (where xact_start is not null)::int as in_transaction
  from pg_stat_activity
 where backend_type = 'client backend' and not (usename = current_user
         and coalesce(substring(application_name from '^proctor run [0-9]+ of ([0-9a-f]{12})$') = $1, application_name ~ '^proctor( |$)'))
 group by 1
 order by 2 desc, 1`,
})

const settingsNow = defineRead({
  name: 'settings-now',
  about: 'The values of settings by name',
  params: z.object({ names: z.array(z.string()) }),
  row: settingRow({ name: z.string(), setting: z.string(), unit: z.string().nullable(), pending_restart: z.boolean() }, ['setting']),
  keep: 0,
  sql: /* sql */ `
select /* proctor:settings-now */ name, setting, unit, pending_restart from pg_settings where name = any($1::text[])`,
})

export interface PostmasterFacts {
  /** Null where the server does not run on this machine. */
  postmaster: Postmaster | null
  /** Whether a process stands by that starts it again. */
  kept: boolean
  pending: PendingSetting[]
  cut: { who: string; sessions: number; in_transaction: number }[]
}

/** The server's start, and where its data are. */
export async function readPostmaster(target: Target) {
  const rows = await runRead(target, commandPostmaster, {})
  if (!rows.ok) return rows
  const [row] = rows.value
  return row ? ok(row) : failed('unreachable', 'The server does not say when it was started')
}

/**
 * The server as a whole. It is no relation: its identity is the postmaster's pid, and for the file the start in
 * microseconds since 1970, so that one that was restarted since is another.
 */
export async function loadPostmaster(target: Target): Promise<Result<Found<PostmasterFacts>>> {
  const found = await readPostmaster(target)
  if (!found.ok) return found
  const { started_micros: micros, data_directory: folder } = found.value
  const [rows, cut] = await Promise.all([
    runRead(target, pendingSettings, {}),
    runRead(target, sessionsCut, { console: target.consoleId ?? null }),
  ])
  if (!cut.ok) return cut
  // A server of which even that may not be seen is none that is restarted from here; the plan says so.
  if (!rows.ok && rows.problem.kind !== 'insufficient_privilege') return rows
  const pending = (rows.ok ? rows.value : []).map(({ name, wanted, ...row }) => {
    const setting = settingOf(wanted, row) ?? wanted
    return { name, was: wordsOf(row), wanted: wordsOf({ setting, unit: row.unit }) }
  })
  const postmaster = folder === null ? null : await postmasterOf(folder)
  // The file is written a moment before the server calls itself started.
  const here = postmaster !== null && Math.abs(postmaster.start - micros / 1e6) <= 60
  const pid = here ? postmaster.pid : 0
  return ok({
    object: { oid: pid, schemaname: 'server', relname: 'postmaster', relfilenode: micros, relid: 0 },
    facts: {
      postmaster: here ? postmaster : null,
      kept: here && folder !== null && (await isKept(folder, postmaster)),
      pending,
      cut: cut.value,
    },
    pending,
  })
}

/** Reads back, after a restart, what waited for it; `refused`: the server did not start with these settings. */
export async function settingsAfter(target: Target, pending: PendingSetting[], refused: boolean): Promise<Result<Restart['settings']>> {
  const rows = await runRead(target, settingsNow, { names: pending.map(({ name }) => name) })
  if (!rows.ok) return rows
  return ok(
    pending.map((setting) => {
      const row = rows.value.find(({ name }) => name === setting.name)
      const is = row ? wordsOf(row) : null
      // -1 asks the server to choose a value itself.
      const took = !refused && row !== undefined && (is === setting.wanted || (setting.wanted.startsWith('-') && !row.pending_restart))
      return { ...setting, is, took }
    }),
  )
}
