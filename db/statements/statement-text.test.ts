import { describe, expect, test } from 'vitest'
import { foldSql, shortName } from './statement-text'

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
