import { describe, expect, it } from 'vitest'
import { withoutConstantPlaces } from './normalised-sql'

describe('a text of pg_stat_statements', () => {
  it.each([
    ['select now() - interval $1', 'select now() - $1::interval'],
    ['select interval $1 day', 'select $1::interval day'],
    ['select timestamp with time zone $1, time $2', 'select $1::timestamp with time zone, $2::time'],
    ['select date $1 + $2', 'select $1::date + $2'],
    ['select bigint $1, double precision $2, character varying $3', 'select $1::bigint, $2::double precision, $3::character varying'],
    ['select numeric(5, 2) $1, national character varying (3) $2', 'select $1::numeric(5, 2), $2::national character varying (3)'],
    ['select time (3) with time zone $1, interval(3) $2', 'select $1::time (3) with time zone, $2::interval(3)'],
    ['select pg_catalog.timestamptz $1, "odd name".mood $2', 'select $1::pg_catalog.timestamptz, $2::"odd name".mood'],
    ['select text $1, xml $2, x.* from xmltable($3 passing xml $4)', 'select $1::text, $2::xml, x.* from xmltable($3 passing ($4::xml))'],
    ["select $1 uescape '!', N$2", 'select $1, $2::nchar'],
    ['select*from t where a=$1and b>date$2or c like$3order by d', 'select*from t where a=$1 and b>$2::date or c like $3 order by d'],
    ['select json_value(d, $1 default $2 on empty) from t where a = $3', 'select json_value(d, $1 null on empty) from t where a = $2'],
    [
      'select * from json_table(d, $1 columns (a int path $2)) where a > $3',
      "select * from json_table(d, '$' columns (a int path '$')) where a > $1",
    ],
    ['select extract($1 from "ü".at)', 'select pg_catalog."extract"($1, "ü".at)'],
  ])('gets an expression where the grammar wants a constant: %s', async (from, to) => expect(await withoutConstantPlaces(from)).toBe(to))

  it.each([
    'select a.date, b from t where x in ($1 /*, ... */) and y = any ($2) limit $3 offset $4',
    "select 'interval $1', $2::interval, extract(epoch from x)",
    'not even SQL $1 (',
    "select 'cut within a str",
    'select a.like$1, $1 from t',
    'select n$7 from t where a = $1',
  ])('stays as it is otherwise: %s', async (text) => expect(await withoutConstantPlaces(text)).toBe(text))
})
