import { ok, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import { type PartitionNode, takenNames } from './reads'

/** NAMEDATALEN less one (manual, 4.1.1). */
const NAME_BYTES = 63
/** So many names are tried for one index. */
const TRIES = 5

/** The longest beginning of at most so many bytes, between characters. */
function cut(text: string, bytes: number): string {
  let kept = ''
  for (const character of text) {
    if (Buffer.byteLength(kept + character) > bytes) break
    kept += character
  }
  return kept
}

/** partition_suffix for an index table_suffix, with a number where that is taken; names that fit into 63 bytes. */
function candidates(table: string, partition: string, index: string): string[] {
  const suffix = index.startsWith(`${table}_`) ? index.slice(table.length + 1) : index
  return Array.from({ length: TRIES }, (_, number) => {
    const end = `_${cut(suffix, 40)}${number || ''}`
    return `${cut(partition, NAME_BYTES - Buffer.byteLength(end))}${end}`
  })
}

/** Names for the index of each partition, best first: free, or of an index that the partition has already. */
export async function namesFor(target: Target, nodes: PartitionNode[], index: string): Promise<Result<Map<number, string[]>>> {
  const [root, ...others] = nodes
  const wanted = others.flatMap((node) => candidates(root?.relname ?? '', node.relname, index).map((name) => ({ node, name })))
  const rows = await runRead(target, takenNames, {
    schemas: wanted.map(({ node }) => node.schemaname),
    names: wanted.map(({ name }) => name),
  })
  if (!rows.ok) return rows
  const key = (schemaname: string, name: string) => JSON.stringify([schemaname, name])
  const taken = new Set(rows.value.map(({ schemaname, relname }) => key(schemaname, relname)))
  const names = new Map<number, string[]>()
  for (const { node, name } of wanted) {
    const own = node.indexes?.some(({ relname }) => relname === name)
    if (taken.has(key(node.schemaname, name)) && !own) continue
    names.set(node.oid, [...(names.get(node.oid) ?? []), name])
  }
  // Two partitions whose names are cut to the same one share no name.
  const used = new Set<string>()
  for (const { oid, schemaname } of others) {
    const left = (names.get(oid) ?? []).filter((name) => !used.has(key(schemaname, name)))
    names.set(oid, left)
    for (const name of left.slice(0, 1)) used.add(key(schemaname, name))
  }
  return ok(names)
}
