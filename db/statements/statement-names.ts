import { keyOf, type StatementEntry } from '../domain/statement-key'
import { partsOf, type StatementParts } from './statement-parts'

/** A statement that a list shows. */
export interface Nameable extends StatementEntry {
  rolname: string
  datname?: string | null
  /** The whole text; null: never seen. */
  query: string | null
}

const LONGEST_WORD = 28
const MOST = { tables: 2, by: 2, further: 2 }

/** Long names fold in the middle: their ends tell them apart as often as their beginnings. */
const folded = (word: string): string => {
  const letters = Array.from(word)
  return letters.length <= LONGEST_WORD ? word : `${letters.slice(0, 15).join('')}…${letters.slice(-12).join('')}`
}

const some = (words: string[], most: number): string =>
  words.slice(0, most).map(folded).join(', ') + (words.length > most ? ` +${words.length - most}` : '')

/**
 * A name by its key for each statement of a list, no two alike: what its comment calls it, else verb, relations and compared columns. Those that
 * would share it get what the others lack, then who sends them, then the end of their queryid.
 */
export async function nameStatements(list: Nameable[]): Promise<Map<string, string>> {
  const unique = [...new Map(list.map((one) => [keyOf(one), one])).values()]
  const all = await Promise.all(unique.map(async (one) => ({ one, parts: await (one.query === null ? null : partsOf(one.query)) })))
  let named: Named[] = all.map(({ one, parts }) => ({
    key: keyOf(one),
    one,
    parts,
    name: parts ? baseName(parts) : `Statement ${one.queryid}`,
  }))
  for (const apart of [byTables, byFurther, byPlace, byQueryid]) {
    const shared = Map.groupBy(named, ({ name }) => name)
    named = named.map((entry) => {
      const others = shared.get(entry.name) ?? []
      return others.length < 2 ? entry : { ...entry, name: apart(entry, others) }
    })
  }
  // Two queryids may end alike, and a statement may be called as another one ends: the whole of the number is its own.
  const seen = new Set<string>()
  return new Map(
    named.map(({ key, name }) => {
      const own = seen.has(name) ? `${name} ${key}` : name
      seen.add(own)
      return [key, own]
    }),
  )
}

/** The name of a statement by itself. */
export async function nameOf(one: Nameable): Promise<string> {
  return (await nameStatements([one])).get(keyOf(one)) ?? ''
}

interface Named {
  key: string
  one: Nameable
  parts: StatementParts | null
  name: string
}

function baseName({ tag, verb, tables, by }: StatementParts): string {
  if (tag?.whole) return tag.name
  const what = `${verb}${tables.length > 0 ? ` ${some(tables, MOST.tables)}` : ''}`
  if (tag) return `${tag.name}: ${what}`
  return by.length > 0 ? `${what} by ${some(by, MOST.by)}` : what
}

/** Of a name from a comment, what it does; else the relations and columns that the first names leave out. */
function byTables({ parts, name }: Named, others: Named[]): string {
  if (!parts) return name
  const { tables, by, tag } = parts
  if (tag) return baseName({ ...parts, tag: null }) === name ? name : `${tag.name}: ${baseName({ ...parts, tag: null })}`
  const lacked = (of: (other: StatementParts) => string[]) => (word: string) =>
    others.some((other) => other.parts !== null && other.parts !== parts && !of(other.parts).includes(word))
  const further = [
    ...tables.slice(MOST.tables).filter(lacked((other) => other.tables)),
    ...by.slice(MOST.by).filter(lacked((other) => other.by)),
  ]
  return further.length > 0 ? `${name} · ${some(further, MOST.further)}` : name
}

function byFurther({ parts, name }: Named, others: Named[]): string {
  if (!parts) return name
  const often = (word: string) => others.filter((other) => other.parts?.further.includes(word)).length
  // What fewest of them have tells most.
  const rare = parts.further.filter((word) => often(word) < others.length).sort((a, b) => often(a) - often(b))
  return rare.length > 0 ? `${name} · ${rare.slice(0, MOST.further).map(folded).join(', ')}` : name
}

function byPlace({ one, name }: Named, others: Named[]): string {
  const differs = (of: (other: Nameable) => unknown) => new Set(others.map((other) => of(other.one))).size > 1
  return [
    name,
    ...(differs(({ rolname }) => rolname) ? [`of ${folded(one.rolname)}`] : []),
    ...(differs(({ dbid }) => dbid) ? [`in ${folded(one.datname ?? String(one.dbid))}`] : []),
    ...(differs(({ toplevel }) => toplevel) && !one.toplevel ? ['nested'] : []),
  ].join(' ')
}

const byQueryid = ({ one, name }: Named): string => `${name} #${one.queryid.slice(-4)}`
