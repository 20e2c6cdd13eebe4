/** The console's name, as it stands above the navigation. */
export function Mark() {
  return (
    <p className="flex items-center gap-2 text-[15px] font-semibold tracking-[-.015em]">
      <svg width="22" height="22" viewBox="0 0 22 22" aria-hidden>
        <rect width="22" height="22" rx="6" fill="var(--btn)" />
        <path d="M6 16v-5M11 16V6M16 16v-8" stroke="var(--btn-ink)" strokeWidth="2.2" strokeLinecap="round" />
      </svg>
      Proctor
    </p>
  )
}
