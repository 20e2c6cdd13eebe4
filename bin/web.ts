/** Serves the production build (or, with PROCTOR_DEVELOPMENT=1, the sources as they change). Started by the launcher. */
import { createServer } from 'node:http'
import process from 'node:process'
import next from 'next'
import { ADDRESS_HEADER } from '../app/client-address'
import { auditChain } from '../db/console/audit-head'
import { closeConsole, consoleDb } from '../db/console/client'
import { log, printToLog } from '../db/console/log'
import { addressBehind, trustedProxies } from '../db/console/trusted-proxies'
import { CONNECTIONS_PER_SERVER, closePools, limitConnections } from '../db/server/pool'
import { CHECKOUT } from './settings'

if (process.env.PROCTOR_DEVELOPMENT !== '1') printToLog()
limitConnections(CONNECTIONS_PER_SERVER - 1) // the worker has the other one
const port = Number(process.env.PORT)
const hostname = process.env.HOST ?? '127.0.0.1'
const app = next({ dev: process.env.PROCTOR_DEVELOPMENT === '1', dir: CHECKOUT, hostname, port })
await app.prepare()
const handle = app.getRequestHandler()
const proxies = trustedProxies(process.env.PROCTOR_TRUSTED_PROXIES)
const server = createServer((request, response) => {
  const forwarded = request.headersDistinct['x-forwarded-for']?.join(',')
  request.headers[ADDRESS_HEADER] = addressBehind(request.socket.remoteAddress, forwarded, proxies) // what a client wrote there itself is gone
  handle(request, response)
})
server.listen(port, hostname, () => process.send?.('ready'))

const AUDIT_EVERY_MS = 3_600_000

/** What was seen once is missed when it is cut off; see db/console/audit-head.ts. */
const lookAtAudit = () =>
  auditChain(consoleDb()).then(
    (state) => state.unbroken || log().error({ entry: state.id, why: state.why }, 'the audit does not fit'),
    (error: unknown) => log().error({ error }, 'the audit could not be followed'),
  )
lookAtAudit()
setInterval(lookAtAudit, AUDIT_EVERY_MS).unref()

const stop = async () => {
  server.close()
  server.closeAllConnections()
  await Promise.all([closePools(), closeConsole()])
  process.exit(0)
}
process.once('SIGTERM', stop)
process.once('disconnect', stop) // the launcher was killed: leave the port to its successor
