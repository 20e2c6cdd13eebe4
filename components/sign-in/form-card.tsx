import type { ReactNode } from 'react'
import { Card } from '@/components/ui/card'

/** The card of the sign-in and set-up pages: heading, a sentence, the form. */
export function FormCard({ title, about, children }: { title: string; about: ReactNode; children?: ReactNode }) {
  return (
    <Card className="w-full max-w-[384px] px-6 pt-5 pb-6">
      <h1 className="text-verdict font-semibold tracking-[-.02em]">{title}</h1>
      <div className="mt-0.5 mb-4 text-pretty text-ink-2">{about}</div>
      {children}
    </Card>
  )
}

/** Why the form was refused; read out when it appears. */
export function FormProblem({ message }: { message?: string }) {
  return (
    <p role="alert" className={message ? 'rounded-control border border-bad-line bg-bad-soft px-3 py-2 text-cell text-bad' : 'sr-only'}>
      {message}
    </p>
  )
}
