/** Serves the production build (or, with PROCTOR_DEVELOPMENT=1, the sources as they change). Started by the launcher. */
import { createServer } from 'node:http'
import process from 'node:process'
import next from 'next'
import { ADDRESS_HEADER } from '../app/client-address'
import { auditChain } from '../db/console/audit-head'
import { closeConsole, consoleDb, limitConsole } from '../db/console/client'
import { chosenPools } from '../db/console/connection-budget'
import { log, printToLog } from '../db/console/log'
import { addressBehind, trustedProxies } from '../db/console/trusted-proxies'
import { CONNECTIONS_PER_SERVER, closePools, limitConnections } from '../db/server/pool'
import { letIn } from './door'
import { CHECKOUT } from './settings'

if (process.env.PROCTOR_DEVELOPMENT !== '1') printToLog()
limitConsole({ connections: chosenPools().web, answerMs: 4_000 }) // whoever looks at a page waits no longer
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
  letIn(request, response, () => handle(request, response))
})
server.once('error', ({ code }: NodeJS.ErrnoException) => {
  const why = code === 'EADDRINUSE' ? 'was taken meanwhile; stop what listens there, or set PORT to another' : `cannot be used (${code})`
  process.send?.(`Port ${port} on ${hostname} ${why}.`, () => process.exit(1))
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
