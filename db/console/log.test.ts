import { DrizzleQueryError } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeLog, printToLog } from './log'
import { redact, redactText } from './redact'

const before = process.env.PROCTOR_LOG_LEVEL
beforeAll(() => {
  process.env.PROCTOR_LOG_LEVEL = 'info'
})
afterAll(() => {
  process.env.PROCTOR_LOG_LEVEL = before
})

const SECRET = 'hunter-7251'

function written(write: (log: ReturnType<typeof makeLog>) => void): string {
  const lines: string[] = []
  write(makeLog('test', { write: (line) => lines.push(line) }))
  expect(lines).toHaveLength(1)
  return lines.join('')
}

it.each([
  ['a field', { password: SECRET }],
  ['a field far within', { a: [{ b: { sealedPassword: SECRET, PROCTOR_SECRET: SECRET } }] }],
  ['headers', { headers: new Headers({ cookie: `s=${SECRET}`, authorization: `Bearer ${SECRET}` }) }],
  ['headers as an object', { 'set-cookie': [SECRET], 'x-token': SECRET }],
  ['an address', { url: `postgresql://ada:${SECRET}@db.example.org/lms` }],
  ['an address whose password holds an @', { url: `postgresql://ada:p@${SECRET}@db.example.org/lms` }],
  ['an address without user', { url: `postgresql://:${SECRET}@db.example.org/lms` }],
  ['a connection string', { text: `host=db password=${SECRET} user=ada` }],
  ['a quoted one', { text: `host=db password='${SECRET} it\\'s' user=ada` }],
  ['SQL', { sql: `alter role ada password '${SECRET}'` }],
  ['an error', { err: Object.assign(new Error(`cannot reach postgres://ada:${SECRET}@db/lms`), { password: SECRET }) }],
  ['what Drizzle tells of a failed query', { err: new DrizzleQueryError('select $1', [`two\nlines, ${SECRET}`], new Error('gone')) }],
  ['the cause of an error', { error: new Error('outer', { cause: new Error(`password=${SECRET}`) }) }],
])('writes no secret: %s', (_, fields) => {
  const line = written((log) => log.error(fields, 'it happened'))
  expect(line).not.toContain(SECRET)
  expect(line).toContain('[redacted]')
  expect(JSON.parse(line)).toMatchObject({ level: 'error', msg: 'it happened', name: 'test' })
})

it('writes no secret from the message or its arguments', () => {
  expect(written((log) => log.warn(`connect postgres://ada:${SECRET}@db/lms`))).not.toContain(SECRET)
  expect(written((log) => log.warn('connect %s', `postgres://ada:${SECRET}@db/lms`))).not.toContain(SECRET)
})

it('keeps what is no secret', () => {
  const error = Object.assign(new TypeError('x'), { code: '42501' })
  expect(redact({ name: 'lms', n: 7n, at: new Date(0), error })).toMatchObject({
    name: 'lms',
    n: '7',
    at: '1970-01-01T00:00:00.000Z',
    error: { type: 'TypeError', message: 'x', code: '42501' },
  })
  expect(redactText('https://db.example.org:5432/x?y=1 and a@b')).toBe('https://db.example.org:5432/x?y=1 and a@b')
})

it('ends with what points to itself', () => {
  const loop: Record<string, unknown> = {}
  loop.self = loop
  expect(JSON.stringify(redact(loop))).toContain('[too deep]')
})

const FORGED = 'x\0\r\n{"level":"error","msg":"forged"}\u001b[2J\u009b1A\u0085\u2028\u202e\ud800'

it.each<[string, (log: ReturnType<typeof makeLog>) => void]>([
  ['the message', (log) => log.error(FORGED)],
  ['an argument of it', (log) => log.error('%s', FORGED)],
  ['a field', (log) => log.error({ path: FORGED }, 'failed')],
  ['the name of one', (log) => log.error({ [FORGED]: 1 }, 'failed')],
  ['an error', (log) => log.error({ err: new Error(FORGED, { cause: FORGED }) }, 'failed')],
  [
    'what anything in the process prints',
    (log) => {
      const back = printToLog(() => log)
      console.error(new Error(FORGED), 'at %s', FORGED)
      back()
    },
  ],
])('writes one line of JSON that forges and steers nothing: %s', (_, write) => {
  const line = written(write)
  expect(line).toMatch(/^[\x20-\x7e]+\n$/)
  expect(JSON.parse(line)).toMatchObject({ level: 'error', name: 'test' })
  expect(line).toContain('forged')
})
