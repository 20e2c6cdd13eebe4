import { describe, expect, it } from 'vitest'
import { consoleDb } from '@/db/console/client'
import { audit } from '@/db/console/schema'
import * as auth from '../../app/(auth)/actions'
import { ACCESS } from '../../app/access-registry'
import { ADDRESS_HEADER } from '../../app/client-address'
import { ORIGIN, PASSWORD } from './test-accounts'
import { keptCookies, requestWith } from './test-request'

/** An action and who calls it, with what it takes to have something to do. */
export type Step<Who extends string> = [name: string, who: Who, act: () => Promise<unknown>]

export const form = (entries: Record<string, string>): FormData => {
  const data = new FormData()
  for (const [name, value] of Object.entries(entries)) data.set(name, value)
  return data
}

let address = 0

/** A request from an address that nobody came from before; the limits of sign-ins count by it. */
export function from(cookie: string): void {
  requestWith({ cookie, origin: ORIGIN, host: '127.0.0.1:3000', [ADDRESS_HEADER]: `198.51.100.${++address}` })
}

/** Signs in by the form; what follows comes with the new session, from another address. */
export async function signedIn(email: string): Promise<void> {
  from('')
  await auth.signIn({}, form({ email, password: PASSWORD })).catch(() => undefined) // a redirect
  from(keptCookies())
}

const everyLine = () => consoleDb().select().from(audit).orderBy(audit.id)

/** The actions of the accounts of people; all others are those of servers, runs and the console itself. */
const OF_ACCOUNTS = /^(\(auth\)|account|users)\//

/** Tests that every line which a step leaves in the audit says from where it was asked for, and that no action has no step. */
export function describeAuditFrom<Who extends string>(
  of: 'accounts' | 'servers',
  onlyShow: string[],
  steps: Step<Who>[],
  accounts: { cookies: Record<Who, string> },
): void {
  it('is tried for every action that there is', () => {
    const actions = Object.entries(ACCESS).flatMap(([file, needs]) =>
      file.endsWith('actions.ts') && OF_ACCOUNTS.test(file) === (of === 'accounts') ? Object.keys(needs) : [],
    )
    expect([...steps.map(([name]) => name), ...onlyShow].sort()).toEqual(actions.sort())
  })

  describe('the audit says from where', () => {
    it.each(steps)('%s was asked for, as %s', async (_, who, act) => {
      const before = (await everyLine()).length
      from(accounts.cookies[who])
      const first = address
      await act().catch((thrown: Error) => {
        if (!thrown.message.startsWith('NEXT_REDIRECT')) throw thrown
      })
      const addresses = Array.from({ length: address - first + 1 }, (_, at) => `198.51.100.${first + at}`)
      const lines = (await everyLine()).slice(before)
      expect(lines.length).toBeGreaterThan(0)
      for (const { action, detail } of lines) expect(addresses, action).toContain(detail.from)
    })
  })
}
