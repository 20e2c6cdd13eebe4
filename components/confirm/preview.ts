import type { ObjectIdentity, Plan, PreflightLine } from '@/db/commands/define-command'
import type { MaintenanceWindow } from '@/db/console/maintenance-windows'
import type { Result } from '@/db/server/problem'

/** A command's name and input; all that the browser ever sends. */
export interface CommandRequest {
  command: string
  input: Record<string, unknown>
}

/** One command as it was planned and checked at this moment. */
export interface Preview extends CommandRequest {
  object: ObjectIdentity
  plan: Plan
  preflight: PreflightLine[]
}

/** What the dialog shows. */
interface Previewed {
  serverName: string
  previews: Preview[]
  /** The maintenance windows of the server. */
  windows: MaintenanceWindow[]
  /** When the preflight was read, ISO 8601. */
  checkedAt: string
}

/** What the dialog sends back: what was seen, so that the server can refuse anything else. */
export interface Confirmation extends CommandRequest {
  statements: string[]
}

/** When the runs start and how long they wait: confirmed together with the statements. */
export interface Terms {
  /** Null where nothing waits. */
  giveUpMinutes: number | null
  /** As it was shown; null: now. */
  window: Pick<MaintenanceWindow, 'id' | 'cron' | 'timeZone' | 'minutes'> | null
}

export type PreviewedResult = Result<Previewed>

export type PreflightStatus = PreflightLine['status']

const RANK: Record<PreflightStatus, number> = { stop: 0, warn: 1, pass: 2 }

/** A preflight line, and of several commands the objects that it speaks of. */
export interface MergedLine extends PreflightLine {
  objects: string[]
}

/** The lines of all commands, worst first; what is the same for several commands stands once. */
export function mergePreflight(previews: Preview[]): MergedLine[] {
  const merged = new Map<string, MergedLine>()
  for (const { object, preflight } of previews) {
    for (const line of preflight) {
      const key = JSON.stringify([line.name, line.status, line.title, line.detail])
      const found = merged.get(key)
      if (found) found.objects.push(object.relname)
      else merged.set(key, { ...line, objects: [object.relname] })
    }
  }
  return [...merged.values()].sort((a, b) => RANK[a.status] - RANK[b.status])
}

export function countLines(lines: PreflightLine[]): Record<PreflightStatus, number> {
  const counts = { stop: 0, warn: 0, pass: 0 }
  for (const { status } of lines) counts[status]++
  return counts
}

/**
 * What has to be typed before these commands may run, or null. One command asks for its object's name,
 * several ask for the database's.
 */
export function phraseOf(previews: Preview[], database: string): string | null {
  const asked = previews.some(({ plan, preflight }) => plan.alwaysTyped || preflight.some(({ status }) => status !== 'pass'))
  if (!asked) return null
  const [first] = previews
  return first && previews.length === 1 ? first.plan.phrase : database
}
