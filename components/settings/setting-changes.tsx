import Link from 'next/link'
import type { SettingChange } from '@/db/history/events'
import { ago } from '../format-time'
import { Card, CardHeader } from '../ui/card'

/** What sampling saw change, whoever changed it. */
export function SettingChanges({ changes, days, now }: { changes: SettingChange[]; days: number; now: string }) {
  return (
    <Card label="Changes seen" className="mt-4 pb-3">
      <CardHeader title="Changes seen" sub={`in ${days} days, from any source`} />
      {changes.length === 0 ? (
        <p className="px-4 pt-1 text-cell text-ink-3">No setting changed while this server was sampled.</p>
      ) : (
        <ul className="mt-1 px-4">
          {changes.map(({ name, old, new: then, newSource, at, run }) => (
            <li key={`${name} ${at}`} className="flex flex-wrap gap-x-3 border-t border-grid py-1.5 text-cell first:border-t-0">
              <span className="w-32 shrink-0 text-ink-3">{ago(at, now)}</span>
              <span className="font-mono [overflow-wrap:anywhere]">{name}</span>
              <span className="font-mono text-ink-2 [overflow-wrap:anywhere]">
                {old || '∅'} → {then || '∅'}
              </span>
              <span className="text-ink-3">
                {run ? (
                  <>
                    by {run.by},{' '}
                    <Link href={`/runs/${run.id}`} className="text-accent hover:underline">
                      run {run.id}
                    </Link>
                  </>
                ) : (
                  newSource
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
