'use client'
import { Kbd } from '../ui/badge'
import { Dialog } from '../ui/dialog'
import { keyGroups } from './keys'

interface KeyMapProps {
  place?: { server: string; database: string }
  admin: boolean
  guide: boolean
  onClose: () => void
}

/** The sheet of keys, by where they work. */
export function KeyMap({ place, admin, guide, onClose }: KeyMapProps) {
  return (
    <Dialog open size="md" onOpenChange={onClose} title="Keys" description="No key runs SQL.">
      <div className="gap-x-6 px-5 py-3 sm:columns-2">
        {keyGroups(place, admin, guide).map(({ where, lines }) => (
          <section key={where} className="mb-3 break-inside-avoid">
            <h3 className="pb-0.5 text-label text-ink-3">{where}</h3>
            <dl>
              {lines.map(({ keys, does }) => (
                <div key={keys.join()} className="flex items-center gap-3 border-b border-grid py-1.5 text-cell last:border-b-0">
                  <dt className="flex w-16 shrink-0 gap-1">
                    {keys.map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  </dt>
                  <dd className="text-ink-2">{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
