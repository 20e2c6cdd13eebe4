import { formOf } from './hostile-browser'
import { type Attempt, harmIf, type Kind } from './hostile-case'
import type { House } from './hostile-house'

const FORGED = '{"level":"error","msg":"forged by the bench"}'

/** What no field of the console can hold; the last ones would be lines of its log. */
const UNSOUND: Record<string, string> = {
  NUL: 'a\0b',
  'a lone surrogate': 'a\ud800',
  'NUL and a line': `x\0\n${FORGED}`,
  'a line': `x\r\n${FORGED}\n`,
  'a separator of lines': `x\u2028${FORGED}\u0085${FORGED}`,
  'an escape sequence': `\u001b[2K\u001b[1G${FORGED}`,
}

/** Actions with a text of a stranger's in each place that takes one. */
const ACTIONS: Record<string, (bad: string) => unknown[]> = {
  previewCommands: (bad) => [bad, bad, [{ command: bad, input: { oid: bad } }]],
  confirmCommands: (bad) => [
    'sample',
    'lms',
    [{ command: 'analyze-table', input: {}, statements: [bad], cluster: { systemIdentifier: bad, timeline: 1 } }],
    bad,
    { giveUpMinutes: 5, window: null },
  ],
  cancelRun: (bad) => [bad],
  explainPlan: (bad) => [{ server: bad, database: bad, key: bad, rolname: bad, datname: bad }],
  explainAnalyze: (bad) => [
    { server: 'sample', database: 'lms', key: '1.1.1.1', rolname: bad, datname: 'lms' },
    { values: [bad], timeoutSeconds: 1, confirmed: [bad] },
  ],
  sampleNow: (bad) => [bad],
  healthCheck: (bad) => [bad, bad],
  indexScript: (bad) => ['sample', bad, bad, [1]],
  saveProfile: (bad) => [bad, { ram: bad }],
  testStoredServer: (bad) => [bad],
  saveServer: (bad) => [{ name: bad, readOnly: true, connection: { kind: 'address', address: `postgresql://u@h/${bad}` } }],
  takeServerAway: (bad) => ['sample', bad],
  adoptOther: (bad) => ['sample', bad],
  invitePerson: (bad) => [bad, bad],
  changeName: (bad) => [bad],
  changePassword: (bad) => [bad, bad],
  signIn: (bad) => [{}, formOf({ email: bad, password: bad, next: bad })],
  join: (bad) => [bad, {}, formOf({ name: bad, password: bad })],
}

/** Addresses with what no text can hold, as it can be written in one. */
const ADDRESSES = ['%00', '%ff', '%ed%a0%80', `%00%0a${encodeURIComponent(FORGED)}`, `%0d%0a${encodeURIComponent(FORGED)}`].flatMap(
  (bad) => [
    `/${bad}/db/lms/overview`,
    `/sample/db/${bad}/sessions`,
    `/sample/db/lms/statements?q=${bad}`,
    `/sample/db/lms/indexes/export?format=csv&q=${bad}`,
    `/runs/${bad}`,
    `/servers/${bad}`,
    `/invitation/${bad}`,
    `/set-up/${bad}`,
    `/sign-in?next=${bad}`,
    `/api/live/activity?server=${bad}&database=lms`,
    `/api/live/${bad}`,
    `/audit?by=${bad}`,
  ],
)

/** Lines of the log that begin as if the console had written them. */
const forged = (log: string): number =>
  log.split(/[\n\r\u2028\u0085]/).filter((line) => line.trimStart().startsWith(FORGED.slice(0, 30))).length

/** What is no text is refused in words, never by a fault of the console's own, and writes no line of its log. */
export const inputKind: Kind = {
  name: 'input and log',
  prepare: async (house) => {
    const attempts: Attempt[] = Object.entries(ACTIONS).flatMap(([action, args]) =>
      Object.entries(UNSOUND).map(([what, bad]) => ({
        name: `${action}, ${what}`,
        make: async () => {
          const before = forged(await house.readLog())
          const { status, text } = await house.post(action, args(bad), house.cookies.admin)
          const lines = forged(await house.readLog()) - before
          return [
            ...harmIf(status >= 500, 'other', `status ${status}: ${text.slice(0, 100)}`),
            ...harmIf(lines > 0, 'other', 'a line of the log is forged'),
          ]
        },
      })),
    )
    for (const address of ADDRESSES)
      attempts.push({
        name: address.slice(0, 60),
        make: async () => {
          const before = forged(await house.readLog())
          const { status } = await house.get(address, house.cookies.admin)
          return harmIf(status >= 500 || forged(await house.readLog()) > before, 'other', `status ${status}`)
        },
      })
    for (const name of ['user-agent', 'referer', 'x-forwarded-for', 'next-router-state-tree', 'next-action', 'accept-language'])
      attempts.push({ name: `header ${name}`, make: () => withHeader(house, name) })
    return { attempts, control: () => plantLine(house) }
  },
}

/** Writes a line as an attempt would, were it let. */
async function plantLine(house: House) {
  const before = forged(await house.readLog())
  await house.writeLog(`x\n${FORGED}\n`)
  return harmIf(forged(await house.readLog()) > before, 'other', 'a forged line is seen')
}

async function withHeader(house: House, name: string) {
  const before = forged(await house.readLog())
  const value = `x\u0085${FORGED}%0a${encodeURIComponent(FORGED)}`
  const headers = { cookie: house.cookies.admin, origin: house.origin, [name]: Buffer.from(value, 'utf8').toString('latin1') }
  const posts = name === 'next-action'
  const { status } = await house.ask('/account', posts ? { method: 'POST', headers, body: '[]' } : { headers })
  return harmIf(status >= 500 || forged(await house.readLog()) > before, 'other', `status ${status}`)
}
