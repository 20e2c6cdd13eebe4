import { count, isNull } from 'drizzle-orm'
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { fleetGauges } from '../fleet/fleet-gauges'
import { openConnections } from '../server/pool'
import { consoleDb } from './client'
import { consoleHealth } from './health'
import { run, server } from './schema'
import { WITHIN_MS, whileItAnswers } from './while-it-answers'

const shared = globalThis as { proctorMetrics?: Registry }

/** One registry a process: the development server reloads modules, and Node's own metrics register once. */
function registry(): Registry {
  if (shared.proctorMetrics) return shared.proctorMetrics
  const made = new Registry()
  collectDefaultMetrics({ register: made })
  const registers = [made]
  new Gauge({
    name: 'proctor_console_database_ready',
    help: 'Whether the console database can be read and be written to (1), and what stands in the way where it cannot (0)',
    labelNames: ['operation', 'fault'],
    registers,
    async collect() {
      const health = await consoleHealth(WITHIN_MS)
      this.reset()
      for (const operation of ['reads', 'writes'] as const) {
        const fault = health[operation]
        this.set({ operation, fault: fault?.kind ?? 'none' }, fault ? 0 : 1)
      }
    },
  })
  new Gauge({
    name: 'proctor_runs',
    help: 'Runs in the console database, by state',
    labelNames: ['state'],
    registers,
    async collect() {
      this.reset()
      const rows = await whileItAnswers(() => consoleDb().select({ state: run.state, n: count() }).from(run).groupBy(run.state))
      for (const { state, n } of rows) this.set({ state }, n)
    },
  })
  new Gauge({
    name: 'proctor_servers',
    help: 'Monitored servers, by where their address comes from and whether commands may reach them',
    labelNames: ['source', 'read_only'],
    registers,
    async collect() {
      const groups = { source: server.source, readOnly: server.readOnly }
      this.reset()
      const known = () =>
        consoleDb()
          .select({ ...groups, n: count() })
          .from(server)
          .where(isNull(server.removedAt))
      const rows = await whileItAnswers(() => known().groupBy(server.source, server.readOnly))
      for (const { source, readOnly, n } of rows) this.set({ source, read_only: String(readOnly) }, n)
    },
  })
  new Gauge({
    name: 'proctor_target_connections',
    help: "This process's pooled connections to monitored servers",
    labelNames: ['server', 'state'],
    registers,
    collect() {
      this.reset()
      for (const { serverId, open, busy } of openConnections()) {
        this.set({ server: serverId, state: 'busy' }, busy)
        this.set({ server: serverId, state: 'idle' }, open - busy)
      }
    },
  })
  new Gauge({
    name: 'proctor_console_connections',
    help: "This process's connections to the console database",
    labelNames: ['state'],
    registers,
    collect() {
      const { totalCount, idleCount, waitingCount } = consoleDb().$client
      this.set({ state: 'busy' }, totalCount - idleCount)
      this.set({ state: 'idle' }, idleCount)
      this.set({ state: 'waiting' }, waitingCount)
    },
  })
  fleetGauges(registers)
  shared.proctorMetrics = made
  return made
}

/** Everything in Prometheus' text format. No name of a database, role or user, no SQL, no address is in it. */
export const metricsText = (): Promise<string> => registry().metrics()

export const METRICS_TYPE = Registry.PROMETHEUS_CONTENT_TYPE
