import fc from 'fast-check'
import { expect, test } from 'vitest'
import { definitionLines } from './definition-lines'

test('one clause a line', () => {
  expect(
    definitionLines(
      "CREATE INDEX i ON public.t USING btree (a, lower(b) DESC) INCLUDE (c) WITH (fillfactor='70') WHERE ((a > 1) AND (b <> 'x WHERE y'::text))",
    ),
  ).toBe(
    `CREATE INDEX i
  ON public.t USING btree
  (a, lower(b) DESC)
  INCLUDE (c)
  WITH (fillfactor='70')
  WHERE ((a > 1) AND (b <> 'x WHERE y'::text))`,
  )
})

test('names are left alone', () => {
  expect(definitionLines('CREATE UNIQUE INDEX "a ON (b" ON "x WHERE" USING btree ("c (d")')).toBe(
    'CREATE UNIQUE INDEX "a ON (b"\n  ON "x WHERE" USING btree\n  ("c (d")',
  )
})

test('only white space changes', () => {
  const bare = (text: string) => text.replace(/\s+/g, '')
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('CREATE ', 'INDEX ', '"q ON ("', "'s WHERE '", ' ON ', ' USING ', 'btree ', '(', ')', 'a', ' WHERE ')),
      (all) => {
        const sql = all.join('')
        return bare(definitionLines(sql)) === bare(sql)
      },
    ),
  )
})
