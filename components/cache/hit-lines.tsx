'use client'
import { ChevronDown, ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Blocks } from '@/db/domain/hit-ratio'
import { bytes, count, exactCount } from '../format'
import { Cell, Row } from '../ui/data-table'
import { Identifier } from '../ui/identifier'
import type { CacheAnswer, RelationBlocks } from './cache-answer'
import { RatioBar } from './ratio-bar'

interface LineProps {
  name: ReactNode
  blocks: Blocks
  /** null: not known; undefined: of none. */
  size?: number | null
  /** Bytes in the cache; undefined: not asked for, null: of none. */
  held?: number | null
}

function Line({ name, blocks, size, held }: LineProps) {
  return (
    <Row>
      <Cell className="py-[5px]">{name}</Cell>
      <Cell numeric className="max-sm:hidden" title={exactCount(blocks.hit)}>
        {count(blocks.hit)}
      </Cell>
      <Cell numeric title={exactCount(blocks.read)}>
        {count(blocks.read)}
      </Cell>
      <Cell numeric>
        <RatioBar blocks={blocks} />
      </Cell>
      <Cell numeric className="max-sm:hidden">
        {size === undefined ? (
          ''
        ) : size === null ? (
          <span title="Not measured: a lock hides it, or the role may not know">n/a</span>
        ) : (
          bytes(size)
        )}
      </Cell>
      {held !== undefined && (
        <Cell numeric className="max-sm:hidden" title={held === null ? undefined : bytes(held)}>
          {held === null || !size ? '' : `${Math.min(100, Math.round((held / size) * 100))}%`}
        </Cell>
      )}
    </Row>
  )
}

/** Each database of the server. */
export function DatabaseLines({ answer, here, columns }: { answer: CacheAnswer; here: string; columns: number }) {
  return answer.databases.map(({ datname, hit, read, bytes: size }) => (
    <Line
      key={datname}
      name={
        <>
          <Identifier name={datname} className={datname === here ? 'font-medium' : undefined} />
          <span className="ml-1.5 text-ink-3">{datname === here ? 'this database' : 'database'}</span>
        </>
      }
      blocks={{ hit, read }}
      size={size}
      held={columns === 6 ? null : undefined}
    />
  ))
}

type Table = RelationBlocks['tables'][number]
const blocksOf = (parts: Table['parts']): Blocks =>
  parts.reduce((sum, { hit, read }) => ({ hit: sum.hit + Number(hit), read: sum.read + Number(read) }), { hit: 0, read: 0 })
const sizeOf = (parts: Table['parts']): number | null =>
  parts.some(({ bytes: size }) => size === null) ? null : parts.reduce((sum, { bytes: size }) => sum + (size ?? 0), 0)
const heldOf = (parts: Table['parts'], held: Map<number, number> | undefined): number | undefined =>
  held && parts.reduce((sum, { oid }) => sum + (held.get(oid) ?? 0), 0)

interface TablesProps {
  blocks: RelationBlocks
  held: Map<number, number> | undefined
  open: number | null
  onOpen: (relid: number | null) => void
}

/** The tables that were read most, the unfolded one with its parts, the others, and the catalogs. */
export function TableLines({ blocks, held, open, onOpen }: TablesProps) {
  const shown = blocksOf(blocks.tables.flatMap(({ parts }) => parts))
  const others = blocks.table_count === null ? null : blocks.table_count - blocks.tables.length
  const rest = { hit: Number(blocks.user_hit) - shown.hit, read: Number(blocks.user_read) - shown.read }
  return (
    <>
      {blocks.tables.map(({ relid, schemaname, relname, parts }) => [
        <Line
          key={relid}
          name={
            <button
              type="button"
              aria-expanded={open === relid}
              className="inline-flex items-center gap-1.5 rounded-[3px] text-left hover:text-accent"
              onClick={() => onOpen(open === relid ? null : relid)}
            >
              {open === relid ? (
                <ChevronDown aria-hidden className="size-3 shrink-0 text-ink-3" />
              ) : (
                <ChevronRight aria-hidden className="size-3 shrink-0 text-ink-3" />
              )}
              <Identifier name={schemaname === 'public' ? relname : `${schemaname}.${relname}`} />
            </button>
          }
          blocks={blocksOf(parts)}
          size={sizeOf(parts)}
          held={heldOf(parts, held)}
        />,
        ...(open === relid ? parts : []).map((part) => (
          <Line
            key={part.oid}
            name={
              <span className="flex flex-wrap items-baseline gap-x-1.5 pl-7">
                <Identifier name={part.relname} />
                <span className="text-ink-3">{PARTS[part.part]}</span>
              </span>
            }
            blocks={{ hit: Number(part.hit), read: Number(part.read) }}
            size={part.bytes}
            held={held && (held.get(part.oid) ?? 0)}
          />
        )),
      ])}
      {(others === null ? rest.hit + rest.read > 0 : others > 0) && (
        <Line
          name={<span className="pl-[18px]">{others === null ? 'all others' : `${exactCount(others)} others`}</span>}
          blocks={rest}
          held={held && null}
        />
      )}
      <Line
        name={<span className="pl-[18px] text-ink-2">system catalogs</span>}
        blocks={{ hit: Number(blocks.system_hit), read: Number(blocks.system_read) }}
        held={held && null}
      />
    </>
  )
}

const PARTS = { heap: 'heap', toast: 'TOAST', index: 'index' } as const

/** The indexes that were read most, and the others. */
export function IndexLines({ blocks, held }: { blocks: RelationBlocks; held: Map<number, number> | undefined }) {
  const shown = blocks.indexes.reduce((sum, { hit, read }) => ({ hit: sum.hit + Number(hit), read: sum.read + Number(read) }), {
    hit: 0,
    read: 0,
  })
  const others = (blocks.index_count ?? 0) - blocks.indexes.length
  return (
    <>
      {blocks.indexes.map(({ oid, schemaname, relname, table, hit, read, bytes: size }) => (
        <Line
          key={oid}
          name={
            <span className="flex flex-wrap items-baseline gap-x-1.5">
              <Identifier name={schemaname === 'public' ? relname : `${schemaname}.${relname}`} />
              <span className="text-ink-3">
                of <Identifier name={table} />
              </span>
            </span>
          }
          blocks={{ hit: Number(hit), read: Number(read) }}
          size={size}
          held={held && (held.get(oid) ?? 0)}
        />
      ))}
      {others > 0 && (
        <Line
          name={`${exactCount(others)} others`}
          blocks={{ hit: Number(blocks.index_hit) - shown.hit, read: Number(blocks.index_read) - shown.read }}
          held={held && null}
        />
      )}
    </>
  )
}
