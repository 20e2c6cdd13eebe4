import { expect, test } from 'vitest'
import { bestValues, valuesFrom } from './sample-values'

test.each([
  ['select * from t where a = $1 and b like $2', "SELECT * FROM t  WHERE a = 42 AND b LIKE 'it''s'", ['42', "it's"]],
  ['select $2, $1', "select 'b', -1.5", ['-1.5', 'b']],
  ['select a from t where x=$1', 'select a from t where x=7 -- why not', ['7']],
  ['select a from t where x = $1 and y = $2', 'select a from t where x = null and y = true', [null, 'true']],
  [
    'select a from t where x > now() - ($1)::interval and n = $2',
    "select a from t where x > now() - interval '1 day' and n = 5",
    ['1 day', '5'],
  ],
  ['select a from t where n in ($1, $3, $4) limit $2', 'select a from t where n in (7, 8, 9) limit 10', ['7', '10', '8', '9']],
  ['select a from t where x = $1 or y = $1', 'select a from t where x = 3 or y = 3', ['3']],
])('values of %s', (statement, example, values) => expect(valuesFrom(statement, example)).toEqual(values))

test.each([
  ['select * from t where a = $1', 'select * from t where a = $1', [undefined]],
  ['select * from t where a = $1 or b = $1', 'select * from t where a = 1 or b = 2', [undefined]],
  ['select * from t where a = $1 and b = $2', "select * from t where a = E'\\n' and b = 5", [undefined, '5']],
  ['select * from t where a in ($1) and b = $2', 'select * from t where a in (1, 2, 3) and b = 5', [undefined, '5']],
  ['select 1', 'select 1', []],
])('what %s does not tell is left out', (statement, example, values) => expect(valuesFrom(statement, example)).toEqual(values))

test('of several examples the one that tells most is taken', () => {
  const statement = 'select * from t where a = $1 and b = $2'
  expect(bestValues(statement, ['select * from t where a = $1 and b = $2', 'select * from t where a = 1 and b = 2'], 2)).toEqual(['1', '2'])
  expect(bestValues(statement, [], 2)).toEqual([undefined, undefined])
})
