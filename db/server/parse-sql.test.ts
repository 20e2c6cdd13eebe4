import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fingerprintOf, parseSql } from './parse-sql'

const joined = (by: string) => (levels: number) => `select ${Array.from({ length: levels + 1 }, () => 'a').join(by)}`
const around = (before: string, inner: string, after: string) => (levels: number) =>
  `select ${before.repeat(levels)}${inner}${after.repeat(levels)}`

/** All the ways in which one thing can stand within another. */
const FORMS: [string, (levels: number) => string][] = [
  ['a chain of ||', joined(' || ')],
  ['a chain of + without spaces', joined('+')],
  ['a chain of casts', (levels) => `select a${'::text'.repeat(levels)}`],
  ['a chain of collations', (levels) => `select a${' collate "C"'.repeat(levels)}`],
  ['unions', (levels) => Array.from({ length: levels + 1 }, () => 'select 1').join(' union ')],
  ['joins', (levels) => `select from t0${Array.from({ length: levels }, (_, n) => ` join t${n} on true`).join('')}`],
  ['operators to the right', around('a || (', 'a', ')')],
  ['NOT', around('not ', 'a', '')],
  ['signs', around('- ', 'a', '')],
  ['calls', around('f(', 'a', ')')],
  ['arrays', around('array[', 'a', ']')],
  ['CASE in ELSE', around('case when a then b else ', 'c', ' end')],
  ['subselects', (levels) => `select * from ${'(select * from '.repeat(levels)}t${') x'.repeat(levels)}`],
]

describe('nesting', () => {
  it.each(FORMS)('%s: 200 levels are read, also by what compares trees', async (_, sql) => {
    const parsed = await parseSql(sql(200))
    expect(parsed).toMatchObject({ ok: true, value: [{ kind: 'SelectStmt', text: sql(200) }] })
    if (parsed.ok) for (const { tree } of parsed.value) expect(fingerprintOf(tree).length).toBeGreaterThan(400)
  })

  it.each(FORMS)('%s: 10,000 levels are refused in words', async (_, sql) => {
    const parsed = await parseSql(sql(10_000))
    expect(!parsed.ok && parsed.problem).toMatchObject({ kind: 'invalid_input', message: expect.stringMatching(/deeply|exhausted/) })
  })

  it('leaves the parser whole, however often it was too deep', async () => {
    const [[, chain]] = FORMS as [(typeof FORMS)[number]]
    for (let time = 0; time < 60; time++) expect((await parseSql(chain(10_000))).ok).toBe(false)
    expect((await parseSql(chain(200))).ok).toBe(true)
  })

  it('is told from length: long lists, conditions and branches are read', async () => {
    const many = Array.from({ length: 5_000 }, (_, n) => n)
    for (const sql of [
      `select ${many.join(', ')}`,
      `select from t where ${many.map((n) => `a = ${n}`).join(' or ')}`,
      `select from t where ${many.map((n) => `a <> ${n} and b + 1 > ${n}`).join(' and ')}`,
      `select case ${many.map((n) => `when a = ${n} then ${n} + 1`).join(' ')} else 0 end`,
      `insert into t values ${many.map((n) => `(${n}, 'x' || ${n})`).join(', ')}`,
    ]) {
      expect(await parseSql(sql)).toMatchObject({ ok: true })
    }
  })

  it('ends with a value for any depth', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...FORMS), fc.integer({ min: 1, max: 6_000 }), async ([, sql], levels) => {
        const parsed = await parseSql(sql(levels))
        if (levels <= 200) expect(parsed.ok).toBe(true)
        for (const { tree } of parsed.ok ? parsed.value : []) fingerprintOf(tree)
      }),
      { numRuns: 60 },
    )
  })
})
