import process from 'node:process'
import pino, { type DestinationStream, type Logger } from 'pino'
import { redact, redactText } from './redact'

/** JSON lines, redacted; `name` says which process writes. Level by PROCTOR_LOG_LEVEL, warn when not set. */
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
    to,
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
