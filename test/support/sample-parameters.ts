import { z } from 'zod'
import type { Read } from '../../db/server/define-read'

/** What parameters may name in a test's database. */
export interface Known {
  table: number
  index: number
  schemaname: string
  relname: string
  role: string
}

interface Schema {
  type?: string
  anyOf?: Schema[]
  items?: Schema
  enum?: unknown[]
  minimum?: number
  exclusiveMinimum?: number
  pattern?: string
  default?: unknown
  properties?: Record<string, Schema>
}

/** Parameters for a read, as its own schema describes them: everything that may be null once null, once not. */
export function sampleParameters(read: Read, known: Known): Record<string, unknown>[] {
  const { properties = {} } = z.toJSONSchema(read.params, { io: 'input', unrepresentable: 'any' }) as Schema
  const all = (nulls: boolean) =>
    Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, value(name, schema, known, nulls)]))
  const [filled, empty] = [all(false), all(true)]
  return JSON.stringify(filled) === JSON.stringify(empty) ? [filled] : [filled, empty]
}

function value(name: string, schema: Schema, known: Known, nulls: boolean): unknown {
  if (schema.anyOf) {
    const isNull = schema.anyOf.some(({ type }) => type === 'null')
    if (isNull && nulls) return null
    return value(name, schema.anyOf.find(({ type }) => type !== 'null') ?? {}, known, nulls)
  }
  if (schema.enum) return schema.enum[0]
  if (schema.type === 'array') return nulls ? [] : [value(name, schema.items ?? {}, known, nulls)]
  if (schema.type === 'boolean') return true
  if (schema.type === 'integer' || schema.type === 'number') return numberFor(name, schema, known)
  return textFor(name, schema, known)
}

function numberFor(name: string, schema: Schema, known: Known): number {
  if (/index/.test(name)) return known.index
  if (/oid|rel|table/.test(name)) return known.table
  return Math.max(schema.minimum ?? (schema.exclusiveMinimum ?? 0) + 1, 1)
}

function textFor(name: string, schema: Schema, known: Known): string {
  if (/(query|user|db)id/.test(name)) return '1'
  if (/schema/.test(name)) return known.schemaname
  if (/rel|idx|index/.test(name)) return known.relname
  if (name === 'names') return JSON.stringify([{ kind: 'function', schema: null, name: 'lower' }])
  return schema.pattern && !new RegExp(schema.pattern).test(known.role) ? '1' : known.role
}
