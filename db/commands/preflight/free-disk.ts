import { formatBytes } from '../../domain/format'
import { ok } from '../../server/problem'
import type { PreflightCheck } from '../define-command'
import type { RelationFacts } from '../facts/load'

/** The new copy and about as much WAL; a fifth on top, as both go on growing while it is built. */
const need = (bytes: number): number => Math.ceil(bytes * 2 * 1.2)

/**
 * Room for the new copy. SQL tells nothing of free space, so this can be known only where the server's files are on
 * this machine; elsewhere it says so.
 */
export const freeDisk: PreflightCheck<RelationFacts> = async (_target, { facts, known }, plan) => {
  const { data_directory: dataDirectory, directory, postmaster_start: postmasterStart, tablespace } = facts
  const copy = plan.copyBytes ?? plan.prediction?.bytesAfter ?? plan.prediction?.bytesBefore
  const needs = copy == null ? null : need(copy)
  const free =
    dataDirectory === null ? null : await known.freeBytes({ directory: directory || dataDirectory, dataDirectory, postmasterStart })
  const where = tablespace === 'pg_default' ? '' : ` in tablespace ${tablespace}`
  if (free === null) {
    return ok({
      name: 'free-disk',
      status: 'pass',
      title: 'Free disk: cannot be known from here',
      detail: `PostgreSQL does not report it. ${needs === null ? '' : `This needs ${formatBytes(needs)}${where}, WAL included. `}A full disk halts the server.`,
    })
  }
  const found = `${formatBytes(free)} free${where}`
  if (needs !== null && free < needs) {
    return ok({
      name: 'free-disk',
      status: 'stop',
      title: 'Free disk: not enough',
      detail: `${found}, needs ${formatBytes(needs)}, WAL included. A full disk halts the server. Free space, then check again.`,
    })
  }
  return ok({
    name: 'free-disk',
    status: 'pass',
    title: 'Free disk',
    detail: needs === null ? found : `${found}, needs ${formatBytes(needs)} with margin`,
  })
}
