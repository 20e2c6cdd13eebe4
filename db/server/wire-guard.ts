import { LinkFault, strangeTongue } from './link-fault'
import { authentication, checkOther, checkRow, columnsOf, HEADER, typeOf, unknownMethod } from './wire-messages'

/** A server that has not let us in yet has nothing long to say. */
const MOST_BEFORE_READY = 64 * 1024
const MOST_BEFORE_READY_IN_ALL = 1024 * 1024
const MOST_IN_MESSAGE = 32 * 1024 * 1024
const MOST_IN_ERROR = 1024 * 1024
/** An answer is held in memory until it is whole; so much of it, with what JavaScript adds to each row and value. */
const MOST_IN_ANSWER = 256 * 1024 * 1024
const ROW_COST = 64
const VALUE_COST = 32
/** Longer notices, and those after so many, are left out: functions of the server's users write them. */
const MOST_IN_NOTICE = 64 * 1024
const MOST_IN_NOTICES = 4 * 1024 * 1024

/** How far the conversation is. `password`: one was asked for in clear text or MD5; the next three are the steps of SCRAM. */
type Phase = 'start' | 'password' | 'sasl' | 'proof' | 'proven' | 'authenticated' | 'ready'

const UNPROTECTED = {
  hint: 'SCRAM never shows the password: set password_encryption = scram-sha-256, set the password again and use scram-sha-256 in pg_hba.conf. Or let TLS be verified: sslmode verify-full, or verify-ca.',
}

/**
 * Stands between the socket and node-postgres's parser, which believes whatever length and count it is told: cuts the stream into
 * messages, and lets through only what is whole, of bearable size, and in its turn (manual, 53.2). One for each connection.
 */
export class WireGuard {
  #phase: Phase = 'start'
  /** The beginning of a message that is not whole yet; it grows with what came, never to what was announced. */
  #held = Buffer.alloc(0)
  #heldBytes = 0
  /** So many bytes have to be there before it is worth looking. */
  #needed = HEADER
  /** Bytes of a notice that is being left out. */
  #skipping = 0
  #columns: number | undefined
  #spent = 0
  #notices = 0
  readonly #isProtected: () => boolean

  /** `isProtected`: whether a password may be shown to the other side. */
  constructor(isProtected: () => boolean) {
    this.#isProtected = isProtected
  }

  /** In the middle of SCRAM: what goes wrong now is about who the server is. */
  get isProving(): boolean {
    return ['sasl', 'proof', 'proven'].includes(this.#phase)
  }

  /** The whole messages that are there now. Throws a LinkFault at the first that must not be believed. */
  *messages(bytes: Buffer): Generator<Buffer> {
    let rest = this.#withHeld(bytes)
    while (rest) {
      const left = Math.min(this.#skipping, rest.length)
      this.#skipping -= left
      rest = rest.subarray(left)
      this.#needed = rest.length < HEADER ? HEADER : this.#lengthOf(rest)
      if (this.#skipping > 0 && rest.length > 0) continue
      if (rest.length < this.#needed) return this.#hold(rest)
      const message = rest.subarray(0, this.#needed)
      rest = rest.subarray(this.#needed)
      if (this.#isWanted(message)) yield message
    }
  }

  /** With what was held back, once enough is there. */
  #withHeld(bytes: Buffer): Buffer | undefined {
    if (this.#heldBytes === 0) return bytes
    this.#hold(bytes)
    if (this.#heldBytes < this.#needed) return undefined
    const whole = this.#held.subarray(0, this.#heldBytes)
    this.#held = Buffer.alloc(0)
    this.#heldBytes = 0
    return whole
  }

  #hold(bytes: Buffer): void {
    const bytesThen = this.#heldBytes + bytes.length
    if (bytesThen > this.#held.length) {
      const larger = Buffer.allocUnsafe(2 * bytesThen)
      this.#held.copy(larger, 0, 0, this.#heldBytes)
      this.#held = larger
    }
    bytes.copy(this.#held, this.#heldBytes)
    this.#heldBytes = bytesThen
  }

  /** Of the message that begins here, with its header; a notice that is too long is skipped. */
  #lengthOf(rest: Buffer): number {
    const type = typeOf(rest)
    const length = 1 + rest.readUInt32BE(1)
    if (length < HEADER) throw strangeTongue(`A message of type ${type} with an impossible length`)
    const most = this.#phase !== 'ready' ? MOST_BEFORE_READY : type === 'E' ? MOST_IN_ERROR : MOST_IN_MESSAGE
    if (length > most || this.#spent + length > MOST_IN_ANSWER) throw tooLong(type)
    if (type === 'N' && this.#phase === 'ready' && length > MOST_IN_NOTICE) this.#skipping = length
    return length
  }

  /** Whether node-postgres has to hear it. Throws where the message is out of turn, or not what its type says. */
  #isWanted(bytes: Buffer): boolean {
    const type = typeOf(bytes)
    this.#spent += bytes.length + (type === 'N' || type === 'D' ? 0 : ROW_COST)
    if (type === 'R') return this.#authenticate(bytes)
    if (this.#phase !== 'ready' && !(this.#phase === 'authenticated' ? 'SKZEN' : 'EN').includes(type)) {
      throw strangeTongue(`A message of type ${type} before it let us in`)
    }
    if (this.#phase !== 'ready' && this.#spent > MOST_BEFORE_READY_IN_ALL) throw tooLong(type)
    if (type === 'T') this.#columns = columnsOf(bytes)
    else if (type === 'D') {
      checkRow(bytes, this.#columns)
      this.#spent += ROW_COST + VALUE_COST * (this.#columns ?? 0)
    } else checkOther(type, bytes)
    if (this.#spent > MOST_IN_ANSWER) throw tooLong(type)
    if (type === 'C' || type === 'n') this.#columns = undefined
    if (type === 'Z') {
      this.#phase = 'ready'
      this.#columns = undefined
      this.#spent = 0
      this.#notices = 0
    }
    if (type !== 'N') return type !== 'S' && type !== 'A' // nobody listens to these
    this.#spent -= bytes.length
    this.#notices += bytes.length
    return this.#notices <= MOST_IN_NOTICES
  }

  #authenticate(bytes: Buffer): boolean {
    const { method, mechanisms } = authentication(bytes)
    const next = nextPhase(this.#phase, method)
    if (!next) throw strangeTongue('It asks to sign in, or says that we have, out of turn')
    if (method === 10 && !mechanisms.includes('SCRAM-SHA-256') && !mechanisms.includes('SCRAM-SHA-256-PLUS')) {
      throw unknownMethod(mechanisms.join(', ').slice(0, 100))
    }
    if (next === 'password' && !this.#isProtected()) {
      const how = method === 3 ? 'in clear text' : 'as MD5'
      throw new LinkFault(
        'password_unprotected',
        `The server asks for the password ${how}, and its TLS was not verified: it was not sent.`,
        UNPROTECTED,
      )
    }
    this.#phase = next
    return true
  }
}

/**
 * Numbers of the manual, 53.7: 0 is the end, 3 clear text, 5 MD5, 10 to 12 SASL. The end comes after the server's own proof where SCRAM
 * was begun: node-postgres would go on without.
 */
function nextPhase(phase: Phase, method: number): Phase | undefined {
  switch (method) {
    case 0:
      return ['start', 'password', 'proven'].includes(phase) ? 'authenticated' : undefined
    case 3:
    case 5:
      return phase === 'start' ? 'password' : undefined
    case 10:
      return phase === 'start' ? 'sasl' : undefined
    case 11:
      return phase === 'sasl' ? 'proof' : undefined
    case 12:
      return phase === 'proof' ? 'proven' : undefined
    default:
      throw unknownMethod(method)
  }
}

const tooLong = (type: string): LinkFault => strangeTongue(`It sends more than any server has to say (messages of type ${type})`)
