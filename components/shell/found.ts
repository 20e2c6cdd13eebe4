import { analyzeTableRequest } from '@/db/commands/analyze-table/request'
import { reindexTableRequest } from '@/db/commands/reindex-table/request'
import { vacuumTableRequest } from '@/db/commands/vacuum-table/request'
import type { CommandRequest } from '@/db/domain/command-request'
import type { IndexFinding } from '@/db/indexes/index-finding'
import type { TableFinding } from '@/db/tables/table-health'
import { dropRequest, rebuildRequest } from '../indexes/index-requests'
import { mayDrop } from '../indexes/verdict'
import { tableName } from '../tables/table-messages'
import { consolePages } from './pages'

/** What of a database has the searched text in its name. */
export interface Found {
  indexes: IndexFinding[]
  tables: TableFinding[]
  statements: { key: string; query: string }[]
  /** By name. */
  settings: string[]
}

/** One line of the palette: it leads somewhere, or opens the confirmation of a command. */
export interface FoundLine {
  key: string
  group: 'Indexes' | 'Tables' | 'Statements' | 'Settings' | 'Commands'
  /** What is done with it, before the name: Rebuild. */
  verb?: string
  name: string
  note?: string
  href?: string
  request?: CommandRequest
}

/** Without a verb commands are offered for so many of each kind. */
const MOST_COMMANDS = 2

/** The verb that a search begins with, and the name after it: "rebuild idx_a" looks for idx_a. */
export function parsed(search: string): { verb: string | null; text: string } {
  const [, verb, text] = /^(open|rebuild|drop|vacuum|analyze)\s+(.+)$/i.exec(search.trim()) ?? []
  return verb && text ? { verb: verb.toLowerCase(), text } : { verb: null, text: search.trim() }
}

/** What the palette offers for what was found; only commands of the verb, where one was typed. */
export function foundLines(found: Found, place: { server: string; database: string }, verb: string | null): FoundLine[] {
  const at = (page: string) => consolePages(place).find(({ key }) => key === page)?.href ?? '/'
  const open: FoundLine[] = [
    ...found.indexes.map(({ indexrelid, indexrelname, relname }) => ({
      key: `index ${indexrelid}`,
      group: 'Indexes' as const,
      name: indexrelname,
      note: relname,
      href: `${at('indexes')}?index=${indexrelid}`,
    })),
    ...found.tables.map((table) => ({
      key: `table ${table.relid}`,
      group: 'Tables' as const,
      name: tableName(table),
      note: table.kind === 'table' ? undefined : table.kind,
      href: `${at('tables')}/${table.relid}`,
    })),
    ...found.statements.map(({ key, query }) => ({
      key: `statement ${key}`,
      group: 'Statements' as const,
      name: query.replaceAll(/\s+/g, ' ').trim(),
      href: `${at('queries')}?range=24h&query=${encodeURIComponent(key)}`,
    })),
    ...found.settings.map((name) => ({
      key: `setting ${name}`,
      group: 'Settings' as const,
      name,
      href: `${at('configuration')}?show=all&q=${encodeURIComponent(name)}`,
    })),
  ]
  if (verb === 'open') return open
  const most = verb === null ? MOST_COMMANDS : Number.POSITIVE_INFINITY
  const commands = [...found.indexes.slice(0, most).flatMap(ofIndex), ...found.tables.slice(0, most).flatMap(ofTable)]
  return [...open, ...commands.filter((line) => verb === null || line.verb?.toLowerCase().startsWith(verb))]
}

function ofIndex(index: IndexFinding): FoundLine[] {
  const { indexrelid, indexrelname: name } = index
  const line = (verb: string, request: CommandRequest) => ({
    key: `${verb} ${indexrelid}`,
    group: 'Commands' as const,
    verb,
    name,
    request,
  })
  return [line('Rebuild', rebuildRequest(index)), ...(mayDrop(index) ? [line('Drop', dropRequest(index))] : [])]
}

function ofTable(table: TableFinding): FoundLine[] {
  const oid = table.relid
  const line = (verb: string, request: CommandRequest) => ({
    key: `${verb} ${oid}`,
    group: 'Commands' as const,
    verb,
    name: tableName(table),
    request,
  })
  return [
    line('Vacuum', vacuumTableRequest({ oid })),
    line('Analyze', analyzeTableRequest({ oid })),
    line('Rebuild indexes of', reindexTableRequest({ oid })),
  ]
}
