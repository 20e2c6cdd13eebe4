import type { Check } from '../../checks/define-check'
import { changeSettingsRequest } from '../../commands/change-settings/request'

import { countersSample } from '../../databases/reads/counters-sample'
import { formatBytes, formatCount, formatFirst } from '../../domain/format'
import type { Row } from '../../server/define-read'
import { ok } from '../../server/problem'
import { runRead } from '../../server/run-read'
import { PARAMETER_NAMES } from '../registry'
import { aboutSettings, alterSystem, readSettings } from '../settings-found'

/** Our own choices: below them nobody looks for the statement behind. */
const LEAST_TEMP_BYTES = 1_073_741_824
const LEAST_CHECKPOINTS = 10

interface LogSetting {
  off: string
  /** What the statement of the fix sets: PostgreSQL's default where it logs, else what the manual names as an example. */
  on: string
  /** What the server counted that the log would tell more of; null: nothing. */
  hidden: (row: Row<typeof countersSample>) => string | null
}

/** https://www.postgresql.org/docs/current/runtime-config-logging.html#RUNTIME-CONFIG-LOGGING-WHAT */
const LOG_SETTINGS: Record<string, LogSetting> = {
  log_checkpoints: {
    off: 'off',
    on: 'on',
    hidden: ({ checkpoints_req: asked, checkpoints_timed: timed }) =>
      Number(asked) >= LEAST_CHECKPOINTS && Number(asked) > Number(timed)
        ? `${formatCount(asked, 'checkpoint')} came before their time`
        : null,
  },
  log_lock_waits: {
    off: 'off',
    on: 'on',
    hidden: ({ databases }) => {
      const deadlocks = total(databases.map((database) => database.deadlocks))
      return deadlocks > 0n ? formatCount(deadlocks, 'deadlock') : null
    },
  },
  log_temp_files: {
    off: '-1',
    on: "'10MB'",
    hidden: ({ databases }) => {
      const written = total(databases.map((database) => database.temp_bytes))
      if (written < LEAST_TEMP_BYTES) return null
      return `${formatBytes(Number(written))} of temporary files`
    },
  },
  log_autovacuum_min_duration: { off: '-1', on: "'10min'", hidden: () => null },
}

const total = (counts: string[]): bigint => counts.reduce((sum, one) => sum + BigInt(one), 0n)

/**
 * One finding for all of them. Each counts where somebody switched it off that PostgreSQL has on, or where the server has counted what
 * it would have logged: a server as it was installed, with nothing to tell, is no finding.
 */
export const logSettingsOff: Check = {
  name: 'log-settings-off',
  about: 'Log settings are off that would name the statement behind a deadlock, temporary files, a slow autovacuum or early checkpoints',
  cadence: 'hour',
  scope: 'server',
  look: async (target) => {
    const [read, counted] = await Promise.all([readSettings(target, Object.keys(LOG_SETTINGS)), runRead(target, countersSample, {})])
    if (!read.ok) return read
    if (!counted.ok) return counted
    const [row] = counted.value
    const off = Object.entries(LOG_SETTINGS).flatMap(([name, { off: value, on, hidden }]) => {
      const found = read.value.get(name)
      if (!row || found?.setting !== value) return []
      const wasOn = found.boot_val !== null && found.boot_val !== value
      return [{ name, value, on, wasOn, hidden: hidden(row) }]
    })
    const counts = off.filter(({ wasOn, hidden }) => wasOn || hidden !== null)
    if (counts.length === 0) return ok([])
    const values = Object.fromEntries(counts.map(({ name, on }) => [name, on]))
    const reasons = counts.map(
      ({ name, value, wasOn, hidden }) =>
        `${name} is ${value}${wasOn ? ', which PostgreSQL has on by itself' : ''}${hidden ? `: ${hidden} since the statistics began` : ''}`,
    )
    const isOffered = counts.every(({ name }) => PARAMETER_NAMES.includes(name))
    return ok([
      {
        ...aboutSettings,
        title: counts.length === 1 ? `${counts[0]?.name} is off` : `${counts.length} log settings are off`,
        evidence: `${formatFirst(reasons)}. The log then does not say which statement it was.`,
        severity: 'info',
        fix: isOffered ? changeSettingsRequest({ set: values }) : null,
        sql: alterSystem(values),
      },
    ])
  },
}
