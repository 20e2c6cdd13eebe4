import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { z } from 'zod'

/*
 * One file: a first line of fixed length, a header in JSON, then the rows of one table after another, each as COPY's text, gzip.
 * The first line holds the SHA-256 of the header, the header that of each table: what was cut or altered is told apart from what
 * is whole before anything is done with it. Against damage, not against a forger, who would make the sums anew.
 */

/** A file cannot be used: why, in one sentence. */
export class BackupError extends Error {}

/** Raised when an older console could not read what a newer one writes. */
export const FORMAT = 1

const FIRST_LINE = /^proctor backup (\d{4}) (\d{12}) ([0-9a-f]{64})\n$/
const FIRST_LENGTH = firstLine(FORMAT, 0, '0'.repeat(64)).length
const LONGEST_HEADER = 64 * 1024 * 1024
const READ_AT_ONCE = 1024 * 1024

function firstLine(format: number, headerLength: number, sha256: string): string {
  return `proctor backup ${String(format).padStart(4, '0')} ${String(headerLength).padStart(12, '0')} ${sha256}\n`
}

const name = z.object({ schema: z.string().min(1), name: z.string().min(1) })

const table = name.extend({
  columns: z.array(z.string().min(1)),
  /** Of a partition: whose, and pg_get_expr of its bound. */
  partition: z.object({ of: z.string().min(1), bound: z.string() }).nullable(),
  rows: z.int().nonnegative(),
  /** Of the gzip member. */
  bytes: z.int().nonnegative(),
  sha256: z.string().length(64),
})

const header = z.object({
  /** Version of the console that wrote the file. */
  console: z.string(),
  /** When its snapshot was taken, ISO 8601. */
  at: z.string(),
  /** server_version of the console database. */
  postgresql: z.string(),
  /** The console's own id, where it has one. */
  consoleId: z.string().nullable(),
  /** Which secret the console had: audit-key.ts's name of the key, which gives nothing of the secret away. Null: not known. */
  secretId: z.string().nullable(),
  /** The console's secret under a passphrase; null where it was left out. */
  sealedSecret: z.string().nullable(),
  /** As Drizzle recorded them; oldest first. */
  migrations: z.array(z.object({ name: z.string(), hash: z.string(), when: z.int() })).min(1),
  sequences: z.array(name.extend({ last: z.string().regex(/^-?\d+$/), called: z.boolean() })),
  tables: z.array(table).min(1),
})

export type BackupHeader = z.output<typeof header>
export type BackedUpTable = z.output<typeof table>

/** What is known of a table before its rows are written. */
export type TableShape = Omit<BackedUpTable, 'rows' | 'bytes' | 'sha256'>

/** The place in front of the rows: as long as the header can become, whatever counts and sums it will hold. */
export function reserve(known: Omit<BackupHeader, 'tables'>, tables: TableShape[]): number {
  const longest = { rows: Number.MAX_SAFE_INTEGER, bytes: Number.MAX_SAFE_INTEGER, sha256: '0'.repeat(64) }
  return Buffer.byteLength(JSON.stringify({ ...known, tables: tables.map((shape) => ({ ...shape, ...longest })) })) + 1
}

/** First line and header, as they stand at the start of the file: `headerLength` bytes after the first line. */
export function beginning(headerLength: number, whole?: BackupHeader): Buffer {
  const length = FIRST_LENGTH + headerLength
  if (!whole) return Buffer.alloc(length, ' ') // an unfinished file is none: it has no first line
  const json = Buffer.alloc(headerLength, ' ')
  json.write(JSON.stringify(header.parse(whole)))
  json.write('\n', headerLength - 1)
  return Buffer.concat([Buffer.from(firstLine(FORMAT, headerLength, sumOf(FORMAT, json))), json])
}

/** Of a header, with the format that it is read by. */
const sumOf = (format: number, json: Buffer): string => createHash('sha256').update(`${format}\n`).update(json).digest('hex')

/** A file that is whole, and stays open. */
export interface OpenBackup extends BackupHeader {
  /** The gzip member of a table, looked at once more on the way. Errors: a BackupError when it is not what it was. */
  rowsOf: (of: BackedUpTable) => AsyncGenerator<Buffer>
  close: () => Promise<void>
}

/** Opens a file and reads all of it. Errors: a BackupError when it is no backup, of a newer format, cut, or altered. */
export async function openBackup(path: string): Promise<OpenBackup> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw new BackupError(`${path} cannot be read (${error.code})`)
  })
  try {
    const { head, begin } = await readBeginning(file, path)
    let at = begin
    const places = new Map<BackedUpTable, number>()
    for (const of of head.tables) {
      places.set(of, at)
      at += of.bytes
    }
    const { size } = await file.stat()
    if (size !== at)
      throw altered(path, size < at ? `it was cut off: ${size} of ${at} bytes are there` : `${size - at} bytes were put after its end`)
    const rowsOf = (of: BackedUpTable) => readMember(file, path, of, places.get(of) ?? 0)
    for (const of of head.tables) for await (const _ of rowsOf(of));
    return { ...head, rowsOf, close: () => file.close() }
  } catch (error) {
    await file.close()
    throw error
  }
}

const altered = (path: string, how: string) => new BackupError(`${path} is not as it was written: ${how}; nothing was restored`)

async function readBeginning(file: FileHandle, path: string): Promise<{ head: BackupHeader; begin: number }> {
  const first = await readExactly(file, 0, FIRST_LENGTH)
  const [, format, length, sha256] = FIRST_LINE.exec(first.toString('latin1')) ?? []
  if (!format) throw new BackupError(`${path} is no backup of a console`)
  if (Number(format) > FORMAT)
    throw new BackupError(`${path} was written by a newer console (format ${Number(format)}); this one reads up to ${FORMAT}`)
  if (Number(length) > LONGEST_HEADER) throw altered(path, 'its first line')
  const json = await readExactly(file, FIRST_LENGTH, Number(length))
  if (json.length !== Number(length) || sumOf(Number(format), json) !== sha256) throw altered(path, 'its header')
  return { head: header.parse(JSON.parse(json.toString('utf8'))), begin: FIRST_LENGTH + json.length }
}

async function* readMember(file: FileHandle, path: string, of: BackedUpTable, begin: number): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  for (let at = begin, end = begin + of.bytes; at < end; ) {
    const chunk = await readExactly(file, at, Math.min(READ_AT_ONCE, end - at))
    if (chunk.length === 0) break
    hash.update(chunk)
    at += chunk.length
    yield chunk
  }
  if (hash.digest('hex') !== of.sha256) throw altered(path, `the rows of ${of.name}`)
}

/** Fewer bytes than asked for only at the end of the file. */
async function readExactly(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  let read = 0
  while (read < length) {
    const { bytesRead } = await file.read(buffer, read, length - read, position + read)
    if (bytesRead === 0) break
    read += bytesRead
  }
  return buffer.subarray(0, read)
}
