import type { Problem } from '@/db/server/problem'

/** What the shell shows; app/shell.tsx fills it. */
export interface ShellUser {
  name: string
  role: string
  admin: boolean
  mayRun: boolean
}

export interface ShellServer {
  id: string
  name: string
  /** Where its name leads. */
  href: string
}

/** Whether a server answers, as every part of the console says it at the same moment. */
export interface Standing {
  /** 18.4; null where it does not answer. */
  version: string | null
  /** Why it does not. */
  problem: Problem | null
  /** ISO 8601; since when sampling gets no answer, where that is known. */
  since: string | null
}

export interface ShellDatabase {
  datname: string
  bytes: number | null
  href: string
}

export interface Crumb {
  label: string
  href?: string
}
