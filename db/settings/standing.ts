import { MB } from '../domain/setting-units'
import type { Advice, Given, Parameter } from './define-parameter'
import type { Measured } from './measured'
import { enough } from './measured'
import type { Standing } from './memory-plan'
import { amountOf, type Fitted, type ServerSetting } from './server-setting'
import { RECOVERY_NEEDS, type Surroundings } from './surroundings'

const NOT_SET = ['default', 'override', 'dynamic default']

/** What initdb itself writes into postgresql.conf, in segments of WAL where that decides (initdb.c, setup_config). */
const BY_INITDB: Record<string, (segment: number) => number> = {
  max_connections: () => 100,
  shared_buffers: () => 128 * MB,
  max_wal_size: (segment) => 64 * segment,
  min_wal_size: (segment) => 5 * segment,
}

/** Whether somebody gave a setting its value: neither PostgreSQL's own, nor one of the lines that initdb writes. */
export function isSet(row: ServerSetting, segment: number): boolean {
  // Written, and not taken yet: somebody did it.
  if (row.waiting !== undefined) return true
  if (NOT_SET.includes(row.source)) return false
  // Proctor sets a few for its own session: pg_settings then no longer tells where the other value comes from.
  if (row.source === 'session' || row.source === 'client') return row.setting !== row.boot_val
  const initial = BY_INITDB[row.name]?.(segment)
  return row.source !== 'configuration file' || /postgresql\.auto\.conf$/.test(row.sourcefile ?? '') || initial !== amountOf(row)
}

/** The values that no formula goes below: what somebody set, and on a standby what recovery may need. */
export function standingOf(
  settings: ReadonlyMap<string, ServerSetting>,
  measured: Measured,
  around: Surroundings,
  segment: number,
): Standing {
  const of = (name: string): number | undefined => {
    const row = settings.get(name)
    if (!row || !(isSet(row, segment) || (around.inRecovery && RECOVERY_NEEDS.includes(name)))) return undefined
    const amount = amountOf({ ...row, setting: row.waiting ?? row.setting })
    return amount === null || amount < 0 ? undefined : amount
  }
  const connections = enough(measured.peak) && !around.inRecovery ? undefined : of('max_connections')
  const row = settings.get('reserved_connections')
  return {
    sharedBuffers: of('shared_buffers'),
    walBuffers: of('wal_buffers'),
    maintenance: of('maintenance_work_mem'),
    autovacuum: of('autovacuum_work_mem'),
    hashMultiplier: of('hash_mem_multiplier'),
    maxConnections: connections,
    parallelWorkers: of('max_parallel_workers'),
    autovacuumWorkers: of('autovacuum_max_workers'),
    reserved: (of('superuser_reserved_connections') ?? 3) + Number(row?.setting ?? 0),
  }
}

/** Why a value stays although the formula has another; null where the advice may be followed. */
export function whyItStays(
  parameter: Parameter,
  advice: Advice,
  row: ServerSetting,
  fitted: Fitted,
  given: Given,
  set: boolean,
): string | null {
  const { inRecovery } = given.around
  if (inRecovery && parameter.primaryOnly)
    return 'Nothing of it happens on a standby. Give it the primary’s value, for the day on which it is promoted.'
  if (row.pending_restart && row.waiting === undefined)
    return `Another value waits for a restart, which this role may not read. By the formula it would be ${fitted.text}.`
  const [from, to] = [Number(row.waiting ?? row.setting), Number(fitted.setting)]
  const lowered = Number.isFinite(from) && Number.isFinite(to) && to < from
  if (inRecovery && RECOVERY_NEEDS.includes(parameter.name) && lowered)
    return `Recovery needs at least the primary’s value, which a standby cannot see. Lower the primary first. By the formula it would be ${fitted.text}.`
  if (!set || parameter.whenSet === 'change') return null
  const direction = to === from || !Number.isFinite(from) || !Number.isFinite(to) ? null : lowered ? 'less' : 'more'
  if (direction !== null && advice.measured && advice.evidence !== undefined && advice.speaksFor === direction) return null
  if (parameter.whenSet === 'raise' && direction === 'more' && from >= 0) return null
  return direction === 'less'
    ? `It was set explicitly, and no measurement suggests less: it stays. By the formula alone it would be ${fitted.text}.`
    : `It was set explicitly, and no measurement contradicts it: it stays. Otherwise it would be ${fitted.text}.`
}
