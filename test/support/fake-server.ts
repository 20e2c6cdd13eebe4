import { createServer, type Socket } from 'node:net'
import type { Target } from '../../db/server/target'

/** One message of a server: type, length, body (manual, 53.7). */
export function message(type: string, body: Buffer | string = ''): Buffer {
  const bytes = Buffer.from(body)
  const header = Buffer.alloc(5)
  header.write(type, 0, 'latin1')
  header.writeUInt32BE(4 + bytes.length, 1)
  return Buffer.concat([header, bytes])
}

/** Type and a length of its own choosing, with whatever follows. */
export function header(type: string, length: number): Buffer {
  const bytes = Buffer.alloc(5)
  bytes.write(type, 0, 'latin1')
  bytes.writeUInt32BE(length >>> 0, 1)
  return bytes
}

export function int16(...numbers: number[]): Buffer {
  const bytes = Buffer.alloc(2 * numbers.length)
  numbers.forEach((number, at) => {
    bytes.writeUInt16BE(number & 0xffff, 2 * at)
  })
  return bytes
}

export function int32(...numbers: number[]): Buffer {
  const bytes = Buffer.alloc(4 * numbers.length)
  numbers.forEach((number, at) => {
    bytes.writeUInt32BE(number >>> 0, 4 * at)
  })
  return bytes
}

export const authentication = (method: number, more: Buffer | string = ''): Buffer =>
  message('R', Buffer.concat([int32(method), Buffer.from(more)]))

/** ErrorResponse or NoticeResponse, by the letters of its fields. */
export const said = (type: 'E' | 'N', fields: Record<string, string>): Buffer =>
  message(
    type,
    `${Object.entries(fields)
      .map(([letter, text]) => `${letter}${text}\0`)
      .join('')}\0`,
  )

export const ready = message('Z', 'I')
export const welcome = Buffer.concat([authentication(0), message('S', 'server_version\x0018.4\0'), message('K', int32(1, 2)), ready])

const column = (name: string, type = 25): Buffer =>
  Buffer.concat([Buffer.from(`${name}\0`), int32(0), int16(0), int32(type), int16(-1), int32(-1), int16(0)])

/** RowDescription; the type is text unless it is said. */
export const described = (columns: string[], ...types: number[]): Buffer =>
  message('T', Buffer.concat([int16(columns.length), ...columns.map((name, at) => column(name, types[at]))]))

export const row = (...values: (string | null)[]): Buffer =>
  message(
    'D',
    Buffer.concat([
      int16(values.length),
      ...values.map((value) => (value === null ? int32(-1) : Buffer.concat([int32(Buffer.byteLength(value)), Buffer.from(value)]))),
    ]),
  )

export const done = message('C', 'SELECT 1\0')

/** What a fake server does: `socket` is open, and nothing was answered but N to a request for TLS. */
export interface Fake {
  /** To the startup packet; lets everybody in when left out. */
  startup?: (socket: Socket) => void
  /** To each Query or Sync; `text` is that of the Query, or of the last Parse. */
  query?: (socket: Socket, text: string) => void
  /** To passwords and SASL responses. */
  password?: (socket: Socket, body: Buffer) => void
  /** To SSLRequest; N when left out. */
  tls?: (socket: Socket) => void
}

export interface FakeServer {
  target: Target
  /** What clients sent by way of a password, in clear or not. */
  passwords: string[]
  /** Connections that are open now. */
  open: () => number
  close: () => Promise<void>
}

/** A server of our own that speaks as much of the protocol as it is told to, on a port of its own, or in a folder for a Unix socket. */
export async function fakeServer(fake: Fake, folder?: string): Promise<FakeServer> {
  const sockets = new Set<Socket>()
  const passwords: string[] = []
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
    let held = Buffer.alloc(0)
    let started = false
    let parsed = ''
    socket.on('data', (bytes) => {
      held = Buffer.concat([held, bytes])
      for (;;) {
        const at = started ? 1 : 0
        if (held.length < at + 4 || held.length < at + held.readUInt32BE(at)) return
        const length = at + held.readUInt32BE(at)
        const [type, body] = [started ? String.fromCharCode(held[0] ?? 0) : '', held.subarray(at + 4, length)]
        held = held.subarray(length)
        if (!started && body.length === 4) (fake.tls ?? ((to) => to.write('N')))(socket)
        else if (!started) {
          started = true
          ;(fake.startup ?? ((to) => to.write(welcome)))(socket)
        } else if (type === 'p') {
          passwords.push(body.toString('latin1'))
          fake.password?.(socket, body)
        } else if (type === 'P') parsed = textOf(body.subarray(body.indexOf(0) + 1))
        else if (type === 'Q') (fake.query ?? politely)(socket, textOf(body))
        else if (type === 'S') (fake.query ?? politely)(socket, parsed)
        else if (type === 'X') socket.end()
      }
    })
  })
  await new Promise<void>((resolve) =>
    folder === undefined ? server.listen(0, '127.0.0.1', resolve) : server.listen(`${folder}/.s.PGSQL.5432`, resolve),
  )
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 5_432
  return {
    target: { serverId: `fake ${port}`, host: folder ?? '127.0.0.1', port, user: 'ada', password: SECRET, database: 'lms', ssl: false },
    passwords,
    open: () => sockets.size,
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** The password of every target of a fake server. */
export const SECRET = 'not-the-password-7251'

const textOf = (bytes: Buffer): string => bytes.toString('utf8', 0, bytes.indexOf(0))

const FACTS = ['version_num', 'version', 'role', 'pid', 'is_superuser', 'inherits', 'dormant', 'in_recovery', 'extensions', 'schemas']
const TYPES_OF_FACTS = [23, 25, 25, 23, 16, 16, 1009, 16, 114, 114]

/** As the facts of a server are asked for: PostgreSQL 18, no extensions; anything else has no rows. */
export function politeAnswer(text: string): Buffer {
  if (!text.includes('proctor:facts')) return Buffer.concat([message('1'), message('2'), message('n'), done, ready])
  const facts = row('180004', '18.4', 'ada', '1', 'f', 't', '{}', 'f', '{}', '{}')
  return Buffer.concat([described(FACTS, ...TYPES_OF_FACTS), facts, done, ready])
}

export const politely = (socket: Socket, text: string): boolean => socket.write(politeAnswer(text))
