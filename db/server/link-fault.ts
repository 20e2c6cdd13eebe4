import type { ConnectionFault } from './connection-fault'

/**
 * Why a connection to a monitored server is of no use, where neither the server (DatabaseError) nor the system (an error with a code)
 * has said so: we gave it up. Its words are ours, so that nobody has to read an English message to tell one from another.
 */
export class LinkFault extends Error {
  readonly fault: ConnectionFault
  readonly hint?: string

  constructor(fault: ConnectionFault, message: string, { hint, cause }: { hint?: string; cause?: unknown } = {}) {
    super(message, { cause })
    this.fault = fault
    this.hint = hint
  }
}

/** What answers breaks the rules of the protocol; `how` says by what. */
export const strangeTongue = (how: string, cause?: unknown): LinkFault =>
  new LinkFault('not_postgresql', 'What answers on this port is not PostgreSQL.', { hint: how, cause })

/** Nothing came in time: the server is stopped, cut off, or does not mean to answer. */
export const silence = (ms: number): LinkFault =>
  new LinkFault('no_answer', `The server did not answer within ${Math.round(ms / 100) / 10} s.`)

/** The other side closed the connection without a word. */
export const dropped = (): LinkFault => new LinkFault('lost', 'The connection to the server was lost.')
