import { Gauge, type Registry } from 'prom-client'
import { listServers } from '../console/servers'
import { whileItAnswers } from '../console/while-it-answers'
import { openByCheck } from '../findings/needs'
import { readSampled, standingOf } from './sampled'

/** What an alert of Prometheus may rest on: what is open, and which servers answer. Ids, not names: of databases there are none. */
export function fleetGauges(registers: Registry[]): void {
  new Gauge({
    name: 'proctor_findings',
    help: 'Open findings that nobody has snoozed, by server, check and severity',
    labelNames: ['server', 'check', 'severity'],
    registers,
    async collect() {
      this.reset()
      for (const { serverId, check, severity, findings } of await whileItAnswers(async () => openByCheck(await listServers())))
        this.set({ server: serverId, check, severity }, findings)
    },
  })
  new Gauge({
    name: 'proctor_server_sampled',
    help: 'Whether a server was sampled in the last two minutes (1), and what is the matter where it was not (0)',
    labelNames: ['server', 'standing'],
    registers,
    async collect() {
      this.reset()
      const rows = await whileItAnswers(async () => {
        const [servers, sampled] = await Promise.all([listServers(), readSampled()])
        return servers.map(({ id, otherIdentifier }) => ({ id, standing: standingOf(otherIdentifier, sampled.get(id), new Date()) }))
      })
      for (const { id, standing } of rows) this.set({ server: id, standing }, standing === 'sampled' ? 1 : 0)
    },
  })
}
