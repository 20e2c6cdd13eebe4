import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import type { Problem } from '../db/server/problem'

export interface Answer {
  status: number
  text: string
  /** Where a browser is sent, by a redirect or by an action. */
  location: string | null
  /** What a browser would send from now on. */
  cookie: string
}

export type Acted<T> = { ok: true; value: T } | { ok: false; problem: Problem }

const manifest = z.object({
  node: z.record(z.string(), z.object({ exportedName: z.string(), workers: z.record(z.string(), z.unknown()) })),
})

const PATIENCE_MS = 40_000
/** How the proxy answers a visitor without a session; an action redirects with 303. */
const TURNED_AWAY = 307

/** Pages and server actions as a browser asks for them, without one. */
export async function openBrowser(origin: string) {
  const built = await readFile(path.resolve(import.meta.dirname, '../.next/server/server-reference-manifest.json'), 'utf8')
  const actions = Object.entries(manifest.parse(JSON.parse(built)).node).map(([id, { exportedName, workers }]) => ({
    id,
    exportedName,
    page: pageOf(Object.keys(workers)),
  }))
  const ask = async (address: string, init: RequestInit = {}): Promise<Answer> => {
    const answer = await fetch(new URL(address, origin), { redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS), ...init })
    const location = answer.headers.get('location') ?? answer.headers.get('x-action-redirect')?.replace(/;(push|replace)$/, '') ?? null
    const cookie = answer.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ')
    return { status: answer.status, text: await answer.text(), location, cookie }
  }
  /** The answer to a call of an action, as it comes over the wire; `from` is the visitor's address. */
  const post = async (action: string, args: unknown[], cookie = '', from = '192.0.2.1'): Promise<Answer> => {
    const found = actions.find(({ exportedName }) => exportedName === action)
    if (!found) throw new Error(`The build has no action ${action}`)
    const headers = { cookie, origin, 'x-forwarded-for': from, 'next-action': found.id, accept: 'text/x-component' }
    const body = encoded(args)
    const type = typeof body === 'string' ? { 'content-type': 'text/plain;charset=UTF-8' } : undefined
    const answer = await ask(found.page, { method: 'POST', headers: { ...headers, ...type }, body })
    if (answer.status === TURNED_AWAY) throw new Error(`${action} was never called: the visitor was sent to ${answer.location}`)
    return answer
  }
  return {
    get: (address: string, cookie = '') => ask(address, { headers: { cookie } }),
    ask,
    post,
    /** What an action returns. Errors: throws where there is no such thing in the answer. */
    act: async <T>(action: string, args: unknown[], cookie: string): Promise<Acted<T>> => {
      const { status, text } = await post(action, args, cookie)
      const line = /^1:(\{.*)$/m.exec(text)?.[1]
      if (!line) throw new Error(`${action} answered ${status}: ${text.slice(0, 300)}`)
      return JSON.parse(line)
    },
  }
}

/** A page that has the action: one that needs no session where there is such, else that with the shortest address. */
function pageOf(routes: string[]): string {
  const open = routes.filter((one) => one.startsWith('app/(auth)/'))
  const [route = 'app/page'] = (open.length > 0 ? open : routes).toSorted((a, b) => a.length - b.length)
  const parts = route
    .split('/')
    .slice(1, -1)
    .filter((part) => !part.startsWith('('))
  return `/${parts
    .join('/')
    .replace('[server]', 'sample')
    .replace('[database]', 'lms')
    .replaceAll(/\[\w+\]/g, 'sample')}`
}

/** Arguments as React sends them: JSON in which a text that begins with $ is marked, or a form with it where a form is among them. */
function encoded(args: unknown[]): string | FormData {
  const body = new FormData()
  let forms = 0
  const marked = args.map((one) => {
    if (!(one instanceof FormData)) return one
    forms++
    for (const [name, value] of one) body.append(`_${forms}_${name}`, value)
    return new Mark(`$K${forms.toString(16)}`)
  })
  const json = JSON.stringify(marked, (_, value) =>
    value instanceof Mark ? value.text : typeof value === 'string' && value.startsWith('$') ? `$${value}` : value,
  )
  if (forms === 0) return json
  body.append('0', json)
  return body
}

class Mark {
  constructor(readonly text: string) {}
}

/** Fields of a form. */
export function formOf(fields: Record<string, string>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  return form
}
