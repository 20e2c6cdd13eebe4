import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  authentication,
  described,
  done,
  type Fake,
  type FakeServer,
  fakeServer,
  header,
  int16,
  int32,
  message,
  politeAnswer,
  politely,
  ready,
  row,
  SECRET,
  said,
  welcome,
} from '../../test/support/fake-server'
import { databases } from '../databases/reads/databases'
import { closePools } from './pool'
import { runRead } from './run-read'
import { openSession } from './session'
import { testConnection } from './test-connection'

const MB = 1024 * 1024
beforeAll(() => vi.stubEnv('PROCTOR_READ_TIMEOUT', '0.2'))
afterAll(() => vi.unstubAllEnvs())
let fake: FakeServer
afterEach(async () => {
  await closePools(fake.target.serverId)
  await fake.close()
})

/** Sends something over and over, as fast as the other side takes it, until it hangs up. */
function forever(socket: Socket, bytes: Buffer, first?: Buffer): void {
  if (first) socket.write(first)
  const many = Buffer.concat(Array.from({ length: Math.max(1, Math.ceil(256_000 / bytes.length)) }, () => bytes))
  const more = () => {
    while (!socket.destroyed && socket.write(many));
  }
  socket.on('drain', more)
  more()
}

const send = (...parts: (Buffer | string)[]) => Buffer.concat(parts.map((part) => Buffer.from(part)))
const two = described(['a', 'b'])

/** What a server may send instead of letting us in. */
const AT_THE_DOOR: Record<string, Buffer> = {
  'the answer of a web server': send('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'),
  'the greeting of an SSH server': send('SSH-2.0-OpenSSH_9.2p1\r\n'),
  'the greeting of MySQL': send(Buffer.from('4a0000000a382e302e333600', 'hex'), randomBytes(60)),
  zeros: Buffer.alloc(4_096),
  'a header that announces 4 GB': header('R', 0xffffffff),
  'a header that announces 2 GB': header('E', 0x7fffffff),
  'a length of nothing': header('R', 0),
  'a length of 3': header('E', 3),
  'a type that does not exist': message('?', 'what'),
  'a type beyond ASCII': message('\u00ff', 'what'),
  'an authentication without a method': message('R', ''),
  'an authentication that is longer than it may be': authentication(0, 'more'),
  'MD5 without a salt': authentication(5, 'ab'),
  'SASL whose mechanisms do not end': authentication(10, 'SCRAM-SHA-256'),
  'an error whose fields do not end': message('E', 'SFATAL'),
  'an error of one letter': message('E', 'S'),
  'an empty error': message('E', ''),
  'an error of 50 MB': said('E', { S: 'FATAL', C: '28000', M: 'x'.repeat(50 * MB) }),
  'ready before anybody signed in': ready,
  'rows before anybody signed in': send(two, row('1', '2'), done, ready),
  'a COPY before anybody signed in': message('H', send(int16(0), int16(0))),
  'a version of the protocol that is not ours': message('v', send(int32(0), int32(0))),
  'SCRAM that goes on before it began': authentication(11, 'r=x,s=eA==,i=1'),
  'a proof before SCRAM began': authentication(12, 'v=eA=='),
  'signed in twice': send(authentication(0), authentication(0)),
  'a password asked for after we were let in': send(authentication(0), authentication(3)),
  'a row after we were let in': send(authentication(0), row('1')),
  'a parameter that does not end': send(authentication(0), message('S', 'server_version')),
  'a key that is too short': send(authentication(0), message('K', int32(1))),
  'a state that does not exist': send(authentication(0), message('Z', 'X')),
}

/** What a server may send as an answer to a query. */
const AS_AN_ANSWER: Record<string, Buffer> = {
  garbage: randomBytes(4_096).fill(0xee, 0, 1),
  'a header that announces 4 GB': header('D', 0xffffffff),
  'a length of 2': header('T', 2),
  'RowDescription of 65535 columns, none of them there': send(message('T', int16(65_535)), done, ready),
  'RowDescription of 2000 columns': described(Array.from({ length: 2_000 }, (_, at) => `c${at}`)),
  'RowDescription that ends in a column': message('T', send(int16(1), 'a\0', int32(0))),
  'RowDescription with more than its columns': message('T', send(int16(0), 'more')),
  'a row that nothing describes': send(row('1'), done, ready),
  'a row of 65535 values, none of them there': send(two, message('D', int16(65_535)), done, ready),
  'a row of fewer values': send(two, row('1'), done, ready),
  'a row of more values': send(two, row('1', '2', '3'), done, ready),
  'a value of negative length': send(two, message('D', send(int16(2), int32(-5), int32(-1))), done, ready),
  'a value longer than its row': send(two, message('D', send(int16(2), int32(1_000), 'x', int32(-1))), done, ready),
  'a row with something after its values': send(two, message('D', send(int16(2), int32(-1), int32(-1), 'x')), done, ready),
  'a binary column': send(
    message('T', send(int16(1), 'a\0', int32(0), int16(0), int32(23), int16(4), int32(-1), int16(1))),
    row('12'),
    done,
    ready,
  ),
  'json that is none': send(described(['a'], 114), row('{'), done, ready),
  'json nested a hundred thousand deep': send(described(['a'], 114), row('['.repeat(100_000)), done, ready),
  'an array that is none': send(described(['a'], 1_007), row('{1,{{{'), done, ready),
  'a value that is not UTF-8 where a number is asked for': send(described(['version_num'], 23), row('\u00ff\u00fe'), done, ready),
  'no rows at all': send(message('n'), done, ready),
  'a hundred rows of something else': send(two, ...Array.from({ length: 100 }, () => row('x', null)), done, ready),
  'a column called __proto__': send(described(['__proto__'], 114), row('{"version_num":180004}'), done, ready),
  'a COPY to us': send(message('H', send(Buffer.from([0]), int16(0))), message('d', 'x'), message('c')),
  'a COPY from us': message('G', send(Buffer.from([0]), int16(1), int16(0))),
  'a COPY both ways': message('W', send(Buffer.from([0]), int16(0))),
  'a suspended portal': message('s'),
  'a second welcome': welcome,
  'a password asked for in clear text': authentication(3),
  'a password asked for as MD5': authentication(5, 'salt'),
  'SCRAM once more': authentication(10, 'SCRAM-SHA-256\0\0'),
  'a completion without a word': message('C', 'SELECT'),
  'an error of 50 MB': said('E', { S: 'ERROR', C: '22000', M: 'x'.repeat(50 * MB) }),
  'an error without fields': send(message('E', '\0'), ready),
  'an error whose fields do not end': send(message('E', 'SERROR\0C22000\0M'), ready),
  'a notice whose fields do not end': send(message('N', 'SNOTICE'), ready),
}

/** What a server may send without an end. */
const WITHOUT_END: Record<string, Buffer> = {
  rows: row('a', 'b'),
  'rows of 100 kB': row('a'.repeat(100_000), null),
  'rows of nothing': send(two, row(null, null)),
  completions: done,
  descriptions: two,
  notices: said('N', { S: 'NOTICE', C: '00000', M: 'x'.repeat(1_000) }),
  'notices of 10 MB': said('N', { S: 'NOTICE', C: '00000', M: 'x'.repeat(10 * MB) }),
  parameters: message('S', 'TimeZone\0UTC\0'),
  notifications: message('A', send(int32(1), 'channel\0payload\0')),
}

/** Takes at most so long, and so much memory, however the server behaves; leaves no connection open; shows nobody a password. */
async function survives(what: Fake): Promise<void> {
  fake = await fakeServer(what)
  const [before, started] = [process.memoryUsage().rss, performance.now()]
  const [tested, read] = await Promise.all([testConnection(fake.target), runRead(fake.target, databases, {})])
  expect(performance.now() - started).toBeLessThan(15_000)
  expect(process.memoryUsage().rss - before).toBeLessThan(1_200 * MB)
  expect(read).toMatchObject({ ok: false, problem: { kind: expect.stringMatching(/^(unreachable|sql_error)$/) } })
  expect(JSON.stringify([tested, read])).not.toContain(SECRET)
  expect(JSON.stringify([tested, read]).length).toBeLessThan(10_000)
  await closePools(fake.target.serverId)
  await expect.poll(() => fake.open(), { timeout: 5_000 }).toBe(0)
  expect(fake.passwords.join()).not.toContain(SECRET)
}

const isFacts = (text: string) => text.includes('proctor:facts') || text.includes('proctor:test-connection')

describe('one server that breaks the protocol is the problem of that server alone', () => {
  it.each(Object.entries(AT_THE_DOOR))('at the door: %s', async (_, bytes) => survives({ startup: (socket) => socket.end(bytes) }))

  it.each(Object.entries(AS_AN_ANSWER))('to the facts: %s', async (_, bytes) =>
    survives({ query: (socket, text) => (isFacts(text) ? socket.write(bytes) : politely(socket, text)) }),
  )

  it.each(Object.entries(AS_AN_ANSWER))('to a read: %s', async (name, bytes) => {
    const answer = name === 'no rows at all' ? said('E', { S: 'ERROR', C: 'XX000', M: 'no' }) : bytes
    const toRead = send(message('1'), message('2'), answer)
    await survives({ query: (socket, text) => (text.includes('proctor:databases') ? socket.write(toRead) : politely(socket, text)) })
  })

  it.each(Object.entries(AS_AN_ANSWER))('between two statements: %s', async (_, bytes) => {
    const early = send(done, ready, bytes)
    await survives({ query: (socket, text) => (text.startsWith('begin') ? socket.write(early) : politely(socket, text)) })
  })
})

describe('what has no end is given up', () => {
  it.each(Object.entries(WITHOUT_END))(
    '%s at the door',
    async (_, bytes) => survives({ startup: (socket) => forever(socket, bytes) }),
    40_000,
  )

  it.each(Object.entries(WITHOUT_END))(
    '%s after we were let in',
    async (_, bytes) => survives({ startup: (socket) => forever(socket, bytes, authentication(0)) }),
    40_000,
  )

  it.each(Object.entries(WITHOUT_END))(
    '%s as an answer',
    async (_, bytes) => survives({ query: (socket, text) => (isFacts(text) ? forever(socket, bytes, two) : politely(socket, text)) }),
    40_000,
  )

  it('a message that comes byte by byte', async () => {
    const drip = (socket: Socket, bytes: Buffer) => {
      let at = 0
      const timer = setInterval(() => (socket.destroyed ? clearInterval(timer) : socket.write(bytes.subarray(at, ++at))), 100)
    }
    await survives({ startup: (socket) => drip(socket, welcome) })
    await fake.close()
    await survives({ query: (socket, text) => (isFacts(text) ? drip(socket, message('D', Buffer.alloc(4_096))) : politely(socket, text)) })
  }, 60_000)

  it('nothing at all', async () => {
    await survives({ startup: () => undefined })
    await fake.close()
    await survives({ query: () => undefined })
    const opened = await openSession({ ...fake.target, serverId: 'run' }, 'proctor run 1', () => undefined)
    expect(opened).toMatchObject({ ok: false, problem: { kind: 'unreachable' } })
  }, 60_000)
})

describe('what an honest server may send', () => {
  // How long 60 MB take says nothing of what may be sent.
  beforeAll(() => vi.stubEnv('PROCTOR_READ_TIMEOUT', '60'))
  afterAll(() => vi.stubEnv('PROCTOR_READ_TIMEOUT', '0.2'))

  it('is taken however it is cut into packets', async () => {
    fake = await fakeServer({
      query: async (socket, text) => {
        const whole = politeAnswer(text)
        for (let at = 0; at < whole.length; at += 3) {
          socket.write(whole.subarray(at, at + 3))
          await new Promise((resolve) => setImmediate(resolve))
        }
      },
    })
    expect(await runRead(fake.target, databases, {})).toEqual({ ok: true, value: [] })
  })

  it('a value of 20 MB, notices that are too long, parameters and notifications in between', async () => {
    const long = 'x'.repeat(20 * MB)
    const between = send(said('N', { S: 'NOTICE', M: long }), message('S', 'a\0b\0'), message('A', send(int32(1), 'a\0b\0')))
    fake = await fakeServer({
      query: (socket, text) => {
        if (!text.includes('proctor:databases')) return politely(socket, text)
        const columns = described(['datname', 'bytes'], 25, 20)
        return socket.write(send(message('1'), message('2'), columns, between, row(long, '5'), between, row('b', null), done, ready))
      },
    })
    const read = await runRead(fake.target, databases, {})
    expect(read.ok && read.value.map(({ datname }) => datname.length)).toEqual([20 * MB, 1])
  })
})
