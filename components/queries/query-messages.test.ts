import { describe, expect, test } from 'vitest'
import { foldSql, milliseconds, sessions, shortName, sureness, times } from './query-messages'

describe('a statement in a line', () => {
  test('folds its columns, but no subquery', () => {
    expect(foldSql('SELECT id, name,\n  email, created_at FROM users u\nWHERE id = $1')).toBe('SELECT … FROM users u WHERE id = $1')
    expect(foldSql('select id from users')).toBe('select id from users')
    expect(foldSql('select (select count(*) from b where b.a = a.id) as n, a.id from a')).toBe('select … from a')
    expect(foldSql(`select ${'x'.repeat(500)}`)).toHaveLength(302)
  })

  test.each([
    ['select a, b from only public."Users" u where x', 'SELECT Users'],
    ['with x as (select 1 from t) select * from x', 'WITH t'],
    ['INSERT INTO app.log (a) values ($1)', 'INSERT log'],
    ['update t set a = $1', 'UPDATE t'],
    ['select extract(epoch from x), a is distinct from b from t', 'SELECT t'],
    ['/* hint */ delete from t', 'DELETE t'],
    ['commit', 'commit'],
    ['', 'Statement'],
  ])('has a short name: %s', (sql, name) => expect(shortName(sql)).toBe(name))
})

test.each([
  [0, '0 ms'],
  [0.0004, '0.40 µs'],
  [0.005, '5.0 µs'],
  [0.023, '0.023 ms'],
  [1.236, '1.24 ms'],
  [14.83, '14.8 ms'],
  [118.4, '118 ms'],
  [9_840, '9.84 s'],
  [41_230, '41.2 s'],
  [125_000, '2 min 5 s'],
  [null, '–'],
])('%s ms is %s', (ms, words) => expect(milliseconds(ms)).toBe(words))

test('sessions, factors and sureness in words', () => {
  expect([0, 0.0002, 0.05, 0.56, 12.34].map(sessions)).toEqual(['0', '0.00020', '0.050', '0.56', '12.3'])
  expect([1.44, 12.3].map(times)).toEqual(['×1.4', '×12'])
  expect([null, 0.9999, 0.9987, 0.951].map(sureness)).toEqual([
    'too few calls to be sure',
    'more than 99.9 % sure',
    '99.8 % sure',
    '95 % sure',
  ])
})
