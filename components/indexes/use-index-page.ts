'use client'
import { useQueryStates } from 'nuqs'
import { useCallback, useDeferredValue, useRef, useState } from 'react'
import { toast } from 'sonner'
import { indexScript } from '@/app/[server]/db/[database]/indexes/actions'
import type { IndexFinding } from '@/db/checks/index-finding'
import { copyText } from '../ui/copy-text'
import { firstDirection, type IndexSort, indexParams } from './index-params'
import type { IndexViewProps } from './index-view'
import type { ScriptKind } from './page-actions'
import type { RowActions } from './row-actions'
import { useHealthCheck } from './use-health-check'
import { useIndexKeys } from './use-index-keys'
import { pageParams, useFirstPage, useIndexRows } from './use-index-list'
import { useSelection } from './use-selection'

/** Everything that the index page does: its state in the address, its rows, its selection, its keys. */
export function useIndexPage({ server, database, initial, lastCheck, mayRun }: IndexViewProps) {
  const [state, setState] = useQueryStates(indexParams, { history: 'replace' })
  const { verdict, q, sort, dir, sel: selected, index: openIndex, hide: hidden } = state
  const query = { server, database, verdict, q: useDeferredValue(q), sort, dir }
  // What the server rendered with serves the same question only.
  const [asked] = useState(() => JSON.stringify(pageParams(query, 0)))
  const first = useFirstPage(query, JSON.stringify(pageParams(query, 0)) === asked ? initial : undefined)
  const list = first.answer?.ok ? first.answer.value : undefined
  const { rowAt, show, problem } = useIndexRows(query, first.answer)

  const [cursor, setCursor] = useState(0)
  const [rebuilding, setRebuilding] = useState<IndexFinding[]>([])
  const searchRef = useRef<HTMLInputElement>(null)
  const set = (next: Parameters<typeof setState>[0]) => void setState(next)
  const selection = useSelection(selected, (sel) => set({ sel: sel.length > 0 ? sel : null }), rowAt, list?.rows ?? [])
  const total = list?.total ?? 0
  const openPosition = openIndex === null ? null : rowAt(cursor)?.indexrelid === openIndex ? cursor : positionOf(openIndex, rowAt, total)
  const check = useHealthCheck(server, database, lastCheck)

  const copySql = useCallback(
    async (kind: ScriptKind, ids: number[] | null) => {
      const script = await indexScript(server, database, kind, ids)
      if (!script.ok) return void toast.error(script.problem.message, { description: script.problem.hint })
      const copied = await copyText(script.value.sql)
      if (copied) toast.success(`${script.value.statements} ${script.value.statements === 1 ? 'statement' : 'statements'} copied`)
      else toast.error('The browser did not let the console write to the clipboard')
    },
    [server, database],
  )
  const open = (indexrelid: number) => {
    const position = positionOf(indexrelid, rowAt, total)
    if (position !== null) setCursor(position)
    set({ index: indexrelid })
  }
  const actions: RowActions = {
    mayRun,
    open,
    rebuild: setRebuilding,
    copySql: (kind, rows) =>
      void copySql(
        kind,
        rows.map(({ indexrelid }) => indexrelid),
      ),
    copyName: (row) => void copyText(row.indexrelname).then((copied) => copied && toast.success(`${row.indexrelname} copied`)),
  }
  const goTo = (position: number) => {
    const at = Math.max(0, Math.min(position, total - 1))
    setCursor(at)
    const row = rowAt(at)
    if (openIndex !== null && row) set({ index: row.indexrelid })
  }
  const restart = (next: Parameters<typeof setState>[0]) => {
    setCursor(0)
    set(next)
  }
  const exportHref = (format: string) => {
    const given = new URLSearchParams({ format, sort, dir, ...(verdict ? { verdict } : {}), ...(q ? { q } : {}) })
    return `/${encodeURIComponent(server)}/db/${encodeURIComponent(database)}/indexes/export?${given}`
  }
  const targets = selection.rows.length > 0 ? selection.rows : [rowAt(cursor)].filter((row) => row !== undefined)
  useIndexKeys({
    search: () => searchRef.current?.focus(),
    move: (by) => goTo((openPosition ?? cursor) + by),
    select: (range) => selection.toggle(cursor, range),
    open: () => {
      const row = rowAt(cursor)
      if (row) open(row.indexrelid)
    },
    escape: () => (openIndex !== null ? set({ index: null }) : selection.clear()),
    rebuild: () => mayRun && setRebuilding(targets),
    copy: () => targets.length > 0 && actions.copySql('rebuild', targets),
    exportCsv: () => window.location.assign(exportHref('csv')),
  })

  const problemNow = first.answer && !first.answer.ok ? first.answer.problem : problem
  return {
    list,
    query,
    readAt: first.answer?.at ?? initial.at,
    stale: first.failed,
    problem: problemNow,
    rowAt,
    show: (from: number, to: number) => {
      show(from, to)
      selection.remember(Array.from({ length: to - from + 1 }, (_, at) => rowAt(from + at)))
    },
    search: q,
    setSearch: (text: string) => restart({ q: text || null }),
    searchRef,
    setVerdict: (next: typeof verdict) => restart({ verdict: next }),
    setSort: (next: IndexSort) => restart({ sort: next, dir: next === sort ? (dir === 'desc' ? 'asc' : 'desc') : firstDirection(next) }),
    hidden,
    setHidden: (next: typeof hidden) => set({ hide: next.length > 0 ? next : null }),
    selected,
    selectedRows: selection.rows,
    toggle: (position: number, range: boolean) => {
      setCursor(position)
      selection.toggle(position, range)
    },
    setAll: selection.setAll,
    clear: selection.clear,
    cursor,
    openIndex,
    openPosition,
    move: (by: 1 | -1) => goTo((openPosition ?? cursor) + by),
    close: () => set({ index: null }),
    actions,
    copyAll: (which: 'selected' | ScriptKind) => void (which === 'selected' ? copySql('rebuild', selected) : copySql(which, null)),
    exportHref,
    rebuilding,
    endRebuild: () => setRebuilding([]),
    check,
  }
}

/** Where an index stands among the rows that are here; null when it is not. */
function positionOf(indexrelid: number, rowAt: (position: number) => IndexFinding | undefined, total: number): number | null {
  for (let at = 0; at < Math.min(total, 2_000); at++) if (rowAt(at)?.indexrelid === indexrelid) return at
  return null
}
