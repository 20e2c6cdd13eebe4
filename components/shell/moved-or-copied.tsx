import { Banner } from '../ui/banner'
import { ButtonLink } from '../ui/button'

/** Says on every page that this console may be a copy, for as long as nobody has said what it is. */
export function MovedOrCopied({ because, answers }: { because: string[]; answers: boolean }) {
  return (
    <Banner
      tone="warn"
      label="Moved or copied"
      action={
        answers && (
          <ButtonLink href="/console" size="sm">
            Answer
          </ButtonLink>
        )
      }
    >
      <b className="font-semibold">Was this console moved, or copied?</b> {because.join(' ')} Until an administrator answers, it contacts no
      server: pages show no data, runs neither start nor are watched, and nothing is sampled.
    </Banner>
  )
}
