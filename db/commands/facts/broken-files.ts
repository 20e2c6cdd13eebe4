import { z } from 'zod'
import { serverText, settingRow } from '../../server/columns'
import { defineRead } from '../../server/define-read'
import { ok, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import { settingOf } from '../../settings/server-setting'

/** Lines with an error only; what merely waits for a restart has one, too (manual, 54.10). Superusers only, unless both are granted. */
const brokenLines = defineRead({
  name: 'broken-lines',
  about: 'Lines of the configuration files that the server does not take',
  calls: ['pg_file_settings', 'pg_show_all_file_settings()'],
  params: z.object({}),
  row: settingRow(
    {
      name: z.string().nullable(),
      setting: z.string(),
      error: z.string(),
      sourcefile: z.string(),
      sourceline: z.number(),
      context: z.string().nullable(),
      vartype: z.string().nullable(),
      unit: z.string().nullable(),
      min_val: z.string().nullable(),
      max_val: z.string().nullable(),
    },
    ['setting', 'error'],
  ),
  keep: 0,
  sql: /* sql */ `
select /* proctor:broken-lines */ f.name, coalesce(f.setting, '') as setting, f.error, coalesce(f.sourcefile, '') as sourcefile,
       coalesce(f.sourceline, 0) as sourceline, s.context, s.vartype, s.unit, s.min_val, s.max_val
  from pg_file_settings f
  left join pg_settings s on s.name = f.name
 where f.error is not null
 order by f.seqno`,
})

/** A pg_hba.conf with an error keeps a server from starting; a reload leaves the former rules in place (manual, 54.11 and 20.1). */
const brokenRules = defineRead({
  name: 'broken-rules',
  about: 'Lines of pg_hba.conf that the server does not take',
  calls: ['pg_hba_file_rules', 'pg_hba_file_rules()'],
  params: z.object({}),
  row: z.object({ line_number: z.number(), error: serverText, file: z.string().nullable() }),
  keep: 0,
  sql: {
    14: rules(`(select setting from pg_settings where name = 'hba_file')`),
    16: rules('file_name'),
  },
})

function rules(file: string): string {
  return /* sql */ `
select /* proctor:broken-rules */ coalesce(line_number, 0) as line_number, error, ${file} as file
  from pg_hba_file_rules where error is not null order by line_number`
}

/** A line that the server does not take, with where it is. */
export interface BrokenLine {
  /** file:line: what it says, and what the server says of it. */
  text: string
  /**
   * What a reload makes of it. nothing: it applies no line of any file. others: it leaves this one out. A start fails in either case.
   */
  applies: 'nothing' | 'others'
}

/** What pg_file_settings says of a value that is none, and of one that waits for a restart. */
const NOT_APPLIED = 'setting could not be applied'

/** Null: this role may not see the files. Errors: as reads. */
export async function readBrokenLines(target: Target): Promise<Result<BrokenLine[] | null>> {
  const rows = await runRead(target, brokenLines, {})
  if (!rows.ok) return rows.problem.kind === 'insufficient_privilege' ? ok(null) : rows
  return ok(
    rows.value.flatMap(({ name, setting, error, sourcefile, sourceline, context, ...row }): BrokenLine[] => {
      const isValue = error === NOT_APPLIED && name !== null
      if (isValue && context === 'postmaster' && !isNoAmount(setting, row)) return []
      const what = name === null ? error : isValue ? `${name} = '${setting}' is no value of it` : `${name}: ${error}`
      return [{ text: `${sourcefile}:${sourceline}: ${what}`, applies: isValue ? 'others' : 'nothing' }]
    }),
  )
}

/** Of numbers alone that can be told: words have spellings that pg_settings does not list. */
const isNoAmount = (
  text: string,
  { vartype, ...row }: { vartype: string | null; unit: string | null; min_val: string | null; max_val: string | null },
): boolean => (vartype === 'integer' || vartype === 'real') && settingOf(text, { ...row, vartype, enumvals: null }) === null

/** file:line: what the server says. Null: this role may not see them. */
export async function readBrokenRules(target: Target): Promise<Result<string[] | null>> {
  const rows = await runRead(target, brokenRules, {})
  if (!rows.ok) return rows.problem.kind === 'insufficient_privilege' ? ok(null) : rows
  return ok(rows.value.map(({ file, line_number: at, error }) => `${file ?? 'pg_hba.conf'}:${at}: ${error}`))
}
