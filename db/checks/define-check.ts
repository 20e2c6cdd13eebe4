import type { Result } from '../target/problem'
import type { Target } from '../target/target'
import type { Trust } from '../target/trust'

/** One thing that is wrong, with what shows it. */
export interface Finding {
  /** A sentence that names the object. */
  title: string
  /** The rule and this object's numbers. */
  evidence: string
  trust: Trust
  /** info: worth knowing. warn: costs something every day. bad: acts against what somebody meant to have. */
  severity: 'info' | 'warn' | 'bad'
  schemaname: string
  relname: string
  oid: number
  /** The command of the console that mends it; null where it has none. */
  mend: { command: string; input: Record<string, unknown> } | null
  /** The statement that would mend it, to take along; null where that needs thought first. */
  sql: string | null
}

/** One advisory: looks at reads, returns findings, worst first. Errors: as the reads it looks at. */
export interface Check {
  /** Kebab-case, as the file is called. */
  name: string
  about: string
  look: (target: Target) => Promise<Result<Finding[]>>
}
