import { setTimeout as sleep } from 'node:timers/promises'
import { writeAudit } from '../db/console/audit'
import { PROCTOR } from '../db/console/roles'

type ConsoleEvent = 'console.started' | 'console.stopped' | 'console.part-restarted'

/** What could not be written yet, oldest first; the console database may be what is away. */
const waiting: { action: ConsoleEvent; detail: Record<string, unknown> }[] = []
const MOST_WAITING = 100
const AGAIN_MS = 5_000

let writing: Promise<void> | undefined

/** Writes an event of the console itself to the audit, as soon as the console database takes it. */
export function noteEvent(action: ConsoleEvent, detail: Record<string, unknown>): void {
  if (waiting.length < MOST_WAITING) waiting.push({ action, detail })
  writing ??= write().finally(() => {
    writing = undefined
  })
}

async function write(): Promise<void> {
  for (let event = waiting[0]; event; event = waiting[0]) {
    try {
      await writeAudit({ by: PROCTOR, ...event })
      waiting.shift()
    } catch {
      await sleep(AGAIN_MS, undefined, { ref: false })
    }
  }
}

/** Resolves when all is written. */
export const eventsWritten = async (): Promise<void> => writing
