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

/** What a line says of some of the objects, in its own words. */
interface SaidOf {
  detail: string
  objects: string[]
}

/** A preflight line of several commands: title and verdict once, with what it says of which objects. */
export interface MergedLine extends Omit<PreflightLine, 'detail'> {
  /** The first is of most objects. */
  said: SaidOf[]
  /** How many commands it is about. */
  count: number
}

/** The lines of all commands, worst first; the same check with the same verdict stands once, however much its numbers differ. */
export function mergePreflight(previews: Preview[]): MergedLine[] {
  const merged = new Map<string, MergedLine>()
  for (const { object, preflight } of previews) {
    for (const { detail, ...line } of preflight) {
      const key = JSON.stringify([line.name, line.status, line.title])
      const found = merged.get(key) ?? { ...line, said: [], count: 0 }
      merged.set(key, found)
      const same = found.said.find((one) => one.detail === detail)
      if (same) same.objects.push(object.relname)
      else found.said.push({ detail, objects: [object.relname] })
      found.count++
    }
  }
  for (const { said } of merged.values()) said.sort((a, b) => b.objects.length - a.objects.length)
  return [...merged.values()].sort((a, b) => RANK[a.status] - RANK[b.status])
}

/** Sentences of the plans; those that differ in their object's name alone stand once, with how many more say the same of theirs. */
export function mergeSentences(previews: Preview[], of: (plan: Plan) => string[]): { sentence: string; more: number }[] {
  const merged = new Map<string, { sentence: string; more: number }>()
  for (const { object, plan } of previews) {
    for (const sentence of new Set(of(plan).filter(Boolean))) {
      const key = sentence.replaceAll(object.relname, '…')
      const found = merged.get(key)
      // Without a name it is said of all of them.
      if (found) found.more += key === sentence ? 0 : 1
      else merged.set(key, { sentence, more: 0 })
    }
  }
  return [...merged.values()]
}

export function countLines(lines: Pick<PreflightLine, 'status'>[]): Record<PreflightStatus, number> {
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

/** What the dialog is called: a plan names how many steps it has. */
export function dialogTitle(previews: Preview[], serverName: string | undefined, planning: boolean): string {
  const [first] = previews
  if (!first) return planning ? 'Planning' : 'Planning'
  if (!planning) return `${first.plan.title} on ${serverName}`
  if (previews.length === 1) return `Plan: ${first.plan.title} on ${serverName}`
  const verb = verbOf(previews.map(({ face }) => face))
  const steps = verb.startsWith('Run ') && !verb.startsWith('Run all') ? verb.slice('Run '.length) : `${previews.length} steps`
  return `Plan ${steps} on ${serverName}`
}
