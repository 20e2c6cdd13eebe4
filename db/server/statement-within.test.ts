import { expect, it } from 'vitest'
import { statementWithin } from './statement-within'

it.each([
  ['prepare p (text, numeric(5, 2), unknown) as select $1, $2, $3', 'select ($1::text), ($2::numeric(5, 2)), $3', 'PREPARE'],
  ['PREPARE "as" AS SELECT $1', 'SELECT $1', 'PREPARE'],
  ['declare "for" no scroll cursor with hold for select a from t for update', 'select a from t for update', 'DECLARE'],
  ['copy (select (a) from t where b = $1) to stdout with (format csv)', 'select (a) from t where b = $1', 'COPY'],
  ['create table x (a, b) with (fillfactor = 70) as select 1, 2 as b with no data', 'select 1, 2 as b', 'CREATE … AS'],
  ['create temp table x on commit drop as /* ü */ select $1 with data', 'select $1', 'CREATE … AS'],
  ['create materialized view if not exists v as select a from t', 'select a from t', 'CREATE … AS'],
])('stands in %s', async (text, statement, of) =>
  expect(await statementWithin(text)).toMatchObject({ statement: expect.stringContaining(statement.trim()), of }),
)

it.each([
  'select a as b from t for update',
  'copy t from stdin',
  'create table t (a int)',
  'create table t (a int generated always as (1) stored)',
  'create view v as select 1',
  'explain analyze delete from t',
  'deallocate p',
  "select 'cut within a str",
])('is the text itself: %s', async (text) => expect(await statementWithin(text)).toEqual({ statement: text, of: null }))
