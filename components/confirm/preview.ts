import type { ObjectIdentity, PreflightLine, Weight } from '@/db/commands/define-command'
import type { CommandOption, Face } from '@/db/commands/face'
import type { Plan } from '@/db/commands/plan'
import type { CommandRequest } from '@/db/domain/command-request'
import type { MaintenanceWindow } from '@/db/runs/maintenance-windows'
import type { ClusterIdentity } from '@/db/server/cluster'
import type { Problem, Result } from '@/db/server/problem'

/** One command as it was planned and checked at this moment. */
export interface Preview extends CommandRequest {
  /** The cluster that it was planned on. */
  cluster: ClusterIdentity | null
  face: Face
  weight: Weight
  object: ObjectIdentity
  plan: Plan
  preflight: PreflightLine[]
}

/** What the dialog shows. */
interface Previewed {
  serverName: string
  /** None where one of them cannot be planned; `unplanned` says why. */
  previews: Preview[]
  unplanned: Problem | null
  /** What can be chosen, where all are of one command. */
  options: CommandOption[]
  /** The maintenance windows of the server. */
  windows: MaintenanceWindow[]
  /** When the preflight was read, ISO 8601. */
  checkedAt: string
}

/** What the dialog sends back: what was seen, so that the server can refuse anything else. */
export interface Confirmation extends CommandRequest {
  statements: string[]
  cluster: Pick<ClusterIdentity, 'systemIdentifier' | 'timeline'> | null
}

/** When the runs start and how long they wait: confirmed together with the statements. */
export interface Terms {
  /** Null where nothing waits. */
  giveUpMinutes: number | null
  /** Of the dialog, 32 hexadecimal digits: sent again it queues nothing a second time. */
  key?: string
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

/** The input after a choice: what the choice excludes goes back to its default. */
export function withChoice(
  options: CommandOption[],
  chosen: Record<string, unknown>,
  key: string,
  value: unknown,
): Record<string, unknown> {
  const excluded = value === true ? (options.find((option) => option.key === key)?.excludes ?? []) : []
  const next = { ...chosen, [key]: value }
  for (const name of excluded) delete next[name]
  return next
}

/** Whether an option of the command lets it go on although this line of the preflight stops it. */
export const isAllowable = ({ options = [] }: Face, line: string): boolean => options.some(({ allows }) => allows === line)

/** What the button says. */
export function verbOf(faces: Face[]): string {
  const [first] = faces
  if (faces.length < 2) return first?.verb ?? 'Run'
  const verbs = new Set(faces.map(({ verb, verbs }) => verbs ?? verb))
  const of = (words: string) => words.replace('#', `${faces.length}`)
  if (verbs.size === 1 && first?.verbs) return of(first.verbs)
  return of(faces.every(({ takes }) => takes === 'object') ? 'Drop # indexes' : 'Run all #')
}
