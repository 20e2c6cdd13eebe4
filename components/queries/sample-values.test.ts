import { expect, test } from 'vitest'
import { valuesFrom } from './sample-values'

test.each([
  ['select * from t where a = $1 and b like $2', "SELECT * FROM t  WHERE a = 42 AND b LIKE 'it''s'", ['42', "it's"]],
  ['select $2, $1', "select 'b', -1.5", ['-1.5', 'b']],
  ['select a from t where x=$1', 'select a from t where x=7 -- why not', ['7']],
])('values of %s', (normalised, example, values) => expect(valuesFrom(normalised, example)).toEqual(values))

test.each([
  ['select * from t where a = $1', 'select * from t where a = $1'],
  ['select * from t where a = $1', 'select * from u where a = 1'],
  ['select * from t where a = $1', 'select * from t where a = 1 limit 5'],
  ['select * from t where a in ($1 /*, ... */)', 'select * from t where a in (1, 2, 3)'],
  ['select 1', 'select 1'],
])('none of %s', (normalised, example) => expect(valuesFrom(normalised, example)).toBeNull())
