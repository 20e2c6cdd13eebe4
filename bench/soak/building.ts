import { type ChildProcess, spawn } from 'node:child_process'
import { open, readFile } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { CHECKOUT, type House } from '../faults/house'
import { type Launched, launch } from '../faults/launcher'
import type { Wire } from '../faults/wire'
import { OBJECTS } from '../faults/works'

const DATABASE = 'soaked'
/** What tells in a log that nobody caught something. */
const UNHANDLED = /unhandled|uncaught|Minified React error|MaxListenersExceeded|heap out of memory/i
const BUCKET_MS = 10_000

/** The console of the soak, with a second worker beside it, and the server that it looks at, behind an address that can be cut. */
export async function openBuilding(house: House) {
  const server = house.monitored
  await server.query('postgres', `create database ${DATABASE}`)
  await server.query(DATABASE, OBJECTS)
  const wire = await house.address(server)
  const url = Object.assign(new URL(server.url(DATABASE)), { port: String(wire.port) }).href
  const folder = path.join(house.folder, 'soak')
  const launched = await launch(house, folder, { DATABASE_URL: url, PROCTOR_SAMPLING_ACTIVITY: '10' })
  process.env.DATABASE_URL = url // what the bench confirms, it confirms for the same server
  const log = await open(path.join(house.folder, 'second-worker.log'), 'a')
  const start = (): ChildProcess =>
    spawn(process.execPath, ['--import', './bin/modules.mjs', path.join(CHECKOUT, 'bin/worker.ts')], {
      cwd: CHECKOUT,
      env: { ...process.env, PROCTOR_CONSOLE_URL: '', PROCTOR_DATA_DIR: folder, DATABASE_URL: url },
      stdio: ['ignore', log.fd, log.fd],
    })
  let second = start()
  return {
    server,
    database: DATABASE,
    serverId: 'main',
    wire,
    launched,
    second: () => second,
    restartSecond: async (): Promise<void> => {
      const gone = new Promise((resolve) => second.once('exit', resolve))
      second.kill('SIGKILL')
      await gone
      second = start()
    },
    unhandled: async (): Promise<string[]> => {
      const all = launched.output() + (await readFile(path.join(house.folder, 'second-worker.log'), 'utf8'))
      return all.split('\n').flatMap((line) => (UNHANDLED.test(line) ? [line.slice(0, 300)] : []))
    },
    /** Buckets of 10 s without a row of the server, but for those that a fault excuses. */
    missingBuckets: async (from: number, to: number, excused: { from: number; to: number }[]): Promise<string[]> => {
      const rows = await launched.console.query<{ at: Date }>(
        `select distinct d.at from server_delta d join sampled_server s on s.no = d.server
          where s.server_id = 'main' and d.step = 10 and d.at between $1 and $2`,
        [new Date(from), new Date(to)],
      )
      const there = new Set(rows.map(({ at }) => at.getTime()))
      const missing: string[] = []
      // The first and the last are not whole; a delta needs two samples.
      for (let at = (Math.ceil(from / BUCKET_MS) + 3) * BUCKET_MS; at < to - 3 * BUCKET_MS; at += BUCKET_MS) {
        if (there.has(at) || excused.some((one) => at >= one.from - BUCKET_MS && at <= one.to)) continue
        missing.push(`no bucket of ${new Date(at).toISOString()}`)
      }
      return missing
    },
    stop: async (): Promise<void> => {
      second.kill('SIGKILL')
      await launched.stop()
      await log.close()
    },
  }
}

export interface Building extends Awaited<ReturnType<typeof openBuilding>> {
  wire: Wire
  launched: Launched
}
