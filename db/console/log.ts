import process from 'node:process'
import { format } from 'node:util'
import pino, { type DestinationStream, type Logger } from 'pino'
import { redact, redactText } from './redact'

/** What JSON leaves as it is and a terminal or a reader of lines obeys: DEL, C1 controls, line separators, turned writing. */
const OBEYED = /[\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

const escaped = (line: string): string => line.replace(OBEYED, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** JSON, a line each, whatever stands in them, redacted; `name` says which process writes. Level by PROCTOR_LOG_LEVEL, warn when not set. */
export function makeLog(name: string, to: DestinationStream = pino.destination({ fd: 2, sync: true })): Logger {
  return pino(
    {
      name,
      level: process.env.PROCTOR_LOG_LEVEL ?? 'warn',
      timestamp: pino.stdTimeFunctions.isoTime,
      base: { pid: process.pid },
      serializers: { err: (error: unknown) => error, error: (error: unknown) => error },
      formatters: {
        level: (label) => ({ level: label }),
        bindings: (bindings) => ({ ...bindings, name }),
        log: (fields) => redact(fields) as Record<string, unknown>,
      },
      hooks: {
        logMethod(args, method) {
          const given = args.map((arg) => (typeof arg === 'string' ? redactText(arg) : arg)) as typeof args
          method.apply(this, given)
        },
      },
    },
    { write: (line) => to.write(escaped(line)) },
  )
}

let shared: Logger | undefined

/** Says which process this is, before its first line. */
export function nameLog(name: string): void {
  shared = makeLog(name)
}

/** The log of this process. */
export const log = (): Logger => {
  shared ??= makeLog('proctor')
  return shared
}

/** The log's level of each way to print. */
const PRINTS = { error: 'error', warn: 'warn', log: 'info', info: 'info', debug: 'debug', trace: 'debug' } as const

/**
 * From here on what is printed by whatever runs in this process, Next.js above all, goes to the log: one line each, in which
 * a message with line breaks or NUL forges nothing. `to`: another log, for tests. Returns the way back.
 */
export function printToLog(to: () => Logger = log): () => void {
  const before = { ...console }
  for (const [method, level] of Object.entries(PRINTS) as [keyof typeof PRINTS, (typeof PRINTS)[keyof typeof PRINTS]][])
    console[method] = (...given: unknown[]) => to()[level](format(...given))
  return () => void Object.assign(console, before)
}
