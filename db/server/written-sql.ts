import type { Node } from 'libpg-query'
import { parseSql } from './parse-sql'

/** A parse tree as SQL, in one line; null where that would be read as another tree, or cannot be written. */
export async function writtenSql(tree: unknown): Promise<string | null> {
  const { deparse } = await import('pgsql-deparser')
  const written = await deparse(tree as Node, { pretty: false }).catch(() => null) // it throws at what it does not know
  if (written === null) return null
  const again = await parseSql(written)
  const [same, ...more] = again.ok ? again.value : []
  return same && more.length === 0 && meaningOf(same.tree) === meaningOf(tree) ? written : null
}

/** Where something stood, and how a call was spelt: EXTRACT(… FROM …) or extract(…, …). */
const NO_MEANING = /^(funcformat|location|\w+_location|\w+_list_(start|end)|list_(start|end))$/

const meaningOf = (tree: unknown): string =>
  JSON.stringify(tree, (key, value: unknown) => {
    if (NO_MEANING.test(key)) return undefined
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
  })
