import { serverFacts } from '../../server/facts'
import { failed, ok, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import { TABLE_OPTIONS, type TableOption, tableOptionDefaults, tableOptions, valuesOf } from './facts'

/** One storage parameter as it stands, with what it may be. */
export interface PresentOption extends Pick<TableOption, 'kind' | 'min' | 'max' | 'about' | 'unit'> {
  /** As ALTER TABLE takes it; those of the TOAST table with toast. before. */
  name: string
  /** The table's own value; null: what `inherited` says holds. */
  own: string | null
  /** What holds without a value of its own, and who says so. */
  inherited: string
  from: 'server' | 'table' | 'default'
}

export interface PresentOptions {
  options: PresentOption[]
  /** Of the TOAST table; empty where there is none. */
  toast: PresentOption[]
}

/** The storage parameters of a table that this major has, and what they override. Errors: conflict when the table is gone. */
export async function presentOptions(target: Target, relid: number): Promise<Result<PresentOptions>> {
  const server = await serverFacts(target)
  if (!server.ok) return server
  const has = Object.entries(TABLE_OPTIONS).filter(([, { since = 14 }]) => server.value.major >= since)
  const [rows, settings] = await Promise.all([
    runRead(target, tableOptions, { oid: relid }),
    runRead(target, tableOptionDefaults, { names: has.flatMap(([name, { setting = name }]) => setting ?? []) }),
  ])
  if (!rows.ok) return rows
  if (!settings.ok) return settings
  const [row] = rows.value
  if (!row) return failed('conflict', `There is no table with OID ${relid} any more`)
  const own = valuesOf(row.options)
  const ofServers = new Map(settings.value.map(({ name, setting }) => [name, setting]))
  const present = (
    [name, { kind, min, max, about, unit, setting = name, fallback = '' }]: [string, TableOption],
    toast: boolean,
  ): PresentOption => {
    const called = toast ? `toast.${name}` : name
    const ofTable = toast ? own.get(name) : undefined
    const ofServer = setting === null ? undefined : ofServers.get(setting)
    return {
      name: called,
      kind,
      min,
      max,
      about,
      unit,
      own: own.get(called) ?? null,
      inherited: ofTable ?? ofServer ?? fallback,
      from: ofTable !== undefined ? 'table' : ofServer !== undefined ? 'server' : 'default',
    }
  }
  return ok({
    options: has.map((option) => present(option, false)),
    toast: row.has_toast ? has.filter(([, { toast }]) => toast).map((option) => present(option, true)) : [],
  })
}
