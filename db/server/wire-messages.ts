import { LinkFault, strangeTongue } from './link-fault'

/** Type and length, which counts itself (manual, 53.7). */
export const HEADER = 5
/** MaxTupleAttributeNumber: no answer of PostgreSQL has more columns. */
const MOST_COLUMNS = 1_664

/** Reads the body of one whole message; what does not fit is a fault, not a RangeError of somebody else's. */
class Body {
  #at = HEADER
  readonly #bytes: Buffer

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get left(): number {
    return this.#bytes.length - this.#at
  }

  skip(bytes: number): void {
    if (bytes < 0 || bytes > this.left) throw strangeTongue(`A message of type ${typeOf(this.#bytes)} ends in the middle`)
    this.#at += bytes
  }

  byte(): number {
    this.skip(1)
    return this.#bytes.readUInt8(this.#at - 1)
  }

  int16(): number {
    this.skip(2)
    return this.#bytes.readUInt16BE(this.#at - 2)
  }

  int32(): number {
    this.skip(4)
    return this.#bytes.readInt32BE(this.#at - 4)
  }

  /** Up to the next NUL. */
  text(): string {
    const end = this.#bytes.indexOf(0, this.#at)
    if (end < 0) throw strangeTongue(`A message of type ${typeOf(this.#bytes)} ends in the middle`)
    const text = this.#bytes.toString('utf8', this.#at, end)
    this.#at = end + 1
    return text
  }

  end(): void {
    if (this.left > 0) throw strangeTongue(`A message of type ${typeOf(this.#bytes)} is longer than what it holds`)
  }
}

/** The letter of a message's type; other bytes in hexadecimal. */
export function typeOf(bytes: Buffer): string {
  const letter = bytes.toString('latin1', 0, 1)
  return /[!-~]/.test(letter) ? letter : `0x${bytes.toString('hex', 0, 1)}`
}

export type Authentication = { method: number; mechanisms: string[] }

/** AuthenticationRequest: which method, and for SASL the mechanisms. */
export function authentication(bytes: Buffer): Authentication {
  const body = new Body(bytes)
  const method = body.int32()
  const mechanisms: string[] = []
  if (method === 5) body.skip(4)
  if (method === 10) for (let name = body.text(); name !== ''; name = body.text()) mechanisms.push(name)
  if (method === 0 || method === 3 || method === 5 || method === 10) body.end()
  return { method, mechanisms }
}

/** RowDescription: how many columns there are. Formats other than text were never asked for. */
export function columnsOf(bytes: Buffer): number {
  const body = new Body(bytes)
  const columns = body.int16()
  if (columns > MOST_COLUMNS) throw strangeTongue(`An answer of ${columns} columns`)
  for (let at = 0; at < columns; at++) {
    body.text()
    body.skip(16)
    if (body.int16() !== 0) throw strangeTongue('An answer in a format that was not asked for')
  }
  body.end()
  return columns
}

/** DataRow: as many values as were described, each as long as it says. */
export function checkRow(bytes: Buffer, columns: number | undefined): void {
  const body = new Body(bytes)
  const values = body.int16()
  if (values !== columns) throw strangeTongue(`A row of ${values} values where ${columns ?? 'none'} were described`)
  for (let at = 0; at < values; at++) {
    const length = body.int32()
    if (length !== -1) body.skip(length)
  }
  body.end()
}

/** ErrorResponse and NoticeResponse: fields of a letter and a text, up to a NUL. */
function checkFields(body: Body): void {
  while (body.byte() !== 0) body.text()
  body.end()
}

/** The other messages that a client of the simple and extended protocol may get; what each holds. */
const OTHERS: Record<string, (body: Body) => void> = {
  E: checkFields,
  N: checkFields,
  S: (body) => [body.text(), body.text(), body.end()],
  A: (body) => [body.skip(4), body.text(), body.text(), body.end()],
  K: (body) => [body.skip(8), body.end()],
  C: (body) => [body.text(), body.end()],
  Z: (body) => {
    if (!'ITE'.includes(String.fromCharCode(body.byte()))) throw strangeTongue('A transaction in a state that does not exist')
    body.end()
  },
  t: (body) => [body.skip(4 * body.int16()), body.end()],
  I: (body) => body.end(),
  n: (body) => body.end(),
  '1': (body) => body.end(),
  '2': (body) => body.end(),
  '3': (body) => body.end(),
}

/** Checks a message of any other type, whole. */
export function checkOther(type: string, bytes: Buffer): void {
  const check = Object.hasOwn(OTHERS, type) ? OTHERS[type] : undefined
  if (!check) throw strangeTongue(`A message of type ${type}, which nobody asked for`)
  check(new Body(bytes))
}

const METHODS: Record<number, string> = { 2: 'Kerberos', 6: 'SCM credentials', 7: 'GSSAPI', 8: 'GSSAPI', 9: 'SSPI' }

export const unknownMethod = (name: string | number): LinkFault =>
  new LinkFault('method_unknown', `The server asks to sign in by ${METHODS[Number(name)] ?? name}, which Proctor does not have.`, {
    hint: 'Give the role a line in pg_hba.conf with the method scram-sha-256.',
  })
