import type { NextMaintenance } from '@/db/maintenance/next-maintenance'
import { bytesShort, plural } from '../format'
import { Card, CardHeader } from '../ui/card'
import { TrustDot } from '../ui/trust-mark'

/** What could not be ranked, and what would make it known. */
export function LeftOut({ leftOut }: { leftOut: NextMaintenance['leftOut'] }) {
  if (leftOut.length === 0) return null
  return (
    <Card label="Not ranked">
      <CardHeader title="Not ranked" sub="their gain is not known" />
      <ul className="px-4 pt-1.5 pb-3 text-cell">
        {leftOut.map(({ reason, fix, names, bytes }) => (
          <li key={reason} className="flex items-baseline gap-2 border-t border-grid py-1.5 first:border-t-0">
            <TrustDot kind="withheld" />
            <p className="min-w-0 [overflow-wrap:anywhere]">
              <b className="font-medium">
                {plural(names.length, 'index', 'indexes')}
                {bytes > 0 && `, ${bytesShort(bytes)}`}
              </b>
              : {reason}
              {fix && `. Needs: ${fix}`}
              <span className="block text-ink-3">
                {names.slice(0, 5).join(', ')}
                {names.length > 5 && ` and ${names.length - 5} more`}
              </span>
            </p>
          </li>
        ))}
      </ul>
    </Card>
  )
}
