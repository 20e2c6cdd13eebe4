import type { Finding } from '../checks/define-check'
import type { Result } from '../server/problem'
import { ok } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { settings } from './reads/settings'

type Row = { setting: string; boot_val: string | null }

/** Values of settings by their name, as a new session gets them. Errors: as the read. */
export async function readSettings(target: Target, names: string[]): Promise<Result<Map<string, Row>>> {
  const rows = await runRead(target, settings, { names })
  return rows.ok ? ok(new Map(rows.value.map((row) => [row.name, row]))) : rows
}

/** What findings about the configuration of a server have in common. */
export const aboutSettings = { kind: 'server', name: null, trust: { kind: 'exact' } } as const satisfies Partial<Finding>

/** ALTER SYSTEM, and the reload after which it holds (manual, ALTER SYSTEM). Values are ours and plain. */
export const alterSystem = (values: Record<string, string>): string =>
  [...Object.entries(values).map(([name, value]) => `ALTER SYSTEM SET ${name} = ${value};`), 'SELECT pg_reload_conf();'].join('\n')
