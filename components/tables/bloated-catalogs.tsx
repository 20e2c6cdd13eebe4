import type { RelationFinding } from '@/db/checks/define-check'
import { plural } from '../format'
import { Card, CardHeader } from '../ui/card'
import { Sql } from '../ui/sql'

/** System catalogs that a rewrite would make half as large: only their owner, a superuser, can do it, and nothing runs meanwhile. */
export function BloatedCatalogs({ catalogs }: { catalogs: RelationFinding[] }) {
  if (catalogs.length === 0) return null
  return (
    <Card label="Bloated system catalogs" className="mt-4 pb-1">
      <CardHeader title="Bloated system catalogs" sub={plural(catalogs.length, 'table', 'tables')} />
      <ul className="px-4 pt-1.5">
        {catalogs.map(({ title, evidence, sql }) => (
          <li key={title} className="border-t border-grid py-2 text-cell first:border-t-0">
            <p className="font-medium [overflow-wrap:anywhere]">{title}</p>
            <p className="text-ink-3">{evidence}</p>
            {sql && <Sql sql={sql} className="mt-1.5" />}
          </li>
        ))}
      </ul>
    </Card>
  )
}
