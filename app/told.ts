import { AsyncLocalStorage } from 'node:async_hooks'
import { asProblem, type ConsoleFault, consoleFaultOf } from '@/db/console/console-fault'
import { consoleHealth } from '@/db/console/health'
import { log } from '@/db/console/log'
import type { Result } from '@/db/server/problem'
import type { FormState } from './(auth)/form-state'

/** A statement whose answer never came may have been carried out all the same. */
const MAYBE = 'Whether it was done all the same shows when you look again then.'

/**
 * What stands in the way, in words, where it is the console database; it is written to the log. Undefined where it is something else:
 * a statement that is refused for what it says, too, is a bug.
 */
export function faultInWay(error: unknown, where: string): ConsoleFault | undefined {
  const fault = consoleFaultOf(error)
  if (!fault?.passes) return undefined
  const isOpen = fault.kind === 'lost' || fault.kind === 'hanging'
  log().warn({ where, fault: fault.kind, ...(!isOpen && { error }) }, 'the console database was in the way')
  return isOpen ? { ...fault, hint: `${fault.hint} ${MAYBE}` } : fault
}

const sentences = ({ message, hint }: ConsoleFault): string => `${message} ${hint}`

/** A server action whose caller is told as a problem what is wrong with the console database. Errors: unreachable, and its own. */
export const told =
  <Given extends unknown[], T>(action: (...given: Given) => Promise<Result<T>>) =>
  async (...given: Given): Promise<Result<T>> => {
    try {
      return await action(...given)
    } catch (error) {
      const fault = faultInWay(error, 'action')
      if (!fault) throw error
      return { ok: false, problem: asProblem(fault) }
    }
  }

/** The same, for an action of a form that shows one message. */
export const toldInForm =
  <Given extends unknown[]>(action: (...given: Given) => Promise<FormState>) =>
  async (...given: Given): Promise<FormState> => {
    try {
      return await action(...given)
    } catch (error) {
      const fault = faultInWay(error, 'form')
      if (!fault) throw error
      return { message: sentences(fault) }
    }
  }

/** A route that answers 503 with what is wrong with the console database, as a problem. */
export const toldByRoute =
  <Given extends unknown[]>(route: (...given: Given) => Promise<Response>) =>
  async (...given: Given): Promise<Response> => {
    try {
      return await route(...given)
    } catch (error) {
      const fault = faultInWay(error, 'route')
      if (!fault) throw error
      return faultAnswer(fault)
    }
  }

export const faultAnswer = (fault: ConsoleFault): Response =>
  Response.json(
    { ok: false, problem: asProblem(fault), at: new Date().toISOString() },
    { status: 503, headers: { 'cache-control': 'no-store', 'retry-after': '5' } },
  )

/** The code of a sign-in that the console database stood in the way of; its message is meant for whoever signs in. */
export const CONSOLE_DATABASE = 'CONSOLE_DATABASE'

/** The same as better-auth answers, which keeps to itself what an endpoint met: `hear` is called with that while `answer` is made. */
const hearing = new AsyncLocalStorage<{ fault?: ConsoleFault }>()

export const hearFault = (error: unknown): void => {
  const heard = hearing.getStore()
  if (heard) heard.fault ??= faultInWay(error, 'sign-in')
}

export async function toldBySignIn(answer: () => Promise<Response>): Promise<Response> {
  const heard: { fault?: ConsoleFault } = {}
  const answered = await hearing.run(heard, answer).catch((error: unknown) => {
    hearing.run(heard, () => hearFault(error))
    if (!heard.fault) throw error
  })
  // Of some endpoints nothing is heard but that they failed.
  if (answered?.status === 500) heard.fault ??= (await consoleHealth()).writes ?? undefined
  if (!heard.fault && answered) return answered
  return Response.json({ code: CONSOLE_DATABASE, message: heard.fault && sentences(heard.fault) }, { status: 503 })
}
