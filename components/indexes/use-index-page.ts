'use client'
import { useQueryStates } from 'nuqs'
import { useDeferredValue, useRef, useState } from 'react'
import type { CommandRequest } from '@/db/domain/command-request'
import { listedId } from '@/db/domain/listed-row'
import type { IndexFinding } from '@/db/indexes/index-finding'
import type { IndexList, ListedIndex } from '@/db/indexes/list-indexes'
import type { LiveAnswer } from '../live/fetch-live'
import { copyText } from '../ui/copy-text'
import { notify } from '../ui/notify'
import { useStable } from '../ui/use-stable'
import type { LastCheck } from './health-check'
import { firstDirection, type IndexSort, indexParams } from './index-params'
import { dropRequest, rebuildRequest, resetRequest } from './index-requests'
import type { ScriptKind } from './page-actions'
import { type BuildableIndex, commandsFor } from './selection-commands'
import { useHealthCheck } from './use-health-check'
import { useIndexKeys } from './use-index-keys'
import { type IndexQuery, pageParams, type RowAt, useFirstPage } from './use-index-list'
import { type ScriptPart, useScripts } from './use-scripts'
import { useSelection } from './use-selection'

/** What the server gives the page. */
export interface IndexPageGiven {
  server: string
  database: string
  initial: LiveAnswer<IndexList>
  /** The last result of "Run health check"; null while there is none. */
  lastCheck: LastCheck | null
  mayRun: boolean
}

/** Everything that the index page does: its state in the address, its selection, its keys. The rows are the table's. */
export function useIndexPage({ server, database, initial, lastCheck, mayRun }: IndexPageGiven) {
  const [state, setState] = useQueryStates(indexParams, { history: 'replace' })
  const set = (next: Parameters<typeof setState>[0]) => void setState(next)
  const { verdict, q, sort, dir, sel: selected, index: openIndex, hide: hidden } = state
  const query: IndexQuery = { server, database, verdict, q: useDeferredValue(q), sort, dir }
  // What the server rendered with serves the same question only.
  const question = JSON.stringify(pageParams(query, 0))
  const [asked] = useState(question)
  const first = useFirstPage(query, question === asked ? initial : undefined)
  const list = first.answer?.ok ? first.answer.value : undefined
  const total = list?.total ?? 0

  const rowsRef = useRef<RowAt>(() => undefined)
  const rowAt: RowAt = (position) => rowsRef.current(position) ?? list?.rows[position]
  const [cursor, setCursor] = useState(0)
  const [asking, setAsking] = useState<CommandRequest[]>([])
  const searchRef = useRef<HTMLInputElement>(null)
  const setSelected = (sel: number[]) => set({ sel: sel.length > 0 ? sel : null })
  const selection = useSelection({ server, database, selected, setSelected, rowAt, given: list?.rows ?? [] })
  const check = useHealthCheck(server, database, lastCheck)
  const copySql = useScripts(server, database)

  /** Where an index stands among the rows that are near the cursor; null when it is not. */
  const positionOf = (id: number): number | null => {
    for (const at of [cursor, ...Array(Math.min(total, NEAR)).keys()]) {
      const row = rowAt(at)
      if (row && listedId(row) === id) return at
    }
    return null
  }
  const openPosition = openIndex === null ? null : positionOf(openIndex)
  const goTo = (position: number) => {
    const at = Math.max(0, Math.min(position, total - 1))
    setCursor(at)
    const row = rowAt(at)
    if (openIndex !== null && row) set({ index: listedId(row) })
  }
  const restart = (next: Parameters<typeof setState>[0]) => {
    setCursor(0)
    set(next)
  }
  const actions = useStable({
    open: (id: number, position?: number) => {
      const at = position ?? positionOf(id)
      if (at !== null) setCursor(at)
      set({ index: id })
    },
    rebuild: (rows: IndexFinding[]) => setAsking(rows.map(rebuildRequest)),
    drop: (rows: IndexFinding[]) => setAsking(rows.map(dropRequest)),
    create: (rows: BuildableIndex[]) => setAsking(rows.map(({ finding }) => finding.fix)),
    reset: (rows: IndexFinding[]) => setAsking(rows.map(resetRequest)),
    copySql: (kind: ScriptKind, rows: IndexFinding[]) => void copySql([{ kind, ids: idsOf(rows) }]),
    copySelection: (rows: ListedIndex[]) => {
      const { rebuild, drop, create } = commandsFor(rows)
      const parts: ScriptPart[] = []
      if (rebuild.length > 0) parts.push({ kind: 'rebuild', ids: idsOf(rebuild) })
      if (drop.length > 0) parts.push({ kind: 'drop', ids: idsOf(drop) })
      void copySql(
        parts,
        create.flatMap(({ finding }) => finding.sql ?? []),
      )
    },
    copyName: ({ indexrelname }: IndexFinding) =>
      void copyText(indexrelname).then((copied) => (copied ? notify('success', `${indexrelname} copied`) : undefined)),
  })
  const rows = useStable({
    toggle: (position: number, range: boolean) => {
      setCursor(position)
      selection.toggle(position, range)
    },
    setAll: selection.setAll,
    seen: selection.remember,
  })
  const exportHref = (format: string) => {
    const given = new URLSearchParams({ format, sort, dir, ...(verdict ? { verdict } : {}), ...(q ? { q } : {}) })
    return `/${encodeURIComponent(server)}/db/${encodeURIComponent(database)}/indexes/export?${given}`
  }
  /** What keys act on: the index whose drawer is open, or the selection, or the row under the cursor. */
  const targets = (): ListedIndex[] => {
    const opened = openPosition === null ? undefined : rowAt(openPosition)
    if (openIndex !== null) return opened ? [opened] : []
    return selection.rows.length > 0 ? selection.rows : [rowAt(cursor)].filter((row) => row !== undefined)
  }
  useIndexKeys({
    search: () => searchRef.current?.focus(),
    move: (by) => goTo((openPosition ?? cursor) + by),
    select: (range) => selection.toggle(cursor, range),
    open: () => {
      const row = rowAt(cursor)
      if (row) set({ index: listedId(row) })
    },
    escape: () => (openIndex !== null ? set({ index: null }) : selection.clear()),
    rebuild: () => {
      const { rebuild, indexes } = commandsFor(targets())
      if (mayRun) actions.rebuild(rebuild.length > 0 ? rebuild : indexes)
    },
    drop: () => {
      const { drop, indexes } = commandsFor(targets())
      if (!mayRun || indexes.length === 0) return
      if (drop.length > 0) actions.drop(drop)
      else void notify('error', 'None of these is unused, redundant or invalid', 'Any other index is dropped from its own menu.')
    },
    copy: () => targets().length > 0 && actions.copySelection(targets()),
    exportCsv: () => window.location.assign(exportHref('csv')),
  })

  return {
    first: first.answer,
    list,
    query,
    readAt: first.answer?.at ?? initial.at,
    stale: first.failed,
    refresh: first.refresh,
    problem: first.answer && !first.answer.ok ? first.answer.problem : undefined,
    rowsRef,
    onSeen: rows.seen,
    search: q,
    sort,
    dir,
    setSearch: (text: string) => restart({ q: text || null }),
    searchRef,
    setVerdict: (next: typeof verdict) => restart({ verdict: next }),
    setSort: (next: IndexSort) => restart({ sort: next, dir: next === sort ? (dir === 'desc' ? 'asc' : 'desc') : firstDirection(next) }),
    hidden,
    setHidden: (next: typeof hidden) => set({ hide: next.length > 0 ? next : null }),
    selected,
    selectedRows: selection.rows,
    toggle: rows.toggle,
    setAll: rows.setAll,
    clear: selection.clear,
    cursor,
    openIndex,
    openPosition,
    move: (by: 1 | -1) => goTo((openPosition ?? cursor) + by),
    close: () => set({ index: null }),
    actions,
    copyAll: (which: 'selected' | ScriptKind) =>
      which === 'selected' ? actions.copySelection(selection.rows) : void copySql([{ kind: which, ids: null }]),
    exportHref,
    asked: asking,
    ask: (request: CommandRequest) => setAsking([request]),
    endAsking: () => setAsking([]),
    check,
  }
}

const idsOf = (rows: IndexFinding[]) => rows.map(({ indexrelid }) => indexrelid)

/** So many rows are looked through for an index that was opened from elsewhere. */
const NEAR = 2_000
