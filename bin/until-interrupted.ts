import process from 'node:process'
import { UserError } from './settings'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Does something that Ctrl-C and its like end in order: `work` cleans up when its signal is raised.
 * Errors: as `work`; a UserError when it was interrupted or took too long.
 */
export async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupt = new AbortController()
  const raise = () => interrupt.abort()
  for (const signal of SIGNALS) process.once(signal, raise)
  try {
    return await work(interrupt.signal)
  } catch (error) {
    if (interrupt.signal.aborted) throw new UserError('Interrupted; nothing was kept')
    if (error instanceof Error && error.name === 'TimeoutError') throw new UserError('It took too long and was given up; nothing was kept')
    throw error
  } finally {
    for (const signal of SIGNALS) process.off(signal, raise)
  }
}
