import Link from 'next/link'

/** The mark and the name; leads to the fleet. */
export function Brand() {
  return (
    <Link href="/" className="flex items-center gap-2 px-2 pt-1 pb-2.5 text-finding font-semibold tracking-[-.01em] text-ink no-underline">
      <svg viewBox="0 0 18 18" aria-hidden className="size-[18px]">
        <rect x=".75" y=".75" width="16.5" height="16.5" rx="4" fill="var(--btn)" />
        <path d="M4.5 12.6V9.2M7.5 12.6V5M10.5 12.6V7.6M13.5 12.6v-2" stroke="var(--btn-ink)" strokeWidth="1.5" strokeLinecap="round" />
      </svg>
      Proctor
    </Link>
  )
}
