import { createHash } from 'node:crypto'
import { failed, ok, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import { fileSettings, roleSettings, settingRights, settings } from '../../settings/reads/settings'
import type { ServerSetting } from '../../settings/server-setting'
import { wordsOf } from '../../settings/server-setting'
import { type SetBy, setBy } from '../../settings/set-by'
import type { ObjectIdentity } from '../define-command'

/** One setting as it is now. */
export interface SettingState extends ServerSetting {
  /** What postgresql.auto.conf says, which is what ALTER SYSTEM writes; null where it says nothing. */
  auto: string | null
  /** The line that counts holds now; null where no file names it, or they could not be read. */
  applied: boolean | null
  by: SetBy
}

export interface SettingsFacts {
  states: Map<string, SettingState>
  forbidden: string[]
  may_reload: boolean
  alter_system_allowed: boolean
  managed: string | null
  standbys: number
}

/** Read whichever are changed: a server does not start where they take more connections than there are. */
const ALWAYS = ['max_connections', 'superuser_reserved_connections', 'reserved_connections']

export async function readStates(target: Target, names: string[]): Promise<Result<Map<string, SettingState>>> {
  const asked = { names: [...new Set([...names, ...ALWAYS])].sort() }
  const [rows, files, own] = await Promise.all([
    runRead(target, settings, asked),
    runRead(target, fileSettings, asked),
    runRead(target, roleSettings, asked),
  ])
  if (!rows.ok) return rows
  if (!own.ok) return own
  // Who may run ALTER SYSTEM may well not be allowed to read the files: then pg_settings has to do.
  if (!files.ok && files.problem.kind !== 'insufficient_privilege') return files
  const lines = new Map(files.ok ? files.value.map((line) => [line.name, line]) : [])
  const states = rows.value.map((row): [string, SettingState] => {
    const line = lines.get(row.name)
    const concluded = /postgresql\.auto\.conf$/.test(row.sourcefile ?? '') ? wordsOf(row) : null
    return [
      row.name,
      {
        ...row,
        auto: files.ok ? (line?.auto ?? null) : concluded,
        applied: line?.applied ?? null,
        by: setBy(row, line, own.value),
      },
    ]
  })
  return ok(new Map(states))
}

/** Errors: conflict for a setting that this server does not have. */
export async function loadSettings(target: Target, names: string[]): Promise<Result<{ object: ObjectIdentity; facts: SettingsFacts }>> {
  const read = await readStates(target, names)
  if (!read.ok) return read
  const rights = await runRead(target, settingRights, { names: [...names].sort() })
  if (!rights.ok) return rights
  const [right] = rights.value
  const missing = names.find((name) => !read.value.has(name))
  if (missing !== undefined || !right) return failed('conflict', `This server has no setting ${missing}`)
  const { view_oid: oid, ...rest } = right
  // What this changes is no file of a relation: its identity is the values as they are, so that the undo stays true.
  const relfilenode = markOf(names.map((name) => read.value.get(name)))
  return ok({
    object: { oid, schemaname: 'pg_catalog', relname: 'pg_settings', relfilenode, relid: oid },
    facts: { states: read.value, ...rest },
  })
}

/** Of the values now and in postgresql.auto.conf: another as soon as one of them is. */
const markOf = (states: (SettingState | undefined)[]): number =>
  createHash('md5')
    .update(JSON.stringify(states.map((state) => [state?.name, state?.auto, state?.setting]).sort()))
    .digest()
    .readUInt32BE(0)
