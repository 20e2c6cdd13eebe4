/** What the shell shows; app/shell.tsx fills it. */
export interface ShellUser {
  name: string
  role: string
  admin: boolean
}

export interface ShellServer {
  id: string
  name: string
  /** Where its name leads. */
  href: string
}

/** A server's answer: its version, or why there is none. */
export interface ShellStatus {
  reachable: boolean
  /** PostgreSQL 18.4, or the problem in words. */
  words: string
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
