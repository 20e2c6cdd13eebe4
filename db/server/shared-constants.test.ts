import { describe, expect, it } from 'vitest'
import { withOneParameterForEach, withSharedConstants } from './shared-constants'

describe('constants of an expression that stands in two places', () => {
  it.each([
    ['select doc->>$1, count(*) from t group by doc->>' + "'a'", 'select doc->>$1, count(*) from t group by doc->>$1'],
    ['select n % $1 from t group by rollup (s, n % -10)', 'select n % $1 from t group by rollup (s, n % $1)'],
    ['select n % 10 + $1 from t group by n % $2', 'select n % $2 + $1 from t group by n % $2'],
    [
      "select coalesce(s, $1), date_trunc($2, at) from t group by coalesce(s, 'ü'), date_trunc('day', at) order by date_trunc('day', at)",
      'select coalesce(s, $1), date_trunc($2, at) from t group by coalesce(s, $1), date_trunc($2, at) order by date_trunc($2, at)',
    ],
    [
      "select x from (select lower($1 || s) as x from t group by lower('a' || s)) u",
      'select x from (select lower($1 || s) as x from t group by lower($1 || s)) u',
    ],
  ])('are one parameter: %s', async (from, to) => expect(await withSharedConstants(from)).toBe(to))

  it.each([
    'select n % $1 from t group by n % $2',
    "select doc->>$1, doc->>'b' from t group by doc->>$1, doc->>'b'",
    'select $1, count(*) from t group by s order by 1 limit $2',
    'select a - $1 from t group by b - 10',
    'not even SQL $1 (',
  ])('stay apart otherwise: %s', async (text) => expect(await withSharedConstants(text)).toBe(text))
})

describe('an expression that is repeated within others', () => {
  it.each([
    [
      'select $1 || (n / 10) * $2 from t group by n / 10 order by n / $3',
      'select $1 || (n / $3) * $2 from t group by n / $3 order by n / $3',
    ],
    ['select n % $1 + $2 from t group by n % $3', 'select n % $1 + $2 from t group by n % $1'],
    ['select (n % $2) + $1 from t group by n % $3', 'select (n % $2) + $1 from t group by n % $2'],
  ])('has one parameter at each place: %s', async (from, to) => expect(await withOneParameterForEach(from)).toBe(to))

  it('stays as it is where nothing is alike', async () => {
    const text = 'select a % $1 from t group by b % $2'
    expect(await withOneParameterForEach(text)).toBe(text)
  })
})
