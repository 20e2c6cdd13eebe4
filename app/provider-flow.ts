import { AsyncLocalStorage } from 'node:async_hooks'
import { z } from 'zod'

/** A session, and whose it is. */
const open = z.object({ userId: z.string(), sessionId: z.string() })
export type OpenSession = z.infer<typeof open>

/** What is known beside the request while somebody is led to the provider, or comes back. */
interface Flow {
  /** On the way there: the session in which the password was just given, to connect its account. */
  connect?: OpenSession
  /** On the way back: the session of the browser that comes. */
  signedIn?: OpenSession
}

/** Nothing that a browser sends gets in here. */
export const providerFlow = new AsyncLocalStorage<Flow>()

const serverContext = z.object({ connect: open })

/** The session for whose account somebody was led to the provider, from what better-auth kept of the console's own words. */
export const connectionWanted = (kept: unknown): OpenSession | undefined => serverContext.safeParse(kept).data?.connect
