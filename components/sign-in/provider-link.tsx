import { buttonClass } from '@/components/ui/button'

/** The way by the provider. Not a Link: it leaves the console, and nothing of it may be fetched ahead. */
export function ProviderLink({ name, next }: { name: string; next?: string }) {
  return (
    <a href={`/sign-in/provider${next ? `?${new URLSearchParams({ next })}` : ''}`} className={`${buttonClass()} mt-3.5 w-full`}>
      <span className="truncate">Sign in with {name}</span>
    </a>
  )
}
