import { EventEmitter } from 'node:events'
import { type ConnectionOptions, TLSSocket } from 'node:tls'
import { Connection, DatabaseError } from 'pg'
import { byNetwork } from './connection-fault'
import { dropped, LinkFault, silence, strangeTongue } from './link-fault'
import { WireGuard } from './wire-guard'

/** What node-postgres has and its types leave out. */
declare module 'pg' {
  interface Connection {
    connect(port: number | string, host?: string): void
    /** Feeds a stream's data to the parser. */
    attachListeners(stream: EventEmitter): void
  }
  interface ClientConfig {
    connection?: Connection
    scramMaxIterations?: number
  }
  interface QueryConfig {
    /** How long the answer is waited for, in ms; 0: as long as it takes. */
    query_timeout?: number
  }
}

/** Whether there are words for a failure does not depend on where. */
const NOWHERE = { host: '', port: 0 }

interface GuardOptions {
  ssl: false | true | ConnectionOptions
  /** Through a Unix socket: whoever has its directory is whom we mean. */
  isLocal: boolean
}

/**
 * The connection of node-postgres, with a guard before its parser: whatever the other side sends ends this connection at the most.
 * Every end has one reason, `fault`, which whoever waits is told: the server's own error, the system's, or a LinkFault.
 */
export class GuardedConnection extends Connection {
  fault: Error | undefined
  readonly #options: GuardOptions
  #isEnding = false
  #guard: WireGuard | undefined

  constructor(options: GuardOptions) {
    super({ ssl: options.ssl, keepAlive: true })
    this.#options = options
  }

  override connect(port: number | string, host?: string): void {
    // Before node-postgres's own listeners, whose errors tell nothing apart but by their words.
    if (this.#options.ssl !== false) this.stream.once('data', (bytes: Buffer) => this.#hearTlsAnswer(bytes))
    this.stream.once('close', () => this.#isEnding || this.fail(dropped()))
    super.connect(port, host)
  }

  override end(): void {
    this.#isEnding = true
    super.end()
  }

  /** Ends the connection, and every statement on it, for this reason; the first one counts. */
  fail(fault: Error): void {
    if (!this.fault) this.emit('error', fault)
  }

  override emit(event: string | symbol, ...args: unknown[]): boolean {
    if (event !== 'error') return super.emit(event, ...args)
    this.fault ??= this.#reason(args[0])
    const heard = super.emit('error', this.fault)
    this.stream.destroy()
    return heard
  }

  /**
   * What was asked of the client on this connection, and given up after so many ms; 0 or left out: as long as it takes. Errors: what the
   * server said of it, else the reason for which the connection ended.
   */
  async answer<T>(asked: Promise<T>, ms?: number): Promise<T> {
    const timer = ms ? setTimeout(() => this.fail(silence(ms)), ms) : undefined
    try {
      return await asked
    } catch (error) {
      throw error instanceof DatabaseError ? error : (this.fault ?? error)
    } finally {
      clearTimeout(timer)
    }
  }

  override attachListeners(stream: EventEmitter): void {
    const isProtected = () => this.#options.isLocal || (stream instanceof TLSSocket && stream.authorized)
    const guard = new WireGuard(isProtected)
    this.#guard = guard
    const checked = new EventEmitter()
    super.attachListeners(checked)
    stream.on('data', (bytes: Buffer) => {
      try {
        for (const message of this.fault ? [] : guard.messages(bytes)) {
          checked.emit('data', message)
          if (this.fault) return
        }
      } catch (error) {
        this.fail(error instanceof LinkFault ? error : strangeTongue(String(error), error))
      }
    })
  }

  /** S: TLS begins, and nothing else came with it that somebody else could have put there; N: there is none (manual, 53.2.11). */
  #hearTlsAnswer(bytes: Buffer): void {
    const answer = bytes.toString('latin1', 0, 2)
    if (answer === 'S') return
    if (answer === 'N') {
      this.fail(new LinkFault('tls_not_offered', 'The server offers no TLS (ssl = off), and the chosen mode asks for it.'))
    } else this.fail(strangeTongue('It answered neither yes nor no to the request for TLS'))
  }

  /** The server's errors and the system's, which have a code, speak for themselves; all else node-postgres says of what it was sent. */
  #reason(error: unknown): Error {
    if (error instanceof DatabaseError || error instanceof LinkFault) return error
    if (!(error instanceof Error)) return strangeTongue(String(error))
    if (hasCode(error)) {
      return byNetwork(error, NOWHERE)
        ? error
        : new LinkFault('other', `The connection failed (${error.code}).`, { hint: error.message, cause: error })
    }
    if (!this.#guard?.isProving) return strangeTongue(error.message, error)
    const words = 'The server did not prove that it knows the password, as SCRAM has it: it may not be the one that you mean.'
    return new LinkFault('not_proven', words, { hint: error.message, cause: error })
  }
}

const hasCode = (error: Error): error is Error & { code: string } => 'code' in error && typeof error.code === 'string'
