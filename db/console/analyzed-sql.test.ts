import { afterEach, expect, it } from 'vitest'
import { analyzedSql } from './analyzed-sql'

const EXPLAIN = 'EXPLAIN (ANALYZE, VERBOSE, BUFFERS, SETTINGS, FORMAT JSON)'

afterEach(() => {
  delete process.env.PROCTOR_SAMPLING_EXAMPLES
})

it('is the statement with the values that were given', () => {
  expect(analyzedSql('select 1', [])).toEqual([`${EXPLAIN} select 1`])
  expect(analyzedSql('select $1, $2', ["it's", null])).toEqual([
    'PREPARE analyzed AS select $1, $2',
    `${EXPLAIN} EXECUTE analyzed ('it''s', NULL)`,
  ])
})

it('keeps no secret', () => {
  expect(analyzedSql('select from account where password = $1', ['hunter2'])).toEqual([
    `${EXPLAIN} select from account where password = $1`,
  ])
  expect(analyzedSql("select from account where password = 'hunter2'", []).join()).not.toContain('hunter2')
  expect(analyzedSql('select $1', ['postgresql://ada:hunter2@db/lms']).join()).not.toContain('hunter2')
})

it('keeps no value where the settings keep none', () => {
  process.env.PROCTOR_SAMPLING_EXAMPLES = 'off'
  expect(analyzedSql('select $1', ['seen'])).toEqual([`${EXPLAIN} select $1`])
})

it('has a length that a page can show', () => {
  expect(analyzedSql('select $1', ['x'.repeat(100_000)]).join().length).toBeLessThan(21_000)
})
