import { identifier } from '../../server/identifiers'
import { ok, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import { type BodyName, namesInPlpgsql, namesInSql } from './body-names'
import { calledFunctions, namesOutOfReach } from './reads'

/** A function whose body names what maintenance does not find. */
export interface OutOfReach {
  signature: string
  /** The names, with where they are. */
  names: { name: string; schemas: string[] }[]
  /** It fails whenever it is called; false: on some ways through it. */
  always: boolean
  /** ALTER FUNCTION … SET search_path. */
  fix: string
}

/** Nobody calls deeper in an index. */
const DEEPEST = 5

/**
 * Functions that rebuilding, analyzing or refreshing some relations calls and that would not find what they name: a run looks names up in
 * pg_catalog alone, and so does every maintenance from 17 on (release notes of 17; manual, REINDEX, Notes).
 * Errors: as reads.
 */
export async function outOfReach(
  target: Target,
  relations: number[],
  more: { nspname: string; name: string }[] = [],
): Promise<Result<OutOfReach[]>> {
  const seen = new Set<number>()
  const found: OutOfReach[] = []
  let [objects, functions, calls] = [relations, [] as number[], more]
  for (let depth = 0; depth < DEEPEST && objects.length + functions.length + calls.length > 0; depth++) {
    const asked = { relations: objects, functions, schemas: calls.map(({ nspname }) => nspname), names: calls.map(({ name }) => name) }
    const rows = await runRead(target, calledFunctions, asked)
    if (!rows.ok) return rows
    const fresh = rows.value.filter(({ oid, pinned }) => !pinned && !seen.has(oid))
    ;[objects, functions, calls] = [[], [], []]
    for (const { oid, signature, lanname, bound, body, whole } of fresh) {
      seen.add(oid)
      if (bound) functions.push(oid)
      else {
        const names = lanname === 'sql' ? await namesInSql(body) : await namesInPlpgsql(whole ?? '')
        calls.push(...names.calls)
        const lost = await lostOf(target, names.bare)
        if (!lost.ok) return lost
        if (lost.value.length > 0) found.push(foundOf(signature, lost.value))
      }
    }
  }
  return ok(found)
}

type Lost = { name: string; schemas: string[]; always: boolean }

async function lostOf(target: Target, bare: BodyName[]): Promise<Result<Lost[]>> {
  if (bare.length === 0) return ok([])
  const rows = await runRead(target, namesOutOfReach, { kinds: bare.map(({ kind }) => kind), names: bare.map(({ name }) => name) })
  if (!rows.ok) return rows
  return ok(
    rows.value.map(({ kind, name, schemas }) => ({
      name,
      schemas,
      always: bare.some((one) => one.kind === kind && one.name === name && one.always),
    })),
  )
}

function foundOf(signature: string, lost: Lost[]): OutOfReach {
  const schemas = [...new Set(lost.flatMap((one) => one.schemas))]
  return {
    signature,
    names: lost.map(({ name, schemas: where }) => ({ name, schemas: where })),
    always: lost.some(({ always }) => always),
    fix: `ALTER FUNCTION ${signature} SET search_path = ${[...schemas.map(identifier), 'pg_temp'].join(', ')}`,
  }
}

/** What is wrong with a function, as a sentence without its full stop. */
export function formatOutOfReach({ signature, names }: OutOfReach): string {
  const each = names.map(({ name, schemas }) => `${name} (in ${schemas.join(' and ')})`)
  return `${signature} names ${each.join(', ')} without a schema`
}
