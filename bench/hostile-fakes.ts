import type { Socket } from 'node:net'
import {
  authentication,
  described,
  done,
  type Fake,
  header,
  int16,
  int32,
  message,
  ready,
  row,
  said,
  welcome,
} from '../test/support/fake-server'

const MEGABYTE = 1024 * 1024
const write = (bytes: Buffer | string) => (socket: Socket) => void socket.write(bytes)
/** For as long as somebody listens. */
const endless =
  (bytes: Buffer, first: Buffer = Buffer.alloc(0)) =>
  (socket: Socket) => {
    socket.write(first)
    const go = () => {
      while (socket.writable && socket.write(bytes)) if (socket.writableLength > 64 * MEGABYTE) break
      if (socket.writable) socket.once('drain', go)
    }
    go()
  }
const drip = (socket: Socket) => {
  const timer = setInterval(() => (socket.writable ? socket.write('\0') : clearInterval(timer)), 500)
  socket.once('close', () => clearInterval(timer))
}
/** A server that lets in, and answers every question so. */
const asked = (answer: (socket: Socket) => void): Fake => ({ query: answer })
const sasl = (first: string): Fake => ({
  startup: write(authentication(10, 'SCRAM-SHA-256\0\0')),
  password: (socket, body) => {
    const nonce = /r=([^,]+)$/.exec(body.toString('latin1'))?.[1] ?? ''
    socket.write(authentication(11, first.replace('NONCE', nonce)))
  },
})

/** What servers of somebody else's making say. Each is the address of a monitored server. */
export const FAKES: Record<string, Fake> = {
  'garbage at once': { startup: write(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')) },
  'nothing at all': { startup: () => undefined },
  'hangs up': { startup: (socket) => socket.destroy() },
  'byte by byte': { startup: drip },
  'a header of 4 GB': { startup: endless(Buffer.alloc(MEGABYTE), header('R', 0xffffffff)) },
  'a header of 2 GB': { startup: endless(Buffer.alloc(MEGABYTE), header('R', 0x7fffffff)) },
  'a length of 0': { startup: write(header('R', 0)) },
  'a length of 3': { startup: write(header('R', 3)) },
  'an empty authentication': { startup: write(message('R')) },
  'an unknown method': { startup: write(authentication(99)) },
  GSSAPI: { startup: write(authentication(7)) },
  'SASL without a mechanism': { startup: write(authentication(10, '\0')) },
  'SASL of its own': { startup: write(authentication(10, 'PLAIN\0\0')) },
  'SCRAM with another nonce': sasl('r=other,s=c2FsdA==,i=4096'),
  'SCRAM without end': sasl('r=NONCEx,s=c2FsdA==,i=2147483647'),
  'SCRAM that is none': sasl('\0\0\0'),
  'TLS that is none': { tls: write('S then something else') },
  'TLS or not': { tls: write('X') },
  'TLS, and more after the answer': { tls: write(Buffer.concat([Buffer.from('N'), welcome])) },
  'an error without end': { startup: write(message('E', 'SFATAL')) },
  'an error of 60 MB': { startup: write(said('E', { S: 'FATAL', C: '28000', M: 'x'.repeat(60 * MEGABYTE) })) },
  'a version of letters': { startup: write(Buffer.concat([authentication(0), message('S', 'server_version\0x'), ready])) },
  'a status without end': { startup: write(Buffer.concat([authentication(0), message('S', 'DateStyle')])) },
  '65,535 columns': asked(write(Buffer.concat([message('T', int16(65_535)), done, ready]))),
  'a column cut off': asked(write(message('T', Buffer.concat([int16(1), Buffer.from('name without end')])))),
  'a row cut off': asked(write(Buffer.concat([described(['a']), message('D', Buffer.concat([int16(1), int32(9_999)])), done, ready]))),
  'a value of -5 bytes': asked(write(Buffer.concat([described(['a']), message('D', Buffer.concat([int16(1), int32(-5)])), done, ready]))),
  'more values than columns': asked(write(Buffer.concat([described(['a']), row('1', '2', '3'), done, ready]))),
  'rows without columns': asked(write(Buffer.concat([row('1'), done, ready]))),
  'rows without end': asked(endless(Buffer.concat(Array(5_000).fill(row('x'.repeat(200)))), described(['a']))),
  'notices without end': asked(endless(Buffer.concat(Array(1_000).fill(said('N', { S: 'NOTICE', C: '00000', M: 'x'.repeat(1_000) }))))),
  'notifications without end': asked(
    endless(Buffer.concat(Array(1_000).fill(message('A', Buffer.concat([int32(1), Buffer.from('a\0b\0')]))))),
  ),
  'a value of 4 GB': asked(endless(Buffer.alloc(MEGABYTE), Buffer.concat([described(['a']), header('D', 0xfffffff0)]))),
  'COPY in': asked(write(message('G', Buffer.concat([Buffer.from([0]), int16(1, 0)])))),
  'COPY out': asked(endless(message('d', Buffer.alloc(64 * 1024)), message('H', Buffer.concat([Buffer.from([0]), int16(1, 0)])))),
  'an unknown message': asked(write(message('\u0001', 'what'))),
  'answers to nobody': asked(write(Buffer.concat(Array(50).fill(Buffer.concat([message('1'), message('2'), done, ready]))))),
  'numbers that are none': asked(write(Buffer.concat([described(['version_num'], 20), row('NaN; drop'), done, ready]))),
  'dates and JSON that are none': asked(write(Buffer.concat([described(['at', 'extensions'], 114), row('{', '{{{'), done, ready]))),
  'an error in the middle': asked(
    write(Buffer.concat([described(['a']), row('1'), said('E', { S: 'PANIC', C: 'XX000', M: '\u001b[2J' })])),
  ),
}

/** Ways to ask for the password by a server that has not shown who it is. */
export const ASKING: Record<string, Fake> = {
  'clear text': { startup: write(authentication(3)) },
  MD5: { startup: write(authentication(5, 'salt')) },
  'MD5 after SCRAM': {
    startup: write(authentication(10, 'SCRAM-SHA-256\0\0')),
    password: (socket) => void socket.write(authentication(5, 'salt')),
  },
  'clear text after SCRAM': {
    startup: write(authentication(10, 'SCRAM-SHA-256\0\0')),
    password: (socket) => void socket.write(authentication(3)),
  },
}
