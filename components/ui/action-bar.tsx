import type { ReactNode } from 'react'

/** The dark bar at the bottom: what would be done with the selection, and the buttons (variants bar, bar-primary, bar-quiet). */
export function ActionBar({ title, detail, children }: { title: ReactNode; detail?: ReactNode; children: ReactNode }) {
  return (
    <section
      aria-label="Selection"
      className="fixed right-6 bottom-4 left-[calc(216px+24px)] z-10 flex min-h-12 flex-wrap items-center gap-x-3.5 gap-y-2 rounded-card bg-bar py-[9px] pr-[9px] pl-4 text-bar-ink shadow-float max-sm:right-4 max-sm:left-4"
    >
      <p aria-live="polite" className="font-medium">
        {title}
      </p>
      {detail && (
        <>
          <span aria-hidden className="h-5 w-px bg-bar-line max-sm:hidden" />
          <p className="text-bar-ink-2 max-sm:hidden">{detail}</p>
        </>
      )}
      <div className="ml-auto flex items-center gap-3 max-sm:w-full max-sm:flex-wrap max-sm:gap-2">{children}</div>
    </section>
  )
}
