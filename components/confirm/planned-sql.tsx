import { SectionTitle } from '../ui/section-title'
import { Sql } from '../ui/sql'
import type { Preview } from './preview'

/** The statements as they will be sent, each ended by a semicolon as psql wants it. */
export const script = (statements: string[]): string => statements.map((statement) => `${statement.replace(/;\s*$/, '')};`).join('\n')

const SHELL = 'in this order; the console runs what follows \\! on the machine of the server'

/** The exact SQL: of several commands, each is a session of its own, one after another. */
export function PlannedSql({ previews }: { previews: Preview[] }) {
  const several = previews.length > 1
  const sql = previews
    .map(({ plan }, at) => (several ? `-- ${at + 1} of ${previews.length}\n${script(plan.statements)}` : script(plan.statements)))
    .join('\n\n')
  const shell = previews.some(({ plan }) => plan.form === 'shell')
  return (
    <section>
      <SectionTitle
        sub={
          several
            ? `${previews.length} runs, one after another, each in its own session`
            : shell
              ? SHELL
              : 'run in this order, in one session'
        }
      >
        Exact SQL
      </SectionTitle>
      <Sql sql={sql} className="[&_pre]:text-[11.5px]" />
    </section>
  )
}
