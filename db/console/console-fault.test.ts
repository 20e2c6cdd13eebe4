import { DrizzleQueryError } from 'drizzle-orm/errors'
import { DatabaseError } from 'pg'
import { expect, it } from 'vitest'
import { dropped, silence } from '../server/link-fault'
import { consoleFaultOf } from './console-fault'

const said = (code: string): DatabaseError => Object.assign(new DatabaseError('wherever', 1, 'error'), { code, severity: 'ERROR' })
const wrapped = (cause: Error): Error => new DrizzleQueryError('update run set x = $1', ['Connection terminated'], cause)

it.each([
  ['57P01', 'lost'],
  ['57P03', 'lost'],
  ['08006', 'lost'],
  ['28P01', 'lost'],
  ['57014', 'cancelled'],
  ['25006', 'read_only'],
  ['25P03', 'cancelled'],
  ['40P01', 'deadlock'],
  ['55P03', 'deadlock'],
  ['53100', 'full'],
  ['53300', 'busy'],
  ['53200', 'busy'],
  ['23505', 'other'],
  ['XX000', 'broken'],
  ['58030', 'broken'],
  ['40003', 'deadlock'],
  ['P0001', 'other'],
])('%s is %s, alone, wrapped by Drizzle, and copied by pg-boss', (code, kind) => {
  expect(consoleFaultOf(said(code))?.kind).toBe(kind)
  expect(consoleFaultOf(wrapped(said(code)))?.kind).toBe(kind)
  expect(consoleFaultOf({ ...said(code), message: 'wherever' })?.kind).toBe(kind)
})

it('knows a full disk by what is said where the state is another', () => {
  const noRoom = said('XX000')
  noRoom.message = 'could not write to file "pg_wal/xlogtemp.7": No space left on device'
  expect(consoleFaultOf(wrapped(noRoom))?.kind).toBe('full')
})

it.each([
  [silence(4_000), 'hanging'],
  [dropped(), 'lost'],
  [new Error('timeout exceeded when trying to connect'), 'hanging'],
  [new Error('Connection terminated due to connection timeout', { cause: new Error('Connection terminated unexpectedly') }), 'hanging'],
  [new Error('Connection terminated unexpectedly'), 'lost'],
  [Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }), 'lost'],
  [new AggregateError([Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })]), 'lost'],
])('knows what the network and the driver say: %s', (error, kind) => {
  expect(consoleFaultOf(error)?.kind).toBe(kind)
  expect(consoleFaultOf(wrapped(error))?.kind).toBe(kind)
})

it('takes no bug for a fault of the database, whatever the values say', () => {
  expect(consoleFaultOf(new TypeError('x is not a function'))).toBeNull()
  expect(consoleFaultOf(wrapped(new TypeError('x is not a function')))).toBeNull()
  expect(consoleFaultOf(Object.assign(new Error('no such module'), { code: 'ENOTDIR' }))).toBeNull()
  expect(consoleFaultOf(wrapped(said('23505')))?.kind).toBe('other')
  expect(consoleFaultOf(undefined)).toBeNull()
})

it('never hands on what the driver said', () => {
  for (const code of ['57P01', '53100', 'XX000'])
    expect(JSON.stringify(consoleFaultOf(wrapped(said(code))))).not.toMatch(/wherever|update run/)
})
