import { ArrowLeft, ArrowRight, TriangleAlert } from 'lucide-react'
import Link from 'next/link'
import type { CommandRequest } from '@/db/domain/command-request'
import type { MissingIndex } from '@/db/indexes/missing-indexes'
import type { TableDescription } from '@/db/tables/describe-table'
import { exactCount, plural } from '../format'
import { useWhyNot } from '../shell/why-not'
import { Button } from '../ui/button'
import { Card, CardHeader } from '../ui/card'
import { Identifier } from '../ui/identifier'
import { tableHref } from './table-href'
import { tableName } from './table-messages'

interface KeysCardProps {
  table: TableDescription
  missing: MissingIndex[]
  server: string
  database: string
  mayRun: boolean
  onAsk: (request: CommandRequest) => void
}

/** Foreign keys of the table and those that refer to it, each with what a DELETE at its other end costs. */
export function KeysCard({ table: { keys }, missing, server, database, mayRun, onAsk }: KeysCardProps) {
  const whyNot = useWhyNot()
  const out = keys.filter(({ direction }) => direction === 'out')
  return (
    <Card label="Foreign keys">
      <CardHeader title="Foreign keys" sub={keys.length === 0 ? undefined : `${out.length} out, ${keys.length - out.length} in`} />
      {keys.length === 0 && <p className="px-4 pt-1 pb-3 text-cell text-ink-3">The table has none, and none refers to it.</p>}
      <ul className="pt-1.5">
        {keys.map((key) => {
          const isOut = key.direction === 'out'
          const lack = isOut ? missing.find(({ columns }) => columns.join() === key.columns.join()) : undefined
          const Icon = lack ? TriangleAlert : isOut ? ArrowRight : ArrowLeft
          const name = tableName({ schemaname: key.other_schema, relname: key.other_name })
          const fix = lack?.finding.fix
          return (
            <li key={`${key.oid} ${key.direction}`} className="flex items-start gap-3 border-t border-grid px-4 py-2 text-cell">
              <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${lack ? 'text-warn' : 'text-ink-3'}`} />
              <div className="min-w-0 flex-1">
                <p className="[overflow-wrap:anywhere]">
                  <code>{key.columns.join(', ')}</code> {isOut ? '→' : '←'}{' '}
                  <Link href={tableHref(server, database, key.other)}>
                    <Identifier name={`${name}.${key.other_columns.join(', ')}`} />
                  </Link>
                  {key.on_delete !== 'no action' && `, on delete ${key.on_delete}`}
                </p>
                <p className="text-ink-3 [overflow-wrap:anywhere]">
                  {lack ? lack.finding.evidence : key.conname}
                  {!key.validated && ', not validated'}
                </p>
              </div>
              {fix ? (
                <Button size="sm" disabled={!mayRun} title={mayRun ? undefined : whyNot} onClick={() => onAsk(fix)}>
                  Create index…
                </Button>
              ) : (
                <span className="shrink-0 text-ink-3" title="Deleted from the referenced table since the statistics began">
                  {exactCount(key.deleted)} {Number(key.deleted) === 1 ? 'delete' : 'deletes'}
                </span>
              )}
            </li>
          )
        })}
      </ul>
      {missing.length > 0 && <p className="sr-only">{plural(missing.length, 'index is', 'indexes are')} missing</p>}
    </Card>
  )
}
