import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type SqlTokenKind, sqlTokens } from './sql-tokens'

const kinds = (sql: string) =>
  sqlTokens(sql)
    .filter(({ text }) => text.trim() !== '')
    .map(({ kind, text }): [SqlTokenKind, string] => [kind, text.trim()])

describe('SQL in its colours', () => {
  test('joined again, the pieces are the text, whatever it is', () => {
    const joined = (sql: string) =>
      sqlTokens(sql)
        .map(({ text }) => text)
        .join('') === sql
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), joined))
    fc.assert(
      fc.property(
        fc
          .array(fc.constantFrom("'", '"', '$$', '$a$', '/*', '*/', '--', '\n', '\\', 'e', 'x', '1', '.', '(', ' '))
          .map((all) => all.join('')),
        joined,
      ),
    )
  })

  test('a statement', () => {
    expect(kinds('CREATE INDEX i ON t USING btree (lower(name)) WHERE n > 1.5')).toEqual([
      ['keyword', 'CREATE'],
      ['keyword', 'INDEX'],
      ['plain', 'i'],
      ['keyword', 'ON'],
      ['plain', 't'],
      ['keyword', 'USING'],
      ['plain', 'btree ('],
      ['function', 'lower'],
      ['plain', '(name))'],
      ['keyword', 'WHERE'],
      ['plain', 'n >'],
      ['number', '1.5'],
    ])
  })

  test('keywords inside of strings, names and comments stay what they are', () => {
    expect(kinds(`'drop table' "select" /* from */ -- where`)).toEqual([
      ['string', "'drop table'"],
      ['name', '"select"'],
      ['comment', '/* from */'],
      ['comment', '-- where'],
    ])
    expect(kinds(`$$ drop $$ $q$ '$$' $q$ E'it\\'s' 'it''s' $1`)).toEqual([
      ['string', '$$ drop $$'],
      ['string', "$q$ '$$' $q$"],
      ['string', "E'it\\'s'"],
      ['string', "'it''s'"],
      ['parameter', '$1'],
    ])
  })

  test('what is never closed runs to the end', () => {
    expect(kinds("select 'a; drop table b")).toEqual([
      ['keyword', 'select'],
      ['string', "'a; drop table b"],
    ])
    expect(kinds('"x"; drop table users; --').map(([, text]) => text)[0]).toBe('"x"')
  })
})
