import { readFile } from 'node:fs/promises'
import process from 'node:process'
import { z } from 'zod'
import { type Profile, parseRam, profileSchema, STORAGES, WORKLOADS } from '../db/domain/server-profile'
import { MAJORS } from '../db/embedded/binaries'
import type { Result } from '../db/server/problem'
import type { Target } from '../db/server/target'
import { type Format, framesOf } from '../db/settings/outputs'
import { tuneFile } from '../db/settings/tune-file'
import { type ServerTuning, tuneServer } from '../db/settings/tune-server'
import { tableText } from './print-table'

/** What the command line says of a profile, as text; what is missing is guessed from the server. */
export interface TuneOptions {
  ram?: string
  cpus?: string
  storage?: string
  workload?: string
  connections?: string
  all?: boolean
  json?: boolean
  conf?: boolean
  sql?: boolean
  yaml?: boolean
  terraform?: boolean
  url?: string
  confFile?: string
  major?: string
}

export const TUNE_WORDS = {
  ram: '16GB, 512MB',
  cpus: 'cores or virtual CPUs',
  storage: STORAGES.join(', '),
  workload: WORKLOADS.join(', '),
  connections: 'sessions that must be able to be open at once',
}

/** The profile of the options. Throws one sentence about what cannot be. */
export function chosenProfile({ ram, cpus, storage, workload, connections }: TuneOptions): Partial<Profile> {
  const bytes = ram === undefined ? undefined : parseRam(ram)
  if (bytes === null) throw new Error(`--ram wants an amount such as ${TUNE_WORDS.ram}, not "${ram}"`)
  const number = (text: string | undefined) => (text === undefined ? undefined : Number(text))
  const given = { ram: bytes, cpus: number(cpus), storage, workload, connections: number(connections) }
  const named = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  const parsed = profileSchema.partial().safeParse(named)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const option = String(issue?.path[0])
  if (option === 'ram') throw new Error(`--ram wants 512MB to 64TB, not "${ram}"`)
  throw new Error(
    `--${option} wants ${TUNE_WORDS[option as keyof typeof TUNE_WORDS]}: ${z.prettifyError(parsed.error).split('\n')[0]?.replace('✖ ', '')}`,
  )
}

/** Prints what a server's settings should be. False: nothing would change. */
export async function tune(
  target: Target,
  chosen: Partial<Profile>,
  options: TuneOptions,
  orGiveUp: <T>(result: Result<T>) => T,
): Promise<boolean> {
  const tuning = orGiveUp(await tuneServer(target, { profile: chosen, guide: 'always' }))
  process.stdout.write(textOf(tuning, options))
  return tuning.settings.some(({ changes }) => changes)
}

/** The same of a postgresql.conf alone, for a server that is not there. Throws a sentence about what cannot be. */
export async function tuneConfFile(chosen: Partial<Profile>, options: TuneOptions & { confFile: string }): Promise<boolean> {
  const { confFile, major, url } = options
  if (url !== undefined) throw new Error('--conf-file is read without a server: leave --url out')
  const known = MAJORS.find((one) => String(one) === major)
  if (known === undefined)
    throw new Error(`--conf-file needs --major, of ${MAJORS.join(', ')}${major === undefined ? '' : `, not "${major}"`}`)
  const text = await readFile(confFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`--conf-file ${confFile} cannot be read: ${error.code ?? error.message}`)
  })
  const { notKnown, ...tuning } = await tuneFile(text, confFile, known, chosen)
  const heading = [tuning.heading, ...notKnown]
  process.stdout.write(textOf({ ...tuning, frames: framesOf(heading) }, options, { not_known: notKnown }))
  for (const sentence of notKnown) process.stderr.write(`${sentence}\n`)
  return tuning.settings.some(({ changes }) => changes)
}

function textOf(tuning: ServerTuning, options: TuneOptions, more: object = {}): string {
  const { frames, heading, ...rest } = tuning
  const format = (['sql', 'conf', 'yaml', 'terraform'] satisfies Format[]).find((one) => options[one])
  if (format) {
    const lines = tuning.settings.filter(({ changes }) => changes).map(({ lines }) => lines[format])
    return frames[format].before + lines.join('') + frames[format].after
  }
  if (options.json) return `${JSON.stringify({ ...rest, settings: rest.settings.map(({ lines, ...one }) => one), ...more }, null, 2)}\n`
  const shown = tuning.settings.filter(({ changes }) => changes || options.all)
  const table = shown.map((one) => ({
    setting: one.name,
    current: one.current,
    recommended: one.changes ? one.recommended : 'keep',
    guide: one.guide?.value ?? null,
    takes: one.changes ? one.takes : null,
    set_by: one.setBy.words,
    why: [one.why, one.order, one.measured && one.evidence].filter(Boolean).join(' '),
  }))
  const guesses = Object.entries(tuning.guessed).flatMap(([key, { from, guess }]) =>
    guess && !(key in options && options[key as keyof TuneOptions]) ? [`${key}: ${from}`] : [],
  )
  const note = guesses.length > 0 ? `Guessed: ${guesses.join('; ')}.\n` : ''
  return `${heading}\n${note}\n${shown.length === 0 ? 'Nothing would change.\n' : tableText(table)}`
}
