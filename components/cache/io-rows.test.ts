import { expect, it } from 'vitest'
import type { IoRow } from './cache-answer'
import { ioLines } from './io-rows'

const row = (backend_type: string, more: Partial<IoRow> = {}): IoRow => ({
  backend_type,
  object: 'relation',
  context: 'normal',
  reads: '0',
  read_bytes: 0,
  read_time: 0,
  writes: '0',
  write_bytes: 0,
  write_time: 0,
  extends: '0',
  extend_bytes: 0,
  extend_time: 0,
  hits: '0',
  evictions: '0',
  reuses: null,
  fsyncs: '0',
  fsync_time: 0,
  stats_reset: null,
  ...more,
})
const cell = (line: ReturnType<typeof ioLines>['lines'][number] | undefined, key: string) => line?.cells.find((one) => one.key === key)

it('leaves out where nothing happened, and keeps what cannot happen apart from what did not', () => {
  const { lines, quiet } = ioLines([row('walsender'), row('client backend', { reads: '5', evictions: null })])
  expect(lines.map(({ backend }) => backend)).toEqual(['client backend'])
  expect(quiet).toBe(1)
  expect(cell(lines[0], 'evictions')).toMatchObject({ count: null, heat: 0 })
  expect(cell(lines[0], 'writes')).toMatchObject({ count: 0, heat: 0 })
})

it('colours by time where reads are timed, on one scale for all operations', () => {
  const { lines, timed } = ioLines([
    row('checkpointer', { writes: '1000', write_time: 10 }),
    row('client backend', { reads: '10', read_time: 1_000, hits: '7' }),
  ])
  expect(timed).toBe(true)
  expect(lines.map(({ backend }) => backend)).toEqual(['client backend', 'checkpointer'])
  expect(cell(lines[0], 'reads')).toMatchObject({ ms: 1_000, heat: 4 })
  expect(cell(lines[1], 'writes')).toMatchObject({ ms: 10, heat: 2 })
  expect(cell(lines[0], 'hits')).toMatchObject({ ms: null, heat: 4 })
})

it('colours each column by itself where nothing is timed', () => {
  const { lines, timed } = ioLines([
    row('client backend', { reads: '1000', read_bytes: 8_192_000, writes: '1', write_bytes: 8_192 }),
    row('checkpointer', { writes: '100', write_bytes: 819_200 }),
  ])
  expect(timed).toBe(false)
  expect(lines.map(({ backend }) => backend)).toEqual(['client backend', 'checkpointer'])
  expect(cell(lines[0], 'reads')).toMatchObject({ heat: 4, ms: null })
  expect(cell(lines[0], 'writes')).toMatchObject({ heat: 2 })
  expect(cell(lines[1], 'writes')).toMatchObject({ heat: 4 })
})
