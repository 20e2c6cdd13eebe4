import type { Grantee } from '../server/grants'
import type { Privileges } from './reads/privileges'

/** One thing that the console does, and whether its role may. */
export interface PrivilegeLine {
  /** Kebab-case. */
  name: string
  title: string
  /** degraded: works in part, or with an estimate in place of the number. missing: does not work. */
  status: 'fine' | 'degraded' | 'missing'
  /** What that means here, in a sentence. */
  detail: string
  /** What on the pages depends on it. */
  panels: string[]
  /** Commands of the registry that depend on it. */
  commands: string[]
  /** Statements for a superuser (or whoever may grant) that lift it; null where none can. */
  fix: string[] | null
  /** True: the fix takes effect after a restart of the server. */
  restart: boolean
}

type Say = Omit<PrivilegeLine, 'restart' | 'fix'> & Partial<Pick<PrivilegeLine, 'restart' | 'fix'>>

/** A line with what most have in common. */
export const line = (said: Say): PrivilegeLine => ({ fix: null, restart: false, ...said })

export type Server = Grantee

export const has = ({ roles }: Privileges, role: string): boolean => roles[role] === true
