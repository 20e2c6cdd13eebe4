import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { open, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { serverAccount } from '../../db/embedded/account'
import { ownFolder } from '../../db/embedded/data-files'

/** Puts a copy of a data directory, whose server has been stopped in order, into the folder of a cluster that is to be started. */
export async function copyData(made: string, folder: string): Promise<void> {
  await ownFolder(folder, await serverAccount())
  const data = path.join(folder, 'data')
  await promisify(execFile)('cp', ['-a', made, data])
  await identify(data)
}

/** Longer than the struct of any major (src/include/catalog/pg_control.h); its file is padded to 8 kB. */
const CONTROL_BYTES = 512
/** Of xlp_sysid in the header of a segment's first page (src/include/access/xlog_internal.h). */
const WAL_OFFSET = 24

/**
 * Gives a data directory a system identifier of its own, as initdb does: servers that share one are one cluster to Proctor. It stands
 * first in pg_control, which ends with its CRC, and at the head of each segment of WAL.
 */
async function identify(data: string): Promise<void> {
  const identifier = Buffer.alloc(8)
  identifier.writeUInt32LE(Math.floor(Date.now() / 1_000), 4) // as initdb: the time in the upper half
  randomBytes(4).copy(identifier)
  const file = path.join(data, 'global', 'pg_control')
  const control = await readFile(file)
  let end = 8
  while (end < CONTROL_BYTES && crc32c(control.subarray(0, end)) !== control.readUInt32LE(end)) end += 4
  if (end === CONTROL_BYTES) throw new Error(`${file} does not end with its CRC`)
  identifier.copy(control)
  control.writeUInt32LE(crc32c(control.subarray(0, end)), end)
  await writeFile(file, control)
  for (const name of await readdir(path.join(data, 'pg_wal'))) {
    if (!/^[0-9A-F]{24}$/.test(name)) continue
    const segment = await open(path.join(data, 'pg_wal', name), 'r+')
    await segment.write(identifier, 0, identifier.length, WAL_OFFSET)
    await segment.close()
  }
}

/** Castagnoli's, reflected (src/port/pg_crc32c_sb8.c). */
function crc32c(bytes: Buffer): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
  }
  return ~crc >>> 0
}
